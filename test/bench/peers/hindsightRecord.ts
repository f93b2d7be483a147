// What a recording of this project holds, through its own command line and its adapter: what a user would see.
import { readFileSync } from "node:fs";
import path from "node:path";
import { DapClient, field } from "../dapClient.ts";
import { finish } from "./process.ts";
import type { Moment, RunRecord } from "./record.ts";

interface ListedStep {
  readonly step: number;
  readonly line: number;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

async function stepsOf(recording: string, file: string): Promise<readonly ListedStep[]> {
  const command = [process.execPath, "dist/hindsight.js", "steps", recording, "--json"];
  const { code, stdout, stderr } = await finish(command, { env: {}, limitSeconds: 120 });
  if (code !== 0) throw new Error(stderr);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line))
    .filter((one) => field(one, "file") === path.resolve(file))
    .map((one) => ({ step: Number(field(one, "step")), line: Number(field(one, "line")) }));
}

/** The number of the line that ends in "# word". */
function markedLine(file: string, word: string): number {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.findIndex((line) => line.endsWith(`  # ${word}`)) + 1;
}

function stepsAt(steps: readonly ListedStep[], file: string, word: string): readonly ListedStep[] {
  const marked = markedLine(file, word);
  return steps.filter(({ line }) => line === marked);
}

/** Parses the text of a number, of a list of numbers, or of a string without escapes; null for anything else. */
export function plainValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text.replace(/^'([^'\\]*)'$/u, '"$1"'));
    return value;
  } catch {
    return null;
  }
}

/** The past of one recording, moment by moment. */
class Past {
  readonly #client = new DapClient();
  #frameId: unknown = 0;

  async open(recording: string): Promise<void> {
    await this.#client.request("initialize", { adapterID: "hindsight", linesStartAt1: true, columnsStartAt1: true });
    const initialized = this.#client.event("initialized");
    const stopped = this.#client.event("stopped");
    const launched = this.#client.request("launch", { recording: path.resolve(recording) });
    await initialized;
    await this.#client.request("configurationDone");
    await launched;
    await stopped;
  }

  async seek(step: number): Promise<void> {
    const threadId = field(await this.#client.travel("hindsight/seek", { step }), "threadId");
    const stack = await this.#client.request("stackTrace", { threadId, startFrame: 0, levels: 1 });
    this.#frameId = field(list(field(stack, "stackFrames"))[0], "id");
  }

  /** The text of the expression's value; empty when there is none. */
  async text(expression: string): Promise<string> {
    const asked = this.#client.request("evaluate", { expression, frameId: this.#frameId, context: "repl" });
    const result = field(await asked.catch(() => undefined), "result");
    return typeof result === "string" ? result : "";
  }

  async moment(): Promise<Moment> {
    const [values, attribute, item] = [
      await this.text("basket"),
      await this.text("box.name"),
      await this.text("big[1500]"),
    ];
    return { list: plainValue(values), attribute: plainValue(attribute), item: plainValue(item) };
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

/** Only the lines: quick, and works on a recording that is being made. */
export async function hindsightLines(recording: string, file: string): Promise<RunRecord> {
  const lines = new Map<number, number>();
  for (const { line } of await stepsOf(recording, file)) lines.set(line, (lines.get(line) ?? 0) + 1);
  const none = { before: undefined, after: undefined, hasIdentity: undefined, said: undefined };
  return { ...none, lines, calls: new Map(), rounds: [] };
}

/** The lines, and what the adapter says at the marked moments. */
export async function hindsightRecord(recording: string, file: string): Promise<RunRecord> {
  const steps = await stepsOf(recording, file);
  const past = new Past();
  await past.open(recording);
  const rounds: string[] = [];
  for (const { step } of stepsAt(steps, file, "round")) {
    await past.seek(step);
    const values = plainValue(await past.text("[number, total, doubled]"));
    if (values !== null) rounds.push(JSON.stringify(values));
  }
  const moments: (Moment | undefined)[] = [];
  let hasIdentity: boolean | undefined;
  for (const word of ["before", "after"]) {
    const [first] = stepsAt(steps, file, word);
    if (first === undefined) continue;
    await past.seek(first.step);
    moments.push(await past.moment());
    if (word !== "before") continue;
    const answers = `${await past.text("basket is alias")} ${await past.text("basket is twin")}`;
    hasIdentity = answers.trim() === "" ? undefined : answers === "True False";
  }
  await past.close();
  const [before, after] = moments;
  return { ...(await hindsightLines(recording, file)), rounds, before, after, hasIdentity };
}
