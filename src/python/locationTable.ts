// Where in the source does an instruction stand? `co_linetable` of 3.11 and later (PEP 657), decoded into columns.
//
//     first byte   1 kkkk nnn      kind k, the entry covers n + 1 code units
//     k  0..9      one more byte   same line, columns k * 8 + its bits 4..6, width in its low four bits
//     k 10..12     two more bytes  line + (k - 10), both columns
//     k 13         svarint         line, no columns
//     k 14         svarint, varint line, end line relative to it, then both columns plus one (0: none)
//     k 15                         no location at all
//
// See Objects/locations.md (InternalDocs/code_objects.md) in CPython. Columns are zero-based UTF-8 byte offsets.
import { lastAtMost } from "../base/bisect.ts";
import type { CodeUnit } from "./codeOffset.ts";
import { LineTable } from "./lineTable.ts";
import { TableReader } from "./tableVarint.ts";

/** One item of `co_positions()`: what CPython knows of one code unit, undefined for what it does not know. */
export interface CodePosition {
  readonly line: number | undefined;
  readonly endLine: number | undefined;
  readonly column: number | undefined;
  readonly endColumn: number | undefined;
}

const NO_POSITION: CodePosition = { line: undefined, endLine: undefined, column: undefined, endColumn: undefined };

const LAST_SHORT_FORM = 9;
const FIRST_ONE_LINE_FORM = 10;
const LAST_ONE_LINE_FORM = 12;
const NO_COLUMNS = 13;
const LONG_FORM = 14;

/** Columns of a position in the table: line, end line, column, end column; CPython too has -1 for "none". */
const WIDTH = 4;
const NONE = -1;
const MAX_LINE = 2 ** 31 - 1;

/** Positions by code unit; a lookup is a binary search, O(log n). */
export class LocationTable {
  readonly #starts: Uint32Array;
  readonly #columns: Int32Array;
  readonly #end: number;

  private constructor(starts: readonly number[], columns: readonly number[], end: number) {
    this.#starts = Uint32Array.from(starts);
    this.#columns = Int32Array.from(columns);
    this.#end = end;
  }

  /** Throws `WireError` when an entry does not start with its mark, is cut off, or is on a line that no C int holds. */
  static decode(bytes: Uint8Array, firstLine: number): LocationTable {
    const reader = new TableReader(bytes);
    const starts: number[] = [];
    const columns: number[] = [];
    let end = 0;
    let previousLine = firstLine;
    while (!reader.atEnd) {
      const head = reader.byte();
      if (head < 0x80) throw reader.error("an entry of a location table does not start with its mark");
      const { line, endLine, column, endColumn } = readPosition(reader, (head >> 3) & 0xf, previousLine);
      if (Math.abs(line ?? 0) > MAX_LINE || (endLine ?? 0) > MAX_LINE) throw reader.error("a line is too large");
      starts.push(end);
      columns.push(line ?? NONE, endLine ?? NONE, column ?? NONE, endColumn ?? NONE);
      end += (head & 7) + 1;
      previousLine = line ?? previousLine;
    }
    return new LocationTable(starts, columns, end);
  }

  /** Like CPython's `co_positions()`: one position for each code unit, caches included. */
  *positions(): Generator<CodePosition> {
    for (let index = 0; index < this.#starts.length; index++) {
      const position = this.#position(index);
      for (let unit = this.#units(index); unit > 0; unit--) yield position;
    }
  }

  /** Undefined beyond the end of the code. */
  positionForOffset(offset: CodeUnit): CodePosition | undefined {
    return offset < this.#end ? this.#position(lastAtMost(this.#starts, offset)) : undefined;
  }

  /** Positions of the entries that touch the code units from `start` up to, not including, `end`. */
  positionsBetween(start: CodeUnit, end: CodeUnit): readonly CodePosition[] {
    if (start >= this.#end || end <= start) return [];
    const first = lastAtMost(this.#starts, start);
    const last = lastAtMost(this.#starts, end - 1);
    return Array.from({ length: last - first + 1 }, (_, index) => this.#position(first + index));
  }

  /** `co_lines()`: the same table with the columns left out. */
  lineTable(): LineTable {
    return LineTable.of(this.#lineRanges());
  }

  *#lineRanges(): Generator<{ size: number; line: number | undefined }> {
    for (let index = 0; index < this.#starts.length; index++) {
      yield { size: this.#units(index) * 2, line: this.#column(index * WIDTH) };
    }
  }

  #units(index: number): number {
    return (this.#starts[index + 1] ?? this.#end) - (this.#starts[index] ?? 0);
  }

  #position(index: number): CodePosition {
    const at = index * WIDTH;
    return {
      line: this.#column(at),
      endLine: this.#column(at + 1),
      column: this.#column(at + 2),
      endColumn: this.#column(at + 3),
    };
  }

  #column(at: number): number | undefined {
    const value = this.#columns[at];
    return value === NONE ? undefined : value;
  }
}

function readPosition(reader: TableReader, kind: number, previousLine: number): CodePosition {
  if (kind <= LAST_SHORT_FORM) {
    const second = reader.byte();
    const column = (kind << 3) | (second >> 4);
    return { line: previousLine, endLine: previousLine, column, endColumn: column + (second & 0xf) };
  }
  if (kind <= LAST_ONE_LINE_FORM) {
    const line = previousLine + kind - FIRST_ONE_LINE_FORM;
    return { line, endLine: line, column: reader.byte(), endColumn: reader.byte() };
  }
  if (kind === NO_COLUMNS) {
    const line = previousLine + reader.signedVarint();
    return { ...NO_POSITION, line, endLine: line };
  }
  if (kind === LONG_FORM) {
    const line = previousLine + reader.signedVarint();
    return { line, endLine: line + reader.varint(), column: readColumn(reader), endColumn: readColumn(reader) };
  }
  return NO_POSITION;
}

function readColumn(reader: TableReader): number | undefined {
  const value = reader.varint();
  return value === 0 ? undefined : value - 1;
}
