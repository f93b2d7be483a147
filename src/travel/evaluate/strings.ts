// Text by code points, as Python counts it.

export function characters(text: string): readonly string[] {
  return Array.from(text);
}

/** True when every UTF-16 unit is a character of its own. */
export function isFlat(text: string): boolean {
  return !/[\ud800-\udfff]/u.test(text) && !/[\u{10000}-\u{10ffff}]/u.test(text);
}

/** Length in code points. */
export function lengthOf(text: string): number {
  return isFlat(text) ? text.length : Array.from(text).length;
}
