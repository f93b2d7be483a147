// What a script truly does, from a plain trace function (truth.py); asked once for each script and its arguments.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import type { Interpreter } from "../../support/interpreters.ts";
import { outputOf } from "../measure.ts";
import { folder } from "../recordingCost.ts";
import { parseTruth, type Truth } from "./record.ts";

const known = new Map<string, Truth>();

export function truthOf(interpreter: Interpreter, file: string, script: readonly string[]): Truth {
  const key = [interpreter.path, file, ...script].join("\n");
  const there = known.get(key);
  if (there !== undefined) return there;
  const output = path.join(folder, "truth.json");
  mkdirSync(folder, { recursive: true });
  const [program = "", ...args] = script;
  const logger = path.join("test", "bench", "peers", "truth.py");
  outputOf([interpreter.path, "-B", logger, output, path.resolve(file), path.resolve(program), ...args]);
  const truth = parseTruth(readFileSync(output, "utf8"));
  rmSync(output);
  known.set(key, truth);
  return truth;
}
