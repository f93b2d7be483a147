// In which blocks does a key occur? A key is a small number: a line key, a thread, a code object; `SerialPostings` are
// for keys that come in millions.
import { firstAtLeast, lastAtMost } from "../base/bisect.ts";
import { SparseColumn } from "../base/sparseColumn.ts";

/** What searches ask. */
export interface BlocksByKey {
  /** The last block up to and including `block`; -1 for none. */
  lastAtMost(key: number, block: number): number;
  /** The first block from `block` on; -1 for none. */
  firstAtLeast(key: number, block: number): number;
}

/** Blocks are added in order. Most keys occur in one block and cost eight bytes, the others four to eight for each block. */
export class Postings implements BlocksByKey {
  /** By key: its first block plus one; 0 for a key that does not occur. */
  readonly #first = new SparseColumn();
  /** By key: its newest block plus one. */
  readonly #newest = new SparseColumn();
  /** By key that occurs in several blocks: those after the first, ascending. */
  readonly #later = new Map<number, number[]>();
  /** Keys of the newest block, so that it can be taken back. */
  readonly #keysOfNewest: number[] = [];
  #newestBlock = -1;

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
      if (later === undefined) this.#first.set(key, 0);
      else {
        later.pop();
        if (later.length === 0) this.#later.delete(key);
      }
      this.#newest.set(key, later?.at(-1) === undefined ? this.#first.get(key) : (later.at(-1) ?? 0) + 1);
    }
    this.#keysOfNewest.length = 0;
    this.#newestBlock = -1;
  }
}
