// The events of one block as columns (FORMAT.md, 4.2): one pass over the bytes that checks everything, keeps where each
// operand stands, and follows the stacks far enough to know which frame and which line an event belongs to.
import type { SparseColumn } from "../base/sparseColumn.ts";
import { WireError } from "../base/errors.ts";
import { skipContents, skipEntries } from "./contents.ts";
import type { Cursor } from "./cursor.ts";
import * as f from "./format.ts";
import { type Keyframe, readFrameRecord, skipFrameRecord } from "./keyframe.ts";
import { CHECKED_STRINGS, skipString, skipValue } from "./value.ts";

/** One row per event. Threads are dense indexes, lines are line keys, both of `ParseContext`. */
export interface EventColumns {
  readonly count: number;
  /** Opcode; every LINE and LINE_AT is `OP_LINE_AT`. */
  readonly kind: Uint8Array;
  /** Position of the opcode in the payload. */
  readonly at: Uint32Array;
  /** Thread that the event belongs to; for THREAD the one that runs from here on. */
  readonly thread: Uint16Array;
  /** The frame that the event is about (of RETURN, YIELD, UNWIND the one that left), or the object of an object's event. */
  readonly subject: Uint32Array;
  /** Line key of a step, flags of a RAISE, code of a CALL; 1 when an UNWIND left its thread without frames; else 0. */
  readonly detail: Uint32Array;
  /** Rows of the steps, ascending. */
  readonly steps: Uint32Array;
  /** Positions of the block's table strings. */
  readonly strings: readonly number[];
}

/** What the events of a block refer to outside of it. */
export interface ParseContext {
  /** Dense number of (code object, line); undefined when the code object is not known. */
  lineKey(code: number, offset: number): number | undefined;
  hasCode(code: number): boolean;
  threadIndex(thread: number): number;
  /** Kind numbers of objects, from their NEW events; parsing adds to it. */
  readonly objectKinds: SparseColumn;
}

interface Place {
  readonly frame: number;
  readonly code: number;
  offset: number;
}

const MAX_OFFSET = 0xffff_fffe;

/** `strict` demands that the section ends with its last event; otherwise whole events count up to the first bad one. */
export function parseEvents(
  payload: Cursor,
  block: number,
  keyframe: Keyframe,
  context: ParseContext,
  strict: boolean,
): EventColumns {
  return new EventParser(payload, block, keyframe, context).parse(strict);
}

class EventParser {
  readonly #cursor: Cursor;
  readonly #block: number;
  readonly #context: ParseContext;
  readonly #strings: number[] = [];
  readonly #stacks = new Map<number, Place[]>();
  /** Frames of this block that are off every stack but may come back. */
  readonly #places = new Map<number, Place>();
  #stack: Place[] = [];
  #thread = 0;
  #subject = 0;
  #detail = 0;

  constructor(cursor: Cursor, block: number, keyframe: Keyframe, context: ParseContext) {
    this.#cursor = cursor;
    this.#block = block;
    this.#context = context;
    for (const { thread, frames } of keyframe.threads) {
      const stack = frames.map(({ frame, code, offset }): Place => ({ frame, code, offset }));
      this.#stacks.set(thread, stack);
      for (const place of stack) this.#places.set(place.frame, place);
    }
    this.#switchTo(keyframe.current);
  }

  parse(strict: boolean): EventColumns {
    const cursor = this.#cursor;
    const capacity = cursor.remaining;
    const rows = new RowColumns(Math.min(capacity, 65_536));
    let steps = 0;
    while (cursor.pos < cursor.end) {
      const at = cursor.pos;
      const strings = this.#strings.length;
      try {
        const kind = this.#event(cursor.u8());
        rows.add(kind, at, this.#thread, this.#subject, this.#detail);
        if (kind === f.OP_LINE_AT) steps++;
      } catch (error) {
        if (strict || !(error instanceof WireError)) throw error;
        this.#strings.length = strings;
        cursor.pos = at;
        break;
      }
    }
    return { ...rows.finish(steps), strings: this.#strings };
  }

  /** Reads one event's operands; the opcode as the columns have it. */
  #event(opcode: number): number {
    this.#subject = 0;
    this.#detail = 0;
    if (opcode >= f.LINE_BASE) {
      const top = this.#top();
      this.#line(top, top.offset + opcode - f.LINE_ZERO);
      return f.OP_LINE_AT;
    }
    if (opcode < f.OP_THREAD) this.#frameEvent(opcode);
    else if (opcode >= f.OP_NEW && opcode <= f.OP_DEAD) this.#objectEvent(opcode);
    else this.#otherEvent(opcode);
    return opcode;
  }

  #frameEvent(opcode: number): void {
    const cursor = this.#cursor;
    switch (opcode) {
      case f.OP_LINE_AT:
        this.#line(this.#top(), cursor.serial());
        return;
      case f.OP_CALL:
        this.#call();
        return;
      case f.OP_RETURN:
      case f.OP_YIELD:
        // Kept for a suspended frame: its next step may be relative to it.
        this.#stand(cursor.serial());
        skipValue(cursor, this.#strings);
        this.#leave();
        return;
      case f.OP_UNWIND:
        skipValue(cursor, this.#strings);
        this.#leave();
        this.#detail = this.#stack.length === 0 ? 1 : 0;
        return;
      case f.OP_RESUME:
        this.#resume();
        return;
      case f.OP_THROW:
        this.#resume();
        skipValue(cursor, this.#strings);
        return;
      case f.OP_RAISE:
        this.#stand(cursor.serial());
        this.#detail = cursor.u8();
        skipValue(cursor, this.#strings);
        return;
      case f.OP_HANDLED:
        this.#stand(cursor.serial());
        return;
      case f.OP_WRITE:
        this.#subject = this.#top().frame;
        this.#slot();
        skipValue(cursor, this.#strings);
        return;
      case f.OP_DELETE:
        this.#subject = this.#top().frame;
        this.#slot();
        return;
      case f.OP_WRITE_IN:
        this.#subject = cursor.serial();
        if (!this.#places.has(this.#subject)) throw cursor.error("writes to a frame that the block does not hold");
        this.#slot();
        skipValue(cursor, this.#strings);
        return;
      case f.OP_FRAME: {
        const place = this.#record();
        this.#subject = place.frame;
        return;
      }
      default:
        throw cursor.error(`has an event of an unknown kind (${opcode})`);
    }
  }

  #objectEvent(opcode: number): void {
    const cursor = this.#cursor;
    if (opcode === f.OP_UNKNOWN || opcode === f.OP_DEAD) {
      if (opcode === f.OP_UNKNOWN) cursor.u8();
      for (let left = cursor.count(); left > 0; left--) cursor.serial();
      return;
    }
    const object = cursor.serial();
    this.#subject = object;
    if (opcode === f.OP_NEW) {
      const number = cursor.u8();
      const kind = f.objectKind(number);
      if (kind === undefined) throw cursor.error("has an object of an unknown kind");
      skipString(cursor, this.#strings);
      skipContents(cursor, kind, this.#strings);
      this.#context.objectKinds.set(object, number);
      return;
    }
    const kind = f.objectKind(this.#context.objectKinds.get(object));
    if (kind === undefined) throw cursor.error("changes an object that was never seen");
    switch (opcode) {
      case f.OP_CONTENTS:
        this.#detail = cursor.u8();
        skipContents(cursor, kind, this.#strings);
        return;
      case f.OP_ITEM_SET:
        cursor.uv();
        skipValue(cursor, this.#strings);
        return;
      case f.OP_APPEND:
        skipEntries(cursor, 1, kind, this.#strings);
        return;
      case f.OP_SPLICE:
        cursor.uv();
        cursor.uv();
        skipEntries(cursor, cursor.count(), kind, this.#strings);
        return;
      case f.OP_LENGTH:
        cursor.uv();
        return;
      case f.OP_ATTR_SET:
        skipString(cursor, this.#strings);
        skipValue(cursor, this.#strings);
        return;
      case f.OP_ATTR_DEL:
      case f.OP_TYPE:
        skipString(cursor, this.#strings);
        return;
      case f.OP_BYTES_SPLICE:
        cursor.uv();
        cursor.uv();
        cursor.skip(cursor.uv());
        return;
      case f.OP_KNOWN:
        return;
      default:
        throw cursor.error(`has an event of an unknown kind (${opcode})`);
    }
  }

  #otherEvent(opcode: number): void {
    const cursor = this.#cursor;
    switch (opcode) {
      case f.OP_THREAD:
        this.#switchTo(cursor.uv());
        return;
      case f.OP_THREAD_START:
        this.#detail = this.#context.threadIndex(cursor.uv());
        skipString(cursor, this.#strings);
        return;
      case f.OP_THREAD_END: {
        const thread = cursor.uv();
        this.#detail = this.#context.threadIndex(thread);
        // Emptied in place: it may be the current one.
        this.#stacks.get(thread)?.splice(0);
        return;
      }
      case f.OP_OUTPUT:
      case f.OP_GAP:
        cursor.u8();
        cursor.skip(cursor.uv());
        return;
      case f.OP_END:
        this.#detail = cursor.u8();
        cursor.sv();
        skipValue(cursor, this.#strings);
        return;
      case f.OP_CHILD:
        cursor.uv();
        return;
      case f.OP_EVALUATE:
        cursor.skip(cursor.uv());
        return;
      case f.OP_GENERATOR:
        this.#subject = cursor.serial();
        cursor.serial();
        return;
      case f.OP_DROPPED:
        this.#subject = cursor.serial();
        return;
      case f.OP_CELL_SET:
        this.#subject = cursor.serial();
        if (this.#context.objectKinds.get(this.#subject) === 0)
          throw cursor.error("changes an object that was never seen");
        skipValue(cursor, this.#strings);
        return;
      default:
        throw cursor.error(`has an event of an unknown kind (${opcode})`);
    }
  }

  #line(top: Place, offset: number): void {
    if (offset < 0 || offset > MAX_OFFSET) throw this.#cursor.error("has a step outside of its code");
    const key = this.#context.lineKey(top.code, offset);
    if (key === undefined) throw this.#cursor.error("runs code that is not in the recording");
    top.offset = offset;
    this.#subject = top.frame;
    this.#detail = key;
  }

  #call(): void {
    const cursor = this.#cursor;
    this.#leaveAt(cursor.serial());
    const frame = cursor.serial();
    const code = cursor.serial();
    cursor.serial();
    cursor.serial();
    cursor.u8();
    for (let left = cursor.count(); left > 0; left--) skipValue(cursor, this.#strings);
    const place = { frame, code, offset: 0 };
    if (!this.#context.hasCode(code)) throw cursor.error("runs code that is not in the recording");
    this.#places.set(frame, place);
    this.#stack.push(place);
    this.#subject = frame;
    this.#detail = code;
  }

  #resume(): void {
    const cursor = this.#cursor;
    this.#leaveAt(cursor.serial());
    const frame = cursor.serial();
    const place = cursor.u8() !== 0 ? this.#record() : this.#places.get(frame);
    if (place?.frame !== frame) throw cursor.error("resumes a frame that the block does not hold");
    this.#stack.push(place);
    this.#subject = frame;
  }

  #record(): Place {
    const cursor = this.#cursor;
    const start = cursor.pos;
    skipFrameRecord(cursor, this.#strings);
    cursor.pos = start;
    const { frame, code, offset } = readFrameRecord(cursor, this.#block, CHECKED_STRINGS);
    if (!this.#context.hasCode(code)) throw cursor.error("runs code that is not in the recording");
    const place = { frame, code, offset };
    this.#places.set(frame, place);
    return place;
  }

  /** The caller's offset of a call; nothing when nobody recorded calls. */
  #leaveAt(offset: number): void {
    const top = this.#stack.at(-1);
    if (top !== undefined) top.offset = offset;
  }

  #leave(): void {
    const top = this.#stack.pop();
    if (top === undefined) throw this.#cursor.error("leaves a frame where none runs");
    this.#subject = top.frame;
  }

  #stand(offset: number): void {
    const top = this.#top();
    top.offset = offset;
    this.#subject = top.frame;
  }

  #slot(): void {
    if (this.#cursor.uv() > 0xffff) throw this.#cursor.error("writes to a variable that no code has");
  }

  #top(): Place {
    const top = this.#stack.at(-1);
    if (top === undefined) throw this.#cursor.error("has an event of a frame where none runs");
    return top;
  }

  #switchTo(thread: number): void {
    this.#thread = this.#context.threadIndex(thread);
    const stack = this.#stacks.get(thread) ?? [];
    this.#stacks.set(thread, stack);
    this.#stack = stack;
  }
}

/** Columns that grow together. */
class RowColumns {
  #count = 0;
  #kind: Uint8Array;
  #at: Uint32Array;
  #thread: Uint16Array;
  #subject: Uint32Array;
  #detail: Uint32Array;

  constructor(capacity: number) {
    const size = Math.max(capacity, 16);
    this.#kind = new Uint8Array(size);
    this.#at = new Uint32Array(size);
    this.#thread = new Uint16Array(size);
    this.#subject = new Uint32Array(size);
    this.#detail = new Uint32Array(size);
  }

  add(kind: number, at: number, thread: number, subject: number, detail: number): void {
    const row = this.#count++;
    if (row >= this.#kind.length) this.#resize(row * 2);
    this.#kind[row] = kind;
    this.#at[row] = at;
    this.#thread[row] = thread;
    this.#subject[row] = subject;
    this.#detail[row] = detail;
  }

  finish(stepCount: number): Omit<EventColumns, "strings"> {
    this.#resize(this.#count);
    const steps = new Uint32Array(stepCount);
    let step = 0;
    for (let row = 0; row < this.#count; row++) if (this.#kind[row] === f.OP_LINE_AT) steps[step++] = row;
    return {
      count: this.#count,
      kind: this.#kind,
      at: this.#at,
      thread: this.#thread,
      subject: this.#subject,
      detail: this.#detail,
      steps,
    };
  }

  #resize(size: number): void {
    const kept = Math.min(size, this.#kind.length);
    this.#kind = copyInto(new Uint8Array(size), this.#kind.subarray(0, kept));
    this.#at = copyInto(new Uint32Array(size), this.#at.subarray(0, kept));
    this.#thread = copyInto(new Uint16Array(size), this.#thread.subarray(0, kept));
    this.#subject = copyInto(new Uint32Array(size), this.#subject.subarray(0, kept));
    this.#detail = copyInto(new Uint32Array(size), this.#detail.subarray(0, kept));
  }
}

function copyInto<Column extends Uint8Array | Uint16Array | Uint32Array>(to: Column, from: Column): Column {
  to.set(from);
  return to;
}
