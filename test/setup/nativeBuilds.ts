// Builds the native recorder for every interpreter found that has headers; part of `npm run build`.
// Where a build cannot be made one line says so, and the recorder in Python serves. In CI (`CI` is set) a compiler that
// fails, or warns, fails the build.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { interpreters } from "../support/interpreters.ts";
import { buildNative, type NativeBuild } from "../support/nativeBuild.ts";

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function main(): number {
  const results: NativeBuild[] = [];
  const suffixes = new Set<string>();
  for (const one of interpreters()) {
    const suffix = spawnSync(one.path, ["-S", "-c", "import _imp; print(_imp.extension_suffixes()[0])"], {
      encoding: "utf8",
    }).stdout.trim();
    // Several patch versions share one build: the oldest one's headers promise the least.
    if (one.minor < 11 || suffixes.has(suffix)) continue;
    const result = buildNative(one, ["--strict"]);
    if (result.outcome !== "impossible") suffixes.add(suffix);
    results.push(result);
  }
  const made = results.filter((one) => one.outcome === "built");
  const fresh = made.filter((one) => !one.text.includes("up to date"));
  const others = results.filter((one) => one.outcome !== "built");
  if (made.length > 0) {
    const versions = made.map((one) => one.version).join(", ");
    const which = fresh.length === made.length ? "" : fresh.length === 0 ? " (up to date)" : ` (${fresh.length} new)`;
    say(`native recorder: ${path.join("pytracer", "native", "builds")} for Python ${versions}${which}`);
  } else if (results.length === 0) say("native recorder: not built, there is no Python from 3.11 on");
  for (const one of others) say(`native recorder: not built for ${one.text.trim()}`);
  const failed = others.filter((one) => one.outcome === "failed");
  for (const one of failed) say(one.errors.trimEnd());
  const isCi = (process.env["CI"] ?? "") !== "";
  if (failed.length > 0 && !isCi)
    say("the recorder in Python serves there; without --strict, build.py tolerates warnings");
  return failed.length > 0 && isCi ? 1 : 0;
}

process.exitCode = main();
