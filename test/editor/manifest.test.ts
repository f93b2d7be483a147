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

test("what asks about the past is there only in a session of ours, and acts only while it is stopped", () => {
  const commands = records(at(manifest, "contributes", "commands"));
  const needsNoStop = new Set([
    "debugFile",
    "openRecording",
    "showLogPointMessages",
    "results.clear",
    "results.dismiss",
  ]);
  for (const { command, enablement } of commands)
    expect([command, enablement]).toEqual([
      command,
      needsNoStop.has(String(command).replace("hindsight.", ""))
        ? undefined
        : "debugType == 'hindsight' && debugState == 'stopped'",
    ]);
  const menus = at(manifest, "contributes", "menus");
  for (const menu of ["debug/variables/context", "debug/watch/context", "editor/context", "editor/lineNumber/context"])
    for (const { when } of records(at(menus, menu)))
      expect([menu, String(when)]).toEqual([menu, expect.stringContaining("debugType == 'hindsight'")]);
  const palette = new Set(records(at(menus, "commandPalette")).map(({ command }) => command));
  expect(commands.filter(({ command }) => !palette.has(command)).map(({ command }) => command)).toEqual([
    "hindsight.openRecording",
  ]);
});

test("every command of a menu exists", () => {
  const known = new Set(records(at(manifest, "contributes", "commands")).map(({ command }) => command));
  const menus = at(manifest, "contributes", "menus");
  const used = (isRecord(menus) ? Object.values(menus) : []).flatMap((items) => records(items));
  expect(used.length).toBeGreaterThan(30);
  expect(used.filter(({ command, submenu }) => submenu === undefined && !known.has(command))).toEqual([]);
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
