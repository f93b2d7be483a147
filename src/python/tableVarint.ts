// How the bytes of CPython's code tables are read: plain bytes, and varints of six bits a byte in which 0x40 says
// "more follows". The location table has the least significant bits first, the exception table the most significant.
// A table may come from a damaged recording: whatever the bytes are, each read consumes some or throws `WireError`.
import { WireError } from "../base/errors.ts";

const MORE = 0x40;
const SIX_BITS = 0x3f;
/** CPython decodes into a C int; five continuations are enough for it. */
const MAX_VALUE = 2 ** 31 - 1;
const MAX_BYTES = 6;

/** A cursor over one table; `offset` in a `WireError` is relative to the start of the table. */
export class TableReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw this.error("a code table ends inside an entry");
    this.#at++;
    return value;
  }

  signedByte(): number {
    const value = this.byte();
    return value < 0x80 ? value : value - 0x100;
  }

  /** Least significant six bits first: the location table. */
  varint(): number {
    let value = 0;
    for (let count = 0; count < MAX_BYTES; count++) {
      const byte = this.byte();
      value += (byte & SIX_BITS) * 64 ** count;
      if ((byte & MORE) === 0) return this.#checked(value);
    }
    throw this.error("a varint of a code table is too long");
  }

  /** Most significant six bits first: the exception table. */
  bigEndianVarint(): number {
    let value = 0;
    for (let count = 0; count < MAX_BYTES; count++) {
      const byte = this.byte();
      value = value * 64 + (byte & SIX_BITS);
      if ((byte & MORE) === 0) return this.#checked(value);
    }
    throw this.error("a varint of a code table is too long");
  }

  /** A varint whose lowest bit is the sign. */
  signedVarint(): number {
    const value = this.varint();
    const magnitude = Math.floor(value / 2);
    return value % 2 === 1 ? -magnitude : magnitude;
  }

  error(message: string): WireError {
    return new WireError(message, this.#at);
  }

  #checked(value: number): number {
    if (value > MAX_VALUE) throw this.error("a number of a code table is too large");
    return value;
  }
}
