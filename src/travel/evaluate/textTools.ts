// Splitting, finding and stripping, the same for str and for bytes: over lists of units.

/** A text or bytes as units: characters or byte values. */
export type Units<T> = readonly T[];

export function findUnits<T>(whole: Units<T>, part: Units<T>, from: number, to: number): number {
  for (let at = from; at + part.length <= to; at++)
    if (part.every((unit, index) => whole[at + index] === unit)) return at;
  return -1;
}

export function findLast<T>(whole: Units<T>, part: Units<T>, from: number, to: number): number {
  for (let at = to - part.length; at >= from; at--)
    if (part.every((unit, index) => whole[at + index] === unit)) return at;
  return -1;
}

export function countUnits<T>(whole: Units<T>, part: Units<T>, from: number, to: number): number {
  if (part.length === 0) return to >= from ? to - from + 1 : 0;
  let count = 0;
  for (let at = findUnits(whole, part, from, to); at !== -1; at = findUnits(whole, part, at + part.length, to)) count++;
  return count;
}

/** `limit` < 0: no limit. */
export function splitAt<T>(whole: Units<T>, separator: Units<T>, limit: number): readonly Units<T>[] {
  const parts: Units<T>[] = [];
  let start = 0;
  for (let left = limit; left !== 0; left--) {
    const at = findUnits(whole, separator, start, whole.length);
    if (at === -1) break;
    parts.push(whole.slice(start, at));
    start = at + separator.length;
  }
  return [...parts, whole.slice(start)];
}

export function splitAtLast<T>(whole: Units<T>, separator: Units<T>, limit: number): readonly Units<T>[] {
  const parts: Units<T>[] = [];
  let end = whole.length;
  for (let left = limit; left !== 0; left--) {
    const at = findLast(whole, separator, 0, end);
    if (at === -1) break;
    parts.unshift(whole.slice(at + separator.length, end));
    end = at;
  }
  return [whole.slice(0, end), ...parts];
}

type Test<T> = (unit: T) => boolean;

function skip<T>(units: Units<T>, from: number, test: Test<T>): number {
  let at = from;
  while (at < units.length) {
    const unit = units[at];
    if (unit === undefined || !test(unit)) break;
    at++;
  }
  return at;
}

/** Words between blanks; what is left after `limit` words keeps its blanks, but for those before it. */
export function splitBlanks<T>(whole: Units<T>, isBlank: Test<T>, limit: number): readonly Units<T>[] {
  const parts: Units<T>[] = [];
  let at = skip(whole, 0, isBlank);
  while (at < whole.length) {
    if (limit >= 0 && parts.length === limit) {
      parts.push(whole.slice(at));
      break;
    }
    const end = skip(whole, at, (unit) => !isBlank(unit));
    parts.push(whole.slice(at, end));
    at = skip(whole, end, isBlank);
  }
  return parts;
}

export function splitBlanksLast<T>(whole: Units<T>, isBlank: Test<T>, limit: number): readonly Units<T>[] {
  return splitBlanks(whole.toReversed(), isBlank, limit)
    .map((part) => part.toReversed())
    .toReversed();
}

export function stripUnits<T>(units: Units<T>, test: Test<T>, side: "left" | "right" | "both"): Units<T> {
  const start = side === "right" ? 0 : skip(units, 0, test);
  let end = units.length;
  if (side === "left") return units.slice(start);
  while (end > start) {
    const unit = units[end - 1];
    if (unit === undefined || !test(unit)) break;
    end--;
  }
  return units.slice(start, end);
}

export function replaceUnits<T>(whole: Units<T>, old: Units<T>, by: Units<T>, limit: number): Units<T> {
  if (old.length > 0)
    return splitAt(whole, old, limit).flatMap((part, index) => (index === 0 ? [...part] : [...by, ...part]));
  const places = limit < 0 ? whole.length + 1 : Math.min(limit, whole.length + 1);
  const out: T[] = [];
  for (let at = 0; at <= whole.length; at++) {
    if (at < places) out.push(...by);
    const unit = whole[at];
    if (unit !== undefined) out.push(unit);
  }
  return out;
}

/** Lines by where they end: `ends` gives how many units end a line at a place, 0 for none. */
export function splitLines<T>(whole: Units<T>, keepEnds: boolean, ends: (at: number) => number): readonly Units<T>[] {
  const lines: Units<T>[] = [];
  let start = 0;
  for (let at = 0; at < whole.length;) {
    const end = ends(at);
    if (end > 0) {
      lines.push(whole.slice(start, keepEnds ? at + end : at));
      start = at + end;
    }
    at += Math.max(end, 1);
  }
  if (start < whole.length) lines.push(whole.slice(start));
  return lines;
}
