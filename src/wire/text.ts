// Text as Python wrote it: UTF-8 in which lone surrogates are kept (`surrogatepass`).

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Never throws: bytes that are no UTF-8 become U+FFFD. Lone surrogates stay what they are. */
export function decodeText(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  return text.includes("\ufffd") ? decodeSlowly(bytes) : text;
}

/** Length in code points, as Python's `len`. */
export function codePointLength(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    if (isHigh(text.charCodeAt(index)) && isLow(text.charCodeAt(index + 1))) {
      length--;
      index++;
    }
  }
  return length;
}

function decodeSlowly(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let index = 0; index < bytes.length;) {
    const size = sequenceSize(bytes, index);
    parts.push(size === 0 ? "\ufffd" : String.fromCodePoint(codePointAt(bytes, index, size)));
    index += Math.max(size, 1);
  }
  return parts.join("");
}

/** Bytes of the sequence at `index`; 0 when it is none. */
function sequenceSize(bytes: Uint8Array, index: number): number {
  const first = bytes[index] ?? 0;
  const size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  for (let next = 1; next < size; next++) {
    if (((bytes[index + next] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  const point = codePointAt(bytes, index, size);
  const isOverlong = (size === 3 && point < 0x800) || (size === 4 && point < 0x10000);
  return isOverlong || point > 0x10ffff ? 0 : size;
}

function codePointAt(bytes: Uint8Array, index: number, size: number): number {
  const first = bytes[index] ?? 0;
  let point = size === 1 ? first : first & (0xff >> (size + 1));
  for (let next = 1; next < size; next++) point = (point << 6) | ((bytes[index + next] ?? 0) & 0x3f);
  return point;
}

function isHigh(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

function isLow(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}
