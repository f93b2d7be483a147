// Numbers by key, where only few of many possible keys have one: a table with open addressing in typed arrays, as a Map
// makes an object of each key above 2^30.
import { GrowableColumn } from "./growableColumn.ts";

const FIRST_SLOTS = 1024;

/** Keys and values from 0 to 2^32 - 1; 0 where nothing was set. */
export class MapColumn {
  readonly #keys = new GrowableColumn();
  readonly #values = new GrowableColumn();
  /** Index of an entry plus one, 0 for none; at most half of them are used, and their number is a power of two. */
  #slots = new Uint32Array(FIRST_SLOTS);

  get(key: number): number {
    const entry = this.#slots[this.#slotOf(key)] ?? 0;
    return entry === 0 ? 0 : this.#values.get(entry - 1);
  }

  set(key: number, value: number): void {
    const slot = this.#slotOf(key);
    const entry = this.#slots[slot] ?? 0;
    if (entry > 0) this.#values.set(entry - 1, value);
    else if (value > 0) this.#add(slot, key, value);
  }

  /** Keys that have a number, ascending. */
  keys(): Uint32Array {
    const keys = this.#keys.values().filter((_, entry) => this.#values.get(entry) > 0);
    return keys.toSorted();
  }

  clear(): void {
    this.#keys.truncate(0);
    this.#values.truncate(0);
    this.#slots.fill(0);
  }

  #add(slot: number, key: number, value: number): void {
    this.#keys.push(key);
    this.#values.push(value);
    this.#slots[slot] = this.#keys.length;
    if (this.#keys.length * 2 > this.#slots.length) this.#grow();
  }

  /** Where the key is, or would be (hot). */
  #slotOf(key: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = mixed(key) & mask;
    for (;;) {
      const entry = slots[slot] ?? 0;
      if (entry === 0 || this.#keys.get(entry - 1) === key) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 4);
    for (const [entry, key] of this.#keys.values().entries()) this.#slots[this.#slotOf(key)] = entry + 1;
  }
}

/** Serial numbers are neighbours: their lower bits are spread. */
function mixed(key: number): number {
  const product = Math.imul(key, 0x9e37_79b1);
  return product ^ (product >>> 15);
}
