// Who called whom, when, and how many steps did it take? Code and caller of each frame are columns. The rest is kept
// only for activations that are in more than one block: there are few. Those within one block are counted there again
// when somebody asks.
import { type ColumnReader, type ColumnWriter, writeRows } from "../base/columnStream.ts";
import type { PagedFile } from "../base/pagedFile.ts";
import { SerialColumn } from "../base/serialColumn.ts";
import type { Block } from "../recording/block.ts";
import * as f from "../wire/format.ts";
import { type Activation, CallPass, type PassState } from "./callPass.ts";
import type { BlocksByKey } from "./postings.ts";

/** What is behind the columns: blocks by number, and which of them a frame is in. */
export interface CallBlocks {
  readonly frames: BlocksByKey;
  block(number: number): Block;
  threadIndex(thread: number): number;
}

const ACTIVATION_FIELDS = 7;

interface Counted {
  readonly block: number;
  readonly ended: ReadonlyMap<number, Activation>;
}

export class CallIndex {
  /** Code id by frame whose CALL was recorded. */
  readonly #codes = new SerialColumn();
  readonly #parents = new SerialColumn();
  #lowest = 0;
  #highest = 0;
  readonly #blocks: CallBlocks;
  /** Those that ended in another block than the one that they were called in. */
  readonly #long = new Map<number, Activation>();
  readonly #pass = new CallPass((activation) => this.#ended(activation));
  #firstEvent = 0;
  #counted: Counted | undefined;
  /** Of a newest block that may be taken back. */
  #before: PassState | undefined;
  #longNow: number[] = [];
  #calledNow: number[] = [];

  constructor(blocks: CallBlocks) {
    this.#blocks = blocks;
  }

  /** Frames in the order of their numbers, which is that of their calls. */
  get frames(): readonly number[] {
    const frames: number[] = [];
    for (let frame = this.#lowest; frame <= this.#highest; frame++) if (this.#codes.get(frame) > 0) frames.push(frame);
    return frames;
  }

  /** Before any call: the first frame that is called in the recording. */
  startAt(frame: number): void {
    this.#lowest = frame;
    this.#codes.startAt(frame);
    this.#parents.startAt(frame);
  }

  /** Code id; 0 when the CALL was not recorded. */
  codeOf(frame: number): number {
    return this.#codes.get(frame);
  }

  /** 0 for a thread's outermost frame, and for one whose caller's CALL was not recorded. */
  parentOf(frame: number): number {
    return this.#parents.get(frame);
  }

  /** Event number of the CALL; -1 when it was not recorded. */
  callOf(frame: number): number {
    return this.codeOf(frame) === 0 ? -1 : (this.#activation(frame)?.call ?? -1);
  }

  /** Event number of the RETURN or UNWIND; -1 while it has not ended. */
  endOf(frame: number): number {
    return this.#activation(frame)?.end ?? -1;
  }

  childrenOf(frame: number): number {
    return this.#activation(frame)?.children ?? 0;
  }

  selfStepsOf(frame: number): number {
    return this.#activation(frame)?.selfSteps ?? 0;
  }

  /** With those of the calls that it made, so far. */
  totalStepsOf(frame: number): number {
    return this.#activation(frame)?.totalSteps ?? 0;
  }

  /** `mayBeRemoved`: this block may be taken back. */
  blockBegins(block: Block, mayBeRemoved: boolean): void {
    this.#before = mayBeRemoved ? this.#pass.state() : undefined;
    this.#longNow = [];
    this.#calledNow = [];
    this.#firstEvent = block.firstEvent;
    this.#pass.begin(block.keyframe, (thread) => this.#blocks.threadIndex(thread));
  }

  /** Takes an event of a thread's frames (hot). */
  take(block: Block, row: number, opcode: number, threadIndex: number, frame: number): void {
    const caller = this.#pass.take(block.firstEvent + row, opcode, threadIndex, frame);
    if (opcode !== f.OP_CALL) return;
    this.#codes.set(frame, block.events.detail[row] ?? 0);
    if (this.#codes.get(caller) > 0) this.#parents.set(frame, caller);
    if (frame > this.#highest) this.#highest = frame;
    if (this.#before !== undefined) this.#calledNow.push(frame);
  }

  /** Takes further steps of a thread's innermost frame (hot). */
  stepped(threadIndex: number, count: number): void {
    this.#pass.stepped(threadIndex, count);
  }

  dropped(frame: number): void {
    this.#pass.dropped(frame);
  }

  /** Puts on disk what is in memory. The newest block cannot be taken back afterwards. */
  spill(to: PagedFile): void {
    this.#codes.spill(to);
    this.#parents.spill(to);
  }

  /** After `spill`. */
  save(to: ColumnWriter): void {
    this.#codes.save(to);
    this.#parents.save(to);
    to.u32s([this.#highest]);
    writeRows(to, ACTIVATION_FIELDS, [...this.#long.values()].map(rowOf));
    const { threads, suspended } = this.#pass.state();
    writeRows(to, ACTIVATION_FIELDS, suspended.map(rowOf));
    writeRows(
      to,
      2,
      threads.map(([index, , steps]) => [index, steps]),
    );
    for (const [, stack] of threads) writeRows(to, ACTIVATION_FIELDS, stack.map(rowOf));
  }

  load(from: ColumnReader, file: PagedFile): void {
    this.#codes.load(from, file);
    this.#parents.load(from, file);
    this.#highest = from.u32s()[0] ?? 0;
    for (const activation of from.rows(ACTIVATION_FIELDS, activationOf)) this.#long.set(activation.frame, activation);
    const suspended = from.rows(ACTIVATION_FIELDS, activationOf);
    const threads = from.rows(2, ([index = 0, steps = 0]) => ({ index, steps }));
    this.#pass.restore({
      threads: threads.map(({ index, steps }) => [index, from.rows(ACTIVATION_FIELDS, activationOf), steps] as const),
      suspended,
    });
  }

  /** Takes back the newest block, if it may be. */
  removeBlock(): void {
    if (this.#before !== undefined) this.#pass.restore(this.#before);
    this.#before = undefined;
    this.#counted = undefined;
    for (const frame of this.#longNow) this.#long.delete(frame);
    for (const frame of this.#calledNow) {
      this.#codes.set(frame, 0);
      this.#parents.set(frame, 0);
    }
    this.#longNow = [];
    this.#calledNow = [];
  }

  #ended(activation: Activation): void {
    if (activation.call >= this.#firstEvent) return;
    this.#long.set(activation.frame, activation);
    if (this.#before !== undefined) this.#longNow.push(activation.frame);
  }

  #activation(frame: number): Activation | undefined {
    return this.#long.get(frame) ?? this.#pass.living(frame) ?? this.#countedIn(frame);
  }

  /** Of one that is in one block alone. */
  #countedIn(frame: number): Activation | undefined {
    const { frames } = this.#blocks;
    let number = frames.firstAtLeast(frame, 0);
    while (number >= 0) {
      const found = this.#countedOf(number).get(frame);
      if (found !== undefined) return found;
      number = frames.firstAtLeast(frame, number + 1);
    }
    return undefined;
  }

  #countedOf(number: number): ReadonlyMap<number, Activation> {
    if (this.#counted?.block === number) return this.#counted.ended;
    const ended = new Map<number, Activation>();
    const pass = new CallPass((activation) => ended.set(activation.frame, activation));
    const { firstEvent, keyframe, events } = this.#blocks.block(number);
    const { kind, thread, subject, count } = events;
    pass.begin(keyframe, (one) => this.#blocks.threadIndex(one));
    for (let row = 0; row < count; row++) {
      const opcode = kind[row] ?? 0;
      if (opcode === f.OP_DROPPED) pass.dropped(subject[row] ?? 0);
      else if (opcode > 0 && opcode < f.OP_WRITE)
        pass.take(firstEvent + row, opcode, thread[row] ?? 0, subject[row] ?? 0);
    }
    this.#counted = { block: number, ended };
    return ended;
  }
}

function rowOf({ frame, call, end, selfSteps, totalSteps, children, since }: Activation): readonly number[] {
  return [frame, call, end, selfSteps, totalSteps, children, since];
}

function activationOf(row: readonly number[]): Activation {
  const [frame = 0, call = -1, end = -1, selfSteps = 0, totalSteps = 0, children = 0, since = 0] = row;
  return { frame, call, end, selfSteps, totalSteps, children, since };
}
