// The history as one line of events: where a moment stands on it, and what the frames and objects were at an event.
// Everything above asks in event numbers, which are easier to search than moments.
import { firstAtLeast } from "../base/bisect.ts";
import type { EventIndex } from "../index/eventIndex.ts";
import type { BlocksByKey } from "../index/postings.ts";
import type { Block } from "../recording/block.ts";
import type { ObjectEvents } from "../recording/objectEvents.ts";
import { BlockFrames, type LiveFrame } from "../recording/blockFrames.ts";
import { type ObjectContents, replayObject, unknownAt } from "../recording/objectReplay.ts";
import type { Recording } from "../recording/recording.ts";
import { taskIn } from "../recording/statedObjects.ts";
import type { Moment } from "../recording/stepHistory.ts";
import type { EventColumns } from "../wire/blockEvents.ts";
import * as f from "../wire/format.ts";

/** Blocks of which calls and returns are listed. */
const KEPT_FRAMES = 4;

/** Says whether the event at a row is the one looked for. */
export type RowTest = (events: EventColumns, row: number) => boolean;

export class History {
  readonly index: EventIndex;
  readonly recording: Recording;
  /** The one that was asked last comes first. */
  readonly #frames: BlockFrames[] = [];
  /** The moment that was asked last, with its event: most questions are about the same one. */
  #asked: (Moment & { readonly number: number }) | undefined;

  constructor(recording: Recording, index: EventIndex) {
    this.recording = recording;
    this.index = index;
  }

  refresh(): void {
    this.#frames.length = 0;
    this.#asked = undefined;
    this.recording.refresh();
  }

  /** The last step plus one. */
  get steps(): number {
    return this.recording.history.steps;
  }

  /** The first step that is kept: 0, unless the recording was cut. */
  get firstStep(): number {
    return this.recording.history.firstStep;
  }

  get isEmpty(): boolean {
    return this.recording.history.isEmpty;
  }

  /** -1 in an empty history. */
  get lastEvent(): number {
    return this.recording.history.events - 1;
  }

  /** Event number of the step's LINE; -1 when there is no such step. */
  lineEvent(step: number): number {
    const { history } = this.recording;
    if (step < history.firstStep || step >= history.steps) return -1;
    const block = this.recording.block(history.blockOfStep(step));
    return block.firstEvent + (block.events.steps[step - block.firstStep] ?? 0);
  }

  /** Event number of the last event of a step. */
  endOfStep(step: number): number {
    return step + 1 < this.steps ? this.lineEvent(step + 1) - 1 : this.lastEvent;
  }

  /** The thread that had the first event; 0 where none had one. */
  firstThread(): number {
    const [first] = this.index.threads.at(this.lastEvent);
    return first === undefined ? 0 : (this.recording.threads[first.threadIndex] ?? 0);
  }

  /** Clamped to the history. */
  eventOf(moment: Moment): number {
    const asked = this.#asked;
    if (asked?.step === moment.step && asked.event === moment.event) return asked.number;
    const number = this.#eventOf(moment);
    this.#asked = { ...moment, number };
    return number;
  }

  #eventOf(moment: Moment): number {
    const { steps, firstStep } = this;
    if (this.isEmpty) return this.lastEvent;
    const step = Math.trunc(moment.step);
    if (step < firstStep) return this.lineEvent(firstStep);
    const kept = Math.min(step, steps - 1);
    const end = this.endOfStep(kept);
    return Math.min(this.lineEvent(kept) + Math.max(Math.trunc(moment.event), 0), end);
  }

  /** Events before the first step belong to it. */
  momentOf(event: number): Moment {
    const { history } = this.recording;
    const first = { step: history.firstStep, event: 0 };
    if (event < 0 || history.isEmpty) return first;
    const block = this.blockAt(event);
    const row = event - block.firstEvent;
    const step = block.stepOfRow(row);
    if (step < history.firstStep) return first;
    const isHere = step >= block.firstStep;
    const line = isHere
      ? block.firstEvent + (block.events.steps[step - block.firstStep] ?? 0)
      : this.recording.lastLineBefore(block.number);
    return { step, event: event - line };
  }

  blockAt(event: number): Block {
    return this.recording.block(this.recording.history.blockOfEvent(event));
  }

  kindAt(event: number): number {
    const block = this.blockAt(event);
    return block.events.kind[event - block.firstEvent] ?? 0;
  }

  threadIndexAt(event: number): number {
    const block = this.blockAt(event);
    return block.events.thread[event - block.firstEvent] ?? 0;
  }

  /** The last event before `before` that passes; -1 for none. Only blocks that hold `key` are looked at. */
  findBackward(postings: BlocksByKey, key: number, before: number, test: RowTest): number {
    const { recording } = this;
    if (before <= 0) return -1;
    let number = postings.lastAtMost(key, recording.history.blockOfEvent(before - 1));
    while (number >= 0) {
      const { events, firstEvent } = recording.block(number);
      for (let row = Math.min(events.count, before - firstEvent) - 1; row >= 0; row--) {
        if (test(events, row)) return firstEvent + row;
      }
      number = postings.lastAtMost(key, number - 1);
    }
    return -1;
  }

  /** The first event after `after` that passes; -1 for none. */
  findForward(postings: BlocksByKey, key: number, after: number, test: RowTest): number {
    const { recording } = this;
    if (after >= this.lastEvent) return -1;
    let number = postings.firstAtLeast(key, recording.history.blockOfEvent(after + 1));
    while (number >= 0) {
      const { events, firstEvent } = recording.block(number);
      for (let row = Math.max(0, after + 1 - firstEvent); row < events.count; row++) {
        if (test(events, row)) return firstEvent + row;
      }
      number = postings.firstAtLeast(key, number + 1);
    }
    return -1;
  }

  /** Innermost last. */
  stack(event: number, threadIndex: number): readonly LiveFrame[] {
    if (event < 0) return [];
    const block = this.blockAt(event);
    return this.#framesOf(block).stack(event - block.firstEvent, threadIndex);
  }

  /** A frame that runs or is suspended at the event. */
  liveFrame(event: number, frame: number): LiveFrame | undefined {
    if (event < 0) return undefined;
    const block = this.blockAt(event);
    const here = this.#framesOf(block).frame(event - block.firstEvent, frame);
    if (here !== undefined) return here;
    // Suspended, and nothing happened to it in this block: the block that saw it last has it.
    const number = this.recording.history.blockOfEvent(event);
    const { frames: owned, frameContents } = this.index;
    if (this.frameEventBackward(event + 1, frame) >= this.recording.history.firstEventOf(number)) return undefined;
    const before = Math.max(owned.lastAtMost(frame, number - 1), frameContents.lastAtMost(frame, number - 1));
    if (before >= 0) {
      const last = this.recording.block(before);
      const frames = this.#framesOf(last);
      const row = last.events.count - 1;
      // One that ran when its block ended would be in this block's keyframe: the recorder lost its end.
      const live = frames.isRunning(row, frame) ? undefined : frames.frame(row, frame);
      if (live !== undefined) return live;
    }
    return this.frameEventBackward(event + 1, frame) < 0 ? this.#statedFrame(frame) : undefined;
  }

  /** A frame that was suspended before the history begins. */
  #statedFrame(frame: number): LiveFrame | undefined {
    const block = this.recording.statedFrame(frame);
    return block === undefined ? undefined : this.#framesOf(block).frame(block.events.count - 1, frame);
  }

  /** Code id of a frame; 0 when no block holds it. */
  codeOfFrame(frame: number): number {
    const number = this.index.frames.firstAtLeast(frame, 0);
    if (number < 0) return this.#statedFrame(frame)?.code ?? 0;
    const { events, keyframe } = this.recording.block(number);
    for (let row = 0; row < events.count; row++) {
      if (events.kind[row] === f.OP_CALL && events.subject[row] === frame) return events.detail[row] ?? 0;
    }
    const running = keyframe.threads.flatMap(({ frames }) => frames).find((record) => record.frame === frame);
    return running?.code ?? this.#statedFrame(frame)?.code ?? 0;
  }

  /** The asyncio tasks whose own coroutines began in a block, by frame. */
  tasksBegunIn(number: number): ReadonlyMap<number, number> {
    const block = this.recording.block(number);
    const { kind, subject, count } = block.events;
    const tasks = new Map<number, number>();
    for (let row = 0; row < count; row++) if (kind[row] === f.OP_TASK) tasks.set(subject[row] ?? 0, taskIn(block, row));
    return tasks;
  }

  /** The last event before `before` of a frame's own coming and going: from CALL to UNWIND, its steps, DROPPED. */
  frameEventBackward(before: number, frame: number): number {
    return this.lastOfFrame(frame, before, isFrameControl);
  }

  /** The frame's last event before `before` of a kind that passes; -1 for none. */
  lastOfFrame(frame: number, before: number, test: (kind: number) => boolean): number {
    const { recording, index } = this;
    if (before <= 0) return -1;
    let number = index.frames.lastAtMost(frame, recording.history.blockOfEvent(before - 1));
    while (number >= 0) {
      const { events, firstEvent } = recording.block(number);
      const { kind, subject } = events;
      for (let row = Math.min(events.count, before - firstEvent) - 1; row >= 0; row--)
        if (subject[row] === frame && test(kind[row] ?? 0)) return firstEvent + row;
      number = index.frames.lastAtMost(frame, number - 1);
    }
    return -1;
  }

  /** The frame's first event after `after` of a kind that passes, in blocks that `postings` name; -1 for none. */
  firstOfFrame(postings: BlocksByKey, frame: number, after: number, test: (kind: number) => boolean): number {
    const { recording } = this;
    if (after >= this.lastEvent) return -1;
    let number = postings.firstAtLeast(frame, recording.history.blockOfEvent(after + 1));
    while (number >= 0) {
      const { events, firstEvent } = recording.block(number);
      const { kind, subject, count } = events;
      for (let row = Math.max(0, after + 1 - firstEvent); row < count; row++)
        if (subject[row] === frame && test(kind[row] ?? 0)) return firstEvent + row;
      number = postings.firstAtLeast(frame, number + 1);
    }
    return -1;
  }

  /** The object's contents; undefined when it was not seen yet. */
  contentsAt(event: number, object: number): ObjectContents | undefined {
    const kind = f.objectKind(this.recording.objectKinds.get(object));
    if (kind === undefined || (event < 0 && !this.recording.isEarlierObject(object))) return undefined;
    let contents: ObjectContents | undefined;
    const chain = this.#objectChain(event, object);
    for (const { block, rows } of chain.toReversed()) contents = replayObject(contents, block, rows, kind);
    // Not by the replay: it begins at a checkpoint, which says nothing about that, and passes over blocks that do.
    const base = chain.at(-1);
    if (contents !== undefined && base !== undefined)
      contents.unknown = this.unknownAfter(event, object, contents, base);
    return contents;
  }

  /** Event number of the last event about the object; -1 for none. */
  objectEventBackward(event: number, object: number): number {
    const { index, recording } = this;
    let number = index.lastOfObject(object, recording.history.blockOfEvent(event));
    while (number >= 0) {
      const block = recording.objectEvents(number);
      const row = rowsUpTo(block, event, object).at(-1);
      if (row !== undefined) return block.firstEvent + row;
      number = index.lastOfObject(object, number - 1);
    }
    return -1;
  }

  /** An event since which nothing happened to the object, up to `event`: in blocks before, the last one. -1 for none. */
  objectSince(event: number, object: number): number {
    const { index, recording } = this;
    const here = recording.history.blockOfEvent(event);
    let number = index.lastOfObject(object, here);
    if (number === here) {
      const block = recording.objectEvents(here);
      const row = rowsUpTo(block, event, object).at(-1);
      if (row !== undefined) return block.firstEvent + row;
      number = index.lastOfObject(object, here - 1);
    }
    return number < 0 ? -1 : recording.history.firstEventOf(number + 1) - 1;
  }

  /** Rows about the object, newest block first, back to its last whole contents. */
  #objectChain(event: number, object: number): ObjectRows[] {
    const { index, recording } = this;
    const chain: ObjectRows[] = [];
    let number = index.objects.lastAtMost(object, recording.history.blockOfEvent(event));
    while (number >= 0) {
      const block = recording.objectEvents(number);
      const rows = rowsUpTo(block, event, object);
      const base = rows.findLastIndex((row) => isBase(block, row));
      if (base >= 0) {
        chain.push({ block, rows: rows.slice(base) });
        break;
      }
      if (rows.length > 0) chain.push({ block, rows });
      number = index.objects.lastAtMost(object, number - 1);
    }
    const stated = number < 0 ? recording.statedRows(object) : undefined;
    return stated === undefined ? chain : [...chain, stated];
  }

  /** The type of an object with these contents at an event; empty for one that was never seen. */
  typeOf(event: number, object: number, _contents: ObjectContents): string {
    return this.index.types.typeAt(object, event);
  }

  /**
   * Since when the object's contents were not recorded, if they are not after an event: from the first UNKNOWN on that
   * follows the last row that knows them again. `_replayed`: the contents by its changes since `_base`.
   */
  protected unknownAfter(
    event: number,
    object: number,
    _replayed: ObjectContents,
    _base: ObjectRows,
  ): ObjectContents["unknown"] {
    const { unknowns, knowns, statedUnknowns } = this.index;
    if (!this.index.mayBeUnknown(object, this.recording.history.blockOfEvent(event))) return undefined;
    const isStated = statedUnknowns.has(object);
    const unknown = this.#lastWith(unknowns, event, object, isUnknown);
    if (unknown < 0 && !isStated) return undefined;
    const known = this.#lastWith(knowns, event, object, isKnownAgain);
    if (known > unknown) return undefined;
    if (known < 0 && isStated) return this.#statedContents(object)?.unknown;
    let from = 0;
    if (known >= 0) {
      const block = this.recording.objectEvents(known);
      const rows = rowsUpTo(block, event, object);
      const last = rows.findLastIndex((row) => isKnownAgain(block, row));
      const row = rows.slice(last + 1).find((one) => isUnknown(block, one));
      if (row !== undefined) return unknownAt(block, row);
      if (known === unknown) return undefined;
      from = known + 1;
    }
    const number = unknowns.firstAtLeast(object, from);
    if (number < 0) return undefined;
    const block = this.recording.objectEvents(number);
    const row = rowsUpTo(block, event, object).find((one) => isUnknown(block, one));
    return row === undefined ? undefined : unknownAt(block, row);
  }

  /** The last block with such a row about the object at or before the event; -1 for none. */
  #lastWith(
    postings: BlocksByKey,
    event: number,
    object: number,
    test: (block: ObjectEvents, row: number) => boolean,
  ): number {
    const here = this.recording.history.blockOfEvent(event);
    const birth = this.index.objects.birthOf(object);
    const number = postings.lastAtMost(object, here, birth);
    if (number < here) return number;
    const block = this.recording.objectEvents(here);
    const isHere = rowsUpTo(block, event, object).some((row) => test(block, row));
    return isHere ? here : postings.lastAtMost(object, here - 1, birth);
  }

  /** Of an object that was there before the history begins, as it was then. */
  #statedContents(object: number): ObjectContents | undefined {
    const kind = f.objectKind(this.recording.objectKinds.get(object));
    const stated = this.recording.statedRows(object);
    return kind === undefined || stated === undefined
      ? undefined
      : replayObject(undefined, stated.block, stated.rows, kind);
  }

  #framesOf(block: Block): BlockFrames {
    const place = this.#frames.findIndex((frames) => frames.block.number === block.number);
    const [known] = place < 0 ? [] : this.#frames.splice(place, 1);
    const frames = known ?? new BlockFrames(block, this.recording);
    this.#frames.unshift(frames);
    if (this.#frames.length > KEPT_FRAMES) this.#frames.pop();
    return frames;
  }
}

/** Rows of one block about an object. */
export interface ObjectRows {
  readonly block: ObjectEvents;
  readonly rows: readonly number[];
}

/** Rows about the object at or before an event. */
function rowsUpTo(block: ObjectEvents, event: number, object: number): readonly number[] {
  const rows = block.rowsOfObject(object);
  const last = event - block.firstEvent;
  return (rows.at(-1) ?? -1) <= last ? rows : rows.slice(0, firstAtLeast(rows, last + 1));
}

/** Contents that do not depend on what came before. */
function isBase(block: ObjectEvents, row: number): boolean {
  const opcode = block.kindOf(row);
  return opcode === f.OP_NEW || opcode === f.OP_CONTENTS;
}

function isUnknown(block: ObjectEvents, row: number): boolean {
  return block.kindOf(row) === f.OP_UNKNOWN;
}

/** Contents are recorded from here on. A checkpoint repeats what is known: it does not end an UNKNOWN. */
function isKnownAgain(block: ObjectEvents, row: number): boolean {
  const opcode = block.kindOf(row);
  if (opcode === f.OP_CONTENTS) return block.whyOf(row) !== f.WHY_CHECKPOINT;
  return opcode === f.OP_KNOWN || opcode === f.OP_NEW;
}

function isFrameControl(opcode: number): boolean {
  return (opcode > 0 && opcode <= f.OP_UNWIND) || opcode === f.OP_DROPPED;
}
