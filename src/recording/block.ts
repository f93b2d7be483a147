// One block, decoded: its keyframe, its events as columns, and where both stand in the history.
import { lastAtMost } from "../base/bisect.ts";
import { Cursor } from "../wire/cursor.ts";
import { copyColumns, type EventColumns, type EventScanner } from "../wire/blockEvents.ts";
import { OP_CELL_SET, OP_CLASS, OP_DEAD, OP_GENERATOR, OP_NEW, OP_UNKNOWN, OP_UNKNOWN_SINCE } from "../wire/format.ts";
import { type Keyframe, readKeyframe } from "../wire/keyframe.ts";

const SECTIONS_LENGTH = 12;
/** So many questions about objects pass over all events; a table for one question would cost a hundred times as much. */
const SCANS = 24;

/** Where a block stands. Events are numbered over the whole recording, from 0: an *event number*. */
export interface BlockPlace {
  readonly number: number;
  readonly firstStep: number;
  readonly firstEvent: number;
}

/** How a block is decoded. */
export interface BlockReading {
  readonly scanner: EventScanner;
  /** False: whole events count up to the first bad one, if the keyframe is sound. */
  readonly strict: boolean;
  /** True: the columns are valid only until the scanner's next block. */
  readonly isPassing: boolean;
}

export class Block {
  readonly number: number;
  readonly firstStep: number;
  readonly firstEvent: number;
  readonly payload: Uint8Array;
  readonly keyframeEnd: number;
  readonly keyframe: Keyframe;
  readonly events: EventColumns;
  /** Byte of the file where the block's frame starts. */
  readonly origin: number;
  #objectRows: Map<number, number[]> | undefined;
  #asked = 0;
  #listRows: readonly number[] | undefined;

  /** Throws WireError unless all of the payload is sound; when not `strict`, unless the keyframe is. */
  constructor(place: BlockPlace, payload: Uint8Array, origin: number, reading: BlockReading, previous: () => Keyframe) {
    this.number = place.number;
    this.firstStep = place.firstStep;
    this.firstEvent = place.firstEvent;
    this.payload = payload;
    this.origin = origin;
    const sections = sectionsOf(payload, origin);
    this.keyframeEnd = sections.keyframeEnd;
    this.keyframe = keyframeOf(payload, sections.keyframeEnd, place.number, origin, previous);
    const cursor = new Cursor(payload, sections.keyframeEnd, sections.eventsEnd, origin);
    const { scanner, strict, isPassing } = reading;
    const events = scanner.scan({ cursor, block: place.number, keyframe: this.keyframe, strict });
    this.events = isPassing ? events : copyColumns(events);
  }

  get stepCount(): number {
    return this.events.steps.length;
  }

  /** Approximate memory, in bytes. */
  get weight(): number {
    return this.payload.length + this.events.count * 15 + this.events.strings.length * 8 + 1024;
  }

  /** A cursor on the operands of the event at `row`. */
  operands(row: number): Cursor {
    return this.cursorAt((this.events.at[row] ?? this.payload.length) + 1);
  }

  cursorAt(position: number): Cursor {
    return new Cursor(this.payload, position, this.payload.length, this.origin);
  }

  /** The step that the event at `row` belongs to: the last LINE at or before it; one less than the block's first when none is. */
  stepOfRow(row: number): number {
    return this.firstStep + lastAtMost(this.events.steps, row);
  }

  /** The event that holds the byte at `position`. */
  rowOfPosition(position: number): number {
    return lastAtMost(this.events.at, position, this.events.count);
  }

  /** Rows of the events about an object, ascending. A table is made when many objects are asked for. */
  rowsOfObject(object: number): readonly number[] {
    if (this.#objectRows === undefined && ++this.#asked <= SCANS) return this.#scanFor(object);
    this.#objectRows ??= this.#listObjectRows();
    return this.#objectRows.get(object) ?? [];
  }

  #scanFor(object: number): readonly number[] {
    const { kind, subject, count } = this.events;
    const rows: number[] = [];
    for (let row = subject.indexOf(object); row !== -1 && row < count; row = subject.indexOf(object, row + 1)) {
      const opcode = kind[row] ?? 0;
      if (isObjectEvent(opcode) && !isListEvent(opcode)) rows.push(row);
    }
    this.#listRows ??= this.#findListRows();
    const named = this.#listRows.filter((row) => this.#names(row, object));
    return named.length === 0 ? rows : [...rows, ...named].toSorted((one, other) => one - other);
  }

  /** Rows of the events that name many objects. */
  #findListRows(): readonly number[] {
    const { kind, count } = this.events;
    const rows: number[] = [];
    for (const opcode of [OP_UNKNOWN, OP_DEAD])
      for (let row = kind.indexOf(opcode); row !== -1 && row < count; row = kind.indexOf(opcode, row + 1))
        rows.push(row);
    return rows;
  }

  #names(row: number, object: number): boolean {
    const cursor = this.operands(row);
    if (this.events.kind[row] === OP_UNKNOWN) cursor.u8();
    for (let left = cursor.uv(); left > 0; left--) if (cursor.uv() === object) return true;
    return false;
  }

  #listObjectRows(): Map<number, number[]> {
    const rows = new Map<number, number[]>();
    const { kind, subject, count } = this.events;
    for (let row = 0; row < count; row++) {
      const opcode = kind[row] ?? 0;
      if (!isObjectEvent(opcode)) continue;
      const objects = isListEvent(opcode) ? this.objectsOfRow(row) : [subject[row] ?? 0];
      for (const object of objects) {
        const known = rows.get(object);
        if (known === undefined) rows.set(object, [row]);
        else if (known.at(-1) !== row) known.push(row);
      }
    }
    return rows;
  }

  /** The objects that an UNKNOWN or a DEAD names. */
  objectsOfRow(row: number): readonly number[] {
    const cursor = this.operands(row);
    if (this.events.kind[row] === OP_UNKNOWN) cursor.u8();
    return Array.from({ length: cursor.count() }, () => cursor.serial());
  }
}

/** Events that say something about objects. */
export function isObjectEvent(opcode: number): boolean {
  const isChange = opcode >= OP_NEW && opcode <= OP_DEAD;
  const isOfOne = opcode === OP_GENERATOR || opcode === OP_CELL_SET || opcode === OP_CLASS;
  return isChange || isOfOne || opcode === OP_UNKNOWN_SINCE;
}

/** Object events that name many. */
export function isListEvent(opcode: number): boolean {
  return opcode === OP_UNKNOWN || opcode === OP_DEAD;
}

export function keyframeOf(
  payload: Uint8Array,
  end: number,
  block: number,
  origin: number,
  previous: () => Keyframe,
): Keyframe {
  const cursor = new Cursor(payload, SECTIONS_LENGTH, end, origin);
  const keyframe = readKeyframe(cursor, block, previous);
  if (cursor.remaining > 0) throw cursor.error("has a keyframe that is too long");
  return keyframe;
}

/** Where the keyframe ends in a block's payload. */
export function keyframeEndOf(payload: Uint8Array, origin: number): number {
  return sectionsOf(payload, origin).keyframeEnd;
}

/** The payload that a sealed block of these sections would have; the directory is left out. */
export function joinSections(keyframe: Uint8Array, events: Uint8Array): Uint8Array {
  const payload = new Uint8Array(SECTIONS_LENGTH + keyframe.length + events.length);
  const lengths = new DataView(payload.buffer);
  lengths.setUint32(0, keyframe.length, true);
  lengths.setUint32(4, events.length, true);
  payload.set(keyframe, SECTIONS_LENGTH);
  payload.set(events, SECTIONS_LENGTH + keyframe.length);
  return payload;
}

function sectionsOf(payload: Uint8Array, origin: number): { readonly keyframeEnd: number; readonly eventsEnd: number } {
  const cursor = new Cursor(payload, 0, payload.length, origin);
  const keyframeEnd = cursor.u32() + SECTIONS_LENGTH;
  const eventsEnd = keyframeEnd + cursor.u32();
  if (eventsEnd + cursor.u32() !== payload.length) throw cursor.error("has sections of another length than it says");
  return { keyframeEnd, eventsEnd };
}
