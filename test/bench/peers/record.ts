// What a tool's output holds of a run, compared with what truly ran (records.py and truth.py make both).
import { field } from "../dapClient.ts";

/** What is said about the marked moments of probe.py; null: nothing. */
export interface Moment {
  readonly list: unknown;
  readonly attribute: unknown;
  readonly item: unknown;
}

export interface RunRecord {
  /** Line to how often it ran. */
  readonly lines: ReadonlyMap<number, number>;
  /** First line of a function to how often it was called or resumed. */
  readonly calls: ReadonlyMap<number, number>;
  /** Values of number, total and doubled, as JSON, one for each time that they are known. */
  readonly rounds: readonly string[];
  readonly before: Moment | undefined;
  readonly after: Moment | undefined;
  /** Whether one list under two names can be told from two equal lists; undefined without a record of them. */
  readonly hasIdentity: boolean | undefined;
  /** What the output says itself to have lost. */
  readonly said: string | undefined;
}

export interface Truth extends RunRecord {
  /** Line events of the program and of the script that runs it. */
  readonly steps: number;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function counts(value: unknown): ReadonlyMap<number, number> {
  if (typeof value !== "object" || value === null) throw new Error("no counts");
  return new Map(Object.entries(value).map(([line, times]) => [Number(line), Number(times)]));
}

function moment(value: unknown): Moment | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return { list: field(value, "list"), attribute: field(value, "attribute"), item: field(value, "item") };
}

/** Parses what records.py prints. */
export function parseRecord(text: string): RunRecord {
  const json: unknown = JSON.parse(text);
  const facts = field(json, "facts");
  const identity = field(facts, "identity");
  const said = field(json, "said");
  return {
    lines: counts(field(json, "lines")),
    calls: counts(field(json, "calls")),
    rounds: list(field(facts, "rounds")).map((one) => JSON.stringify(one)),
    before: moment(field(facts, "before")),
    after: moment(field(facts, "after")),
    hasIdentity: typeof identity === "boolean" ? identity : undefined,
    said: typeof said === "string" ? said : undefined,
  };
}

/** Parses what truth.py writes. */
export function parseTruth(text: string): Truth {
  const json: unknown = JSON.parse(text);
  return { ...parseRecord(text), steps: Number(field(json, "steps")) };
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** The share of what truly happened that is held, place by place: what is held too often counts once. */
export function heldShare(held: ReadonlyMap<number, number>, truth: ReadonlyMap<number, number>): number {
  const common = [...truth].map(([line, times]) => Math.min(times, held.get(line) ?? 0));
  return sum(common) / sum(truth.values());
}

/** The share of the true rounds whose values are all held. */
export function roundsShare(held: RunRecord, truth: RunRecord): number {
  const known = new Set(held.rounds);
  return truth.rounds.filter((one) => known.has(one)).length / truth.rounds.length;
}

/** "yes": true before and after; "wrong": something else is said; "no": nothing is said of one of them. */
export type Answer = "yes" | "wrong" | "no";

export function answer(held: RunRecord, truth: RunRecord, what: keyof Moment): Answer {
  const said = [held.before?.[what], held.after?.[what]];
  if (said.some((one) => one === undefined || one === null)) return "no";
  return JSON.stringify(said) === JSON.stringify([truth.before?.[what], truth.after?.[what]]) ? "yes" : "wrong";
}
