// The events of one block that are about objects (FORMAT.md, 4.2): one pass over the bytes that only looks where each event
// ends. It follows no frames, so it takes a third of the time of `EventScanner`; that has checked the block before.
import type { SerialColumn } from "../base/serialColumn.ts";
import { skipContents, skipEntries } from "./contents.ts";
import type { Cursor } from "./cursor.ts";
import * as f from "./format.ts";
import { skipFrameRecord } from "./keyframe.ts";
import { skipString, skipValue } from "./value.ts";

/** One entry for each event about objects. */
export interface ObjectColumns {
  readonly count: number;
  /** Number of the event in its block, ascending. */
  readonly rows: Uint32Array;
  readonly kind: Uint8Array;
  /** Position of the opcode in the payload. */
  readonly at: Uint32Array;
  /** The object; 0 of an event that names many. */
  readonly subject: Uint32Array;
  /** Of a CONTENTS why it is there; else 0. */
  readonly why: Uint8Array;
  /** Steps of the block before the event. */
  readonly steps: Uint32Array;
  /** Positions of the block's table strings. */
  readonly strings: readonly number[];
}

const INITIAL_ENTRIES = 4096;

/** Events that say something about objects. */
export function isObjectEvent(opcode: number): boolean {
  const isChange = opcode >= f.OP_NEW && opcode <= f.OP_DEAD;
  const isOfOne = opcode === f.OP_GENERATOR || opcode === f.OP_CELL_SET || opcode === f.OP_CLASS;
  return isChange || isOfOne || opcode === f.OP_UNKNOWN_SINCE;
}

/** Object events that name many. */
export function isListEvent(opcode: number): boolean {
  return opcode === f.OP_UNKNOWN || opcode === f.OP_DEAD;
}

/** Makes columns of one block after the other, in the same memory until they are copied at the end. */
export class ObjectScanner {
  readonly #kinds: SerialColumn;
  #rows = new Uint32Array(INITIAL_ENTRIES);
  #kind = new Uint8Array(INITIAL_ENTRIES);
  #at = new Uint32Array(INITIAL_ENTRIES);
  #subject = new Uint32Array(INITIAL_ENTRIES);
  #why = new Uint8Array(INITIAL_ENTRIES);
  #steps = new Uint32Array(INITIAL_ENTRIES);

  /** `kinds`: kind numbers of objects, complete. */
  constructor(kinds: SerialColumn) {
    this.#kinds = kinds;
  }

  /** `cursor` is on the events section of the block. Throws WireError. */
  scan(cursor: Cursor): ObjectColumns {
    const strings: number[] = [];
    let count = 0;
    let row = 0;
    let steps = 0;
    while (cursor.pos < cursor.end) {
      const run = lineRun(cursor);
      row += run;
      steps += run;
      if (cursor.pos >= cursor.end) break;
      const at = cursor.pos;
      const opcode = cursor.u8();
      if (isObjectEvent(opcode)) {
        if (count === this.#rows.length) this.#grow();
        const subject = this.#skipObjectEvent(cursor, opcode, strings, count);
        this.#rows[count] = row;
        this.#kind[count] = opcode;
        this.#at[count] = at;
        this.#subject[count] = subject;
        this.#steps[count] = steps;
        count++;
      } else {
        if (opcode === f.OP_LINE_AT) steps++;
        skipOtherEvent(cursor, opcode, strings);
      }
      row++;
    }
    return {
      count,
      rows: this.#rows.slice(0, count),
      kind: this.#kind.slice(0, count),
      at: this.#at.slice(0, count),
      subject: this.#subject.slice(0, count),
      why: this.#why.slice(0, count),
      steps: this.#steps.slice(0, count),
      strings,
    };
  }

  /** The object that it is about; 0 for many. */
  #skipObjectEvent(cursor: Cursor, opcode: number, strings: number[], entry: number): number {
    this.#why[entry] = 0;
    if (isListEvent(opcode)) {
      if (opcode === f.OP_UNKNOWN) cursor.u8();
      for (let left = cursor.count(); left > 0; left--) cursor.uv();
      return 0;
    }
    const object = cursor.serial();
    switch (opcode) {
      case f.OP_NEW: {
        const kind = kindOf(cursor, cursor.u8());
        skipString(cursor, strings);
        skipContents(cursor, kind, strings);
        return object;
      }
      case f.OP_CONTENTS:
        this.#why[entry] = cursor.u8();
        skipContents(cursor, kindOf(cursor, this.#kinds.get(object)), strings);
        return object;
      case f.OP_ITEM_SET:
        cursor.uv();
        quickValue(cursor, strings);
        return object;
      case f.OP_APPEND:
        skipEntries(cursor, 1, kindOf(cursor, this.#kinds.get(object)), strings);
        return object;
      case f.OP_SPLICE:
        cursor.uv();
        cursor.uv();
        skipEntries(cursor, cursor.count(), kindOf(cursor, this.#kinds.get(object)), strings);
        return object;
      case f.OP_ATTR_SET:
        skipString(cursor, strings);
        quickValue(cursor, strings);
        return object;
      case f.OP_ATTR_DEL:
      case f.OP_TYPE:
        skipString(cursor, strings);
        return object;
      case f.OP_BYTES_SPLICE:
        cursor.uv();
        cursor.uv();
        cursor.skip(cursor.uv());
        return object;
      case f.OP_LENGTH:
      case f.OP_GENERATOR:
        cursor.uv();
        return object;
      case f.OP_CELL_SET:
      case f.OP_CLASS:
        skipValue(cursor, strings);
        return object;
      case f.OP_UNKNOWN_SINCE:
        cursor.u8();
        cursor.uv();
        return object;
      default:
        return object;
    }
  }

  #grow(): void {
    const size = this.#rows.length * 2;
    this.#rows = grown(new Uint32Array(size), this.#rows);
    this.#kind = grown(new Uint8Array(size), this.#kind);
    this.#at = grown(new Uint32Array(size), this.#at);
    this.#subject = grown(new Uint32Array(size), this.#subject);
    this.#why = grown(new Uint8Array(size), this.#why);
    this.#steps = grown(new Uint32Array(size), this.#steps);
  }
}

/** Passes over LINEs; how many there were (hot). */
function lineRun(cursor: Cursor): number {
  const { bytes, end } = cursor;
  const start = cursor.pos;
  let pos = start;
  while (pos < end && (bytes[pos] ?? 0) >= f.LINE_BASE) pos++;
  cursor.pos = pos;
  return pos - start;
}

/** Skips a value; the usual ones of few bytes without a call (hot). */
function quickValue(cursor: Cursor, strings: number[]): void {
  const { bytes, pos, end } = cursor;
  if (pos + 2 < end) {
    const tag = bytes[pos] ?? 0;
    if (tag <= f.TAG_TRUE) {
      cursor.pos = pos + 1;
      return;
    }
    if (tag === f.TAG_INT || tag === f.TAG_OBJECT) {
      if ((bytes[pos + 1] ?? 0x80) < 0x80) {
        cursor.pos = pos + 2;
        return;
      }
      if ((bytes[pos + 2] ?? 0x80) < 0x80) {
        cursor.pos = pos + 3;
        return;
      }
    }
  }
  skipValue(cursor, strings);
}

function skipOtherEvent(cursor: Cursor, opcode: number, strings: number[]): void {
  switch (opcode) {
    case f.OP_WRITE:
    case f.OP_RETURN:
    case f.OP_YIELD:
      cursor.uv();
      quickValue(cursor, strings);
      return;
    case f.OP_CALL:
      for (let field = 0; field < 5; field++) cursor.uv();
      cursor.u8();
      for (let left = cursor.count(); left > 0; left--) quickValue(cursor, strings);
      return;
    case f.OP_LINE_AT:
    case f.OP_HANDLED:
    case f.OP_DELETE:
    case f.OP_THREAD:
    case f.OP_THREAD_END:
    case f.OP_CHILD:
    case f.OP_DROPPED:
      cursor.uv();
      return;
    case f.OP_UNWIND:
      skipValue(cursor, strings);
      return;
    case f.OP_RESUME:
    case f.OP_THROW:
      cursor.uv();
      cursor.uv();
      if (cursor.u8() !== 0) skipFrameRecord(cursor, strings);
      if (opcode === f.OP_THROW) skipValue(cursor, strings);
      return;
    case f.OP_RAISE:
      cursor.uv();
      cursor.u8();
      skipValue(cursor, strings);
      return;
    case f.OP_WRITE_IN:
      cursor.uv();
      cursor.uv();
      skipValue(cursor, strings);
      return;
    case f.OP_FRAME:
      skipFrameRecord(cursor, strings);
      return;
    case f.OP_THREAD_START:
      cursor.uv();
      skipString(cursor, strings);
      return;
    case f.OP_OUTPUT:
    case f.OP_GAP:
      cursor.u8();
      cursor.skip(cursor.uv());
      return;
    case f.OP_END:
      cursor.u8();
      cursor.sv();
      skipValue(cursor, strings);
      return;
    case f.OP_EVALUATE:
      cursor.skip(cursor.uv());
      return;
    case f.OP_TASK:
      cursor.uv();
      cursor.uv();
      return;
    default:
      throw cursor.error(`has an event of an unknown kind (${opcode})`);
  }
}

function kindOf(cursor: Cursor, number: number): f.ObjectKind {
  const kind = f.objectKind(number);
  if (kind === undefined) throw cursor.error("has an object of an unknown kind");
  return kind;
}

function grown<Column extends Uint8Array | Uint32Array>(to: Column, from: Column): Column {
  to.set(from);
  return to;
}
