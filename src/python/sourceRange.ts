// Which part of the source does a frame highlight?
import { type CodeUnit, toByteOffset, toCodeUnit } from "./codeOffset.ts";
import type { LineTable } from "./lineTable.ts";
import type { CodePosition, LocationTable } from "./locationTable.ts";

/** Lines one-based, columns zero-based UTF-8 byte offsets; without columns the range is its whole lines. */
export interface SourceRange {
  readonly line: number;
  readonly endLine: number;
  readonly column: number | undefined;
  readonly endColumn: number | undefined;
}

/**
 * What a step at `offset` is about to run: the smallest range that covers every position of the instructions that
 * follow each other on the step's line, around `offset`.
 *
 * It always starts on the step's own line. For a statement on one line it is the statement (two on one line, with a
 * semicolon, are one step and one range). Of a call spread over lines, each step shows the part that this step runs:
 * first the function and what stands beside it, then each argument's line, and last, with the call instruction, all of
 * it. A compound statement reaches to the end of its block where CPython's own positions do: `def`, `class`, `try`,
 * `except`, and before 3.12 `for` and `with`; of the others it is the header's expression.
 * Empty positions (the start of a function) and instructions without columns do not count where others have some.
 * Undefined where the code belongs to no line.
 */
export function statementRange(
  lines: LineTable,
  locations: LocationTable | undefined,
  offset: CodeUnit,
): SourceRange | undefined {
  const run = lines.runForOffset(toByteOffset(offset));
  if (run?.line === undefined) return undefined;
  const positions = locations?.positionsBetween(toCodeUnit(run.start), toCodeUnit(run.end)) ?? [];
  let cover: ColumnRange | undefined;
  for (const position of positions) {
    const range = rangeOf(position);
    if (range !== undefined && !isEmpty(range)) cover = cover === undefined ? range : union(cover, range);
  }
  return cover ?? wholeLine(run.line);
}

/** The expression of the one instruction at `offset`, as a traceback underlines it; its line where no columns are known. */
export function instructionRange(
  lines: LineTable,
  locations: LocationTable | undefined,
  offset: CodeUnit,
): SourceRange | undefined {
  const line = lines.lineForOffset(toByteOffset(offset));
  if (line === undefined) return undefined;
  const position = locations?.positionForOffset(offset);
  return (position === undefined ? undefined : rangeOf(position)) ?? wholeLine(line);
}

interface ColumnRange extends SourceRange {
  readonly column: number;
  readonly endColumn: number;
}

function rangeOf({ line, endLine, column, endColumn }: CodePosition): ColumnRange | undefined {
  if (line === undefined || column === undefined || endColumn === undefined) return undefined;
  return { line, endLine: endLine ?? line, column, endColumn };
}

function isEmpty(range: ColumnRange): boolean {
  return range.line === range.endLine && range.column === range.endColumn;
}

function union(a: ColumnRange, b: ColumnRange): ColumnRange {
  const start = a.line < b.line || (a.line === b.line && a.column <= b.column) ? a : b;
  const end = a.endLine > b.endLine || (a.endLine === b.endLine && a.endColumn >= b.endColumn) ? a : b;
  return { line: start.line, column: start.column, endLine: end.endLine, endColumn: end.endColumn };
}

function wholeLine(line: number): SourceRange {
  return { line, endLine: line, column: undefined, endColumn: undefined };
}
