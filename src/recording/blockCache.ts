// Which decoded blocks stay in memory? The ones used last, up to a number of bytes; never fewer than two.
import type { Block } from "./block.ts";

const LEAST = 2;

export class BlockCache {
  readonly #capacity: number;
  /** Least recently used first. */
  readonly #blocks = new Map<number, Block>();
  #weight = 0;
  /** The block that was asked for last: most questions are about it again. */
  #last: Block | undefined;

  /** `capacity` in bytes. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(number: number): Block | undefined {
    if (this.#last?.number === number) return this.#last;
    const block = this.#blocks.get(number);
    if (block === undefined) return undefined;
    this.#blocks.delete(number);
    this.#blocks.set(number, block);
    this.#last = block;
    return block;
  }

  add(block: Block): void {
    this.remove(block.number);
    this.#blocks.set(block.number, block);
    this.#weight += block.weight;
    for (const number of this.#blocks.keys()) {
      if (this.#weight <= this.#capacity || this.#blocks.size <= LEAST) break;
      this.remove(number);
    }
  }

  remove(number: number): void {
    if (this.#last?.number === number) this.#last = undefined;
    const block = this.#blocks.get(number);
    if (block === undefined) return;
    this.#blocks.delete(number);
    this.#weight -= block.weight;
  }
}
