// What happens in which block? Made in one pass over each block as it comes; derived and disposable.
// Searches ask it which block to decode, so that none is decoded in vain.
import { type ColumnReader, type ColumnWriter, writeRows } from "../base/columnStream.ts";
import type { PagedFile } from "../base/pagedFile.ts";
import { SparseColumn } from "../base/sparseColumn.ts";
import type { Block } from "../recording/block.ts";
import type { BlockObserver } from "../recording/recording.ts";
import * as f from "../wire/format.ts";
import { isListEvent, isObjectEvent } from "../wire/objectScan.ts";
import { readString } from "../wire/value.ts";
import { BlockCounts } from "./blockCounts.ts";
import { Activations } from "./activations.ts";
import { type CallBlocks, CallIndex } from "./callIndex.ts";
import { Escapes } from "./escapes.ts";
import type { EventIndex, ProgramEnd, UncaughtEnd, UncaughtEnds } from "./eventIndex.ts";
import { ObjectParts } from "./objectParts.ts";
import { ObjectTypes } from "./objectTypes.ts";
import { Postings } from "./postings.ts";
import { SerialPostings } from "./serialPostings.ts";
import { ThreadLives } from "./threadLives.ts";

/** Key of `raises`: all origins of exceptions share it. */
export const RAISE_KEY = 0;

export class HistoryIndex implements BlockObserver, EventIndex {
  /** Blocks by line key; by frame (its steps, its coming and going); by frame (writes from outside). */
  readonly lines = new Postings();
  readonly frames = new SerialPostings();
  readonly frameContents = new Postings(true);
  /** By frame: its RETURN or UNWIND, which can be far from its other events. */
  readonly frameEnds = new SerialPostings();
  /** Blocks by dense thread index (events of its frames); by object (its NEW, changes and DEAD); by object (its UNKNOWNs). */
  readonly threadEvents = new Postings();
  readonly objects = new SerialPostings();
  /** The same by object and part of it; not of the block in which the object is made. */
  readonly parts = new ObjectParts();
  readonly unknowns = new Postings(true);
  /** By object that was UNKNOWN before: what ended that. */
  readonly knowns = new Postings(true);
  /** Objects that were not recorded where a history begins that was cut. */
  readonly statedUnknowns = new Set<number>();
  readonly raises = new Postings();
  /** How often: steps by line key, calls by code id. */
  readonly lineCounts = new SparseColumn();
  readonly callCounts = new SparseColumn();
  readonly threads = new ThreadLives();
  readonly types = new ObjectTypes();
  readonly activations = new Activations();
  readonly escapes = new Escapes();
  readonly calls: CallIndex;
  /** Event numbers of OUTPUT, ascending. */
  readonly outputs: number[] = [];
  readonly #uncaught: UncaughtEnd[] = [];
  readonly #threadIndex: (thread: number) => number;
  readonly #counts = new BlockCounts();
  readonly #gaps = new Map<string, number>();
  /** By dense thread index: event number of the UNWIND that left the thread without frames. */
  #unwound = new Map<number, number>();
  #unwoundBefore = new Map<number, number>();
  #end: ProgramEnd | undefined;
  /** The object that `lastOfObject` was asked about last, if it has no UNKNOWN up to that block. */
  #neverUnknown = { object: -1, block: -1 };

  constructor(blocks: Omit<CallBlocks, "frames">) {
    this.#threadIndex = (thread) => blocks.threadIndex(thread);
    this.calls = new CallIndex({
      frames: this.frames,
      block: (number) => blocks.block(number),
      threadIndex: (thread) => blocks.threadIndex(thread),
    });
  }

  get end(): ProgramEnd | undefined {
    return this.#end;
  }

  get uncaught(): UncaughtEnds {
    return { since: 0, ends: this.#uncaught };
  }

  uncaughtEnd(): UncaughtEnd | undefined {
    return this.#uncaught.find(({ isProgramEnd }) => isProgramEnd);
  }

  within<Answer>(_first: number, _last: number, search: () => Answer): Answer {
    return search();
  }

  /** GAPs by sentence, with how often. */
  get gaps(): ReadonlyMap<string, number> {
    return this.#gaps;
  }

  /** The last block up to and including `block` with any event about the object; -1 for none. */
  lastOfObject(object: number, block: number): number {
    const birth = this.objects.birthOf(object);
    const changed = this.objects.lastOfBorn(object, block, birth);
    const unknown = this.unknowns.lastAtMost(object, block, birth);
    if (unknown < 0 && !this.statedUnknowns.has(object)) {
      this.#neverUnknown = { object, block };
      return changed;
    }
    return Math.max(changed, unknown, this.knowns.lastAtMost(object, block, birth));
  }

  /** Whether the object may have an UNKNOWN up to and including `block`. */
  mayBeUnknown(object: number, block: number): boolean {
    const asked = this.#neverUnknown;
    if (asked.object === object && block <= asked.block) return false;
    return (
      this.statedUnknowns.has(object) || this.unknowns.lastAtMost(object, block, this.objects.birthOf(object)) >= 0
    );
  }

  begins(firstFrame: number, firstObject: number): void {
    this.calls.startAt(firstFrame);
    this.types.startAt(firstObject);
  }

  stateAdded(state: Block): void {
    const { kind, subject, count } = state.events;
    for (let row = 0; row < count; row++) {
      const object = subject[row] ?? 0;
      if (kind[row] === f.OP_NEW) this.types.add(state, row, object);
      else if (kind[row] === f.OP_UNKNOWN_SINCE) this.statedUnknowns.add(object);
    }
  }

  blockAdded(block: Block, mayBeRemoved: boolean): void {
    this.#neverUnknown = { object: -1, block: -1 };
    this.#unwoundBefore = new Map(this.#unwound);
    this.activations.blockBegins();
    this.escapes.blockBegins();
    this.calls.blockBegins(block, mayBeRemoved);
    for (const postings of [this.frames, this.frameEnds, this.objects]) postings.begin(block.number);
    this.types.blockBegins();
    if (block.number === 0) this.#addEarlier(block);
    const { kind, subject, thread, detail, count } = block.events;
    const counts = this.#counts;
    let runningThread = -1;
    // The last thread and frame that were added: nearly all events are of the same as the one before.
    let addedThread = -1;
    let addedFrame = -1;
    for (let row = 0; row < count; row++) {
      const opcode = kind[row] ?? 0;
      const threadIndex = thread[row] ?? 0;
      if (threadIndex !== runningThread) {
        runningThread = threadIndex;
        this.threads.seen(threadIndex, block.firstEvent + row);
      }
      if (opcode > f.OP_FRAME) {
        if (isObjectEvent(opcode)) this.#addObjectEvent(block, row, opcode);
        else this.#addOtherEvent(block, row, opcode);
        continue;
      }
      if (opcode < f.OP_WRITE) {
        if (threadIndex !== addedThread) {
          addedThread = threadIndex;
          this.threadEvents.add(threadIndex, block.number);
        }
        if (opcode === f.OP_UNWIND || opcode === f.OP_RAISE || this.escapes.isWaiting)
          this.escapes.take(block, row, opcode, threadIndex);
        this.calls.take(block, row, opcode, threadIndex, subject[row] ?? 0);
      }
      const frame = subject[row] ?? 0;
      if (frame !== addedFrame && isOwnEvent(opcode) && opcode !== f.OP_CALL) {
        addedFrame = frame;
        this.frames.add(frame, block.number);
      }
      if (opcode === f.OP_LINE_AT) {
        counts.add(detail[row] ?? 0);
        this.activations.stepped(block, row, frame);
        // Up to the next event of another kind the frame stays the innermost one, and everything but the lines is said.
        const first = row;
        let writes = 0;
        for (; row + 1 < count; row++) {
          const next = kind[row + 1];
          if (next === f.OP_LINE_AT) counts.add(detail[row + 1] ?? 0);
          else if (next === f.OP_WRITE) writes++;
          else break;
        }
        if (row - first > writes) this.calls.stepped(threadIndex, row - first - writes);
      } else if (opcode !== f.OP_WRITE) this.#addFrameEvent(block, row, opcode);
    }
    this.#counts.take((key, times) => {
      this.lines.add(key, block.number);
      this.lineCounts.set(key, this.lineCounts.get(key) + times);
    });
  }

  /** What runs already where the history begins: nothing, unless it was cut. */
  #addEarlier({ keyframe, firstEvent, number }: Block): void {
    for (const { thread, name, frames } of keyframe.threads) {
      this.threads.started(this.#threadIndex(thread), firstEvent, name);
      for (const { frame } of frames) this.frames.add(frame, number);
    }
  }

  blockRemoved(block: Block): void {
    this.#neverUnknown = { object: -1, block: -1 };
    for (const postings of this.#postings()) postings.removeBlock(block.number);
    const { kind, detail, count } = block.events;
    for (let row = 0; row < count; row++) {
      const counts =
        kind[row] === f.OP_LINE_AT ? this.lineCounts : kind[row] === f.OP_CALL ? this.callCounts : undefined;
      const key = detail[row] ?? 0;
      counts?.set(key, counts.get(key) - 1);
      if (kind[row] === f.OP_GAP) this.#countGap(block, row, -1);
    }
    this.threads.removeFrom(block.firstEvent);
    this.types.removeFrom(block.firstEvent);
    this.activations.removeBlock(block.number);
    this.escapes.removeFrom(block.firstEvent);
    this.calls.removeBlock();
    while ((this.outputs.at(-1) ?? -1) >= block.firstEvent) this.outputs.pop();
    while ((this.#uncaught.at(-1)?.knownFrom ?? -1) >= block.firstEvent) this.#uncaught.pop();
    this.#unwound = this.#unwoundBefore;
    if (this.#end !== undefined && this.#end.event >= block.firstEvent) this.#end = undefined;
  }

  /** Puts on disk what grows with the recording. Of sealed blocks only: none of them can be taken back afterwards. */
  spill(to: PagedFile): void {
    for (const part of this.#large()) part.spill(to);
  }

  /** After `spill`. */
  save(to: ColumnWriter): void {
    for (const part of [...this.#large(), ...this.#small()]) part.save(to);
    to.f64s([...this.statedUnknowns]);
    to.f64s(this.outputs);
    writeRows(
      to,
      4,
      this.#uncaught.map((one) => [one.event, one.threadIndex, one.knownFrom, Number(one.isProgramEnd)]),
    );
    writeRows(to, 2, [...this.#unwound]);
    writeRows(to, 2, this.#end === undefined ? [] : [[this.#end.event, this.#end.exitCode]]);
    to.f64s([...this.#gaps.values()]);
    for (const sentence of this.#gaps.keys()) to.text(sentence);
  }

  load(from: ColumnReader, file: PagedFile): void {
    for (const part of this.#large()) part.load(from, file);
    for (const part of this.#small()) part.load(from);
    for (const object of from.f64s()) this.statedUnknowns.add(object);
    for (const event of from.f64s()) this.outputs.push(event);
    from.rows(4, ([event = 0, threadIndex = 0, knownFrom = 0, isEnd = 0]) =>
      this.#uncaught.push({ event, threadIndex, knownFrom, isProgramEnd: isEnd === 1 }),
    );
    from.rows(2, ([threadIndex = 0, event = 0]) => this.#unwound.set(threadIndex, event));
    [this.#end] = from.rows(2, ([event = 0, exitCode = 0]) => ({ event, exitCode }));
    for (const count of from.f64s()) this.#gaps.set(from.text(), count);
  }

  #large(): readonly (Postings | SerialPostings | ObjectTypes | Activations | CallIndex)[] {
    return [...this.#postings(), this.types, this.activations, this.calls];
  }

  #small(): readonly (SparseColumn | ThreadLives | Escapes)[] {
    return [this.lineCounts, this.callCounts, this.threads, this.escapes];
  }

  #postings(): readonly (Postings | SerialPostings)[] {
    const { lines, frames, frameContents, frameEnds, threadEvents, objects, parts, unknowns, knowns, raises } = this;
    return [lines, frames, frameContents, frameEnds, threadEvents, objects, parts.postings, unknowns, knowns, raises];
  }

  #addFrameEvent(block: Block, row: number, opcode: number): void {
    const { subject, thread, detail } = block.events;
    const threadIndex = thread[row] ?? 0;
    const frame = subject[row] ?? 0;
    if (opcode === f.OP_RETURN || opcode === f.OP_UNWIND) this.frameEnds.add(frame, block.number);
    else if (opcode === f.OP_WRITE_IN || opcode === f.OP_FRAME) this.frameContents.add(frame, block.number);
    switch (opcode) {
      case f.OP_CALL: {
        const code = detail[row] ?? 0;
        this.frames.made(frame, block.number);
        this.frameEnds.made(frame, block.number);
        this.activations.called(frame, code, row);
        this.callCounts.set(code, this.callCounts.get(code) + 1);
        this.#unwound.delete(threadIndex);
        return;
      }
      case f.OP_RETURN:
        this.activations.returns.add(detail[row] ?? 0, block.number);
        return;
      case f.OP_RESUME:
      case f.OP_THROW:
        this.#unwound.delete(threadIndex);
        return;
      case f.OP_UNWIND:
        if (detail[row] === 1) this.#unwound.set(threadIndex, block.firstEvent + row);
        return;
      case f.OP_RAISE:
        if (((detail[row] ?? 0) & f.RAISE_FROM_CALL) === 0) this.raises.add(RAISE_KEY, block.number);
        return;
      default:
        return;
    }
  }

  #addObjectEvent(block: Block, row: number, opcode: number): void {
    if (!isListEvent(opcode)) {
      const object = block.events.subject[row] ?? 0;
      if (opcode === f.OP_NEW) this.objects.made(object, block.number);
      else if (opcode !== f.OP_KNOWN) this.objects.add(object, block.number);
      if (!this.objects.isBornIn(object, block.number)) this.parts.take(block, row, opcode, object);
      const { detail } = block.events;
      if (opcode === f.OP_KNOWN || (opcode === f.OP_CONTENTS && detail[row] !== f.WHY_CHECKPOINT)) {
        const wasUnknown = this.unknowns.lastAtMost(object, block.number) >= 0 || this.statedUnknowns.has(object);
        if (wasUnknown) this.knowns.add(object, block.number);
      }
      if (opcode === f.OP_NEW || opcode === f.OP_TYPE) this.types.add(block, row, object);
      return;
    }
    const cursor = block.operands(row);
    if (opcode === f.OP_UNKNOWN) cursor.u8();
    for (let left = cursor.uv(); left > 0; left--) {
      const object = cursor.uv();
      if (opcode === f.OP_UNKNOWN) {
        this.unknowns.add(object, block.number);
        this.parts.unknown(object, block.number);
      } else this.objects.add(object, block.number);
    }
  }

  #addOtherEvent(block: Block, row: number, opcode: number): void {
    const event = block.firstEvent + row;
    const threadIndex = block.events.detail[row] ?? 0;
    switch (opcode) {
      case f.OP_THREAD_START: {
        const cursor = block.operands(row);
        cursor.uv();
        this.threads.started(threadIndex, event, readString(cursor, block.events.strings));
        return;
      }
      case f.OP_THREAD_END:
        this.escapes.take(block, row, f.OP_THREAD_END, threadIndex);
        this.threads.ended(threadIndex, event);
        this.#addUncaught(threadIndex, event, false);
        return;
      case f.OP_OUTPUT:
        this.outputs.push(event);
        return;
      case f.OP_GAP:
        this.#countGap(block, row, 1);
        return;
      case f.OP_DROPPED:
        this.frames.add(block.events.subject[row] ?? 0, block.number);
        this.calls.dropped(block.events.subject[row] ?? 0);
        return;
      case f.OP_END: {
        const cursor = block.operands(row);
        const isUncaught = cursor.u8() === f.END_UNCAUGHT;
        this.#end = { event, exitCode: cursor.sv() };
        this.escapes.take(block, row, f.OP_END, block.events.thread[row] ?? 0);
        if (isUncaught) this.#addUncaught(block.events.thread[row] ?? 0, event, true);
        return;
      }
      default:
        return;
    }
  }

  #addUncaught(threadIndex: number, knownFrom: number, isProgramEnd: boolean): void {
    const event = isProgramEnd ? knownFrom : this.#unwound.get(threadIndex);
    if (event !== undefined) this.#uncaught.push({ event, threadIndex, knownFrom, isProgramEnd });
  }

  #countGap(block: Block, row: number, by: number): void {
    const cursor = block.operands(row);
    const reason = f.gapReason(cursor.u8());
    const detail = cursor.text();
    const sentence = detail === "" ? reason : `${reason}: ${detail}`;
    const count = (this.#gaps.get(sentence) ?? 0) + by;
    if (count > 0) this.#gaps.set(sentence, count);
    else this.#gaps.delete(sentence);
  }
}

/** Events that are a frame's own coming and going, its steps and its writes. */
function isOwnEvent(opcode: number): boolean {
  return opcode <= f.OP_UNWIND || opcode === f.OP_WRITE || opcode === f.OP_DELETE;
}
