// Numbers by key, where only few of many possible keys have one.
import type { ColumnReader, ColumnWriter } from "./columnStream.ts";

/** Keys and values from 0 to 2^32 - 1; 0 where nothing was set. */
export class MapColumn {
  readonly #values = new Map<number, number>();

  get(key: number): number {
    return this.#values.get(key) ?? 0;
  }

  set(key: number, value: number): void {
    if (value === 0) this.#values.delete(key);
    else this.#values.set(key, value);
  }

  save(to: ColumnWriter): void {
    to.u32s([...this.#values.keys()]);
    to.u32s([...this.#values.values()]);
  }

  load(from: ColumnReader): void {
    const keys = from.u32s();
    const values = from.u32s();
    for (let row = 0; row < keys.length; row++) this.set(keys[row] ?? 0, values[row] ?? 0);
  }
}
