// The events of one block that are about objects, as questions about objects see them: of a block that is decoded whole
// (`Block`) or for its objects alone (`ObjectBlock`). Rows number all events of the block.
import type { Cursor } from "../wire/cursor.ts";
import { OP_DEAD, OP_UNKNOWN } from "../wire/format.ts";
import { isListEvent, isObjectEvent } from "../wire/objectScan.ts";

export interface ObjectEvents {
  readonly number: number;
  readonly firstStep: number;
  readonly firstEvent: number;
  readonly payload: Uint8Array;
  readonly keyframeEnd: number;
  /** Positions of the block's table strings. */
  readonly strings: readonly number[];
  /** Rows of the events about an object, ascending. */
  rowsOfObject(object: number): readonly number[];
  kindOf(row: number): number;
  /** Of a CONTENTS why it is there. */
  whyOf(row: number): number;
  /** A cursor on the operands of the event at `row`. */
  operands(row: number): Cursor;
  /** The step that the event at `row` belongs to: the last LINE at or before it; one less than the block's first when none is. */
  stepOfRow(row: number): number;
}

/** What `ObjectTable` reads: one entry for each event. */
export interface ObjectEntries {
  readonly count: number;
  readonly kind: Uint8Array;
  readonly subject: Uint32Array;
  operandsOf(entry: number): Cursor;
}

/** For so few questions it is shorter to pass over all entries. */
const SCANS = 4;
/** A power of two. */
const HEADS = 8192;
const NONE: readonly number[] = [];
const ONE = 1;
const MANY = 2;
/** By opcode: how many objects the event names. */
const NAMES = Uint8Array.from({ length: 256 }, (_, opcode) =>
  isObjectEvent(opcode) ? (isListEvent(opcode) ? MANY : ONE) : 0,
);

/** Objects, and by which entry each is named. */
interface Named {
  readonly objects: number[];
  readonly entries: number[];
}

/** Entries by object. */
export class ObjectTable {
  readonly #entries: ObjectEntries;
  #asked = 0;
  /** What the entries that name many objects name. */
  #named: Named | undefined;
  /** The answer that was given last. */
  #last: { readonly object: number; readonly entries: readonly number[] } = { object: -1, entries: [] };
  /** By hash of the object: its first place in the lists below, plus one. */
  #heads: Uint32Array | undefined;
  /** Objects with an entry each; where the next place of the same hash is, plus one. */
  #objects = new Uint32Array(0);
  #places = new Uint32Array(0);
  #next = new Uint32Array(0);

  constructor(entries: ObjectEntries) {
    this.#entries = entries;
  }

  /** Entries about an object, ascending. */
  of(object: number): readonly number[] {
    if (this.#last.object !== object) this.#last = { object, entries: this.#find(object) };
    return this.#last.entries;
  }

  #find(object: number): number[] {
    if (this.#heads === undefined && ++this.#asked <= SCANS) return this.#scanFor(object);
    const heads = (this.#heads ??= this.#list());
    const found: number[] = [];
    for (let at = (heads[hashOf(object, heads)] ?? 0) - 1; at >= 0; at = (this.#next[at] ?? 0) - 1) {
      const entry = this.#places[at] ?? 0;
      if (this.#objects[at] === object && found.at(-1) !== entry) found.push(entry);
    }
    return found;
  }

  #scanFor(object: number): number[] {
    const { kind, subject, count } = this.#entries;
    const found: number[] = [];
    for (
      let entry = subject.indexOf(object);
      entry !== -1 && entry < count;
      entry = subject.indexOf(object, entry + 1)
    ) {
      if (NAMES[kind[entry] ?? 0] === ONE) found.push(entry);
    }
    const { objects, entries } = (this.#named ??= this.#listNamed());
    const before = found.length;
    for (let at = objects.indexOf(object); at !== -1; at = objects.indexOf(object, at + 1)) {
      const entry = entries[at] ?? 0;
      if (found.at(-1) !== entry) found.push(entry);
    }
    return found.length === before ? found : found.toSorted((one, other) => one - other);
  }

  #listNamed(): Named {
    const { kind, count } = this.#entries;
    const named: Named = { objects: [], entries: [] };
    for (const opcode of [OP_UNKNOWN, OP_DEAD]) {
      for (let entry = kind.indexOf(opcode); entry !== -1 && entry < count; entry = kind.indexOf(opcode, entry + 1)) {
        for (const object of this.#objectsOf(entry)) {
          named.objects.push(object);
          named.entries.push(entry);
        }
      }
    }
    return named;
  }

  /** From the last entry to the first, so that each hash begins with its lowest one. */
  #list(): Uint32Array {
    const { kind, subject, count } = this.#entries;
    const named = (this.#named ??= this.#listNamed());
    const room = this.#countSingle() + named.objects.length;
    const heads = new Uint32Array(HEADS);
    const objects = new Uint32Array(room);
    const places = new Uint32Array(room);
    const next = new Uint32Array(room);
    let length = 0;
    for (let entry = count - 1; entry >= 0; entry--) {
      const names = NAMES[kind[entry] ?? 0];
      if (names === 0) continue;
      const isList = names === MANY;
      const many = isList ? this.#objectsOf(entry) : NONE;
      for (let at = isList ? many.length : 1; at > 0; at--) {
        const object = (isList ? many[at - 1] : subject[entry]) ?? 0;
        const hash = hashOf(object, heads);
        objects[length] = object;
        places[length] = entry;
        next[length] = heads[hash] ?? 0;
        heads[hash] = ++length;
      }
    }
    this.#objects = objects;
    this.#places = places;
    this.#next = next;
    return heads;
  }

  /** Entries about one object each. */
  #countSingle(): number {
    const { kind, count } = this.#entries;
    let single = 0;
    for (let entry = 0; entry < count; entry++) if (NAMES[kind[entry] ?? 0] === ONE) single++;
    return single;
  }

  /** The objects that an UNKNOWN or a DEAD names. */
  #objectsOf(entry: number): readonly number[] {
    const cursor = this.#entries.operandsOf(entry);
    if (this.#entries.kind[entry] === OP_UNKNOWN) cursor.u8();
    const objects: number[] = [];
    for (let left = cursor.count(); left > 0; left--) objects.push(cursor.serial());
    return objects;
  }
}

function hashOf(object: number, heads: Uint32Array): number {
  return (Math.imul(object, 0x9e37_79b1) >>> 16) & (heads.length - 1);
}
