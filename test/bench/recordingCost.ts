// What does recording cost? Wall time against plain Python for each event source, bytes per step, and the cost of a
// step beside a large list that does not change.
import { rmSync, statSync } from "node:fs";
import path from "node:path";
import type { Interpreter } from "../support/interpreters.ts";
import { hasNative } from "../support/nativeBuild.ts";
import { median, numberField, outputOf, timeCommand } from "./measure.ts";

export const folder = path.join("test", "out", "bench");
const program = path.join("test", "bench", "steps.py");

/** Rounds of steps.py that make a little more than a million steps. */
export const rounds = 91_500;

type Source = "native" | "monitoring" | "settrace";

export interface RecordingCost {
  readonly python: string;
  readonly source: Source;
  readonly plainSeconds: number;
  readonly recordedSeconds: number;
  readonly ratio: number;
  readonly steps: number;
  readonly events: number;
  readonly bytes: number;
  readonly bytesPerStep: number;
  readonly recording: string;
}

function sourcesOf(interpreter: Interpreter): readonly Source[] {
  const inPython: readonly Source[] = interpreter.minor >= 12 ? ["monitoring", "settrace"] : ["settrace"];
  return hasNative(interpreter) ? ["native", ...inPython] : inPython;
}

function recordCommand(interpreter: Interpreter, source: Source, file: string): string[] {
  return [interpreter.path, "-m", "pytracer", "record", "--recorder", source, "-o", file];
}

/** Records steps.py with every source, side by side with plain Python, `runs` times; medians. */
export function measureRecording(interpreter: Interpreter, runs: number): readonly RecordingCost[] {
  const sources = sourcesOf(interpreter);
  const plain: number[] = [];
  const recorded = new Map<Source, number[]>(sources.map((source) => [source, []]));
  function fileOf(source: Source): string {
    return path.join(folder, `steps-${interpreter.version}-${source}.hindsight`);
  }
  for (let run = 0; run < runs; run++) {
    plain.push(timeCommand([interpreter.path, program, String(rounds)]));
    for (const source of sources) {
      const file = fileOf(source);
      rmSync(file, { force: true });
      const command = [...recordCommand(interpreter, source, file), program, String(rounds)];
      recorded.get(source)?.push(timeCommand(command));
    }
  }
  return sources.map((source) => {
    const recording = fileOf(source);
    const info: unknown = JSON.parse(outputOf([process.execPath, "dist/hindsight.js", "info", recording, "--json"]));
    const steps = numberField(info, "steps");
    const bytes = statSync(recording).size;
    const plainSeconds = median(plain);
    const recordedSeconds = median(recorded.get(source) ?? []);
    return {
      python: interpreter.version,
      source,
      plainSeconds,
      recordedSeconds,
      ratio: recordedSeconds / plainSeconds,
      steps,
      events: numberField(info, "events"),
      bytes,
      bytesPerStep: bytes / steps,
      recording,
    };
  });
}

export interface StepCost {
  readonly python: string;
  readonly source: Source;
  /** Microseconds a step beside a list of 10 ints, and of 1,000,000 ints. */
  readonly besideTen: number;
  readonly besideMillion: number;
}

/** Cost of a step beside lists of two lengths; medians of `runs`, taken in turns. */
export function measureStepCost(interpreter: Interpreter, runs: number): readonly StepCost[] {
  return sourcesOf(interpreter).map((source) => {
    function microseconds(length: number): number {
      const file = path.join(folder, "beside.hindsight");
      rmSync(file, { force: true });
      const command = recordCommand(interpreter, source, file);
      return Number(outputOf([...command, path.join("test", "bench", "beside_list.py"), String(length)])) * 1e6;
    }
    const ten: number[] = [];
    const million: number[] = [];
    for (let run = 0; run < runs; run++) {
      ten.push(microseconds(10));
      million.push(microseconds(1_000_000));
    }
    return { python: interpreter.version, source, besideTen: median(ten), besideMillion: median(million) };
  });
}
