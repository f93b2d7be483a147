// Columns of numbers in one piece of memory, one after the other, and back: how derived data is put on disk and handed
// from thread to thread. Loading is a view on the memory, not a copy.
import { WireError } from "./errors.ts";

const ALIGNMENT = 8;
const NO_BYTES = new Uint8Array();

/** Takes columns in an order that the reader knows. */
export class ColumnWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** Leaves `room` bytes free in front, a multiple of eight. */
  constructor(room = 0) {
    this.#add(new Uint8Array(room));
  }

  /** Whole numbers from 0 to 2^32 - 1. */
  u32s(numbers: Iterable<number> & ArrayLike<number>): void {
    const column = numbers instanceof Uint32Array ? numbers : Uint32Array.from(numbers);
    this.#column(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }

  f64s(numbers: Iterable<number> & ArrayLike<number>): void {
    const column = Float64Array.from(numbers);
    this.#column(new Uint8Array(column.buffer));
  }

  /** Lone surrogates are kept. */
  text(text: string): void {
    this.#column(new TextEncoder().encode(JSON.stringify(text)));
  }

  /** Everything so far, in memory of its own. */
  bytes(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  #column(bytes: Uint8Array): void {
    this.#add(new Uint8Array(Float64Array.of(bytes.length).buffer));
    this.#add(bytes);
    const rest = this.#length % ALIGNMENT;
    if (rest > 0) this.#add(new Uint8Array(ALIGNMENT - rest));
  }

  #add(part: Uint8Array): void {
    this.#parts.push(part);
    this.#length += part.length;
  }
}

/** Gives columns back in the order in which they were taken. Throws WireError where there is no such column. */
export class ColumnReader {
  readonly #bytes: Uint8Array;
  #at: number;

  /** From byte `at` on, a multiple of eight; `bytes` begins at a multiple of eight of its memory. */
  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
    if ((bytes.byteOffset + at) % ALIGNMENT > 0) throw this.error();
  }

  u32s(): Uint32Array {
    const { buffer, byteOffset, length } = this.#column(4);
    return new Uint32Array(buffer, byteOffset, length / 4);
  }

  f64s(): Float64Array {
    const { buffer, byteOffset, length } = this.#column(8);
    return new Float64Array(buffer, byteOffset, length / 8);
  }

  /** Columns of the same length that were taken one after the other. */
  rows<Row>(columns: number, rowOf: (values: readonly number[]) => Row): Row[] {
    const all = Array.from({ length: columns }, () => this.f64s());
    return Array.from(all[0] ?? [], (_, row) => rowOf(all.map((column) => column[row] ?? 0)));
  }

  text(): string {
    const text: unknown = JSON.parse(new TextDecoder().decode(this.#column(1)));
    if (typeof text !== "string") throw this.error();
    return text;
  }

  error(): WireError {
    return new WireError("the index is damaged", this.#at);
  }

  #column(size: number): Uint8Array {
    const start = this.#at + 8;
    if (start > this.#bytes.length) throw this.error();
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, 8);
    const length = view.getFloat64(0, true);
    const isSound = Number.isInteger(length) && length >= 0 && length % size === 0;
    if (!isSound || start + length > this.#bytes.length) throw this.error();
    this.#at = start + Math.ceil(length / ALIGNMENT) * ALIGNMENT;
    return length === 0 ? NO_BYTES : this.#bytes.subarray(start, start + length);
  }
}

/** The columns of rows of numbers, for `ColumnReader.rows`. */
export function writeRows(writer: ColumnWriter, columns: number, rows: readonly (readonly number[])[]): void {
  for (let column = 0; column < columns; column++) writer.f64s(rows.map((row) => row[column] ?? 0));
}
