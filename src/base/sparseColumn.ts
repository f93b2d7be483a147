// Numbers by serial number. Serial numbers of a sound recording are dense and cost four bytes each; wild ones of a
// damaged recording go to a map instead of making a column of gigabytes.
import type { ColumnReader, ColumnWriter } from "./columnStream.ts";
import { GrowableColumn } from "./growableColumn.ts";

const SLACK = 65_536;

/** Values from 0 to 2^32 - 1; 0 where nothing was set. */
export class SparseColumn {
  readonly #dense = new GrowableColumn();
  readonly #wild = new Map<number, number>();

  get(key: number): number {
    return key < this.#dense.length ? this.#dense.get(key) : (this.#wild.get(key) ?? 0);
  }

  set(key: number, value: number): void {
    const { length } = this.#dense;
    if (key < length) this.#dense.set(key, value);
    else if (key < length * 2 + SLACK && this.#wild.size === 0) this.#dense.set(key, value);
    else this.#wild.set(key, value);
  }

  /** Keys that have a number, ascending. */
  keys(): Uint32Array {
    const dense = [...this.#dense.values().keys()].filter((key) => this.#dense.get(key) > 0);
    const wild = [...this.#wild].filter(([, value]) => value > 0).map(([key]) => key);
    return Uint32Array.from([...dense, ...wild]).toSorted();
  }

  clear(): void {
    this.#dense.truncate(0);
    this.#wild.clear();
  }

  save(to: ColumnWriter): void {
    to.u32s(this.#dense.values());
    to.u32s([...this.#wild].flat());
  }

  load(from: ColumnReader): void {
    this.#dense.adopt(from.u32s());
    const wild = from.u32s();
    for (let at = 0; at + 1 < wild.length; at += 2) this.#wild.set(wild[at] ?? 0, wild[at + 1] ?? 0);
  }
}
