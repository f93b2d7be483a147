#!/usr/bin/env node
// Stands in for the desktop `code` program that @vscode/test-electron starts: takes its arguments, runs the tests in
// the VS Code of host.ts, passes on the exit code.
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const options = new Map();
const folders = [];
for (const argument of process.argv.slice(2)) {
  const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
  if (name === undefined) folders.push(argument);
  else options.set(name, value ?? "");
}
const runner = [path.join(here, "..", "run.mjs"), path.join("test", "vscodeHost", "runTests.ts")];
const tests = ["--ext", options.get("extensionDevelopmentPath"), "--tests", options.get("extensionTestsPath")];
const child = spawn(process.execPath, [...runner, ...tests, "--workspace", folders.at(-1)], {
  cwd: path.join(here, "..", ".."),
  stdio: "inherit",
});
child.on("exit", (code) => process.exit(code ?? 1));
