// What does a program cost that runs in a debug session, by what the session waits for? CPU time of `main()` against plain
// Python; beside it the same program recorded without a debugger.
import { rmSync } from "node:fs";
import path from "node:path";
import type { Interpreter } from "../support/interpreters.ts";
import { DapClient, field } from "./dapClient.ts";
import { median, numberField, outputOf } from "./measure.ts";
import { folder } from "./recordingCost.ts";

export interface SessionCost {
  readonly program: string;
  /** What the session waits for; "no debugger": it is recorded from the command line. */
  readonly wish: string;
  readonly plainSeconds: number;
  readonly seconds: number;
  readonly times: number;
}

interface Wish {
  readonly name: string;
  readonly filters?: readonly string[];
  readonly types?: { readonly filterId: string; readonly condition: string };
  readonly lines?: readonly number[];
  readonly functions?: readonly string[];
  /** The call of main() is stepped over. */
  readonly isStep?: true;
}

const here = path.join("test", "bench");
const timed = path.resolve(here, "timed.py");
/** Of timed.py: the line that calls main(). */
const callingLine = 63;

const wishes: readonly Wish[] = [
  { name: "nothing" },
  { name: "uncaught exceptions (the default)", filters: ["uncaught"] },
  { name: "exceptions that leave the user's code", filters: ["userUncaught"] },
  { name: "a raised NotImplementedError", types: { filterId: "raised", condition: "NotImplementedError" } },
  { name: "lines of another file", filters: ["uncaught"], lines: Array.from({ length: 12 }, (_, place) => place + 15) },
  { name: "a function that is not called", filters: ["uncaught"], functions: ["nobody"] },
  { name: "the end of a step over it", filters: ["uncaught"], isStep: true },
];

function secondsIn(text: string): number {
  return numberField(JSON.parse(text), "process");
}

function programWords(program: string, scale: number): readonly string[] {
  return ["run", path.join(here, "programs"), program, String(scale)];
}

function plain(interpreter: Interpreter, program: string, scale: number): number {
  return secondsIn(outputOf([interpreter.path, "-B", timed, ...programWords(program, scale)]));
}

function recorded(interpreter: Interpreter, program: string, scale: number, log: string): number {
  rmSync(log, { force: true });
  const record = [interpreter.path, "-B", "-m", "pytracer", "record", "-o", log, "--", timed];
  return secondsIn(outputOf([...record, ...programWords(program, scale)]));
}

async function prepare(client: DapClient, wish: Wish): Promise<void> {
  const lines = wish.isStep === true ? [callingLine] : (wish.lines ?? []);
  if (lines.length > 0) {
    const breakpoints = lines.map((line) => ({ line }));
    // Of a file that does not run: timed.py's own lines are those of the step.
    const file = wish.isStep === true ? timed : path.resolve(here, "steps.py");
    await client.request("setBreakpoints", { source: { path: file }, breakpoints });
  }
  const breakpoints = (wish.functions ?? []).map((name) => ({ name }));
  await client.request("setFunctionBreakpoints", { breakpoints });
  await client.request("setExceptionBreakpoints", {
    filters: wish.filters ?? [],
    filterOptions: wish.types === undefined ? [] : [wish.types],
  });
}

/** Throws when the program stops for anything but what was asked for. */
async function debugged(
  interpreter: Interpreter,
  program: string,
  scale: number,
  log: string,
  wish: Wish,
): Promise<number> {
  rmSync(log, { force: true });
  const client = new DapClient();
  let text = "";
  client.listen("output", (body) => {
    if (field(body, "category") === "stdout") text += String(field(body, "output"));
  });
  await client.request("initialize", { adapterID: "hindsight", linesStartAt1: true, columnsStartAt1: true });
  const initialized = client.event("initialized");
  const launched = client.request("launch", {
    program: timed,
    args: programWords(program, scale),
    python: interpreter.path,
    cwd: process.cwd(),
    console: "internalConsole",
    recordingPath: log,
  });
  await initialized;
  await prepare(client, wish);
  const first = client.event("stopped");
  await client.request("configurationDone");
  await launched;
  let stop = await first;
  if (wish.isStep === true) {
    stop = await client.travel("next", { threadId: 1 });
    if (field(stop, "reason") !== "step") throw new Error(`${program}: ${JSON.stringify(stop)}`);
    stop = await client.travel("continue", { threadId: 1 });
  }
  if (field(stop, "reason") !== "exit") throw new Error(`${program}, ${wish.name}: ${JSON.stringify(stop)}`);
  await client.close({ terminateDebuggee: true });
  return secondsIn(text);
}

function append(times: Map<string, number[]>, name: string, seconds: number): void {
  times.set(name, [...(times.get(name) ?? []), seconds]);
}

export async function measureSessions(
  interpreter: Interpreter,
  programs: readonly string[],
  runs: number,
  scale: number,
): Promise<readonly SessionCost[]> {
  const log = path.join(folder, "session.hindsight");
  const costs: SessionCost[] = [];
  for (const program of programs) {
    const plainTimes: number[] = [];
    const times = new Map<string, number[]>();
    for (let run = 0; run < runs; run++) {
      plainTimes.push(plain(interpreter, program, scale));
      append(times, "no debugger", recorded(interpreter, program, scale, log));
      for (const wish of wishes) append(times, wish.name, await debugged(interpreter, program, scale, log, wish));
    }
    const plainSeconds = median(plainTimes);
    for (const [wish, all] of times) {
      const seconds = median(all);
      costs.push({ program, wish, plainSeconds, seconds, times: seconds / plainSeconds });
    }
  }
  return costs;
}
