// What the debug session and the command line answer, checked: nothing untyped goes further into the extension.
import type { ExecutionCountsResponse, MomentResponse } from "../protocol/customRequests.ts";

/** Any object, its properties still unknown. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `hindsight/moment`; undefined when the answer has another shape. */
export function parseMoment(answer: unknown): MomentResponse | undefined {
  if (!isRecord(answer)) return undefined;
  const { step, event, firstStep, lastStep, atLiveEdge, threadId, isIndexed } = answer;
  if (typeof step !== "number" || typeof event !== "number" || typeof threadId !== "number") return undefined;
  if (typeof firstStep !== "number" || typeof lastStep !== "number" || typeof atLiveEdge !== "boolean")
    return undefined;
  if (typeof isIndexed !== "boolean") return undefined;
  return { step, event, firstStep, lastStep, atLiveEdge, threadId, isIndexed };
}

/** `hindsight/executions`; undefined when the answer has another shape. */
export function parseExecutions(answer: unknown): ExecutionCountsResponse | undefined {
  if (!isRecord(answer)) return undefined;
  const { path, sourceMatches, functions, lines } = answer;
  if (typeof path !== "string" || typeof sourceMatches !== "boolean") return undefined;
  if (!Array.isArray(functions) || !Array.isArray(lines)) return undefined;
  const calls = functions.map(parseFunction);
  const counts = lines.map(parseLine);
  return {
    path,
    sourceMatches,
    functions: calls.filter((one) => one !== undefined),
    lines: counts.filter((one) => one !== undefined),
  };
}

function parseFunction(one: unknown): ExecutionCountsResponse["functions"][number] | undefined {
  if (!isRecord(one)) return undefined;
  const { name, line, calls } = one;
  if (typeof name !== "string" || typeof line !== "number" || typeof calls !== "number") return undefined;
  return { name, line, calls };
}

function parseLine(one: unknown): ExecutionCountsResponse["lines"][number] | undefined {
  if (!isRecord(one)) return undefined;
  const { line, count } = one;
  return typeof line === "number" && typeof count === "number" ? { line, count } : undefined;
}

/** What `hindsight info FILE --json` says of a recording. */
export interface RecordingSummary {
  readonly steps: number;
  readonly events: number;
  readonly threads: number;
  readonly recorder: string;
  readonly python: string;
  /** True when the end of the program was recorded. */
  readonly complete: boolean;
  readonly exitCode: number | undefined;
  readonly argv: readonly string[];
  readonly cwd: string | undefined;
  /** One sentence for each thing that is missing or damaged. */
  readonly notes: readonly string[];
}

/** Undefined when the answer lacks what every summary has. */
export function parseSummary(answer: unknown): RecordingSummary | undefined {
  if (!isRecord(answer)) return undefined;
  const { steps, events, threads, recorder, python, complete, exitCode, argv, cwd, notes } = answer;
  const threadCount = Array.isArray(threads) ? threads.length : threads;
  if (typeof steps !== "number" || typeof events !== "number" || typeof threadCount !== "number") return undefined;
  if (typeof recorder !== "string" || typeof python !== "string" || typeof complete !== "boolean") return undefined;
  return {
    steps,
    events,
    threads: threadCount,
    recorder,
    python,
    complete,
    exitCode: typeof exitCode === "number" ? exitCode : undefined,
    argv: strings(argv),
    cwd: typeof cwd === "string" ? cwd : undefined,
    notes: strings(notes),
  };
}

function strings(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
