// Where is a byte of a source line in an editor? CPython counts UTF-8 bytes from 0, DAP counts UTF-16 units.

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x1_0000 ? 3 : 4;
}

/** Zero-based UTF-16 offset of a zero-based UTF-8 offset in `line`; the line's end when it is beyond. O(line). */
export function utf16Offset(line: string, byteOffset: number): number {
  let bytes = 0;
  let units = 0;
  for (const character of line) {
    if (bytes >= byteOffset) break;
    bytes += utf8Length(character.codePointAt(0) ?? 0);
    units += character.length;
  }
  return units;
}
