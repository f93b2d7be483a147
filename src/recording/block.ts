// One block, decoded: its keyframe, its events as columns, and where both stand in the history.
import { lastAtMost } from "../base/bisect.ts";
import { Cursor } from "../wire/cursor.ts";
import { copyColumns, type EventColumns, type EventScanner } from "../wire/blockEvents.ts";
import { type Keyframe, readKeyframe } from "../wire/keyframe.ts";
import { type ObjectEvents, ObjectTable } from "./objectEvents.ts";

const SECTIONS_LENGTH = 12;

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

export class Block implements ObjectEvents {
  readonly number: number;
  readonly firstStep: number;
  readonly firstEvent: number;
  readonly payload: Uint8Array;
  readonly keyframeEnd: number;
  readonly keyframe: Keyframe;
  readonly events: EventColumns;
  /** Byte of the file where the block's frame starts. */
  readonly origin: number;
  #objects: ObjectTable | undefined;

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

  rowsOfObject(object: number): readonly number[] {
    if (this.#objects === undefined) {
      const { kind, subject, count } = this.events;
      this.#objects = new ObjectTable({ kind, subject, count, operandsOf: (row) => this.operands(row) });
    }
    return this.#objects.of(object);
  }

  kindOf(row: number): number {
    return this.events.kind[row] ?? 0;
  }

  whyOf(row: number): number {
    return this.events.detail[row] ?? 0;
  }

  get strings(): readonly number[] {
    return this.events.strings;
  }
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

/** Where the keyframe ends in a block's payload, of which the start is enough. */
export function keyframeEndOf(start: Uint8Array, origin: number): number {
  return new Cursor(start, 0, start.length, origin).u32() + SECTIONS_LENGTH;
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

/** Where keyframe and events end in a block's payload. Throws WireError. */
export function sectionsOf(
  payload: Uint8Array,
  origin: number,
): { readonly keyframeEnd: number; readonly eventsEnd: number } {
  const cursor = new Cursor(payload, 0, payload.length, origin);
  const keyframeEnd = cursor.u32() + SECTIONS_LENGTH;
  const eventsEnd = keyframeEnd + cursor.u32();
  if (eventsEnd + cursor.u32() !== payload.length) throw cursor.error("has sections of another length than it says");
  return { keyframeEnd, eventsEnd };
}
