// `npm run demo`: records a real program that fails, and walks back from the failure to its cause.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { interpreters } from "../support/interpreters.ts";

const program = path.join("test", "demo", "shop.py");
const recording = path.join("test", "out", "shop.hindsight");
const walkBack = "o b b b b b i";

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs a command of the demo as a user would type it; returns its exit code. */
function run(command: string, args: readonly string[], shown: string, env: NodeJS.ProcessEnv = {}): number {
  say(`\n$ ${shown}`);
  const result = spawnSync(command, args, { stdio: "inherit", env: { ...process.env, ...env } });
  return result.status ?? 1;
}

function main(): number {
  const python = interpreters().at(-1);
  if (python === undefined) {
    say("No Python from 3.9 on was found: install one, or name it in HINDSIGHT_PYTHONS.");
    return 1;
  }
  mkdirSync(path.dirname(recording), { recursive: true });
  rmSync(recording, { force: true });
  say(`A program that fails, with Python ${python.version}:`);
  const recorded = run(
    python.path,
    ["-m", "pytracer", "record", "-o", recording, program],
    `python -m pytracer record -o ${recording} ${program}`,
  );
  if (recorded !== 1) {
    say(`The program should have failed with exit code 1; it ended with ${recorded}.`);
    return 1;
  }
  say("\nBen has never given anything back. Who took his milk? Walk back from the failure:");
  const walk = ["dist/hindsight.js", "walk", recording];
  const walked = run(
    process.execPath,
    [...walk, "--script", walkBack],
    `node ${walk.join(" ")} --script "${walkBack}"`,
  );
  if (walked !== 0) return walked;
  say("\nThere it is: Ada gave milk back, and Ben's basket lost it, too: both hold one list, from the same place:");
  say("the default value of `basket` is made once, and shared by all who bring none of their own.");
  say(`\nWalk yourself:  node ${walk.join(" ")}`);
  return 0;
}

process.exitCode = main();
