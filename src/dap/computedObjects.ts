// Objects that evaluations made: they have numbers below zero, and can be expanded like those of the recording.
import type { ObjectView } from "../travel/timeTravel.ts";
import type { ValueSource } from "./presentation/valueText.ts";

/** As many are kept; the oldest go first. */
const mostKept = 100_000;

export class ComputedObjects {
  readonly #views = new Map<number, ObjectView>();
  #last = 0;

  readonly next = (): number => {
    this.#last -= 1;
    return this.#last;
  };

  add(made: ReadonlyMap<number, ObjectView>): void {
    for (const [object, view] of made) this.#views.set(object, view);
    for (const object of this.#views.keys()) {
      if (this.#views.size <= mostKept) return;
      this.#views.delete(object);
    }
  }

  /** A source that knows these objects too. */
  over(source: ValueSource): ValueSource {
    return { ...source, objectAt: (object) => (object < 0 ? this.#views.get(object) : source.objectAt(object)) };
  }
}
