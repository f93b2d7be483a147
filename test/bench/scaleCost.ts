// How does the adapter fare with a hundred million steps, and with twice as many? Opening, looking, searching far and near,
// memory, indexing, and how soon a step of a running program can be asked for.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { buildIndex, fileBytes, nodeCodecs, openRecordingFile } from "../../src/node/openFile.ts";
import { needsIndexing, scratchFile } from "../../src/node/indexFile.ts";
import { indexRecording } from "../../src/travel/openRecording.ts";
import type { TimeTravel } from "../../src/travel/timeTravel.ts";
import type { Interpreter } from "../support/interpreters.ts";
import { AdapterRun, type Cost, peakMegabytes, randomNumbers } from "./adapterRun.ts";
import { cut, diverseProgram, longRecordings } from "./longRecording.ts";
import { median, quantile } from "./measure.ts";
import { folder } from "./recordingCost.ts";

/** One row: what is asked for, and what was seen. Figures are in `unit`. */
export interface ScaleRow {
  readonly what: string;
  readonly unit: string;
  readonly goal: number;
  readonly want: number;
  readonly median: number;
  /** Undefined where single runs tell nothing about a share. */
  readonly p99: number | undefined;
  /** The goal is about the 99th percentile, not the median. */
  readonly isAboutP99: boolean;
  /** CPU time in `unit`, where that is a time; of the same share as the goal. */
  readonly cpu: number | undefined;
  readonly samples: number;
}

interface Goal {
  readonly what: string;
  readonly unit: string;
  readonly goal: number;
  readonly want: number;
}

export interface ScaleEffort {
  readonly runs: number;
  readonly samples: number;
  /** Steps of the shorter recording, in millions. */
  readonly millions: number;
}

const FAR = 50_000_000;
const NEAR = 50_000;
/** Random moments that push everything else out of the adapter's cache of decoded blocks. */
const COLD_LOOKS = 150;

function timeRow(goal: Goal, costs: readonly Cost[], isAboutP99 = false): ScaleRow {
  const walls = costs.map(({ wall }) => wall);
  const share = isAboutP99 ? 0.99 : 0.5;
  return {
    ...goal,
    median: median(walls),
    p99: costs.length < 20 ? undefined : quantile(walls, 0.99),
    isAboutP99,
    cpu: quantile(
      costs.map(({ cpu }) => cpu),
      share,
    ),
    samples: costs.length,
  };
}

function numberRow(goal: Goal, values: readonly number[], isAboutP99 = false): ScaleRow {
  const p99 = isAboutP99 ? quantile(values, 0.99) : undefined;
  return { ...goal, median: median(values), p99, isAboutP99, cpu: undefined, samples: values.length };
}

/** One-based lines of diverse.py that ran once, in the first lap. */
function markLines(): readonly number[] {
  const lines = readFileSync(diverseProgram, "utf8").split("\n");
  return lines.flatMap((line, at) => (line.includes('append("mark') ? [at + 1] : []));
}

async function opened(recording: string): Promise<AdapterRun> {
  const run = new AdapterRun();
  await run.initialize();
  await run.open(recording);
  return run;
}

async function measureOpening(recording: string, runs: number, isUseful: boolean): Promise<readonly Cost[]> {
  const costs: Cost[] = [];
  for (let left = runs; left > 0; left--) {
    const run = new AdapterRun();
    await run.initialize();
    const cost = await run.cost(async () => {
      await run.open(recording);
      if (isUseful && (await run.lookAround(false)) === 0) throw new Error(`${recording}: nothing to be seen`);
    });
    costs.push(cost);
    await run.client.close();
  }
  return costs;
}

/** Without an index beside it, as after `python -m pytracer record`. */
async function measureFirstView(recording: string, runs: number): Promise<readonly Cost[]> {
  const [index, away] = [`${recording}.index`, `${recording}.index.away`];
  renameSync(index, away);
  try {
    return await measureOpening(recording, runs, true);
  } finally {
    rmSync(index, { force: true });
    renameSync(away, index);
  }
}

async function measureLooking(run: AdapterRun, samples: number, isExpanded: boolean): Promise<readonly Cost[]> {
  const { lastStep } = await run.moment();
  const random = randomNumbers(20_260_101);
  const costs: Cost[] = [];
  for (let left = samples; left > 0; left--) {
    await run.seek(1 + Math.floor(random() * (lastStep - 1)));
    costs.push(
      await run.cost(async () => {
        await run.move("stepBack");
        await run.lookAround(isExpanded);
      }),
    );
  }
  return costs;
}

interface Searches {
  readonly near: readonly Cost[];
  readonly far: readonly Cost[];
}

/** reverseContinue to lines that ran once, from 50,000 and from 50,000,000 steps after them. */
async function measureSearches(run: AdapterRun, samples: number): Promise<Searches> {
  const { lastStep } = await run.moment();
  const random = randomNumbers(20_260_103);
  const near: Cost[] = [];
  const far: Cost[] = [];
  const marks: { readonly line: number; readonly step: number }[] = [];
  const source = { path: diverseProgram };
  for (const line of markLines()) {
    await run.client.request("setBreakpoints", { source, breakpoints: [{ line }] });
    await run.seek(lastStep);
    await run.move("reverseContinue");
    marks.push({ line, step: (await run.moment()).step });
  }
  /** From `distance` after each mark once. What was decoded before is out of memory by then: the blocks are met cold. */
  async function searchAll(distance: number, costs: Cost[]): Promise<void> {
    await measureLooking(run, COLD_LOOKS, false);
    for (const mark of marks) {
      await run.client.request("setBreakpoints", { source, breakpoints: [{ line: mark.line }] });
      await run.seek(Math.min(lastStep, Math.floor(mark.step + distance * (1 + random() * 0.1))));
      costs.push(await run.cost(() => run.move("reverseContinue")));
      const landed = (await run.moment()).step;
      if (landed !== mark.step) throw new Error(`line ${mark.line}: ${landed} instead of ${mark.step}`);
    }
  }

  const reach = Math.min(...marks.map(({ step }) => lastStep - step));
  if (marks.length === 0 || reach < FAR * 1.1) throw new Error("the recording is too short for searches that far");
  for (let sample = 0; sample < samples; sample += marks.length) {
    await searchAll(NEAR, near);
    await searchAll(FAR, far);
  }
  await run.client.request("setBreakpoints", { source, breakpoints: [] });
  return { near, far };
}

/** Million steps a second of CPU time, from the file to an index on disk. */
function indexingSpeed(recording: string): number {
  const file = fileBytes(recording);
  const to = scratchFile();
  if (to === undefined) throw new Error("no scratch file");
  const before = process.cpuUsage();
  indexRecording(file, nodeCodecs, to);
  const { user, system } = process.cpuUsage(before);
  to.close();
  file.close();
  const travel = openRecordingFile(recording);
  const { steps } = travel.summary;
  travel.close();
  return steps / (user + system);
}

/** The newest time that a running liveness.py has noted, in milliseconds; undefined before the first. */
function newestTime(travel: TimeTravel): number | undefined {
  const moment = travel.last;
  const thread = travel.threadAt(moment);
  const frame = travel.stackAt(moment, thread).find(({ name }) => name === "work");
  const scopes = frame === undefined ? undefined : travel.scopesAt(moment, frame.frame);
  const value = scopes?.locals.find(({ name }) => name === "now")?.value;
  return value?.kind === "float" ? value.value : undefined;
}

/** Milliseconds from a step to when it can be asked for, of the steps that waited longest at each reading: by a reader of the benchmark's own, not through a debug session. */
async function measureLag(
  interpreter: Interpreter,
  seconds: number,
): Promise<{ lags: number[]; stepsPerSecond: number }> {
  const file = path.join(folder, "live.hindsight");
  for (const one of [file, `${file}.tail`, `${file}.tail2`]) rmSync(one, { force: true });
  const command = ["-m", "pytracer", "record", "--recorder", "native", "-o", file, "--", "test/bench/liveness.py"];
  const program = spawn(interpreter.path, [...command, String(seconds)], { stdio: "inherit" });
  function hasEnded(): boolean {
    return program.exitCode !== null || program.signalCode !== null;
  }
  while (!existsSync(file) && !hasEnded()) await pause(5);
  const travel = openRecordingFile(file);
  const lags: number[] = [];
  const started = performance.now();
  let oldest: number | undefined;
  while (!hasEnded()) {
    travel.refresh();
    const now = Number(process.hrtime.bigint()) / 1e6;
    const newest = newestTime(travel);
    // What came after the reading before this one waited until now.
    if (newest !== undefined && oldest !== undefined && newest > oldest) lags.push(now - oldest);
    oldest = newest;
    await pause(REFRESH_MILLISECONDS);
  }
  const { steps } = travel.summary;
  travel.close();
  return { lags, stepsPerSecond: (steps * 1000) / (performance.now() - started) };
}

/** How often the benchmark reads what the program has recorded. A debug session itself reads it only at stops. */
const REFRESH_MILLISECONDS = 50;

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** Peak memory of a program in megabytes, plain or recorded. */
function programMegabytes(interpreter: Interpreter, rounds: number, isRecorded: boolean): number {
  const file = path.join(folder, "memory.hindsight");
  rmSync(file, { force: true });
  const record = ["-m", "pytracer", "record", "--recorder", "native", "-o", file, "--"];
  const args = [...(isRecorded ? record : []), "test/bench/peak_memory.py", String(rounds)];
  const done = spawnSync(interpreter.path, args, { encoding: "utf8" });
  rmSync(file, { force: true });
  return Number(done.stdout.trim()) / 1024;
}

const milliseconds = { unit: "ms" } as const;
const megabytes = { unit: "MB" } as const;

export async function measureScale(
  interpreter: Interpreter,
  { runs, samples, millions }: ScaleEffort,
  onWork: (text: string) => void,
): Promise<readonly ScaleRow[]> {
  const { hundred, twoHundred } = longRecordings(interpreter, millions, onWork);
  const rows: ScaleRow[] = [];
  for (const recording of [hundred, twoHundred]) {
    if (!needsIndexing(recording)) continue;
    onWork(`indexing ${path.basename(recording)}`);
    buildIndex(recording);
  }
  onWork("opening");
  const withIndex = await measureOpening(hundred, runs, false);
  rows.push(timeRow({ what: "open, with an index", ...milliseconds, goal: 300, want: 150 }, withIndex));
  const without = await measureFirstView(hundred, runs);
  rows.push(timeRow({ what: "first view, without an index", ...milliseconds, goal: 200, want: 100 }, without));

  onWork("looking around");
  const run = await opened(hundred);
  const plain = await measureLooking(run, samples, false);
  const looking = "stepBack, stackTrace, scopes, variables";
  rows.push(timeRow({ what: looking, ...milliseconds, goal: 1, want: 0.5 }, plain));
  rows.push(timeRow({ what: `${looking}, p99`, ...milliseconds, goal: 5, want: 3 }, plain, true));
  const expanded = await measureLooking(run, samples, true);
  rows.push(timeRow({ what: "the same with contents, p99", ...milliseconds, goal: 15, want: 5 }, expanded, true));

  onWork("searching");
  const { near, far } = await measureSearches(run, Math.ceil(samples / 5));
  rows.push(timeRow({ what: "reverseContinue, 50,000,000 steps", ...milliseconds, goal: 1, want: 0.3 }, far));
  rows.push(timeRow({ what: "the same, p99", ...milliseconds, goal: 10, want: 5 }, far, true));
  const ratio = { what: "the same against 50,000 steps", unit: "times", goal: 1.5, want: 1.5 };
  const [farCpu, nearCpu] = [far, near].map((costs) => median(costs.map(({ cpu }) => cpu)));
  rows.push(numberRow(ratio, [(farCpu ?? Number.NaN) / (nearCpu ?? Number.NaN)]));

  const memory = peakMegabytes(run.processId) ?? Number.NaN;
  rows.push(numberRow({ what: `adapter memory, ${millions} M steps`, ...megabytes, goal: 400, want: 250 }, [memory]));
  await run.client.close();
  const twice = await opened(twoHundred);
  await measureLooking(twice, samples, false);
  await measureLooking(twice, samples, true);
  await measureSearches(twice, Math.ceil(samples / 5));
  const twiceMemory = peakMegabytes(twice.processId) ?? Number.NaN;
  await twice.client.close();
  rows.push(
    numberRow({ what: "the same with twice the steps", unit: "times", goal: 1.3, want: 1.3 }, [twiceMemory / memory]),
  );

  onWork("indexing");
  const part = path.join(folder, "indexing.hindsight");
  cut(hundred, part, 1e5 * millions);
  const speeds = Array.from({ length: runs }, () => indexingSpeed(part));
  rmSync(part);
  rows.push(numberRow({ what: "indexing, a second of CPU", unit: "M steps", goal: 20, want: 40 }, speeds));

  onWork("living");
  const { lags, stepsPerSecond } = await measureLag(interpreter, runs * 4);
  const live = `a step can be asked for, p99, by a reader alone (at ${(stepsPerSecond / 1e6).toFixed(1)} M steps/s)`;
  rows.push(numberRow({ what: live, ...milliseconds, goal: 300, want: 100 }, lags, true));

  onWork("recording");
  const extra = [100_000, 400_000].map(
    (rounds) => programMegabytes(interpreter, rounds, true) - programMegabytes(interpreter, rounds, false),
  );
  rows.push(
    numberRow({ what: "recorded process, extra memory", ...megabytes, goal: 64.6, want: 32 }, extra.slice(0, 1)),
  );
  rows.push(numberRow({ what: "the same, four times the steps", ...megabytes, goal: 64.6, want: 32 }, extra.slice(1)));
  return rows;
}
