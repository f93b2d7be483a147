// How fast are the questions about the past answered? Medians at random moments of steps.py, at a million and at ten
// million steps, through the adapter, as in VS Code.
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import type { Interpreter } from "../support/interpreters.ts";
import { hasNative } from "../support/nativeBuild.ts";
import { DapClient, field } from "./dapClient.ts";
import { median, quantile, timeCommand } from "./measure.ts";
import { folder, rounds } from "./recordingCost.ts";
import { randomNumbers } from "./randomNumbers.ts";

export interface RequestCost {
  readonly request: string;
  readonly medianMs: number;
  readonly p90Ms: number;
}

export interface RequestCosts {
  readonly python: string;
  readonly steps: number;
  readonly openMs: number;
  readonly requests: readonly RequestCost[];
}

const program = path.resolve("test", "bench", "steps.py");

/** Line numbers of steps.py. */
const depositLine = 16;
const appendLine = 33;
const markLine = 38;

/** In the frame of main(), which runs from the beginning to the end. */
const questions: readonly (readonly [name: string, command: string, args: object])[] = [
  ["history of a local", "history", { expression: "balance", count: 20 }],
  ["history of an attribute", "history", { expression: "account.balance", count: 20 }],
  ["history of an item", "history", { expression: "recent[0]", count: 20 }],
  ["last write of a local, just before", "lastWrite", { expression: "number" }],
  ["last write of a local, at the beginning", "lastWrite", { expression: "early" }],
  ["last write of an entry, at the beginning", "lastWrite", { expression: "latest['mark']" }],
  ["last write of an attribute, at the beginning", "lastWrite", { expression: "account.owner" }],
  ["origin of a local", "origin", { expression: "balance" }],
  ["executions of a line", "executions", { path: program, line: appendLine, what: "line", backward: true }],
  ["calls of a function", "executions", { path: program, line: depositLine, what: "function" }],
  ["calls of main()", "callTree", { frame: 2 }],
  ["search by function and argument", "callTree", { function: "label", argument: "owner 7", count: 20 }],
  ["exceptions", "exceptions", {}],
  ["output", "output", {}],
  ["why did this line not run", "why", { line: markLine }],
  ["changes of an object", "object", { expression: "recent", what: "changes", count: 20 }],
  ["who holds an object", "object", { expression: "account", what: "holders" }],
  ["life of an object", "object", { expression: "account", what: "life" }],
  ["tasks", "tasks", {}],
];

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Records steps.py, unless that was done before. */
function recordingOf(interpreter: Interpreter, times: number): string {
  const recorder = hasNative(interpreter) ? "native" : "auto";
  const file = path.join(folder, `requests-${interpreter.version}-${times}.hindsight`);
  rmSync(file, { force: true });
  const record = [interpreter.path, "-m", "pytracer", "record", "--recorder", recorder, "-o", file];
  timeCommand([...record, program, String(rounds * times)]);
  if (!existsSync(file)) throw new Error(`${interpreter.version} recorded nothing`);
  return file;
}

async function open(recording: string): Promise<{ readonly client: DapClient; readonly openMs: number }> {
  const started = performance.now();
  const client = new DapClient();
  await client.request("initialize", { adapterID: "hindsight", linesStartAt1: true, columnsStartAt1: true });
  const initialized = client.event("initialized");
  const stopped = client.event("stopped");
  const launched = client.request("launch", { recording: path.resolve(recording) });
  await initialized;
  await client.request("configurationDone");
  await launched;
  await stopped;
  return { client, openMs: performance.now() - started };
}

/** The frame of main() at the current moment; undefined outside of it. */
async function mainFrame(client: DapClient, threadId: number): Promise<number | undefined> {
  const stack = list(field(await client.request("stackTrace", { threadId }), "stackFrames"));
  const id = field(
    stack.find((one) => field(one, "name") === "main"),
    "id",
  );
  return typeof id === "number" ? id : undefined;
}

/** `times`: how many million steps. */
export async function measureRequests(interpreter: Interpreter, times: number, samples: number): Promise<RequestCosts> {
  const { client, openMs } = await open(recordingOf(interpreter, times));
  const steps = Number(field(await client.request("hindsight/moment"), "lastStep"));
  const random = randomNumbers(20_260_102);
  const taken = new Map<string, number[]>(questions.map(([name]) => [name, []]));
  for (let sample = 0; sample < samples; sample++) {
    // From the first tenth on: the mark is there then.
    const step = Math.floor(steps * (0.1 + 0.85 * random()));
    const threadId = Number(field(await client.travel("hindsight/seek", { step }), "threadId"));
    const frameId = await mainFrame(client, threadId);
    for (const [name, command, args] of questions) {
      const started = performance.now();
      await client.request(`hindsight/${command}`, { ...args, frameId });
      taken.get(name)?.push(performance.now() - started);
    }
  }
  await client.close();
  const requests = [...taken].map(([request, all]) => ({
    request,
    medianMs: median(all),
    p90Ms: quantile(all, 0.9),
  }));
  return { python: interpreter.version, steps: steps + 1, openMs, requests };
}
