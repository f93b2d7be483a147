// The elements of a list or tuple: taken from the recording when somebody looks, and complete or not.
import { notRecorded } from "./failures.ts";
import type { Py } from "./values.ts";

export class Items {
  /** True length, also where elements were left out. */
  readonly total: number;
  #load: (() => readonly Py[]) | undefined;
  #kept: readonly Py[] = [];

  private constructor(total: number, load: () => readonly Py[]) {
    this.total = total;
    this.#load = load;
  }

  static of(items: readonly Py[]): Items {
    return new Items(items.length, () => items);
  }

  /** `load` may refuse. */
  static recorded(total: number, load: () => readonly Py[]): Items {
    return new Items(total, load);
  }

  /** The first elements: as many as were kept. */
  kept(): readonly Py[] {
    if (this.#load !== undefined) {
      this.#kept = this.#load();
      this.#load = undefined;
    }
    return this.#kept;
  }

  /** All elements; refuses when some were left out. */
  all(): readonly Py[] {
    const kept = this.kept();
    if (kept.length < this.total) notRecorded(`only the first ${kept.length} of ${this.total} elements were kept`);
    return kept;
  }

  /** The element at an index that is in range. */
  at(index: number): Py {
    const kept = this.kept();
    return kept[index] ?? notRecorded(`element ${index}; the first ${kept.length} of ${this.total} were kept`);
  }
}
