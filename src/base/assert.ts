// Fail-fast checks that also narrow types. A failure is always a bug of ours.
import { InvariantError } from "./errors.ts";

/** Throws `InvariantError` unless `condition` holds. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Returns `value`, or throws `InvariantError` when it is undefined. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new InvariantError(`missing: ${what}`);
  return value;
}

/** Makes a switch over a union exhaustive: does not type-check while a case is left. */
export function assertNever(value: never): never {
  throw new InvariantError(`unexpected value: ${String(value)}`);
}
