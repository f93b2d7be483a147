// Which value does a name have? Names that the expression itself binds stand before those of the frame.
import type { Py } from "./values.ts";

export class Scope {
  readonly #parent: Scope | undefined;
  readonly #names = new Map<string, Py>();
  /** `:=` inside a comprehension binds in the scope around it. */
  readonly #isComprehension: boolean;

  constructor(parent: Scope | undefined, isComprehension: boolean) {
    this.#parent = parent;
    this.#isComprehension = isComprehension;
  }

  find(name: string): Py | undefined {
    return this.#names.get(name) ?? this.#parent?.find(name);
  }

  bind(name: string, value: Py): void {
    this.#names.set(name, value);
  }

  bindWalrus(name: string, value: Py): void {
    if (this.#isComprehension && this.#parent !== undefined) this.#parent.bindWalrus(name, value);
    else this.bind(name, value);
  }
}
