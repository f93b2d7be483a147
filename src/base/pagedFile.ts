// Columns of numbers that stay on disk: written once, read page by page when somebody asks, a bounded number of pages in
// memory. What is read is not trusted: each page has a checksum.
import { firstAtLeast } from "./bisect.ts";
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
  /** By byte of the file. */
  readonly #pages = new Map<number, Page>();
  #uses = 0;

  constructor(file: ColumnFile, checksum: Checksum) {
    this.#file = file;
    this.#checksum = checksum;
  }

  /** Writes a column: its pages, then their checksums and their first numbers. */
  add(numbers: Uint32Array): PagedColumn {
    const offset = this.#file.size();
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    const sums: number[] = [];
    const firsts: number[] = [];
    for (let at = 0; at < bytes.length; at += PAGE_BYTES) {
      sums.push(this.#checksum.crc32(bytes.subarray(at, at + PAGE_BYTES)));
      firsts.push(numbers[at / 4] ?? 0);
    }
    this.#file.append(bytes);
    this.#file.append(new Uint8Array(Uint32Array.from([...sums, ...firsts]).buffer));
    return new PagedColumn(this, offset, numbers.length);
  }

  /** A column that is in the file. */
  column(offset: number, length: number): PagedColumn {
    if (offset + length * 4 > this.#file.size()) throw damaged(offset);
    return new PagedColumn(this, offset, length);
  }

  /** What is said of a column's pages. Throws WireError. */
  directory(offset: number, length: number): PageDirectory {
    const pages = Math.ceil(length / PAGE_NUMBERS);
    const numbers = this.#read(offset + length * 4, pages * 2);
    return { sums: numbers.subarray(0, pages), firsts: numbers.subarray(pages) };
  }

  /** Page `page` of a column. Throws WireError. */
  page(offset: number, length: number, page: number, sum: number): Uint32Array {
    const at = offset + page * PAGE_BYTES;
    const known = this.#pages.get(at);
    if (known !== undefined) {
      known.used = ++this.#uses;
      return known.numbers;
    }
    const numbers = this.#read(at, Math.min(PAGE_NUMBERS, length - page * PAGE_NUMBERS));
    if (this.#checksum.crc32(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)) !== sum)
      throw damaged(at);
    this.#pages.set(at, { numbers, used: ++this.#uses });
    if (this.#pages.size > KEPT_PAGES) this.#forgetOlder();
    return numbers;
  }

  /** An eighth of the pages, those that were used longest ago. */
  #forgetOlder(): void {
    const uses = Array.from(this.#pages.values(), ({ used }) => used).toSorted((one, other) => one - other);
    const oldest = uses[Math.floor(uses.length / 8)] ?? 0;
    for (const [at, { used }] of this.#pages) if (used < oldest) this.#pages.delete(at);
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

interface Page {
  readonly numbers: Uint32Array;
  /** The higher, the later. */
  used: number;
}

/** Of each page: its checksum and its first number. */
interface PageDirectory {
  readonly sums: Uint32Array;
  readonly firsts: Uint32Array;
}

function damaged(offset: number): WireError {
  return new WireError("the index is damaged: delete it and open the recording again", offset);
}

/** Whole numbers from 0 to 2^32 - 1. */
export class PagedColumn {
  readonly length: number;
  readonly offset: number;
  readonly #file: PagedFile;
  #pages: PageDirectory | undefined;
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
    if (low >= high) return low;
    // Pages that begin inside tell by their first numbers which one it is.
    let page = Math.floor(low / PAGE_NUMBERS);
    const pages = Math.ceil(high / PAGE_NUMBERS);
    if (page + 1 < pages) page = firstAtLeast(this.#directory().firsts, key, page + 1, pages) - 1;
    if (page !== this.#page) this.#turnTo(page);
    const start = page * PAGE_NUMBERS;
    const end = Math.min(high - start, PAGE_NUMBERS);
    return start + firstAtLeast(this.#numbers, key, Math.max(low - start, 0), end);
  }

  #turnTo(page: number): void {
    this.#numbers = this.#file.page(this.offset, this.length, page, this.#directory().sums[page] ?? 0);
    this.#page = page;
  }

  #directory(): PageDirectory {
    this.#pages ??= this.#file.directory(this.offset, this.length);
    return this.#pages;
  }
}
