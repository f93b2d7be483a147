// Which line does a bytecode offset belong to? The entries of `co_lines()` as sorted columns.
// Entries lie end to end from offset 0, neighbours have different lines, and none is empty.
import { lastAtMost } from "../base/bisect.ts";
import { brand } from "../base/brand.ts";
import type { ByteOffset } from "./codeOffset.ts";

/** One item of `co_lines()`: the bytes from `start` up to, not including, `end`. */
export interface LineEntry {
  readonly start: ByteOffset;
  readonly end: ByteOffset;
  /** One-based; 0 for the start of a module on 3.11 and later; undefined for code that belongs to no line. */
  readonly line: number | undefined;
}

/** Lines by offset; every lookup is a binary search, O(log n). */
export class LineTable {
  readonly #starts: readonly number[];
  readonly #lines: readonly (number | undefined)[];
  readonly #end: number;

  private constructor(starts: readonly number[], lines: readonly (number | undefined)[], end: number) {
    this.#starts = starts;
    this.#lines = lines;
    this.#end = end;
  }

  /** Joins ranges that follow each other (`size` in bytes): empty ones are dropped, neighbours of one line become one. */
  static of(ranges: Iterable<{ readonly size: number; readonly line: number | undefined }>): LineTable {
    const starts: number[] = [];
    const lines: (number | undefined)[] = [];
    let end = 0;
    for (const { size, line } of ranges) {
      if (size > 0 && (starts.length === 0 || lines.at(-1) !== line)) {
        starts.push(end);
        lines.push(line);
      }
      end += size;
    }
    return new LineTable(starts, lines, end);
  }

  get length(): number {
    return this.#starts.length;
  }

  /** The same entries in the same order as CPython's `co_lines()`. */
  *entries(): Generator<LineEntry> {
    for (let index = 0; index < this.#starts.length; index++) yield this.#entry(index);
  }

  /** The entry that covers `offset`; undefined beyond the end of the code. */
  entryForOffset(offset: ByteOffset): LineEntry | undefined {
    const index = offset < this.#end ? lastAtMost(this.#starts, offset) : -1;
    return index < 0 ? undefined : this.#entry(index);
  }

  /** Undefined where the code belongs to no line. */
  lineForOffset(offset: ByteOffset): number | undefined {
    return offset < this.#end ? this.#lines[lastAtMost(this.#starts, offset)] : undefined;
  }

  /** Lines that hold code, ascending, each once. */
  lines(): readonly number[] {
    const lines = new Set<number>();
    for (const line of this.#lines) if (line !== undefined && line > 0) lines.add(line);
    return [...lines].toSorted((a, b) => a - b);
  }

  #entry(index: number): LineEntry {
    return {
      start: brand<ByteOffset>(this.#starts[index] ?? 0),
      end: brand<ByteOffset>(this.#starts[index + 1] ?? this.#end),
      line: this.#lines[index],
    };
  }
}
