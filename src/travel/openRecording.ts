// Opens a recording for questions about time: the implementation of `timeTravel.ts`.
import { NotIndexedYet } from "../base/errors.ts";
import { type ColumnFile, PagedFile } from "../base/pagedFile.ts";
import type { CodeObjectWrapper } from "../python/codeObject.ts";
import type { ByteSource, Codecs } from "../wire/byteSource.ts";
import * as f from "../wire/format.ts";
import { recordedAsker } from "./breakpoints/recordedAsker.ts";
import { BreakpointTable } from "./breakpoints/breakpointTable.ts";
import { isNamed } from "./breakpoints/functionNames.ts";
import { found, type Hit, type Hits } from "./breakpoints/hits.ts";
import { variableTarget } from "./breakpoints/variableTarget.ts";
import { logged } from "./breakpoints/logged.ts";
import type { History } from "./history.ts";
import { IndexedHistory } from "./indexedHistory.ts";
import { Movements } from "./movements.ts";
import { NearbyHistory } from "./nearbyHistory.ts";
import { historyWith, saveIndex } from "./savedIndex.ts";
import { Past } from "./past.ts";
import { RecordedParts } from "./recordedParts.ts";
import { GlanceSummary, summaryOf } from "./summary.ts";
import type {
  Breakpoint,
  Breakpoints,
  DataTarget,
  ExceptionView,
  FrameView,
  LoggedMessage,
  LogPoint,
  Moment,
  Movement,
  MovementKind,
  ObjectView,
  RecordingSummary,
  ScopesView,
  Searching,
  ThreadView,
  TimeTravel,
  Value,
} from "./timeTravel.ts";
import { UncaughtRaises } from "./uncaughtRaises.ts";
import { Views } from "./views.ts";

/** So many blocks are indexed in memory before they go to disk. */
const RUN = 1024;

/** Writes the index of a recording's sealed blocks to a fresh file. Throws as `openRecording`. */
export function indexRecording(file: ByteSource, codecs: Codecs, to: ColumnFile, run = RUN): void {
  function indexed(pages: PagedFile): IndexedHistory {
    const history = new IndexedHistory(file, [], codecs, { open: () => pages, run });
    history.refresh();
    return history;
  }
  saveIndex(to, indexed, codecs);
}

/** What lies beside a recording. */
export interface Beside {
  /** The unsealed end of one that is being written, or was left behind by a process that was killed: FORMAT.md, section 7. */
  readonly tails?: readonly ByteSource[] | undefined;
  /** What `indexRecording` made of this file or of a beginning of it; one that does not fit is not used. */
  readonly index?: ColumnFile | undefined;
  /** Makes an empty file for what grows with a history; without one that stays in memory. */
  readonly scratch?: (() => ColumnFile | undefined) | undefined;
  readonly run?: number | undefined;
}

/** Throws UserError when the file is no recording, or of an unknown version. */
export function openRecording(file: ByteSource, codecs: Codecs, beside: Beside = {}): TimeTravel {
  const { index } = beside;
  const { history, parts } = openedWith(file, codecs, beside);
  const travel = new RecordedTime(history, parts, index);
  travel.refresh();
  return travel;
}

interface Opened {
  readonly history: History;
  readonly parts: RecordedParts;
}

/** Nothing is read yet but an index that fits. */
function openedWith(file: ByteSource, codecs: Codecs, beside: Beside): Opened {
  const { tails = [], index, scratch, run = RUN } = beside;
  function open(): PagedFile | undefined {
    const columns = scratch?.();
    return columns === undefined ? undefined : new PagedFile(columns, codecs);
  }
  // Each history has its own: a bounded recording's older ones are given back.
  function historyOf(bytes: ByteSource): IndexedHistory {
    return new IndexedHistory(bytes, tails, codecs, { open, run });
  }
  const indexed = index === undefined ? undefined : historyWith(index, () => historyOf(file), codecs);
  return { history: indexed ?? historyOf(file), parts: new RecordedParts(file, historyOf) };
}

/** A recording that is looked at before it is indexed. */
export interface Glance {
  /**
   * Until `complete` it answers what the blocks near a moment tell, and throws NotIndexedYet for the rest. No answer is
   * another one afterwards, but for the end: damage inside the file shows when it is indexed.
   */
  readonly travel: TimeTravel;
  /** From here on everything is answered; `beside` has the index. */
  readonly complete: (beside: Beside) => void;
}

/**
 * Reads the headers of a finished recording, and shows its end; undefined where more is needed for that, in one of
 * bounded size, and without a step.
 * Throws as `openRecording`.
 */
export function glanceAt(file: ByteSource, codecs: Codecs): Glance | undefined {
  const history = new NearbyHistory(file, codecs);
  history.refresh();
  if (history.isEmpty || history.recording.meta.maxRecordingSize > 0) return undefined;
  const travel = new RecordedTime(history, new RecordedParts(file, () => history), undefined);
  if (!canShowEnd(travel)) return undefined;
  return {
    travel,
    complete: (beside) => travel.complete(openedWith(file, codecs, beside), beside.index),
  };
}

/** Everything that answers from one history. */
interface Answering {
  readonly history: History;
  readonly views: Views;
  readonly movements: Movements;
  readonly uncaught: UncaughtRaises;
  readonly past: Past;
  readonly table: BreakpointTable;
}

function answeringFrom(history: History): Answering {
  const views = new Views(history);
  const movements = new Movements(history, views);
  const uncaught = new UncaughtRaises(history, views);
  const past = new Past(history, views, (value) => uncaught.isUncaught(value));
  const table = new BreakpointTable(history, views, uncaught, recordedAsker(history, views));
  return { history, views, movements, uncaught, past, table };
}

function canShowEnd(travel: TimeTravel): boolean {
  try {
    travel.stackAt(travel.last, travel.threadAt(travel.last));
    return true;
  } catch (error) {
    if (error instanceof NotIndexedYet) return false;
    throw error;
  }
}

class RecordedTime implements TimeTravel {
  #parts: RecordedParts;
  #index: ColumnFile | undefined;
  #answering: Answering;
  #summary: RecordingSummary;

  /** `index` is closed with it. */
  constructor(history: History, parts: RecordedParts, index: ColumnFile | undefined) {
    this.#parts = parts;
    this.#index = index;
    this.#answering = answeringFrom(history);
    this.#summary = history instanceof NearbyHistory ? new GlanceSummary(history) : summaryOf(history);
  }

  get past(): Past {
    return this.#answering.past;
  }

  get #history(): History {
    return this.#answering.history;
  }

  get #views(): Views {
    return this.#answering.views;
  }

  get #movements(): Movements {
    return this.#answering.movements;
  }

  get #uncaught(): UncaughtRaises {
    return this.#answering.uncaught;
  }

  get #table(): BreakpointTable {
    return this.#answering.table;
  }

  get summary(): RecordingSummary {
    const { loss } = this.#parts;
    return loss === undefined ? this.#summary : { ...this.#summary, notes: [loss, ...this.#summary.notes] };
  }

  get first(): Moment {
    return { step: this.#history.firstStep, event: 0 };
  }

  get firstThread(): number {
    return this.#history.firstThread();
  }

  get last(): Moment {
    return this.#history.momentOf(this.#history.lastEvent);
  }

  get isIndexed(): boolean {
    return !(this.#history instanceof NearbyHistory);
  }

  /** What is asked from now on is answered from another history of the same file. */
  complete({ history, parts }: Opened, index: ColumnFile | undefined): void {
    this.#parts = parts;
    this.#index = index;
    this.#answering = answeringFrom(history);
    this.refresh();
  }

  refresh(): void {
    if (!this.isIndexed) return;
    this.#history.refresh();
    const history = this.#parts.follow(this.#history);
    if (history !== this.#history) this.#answering = answeringFrom(history);
    this.#views.forget();
    this.#uncaught.forget();
    this.#summary = summaryOf(this.#history);
  }

  close(): void {
    this.#history.recording.close();
    this.#parts.close();
    this.#index?.close();
  }

  isInside({ step, event }: Moment): boolean {
    if (!Number.isInteger(step) || !Number.isInteger(event)) return false;
    const { firstStep, steps } = this.#history;
    return step >= firstStep && step < steps && event >= 0 && event <= this.endOf(step).event;
  }

  endOf(step: number): Moment {
    const { firstStep, steps } = this.#history;
    const clamped = Math.min(Math.max(Math.trunc(step), firstStep), steps - 1);
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
    const event = this.#history.eventOf(moment);
    const last = this.#history.frameEventBackward(event + 1, frame);
    if (last < 0 && frame > 0 && this.#history.recording.isEarlierFrame(frame))
      return { frame, state: this.#earlierState(event, frame) };
    return { frame, state: last < 0 ? "CREATED" : generatorState(this.#history.kindAt(last)) };
  }

  /** Of a generator that had begun to run before the history begins, and to which nothing has happened in it. */
  #earlierState(event: number, frame: number): "RUNNING" | "SUSPENDED" | "CLOSED" {
    if (this.#history.recording.statedFrame(frame) !== undefined) return "SUSPENDED";
    return this.#history.liveFrame(event, frame) === undefined ? "CLOSED" : "RUNNING";
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
    const isFromStart = from.step <= this.first.step && from.event <= 0;
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
    return found(this.moving("next", from, thread, breakpoints));
  }

  stepBack(from: Moment, thread: number, breakpoints: Breakpoints): Movement {
    return found(this.moving("stepBack", from, thread, breakpoints));
  }

  stepIn(from: Moment, thread: number, breakpoints: Breakpoints): Movement {
    return found(this.moving("stepIn", from, thread, breakpoints));
  }

  stepBackInto(from: Moment, thread: number, breakpoints: Breakpoints): Movement {
    return found(this.moving("stepBackInto", from, thread, breakpoints));
  }

  stepOut(from: Moment, thread: number, breakpoints: Breakpoints): Movement {
    return found(this.moving("stepOut", from, thread, breakpoints));
  }

  stepBackOut(from: Moment, thread: number, breakpoints: Breakpoints): Movement {
    return found(this.moving("stepBackOut", from, thread, breakpoints));
  }

  continueForward(from: Moment, breakpoints: Breakpoints): Movement {
    return found(this.#continueForward(from, breakpoints));
  }

  continueBackward(from: Moment, breakpoints: Breakpoints): Movement {
    return found(this.#continueBackward(from, breakpoints));
  }

  moving(kind: MovementKind, from: Moment, thread: number, breakpoints: Breakpoints): Searching<Movement> {
    const movements = this.#movements;
    switch (kind) {
      case "next":
        return this.#forward(from, thread, breakpoints, (event, index) => movements.next(event, index));
      case "stepBack":
        return this.#backward(from, thread, breakpoints, (event, index) => movements.stepBack(event, index));
      case "stepIn":
        return this.#forward(from, thread, breakpoints, (event, index) => movements.stepIn(event, index));
      case "stepBackInto":
        return this.#backward(from, thread, breakpoints, (event, index) => movements.stepBackInto(event, index));
      case "stepOut":
        return this.#forward(from, thread, breakpoints, (event, index) => movements.stepOut(event, index));
      case "stepBackOut":
        return this.#backward(from, thread, breakpoints, (event, index) => movements.stepBackOut(event, index));
      case "continueForward":
        return this.#continueForward(from, breakpoints);
      case "continueBackward":
        return this.#continueBackward(from, breakpoints);
    }
  }

  breakpointsAt(moment: Moment, breakpoints: Breakpoints): ReturnType<TimeTravel["breakpointsAt"]> {
    const event = this.#history.eventOf(moment);
    return found(this.#table.hits(breakpoints).first(event - 1, event)) ?? { ids: [], problems: [] };
  }

  *logged(point: LogPoint, from: Moment | undefined, to: Moment): Searching<readonly LoggedMessage[]> {
    const list = this.#table.listOf(point);
    if (list === undefined) return [];
    const after = from === undefined ? -1 : this.#history.eventOf(from);
    const messages = yield* logged(this.#history, this.#table.asker, list, point, after, this.#history.eventOf(to));
    return messages.map(({ event, text }) => ({
      moment: this.#history.momentOf(event),
      thread: this.#threadOfEvent(event),
      id: point.id,
      text,
    }));
  }

  *hitCount(breakpoint: Breakpoint, upTo: Moment): Searching<number> {
    const list = this.#table.listOf(breakpoint);
    return list === undefined ? 0 : yield* list.countUpTo(this.#history.eventOf(upTo));
  }

  escapedExceptions(): ReturnType<TimeTravel["escapedExceptions"]> {
    return this.#uncaught.escapes().map(({ event, knownFrom }) => ({
      raised: this.#history.momentOf(event),
      knownFrom: this.#history.momentOf(knownFrom),
    }));
  }

  variableTarget(moment: Moment, frame: number, name: string): DataTarget | undefined {
    return variableTarget(this.#history, this.#views, this.#history.eventOf(moment), frame, name);
  }

  hasFunction(name: string): boolean {
    return [...this.#history.recording.registry.all()].some(
      ({ kind, fields }) => kind !== "body" && isNamed(fields.fileName, fields.qualifiedName, name),
    );
  }

  executionsAround(from: Moment, file: string, line: number): ReturnType<TimeTravel["executionsAround"]> {
    const hits = this.#hits([{ id: 0, place: { kind: "line", file, line } }]);
    const event = this.#history.eventOf(from);
    const { lastEvent } = this.#history;
    const momentOf = (searching: Searching<Hit | undefined>): Moment | undefined => {
      const hit = found(searching);
      return hit === undefined ? undefined : this.#history.momentOf(hit.event);
    };
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
    return this.#history.eventOf(this.first);
  }

  #hits(breakpoints: Breakpoints): Hits {
    return this.#table.hits(breakpoints);
  }

  *#continueForward(from: Moment, breakpoints: Breakpoints): Searching<Movement> {
    const hit = yield* this.#hits(breakpoints).first(this.#history.eventOf(from), this.#history.lastEvent);
    return hit === undefined ? this.#atEnd() : this.#atHit(hit);
  }

  *#continueBackward(from: Moment, breakpoints: Breakpoints): Searching<Movement> {
    const hit = yield* this.#hits(breakpoints).last(this.#history.eventOf(from), this.#firstEvent());
    return hit === undefined ? this.#atStart() : this.#atHit(hit);
  }

  *#forward(from: Moment, thread: number, breakpoints: Breakpoints, target: Target): Searching<Movement> {
    const threadIndex = this.#history.recording.knownThreadIndex(thread);
    if (threadIndex === undefined) return staying(from, thread);
    const event = this.#history.eventOf(from);
    const ends = target(event, threadIndex);
    if (ends < 0 && !this.#runsAtEnd(threadIndex)) return staying(from, thread);
    const end = ends < 0 ? this.#history.lastEvent : ends;
    const hit = yield* this.#hits(breakpoints).first(event, end);
    if (hit !== undefined) return this.#atHit(hit);
    return ends < 0 ? this.#atEnd() : this.#at(ends, { kind: "step" });
  }

  *#backward(from: Moment, thread: number, breakpoints: Breakpoints, target: Target): Searching<Movement> {
    const threadIndex = this.#history.recording.knownThreadIndex(thread);
    if (threadIndex === undefined) return staying(from, thread);
    const event = this.#history.eventOf(from);
    const start = this.#firstEvent();
    const begins = target(event, threadIndex);
    if (begins < 0 && !this.#runsAtStart(threadIndex)) return staying(from, thread);
    const hit = yield* this.#hits(breakpoints).last(event, begins < 0 ? start : begins);
    if (hit !== undefined) return this.#atHit(hit);
    return begins < 0 ? this.#atStart() : this.#at(begins, { kind: "step" });
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

  #atHit({ event, ids, exception, problems }: Hit): Movement {
    if (!exception) return this.#at(event, { kind: "breakpoint", ids, problems });
    const { since, events } = this.#uncaught.raised();
    if (event < since) throw new NotIndexedYet();
    const uncaught = events.includes(event);
    return this.#at(event, { kind: "exception", uncaught, ids, problems });
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
