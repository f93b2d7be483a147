// A fail-fast check that also narrows types. A failure is always a bug of ours.
import { InvariantError } from "./errors.ts";

/** Returns `value`, or throws `InvariantError` when it is undefined. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new InvariantError(`missing: ${what}`);
  return value;
}
