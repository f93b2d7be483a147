// Which value does a name have? Names that the expression itself binds stand before those of the frame.
import type { Py } from "./values.ts";

export class Scope {
  readonly #parent: Scope | undefined;
  readonly #names = new Map<string, Py>();
  readonly #declared = new Set<string>();
  /** `:=` inside a comprehension binds in the scope around it. */
  readonly #isComprehension: boolean;

  /** Name of the function that this scope is in CPython: "<lambda>", "<listcomp>". */
  readonly #label: string;

  constructor(parent: Scope | undefined, label: string) {
    this.#parent = parent;
    this.#label = label;
    this.#isComprehension = label !== "" && label !== "<lambda>";
  }

  /** Qualified name of a lambda that is made here; before 3.10 messages have its plain name. */
  lambdaName(minor: number): string {
    return minor < 10 ? "<lambda>" : `${this.#path(minor)}<lambda>`;
  }

  /** From 3.12 on comprehensions are no functions of their own, but generator expressions are. */
  #path(minor: number): string {
    const outer = this.#parent === undefined ? "" : this.#parent.#path(minor);
    const isInlined = minor >= 12 && this.#isComprehension && this.#label !== "<genexpr>";
    if (this.#label === "" || isInlined) return outer;
    return `${outer}${this.#label}.${this.#isComprehension ? "" : "<locals>."}`;
  }

  /** `unbound`: a loop variable of this comprehension before its loop, `free`: one of a comprehension around. */
  find(name: string): Py | "unbound" | "free" | undefined {
    const own = this.#names.get(name);
    if (own !== undefined) return own;
    if (this.#declared.has(name)) return "unbound";
    const outer = this.#parent?.find(name);
    return outer === "unbound" ? "free" : outer;
  }

  /** A name that belongs to this scope before it has a value. */
  declare(name: string): void {
    this.#declared.add(name);
  }

  bind(name: string, value: Py): void {
    this.#names.set(name, value);
  }

  bindWalrus(name: string, value: Py): void {
    if (this.#isComprehension && this.#parent !== undefined) this.#parent.bindWalrus(name, value);
    else this.bind(name, value);
  }
}
