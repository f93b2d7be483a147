// A session on a finished recording, watched from outside: how long each question takes, and what it costs the adapter.
import { readFileSync } from "node:fs";
import path from "node:path";
import { DapClient, field } from "./dapClient.ts";

/** Milliseconds on the wall, and of CPU of the adapter's main thread; the second is not known on every system. */
export interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function cpuMilliseconds(processId: number): number {
  try {
    return Number(readFileSync(`/proc/${processId}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
}

/** Megabytes of a process at its largest; undefined where the system does not tell. */
export function peakMegabytes(processId: number): number | undefined {
  try {
    const status = readFileSync(`/proc/${processId}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB/mu.exec(status)?.[1]) / 1024;
  } catch {
    return undefined;
  }
}

export class AdapterRun {
  readonly client = new DapClient();
  #threadId = 0;

  get processId(): number {
    return this.client.processId;
  }

  async cost(work: () => Promise<unknown>): Promise<Cost> {
    const [wall, cpu] = [performance.now(), cpuMilliseconds(this.processId)];
    await work();
    return { wall: performance.now() - wall, cpu: cpuMilliseconds(this.processId) - cpu };
  }

  async initialize(): Promise<void> {
    await this.client.request("initialize", {
      adapterID: "hindsight",
      linesStartAt1: true,
      columnsStartAt1: true,
      supportsInvalidatedEvent: true,
    });
  }

  /** From the launch request to the first stop. */
  async open(recording: string): Promise<void> {
    const initialized = this.client.event("initialized");
    const stopped = this.client.event("stopped");
    const launched = this.client.request("launch", { recording: path.resolve(recording) });
    await initialized;
    await this.client.request("configurationDone");
    await launched;
    this.#threadId = Number(field(await stopped, "threadId"));
  }

  async moment(): Promise<{ readonly step: number; readonly lastStep: number }> {
    const moment = await this.client.request("hindsight/moment");
    return { step: Number(field(moment, "step")), lastStep: Number(field(moment, "lastStep")) };
  }

  async seek(step: number): Promise<void> {
    this.#threadId = Number(field(await this.client.travel("hindsight/seek", { step }), "threadId"));
  }

  async move(command: string): Promise<void> {
    const stopped = await this.client.travel(command, { threadId: this.#threadId });
    this.#threadId = Number(field(stopped, "threadId"));
  }

  /** Stack, scopes, and the variables of each cheap scope, as a debugger's views ask; their expandable values if wanted. */
  async lookAround(isExpanded: boolean): Promise<number> {
    const stack = await this.client.request("stackTrace", { threadId: this.#threadId, startFrame: 0, levels: 20 });
    const frameId = field(list(field(stack, "stackFrames"))[0], "id");
    const scopes = await this.client.request("scopes", { frameId });
    let shown = 0;
    for (const scope of list(field(scopes, "scopes"))) {
      if (field(scope, "expensive") === true) continue;
      const variables = await this.#variables(field(scope, "variablesReference"));
      shown += variables.length;
      if (!isExpanded) continue;
      for (const variable of variables) {
        const reference = field(variable, "variablesReference");
        if (reference !== 0) shown += (await this.#variables(reference)).length;
      }
    }
    return shown;
  }

  async #variables(variablesReference: unknown): Promise<readonly unknown[]> {
    return list(field(await this.client.request("variables", { variablesReference }), "variables"));
  }
}

/** A generator of pseudo-random numbers from 0 to 1, the same in each run. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
