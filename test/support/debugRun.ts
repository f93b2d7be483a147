// A whole debug session in a few words, for tests: launch, breakpoints, movements, and what is seen at a stop.
import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { DapClient, json, list, type HeardEvent, type Json } from "./dapClient.ts";

export interface Stop {
  readonly reason: string;
  readonly description: string;
  readonly text: string;
  readonly threadId: number;
  readonly hitBreakpointIds: readonly number[];
}

export interface SeenMoment {
  readonly step: number;
  readonly event: number;
  readonly firstStep: number;
  readonly lastStep: number;
  readonly atLiveEdge: boolean;
  readonly threadId: number;
}

export interface SeenVariable {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  readonly reference: number;
  readonly indexed: number;
  readonly named: number;
  readonly evaluateName: string | undefined;
  readonly readOnly: boolean;
}

/** A folder of its own with the files given. */
export function folderWith(files: { readonly [name: string]: string }): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "hindsight-test-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function stopOf({ body }: HeardEvent): Stop {
  return {
    reason: textOf(body["reason"]),
    description: textOf(body["description"]),
    text: textOf(body["text"]),
    threadId: Number(body["threadId"]),
    hitBreakpointIds: Array.isArray(body["hitBreakpointIds"]) ? body["hitBreakpointIds"].map(Number) : [],
  };
}

export function variableOf(one: Json): SeenVariable {
  const attributes = json(one["presentationHint"])["attributes"];
  return {
    name: textOf(one["name"]),
    value: textOf(one["value"]),
    type: textOf(one["type"]),
    reference: Number(one["variablesReference"]),
    indexed: Number(one["indexedVariables"] ?? 0),
    named: Number(one["namedVariables"] ?? 0),
    evaluateName: typeof one["evaluateName"] === "string" ? one["evaluateName"] : undefined,
    readOnly: Array.isArray(attributes) && attributes.includes("readOnly"),
  };
}

const initialize = {
  adapterID: "hindsight",
  linesStartAt1: true,
  columnsStartAt1: true,
  supportsInvalidatedEvent: true,
};

export class DebugRun {
  readonly client: DapClient;
  /** The last stop. */
  stop: Stop = { reason: "", description: "", text: "", threadId: 0, hitBreakpointIds: [] };

  constructor(client = new DapClient()) {
    this.client = client;
  }

  /** Up to `initialized`; fails with the message of a failed launch. */
  async launch(args: Json, capabilities: Json = {}): Promise<void> {
    await this.client.must("initialize", { ...initialize, ...capabilities });
    await this.client.must("launch", { console: "internalConsole", ...args });
    await this.client.next("initialized");
  }

  /** Sets the breakpoints of a file and gives the answers. */
  async setBreakpoints(file: string, lines: readonly number[]): Promise<readonly Json[]> {
    const breakpoints = lines.map((line) => ({ line }));
    return list((await this.client.must("setBreakpoints", { source: { path: file }, breakpoints }))["breakpoints"]);
  }

  /** Lets it begin, and waits for the first stop. */
  async start(): Promise<Stop> {
    await this.client.must("configurationDone");
    return this.nextStop();
  }

  /** Everything up to the first stop. */
  async begin(args: Json, breakpoints: { readonly [file: string]: readonly number[] } = {}): Promise<Stop> {
    await this.launch(args);
    for (const [file, lines] of Object.entries(breakpoints)) await this.setBreakpoints(file, lines);
    return this.start();
  }

  async nextStop(): Promise<Stop> {
    this.stop = stopOf(await this.client.next("stopped"));
    return this.stop;
  }

  /** A movement: request, then the stop that follows it. */
  async move(command: string, args: Json = {}): Promise<Stop> {
    await this.client.must(command, { threadId: this.stop.threadId, ...args });
    return this.nextStop();
  }

  async seek(step: number, event?: number | "last"): Promise<Stop> {
    await this.client.must("hindsight/seek", { step, ...(event === undefined ? {} : { event }) });
    return this.nextStop();
  }

  async moment(): Promise<SeenMoment> {
    const body = await this.client.must("hindsight/moment");
    return {
      step: Number(body["step"]),
      event: Number(body["event"]),
      firstStep: Number(body["firstStep"]),
      lastStep: Number(body["lastStep"]),
      atLiveEdge: body["atLiveEdge"] === true,
      threadId: Number(body["threadId"]),
    };
  }

  async frames(threadId = this.stop.threadId): Promise<readonly Json[]> {
    return list((await this.client.must("stackTrace", { threadId }))["stackFrames"]);
  }

  /** `main:8 < <module>:11` */
  async stack(threadId = this.stop.threadId): Promise<string> {
    const frames = await this.frames(threadId);
    return frames.map((frame) => `${textOf(frame["name"])}:${String(frame["line"])}`).join(" < ");
  }

  async frameId(depth = 0): Promise<number> {
    return Number((await this.frames())[depth]?.["id"]);
  }

  async scopes(depth = 0): Promise<ReadonlyMap<string, number>> {
    const body = await this.client.must("scopes", { frameId: await this.frameId(depth) });
    return new Map(list(body["scopes"]).map((one) => [textOf(one["name"]), Number(one["variablesReference"])]));
  }

  async children(reference: number, page: Json = {}): Promise<readonly SeenVariable[]> {
    const body = await this.client.must("variables", { variablesReference: reference, ...page });
    return list(body["variables"]).map((one) => variableOf(one));
  }

  /** Variables of a scope by name, without the module's own dunder names. */
  async variables(scope = "Locals", depth = 0): Promise<ReadonlyMap<string, SeenVariable>> {
    const reference = (await this.scopes(depth)).get(scope);
    const all = reference === undefined ? [] : await this.children(reference);
    return new Map(all.filter((one) => !/^__\w+__$/u.test(one.name)).map((one) => [one.name, one]));
  }

  /** `a=1, b='x'` */
  async locals(depth = 0, scope = "Locals"): Promise<string> {
    return [...(await this.variables(scope, depth)).values()].map((one) => `${one.name}=${one.value}`).join(", ");
  }

  /** The result of an expression, or `error: …`. */
  async evaluate(expression: string, context = "repl", depth = 0): Promise<string> {
    const answer = await this.client.ask("evaluate", { expression, context, frameId: await this.frameId(depth) });
    return answer.success ? textOf(answer.body["result"]) : `error: ${answer.message}`;
  }

  async finish(): Promise<number | null> {
    await this.client.ask("disconnect");
    return this.client.exited();
  }
}
