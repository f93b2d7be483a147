// Does a variable have a value? CPython's cells are empty until the first assignment and after `del`; so are locals.

/** The contents of a variable at a moment: of a cell, or of a frame's own local. */
export type Cell<Value> = { readonly kind: "bound"; readonly value: Value } | { readonly kind: "unbound" };

/** A name that has no value: reading it raises UnboundLocalError, or NameError for a free variable. */
export const UNBOUND: Cell<never> = { kind: "unbound" };

/** A name that has a value. */
export function bound<Value>(value: Value): Cell<Value> {
  return { kind: "bound", value };
}
