// Which decoded blocks stay in memory? The ones used last, up to a number of bytes; never fewer than two.

/** `weight`: approximate memory, in bytes. */
interface Weighed {
  readonly number: number;
  readonly weight: number;
}

const LEAST = 2;

interface Used<Kept> {
  readonly block: Kept;
  /** The higher, the later. */
  used: number;
}

export class BlockCache<Kept extends Weighed> {
  readonly #capacity: number;
  readonly #blocks = new Map<number, Used<Kept>>();
  #uses = 0;
  #weight = 0;
  /** The block that was asked for last: most questions are about it again. */
  #last: Kept | undefined;

  /** `capacity` in bytes. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(number: number): Kept | undefined {
    if (this.#last?.number === number) return this.#last;
    const known = this.#blocks.get(number);
    if (known === undefined) return undefined;
    known.used = ++this.#uses;
    this.#last = known.block;
    return known.block;
  }

  add(block: Kept): void {
    this.remove(block.number);
    this.#blocks.set(block.number, { block, used: ++this.#uses });
    this.#weight += block.weight;
    while (this.#weight > this.#capacity && this.#blocks.size > LEAST) this.remove(this.#oldest());
  }

  remove(number: number): void {
    if (this.#last?.number === number) this.#last = undefined;
    const known = this.#blocks.get(number);
    if (known === undefined) return;
    this.#blocks.delete(number);
    this.#weight -= known.block.weight;
  }

  #oldest(): number {
    let oldest = -1;
    let least = Infinity;
    for (const [number, { used }] of this.#blocks) {
      if (used >= least) continue;
      oldest = number;
      least = used;
    }
    return oldest;
  }
}
