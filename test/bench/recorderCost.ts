// What does each recorder cost on ordinary programs? CPU time of `main()` recorded against plain, each recorded run
// paired with a plain run just before it; beside the recorders the floor: callbacks in C that do nothing.
import { readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { field } from "./dapClient.ts";
import { geometricMean, median, numberField, outputOf } from "./measure.ts";
import type { Interpreter } from "../support/interpreters.ts";
import { buildNative, hasNative } from "../support/nativeBuild.ts";

/** "python": the newest event source in Python; "floor": no recorder, only the events. */
export type RecorderName = "floor" | "native" | "python";

/** One program under one recorder. Seconds are CPU time of all threads. */
export interface ProgramCost {
  readonly python: string;
  readonly recorder: RecorderName;
  /** "own code" spends its time in recorded code; "C code" in the interpreter's own modules. */
  readonly group: "own code" | "C code";
  readonly program: string;
  readonly plainSeconds: number;
  readonly recordedSeconds: number;
  /** Median of the pairs' ratios. */
  readonly ratio: number;
  /** The same for the main thread alone. */
  readonly mainThreadRatio: number;
  /** undefined under the floor. */
  readonly log: LogCost | undefined;
}

interface LogCost {
  readonly steps: number;
  readonly bytes: number;
  readonly bytesPerStep: number;
  /** CPU time of a step without and with the recorder. */
  readonly plainNanosecondsPerStep: number;
  readonly nanosecondsPerStep: number;
}

/** One recorder on one interpreter, over all its programs. */
export interface RecorderSummary {
  readonly python: string;
  readonly recorder: RecorderName;
  readonly group: ProgramCost["group"];
  readonly programs: number;
  readonly geometricMean: number;
  readonly worst: number;
  readonly worstProgram: string;
  /** Geometric mean divided by the floor's; undefined without a floor. */
  readonly againstFloor: number | undefined;
  readonly bytesPerStepMedian: number | undefined;
  readonly bytesPerStepWorst: number | undefined;
}

/** How much is run: `scale` of each program's own size, `runs` pairs. */
export interface Effort {
  readonly runs: number;
  readonly scale: number;
}

interface Timing {
  readonly process: number;
  readonly thread: number;
  readonly result: string;
}

const here = path.join("test", "bench");
const out = path.join("test", "out", "bench");
const groups = [
  { group: "own code", folder: path.join(here, "programs") },
  { group: "C code", folder: path.join(here, "c_programs") },
] as const;
/** The recorders in Python are hundreds of times slower: they get less to do. */
const pythonShare = 1 / 25;

function parseTiming(output: string): Timing {
  const json: unknown = JSON.parse(output);
  const result = field(json, "result");
  if (typeof result !== "string") throw new Error(`no result: ${output}`);
  return { process: numberField(json, "process"), thread: numberField(json, "thread"), result };
}

/** Runs one program of `folder` once: plainly, under the floor's module, or recorded to `log`. */
class Runner {
  readonly #interpreter: Interpreter;
  readonly #folder: string;
  readonly #name: string;
  readonly #scale: number;

  constructor(interpreter: Interpreter, folder: string, name: string, scale: number) {
    this.#interpreter = interpreter;
    this.#folder = folder;
    this.#name = name;
    this.#scale = scale;
  }

  #run(interpreterWords: readonly string[], how: string): Timing {
    const program = [path.join(here, "timed.py"), how, this.#folder, this.#name, String(this.#scale)];
    return parseTiming(outputOf([this.#interpreter.path, ...interpreterWords, ...program]));
  }

  plain(): Timing {
    return this.#run(["-B"], "run");
  }

  floor(module: string): Timing {
    return this.#run(["-B"], `floor:${module}`);
  }

  recorded(recorder: RecorderName, log: string): Timing {
    rmSync(log, { force: true });
    return this.#run(["-B", "-m", "pytracer", "record", "--recorder", recorder, "-o", log, "--"], "run");
  }
}

function logCost(recorder: RecorderName, log: string, plainSeconds: number, recordedSeconds: number): LogCost {
  const info: unknown = JSON.parse(outputOf([process.execPath, "dist/hindsight.js", "info", log, "--json"]));
  const steps = numberField(info, "steps");
  const by = field(info, "recorder");
  // A recorder that did not record would look very fast.
  if (steps === 0) throw new Error(`${log}: nothing was recorded`);
  if ((by === "native") !== (recorder === "native")) throw new Error(`${log}: recorded by ${String(by)}`);
  const bytes = statSync(log).size;
  return {
    steps,
    bytes,
    bytesPerStep: bytes / steps,
    plainNanosecondsPerStep: (plainSeconds * 1e9) / steps,
    nanosecondsPerStep: (recordedSeconds * 1e9) / steps,
  };
}

/** The floor's extension module, built for this interpreter; undefined when it cannot be. */
function floorModule(interpreter: Interpreter): string | undefined {
  const folder = path.join(out, `floor-${interpreter.version}`);
  const options = ["--sources", path.join(here, "floor"), "--module", "hindsight_floor", "--out", folder];
  if (buildNative(interpreter, options).outcome !== "built") return undefined;
  const file = readdirSync(folder).find((name) => /\.(?:so|pyd)$/u.test(name));
  return file === undefined ? undefined : path.resolve(folder, file);
}

interface Subject {
  readonly interpreter: Interpreter;
  readonly recorder: RecorderName;
  readonly group: ProgramCost["group"];
  readonly folder: string;
  readonly program: string;
  readonly floor: string | undefined;
}

function measureProgram(subject: Subject, effort: Effort): ProgramCost {
  const { interpreter, recorder, group, folder, program, floor } = subject;
  const scale = recorder === "python" && group === "own code" ? effort.scale * pythonShare : effort.scale;
  const runner = new Runner(interpreter, folder, program, scale);
  const log = path.join(out, `${program}-${interpreter.version}-${recorder}.hindsight`);
  const pairs = Array.from({ length: effort.runs }, () => {
    const plain = runner.plain();
    const recorded = recorder === "floor" && floor !== undefined ? runner.floor(floor) : runner.recorded(recorder, log);
    if (plain.result !== recorded.result) throw new Error(`${program}: ${recorder} changes the result`);
    return { plain, recorded };
  });
  const plainSeconds = median(pairs.map((pair) => pair.plain.process));
  const recordedSeconds = median(pairs.map((pair) => pair.recorded.process));
  const cost = {
    python: interpreter.version,
    recorder,
    group,
    program,
    plainSeconds,
    recordedSeconds,
    ratio: median(pairs.map((pair) => pair.recorded.process / pair.plain.process)),
    mainThreadRatio: median(pairs.map((pair) => pair.recorded.thread / pair.plain.thread)),
    log: recorder === "floor" ? undefined : logCost(recorder, log, plainSeconds, recordedSeconds),
  };
  rmSync(log, { force: true });
  return cost;
}

/** Every program under every recorder that this interpreter has; `only` names some of the programs. */
export function measureRecorders(
  interpreter: Interpreter,
  effort: Effort,
  recorders: readonly RecorderName[],
  only: readonly string[],
  onMeasured: (cost: ProgramCost) => void,
): readonly ProgramCost[] {
  const floor = recorders.includes("floor") ? floorModule(interpreter) : undefined;
  const there = recorders.filter(
    (one) => one === "python" || (one === "native" ? hasNative(interpreter) : floor !== undefined),
  );
  return groups.flatMap(({ group, folder }) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".py"))
      .map((file) => path.basename(file, ".py"))
      .filter((program) => only.length === 0 || only.includes(program))
      .flatMap((program) =>
        there.map((recorder) => {
          const cost = measureProgram({ interpreter, recorder, group, folder, program, floor }, effort);
          onMeasured(cost);
          return cost;
        }),
      ),
  );
}

/** A line for each interpreter, recorder and group of programs. */
export function summarise(costs: readonly ProgramCost[]): readonly RecorderSummary[] {
  const keys = new Set(costs.map((one) => `${one.python}/${one.recorder}/${one.group}`));
  return [...keys].map((key) => {
    const mine = costs.filter((one) => `${one.python}/${one.recorder}/${one.group}` === key);
    const [first] = mine;
    if (first === undefined) throw new Error(key);
    const worst = mine.reduce((left, right) => (right.ratio > left.ratio ? right : left));
    const floor = costs.filter(
      (one) => one.recorder === "floor" && one.python === first.python && one.group === first.group,
    );
    const mean = geometricMean(mine.map((one) => one.ratio));
    const sizes = mine.flatMap((one) => (one.log === undefined ? [] : [one.log.bytesPerStep]));
    return {
      python: first.python,
      recorder: first.recorder,
      group: first.group,
      programs: mine.length,
      geometricMean: mean,
      worst: worst.ratio,
      worstProgram: worst.program,
      againstFloor: floor.length === 0 ? undefined : mean / geometricMean(floor.map((one) => one.ratio)),
      bytesPerStepMedian: sizes.length === 0 ? undefined : median(sizes),
      bytesPerStepWorst: sizes.length === 0 ? undefined : Math.max(...sizes),
    };
  });
}
