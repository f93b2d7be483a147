// Which line does a bytecode offset belong to? The entries of a code object's table as sorted columns.
// Entries lie end to end from offset 0 and none is empty. Neighbours may have the same line: together they are a run.
import { lastAtMost } from "../base/bisect.ts";
import { brand } from "../base/brand.ts";
import type { ByteOffset } from "./codeOffset.ts";

/** Some bytecode of one line: the bytes from `start` up to, not including, `end`. */
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

  /** Lays ranges (`size` in bytes) end to end; empty ones are dropped. */
  static of(ranges: Iterable<{ readonly size: number; readonly line: number | undefined }>): LineTable {
    const starts: number[] = [];
    const lines: (number | undefined)[] = [];
    let end = 0;
    for (const { size, line } of ranges) {
      if (size === 0) continue;
      starts.push(end);
      lines.push(line);
      end += size;
    }
    return new LineTable(starts, lines, end);
  }

  /** One by one as the table has them: `co_lines()` of 3.10 and 3.11. */
  *entries(): Generator<LineEntry> {
    for (let index = 0; index < this.#starts.length; index++) yield this.#span(index, index);
  }

  /** Neighbours of one line joined: `co_lines()` of 3.12 and later. */
  *runs(): Generator<LineEntry> {
    for (let first = 0; first < this.#starts.length;) {
      const last = this.#lastOfRun(first);
      yield this.#span(first, last);
      first = last + 1;
    }
  }

  /** The run that covers `offset`; undefined beyond the end of the code. */
  runForOffset(offset: ByteOffset): LineEntry | undefined {
    if (offset >= this.#end) return undefined;
    const index = lastAtMost(this.#starts, offset);
    return this.#span(this.#firstOfRun(index), this.#lastOfRun(index));
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

  #firstOfRun(index: number): number {
    let first = index;
    while (first > 0 && this.#lines[first - 1] === this.#lines[index]) first--;
    return first;
  }

  #lastOfRun(index: number): number {
    let last = index;
    while (last + 1 < this.#lines.length && this.#lines[last + 1] === this.#lines[index]) last++;
    return last;
  }

  #span(first: number, last: number): LineEntry {
    return {
      start: brand<ByteOffset>(this.#starts[first] ?? 0),
      end: brand<ByteOffset>(this.#starts[last + 1] ?? this.#end),
      line: this.#lines[first],
    };
  }
}
