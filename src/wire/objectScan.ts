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
  /** The object of the event that `#quickObject` passed last. */
  #object = 0;

  /** `kinds`: kind numbers of objects, complete. */
  constructor(kinds: SerialColumn) {
    this.#kinds = kinds;
  }

  /** `cursor` is on the events section of the block. Throws WireError. */
  scan(cursor: Cursor): ObjectColumns {
    const strings: number[] = [];
    const { bytes, end } = cursor;
    let count = 0;
    let row = 0;
    let steps = 0;
    let pos = cursor.pos;
    while (pos < end) {
      const at = pos;
      const opcode = bytes[pos] ?? 0;
      if (opcode >= f.LINE_BASE) {
        steps++;
        row++;
        pos++;
        continue;
      }
      if (!isObjectEvent(opcode)) {
        pos = quickOther(bytes, opcode, at + 1);
        if (pos === 0) {
          cursor.pos = at + 1;
          skipOtherEvent(cursor, opcode, strings);
          pos = cursor.pos;
        }
        if (opcode === f.OP_LINE_AT) steps++;
        row++;
        continue;
      }
      if (count === this.#rows.length) this.#grow();
      pos = this.#quickObject(bytes, opcode, at + 1);
      let subject = this.#object;
      if (pos === 0) {
        cursor.pos = at + 1;
        subject = this.#skipObjectEvent(cursor, opcode, strings);
        pos = cursor.pos;
      }
      this.#rows[count] = row;
      this.#kind[count] = opcode;
      this.#at[count] = at;
      this.#subject[count] = subject;
      this.#why[count] = opcode === f.OP_CONTENTS ? (bytes[afterNumber(bytes, at + 1)] ?? 0) : 0;
      this.#steps[count] = steps;
      count++;
      row++;
    }
    if (pos > end) throw cursor.error("ends too early");
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

  /** Where an object's event in its usual form ends, its object is in `#object` then; 0 for any other (hot). */
  #quickObject(bytes: Uint8Array, opcode: number, pos: number): number {
    if (opcode === f.OP_UNKNOWN || opcode >= f.OP_OUTPUT) return 0;
    if (opcode === f.OP_DEAD) {
      this.#object = 0;
      const count = bytes[pos] ?? 0x80;
      return count < 0x80 ? afterNumbers(bytes, pos + 1, count) : 0;
    }
    const after = afterNumber(bytes, pos);
    const object = numberAt(bytes, pos);
    if (object < 0) return 0;
    this.#object = object;
    if (opcode === f.OP_NEW) {
      const isPairs = f.PAIRS[bytes[after] ?? 0];
      // A type that comes for the first time enters the table.
      if (isPairs === undefined || bytes[after + 1] === 0) return 0;
      return quickContents(bytes, afterNumber(bytes, after + 1), isPairs);
    }
    switch (opcode) {
      case f.OP_KNOWN:
        return after;
      case f.OP_LENGTH:
        return afterNumber(bytes, after);
      case f.OP_ITEM_SET:
        return quickValue(bytes, afterNumber(bytes, after));
      case f.OP_ATTR_SET:
        return bytes[after] === 0 ? 0 : quickValue(bytes, afterNumber(bytes, after));
    }
    const isPairs = f.PAIRS[this.#kinds.get(object)];
    if (isPairs === undefined) return 0;
    switch (opcode) {
      case f.OP_CONTENTS:
        return quickContents(bytes, after + 1, isPairs);
      case f.OP_APPEND:
        return quickValues(bytes, after, isPairs ? 2 : 1);
      case f.OP_SPLICE: {
        const at = afterNumbers(bytes, after, 2);
        const inserted = bytes[at] ?? 0x80;
        return inserted < 0x80 ? quickValues(bytes, at + 1, isPairs ? inserted * 2 : inserted) : 0;
      }
      default:
        return 0;
    }
  }

  /** The object that it is about; 0 for many. */
  #skipObjectEvent(cursor: Cursor, opcode: number, strings: number[]): number {
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
        cursor.u8();
        skipContents(cursor, kindOf(cursor, this.#kinds.get(object)), strings);
        return object;
      case f.OP_ITEM_SET:
        cursor.uv();
        skipValue(cursor, strings);
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
        skipValue(cursor, strings);
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

/** Where a number ends. Nothing is beyond the last byte. */
function afterNumber(bytes: Uint8Array, pos: number): number {
  let next = pos;
  while ((bytes[next] ?? 0) >= 0x80) next++;
  return next + 1;
}

function afterNumbers(bytes: Uint8Array, pos: number, count: number): number {
  let next = pos;
  for (let left = count; left > 0; left--) next = afterNumber(bytes, next);
  return next;
}

/** A number of at most four bytes; -1 for a longer one. */
function numberAt(bytes: Uint8Array, pos: number): number {
  let value = 0;
  for (let place = 0; place < 4; place++) {
    const byte = bytes[pos + place] ?? 0;
    value |= (byte & 0x7f) << (place * 7);
    if (byte < 0x80) return value;
  }
  return -1;
}

/** Where a value ends that is a constant, a number, an object or a string of the table; 0 for any other (hot). */
function quickValue(bytes: Uint8Array, pos: number): number {
  switch (bytes[pos]) {
    case f.TAG_UNBOUND:
    case f.TAG_NONE:
    case f.TAG_FALSE:
    case f.TAG_TRUE:
      return pos + 1;
    case f.TAG_INT:
    case f.TAG_OBJECT:
      return afterNumber(bytes, pos + 1);
    case f.TAG_FLOAT:
      return pos + 9;
    case f.TAG_STR:
      return bytes[pos + 1] === 0 ? 0 : afterNumber(bytes, pos + 1);
    default:
      return 0;
  }
}

function quickValues(bytes: Uint8Array, pos: number, count: number): number {
  let next = pos;
  for (let left = count; left > 0 && next > 0; left--) next = quickValue(bytes, next);
  return next;
}

/** Where contents of few items and attributes end; 0 for any other. */
function quickContents(bytes: Uint8Array, pos: number, isPairs: boolean): number {
  const mask = bytes[pos] ?? 0xff;
  if (mask > (f.PART_ITEMS | f.PART_ATTRIBUTES)) return 0;
  let next = pos + 1;
  if ((mask & f.PART_ITEMS) !== 0) {
    const at = afterNumber(bytes, next);
    const count = bytes[at] ?? 0x80;
    next = count < 0x80 ? quickValues(bytes, at + 1, isPairs ? count * 2 : count) : 0;
  }
  if ((mask & f.PART_ATTRIBUTES) === 0 || next === 0) return next;
  const at = afterNumber(bytes, next);
  const count = bytes[at] ?? 0x80;
  next = count < 0x80 ? at + 1 : 0;
  for (let left = count; left > 0 && next > 0; left--)
    next = bytes[next] === 0 ? 0 : quickValue(bytes, afterNumber(bytes, next));
  return next;
}

/** Where an event that is about no object and has its usual form ends; 0 for any other (hot). */
function quickOther(bytes: Uint8Array, opcode: number, pos: number): number {
  switch (opcode) {
    case f.OP_WRITE:
    case f.OP_RETURN:
    case f.OP_YIELD:
      return quickValue(bytes, afterNumber(bytes, pos));
    case f.OP_LINE_AT:
      return afterNumber(bytes, pos);
    case f.OP_CALL: {
      const at = afterNumbers(bytes, pos, 5) + 1;
      const count = bytes[at] ?? 0x80;
      return count < 0x80 ? quickValues(bytes, at + 1, count) : 0;
    }
    default:
      return 0;
  }
}

function skipOtherEvent(cursor: Cursor, opcode: number, strings: number[]): void {
  switch (opcode) {
    case f.OP_WRITE:
    case f.OP_RETURN:
    case f.OP_YIELD:
      cursor.uv();
      skipValue(cursor, strings);
      return;
    case f.OP_CALL:
      for (let field = 0; field < 5; field++) cursor.uv();
      cursor.u8();
      for (let left = cursor.count(); left > 0; left--) skipValue(cursor, strings);
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
