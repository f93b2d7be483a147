// How often are attributes of code objects fetched, per million events, with the registry and without?
import path from "node:path";
import type { Interpreter } from "../support/interpreters.ts";
import { outputOf } from "./measure.ts";
import { rounds } from "./recordingCost.ts";

export interface CodeFetches {
  readonly python: string;
  readonly withRegistry: number;
  readonly without: number;
}

/** Counts in the interpreter itself; "without" is scaled up from fewer events. */
export function measureCodeFetches(interpreter: Interpreter): CodeFetches {
  const script = path.resolve("test", "bench", "code_fetches.py");
  const env = `PYTHONPATH=${path.resolve(".")}`;
  const output = outputOf(["env", env, interpreter.path, script, String(rounds), "500"]);
  const [withRegistry = Number.NaN, without = Number.NaN] = output.trim().split(" ").map(Number);
  return { python: interpreter.version, withRegistry, without };
}
