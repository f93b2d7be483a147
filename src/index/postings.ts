// In which blocks does a key occur? For every key its blocks, newest first, as one chain through shared columns.
// A key is a serial number: a line key, a frame, an object, a thread.
import { GrowableColumn } from "../base/growableColumn.ts";
import { SparseColumn } from "../base/sparseColumn.ts";

/** Blocks are added in order. 12 bytes for each key of a block, 4 for each key. */
export class Postings {
  /** Row plus one of a key's newest posting. */
  readonly #newest = new SparseColumn();
  readonly #keys = new GrowableColumn();
  readonly #blocks = new GrowableColumn();
  /** Row plus one of the same key's posting before. */
  readonly #previous = new GrowableColumn();

  /** Amortised O(1); a block is kept once. */
  add(key: number, block: number): void {
    const newest = this.#newest.get(key);
    if (newest > 0 && this.#blocks.get(newest - 1) === block) return;
    this.#keys.push(key);
    this.#blocks.push(block);
    this.#previous.push(newest);
    this.#newest.set(key, this.#keys.length);
  }

  /** The last block up to and including `block`; -1 for none. O(blocks of the key after it). */
  lastAtMost(key: number, block: number): number {
    let row = this.#newest.get(key);
    while (row > 0 && this.#blocks.get(row - 1) > block) row = this.#previous.get(row - 1);
    return row > 0 ? this.#blocks.get(row - 1) : -1;
  }

  /** The first block from `block` on; -1 for none. O(blocks of the key from there on). */
  firstAtLeast(key: number, block: number): number {
    let found = -1;
    let row = this.#newest.get(key);
    while (row > 0 && this.#blocks.get(row - 1) >= block) {
      found = this.#blocks.get(row - 1);
      row = this.#previous.get(row - 1);
    }
    return found;
  }

  /** Takes back everything of the newest block. */
  removeBlock(block: number): void {
    let length = this.#keys.length;
    while (length > 0 && this.#blocks.get(length - 1) === block) {
      length--;
      this.#newest.set(this.#keys.get(length), this.#previous.get(length));
    }
    this.#keys.truncate(length);
    this.#blocks.truncate(length);
    this.#previous.truncate(length);
  }
}
