// Builds of extension modules by pytracer/native/build.py, which each interpreter runs for itself.
import { spawnSync } from "node:child_process";
import path from "node:path";
import type { Interpreter } from "./interpreters.ts";

export interface NativeBuild {
  readonly version: string;
  /** "impossible": headers or compiler are missing, or the version has no native recorder. */
  readonly outcome: "built" | "failed" | "impossible";
  /** The one line that says what happened. */
  readonly text: string;
  /** The compiler's words. */
  readonly errors: string;
}

const outcomes = new Map<number, NativeBuild["outcome"]>([
  [0, "built"],
  [3, "impossible"],
]);

/** Builds unless it is up to date; `options` are those of build.py. */
export function buildNative(interpreter: Interpreter, options: readonly string[]): NativeBuild {
  const script = path.join("pytracer", "native", "build.py");
  const done = spawnSync(interpreter.path, ["-B", script, ...options], { encoding: "utf8" });
  const outcome = outcomes.get(done.status ?? 1) ?? "failed";
  return { version: interpreter.version, outcome, text: done.stdout, errors: done.stderr };
}

/** Whether the recorder finds a native build that this interpreter takes. */
export function hasNative(interpreter: Interpreter): boolean {
  const program = "from pytracer.recorder_choice import load; load()";
  const env = { ...process.env, PYTHONPATH: path.resolve(".") };
  return spawnSync(interpreter.path, ["-B", "-c", program], { env, stdio: "ignore" }).status === 0;
}

/** What `--recorder` takes on this interpreter, the best one first. */
export function recordersOf(interpreter: Interpreter): readonly string[] {
  const inPython = interpreter.minor < 12 ? ["settrace"] : ["monitoring", "settrace"];
  return hasNative(interpreter) ? ["native", ...inPython] : inPython;
}
