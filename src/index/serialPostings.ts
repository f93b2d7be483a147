// In which blocks does a serial number occur, when there are millions of them? Frames and objects are numbered in the
// order in which they come, so that the block in which one is made follows from where each block begins: only its
// occurrences in other blocks are kept.
import { lastAtMost } from "../base/bisect.ts";
import type { ColumnReader, ColumnWriter } from "../base/columnStream.ts";
import type { PagedFile } from "../base/pagedFile.ts";
import { type BlocksByKey, Postings } from "./postings.ts";

/**
 * A number that was left out by the recorder counts as made in the block of its neighbours: an answer may name one block
 * too many, never one too few.
 */
export class SerialPostings implements BlocksByKey {
  readonly #elsewhere = new Postings(true);
  /** By block: the lowest number that was not yet made when it began. */
  readonly #starts: number[] = [];
  #next = 0;

  /** Begins a block; blocks without any call in between are allowed. */
  begin(block: number): void {
    while (this.#starts.length <= block) this.#starts.push(this.#next);
  }

  /** The number is made in the newest block. */
  made(serial: number, block: number): void {
    if (serial >= this.#next) this.#next = serial + 1;
    else this.add(serial, block);
  }

  /** The number occurs in the newest block (hot). */
  add(serial: number, block: number): void {
    if (this.isBornIn(serial, block)) return;
    this.#elsewhere.add(serial, block);
  }

  /** Whether a number counts as made in the newest block (hot). */
  isBornIn(serial: number, block: number): boolean {
    return serial >= (this.#starts[block] ?? 0) && serial < this.#next;
  }

  /** The block in which a number is made; -1 for one that was never made in order. O(log blocks). */
  birthOf(serial: number): number {
    return serial < this.#next ? lastAtMost(this.#starts, serial) : -1;
  }

  /** O(log blocks). */
  lastAtMost(serial: number, block: number): number {
    return this.lastOfBorn(serial, block, this.birthOf(serial));
  }

  /** The same where `birthOf` is known. */
  lastOfBorn(serial: number, block: number, birth: number): number {
    const found = this.#elsewhere.lastAtMost(serial, block, birth);
    return birth <= block ? Math.max(found, birth) : found;
  }

  /** O(log blocks). */
  firstAtLeast(serial: number, block: number): number {
    const birth = this.birthOf(serial);
    const found = this.#elsewhere.firstAtLeast(serial, block);
    return birth >= block && (found < 0 || birth < found) ? birth : found;
  }

  /** Puts on disk what is in memory. The newest block cannot be taken back afterwards. */
  spill(to: PagedFile): void {
    this.#elsewhere.spill(to);
  }

  /** After `spill`. */
  save(to: ColumnWriter): void {
    this.#elsewhere.save(to);
    to.u32s(this.#starts);
    to.u32s([this.#next]);
  }

  load(from: ColumnReader, file: PagedFile): void {
    this.#elsewhere.load(from, file);
    for (const start of from.u32s()) this.#starts.push(start);
    this.#next = from.u32s()[0] ?? 0;
  }

  /** Takes back everything of the newest block. */
  removeBlock(block: number): void {
    this.#elsewhere.removeBlock(block);
    this.#next = this.#starts[block] ?? this.#next;
    this.#starts.length = Math.min(this.#starts.length, block);
  }
}
