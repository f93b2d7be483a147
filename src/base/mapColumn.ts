// Numbers by key, where only few of many possible keys have one.

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

  /** Keys that have a number, ascending. */
  keys(): Uint32Array {
    return Uint32Array.from(this.#values.keys()).toSorted();
  }

  clear(): void {
    this.#values.clear();
  }
}
