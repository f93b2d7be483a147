// A column of numbers that grows at its end, kept in one typed array. Amortised O(1) to append.

/** Whole numbers from 0 to 2^32 - 1. */
export class GrowableColumn {
  #numbers: Uint32Array = new Uint32Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** 0 beyond the end. */
  get(index: number): number {
    return index < this.#length ? (this.#numbers[index] ?? 0) : 0;
  }

  set(index: number, value: number): void {
    this.#reserve(index + 1);
    this.#numbers[index] = value;
    if (index >= this.#length) this.#length = index + 1;
  }

  push(value: number): void {
    this.set(this.#length, value);
  }

  /** What is there; valid until the next change. */
  values(): Uint32Array {
    return this.#numbers.subarray(0, this.#length);
  }

  /** Takes the numbers as its own. */
  adopt(numbers: Uint32Array): void {
    this.#numbers = numbers;
    this.#length = numbers.length;
  }

  /** Forgets everything from `length` on. */
  truncate(length: number): void {
    if (length >= this.#length) return;
    this.#numbers.fill(0, length, this.#length);
    this.#length = length;
  }

  #reserve(length: number): void {
    if (length <= this.#numbers.length) return;
    const larger = new Uint32Array(Math.max(length, this.#numbers.length * 2));
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}
