// In which blocks does a key occur? A key is a small number: a line key, a thread, a code object; `SerialPostings` are
// for keys that come in millions.
import { firstAtLeast, lastAtMost } from "../base/bisect.ts";
import type { ColumnReader, ColumnWriter } from "../base/columnStream.ts";
import { MapColumn } from "../base/mapColumn.ts";
import { SparseColumn } from "../base/sparseColumn.ts";

/** What searches ask. */
export interface BlocksByKey {
  /** The last block up to and including `block`; -1 for none. */
  lastAtMost(key: number, block: number): number;
  /** The first block from `block` on; -1 for none. */
  firstAtLeast(key: number, block: number): number;
}

/** Ascending; those that were loaded are a view. */
type Later = number[] | Uint32Array;

/** Blocks are added in order. Most keys occur in one block and cost eight bytes, the others four to eight for each block. */
export class Postings implements BlocksByKey {
  /** By key: its first block plus one; 0 for a key that does not occur. */
  readonly #first: SparseColumn | MapColumn;
  /** By key: its newest block plus one. */
  readonly #newest: SparseColumn | MapColumn;
  /** By key that occurs in several blocks: those after the first, ascending. */
  readonly #later = new Map<number, Later>();
  /** Keys of the newest block, so that it can be taken back. */
  readonly #keysOfNewest: number[] = [];
  #newestBlock = -1;

  /** `isSparse`: few of many possible keys occur. */
  constructor(isSparse = false) {
    this.#first = isSparse ? new MapColumn() : new SparseColumn();
    this.#newest = isSparse ? new MapColumn() : new SparseColumn();
  }

  /** Amortised O(1); a block is kept once (hot). */
  add(key: number, block: number): void {
    const newest = this.#newest.get(key);
    if (newest === block + 1) return;
    if (block !== this.#newestBlock) {
      this.#newestBlock = block;
      this.#keysOfNewest.length = 0;
    }
    this.#keysOfNewest.push(key);
    this.#newest.set(key, block + 1);
    if (newest === 0) this.#first.set(key, block + 1);
    else {
      const later = this.#later.get(key);
      if (later === undefined) this.#later.set(key, [block]);
      else if (later instanceof Uint32Array) this.#later.set(key, [...later, block]);
      else later.push(block);
    }
  }

  /** O(log blocks of the key). */
  lastAtMost(key: number, block: number): number {
    const newest = this.#newest.get(key) - 1;
    if (newest <= block) return newest;
    const later = this.#later.get(key);
    const place = later === undefined ? -1 : lastAtMost(later, block);
    if (place >= 0) return later?.[place] ?? -1;
    const first = this.#first.get(key) - 1;
    return first <= block ? first : -1;
  }

  /** O(log blocks of the key). */
  firstAtLeast(key: number, block: number): number {
    const first = this.#first.get(key) - 1;
    if (first < 0 || first >= block) return first;
    const later = this.#later.get(key);
    return later?.[firstAtLeast(later, block)] ?? -1;
  }

  /** Takes back everything of the newest block. */
  removeBlock(block: number): void {
    if (block !== this.#newestBlock) return;
    for (const key of this.#keysOfNewest) {
      const later = this.#later.get(key);
      if (later === undefined || later instanceof Uint32Array) this.#first.set(key, 0);
      else {
        later.pop();
        if (later.length === 0) this.#later.delete(key);
      }
      const last = later?.at(-1);
      this.#newest.set(key, last === undefined ? this.#first.get(key) : last + 1);
    }
    this.#keysOfNewest.length = 0;
    this.#newestBlock = -1;
  }

  /** The newest block cannot be taken back afterwards. */
  save(to: ColumnWriter): void {
    this.#first.save(to);
    this.#newest.save(to);
    to.u32s([...this.#later.keys()]);
    to.u32s([...this.#later.values()].map((later) => later.length));
    const all = new Uint32Array([...this.#later.values()].reduce((sum, later) => sum + later.length, 0));
    let at = 0;
    for (const later of this.#later.values()) {
      all.set(later, at);
      at += later.length;
    }
    to.u32s(all);
  }

  load(from: ColumnReader): void {
    this.#first.load(from);
    this.#newest.load(from);
    const keys = from.u32s();
    const lengths = from.u32s();
    const all = from.u32s();
    let at = 0;
    for (let row = 0; row < keys.length; row++) {
      const length = lengths[row] ?? 0;
      this.#later.set(keys[row] ?? 0, all.subarray(at, at + length));
      at += length;
    }
    if (at !== all.length || lengths.length !== keys.length) throw from.error();
  }
}
