// Is a breakpoint's condition true at a moment? Asked of the recording; nothing of the program runs.
import type { Value } from "../timeTravel.ts";
import type { ScalarTest } from "./scalarTest.ts";

export type Verdict =
  | { readonly kind: "true" }
  | { readonly kind: "false" }
  /** It has no answer: it raises, or the recording cannot tell. */
  | { readonly kind: "failed"; readonly message: string };

export type Shown = { readonly kind: "text"; readonly text: string } | Extract<Verdict, { readonly kind: "failed" }>;

/** An expression that was compiled once. */
export interface Question {
  /** The same by scalars of variables, where it asks for nothing else. */
  readonly scalars: ScalarTest | undefined;
  /** `names` stand before those of the frame. `frame`: undefined where none runs. */
  truth(event: number, frame: number | undefined, names: ReadonlyMap<string, Value>): Verdict;
  /** As `str()` gives it. */
  text(event: number, frame: number | undefined, names: ReadonlyMap<string, Value>): Shown;
}

/** Compiles an expression; one that cannot be compiled fails wherever it is asked. */
export type Asker = (expression: string) => Question;
