// Numbers by serial number, for millions of them: the newest in memory, the others on disk once they are put there.
import { type ColumnReader, type ColumnWriter, writeRows } from "./columnStream.ts";
import { GrowableColumn } from "./growableColumn.ts";
import type { PagedColumn, PagedFile } from "./pagedFile.ts";

const SLACK = 65_536;

interface Part {
  readonly base: number;
  readonly column: PagedColumn;
}

/** Values from 0 to 2^32 - 1; 0 where nothing was set. Wild numbers of a damaged recording go to a map. */
export class SerialColumn {
  /** Ascending, one after the other, from `start` up to `base`. */
  readonly #parts: Part[] = [];
  #start = 0;
  #base = 0;
  #dense = new GrowableColumn();
  readonly #wild = new Map<number, number>();
  /** What was set below `base`: before the first dense number, or after it was put away. Few. */
  readonly #low = new Map<number, number>();

  /** Before anything is set: numbers are dense from here on. */
  startAt(start: number): void {
    this.#start = start;
    this.#base = start;
  }

  get(key: number): number {
    const index = key - this.#base;
    if (index < 0) return this.#low.get(key) ?? this.#putAway(key);
    return index < this.#dense.length ? this.#dense.get(index) : (this.#wild.get(key) ?? 0);
  }

  set(key: number, value: number): void {
    const index = key - this.#base;
    const { length } = this.#dense;
    if (index < 0) this.#setLow(key, value);
    else if (index < length || (index < length * 2 + SLACK && this.#wild.size === 0)) this.#dense.set(index, value);
    else this.#wild.set(key, value);
  }

  /** Puts on disk what is in memory. */
  spill(to: PagedFile): void {
    const { length } = this.#dense;
    if (length === 0) return;
    this.#parts.push({ base: this.#base, column: to.add(this.#dense.values()) });
    this.#base += length;
    this.#dense = new GrowableColumn();
  }

  /** After `spill`. */
  save(to: ColumnWriter): void {
    writeRows(
      to,
      2,
      this.#parts.map(({ column }) => [column.offset, column.length]),
    );
    to.u32s([this.#start]);
    for (const map of [this.#wild, this.#low]) to.u32s([...map].flat());
  }

  load(from: ColumnReader, file: PagedFile): void {
    const columns = from.rows(2, ([offset = 0, length = 0]) => file.column(offset, length));
    this.startAt(from.u32s()[0] ?? 0);
    for (const column of columns) {
      this.#parts.push({ base: this.#base, column });
      this.#base += column.length;
    }
    for (const map of [this.#wild, this.#low]) {
      const pairs = from.u32s();
      for (let at = 0; at + 1 < pairs.length; at += 2) map.set(pairs[at] ?? 0, pairs[at + 1] ?? 0);
    }
  }

  /** What is set again to what it is, as blocks are read again, takes no memory. */
  #setLow(key: number, value: number): void {
    if (this.get(key) !== value) this.#low.set(key, value);
  }

  #putAway(key: number): number {
    let low = 0;
    let high = this.#parts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#parts[middle]?.base ?? Infinity) <= key) low = middle + 1;
      else high = middle;
    }
    const part = this.#parts[low - 1];
    return part === undefined ? 0 : part.column.get(key - part.base);
  }
}
