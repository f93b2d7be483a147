// A block's directory (FORMAT.md, 4.3): which objects it has events of, and where each of them had events before.
import { Cursor } from "./cursor.ts";

export class Directory {
  /** Object, and so many blocks back it had events before, in turn. */
  readonly #entries: Float64Array;
  /** The highest number of an object; -1 for none. */
  readonly highest: number;
  /** Whether the block most likely makes objects: the newest of all is one that it tells anew. */
  readonly makesObjects: boolean;

  constructor(entries: Float64Array) {
    this.#entries = entries;
    let highest = -1;
    let back = -1;
    for (let at = 0; at < entries.length; at += 2) {
      const object = entries[at] ?? 0;
      if (object <= highest) continue;
      highest = object;
      back = entries[at + 1] ?? 0;
    }
    this.highest = highest;
    this.makesObjects = back === 0;
  }

  /** 0 where a NEW or a CONTENTS comes before any other change; undefined for an object without events in the block. */
  backOf(object: number): number | undefined {
    const entries = this.#entries;
    for (let at = 0; at < entries.length; at += 2) if (entries[at] === object) return entries[at + 1];
    return undefined;
  }
}

/** Of a sealed block's payload. Throws WireError. */
export function readDirectory(payload: Uint8Array, origin: number): Directory {
  const cursor = new Cursor(payload, 0, payload.length, origin);
  const length = cursor.u32() + cursor.u32();
  cursor.skip(4 + length);
  const entries = new Float64Array(cursor.count(2) * 2);
  for (let at = 0; at < entries.length; at += 2) {
    entries[at] = cursor.serial();
    entries[at + 1] = cursor.uv();
  }
  return new Directory(entries);
}
