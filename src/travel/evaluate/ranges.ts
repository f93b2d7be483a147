// Ranges and slices: how many elements, and which.
import { valueError } from "./failures.ts";
import type { PyRange } from "./values.ts";

export interface Bounds {
  readonly start: bigint;
  readonly stop: bigint;
  readonly step: bigint;
}

export function rangeLength({ start, stop, step }: Bounds): bigint {
  const span = step > 0n ? stop - start : start - stop;
  const size = step > 0n ? step : -step;
  return span <= 0n ? 0n : (span + size - 1n) / size;
}

export function makeRange(start: bigint, stop: bigint, step: bigint): PyRange {
  return { kind: "range", start, stop, step, object: 0 };
}

/** A slice over `length` elements, as `slice.indices` gives it; undefined stands for None. */
export function sliceBounds(
  length: bigint,
  start: bigint | undefined,
  stop: bigint | undefined,
  step: bigint | undefined,
): Bounds {
  const by = step ?? 1n;
  if (by === 0n) return valueError("slice step cannot be zero");
  const lower = by < 0n ? -1n : 0n;
  const upper = by < 0n ? length - 1n : length;
  function place(at: bigint | undefined, otherwise: bigint): bigint {
    if (at === undefined) return otherwise;
    const from = at < 0n ? at + length : at;
    return from < lower ? lower : from > upper ? upper : from;
  }
  return { start: place(start, by < 0n ? upper : lower), stop: place(stop, by < 0n ? lower : upper), step: by };
}

/** The indices that bounds name, in order. */
export function indicesOf(bounds: Bounds): readonly number[] {
  const count = Number(rangeLength(bounds));
  const [start, step] = [Number(bounds.start), Number(bounds.step)];
  return Array.from({ length: count }, (_, index) => start + index * step);
}
