// The extension's manifest: what VS Code is promised, and what is packed.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isRecord } from "../../src/extension/answers.ts";

const manifest: unknown = JSON.parse(readFileSync("package.json", "utf8"));

function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const step of path) {
    if (Array.isArray(here)) here = here[Number(step)];
    else if (isRecord(here)) here = here[String(step)];
    else return undefined;
  }
  return here;
}

function records(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  expect(Array.isArray(value)).toBe(true);
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

test("keys are bound only while a session of ours is stopped", () => {
  const keys = records(at(manifest, "contributes", "keybindings"));
  expect(keys.map(({ command }) => command)).toEqual([
    "workbench.action.debug.stepBack",
    "hindsight.stepBackInto",
    "hindsight.stepBackOut",
    "workbench.action.debug.reverseContinue",
  ]);
  for (const { when } of keys) expect(when).toBe("debugType == 'hindsight' && debugState == 'stopped'");
});

test("every launch setting is explained and has a default", () => {
  const settings = at(manifest, "contributes", "debuggers", 0, "configurationAttributes", "launch", "properties");
  const names = isRecord(settings) ? Object.keys(settings) : [];
  expect(names.length).toBeGreaterThan(15);
  for (const name of names) {
    const explained = at(settings, name, "description") ?? at(settings, name, "markdownDescription");
    expect([name, typeof explained, at(settings, name, "default") === undefined]).toEqual([name, "string", false]);
  }
});

test("a Python file alone starts nothing", () => {
  const events = at(manifest, "activationEvents");
  expect(events).toHaveLength(2);
  expect(events).toContain("onDebugResolve:hindsight");
  expect(events).toContain("onDebugDynamicConfigurations:hindsight");
});

test("pictures and pages that the manifest names are there", () => {
  const named = [...JSON.stringify(manifest).matchAll(/"(media\/[^"]+)"/g)].map(([, file]) => file ?? "");
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
});

test("the package holds the programs, the recorder and the pictures, and nothing else", () => {
  const listing = execFileSync("node_modules/.bin/vsce", ["ls", "--no-dependencies"], { encoding: "utf8" });
  const files = listing.split("\n").filter((line) => /^[\w.-]+(\/|$)/.test(line) && !line.includes(" "));
  for (const needed of ["package.json", "README.md", "LICENSE", "dist/extension.js", "dist/adapter.js"])
    expect(files).toContain(needed);
  for (const needed of ["dist/server.js", "dist/hindsight.js", "dist/package.json", "media/icon.png"])
    expect(files).toContain(needed);
  expect(files.filter((file) => file.startsWith("pytracer/hook/")).length).toBeGreaterThan(0);
  // Builds that were made for this machine's interpreters travel along, and what makes others.
  const folder = "pytracer/native/builds";
  const built = existsSync(folder) ? readdirSync(folder).filter((file) => /\.(?:so|pyd)$/.test(file)) : [];
  for (const file of built) expect(files).toContain(`${folder}/${file}`);
  expect(files).toContain("pytracer/native/build.py");
  const allowed =
    /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/(\w+\.js|package\.json)|pytracer\/.*\.py|pytracer\/native\/\w+\.[ch]|pytracer\/native\/builds\/hindsight_core\.[\w.-]+\.(so|pyd)|media\/.*)$/;
  expect(files.filter((file) => !allowed.test(file))).toEqual([]);
});
