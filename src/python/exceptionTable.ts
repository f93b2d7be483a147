// Where does an exception go? `co_exceptiontable` of 3.11 and later: ranges of code units and their handlers.
// Four varints an entry (start, size, target, depth and lasti), most significant bits first; bit 0x80 marks the first
// byte of an entry. Entries are ascending and do not overlap: the compiler writes the innermost handler of each range.
// See Objects/exception_handling_notes.txt (InternalDocs/exception_handling.md) in CPython.
import { lastAtMost } from "../base/bisect.ts";
import { brand } from "../base/brand.ts";
import type { CodeUnit } from "./codeOffset.ts";
import { TableReader } from "./tableVarint.ts";

/** Exceptions in the code units from `start` up to, not including, `end` go on at `target`. */
export interface ExceptionEntry {
  readonly start: CodeUnit;
  readonly end: CodeUnit;
  readonly target: CodeUnit;
  /** Size of the value stack that the handler starts with. */
  readonly depth: number;
  /** True when the handler gets the offset of the raising instruction, to raise again as if from there. */
  readonly pushesLasti: boolean;
}

/** Handlers by offset; a lookup is a binary search, O(log n). */
export class ExceptionTable {
  readonly entries: readonly ExceptionEntry[];
  readonly #starts: readonly number[];

  private constructor(entries: readonly ExceptionEntry[]) {
    this.entries = entries;
    this.#starts = entries.map((entry) => entry.start);
  }

  /** Throws `WireError` when an entry is cut off, or starts before the end of the one before it. */
  static decode(bytes: Uint8Array): ExceptionTable {
    const reader = new TableReader(bytes);
    const entries: ExceptionEntry[] = [];
    while (!reader.atEnd) {
      const entry = readEntry(reader);
      if (entry.start < (entries.at(-1)?.end ?? 0)) throw reader.error("entries of an exception table overlap");
      entries.push(entry);
    }
    return new ExceptionTable(entries);
  }

  /** The entry whose handler takes an exception raised at `offset`; undefined when it leaves the frame. */
  handlerForOffset(offset: CodeUnit): ExceptionEntry | undefined {
    const entry = this.entries[lastAtMost(this.#starts, offset)];
    return entry !== undefined && offset < entry.end ? entry : undefined;
  }
}

function readEntry(reader: TableReader): ExceptionEntry {
  const start = reader.bigEndianVarint();
  const size = reader.bigEndianVarint();
  const target = reader.bigEndianVarint();
  const depthAndLasti = reader.bigEndianVarint();
  return {
    start: brand<CodeUnit>(start),
    end: brand<CodeUnit>(start + size),
    target: brand<CodeUnit>(target),
    depth: Math.floor(depthAndLasti / 2),
    pushesLasti: depthAndLasti % 2 === 1,
  };
}
