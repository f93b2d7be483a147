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

/** Positions by code unit; a lookup is a binary search, O(log n). */
export class LocationTable {
  readonly #starts: readonly number[];
  readonly #positions: readonly CodePosition[];
  readonly #end: number;

  private constructor(starts: readonly number[], positions: readonly CodePosition[], end: number) {
    this.#starts = starts;
    this.#positions = positions;
    this.#end = end;
  }

  /** Throws `WireError` when an entry does not start with its mark or is cut off. */
  static decode(bytes: Uint8Array, firstLine: number): LocationTable {
    const reader = new TableReader(bytes);
    const starts: number[] = [];
    const positions: CodePosition[] = [];
    let end = 0;
    let line = firstLine;
    while (!reader.atEnd) {
      const head = reader.byte();
      if (head < 0x80) throw reader.error("an entry of a location table does not start with its mark");
      const position = readPosition(reader, (head >> 3) & 0xf, line);
      starts.push(end);
      positions.push(position);
      end += (head & 7) + 1;
      line = position.line ?? line;
    }
    return new LocationTable(starts, positions, end);
  }

  /** Like CPython's `co_positions()`: one position for each code unit, caches included. */
  *positions(): Generator<CodePosition> {
    for (const { units, position } of this.#runs()) for (let unit = 0; unit < units; unit++) yield position;
  }

  /** Undefined beyond the end of the code. */
  positionForOffset(offset: CodeUnit): CodePosition | undefined {
    return offset < this.#end ? this.#positions[lastAtMost(this.#starts, offset)] : undefined;
  }

  /** Positions of the entries that touch the code units from `start` up to, not including, `end`. */
  positionsBetween(start: CodeUnit, end: CodeUnit): readonly CodePosition[] {
    if (start >= this.#end || end <= start) return [];
    return this.#positions.slice(lastAtMost(this.#starts, start), lastAtMost(this.#starts, end - 1) + 1);
  }

  /** `co_lines()`: the same table with the columns left out. */
  lineTable(): LineTable {
    return LineTable.of(this.#lineRanges());
  }

  *#lineRanges(): Generator<{ size: number; line: number | undefined }> {
    for (const { units, position } of this.#runs()) yield { size: units * 2, line: position.line };
  }

  *#runs(): Generator<{ units: number; position: CodePosition }> {
    for (const [index, position] of this.#positions.entries()) {
      yield { units: (this.#starts[index + 1] ?? this.#end) - (this.#starts[index] ?? 0), position };
    }
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
