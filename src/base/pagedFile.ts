// Columns of numbers that stay on disk: written once, read page by page when somebody asks, a bounded number of pages in
// memory. What is read is not trusted: each page has a checksum.
import { WireError } from "./errors.ts";

/** Grows at its end alone. */
export interface ColumnFile {
  size(): number;
  /** Exactly the bytes asked for, or fewer at the end; the caller may keep them. */
  read(offset: number, length: number): Uint8Array;
  append(bytes: Uint8Array): void;
  close(): void;
}

/** The checksum of zlib and PNG, as an unsigned number. */
export interface Checksum {
  crc32(bytes: Uint8Array): number;
}

const PAGE_NUMBERS = 4096;
const PAGE_BYTES = PAGE_NUMBERS * 4;
const KEPT_PAGES = 2048;

export class PagedFile {
  readonly #file: ColumnFile;
  readonly #checksum: Checksum;
  /** By byte of the file, least recently used first. */
  readonly #pages = new Map<number, Uint32Array>();

  constructor(file: ColumnFile, checksum: Checksum) {
    this.#file = file;
    this.#checksum = checksum;
  }

  /** Writes a column: its pages, then their checksums. */
  add(numbers: Uint32Array): PagedColumn {
    const offset = this.#file.size();
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    const sums: number[] = [];
    for (let at = 0; at < bytes.length; at += PAGE_BYTES)
      sums.push(this.#checksum.crc32(bytes.subarray(at, at + PAGE_BYTES)));
    this.#file.append(bytes);
    this.#file.append(new Uint8Array(Uint32Array.from(sums).buffer));
    return new PagedColumn(this, offset, numbers.length);
  }

  /** A column that is in the file. */
  column(offset: number, length: number): PagedColumn {
    if (offset + length * 4 > this.#file.size()) throw damaged(offset);
    return new PagedColumn(this, offset, length);
  }

  /** The checksums of a column's pages. Throws WireError. */
  sums(offset: number, length: number): Uint32Array {
    return this.#read(offset + length * 4, Math.ceil(length / PAGE_NUMBERS));
  }

  /** Page `page` of a column. Throws WireError. */
  page(offset: number, length: number, page: number, sum: number): Uint32Array {
    const at = offset + page * PAGE_BYTES;
    const known = this.#pages.get(at);
    if (known !== undefined) {
      this.#pages.delete(at);
      this.#pages.set(at, known);
      return known;
    }
    const numbers = this.#read(at, Math.min(PAGE_NUMBERS, length - page * PAGE_NUMBERS));
    if (this.#checksum.crc32(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)) !== sum)
      throw damaged(at);
    this.#pages.set(at, numbers);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= KEPT_PAGES) break;
      this.#pages.delete(oldest);
    }
    return numbers;
  }

  close(): void {
    this.#pages.clear();
    this.#file.close();
  }

  #read(offset: number, count: number): Uint32Array {
    const bytes = this.#file.read(offset, count * 4);
    if (bytes.length < count * 4) throw damaged(offset);
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
    return new Uint32Array(aligned.buffer, aligned.byteOffset, count);
  }
}

function damaged(offset: number): WireError {
  return new WireError("the index is damaged: delete it and open the recording again", offset);
}

/** Whole numbers from 0 to 2^32 - 1. */
export class PagedColumn {
  readonly length: number;
  readonly offset: number;
  readonly #file: PagedFile;
  #sums: Uint32Array | undefined;
  /** The page that was asked last. */
  #page = -1;
  #numbers: Uint32Array = new Uint32Array(0);

  constructor(file: PagedFile, offset: number, length: number) {
    this.#file = file;
    this.offset = offset;
    this.length = length;
  }

  /** 0 beyond the end. */
  get(index: number): number {
    if (index >= this.length) return 0;
    const page = Math.floor(index / PAGE_NUMBERS);
    if (page !== this.#page) this.#turnTo(page);
    return this.#numbers[index % PAGE_NUMBERS] ?? 0;
  }

  /** Index of the first number from `low` on, and before `high`, that is at least `key`; `high` when none is. Ascending. */
  firstAtLeast(key: number, low = 0, high = this.length): number {
    let from = low;
    let to = high;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (this.get(middle) < key) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #turnTo(page: number): void {
    this.#sums ??= this.#file.sums(this.offset, this.length);
    this.#numbers = this.#file.page(this.offset, this.length, page, this.#sums[page] ?? 0);
    this.#page = page;
  }
}
