// Truth: every step's line, stack and variables, seen through the debug adapter going forward by stepIn and then
// backward by hindsight/stepBackInto, equal what a plain settrace logger with deep snapshots saw in a run of its own.
//
// HINDSIGHT_FULL=1 takes every program on every interpreter and recorder; otherwise each program meets one interpreter
// of each kind by its best recorder, each interpreter another part of the programs, and the variables of the callers and
// of the module are compared at every fourth step only, at others on the way back than forward.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { interpreters, type Interpreter } from "../support/interpreters.ts";
import { recordersOf } from "../support/nativeBuild.ts";
import { AdapterProcess, listOf, numberOf, textOf, type Json } from "./adapterProcess.ts";
import { Comparison } from "./compareValues.ts";

const here = import.meta.dirname;
const root = path.join(here, "..", "..");
const programs = readdirSync(path.join(here, "programs")).filter((name) => name.endsWith(".py"));
const full = process.env["HINDSIGHT_FULL"] === "1";
const only = process.env["HINDSIGHT_TRUTH"];
const scratch = mkdtempSync(path.join(tmpdir(), "hindsight-truth-"));
const enoughDifferences = 12;

interface Step {
  readonly thread: string;
  readonly stack: readonly (readonly [string, number])[];
  readonly frames: readonly { readonly locals: Json | null; readonly closure: Json }[];
  readonly globals: Json;
}

/**
 * `name_310.py` needs 3.10. Up to 3.12 the oracle, a trace function in Python, keeps what is dropped for a step longer
 * than plain Python does; the native recorder does not, and test_native_drops.py has another oracle.
 */
function runsOn(program: string, python: Interpreter, source: string): boolean {
  if (program === "dropped_generators.py" && source === "native" && python.minor < 13) return false;
  const since = /_3(\d+)\.py$/u.exec(program);
  return since === null || python.minor >= Number(since[1]);
}

interface Recorders {
  readonly python: Interpreter;
  /** The best one first. */
  readonly sources: readonly string[];
}

/** What records, and by which events. */
function kindOf({ python, sources }: Recorders): string {
  return `${sources[0] ?? ""} by ${python.minor < 12 ? "a trace function" : "sys.monitoring"}`;
}

const recorders: readonly Recorders[] = interpreters().map((python) => ({ python, sources: recordersOf(python) }));

function sourcesAble({ python, sources }: Recorders, name: string): readonly string[] {
  return sources.filter((source) => runsOn(name, python, source));
}

/** Whether this interpreter is the one of its kind that meets the program. */
function isTurnOf(mine: Recorders, name: string): boolean {
  const able = recorders.filter((other) => kindOf(other) === kindOf(mine) && sourcesAble(other, name).length > 0);
  return able[programs.indexOf(name) % able.length] === mine;
}

function sourcesFor(mine: Recorders, name: string): readonly string[] {
  const able = sourcesAble(mine, name);
  if (full || only !== undefined) return able;
  return isTurnOf(mine, name) ? able.slice(0, 1) : [];
}

/** The oracle's steps; lines of JSON that this project's own script wrote. */
function oracleSteps(python: Interpreter, program: string): readonly Step[] {
  const out = path.join(scratch, `${path.basename(program)}-${python.version}.jsonl`);
  execFileSync(python.path, [path.join(here, "oracle.py"), program, out], { stdio: ["ignore", "ignore", "inherit"] });
  return readFileSync(out, "utf8")
    .trimEnd()
    .split("\n")
    .map((line): Step => JSON.parse(line));
}

function record(python: Interpreter, program: string, source: string): string {
  const file = path.join(scratch, `${path.basename(program, ".py")}-${python.version}-${source}.hindsight`);
  const command = ["-m", "pytracer", "record", "--recorder", source, "-o", file, "--", program];
  const run = spawnSync(python.path, command, {
    env: { ...process.env, PYTHONPATH: root },
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  expect({ status: run.status, stderr: run.stderr }).toMatchObject({ status: 0 });
  return file;
}

interface SeenMoment {
  readonly step: number;
  readonly event: number;
  readonly lastStep: number;
  readonly threadId: number;
}

/** Walks one recording over the adapter; steps of each thread come in that thread's own order. */
class Walk {
  readonly adapter = new AdapterProcess(path.join(root, "dist", "adapter.js"));
  readonly comparison = new Comparison(this.adapter);
  readonly #byThread = new Map<string, Step[]>();
  readonly #total: number;
  /** Where the view is; nobody else moves it. */
  #now: SeenMoment | undefined;

  constructor(steps: readonly Step[]) {
    this.#total = steps.length;
    for (const step of steps) this.#byThread.set(step.thread, [...(this.#byThread.get(step.thread) ?? []), step]);
  }

  async open(file: string): Promise<void> {
    const initialize = {
      adapterID: "hindsight",
      linesStartAt1: true,
      columnsStartAt1: true,
      pathFormat: "path",
      supportsVariableType: true,
    };
    await this.adapter.request("initialize", initialize);
    const launched = this.adapter.request("launch", { recording: file });
    await this.adapter.event("initialized");
    await this.adapter.request("configurationDone");
    await launched;
    await this.arrived();
    await this.seek(0);
  }

  /** Every step in log order, forward. Stepping is within a thread, so a seek crosses to the others. */
  async forward(): Promise<void> {
    const { lastStep } = await this.moment();
    if (lastStep + 1 !== this.#total)
      this.comparison.differences.push(`steps: oracle ${this.#total}, adapter ${lastStep + 1}`);
    const taken = new Map<string, number>();
    for (let step = 0; step <= lastStep && !this.full(); step++) {
      const threadId = await this.arrive(step, "stepIn");
      const name = await this.threadName(threadId);
      const index = taken.get(name) ?? 0;
      taken.set(name, index + 1);
      await this.compare(step, threadId, this.#byThread.get(name)?.[index], "forward");
    }
  }

  async backward(): Promise<void> {
    const { lastStep } = await this.moment();
    const left = new Map([...this.#byThread].map(([name, steps]) => [name, steps.length]));
    await this.seek(lastStep);
    for (let step = lastStep; step >= 0 && !this.full(); step--) {
      const threadId = await this.arrive(step, "hindsight/stepBackInto");
      const name = await this.threadName(threadId);
      const index = (left.get(name) ?? 0) - 1;
      left.set(name, index);
      await this.compare(step, threadId, this.#byThread.get(name)?.[index], "backward");
    }
  }

  full(): boolean {
    return this.comparison.differences.length >= enoughDifferences;
  }

  async moment(): Promise<SeenMoment> {
    const body = await this.adapter.request("hindsight/moment");
    return {
      step: numberOf(body, "step"),
      event: numberOf(body, "event"),
      lastStep: numberOf(body, "lastStep"),
      threadId: numberOf(body, "threadId"),
    };
  }

  async seek(step: number): Promise<SeenMoment> {
    await this.adapter.request("hindsight/seek", { step });
    return this.arrived();
  }

  /** The moment of the stop that follows a movement. */
  async arrived(): Promise<SeenMoment> {
    await this.adapter.event("stopped");
    this.comparison.moved();
    this.#now = await this.moment();
    return this.#now;
  }

  /** Moves by `command` until the view is at `step`; a step of another thread is sought. Gives the thread. */
  async arrive(step: number, command: string): Promise<number> {
    const now = this.#now ?? (await this.moment());
    if (now.step === step && now.event === 0) return now.threadId;
    await this.adapter.request(command, { threadId: now.threadId });
    const then = await this.arrived();
    if (then.step === step && then.event === 0) return then.threadId;
    const skipped = then.threadId === now.threadId && this.#byThread.size === 1;
    if (skipped)
      this.comparison.differences.push(
        `${command} from step ${now.step}: expected ${step}, is at ${then.step} event ${then.event}`,
      );
    return (await this.seek(step)).threadId;
  }

  async threadName(threadId: number): Promise<string> {
    const threads = listOf(await this.adapter.request("threads"), "threads");
    return textOf(threads.find((thread) => numberOf(thread, "id") === threadId) ?? {}, "name");
  }

  async compare(step: number, threadId: number, seen: Step | undefined, direction: string): Promise<void> {
    const where = `step ${step} ${direction}`;
    if (seen === undefined) {
      this.comparison.differences.push(`${where}: the oracle has no such step`);
      return;
    }
    const frames = listOf(await this.adapter.request("stackTrace", { threadId }), "stackFrames");
    const stack = frames.map((frame) => [textOf(frame, "name").split(".").at(-1), numberOf(frame, "line")]);
    if (JSON.stringify(stack) !== JSON.stringify(seen.stack)) {
      this.comparison.differences.push(
        `${where}: stack: oracle ${JSON.stringify(seen.stack)}, adapter ${JSON.stringify(stack)}`,
      );
      return;
    }
    const isWhole = full || step % 4 === (direction === "forward" ? 0 : 2);
    await Promise.all(
      frames.slice(0, isWhole ? frames.length : 1).map((frame, index) => {
        const line = seen.stack[index]?.[1] ?? 0;
        const place = `${where} (line ${line}) frame ${index}`;
        return this.compareFrame(place, seen, index, numberOf(frame, "id"), isWhole);
      }),
    );
  }

  async compareFrame(where: string, seen: Step, index: number, frameId: number, isWhole: boolean): Promise<void> {
    const scopes = listOf(await this.adapter.request("scopes", { frameId }), "scopes");
    const byName = new Map(scopes.map((scope) => [textOf(scope, "name"), numberOf(scope, "variablesReference")]));
    const frame = seen.frames[index];
    if (frame === undefined) return;
    if (frame.locals !== null) {
      const reference = byName.get("Locals") ?? byName.get("Globals") ?? 0;
      await this.comparison.variables(`${where} locals`, frame.locals, reference);
    }
    if (Object.keys(frame.closure).length > 0)
      await this.comparison.variables(`${where} closure`, frame.closure, byName.get("Closure") ?? 0);
    if (index === 0 && isWhole)
      await this.comparison.variables(`${where} globals`, seen.globals, byName.get("Globals") ?? 0);
  }
}

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

for (const mine of recorders) {
  const { python } = mine;
  describe(`on ${python.version}`, () => {
    for (const name of programs) {
      if (only !== undefined && !name.includes(only)) continue;
      test.each(sourcesFor(mine, name))(
        `${name} by %s shows what the program did`,
        { timeout: 240_000 },
        async (source) => {
          const program = path.join(here, "programs", name);
          const walk = new Walk(oracleSteps(python, program));
          try {
            await walk.open(record(python, program, source));
            await walk.forward();
            await walk.backward();
            expect(walk.comparison.differences).toEqual([]);
          } finally {
            walk.adapter.end();
          }
        },
      );
    }
  });
}

test("the corpus has at least thirty programs, and each meets every kind of recorder that can run it", () => {
  expect(programs.length).toBeGreaterThanOrEqual(30);
  for (const kind of new Set(recorders.map(kindOf))) {
    const ofKind = recorders.filter((one) => kindOf(one) === kind);
    const met = programs.filter((name) => ofKind.some((one) => sourcesFor(one, name).length > 0));
    const able = programs.filter((name) => ofKind.some((one) => sourcesAble(one, name).length > 0));
    expect({ kind, met }).toEqual({ kind, met: able });
  }
});
