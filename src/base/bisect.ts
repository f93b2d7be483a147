// Binary search over sorted numeric columns. O(log n), no allocation.

/** Index of the first element from `start` on, and before `end`, that is at least `key`; `end` when there is none. */
export function firstAtLeast(sorted: ArrayLike<number>, key: number, start = 0, end = sorted.length): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the last element that is at most `key`; -1 when there is none. */
export function lastAtMost(sorted: ArrayLike<number>, key: number, length = sorted.length): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
