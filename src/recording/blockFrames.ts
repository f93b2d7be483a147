// Which frames are there after an event of a block, and what is in their variables? Calls and returns are listed once for
// each block; what a frame holds is looked for backward from the event when somebody asks, up to the frame's CALL, a
// record of it or the keyframe. Values stay references (`ValueRef`).
import { lastAtMost } from "../base/bisect.ts";
import type { Cursor } from "../wire/cursor.ts";
import * as f from "../wire/format.ts";
import { type FrameRecord, readFrameRecord, UNBOUND_REF, valueRef } from "../wire/keyframe.ts";
import { CHECKED_STRINGS, skipValue } from "../wire/value.ts";
import type { Block } from "./block.ts";

/** One frame at an event. `slots` and `written` (step1, 0: never) are parallel and may be shorter than the code's slots. */
export interface LiveFrame {
  readonly frame: number;
  readonly code: number;
  readonly globals: number;
  readonly mapping: number;
  readonly isGenerator: boolean;
  readonly offset: number;
  /** Step1 of its last LINE; 0 before the first. */
  readonly line1: number;
  readonly slots: readonly number[];
  readonly written: readonly number[];
}

/** What a frame was when it came: by its CALL, a record of it, or the keyframe. */
interface Beginning {
  readonly record: FrameRecord;
  /** Of the CALL or the record; -1: in the keyframe. */
  readonly row: number;
}

/** An activation on a stack, from a push to its pop. Its number is the row of the lists below. */
type Activation = number;
const NONE: Activation = -1;

interface AskedStack {
  readonly row: number;
  readonly threadIndex: number;
  readonly stack: readonly LiveFrame[];
}

interface AskedFrame {
  readonly row: number;
  readonly frame: number;
  readonly live: LiveFrame | undefined;
}

/** Rows that are listed with the one that is asked for: most questions are about the next ones as well. */
const LISTED_AHEAD = 256;

/** An activation on a stack at a row. */
interface Standing {
  readonly activation: Activation;
  /** The one above it; `NONE` for the innermost. */
  readonly above: Activation;
  /** The last turn of its thread; -1 for none. */
  readonly turn: number;
}

/** What frames of a block refer to outside of it. */
export interface FrameContext {
  /** Dense index of a thread id. */
  threadIndex(thread: number): number;
  /** How many variables a code object has; undefined when it is not known. */
  slotCount(code: number): number | undefined;
}

export class BlockFrames {
  readonly #block: Block;
  readonly #context: FrameContext;
  /** By activation: the row of its push, -1 for those of the keyframe, which come first; the one below it. */
  readonly #starts = new Column();
  readonly #below = new Column();
  readonly #records: FrameRecord[] = [];
  /** By dense thread index: the innermost activation of the keyframe. */
  readonly #first = new Map<number, Activation>();
  /** By dense thread index: the innermost activation where the list of turns ends. */
  readonly #last = new Map<number, Activation>();
  /** Turns are listed up to here. */
  #listed = 0;
  /** *Turns*: rows of pushes, pops and ends of threads; what comes, or what was innermost and goes. */
  readonly #turns = new Column();
  readonly #turned = new Column();
  /** The answers that were given last. */
  #stack: AskedStack = { row: -2, threadIndex: -1, stack: [] };
  #frame: AskedFrame = { row: -2, frame: -1, live: undefined };

  constructor(block: Block, context: FrameContext) {
    this.#block = block;
    this.#context = context;
    for (const { thread, frames } of block.keyframe.threads) {
      let top = NONE;
      for (const record of frames) {
        this.#records.push(record);
        this.#below.push(top);
        top = this.#starts.push(-1) - 1;
      }
      this.#first.set(context.threadIndex(thread), top);
      this.#last.set(context.threadIndex(thread), top);
    }
  }

  get block(): Block {
    return this.#block;
  }

  /** The thread's frames after the event at `row`, outermost first; -1 is the keyframe. */
  stack(row: number, threadIndex: number): readonly LiveFrame[] {
    const asked = this.#stack;
    if (asked.row === row && asked.threadIndex === threadIndex) return asked.stack;
    const inward = Array.from(this.#standing(row, threadIndex), (standing) => this.#frameAt(standing, row));
    const stack = inward.toReversed();
    this.#stack = { row, threadIndex, stack };
    return stack;
  }

  /** A running or suspended frame that this block holds after the event at `row`. */
  frame(row: number, frame: number): LiveFrame | undefined {
    const asked = this.#frame;
    if (asked.row === row && asked.frame === frame) return asked.live;
    const live = this.#find(row, frame);
    this.#frame = { row, frame, live };
    return live;
  }

  #find(row: number, frame: number): LiveFrame | undefined {
    const last = this.#lastRow(row, frame);
    const kind = this.#block.events.kind[last];
    if (kind === f.OP_RETURN || kind === f.OP_UNWIND || kind === f.OP_DROPPED) return undefined;
    const standing = this.#standingOf(row, frame);
    if (standing !== undefined) return this.#frameAt(standing, row);
    const beginning = this.#beginning(row, frame);
    if (beginning === undefined) return undefined;
    return new FrameAt(this.#block, this.#context, row, {
      frame,
      beginning: () => beginning,
      offset: () => this.#offsetOff(beginning, last, row),
    });
  }

  /** Whether the frame is on a stack, rather than suspended. */
  isRunning(row: number, frame: number): boolean {
    return this.#standingOf(row, frame) !== undefined;
  }

  /** Lists the turns before row `end`. */
  #listTurns(end: number): void {
    const { kind, thread, detail } = this.#block.events;
    const tops = this.#last;
    const [turns, turned, starts, below] = [this.#turns, this.#turned, this.#starts, this.#below];
    let threadIndex = -1;
    let top = NONE;
    for (let row = this.#listed; row < end; row++) {
      const opcode = kind[row] ?? 0;
      // Most events are none of these (hot).
      if (opcode < f.OP_CALL || (opcode > f.OP_UNWIND && opcode !== f.OP_THREAD_END)) continue;
      const turning = opcode === f.OP_THREAD_END ? (detail[row] ?? 0) : (thread[row] ?? 0);
      if (turning !== threadIndex) {
        if (threadIndex >= 0) tops.set(threadIndex, top);
        threadIndex = turning;
        top = tops.get(threadIndex) ?? NONE;
      }
      turns.push(row);
      if (isPush(opcode)) {
        below.push(top);
        top = starts.push(row) - 1;
        turned.push(top);
      } else {
        turned.push(top);
        top = opcode === f.OP_THREAD_END ? NONE : below.at(top);
      }
    }
    if (threadIndex >= 0) tops.set(threadIndex, top);
    this.#listed = end;
  }

  /** Innermost first. */
  *#standing(row: number, threadIndex: number): Generator<Standing> {
    if (row >= this.#listed) this.#listTurns(Math.min(row + LISTED_AHEAD, this.#block.events.count));
    let turn = this.#turns.lastAtMost(row);
    while (turn >= 0 && this.#threadOf(turn) !== threadIndex) turn--;
    let activation = turn < 0 ? (this.#first.get(threadIndex) ?? NONE) : this.#topAfter(turn);
    let above = NONE;
    while (activation !== NONE) {
      yield { activation, above, turn };
      above = activation;
      activation = this.#below.at(activation);
    }
  }

  #threadOf(turn: number): number {
    const { kind, thread, detail } = this.#block.events;
    const row = this.#turns.at(turn);
    return (kind[row] === f.OP_THREAD_END ? detail[row] : thread[row]) ?? 0;
  }

  #topAfter(turn: number): Activation {
    const opcode = this.#block.events.kind[this.#turns.at(turn)] ?? 0;
    if (opcode === f.OP_THREAD_END) return NONE;
    const turned = this.#turned.at(turn);
    return isPush(opcode) ? turned : this.#below.at(turned);
  }

  #standingOf(row: number, frame: number): Standing | undefined {
    for (const threadIndex of this.#last.keys()) {
      for (const standing of this.#standing(row, threadIndex))
        if (this.#numberOf(standing.activation) === frame) return standing;
    }
    return undefined;
  }

  /** The frame's number. */
  #numberOf(activation: Activation): number {
    const start = this.#starts.at(activation);
    return start < 0 ? (this.#records[activation]?.frame ?? 0) : (this.#block.events.subject[start] ?? 0);
  }

  #frameAt(standing: Standing, row: number): LiveFrame {
    const { activation, above } = standing;
    return new FrameAt(this.#block, this.#context, row, {
      frame: this.#numberOf(activation),
      beginning: () => this.#beginningOf(activation),
      offset: () => (above === NONE ? this.#offsetOfTop(standing, row) : this.#offsetBelow(activation, above)),
    });
  }

  #beginningOf(activation: Activation): Beginning {
    const start = this.#starts.at(activation);
    const record = start < 0 ? this.#records[activation] : undefined;
    const found = record === undefined ? this.#beginning(start, this.#numberOf(activation)) : { record, row: -1 };
    if (found === undefined) throw this.#block.cursorAt(0).error("runs a frame that it does not hold");
    return found;
  }

  /** The last at or before `row`. */
  #beginning(row: number, frame: number): Beginning | undefined {
    const { kind, subject } = this.#block.events;
    for (let at = row; at >= 0; at--) {
      if (subject[at] !== frame) continue;
      const record = this.#recordIn(at, kind[at] ?? 0);
      if (record !== undefined) return { record, row: at };
    }
    const record = this.#records.find((one) => one.frame === frame);
    return record === undefined ? undefined : { record, row: -1 };
  }

  /** What the event at `row` says of all of its frame, if it does. */
  #recordIn(row: number, opcode: number): FrameRecord | undefined {
    if (opcode === f.OP_CALL) return callAt(this.#block, row);
    if (opcode !== f.OP_RESUME && opcode !== f.OP_THROW && opcode !== f.OP_FRAME) return undefined;
    const cursor = this.#block.operands(row);
    if (opcode !== f.OP_FRAME) {
      cursor.uv();
      cursor.uv();
      if (cursor.u8() === 0) return undefined;
    }
    return readFrameRecord(cursor, this.#block.number, CHECKED_STRINGS);
  }

  /** The last event of the frame itself at or before `row`; -1 for none. */
  #lastRow(row: number, frame: number): number {
    const { kind, subject } = this.#block.events;
    for (let at = row; at >= 0; at--) {
      if (subject[at] !== frame) continue;
      const opcode = kind[at] ?? 0;
      if (opcode === f.OP_DROPPED || (opcode <= f.OP_FRAME && opcode !== f.OP_WRITE_IN)) return at;
    }
    return -1;
  }

  /** Where a frame stands that made the call above it. */
  #offsetBelow(activation: Activation, above: Activation): number {
    const start = this.#starts.at(above);
    // Both are in the keyframe.
    return start < 0 ? (this.#records[activation]?.offset ?? 0) : this.#block.operands(start).uv();
  }

  #offsetOfTop({ activation, turn }: Standing, row: number): number {
    const { kind, at, subject } = this.#block.events;
    const { payload } = this.#block;
    const frame = this.#numberOf(activation);
    let offset = this.#offsetAfter(turn, activation);
    for (let one = this.#turns.at(turn) + 1; one <= row; one++) {
      if (subject[one] !== frame) continue;
      const opcode = kind[one] ?? 0;
      if (opcode === f.OP_LINE_AT) {
        const byte = payload[at[one] ?? 0] ?? 0;
        offset = byte >= f.LINE_BASE ? offset + byte - f.LINE_ZERO : this.#block.operands(one).uv();
      } else if (opcode === f.OP_RAISE || opcode === f.OP_HANDLED) offset = this.#block.operands(one).uv();
    }
    return offset;
  }

  /** Of the activation that a turn has made the innermost one. */
  #offsetAfter(turn: number, activation: Activation): number {
    const turned = this.#turned.at(turn);
    if (turn < 0) return this.#records[activation]?.offset ?? 0;
    if (turned !== activation) return this.#offsetBelow(activation, turned);
    const { record, row } = this.#beginningOf(activation);
    const start = this.#starts.at(activation);
    if (row === start) return record.offset;
    const frame = this.#numberOf(activation);
    return this.#offsetOff({ record, row }, this.#lastRow(start - 1, frame), start - 1);
  }

  /** Of a frame that is on no stack at `row`; `last` is its last event. */
  #offsetOff({ record, row: begun }: Beginning, last: number, row: number): number {
    if (this.#block.events.kind[last] === f.OP_YIELD) return this.#block.operands(last).uv();
    if (last === begun && last >= 0 && this.#block.events.kind[last] === f.OP_FRAME) return record.offset;
    // Its thread ended with it.
    for (let turn = this.#turns.lastAtMost(row); turn >= 0; turn--) {
      const end = this.#turns.at(turn);
      if (this.#block.events.kind[end] !== f.OP_THREAD_END) continue;
      const standing = this.#standingOf(end - 1, record.frame);
      if (standing !== undefined) return this.#frameAt(standing, end - 1).offset;
    }
    return record.offset;
  }
}

/** Whole numbers from -1 on; -1 where there is none. */
class Column {
  #numbers = new Int32Array(256);
  #length = 0;

  at(index: number): number {
    return index < 0 || index >= this.#length ? -1 : (this.#numbers[index] ?? -1);
  }

  /** The new length. */
  push(number: number): number {
    if (this.#length === this.#numbers.length) {
      const numbers = new Int32Array(this.#length * 2);
      numbers.set(this.#numbers);
      this.#numbers = numbers;
    }
    this.#numbers[this.#length++] = number;
    return this.#length;
  }

  /** Index of the last number that is at most `key`, ascending; -1 for none. */
  lastAtMost(key: number): number {
    return lastAtMost(this.#numbers, key, this.#length);
  }
}

function isPush(opcode: number): boolean {
  return opcode === f.OP_CALL || opcode === f.OP_RESUME || opcode === f.OP_THROW;
}

function callAt(block: Block, row: number): FrameRecord {
  const cursor = block.operands(row);
  cursor.uv();
  const [frame, code, globals, mapping] = [cursor.uv(), cursor.uv(), cursor.uv(), cursor.uv()];
  const flags = cursor.u8();
  const slots: number[] = [];
  const written: number[] = [];
  const step1 = block.stepOfRow(row) + 1;
  for (let left = cursor.uv(); left > 0; left--) {
    slots.push(valueRef(block.number, cursor.pos));
    written.push(step1);
    skipValue(cursor, CHECKED_STRINGS);
  }
  return { frame, code, offset: 0, line1: 0, globals, mapping, flags, slots, written };
}

/** Of a variable while its last write is looked for: no place is below zero but `UNBOUND_REF`. */
const NOT_FOUND = -2;

interface Variables {
  readonly slots: readonly number[];
  readonly written: readonly number[];
}

/** How a frame is found out about. */
interface FrameSource {
  readonly frame: number;
  readonly beginning: () => Beginning;
  readonly offset: () => number;
}

/** A frame at a row: what it is and holds is looked for when it is asked for. */
class FrameAt implements LiveFrame {
  readonly frame: number;
  readonly #block: Block;
  readonly #context: FrameContext;
  readonly #row: number;
  readonly #source: FrameSource;
  #begun: Beginning | undefined;
  #offset: number | undefined;
  #line1: number | undefined;
  #variables: Variables | undefined;

  constructor(block: Block, context: FrameContext, row: number, source: FrameSource) {
    this.frame = source.frame;
    this.#block = block;
    this.#context = context;
    this.#row = row;
    this.#source = source;
  }

  get #beginning(): Beginning {
    this.#begun ??= this.#source.beginning();
    return this.#begun;
  }

  get code(): number {
    return this.#beginning.record.code;
  }

  get globals(): number {
    return this.#beginning.record.globals;
  }

  get mapping(): number {
    return this.#beginning.record.mapping;
  }

  get isGenerator(): boolean {
    return (this.#beginning.record.flags & f.FRAME_IS_GENERATOR) !== 0;
  }

  get offset(): number {
    this.#offset ??= this.#source.offset();
    return this.#offset;
  }

  get line1(): number {
    this.#line1 ??= this.#findLine1();
    return this.#line1;
  }

  get slots(): readonly number[] {
    return this.#held().slots;
  }

  get written(): readonly number[] {
    return this.#held().written;
  }

  #held(): Variables {
    this.#variables ??= this.#find();
    return this.#variables;
  }

  #findLine1(): number {
    const { kind, subject } = this.#block.events;
    const { record, row: begun } = this.#beginning;
    for (let row = this.#row; row > begun; row--)
      if (subject[row] === record.frame && kind[row] === f.OP_LINE_AT) return this.#block.stepOfRow(row) + 1;
    return record.line1;
  }

  /** Each variable's last write. */
  #find(): Variables {
    const { kind, subject } = this.#block.events;
    const { record, row: begun } = this.#beginning;
    const { frame } = record;
    const slots: number[] = [];
    const written: number[] = [];
    const slotCount = this.#context.slotCount(record.code) ?? Infinity;
    let left = slotCount;
    for (let row = this.#row; row > begun && left > 0; row--) {
      if (subject[row] !== frame) continue;
      const opcode = kind[row] ?? 0;
      if (opcode !== f.OP_WRITE && opcode !== f.OP_DELETE && opcode !== f.OP_WRITE_IN) continue;
      const cursor = this.#block.operands(row);
      if (opcode === f.OP_WRITE_IN) cursor.uv();
      const slot = cursor.uv();
      while (slots.length <= slot) {
        slots.push(NOT_FOUND);
        written.push(0);
      }
      if (slots[slot] !== NOT_FOUND) continue;
      slots[slot] = opcode === f.OP_DELETE ? UNBOUND_REF : this.#ref(cursor);
      written[slot] = this.#block.stepOfRow(row) + 1;
      if (slot < slotCount) left--;
    }
    while (slots.length < record.slots.length) {
      slots.push(NOT_FOUND);
      written.push(0);
    }
    for (const [slot, ref] of slots.entries()) {
      if (ref !== NOT_FOUND) continue;
      slots[slot] = record.slots[slot] ?? UNBOUND_REF;
      written[slot] = record.written[slot] ?? 0;
    }
    return { slots, written };
  }

  #ref(cursor: Cursor): number {
    return valueRef(this.#block.number, cursor.pos);
  }
}
