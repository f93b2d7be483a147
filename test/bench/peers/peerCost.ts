// What each tool costs on each program, and how much of the program's run its output holds. CPU time of `main()`
// against plain, each run paired with a plain one just before it, as for the recorders.
import { readdirSync } from "node:fs";
import path from "node:path";
import type { Interpreter } from "../../support/interpreters.ts";
import { field } from "../dapClient.ts";
import { median, numberField, outputOf } from "../measure.ts";
import { folder } from "../recordingCost.ts";
import { finish, limitGigabytes, type Finished } from "./process.ts";
import { heldShare } from "./record.ts";
import { clear, outputBytes, type Job, type Tool } from "./tools.ts";
import { truthOf } from "./truth.ts";

/** How much of a run the output holds: of its steps, or of its calls where the tool knows only these. */
export interface Held {
  readonly what: "steps" | "calls";
  /** 0 to 1. */
  readonly share: number;
  /** What the output or the tool says itself to have lost. */
  readonly said: string | undefined;
  readonly bytesPerStep: number;
}

export interface PeerCost {
  readonly python: string;
  readonly tool: string;
  readonly program: string;
  /** Share of the program's size that was run. */
  readonly scale: number;
  readonly plainSeconds: number;
  /** Median of the pairs' ratios of CPU time of main(); undefined when it did not end in time, or failed. */
  readonly ratio: number | undefined;
  /** The same of the whole process's wall time: what is written at the end is in it, and the start. */
  readonly wholeRatio: number | undefined;
  readonly held: Held | undefined;
  /** Why something is not there. */
  readonly problem: string | undefined;
}

interface Timed {
  readonly seconds: number;
  readonly wallSeconds: number;
  readonly result: string;
}

const programs = path.join("test", "bench", "programs");
const limitSeconds = 30;

/** What timed.py printed, among what the tool printed. */
function timedOf(finished: Finished): Timed {
  const line = finished.stdout.split("\n").find((one) => one.startsWith('{"process"'));
  if (line === undefined) {
    const within = `did not end within ${limitSeconds} s and ${limitGigabytes} GB`;
    throw new Error(finished.isTooLong ? within : `${within}: ${finished.stderr.trim().split("\n").at(-1) ?? ""}`);
  }
  const json: unknown = JSON.parse(line);
  const result = String(field(json, "result"));
  return { seconds: numberField(json, "process"), wallSeconds: finished.wallSeconds, result };
}

function message(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).trim().split("\n");
  return lines.at(-1) ?? "";
}

function jobFor(program: string, scale: number, output: string): Job {
  const script = [path.join("test", "bench", "timed.py"), "run", path.resolve(programs), program, String(scale)];
  return {
    script: script.map((word, at) => (at === 0 ? path.resolve(word) : word)),
    file: path.join(programs, `${program}.py`),
    output,
    limitSeconds,
  };
}

/** What a tool printed of what it dropped: py-tt-debug does. */
function saidBy(finished: Finished): string | undefined {
  const dropped = /'frame_count': (\d+), 'dropped_frames': (\d+)/u.exec(finished.stdout);
  return dropped === null ? undefined : `${dropped[2]} of ${dropped[1]} events dropped`;
}

async function heldBy(tool: Tool, interpreter: Interpreter, job: Job, finished: Finished): Promise<Held | undefined> {
  if (tool.read === undefined) return undefined;
  const truth = truthOf(interpreter, job.file, job.script);
  const bytesPerStep = outputBytes(job.output) / truth.steps;
  if (tool.name.startsWith("hindsight")) {
    const info: unknown = JSON.parse(outputOf([process.execPath, "dist/hindsight.js", "info", job.output, "--json"]));
    return { what: "steps", share: numberField(info, "steps") / truth.steps, said: undefined, bytesPerStep };
  }
  const record = await tool.read(job.output, job.file, "lines");
  const isCallsOnly = record.lines.size === 0 && record.calls.size > 0;
  const [what, held, all] = isCallsOnly
    ? (["calls", record.calls, truth.calls] as const)
    : (["steps", record.lines, truth.lines] as const);
  return { what, share: heldShare(held, all), said: record.said ?? saidBy(finished), bytesPerStep };
}

async function readableHeld(
  tool: Tool,
  interpreter: Interpreter,
  program: string,
  effortScale: number,
  output: string,
): Promise<Held | undefined> {
  clear(output);
  const job = jobFor(program, effortScale * tool.share, output);
  const finished = await tool.run(job);
  timedOf(finished);
  return heldBy(tool, interpreter, job, finished);
}

async function measureOne(
  tool: Tool,
  interpreter: Interpreter,
  program: string,
  effort: { readonly runs: number; readonly scale: number },
): Promise<PeerCost> {
  const scale = effort.scale * tool.share;
  const output = path.join(folder, "peers", `${program}-${tool.name.replaceAll(" ", "-")}`);
  const job = jobFor(program, scale, output);
  const pairs: { readonly plain: Timed; readonly with: Timed }[] = [];
  let held: Held | undefined;
  let problem: string | undefined;
  try {
    for (let run = 0; run < effort.runs; run++) {
      const conditions = { env: {}, limitSeconds };
      const plain = timedOf(await finish([interpreter.path, "-B", ...job.script], conditions));
      clear(output);
      const finished = await tool.run(job);
      const pair = { plain, with: timedOf(finished) };
      if (pair.plain.result !== pair.with.result) throw new Error(`${tool.name} changes the result of ${program}`);
      pairs.push(pair);
      if (run === effort.runs - 1 && tool.readable === undefined) held = await heldBy(tool, interpreter, job, finished);
    }
    if (tool.readable !== undefined)
      held = await readableHeld(tool.readable, interpreter, program, effort.scale, output);
  } catch (error) {
    problem = message(error);
  }
  clear(output);
  const isMeasured = pairs.length === effort.runs;
  return {
    python: interpreter.version,
    tool: tool.name,
    program,
    scale,
    plainSeconds: median(pairs.map((pair) => pair.plain.seconds)),
    ratio: isMeasured ? median(pairs.map((pair) => pair.with.seconds / pair.plain.seconds)) : undefined,
    wholeRatio: isMeasured ? median(pairs.map((pair) => pair.with.wallSeconds / pair.plain.wallSeconds)) : undefined,
    held,
    problem,
  };
}

/** Every program under every tool; `only` names some of the programs. */
export async function measurePeerCosts(
  tools: readonly Tool[],
  interpreter: Interpreter,
  effort: { readonly runs: number; readonly scale: number },
  only: readonly string[],
  onMeasured: (cost: PeerCost) => void,
): Promise<readonly PeerCost[]> {
  const costs: PeerCost[] = [];
  const names = readdirSync(programs)
    .filter((file) => file.endsWith(".py"))
    .map((file) => path.basename(file, ".py"))
    .filter((program) => only.length === 0 || only.includes(program));
  for (const program of names) {
    for (const tool of tools) {
      const cost = await measureOne(tool, interpreter, program, effort);
      costs.push(cost);
      onMeasured(cost);
    }
  }
  return costs;
}
