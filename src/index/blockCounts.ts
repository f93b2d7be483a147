// How often does each key occur in one block? Counted in place, and handed out at the block's end.

export class BlockCounts {
  #counts = new Uint32Array(1024);
  readonly #keys: number[] = [];

  /** Hot. */
  add(key: number): void {
    const count = this.#counts[key];
    if (count === undefined) this.#grow(key);
    if (count === undefined || count === 0) {
      this.#keys.push(key);
      this.#counts[key] = 1;
    } else this.#counts[key] = count + 1;
  }

  /** Hands out every key with its count, in the order in which they first came, and begins anew. */
  take(receive: (key: number, count: number) => void): void {
    for (const key of this.#keys) {
      receive(key, this.#counts[key] ?? 0);
      this.#counts[key] = 0;
    }
    this.#keys.length = 0;
  }

  #grow(key: number): void {
    const larger = new Uint32Array(Math.max(key + 1, this.#counts.length * 2));
    larger.set(this.#counts);
    this.#counts = larger;
  }
}
