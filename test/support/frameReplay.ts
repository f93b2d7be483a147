// The plain way to the frames of a block, as an oracle for `BlockFrames`: the keyframe, and every event after it applied
// in order.
import type { Block } from "../../src/recording/block.ts";
import type { Cursor } from "../../src/wire/cursor.ts";
import * as f from "../../src/wire/format.ts";
import { type FrameRecord, readFrameRecord, UNBOUND_REF, valueRef } from "../../src/wire/keyframe.ts";
import { CHECKED_STRINGS, skipValue } from "../../src/wire/value.ts";

/** One frame while it is replayed; shaped as `LiveFrame` of `BlockFrames`. */
export interface ReplayedFrame {
  readonly frame: number;
  readonly code: number;
  readonly globals: number;
  readonly mapping: number;
  readonly isGenerator: boolean;
  offset: number;
  /** Step1 of its last LINE; 0 before the first. */
  line1: number;
  readonly slots: number[];
  readonly written: number[];
}

/** State of one block that moves forward, row by row. Going back starts again from the keyframe: at most one block. */
export class FrameReplay {
  readonly #block: Block;
  readonly #cursor: Cursor;
  readonly #threadOf: (thread: number) => number;
  /** Stacks by dense thread index, outermost first. */
  #stacks = new Map<number, ReplayedFrame[]>();
  /** Frames of this block by number, on a stack or off it. */
  #frames = new Map<number, ReplayedFrame>();
  /** The last row that was applied. */
  #row = -1;
  #step: number;

  /** `threadOf` gives the dense index of a thread id. */
  constructor(block: Block, threadOf: (thread: number) => number) {
    this.#block = block;
    this.#threadOf = threadOf;
    this.#cursor = block.cursorAt(0);
    this.#step = block.firstStep;
    this.#restart();
  }

  /** Moves to the state after the event at `row`; -1 is the keyframe. */
  moveTo(row: number): void {
    if (row < this.#row) this.#restart();
    while (this.#row < row) this.#apply(++this.#row);
  }

  /** Outermost first. Valid until the next `moveTo`. */
  stack(threadIndex: number): readonly ReplayedFrame[] {
    return this.#stacks.get(threadIndex) ?? [];
  }

  /** A running or suspended frame that this block holds. Valid until the next `moveTo`. */
  frame(frame: number): ReplayedFrame | undefined {
    return this.#frames.get(frame);
  }

  /** Whether the frame is on a stack, rather than suspended. */
  isRunning(frame: number): boolean {
    return [...this.#stacks.values()].some((stack) => stack.some((live) => live.frame === frame));
  }

  #restart(): void {
    this.#stacks = new Map();
    this.#frames = new Map();
    this.#row = -1;
    this.#step = this.#block.firstStep;
    for (const { thread, frames } of this.#block.keyframe.threads) {
      const stack = frames.map((record) => this.#enter(record));
      this.#stacks.set(this.#threadOf(thread), stack);
    }
  }

  #enter(record: FrameRecord): ReplayedFrame {
    const { frame, code, globals, mapping, offset, line1 } = record;
    const live = {
      frame,
      code,
      globals,
      mapping,
      offset,
      line1,
      isGenerator: (record.flags & f.FRAME_IS_GENERATOR) !== 0,
      slots: [...record.slots],
      written: [...record.written],
    };
    this.#frames.set(frame, live);
    return live;
  }

  #apply(row: number): void {
    const { kind, at, thread, subject, detail } = this.#block.events;
    const opcode = kind[row] ?? 0;
    if (opcode > f.OP_FRAME) {
      if (opcode === f.OP_THREAD_END) this.#stacks.delete(detail[row] ?? 0);
      if (opcode === f.OP_DROPPED) this.#frames.delete(subject[row] ?? 0);
      return;
    }
    const cursor = this.#cursor;
    cursor.pos = (at[row] ?? 0) + 1;
    const stack = this.#stackOf(thread[row] ?? 0);
    const top = stack.at(-1);
    switch (opcode) {
      case f.OP_LINE_AT:
        if (top !== undefined) this.#line(top, this.#block.payload[cursor.pos - 1] ?? 0);
        this.#step++;
        return;
      case f.OP_CALL:
        this.#leaveAt(top);
        stack.push(this.#call());
        return;
      case f.OP_RETURN:
      case f.OP_YIELD:
        if (top !== undefined) top.offset = cursor.uv();
        this.#leave(stack, opcode === f.OP_YIELD);
        return;
      case f.OP_UNWIND:
        this.#leave(stack, false);
        return;
      case f.OP_RESUME:
      case f.OP_THROW:
        this.#leaveAt(top);
        this.#resume(stack);
        return;
      case f.OP_RAISE:
      case f.OP_HANDLED:
        if (top !== undefined) top.offset = cursor.uv();
        return;
      case f.OP_WRITE:
        if (top !== undefined) this.#write(top, cursor.uv(), valueRef(this.#block.number, cursor.pos));
        return;
      case f.OP_DELETE:
        if (top !== undefined) this.#write(top, cursor.uv(), UNBOUND_REF);
        return;
      case f.OP_WRITE_IN: {
        const frame = this.#frames.get(cursor.uv());
        if (frame !== undefined) this.#write(frame, cursor.uv(), valueRef(this.#block.number, cursor.pos));
        return;
      }
      case f.OP_FRAME:
        this.#record();
        return;
      default:
        return;
    }
  }

  #line(top: ReplayedFrame, opcode: number): void {
    top.offset = opcode >= f.LINE_BASE ? top.offset + opcode - f.LINE_ZERO : this.#cursor.uv();
    top.line1 = this.#step + 1;
  }

  #call(): ReplayedFrame {
    const cursor = this.#cursor;
    const [frame, code, globals, mapping] = [cursor.uv(), cursor.uv(), cursor.uv(), cursor.uv()];
    const flags = cursor.u8();
    const slots: number[] = [];
    const written: number[] = [];
    for (let left = cursor.uv(); left > 0; left--) {
      slots.push(valueRef(this.#block.number, cursor.pos));
      written.push(this.#step);
      skipValue(cursor, CHECKED_STRINGS);
    }
    return this.#enter({ frame, code, offset: 0, line1: 0, globals, mapping, flags, slots, written });
  }

  #resume(stack: ReplayedFrame[]): void {
    const cursor = this.#cursor;
    const frame = cursor.uv();
    const live = cursor.u8() === 0 ? this.#frames.get(frame) : this.#record();
    if (live !== undefined) stack.push(live);
  }

  #record(): ReplayedFrame {
    return this.#enter(readFrameRecord(this.#cursor, this.#block.number, CHECKED_STRINGS));
  }

  /** Reads the caller's offset, which stands in front of a call's other operands. */
  #leaveAt(top: ReplayedFrame | undefined): void {
    const offset = this.#cursor.uv();
    if (top !== undefined) top.offset = offset;
  }

  #leave(stack: ReplayedFrame[], isSuspended: boolean): void {
    const left = stack.pop();
    if (left !== undefined && !isSuspended) this.#frames.delete(left.frame);
  }

  /** A value that is UNBOUND counts as a write too: `del`. */
  #write(frame: ReplayedFrame, slot: number, ref: number): void {
    while (frame.slots.length <= slot) {
      frame.slots.push(UNBOUND_REF);
      frame.written.push(0);
    }
    frame.slots[slot] = ref;
    frame.written[slot] = this.#step;
  }

  #stackOf(threadIndex: number): ReplayedFrame[] {
    const stack = this.#stacks.get(threadIndex);
    if (stack !== undefined) return stack;
    const fresh: ReplayedFrame[] = [];
    this.#stacks.set(threadIndex, fresh);
    return fresh;
  }
}
