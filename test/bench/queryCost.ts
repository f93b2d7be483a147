// How fast does a debug client get its answers from a recording of a million steps? Through the adapter, as in VS Code.
import { readFileSync } from "node:fs";
import path from "node:path";
import { DapClient, field } from "./dapClient.ts";
import { median, quantile } from "./measure.ts";
import { randomNumbers } from "./randomNumbers.ts";

export interface QueryCost {
  /** Milliseconds from the start of the adapter to its first stop in the recording. */
  readonly openMs: number;
  /** Milliseconds of stepBack, stackTrace, scopes and variables of every scope together. */
  readonly stepBackMedianMs: number;
  readonly stepBackP99Ms: number;
  readonly stepBackSamples: number;
  readonly reverseContinueMs: number;
  readonly reverseContinueSteps: number;
  /** Megabytes of the adapter at its largest; undefined where the system does not tell. */
  readonly adapterMegabytes: number | undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

async function lookAround(client: DapClient, threadId: number): Promise<void> {
  const stack = await client.request("stackTrace", { threadId, startFrame: 0, levels: 20 });
  const frameId = field(list(field(stack, "stackFrames"))[0], "id");
  const scopes = await client.request("scopes", { frameId });
  for (const scope of list(field(scopes, "scopes"))) {
    if (field(scope, "expensive") === true) continue;
    await client.request("variables", { variablesReference: field(scope, "variablesReference") });
  }
}

function peakMegabytes(processId: number): number | undefined {
  try {
    const status = readFileSync(`/proc/${processId}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB/mu.exec(status)?.[1]) / 1024;
  } catch {
    return undefined;
  }
}

/** One-based number of the line of steps.py that runs once, early. */
function markedLine(program: string): number {
  return (
    readFileSync(program, "utf8")
      .split("\n")
      .findIndex((line) => line.includes('"mark"')) + 1
  );
}

/** Opens a recording of steps.py in a fresh adapter and measures. */
export async function measureQueries(recording: string, samples: number): Promise<QueryCost> {
  const started = performance.now();
  const client = new DapClient();
  await client.request("initialize", { adapterID: "hindsight", linesStartAt1: true, columnsStartAt1: true });
  const initialized = client.event("initialized");
  const stopped = client.event("stopped");
  const launched = client.request("launch", { recording: path.resolve(recording) });
  await initialized;
  await client.request("configurationDone");
  await launched;
  let threadId = Number(field(await stopped, "threadId"));
  const openMs = performance.now() - started;

  const moment = await client.request("hindsight/moment");
  const lastStep = Number(field(moment, "lastStep"));
  const random = randomNumbers(20_260_101);
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const at = await client.travel("hindsight/seek", { step: 1 + Math.floor(random() * (lastStep - 1)) });
    threadId = Number(field(at, "threadId"));
    const before = performance.now();
    await client.travel("stepBack", { threadId });
    await lookAround(client, threadId);
    times.push(performance.now() - before);
  }

  const program = path.resolve("test", "bench", "steps.py");
  await client.request("setBreakpoints", { source: { path: program }, breakpoints: [{ line: markedLine(program) }] });
  await client.travel("hindsight/seek", { step: lastStep });
  const before = performance.now();
  await client.travel("reverseContinue", { threadId });
  const reverseContinueMs = performance.now() - before;
  const landed = Number(field(await client.request("hindsight/moment"), "step"));
  const adapterMegabytes = peakMegabytes(client.processId);
  await client.close();
  return {
    openMs,
    stepBackMedianMs: median(times),
    stepBackP99Ms: quantile(times, 0.99),
    stepBackSamples: samples,
    reverseContinueMs,
    reverseContinueSteps: lastStep - landed,
    adapterMegabytes,
  };
}
