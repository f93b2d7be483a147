// Opens a recording for questions about time: the implementation of `timeTravel.ts`.
import type { CodeObjectWrapper } from "../python/codeObject.ts";
import type { ByteSource, Codecs } from "../wire/byteSource.ts";
import * as f from "../wire/format.ts";
import { BreakpointHits, type Hit } from "./breakpointHits.ts";
import { History } from "./history.ts";
import { Movements } from "./movements.ts";
import { Past } from "./past.ts";
import { summaryOf } from "./summary.ts";
import type {
  Breakpoints,
  ExceptionView,
  FrameView,
  Moment,
  Movement,
  ObjectView,
  RecordingSummary,
  ScopesView,
  ThreadView,
  TimeTravel,
  Value,
} from "./timeTravel.ts";
import { UncaughtRaises } from "./uncaughtRaises.ts";
import { Views } from "./views.ts";

const FIRST: Moment = { step: 0, event: 0 };

/**
 * `tail` is the unsealed end beside a recording that is being written, or was left behind by a process that was killed.
 * Throws UserError when the file is no recording, or of an unknown version.
 */
export function openRecording(file: ByteSource, tail: ByteSource | undefined, codecs: Codecs): TimeTravel {
  const travel = new RecordedTime(new History(file, tail, codecs));
  travel.refresh();
  return travel;
}

class RecordedTime implements TimeTravel {
  readonly past: Past;
  readonly #history: History;
  readonly #views: Views;
  readonly #movements: Movements;
  readonly #uncaught: UncaughtRaises;
  #summary: RecordingSummary;

  constructor(history: History) {
    this.#history = history;
    this.#views = new Views(history);
    this.past = new Past(history, this.#views);
    this.#movements = new Movements(history, this.#views);
    this.#uncaught = new UncaughtRaises(history, this.#views);
    this.#summary = summaryOf(history);
  }

  get summary(): RecordingSummary {
    return this.#summary;
  }

  get first(): Moment {
    return FIRST;
  }

  get last(): Moment {
    return this.#history.momentOf(this.#history.lastEvent);
  }

  refresh(): void {
    this.#history.refresh();
    this.#views.forget();
    this.#uncaught.forget();
    this.#summary = summaryOf(this.#history);
  }

  close(): void {
    this.#history.recording.close();
  }

  isInside({ step, event }: Moment): boolean {
    if (!Number.isInteger(step) || !Number.isInteger(event)) return false;
    return step >= 0 && step < this.#history.steps && event >= 0 && event <= this.endOf(step).event;
  }

  endOf(step: number): Moment {
    const clamped = Math.min(Math.max(Math.trunc(step), 0), this.#history.steps - 1);
    return this.#history.momentOf(this.#history.endOfStep(clamped));
  }

  threadAt(moment: Moment): number {
    return this.#threadOfEvent(this.#history.eventOf(moment));
  }

  threadsAt(moment: Moment): readonly ThreadView[] {
    return this.#views.threads(this.#history.eventOf(moment));
  }

  stackAt(moment: Moment, thread: number): readonly FrameView[] {
    const threadIndex = this.#history.recording.knownThreadIndex(thread);
    return threadIndex === undefined ? [] : this.#views.stack(this.#history.eventOf(moment), threadIndex);
  }

  frameAt(moment: Moment, frame: number): FrameView | undefined {
    return this.#views.frame(this.#history.eventOf(moment), frame);
  }

  scopesAt(moment: Moment, frame: number): ScopesView | undefined {
    return this.#views.scopes(this.#history.eventOf(moment), frame);
  }

  objectAt(moment: Moment, object: number): ObjectView | undefined {
    return this.#views.object(this.#history.eventOf(moment), object);
  }

  generatorAt(moment: Moment, object: number): ReturnType<TimeTravel["generatorAt"]> {
    const view = this.objectAt(moment, object);
    const isGenerator = view?.kind === "generator" || view?.kind === "coroutine" || view?.kind === "asyncGenerator";
    if (!isGenerator || view.value?.kind !== "int") return undefined;
    const frame = Number(view.value.value);
    const last = this.#history.frameEventBackward(this.#history.eventOf(moment) + 1, frame);
    return { frame, state: last < 0 ? "CREATED" : generatorState(this.#history.kindAt(last)) };
  }

  exceptionAt(moment: Moment, thread: number): ExceptionView | undefined {
    const threadIndex = this.#history.recording.knownThreadIndex(thread);
    if (threadIndex === undefined) return undefined;
    const event = this.#history.eventOf(moment);
    const value = this.#exceptionValue(event, threadIndex);
    if (value === undefined) return undefined;
    const object = value.kind === "object" ? this.#views.object(event, value.object) : undefined;
    const message = object?.items.length === 1 ? object.items[0] : undefined;
    return {
      value,
      type: object?.type ?? "",
      text: message?.kind === "str" ? message.text : undefined,
      uncaught: this.#uncaught.isUncaught(value),
    };
  }

  output(from: Moment, to: Moment): ReturnType<TimeTravel["output"]> {
    const isFromStart = from.step <= 0 && from.event <= 0;
    const after = isFromStart ? -1 : this.#history.eventOf(from);
    const end = this.#history.eventOf(to);
    return this.#history.index.outputs
      .filter((event) => event > after && event <= end)
      .map((event) => {
        const block = this.#history.blockAt(event);
        const cursor = block.operands(event - block.firstEvent);
        const stream = cursor.u8() === 2 ? "stderr" : "stdout";
        return { moment: this.#history.momentOf(event), stream, text: cursor.text() } as const;
      });
  }

  next(from: Moment, thread: number, breakpoints: Breakpoints): Movement {
    return this.#forward(from, thread, breakpoints, (event, index) => this.#movements.next(event, index));
  }

  stepBack(from: Moment, thread: number, breakpoints: Breakpoints): Movement {
    return this.#backward(from, thread, breakpoints, (event, index) => this.#movements.stepBack(event, index));
  }

  stepIn(from: Moment, thread: number, breakpoints: Breakpoints): Movement {
    return this.#forward(from, thread, breakpoints, (event, index) => this.#movements.stepIn(event, index));
  }

  stepBackInto(from: Moment, thread: number, breakpoints: Breakpoints): Movement {
    return this.#backward(from, thread, breakpoints, (event, index) => this.#movements.stepBackInto(event, index));
  }

  stepOut(from: Moment, thread: number, breakpoints: Breakpoints): Movement {
    return this.#forward(from, thread, breakpoints, (event, index) => this.#movements.stepOut(event, index));
  }

  stepBackOut(from: Moment, thread: number, breakpoints: Breakpoints): Movement {
    return this.#backward(from, thread, breakpoints, (event, index) => this.#movements.stepBackOut(event, index));
  }

  continueForward(from: Moment, breakpoints: Breakpoints): Movement {
    const hit = this.#hits(breakpoints).first(this.#history.eventOf(from), this.#history.lastEvent);
    return hit === undefined ? this.#atEnd() : this.#atHit(hit);
  }

  continueBackward(from: Moment, breakpoints: Breakpoints): Movement {
    const hit = this.#hits(breakpoints).last(this.#history.eventOf(from), this.#firstEvent());
    return hit === undefined ? this.#atStart() : this.#atHit(hit);
  }

  executionsAround(from: Moment, file: string, line: number): ReturnType<TimeTravel["executionsAround"]> {
    const breakpoints = { lines: [{ id: 0, file, line }], raised: false, uncaught: false };
    const hits = this.#hits(breakpoints);
    const event = this.#history.eventOf(from);
    const { lastEvent } = this.#history;
    const momentOf = (hit: Hit | undefined): Moment | undefined =>
      hit === undefined ? undefined : this.#history.momentOf(hit.event);
    return {
      first: momentOf(hits.first(-1, lastEvent)),
      previous: momentOf(hits.last(event, 0)),
      next: momentOf(hits.first(event, lastEvent)),
      last: momentOf(hits.last(lastEvent + 1, 0)),
    };
  }

  startOfFrame(_moment: Moment, frame: number): Moment | undefined {
    const event = this.#history.findForward(
      this.#history.index.frames,
      frame,
      -1,
      ({ kind, subject }, row) => subject[row] === frame && kind[row] === f.OP_LINE_AT,
    );
    return event < 0 ? undefined : this.#history.momentOf(event);
  }

  executionCounts(file: string): ReturnType<TimeTravel["executionCounts"]> {
    const { recording, index } = this.#history;
    const lines = [...recording.lineKeys.linesOf(file)]
      .map(([line, keys]) => ({ line, count: sum(keys.map((key) => index.lineCounts.get(key))) }))
      .filter(({ line, count }) => line > 0 && count > 0)
      .toSorted((a, b) => a.line - b.line);
    const functions = new Map<string, { name: string; line: number; calls: number }>();
    for (const code of recording.registry.byFile(file)) {
      const calls = index.callCounts.get(code.id);
      if (code.kind === "body" || calls === 0) continue;
      const { qualifiedName: name, firstLine: line } = code.fields;
      const key = `${line} ${name}`;
      functions.set(key, { name, line, calls: calls + (functions.get(key)?.calls ?? 0) });
    }
    return { functions: [...functions.values()].toSorted((a, b) => a.line - b.line), lines };
  }

  breakableLines(file: string): readonly number[] {
    const codes = this.#history.recording.registry.byFile(file);
    return [...new Set(codes.flatMap(linesOf))].toSorted((a, b) => a - b);
  }

  sourceText(source: number): { readonly file: string; readonly text: string } | undefined {
    return this.#history.recording.source(source);
  }

  sourceOf(file: string): number | undefined {
    return this.#history.recording.sourceOf(file);
  }

  files(): readonly string[] {
    return this.#history.recording.registry.files();
  }

  /** Event number of the first moment. */
  #firstEvent(): number {
    return this.#history.eventOf(FIRST);
  }

  #hits(breakpoints: Breakpoints): BreakpointHits {
    return new BreakpointHits(this.#history, this.#uncaught, breakpoints);
  }

  #forward(from: Moment, thread: number, breakpoints: Breakpoints, target: Target): Movement {
    const threadIndex = this.#history.recording.knownThreadIndex(thread);
    if (threadIndex === undefined) return staying(from, thread);
    const event = this.#history.eventOf(from);
    const found = target(event, threadIndex);
    if (found < 0 && !this.#runsAtEnd(threadIndex)) return staying(from, thread);
    const end = found < 0 ? this.#history.lastEvent : found;
    const hit = this.#hits(breakpoints).first(event, end);
    if (hit !== undefined) return this.#atHit(hit);
    return found < 0 ? this.#atEnd() : this.#at(found, { kind: "step" });
  }

  #backward(from: Moment, thread: number, breakpoints: Breakpoints, target: Target): Movement {
    const threadIndex = this.#history.recording.knownThreadIndex(thread);
    if (threadIndex === undefined) return staying(from, thread);
    const event = this.#history.eventOf(from);
    const start = this.#firstEvent();
    const found = target(event, threadIndex);
    if (found < 0 && !this.#runsAtStart(threadIndex)) return staying(from, thread);
    const hit = this.#hits(breakpoints).last(event, found < 0 ? start : found);
    if (hit !== undefined) return this.#atHit(hit);
    return found < 0 ? this.#atStart() : this.#at(found, { kind: "step" });
  }

  /** Whether the thread was still there when the recording ended. */
  #runsAtEnd(threadIndex: number): boolean {
    const { lastEvent, index } = this.#history;
    return index.threads.isAlive(threadIndex, lastEvent);
  }

  /** Whether the thread made the first step. */
  #runsAtStart(threadIndex: number): boolean {
    return this.#history.threadIndexAt(this.#firstEvent()) === threadIndex;
  }

  #at(event: number, reason: Movement["reason"]): Movement {
    return { moment: this.#history.momentOf(event), thread: this.#threadOfEvent(event), reason };
  }

  #atHit(hit: Hit): Movement {
    return this.#at(
      hit.event,
      hit.kind === "breakpoint" ? { kind: "breakpoint", ids: hit.ids } : { kind: "exception", uncaught: hit.uncaught },
    );
  }

  #atEnd(): Movement {
    return this.#at(this.#history.lastEvent, { kind: "end" });
  }

  #atStart(): Movement {
    return this.#at(this.#firstEvent(), { kind: "start" });
  }

  /** 0 in an empty history. */
  #threadOfEvent(event: number): number {
    if (event < 0) return 0;
    return this.#history.recording.threads[this.#history.threadIndexAt(event)] ?? 0;
  }

  /** The exception that surfaces in the thread: raised, or leaving a frame, and nothing ran since. */
  #exceptionValue(event: number, threadIndex: number): Value | undefined {
    const end = this.#uncaught.programEnd();
    if (end !== undefined && end.threadIndex === threadIndex && event >= end.event) return end.value;
    const last = this.#history.findBackward(
      this.#history.index.threadEvents,
      threadIndex,
      event + 1,
      ({ kind, thread }, row) => thread[row] === threadIndex && (kind[row] ?? 0) < f.OP_WRITE,
    );
    if (last < 0) return undefined;
    const kind = this.#history.kindAt(last);
    if (kind !== f.OP_RAISE && kind !== f.OP_UNWIND) return undefined;
    return this.#views.operand(last, (cursor) => {
      if (kind === f.OP_UNWIND) return;
      cursor.uv();
      cursor.u8();
    });
  }
}

type Target = (event: number, threadIndex: number) => number;

function staying(moment: Moment, thread: number): Movement {
  return { moment, thread, reason: { kind: "noMoreSteps" } };
}

function generatorState(lastEvent: number): "RUNNING" | "SUSPENDED" | "CLOSED" {
  if (lastEvent === f.OP_YIELD) return "SUSPENDED";
  const isOver = lastEvent === f.OP_RETURN || lastEvent === f.OP_UNWIND || lastEvent === f.OP_DROPPED;
  return isOver ? "CLOSED" : "RUNNING";
}

function linesOf(code: CodeObjectWrapper): readonly number[] {
  return code.lineTable.lines();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
