// Where do the ids and steps of a block's payload stand, and what is the payload when they are moved on? For repeating a
// part of a recording as if the program had gone on.
import { Cursor } from "../../src/wire/cursor.ts";
import * as f from "../../src/wire/format.ts";

/** Ids and steps from the first one of a range on are moved. */
export interface Range {
  readonly first: number;
  readonly by: number;
}

export interface Shift {
  readonly frames: Range;
  readonly objects: Range;
  readonly steps: Range;
}

const FRAME = 0;
const OBJECT = 1;
/** A step plus one; 0 for none. */
const STEP1 = 2;

const SECTIONS = 12;

interface Patch {
  readonly at: number;
  readonly end: number;
  readonly what: number;
  readonly value: number;
}

/** One block's payload, read once and written with any shift. */
export class ShiftedBlock {
  readonly #payload: Uint8Array;
  readonly #patches: Patch[] = [];
  readonly #sections: readonly [number, number, number];
  readonly #cursor: Cursor;
  readonly #kinds: Map<number, f.ObjectKind>;

  /** `kinds` holds the kinds of objects that were seen in blocks before; those of this one are added. */
  constructor(payload: Uint8Array, kinds: Map<number, f.ObjectKind>) {
    this.#payload = payload;
    this.#kinds = kinds;
    const lengths = new DataView(payload.buffer, payload.byteOffset, SECTIONS);
    this.#sections = [lengths.getUint32(0, true), lengths.getUint32(4, true), lengths.getUint32(8, true)];
    const [keyframe, events] = this.#sections;
    this.#cursor = new Cursor(payload, SECTIONS, payload.length, 0);
    this.#keyframe();
    while (this.#cursor.pos < SECTIONS + keyframe + events) this.#event();
    this.#directory();
  }

  /** The payload with that shift. */
  shifted(shift: Shift): Uint8Array {
    const ranges = [shift.frames, shift.objects, shift.steps];
    const out = new Uint8Array(this.#payload.length + this.#patches.length * 4 + SECTIONS);
    const [keyframe, events] = this.#sections;
    const starts = [SECTIONS, SECTIONS + keyframe, SECTIONS + keyframe + events, this.#payload.length];
    const moved: number[] = [];
    let from = SECTIONS;
    let to = SECTIONS;
    let section = 0;
    const copy = (end: number): void => {
      while (section < starts.length && (starts[section] ?? 0) <= end) moved.push(to + (starts[section++] ?? 0) - from);
      out.set(this.#payload.subarray(from, end), to);
      to += end - from;
      from = end;
    };
    for (const { at, end, what, value } of this.#patches) {
      const range = ranges[what];
      const plain = what === STEP1 ? value - 1 : value;
      if (range === undefined || plain < range.first) continue;
      copy(at);
      to = writeNumber(out, to, value + range.by);
      from = end;
    }
    copy(this.#payload.length);
    const lengths = new DataView(out.buffer);
    for (let one = 0; one < 3; one++) lengths.setUint32(one * 4, (moved[one + 1] ?? to) - (moved[one] ?? to), true);
    return out.subarray(0, to);
  }

  #id(what: number): number {
    const at = this.#cursor.pos;
    const value = this.#cursor.uv();
    this.#patches.push({ at, end: this.#cursor.pos, what, value });
    return value;
  }

  #keyframe(): void {
    const cursor = this.#cursor;
    for (let threads = cursor.uv(); threads > 0; threads--) {
      cursor.uv();
      cursor.text();
      cursor.uv();
      for (let frames = cursor.uv(); frames > 0; frames--) this.#record();
    }
    cursor.uv();
  }

  #record(): void {
    const cursor = this.#cursor;
    this.#id(FRAME);
    cursor.uv();
    cursor.uv();
    this.#id(STEP1);
    this.#id(OBJECT);
    this.#id(OBJECT);
    cursor.u8();
    for (let slots = cursor.uv(); slots > 0; slots--) {
      this.#value();
      this.#id(STEP1);
    }
  }

  #string(): void {
    if (this.#cursor.uv() === 0) this.#bytes();
  }

  #bytes(): void {
    this.#cursor.skip(this.#cursor.uv());
  }

  #value(): void {
    const cursor = this.#cursor;
    switch (cursor.u8()) {
      case f.TAG_OBJECT:
        this.#id(OBJECT);
        return;
      case f.TAG_INT:
      case f.TAG_BLOB:
        cursor.uv();
        return;
      case f.TAG_STR:
        this.#string();
        return;
      case f.TAG_FLOAT:
        cursor.skip(8);
        return;
      case f.TAG_COMPLEX:
        cursor.skip(16);
        return;
      case f.TAG_BIGINT:
        cursor.u8();
        this.#bytes();
        return;
      case f.TAG_BYTES:
        this.#bytes();
        return;
      case f.TAG_STR_CUT:
      case f.TAG_BYTES_CUT:
        cursor.uv();
        this.#bytes();
        return;
      case f.TAG_NOT_RECORDED:
        cursor.u8();
        return;
      case f.TAG_INT_CUT:
        cursor.u8();
        cursor.uv();
        this.#bytes();
        return;
      default:
    }
  }

  #values(count: number): void {
    for (let left = count; left > 0; left--) this.#value();
  }

  #contents(object: number): void {
    const cursor = this.#cursor;
    const mask = cursor.u8();
    if ((mask & f.PART_ITEMS) !== 0) {
      cursor.uv();
      this.#entries(object, cursor.uv());
    }
    if ((mask & f.PART_ATTRIBUTES) !== 0) {
      cursor.uv();
      for (let left = cursor.uv(); left > 0; left--) {
        this.#string();
        this.#value();
      }
    }
    if ((mask & f.PART_TEXT) !== 0) this.#bytes();
    // Of a generator this is the number of its frame.
    const isFrame = isGenerator(this.#kinds.get(object)) && cursor.bytes[cursor.pos] === f.TAG_INT;
    if ((mask & f.PART_VALUE) !== 0 && !isFrame) this.#value();
    else if ((mask & f.PART_VALUE) !== 0) this.#generatorFrame();
    if ((mask & f.PART_BYTES) !== 0) {
      cursor.uv();
      this.#bytes();
    }
    if ((mask & f.PART_CLASS) !== 0) this.#value();
    if ((mask & f.PART_NAME) !== 0) this.#bytes();
  }

  /** Zigzag: twice the number. It keeps the number of another copy, which no measurement looks at. */
  #generatorFrame(): void {
    this.#cursor.u8();
    this.#cursor.sv();
  }

  #entries(object: number, count: number): void {
    const kind = this.#kinds.get(object);
    this.#values(kind !== undefined && f.hasEntries(kind) ? count * 2 : count);
  }

  #event(): void {
    const cursor = this.#cursor;
    const opcode = cursor.u8();
    if (opcode >= f.LINE_BASE) return;
    switch (opcode) {
      case f.OP_LINE_AT:
      case f.OP_HANDLED:
      case f.OP_CHILD:
        cursor.uv();
        return;
      case f.OP_CALL:
        cursor.uv();
        this.#id(FRAME);
        cursor.uv();
        this.#id(OBJECT);
        this.#id(OBJECT);
        cursor.u8();
        this.#values(cursor.uv());
        return;
      case f.OP_RETURN:
      case f.OP_YIELD:
      case f.OP_WRITE:
        cursor.uv();
        this.#value();
        return;
      case f.OP_RESUME:
      case f.OP_THROW:
        cursor.uv();
        this.#id(FRAME);
        if (cursor.u8() === 1) this.#record();
        if (opcode === f.OP_THROW) this.#value();
        return;
      case f.OP_UNWIND:
        this.#value();
        return;
      case f.OP_RAISE:
        cursor.uv();
        cursor.u8();
        this.#value();
        return;
      case f.OP_DELETE:
      case f.OP_THREAD:
      case f.OP_THREAD_END:
        cursor.uv();
        return;
      case f.OP_WRITE_IN:
        this.#id(FRAME);
        cursor.uv();
        this.#value();
        return;
      case f.OP_FRAME:
        this.#record();
        return;
      case f.OP_THREAD_START:
        cursor.uv();
        this.#string();
        return;
      case f.OP_DROPPED:
        this.#id(FRAME);
        return;
      case f.OP_TASK:
        this.#id(FRAME);
        this.#id(OBJECT);
        return;
      case f.OP_OUTPUT:
      case f.OP_GAP:
        cursor.u8();
        this.#bytes();
        return;
      case f.OP_END:
        cursor.u8();
        cursor.sv();
        this.#value();
        return;
      case f.OP_EVALUATE:
        this.#bytes();
        return;
      case f.OP_UNKNOWN:
      case f.OP_DEAD:
        if (opcode === f.OP_UNKNOWN) cursor.u8();
        for (let left = cursor.uv(); left > 0; left--) this.#id(OBJECT);
        return;
      default:
        this.#objectEvent(opcode, this.#id(OBJECT));
    }
  }

  #objectEvent(opcode: number, object: number): void {
    const cursor = this.#cursor;
    switch (opcode) {
      case f.OP_NEW: {
        const kind = f.objectKind(cursor.u8());
        if (kind !== undefined) this.#kinds.set(object, kind);
        this.#string();
        this.#contents(object);
        return;
      }
      case f.OP_CONTENTS:
        cursor.u8();
        this.#contents(object);
        return;
      case f.OP_ITEM_SET:
        cursor.uv();
        this.#value();
        return;
      case f.OP_APPEND:
        this.#entries(object, 1);
        return;
      case f.OP_SPLICE:
        cursor.uv();
        cursor.uv();
        this.#entries(object, cursor.uv());
        return;
      case f.OP_LENGTH:
        cursor.uv();
        return;
      case f.OP_ATTR_SET:
        this.#string();
        this.#value();
        return;
      case f.OP_ATTR_DEL:
      case f.OP_TYPE:
        this.#string();
        return;
      case f.OP_BYTES_SPLICE:
        cursor.uv();
        cursor.uv();
        this.#bytes();
        return;
      case f.OP_GENERATOR:
        this.#id(FRAME);
        return;
      case f.OP_CELL_SET:
      case f.OP_CLASS:
        this.#value();
        return;
      default:
        if (opcode !== f.OP_KNOWN) throw new Error(`event of an unknown kind ${opcode}`);
    }
  }

  #directory(): void {
    const cursor = this.#cursor;
    for (let objects = cursor.uv(); objects > 0; objects--) {
      this.#id(OBJECT);
      cursor.uv();
    }
    for (let frames = cursor.uv(); frames > 0; frames--) this.#id(FRAME);
  }
}

function isGenerator(kind: f.ObjectKind | undefined): boolean {
  return kind === "generator" || kind === "coroutine" || kind === "asyncGenerator";
}

function writeNumber(out: Uint8Array, at: number, value: number): number {
  let rest = value;
  let to = at;
  while (rest >= 0x80) {
    out[to++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  out[to++] = rest;
  return to;
}
