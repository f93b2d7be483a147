// Reads the primitives of FORMAT.md from one payload. Every read is checked against the end: nothing outside the
// payload is ever seen, and a payload that ends too early is a WireError.
import { WireError } from "../base/errors.ts";
import { decodeText } from "./text.ts";

const MAX_SERIAL = 0xffff_ffff;

/** `pos` is the next byte to read; hot code sets it directly to jump. */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly end: number;
  /** Where the payload's frame stands in the file: the place that errors name. */
  readonly origin: number;
  pos: number;

  constructor(bytes: Uint8Array, pos: number, end: number, origin: number) {
    this.bytes = bytes;
    this.pos = pos;
    this.end = Math.min(end, bytes.length);
    this.origin = origin;
  }

  get remaining(): number {
    return this.end - this.pos;
  }

  u8(): number {
    if (this.pos >= this.end) throw this.error("ends too early");
    return this.bytes[this.pos++] ?? 0;
  }

  u32(): number {
    const start = this.#take(4);
    const { bytes } = this;
    const high = (bytes[start + 3] ?? 0) * 0x1000000;
    return high + (((bytes[start + 2] ?? 0) << 16) | ((bytes[start + 1] ?? 0) << 8) | (bytes[start] ?? 0));
  }

  /** At most 2^53 - 1. */
  uv(): number {
    const { bytes, pos } = this;
    if (pos + 4 > this.end) return this.#longUv();
    const first = bytes[pos] ?? 0;
    if (first < 0x80) {
      this.pos = pos + 1;
      return first;
    }
    const second = bytes[pos + 1] ?? 0;
    if (second < 0x80) {
      this.pos = pos + 2;
      return (first & 0x7f) | (second << 7);
    }
    const third = bytes[pos + 2] ?? 0;
    if (third < 0x80) {
      this.pos = pos + 3;
      return (first & 0x7f) | ((second & 0x7f) << 7) | (third << 14);
    }
    const fourth = bytes[pos + 3] ?? 0;
    if (fourth < 0x80) {
      this.pos = pos + 4;
      return (first & 0x7f) | ((second & 0x7f) << 7) | ((third & 0x7f) << 14) | (fourth << 21);
    }
    return this.#longUv();
  }

  /** The zigzag form of 2^52 and more does not fit a double: its lowest bit, the sign, is taken off before the rest is added up. */
  sv(): number {
    const first = this.u8();
    const low = (first & 0x7e) / 2;
    const magnitude = first < 0x80 ? low : low + this.uv() * 0x40;
    if (magnitude > Number.MAX_SAFE_INTEGER) throw this.error("has a number that is too large");
    return (first & 1) === 0 ? magnitude : -magnitude - 1;
  }

  /** A serial number (frame, object): at most 2^32 - 1, so that columns can hold it. */
  serial(): number {
    const value = this.uv();
    if (value > MAX_SERIAL) throw this.error("has a serial number that is too large");
    return value;
  }

  /** A number of things of at least `size` bytes each that follow. */
  count(size = 1): number {
    const count = this.uv();
    if (count * size > this.remaining) throw this.error("ends too early");
    return count;
  }

  f64(): number {
    const start = this.#take(8);
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + start, 8).getFloat64(0, true);
  }

  slice(length: number): Uint8Array {
    const start = this.#take(length);
    return this.bytes.subarray(start, start + length);
  }

  skip(length: number): void {
    this.#take(length);
  }

  text(): string {
    return decodeText(this.slice(this.uv()));
  }

  texts(): string[] {
    return Array.from({ length: this.count() }, () => this.text());
  }

  error(what: string): WireError {
    return new WireError(`the frame ${what}`, this.origin);
  }

  #take(length: number): number {
    const start = this.pos;
    if (length > this.end - start) throw this.error("ends too early");
    this.pos = start + length;
    return start;
  }

  #longUv(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.u8();
      value += (byte & 0x7f) * factor;
      if (value > Number.MAX_SAFE_INTEGER || factor > 2 ** 49) throw this.error("has a number that is too large");
      if (byte < 0x80) return value;
    }
  }
}
