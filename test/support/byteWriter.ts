// Writes the primitives, values and contents of FORMAT.md: the reverse of src/wire, written from the document.
import type { ObjectKind, Value } from "../../src/travel/timeTravel.ts";
import type { Entry, TestContents } from "./recordedEvents.ts";

const KINDS: readonly ObjectKind[] = [
  "list",
  "tuple",
  "dict",
  "set",
  "frozenset",
  "deque",
  "bytearray",
  "range",
  "instance",
  "cell",
  "namespace",
  "class",
  "module",
  "function",
  "generator",
  "coroutine",
  "asyncGenerator",
  "scalar",
  "exception",
  "opaque",
  "method",
  "slice",
  "array",
  "repr",
];

const REASON_NUMBERS = [
  "",
  "a call with unknown effects could reach more than is compared",
  "the recursion limit was reached",
  "an exception of the program interrupted the recorder",
  "the recorder failed here",
];

export function reasonText(reason: number): string {
  return REASON_NUMBERS[reason] ?? `reason ${reason}`;
}

/** Bytes that grow. Strings enter `strings`, the block's table, unless it is undefined. */
export class ByteWriter {
  readonly bytes: number[] = [];
  readonly strings: Map<string, number> | undefined;

  constructor(strings: Map<string, number> | undefined) {
    this.strings = strings;
  }

  u8(value: number): this {
    this.bytes.push(value & 0xff);
    return this;
  }

  u16(value: number): this {
    return this.u8(value).u8(value >>> 8);
  }

  u32(value: number): this {
    return this.u16(value & 0xffff).u16(value >>> 16);
  }

  uv(value: number): this {
    return this.#varint(BigInt(value));
  }

  sv(value: number): this {
    const twice = BigInt(value) * 2n;
    return this.#varint(twice >= 0n ? twice : -twice - 1n);
  }

  raw(bytes: ArrayLike<number>): this {
    for (let index = 0; index < bytes.length; index++) this.u8(bytes[index] ?? 0);
    return this;
  }

  text(text: string): this {
    const encoded = utf8(text);
    return this.uv(encoded.length).raw(encoded);
  }

  str(text: string): this {
    const known = this.strings?.get(text);
    if (known !== undefined) return this.uv(known);
    const encoded = utf8(text);
    if (encoded.length <= 128) this.strings?.set(text, this.strings.size + 1);
    return this.uv(0).uv(encoded.length).raw(encoded);
  }

  value(value: Value): this {
    switch (value.kind) {
      case "unbound":
        return this.u8(0);
      case "none":
        return this.u8(1);
      case "bool":
        return this.u8(value.value ? 3 : 2);
      case "int":
        return typeof value.value === "number" ? this.u8(4).sv(value.value) : this.bigint(value.value);
      case "float":
        return this.u8(6).raw(doubleBytes(value.value));
      case "complex":
        return this.u8(7).raw(doubleBytes(value.real)).raw(doubleBytes(value.imaginary));
      case "str":
        return value.truncated ? this.u8(9).uv(value.total).text(value.text) : this.u8(8).str(value.text);
      case "bytes":
        if (!value.truncated) return this.u8(10).uv(value.bytes.length).raw(value.bytes);
        return this.u8(11).uv(value.total).uv(value.bytes.length).raw(value.bytes);
      case "object":
        return this.u8(12).uv(value.object);
      case "ellipsis":
        return this.u8(13);
      case "notImplemented":
        return this.u8(14);
      case "notRecorded":
        return this.u8(15).u8(REASON_NUMBERS.indexOf(value.reason));
      case "intCut": {
        const magnitude = magnitudeBytes(value.top);
        return this.u8(17)
          .u8(value.negative ? 1 : 0)
          .uv(value.bits)
          .uv(magnitude.length)
          .raw(magnitude);
      }
    }
  }

  contents(contents: TestContents): this {
    const { items, entries, attributes, text, value, bytes } = contents;
    const hasItems = items !== undefined || entries !== undefined;
    const mask =
      (hasItems ? 1 : 0) |
      (attributes === undefined ? 0 : 2) |
      (text === undefined ? 0 : 4) |
      (value === undefined ? 0 : 8) |
      (bytes === undefined ? 0 : 16) |
      (contents.cls === undefined ? 0 : 32) |
      (contents.name === undefined ? 0 : 64);
    this.u8(mask);
    if (hasItems) {
      const all: readonly Entry[] = entries ?? items ?? [];
      this.uv(contents.itemsTotal ?? all.length).uv(all.length);
      for (const entry of all) this.entry(entry);
    }
    if (attributes !== undefined) {
      this.uv(contents.attributesTotal ?? attributes.length).uv(attributes.length);
      for (const [name, attribute] of attributes) this.str(name).value(attribute);
    }
    if (text !== undefined) this.text(text);
    if (value !== undefined) this.value(value);
    if (bytes !== undefined)
      this.uv(contents.bytesTotal ?? bytes.length)
        .uv(bytes.length)
        .raw(bytes);
    if (contents.cls !== undefined) this.u8(12).uv(contents.cls);
    if (contents.name !== undefined) this.text(contents.name);
    return this;
  }

  entry(entry: Entry): this {
    return "kind" in entry ? this.value(entry) : this.value(entry[0]).value(entry[1]);
  }

  bigint(value: bigint): this {
    const magnitude = magnitudeBytes(value < 0n ? -value : value);
    return this.u8(5)
      .u8(value < 0n ? 1 : 0)
      .uv(magnitude.length)
      .raw(magnitude);
  }

  /** In whole numbers: the zigzag form of 2^52 and more does not fit a double. */
  #varint(value: bigint): this {
    let rest = value;
    for (; rest >= 0x80n; rest >>= 7n) this.u8(Number(rest & 0x7fn) | 0x80);
    return this.u8(Number(rest));
  }
}

export function kindNumber(kind: ObjectKind): number {
  return KINDS.indexOf(kind) + 1;
}

function magnitudeBytes(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.push(Number(rest & 0xffn));
  return bytes;
}

function doubleBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return bytes;
}

/** UTF-8 with lone surrogates kept. */
export function utf8(text: string): number[] {
  return Array.from(text).flatMap((character) => {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) return [point];
    if (point < 0x800) return [0xc0 | (point >> 6), 0x80 | (point & 63)];
    if (point < 0x10000) return [0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)];
    return [0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)];
  });
}
