// In which blocks does a key occur? A key is a small number: a line key, a thread, a code object; `SerialPostings` are
// for keys that come in millions.
import { firstAtLeast, lastAtMost } from "../base/bisect.ts";
import { type ColumnReader, type ColumnWriter, writeRows } from "../base/columnStream.ts";
import { MapColumn } from "../base/mapColumn.ts";
import type { PagedColumn, PagedFile } from "../base/pagedFile.ts";
import { SparseColumn } from "../base/sparseColumn.ts";

/** What searches ask. */
export interface BlocksByKey {
  /** The last block up to and including `block`; -1 for none. Nothing need be looked at before the block `from`. */
  lastAtMost(key: number, block: number, from?: number): number;
  /** The first block from `block` on; -1 for none. */
  firstAtLeast(key: number, block: number): number;
}

/** Of one run of blocks, on disk. */
interface Part {
  readonly firstBlock: number;
  readonly lastBlock: number;
  /** Ascending. */
  readonly keys: PagedColumn;
  /** By key's row: where its blocks end in `blocks`. */
  readonly ends: PagedColumn;
  /** Ascending for each key. */
  readonly blocks: PagedColumn;
}

/**
 * Blocks are added in order. In memory most keys occur in one block and cost eight bytes, the others four to eight for
 * each block; a run of blocks that is over can be put on disk.
 */
export class Postings implements BlocksByKey {
  /** By key: its first block plus one; 0 for a key that does not occur. */
  readonly #first: SparseColumn | MapColumn;
  /** By key: its newest block plus one. */
  readonly #newest: SparseColumn | MapColumn;
  /** By key that occurs in several blocks: those after the first, ascending. */
  readonly #later = new Map<number, number[]>();
  /** Keys of the newest block, so that it can be taken back. */
  readonly #keysOfNewest: number[] = [];
  #newestBlock = -1;
  /** Nothing is in memory. */
  #isInFile = true;
  /** Ascending. */
  readonly #parts: Part[] = [];

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
    this.#isInFile = false;
    this.#keysOfNewest.push(key);
    this.#newest.set(key, block + 1);
    if (newest === 0) this.#first.set(key, block + 1);
    else {
      const later = this.#later.get(key);
      if (later === undefined) this.#later.set(key, [block]);
      else later.push(block);
    }
  }

  /** O(log blocks of the key) in memory, and for each run of blocks on disk that has to be asked. */
  lastAtMost(key: number, block: number, from = 0): number {
    const inMemory = this.#isInFile ? -1 : this.#lastInMemory(key, block);
    if (inMemory >= 0) return inMemory;
    for (let at = this.#parts.length - 1; at >= 0; at--) {
      const part = this.#parts[at];
      if (part === undefined || part.firstBlock > block) continue;
      if (part.lastBlock < from) break;
      const row = rowOf(part, key);
      if (row < 0) continue;
      const start = row === 0 ? 0 : part.ends.get(row - 1);
      const place = part.blocks.firstAtLeast(block + 1, start, part.ends.get(row)) - 1;
      if (place >= start) return part.blocks.get(place);
    }
    return -1;
  }

  /** The same, in the other direction. */
  firstAtLeast(key: number, block: number): number {
    for (const part of this.#parts) {
      if (part.lastBlock < block) continue;
      const row = rowOf(part, key);
      if (row < 0) continue;
      const end = part.ends.get(row);
      const place = part.blocks.firstAtLeast(block, row === 0 ? 0 : part.ends.get(row - 1), end);
      if (place < end) return part.blocks.get(place);
    }
    return this.#firstInMemory(key, block);
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
      const last = later?.at(-1);
      this.#newest.set(key, last === undefined ? this.#first.get(key) : last + 1);
    }
    this.#keysOfNewest.length = 0;
    this.#newestBlock = -1;
  }

  /** Puts on disk what is in memory. The newest block cannot be taken back afterwards. */
  spill(to: PagedFile): void {
    const keys = this.#first.keys();
    if (keys.length === 0) return;
    const ends = new Uint32Array(keys.length);
    let count = 0;
    for (const [row, key] of keys.entries()) {
      count += 1 + (this.#later.get(key)?.length ?? 0);
      ends[row] = count;
    }
    const blocks = new Uint32Array(count);
    let firstBlock = Infinity;
    let lastBlock = 0;
    let at = 0;
    for (const key of keys) {
      const first = this.#first.get(key) - 1;
      blocks[at++] = first;
      for (const block of this.#later.get(key) ?? []) blocks[at++] = block;
      firstBlock = Math.min(firstBlock, first);
      lastBlock = Math.max(lastBlock, blocks[at - 1] ?? 0);
    }
    this.#parts.push({ firstBlock, lastBlock, keys: to.add(keys), ends: to.add(ends), blocks: to.add(blocks) });
    for (const column of [this.#first, this.#newest, this.#later]) column.clear();
    this.#keysOfNewest.length = 0;
    this.#newestBlock = -1;
    this.#isInFile = true;
  }

  /** After `spill`. */
  save(to: ColumnWriter): void {
    writeRows(
      to,
      7,
      this.#parts.map(({ firstBlock, lastBlock, keys, ends, blocks }) => [
        firstBlock,
        lastBlock,
        keys.length,
        blocks.length,
        keys.offset,
        ends.offset,
        blocks.offset,
      ]),
    );
  }

  load(from: ColumnReader, file: PagedFile): void {
    const parts = from.rows(
      7,
      ([firstBlock = 0, lastBlock = 0, keys = 0, blocks = 0, keysAt = 0, endsAt = 0, at = 0]) => ({
        firstBlock,
        lastBlock,
        keys: file.column(keysAt, keys),
        ends: file.column(endsAt, keys),
        blocks: file.column(at, blocks),
      }),
    );
    this.#parts.push(...parts);
  }

  #lastInMemory(key: number, block: number): number {
    const newest = this.#newest.get(key) - 1;
    if (newest <= block) return newest;
    const later = this.#later.get(key);
    const place = later === undefined ? -1 : lastAtMost(later, block);
    if (place >= 0) return later?.[place] ?? -1;
    const first = this.#first.get(key) - 1;
    return first <= block ? first : -1;
  }

  #firstInMemory(key: number, block: number): number {
    const first = this.#first.get(key) - 1;
    if (first < 0 || first >= block) return first;
    const later = this.#later.get(key);
    return later?.[firstAtLeast(later, block)] ?? -1;
  }
}

/** The key's row; -1 when it does not occur in the part. */
function rowOf({ keys }: Part, key: number): number {
  const row = keys.firstAtLeast(key);
  return row < keys.length && keys.get(row) === key ? row : -1;
}
