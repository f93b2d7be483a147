// One evaluation: which Python it follows, how much it may still do, and the recorded objects that it has met.
import type { PrintableCharacters } from "../../python/printable.ts";
import type { Environment } from "./environment.ts";
import { refuse } from "./failures.ts";
import { wrapObject, wrapScalar } from "./recorded.ts";
import type { Py } from "./values.ts";
import type { Value } from "../timeTravel.ts";

/** Elements, characters and rounds that one evaluation may handle: a second or two at the most. */
const allowance = 3_000_000;
/** Longest list or text, and most bits of an int, that an evaluation makes. */
export const largest = 2_000_000;
const deepest = 200;

/** Calls a function with arguments; the evaluator's business. */
export type Caller = (callee: Py, positional: readonly Py[]) => Py;

export class Machine {
  readonly environment: Environment;
  readonly minor: number;
  readonly call: Caller;
  readonly #objects = new Map<number, Py>();
  readonly #serials = new Map<Py, number>();
  #left = allowance;
  #depth = 0;

  constructor(environment: Environment, call: Caller) {
    this.environment = environment;
    this.minor = environment.minor;
    this.call = call;
  }

  get printable(): PrintableCharacters {
    return this.environment.printable;
  }

  /** Refuses what would take too long. */
  work(amount: number): void {
    this.#left -= amount;
    if (this.#left < 0) refuse("This would take too long.");
  }

  /** For sizes of what is about to be made. */
  room(size: bigint | number): void {
    if (size > largest) refuse("The result would be too large.");
    this.work(Number(size));
  }

  /** Runs `body` one level deeper; refuses at a depth where Python has its recursion limit. */
  deeper<T>(body: () => T): T {
    this.#depth++;
    try {
      if (this.#depth > deepest) return refuse("This is nested too deeply.");
      return body();
    } finally {
      this.#depth--;
    }
  }

  /** The same recorded object is the same value. */
  wrap(value: Value): Py {
    if (value.kind !== "object") return wrapScalar(value);
    const known = this.#objects.get(value.object);
    if (known !== undefined) return known;
    const made = wrapObject(this, value.object);
    this.#objects.set(value.object, made);
    return made;
  }

  /** A number for something that has no other identity. */
  serialOf(value: Py): number {
    const known = this.#serials.get(value);
    if (known !== undefined) return known;
    this.#serials.set(value, this.#serials.size + 1);
    return this.#serials.size;
  }
}
