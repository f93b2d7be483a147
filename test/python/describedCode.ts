// Compares our reading of a code object's tables with CPython's own, as test/support/codeTables.py prints it.
import { readdirSync } from "node:fs";
import path from "node:path";
import { brand } from "../../src/base/brand.ts";
import type { CodeId, CodeObjectFields, LineTableForm } from "../../src/python/codeObject.ts";
import { CodeObjectWrapper } from "../../src/python/codeObject.ts";
import type { ByteOffset, CodeUnit } from "../../src/python/codeOffset.ts";
import type { CodePosition } from "../../src/python/locationTable.ts";

export const SCRIPT = path.resolve("test/support/codeTables.py");
export const GOLDEN = path.resolve("test/golden/code");

/** The first line that the script prints. */
export interface Header {
  readonly python: string;
  readonly minor: number;
  readonly flags: ReadonlyMap<string, number>;
}

type Row = readonly (number | undefined)[];

/** One code object as CPython describes it. */
export interface DescribedCode {
  readonly code: CodeObjectWrapper;
  readonly minor: number;
  readonly name: string;
  readonly size: number;
  readonly lines: readonly Row[];
  /** Count, line, end line, column, end column. */
  readonly positions: readonly Row[];
  /** Start, end, target in bytes, depth, lasti as 0 or 1. */
  readonly handlers: readonly Row[];
  /** `f_lasti` and `f_lineno` of frames that were traced; empty for code that was not run. */
  readonly seen: readonly Row[];
}

/** The source programs that this minor version can compile: `_310` at the end of a name says from when on. */
export function sourcesFor(minor: number): readonly string[] {
  const folder = path.join(GOLDEN, "source");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".py") && Number(/_3(\d+)\.py$/.exec(name)?.[1] ?? 0) <= minor)
    .toSorted()
    .map((name) => path.join(folder, name));
}

export function parseHeader(text: string): Header {
  const record = parseRecord(text);
  return {
    python: string(record.get("python")),
    minor: number(record.get("minor")),
    flags: new Map(Object.entries(Object(record.get("flags"))).map(([name, value]) => [name, number(value)])),
  };
}

export function parseCode(text: string, minor: number): DescribedCode {
  const record = parseRecord(text);
  const name = string(record.get("name"));
  const size = number(record.get("size"));
  const [variableNames = [], cellNames = [], freeNames = []] = list(record.get("names")).map((one) =>
    list(one).map(string),
  );
  const code = new CodeObjectWrapper({
    ...EMPTY_FIELDS,
    name,
    qualifiedName: name,
    firstLine: number(record.get("firstLine")),
    flags: number(record.get("flags")),
    variableNames,
    cellNames,
    freeNames,
    lineTableForm: formOf(minor),
    lineTable: Buffer.from(string(record.get("table")), "base64"),
    exceptionTable: Buffer.from(string(record.get("exceptions")), "base64"),
    bytecode: new Uint8Array(size),
  });
  return {
    code,
    minor,
    name,
    size,
    lines: rows(record, "lines"),
    positions: rows(record, "positions"),
    handlers: rows(record, "handlers"),
    seen: record.has("seen") ? rows(record, "seen") : [],
  };
}

/** Each way in which we read the tables differently from CPython, as a sentence. */
export function differences(described: DescribedCode): string[] {
  return [...lineDifferences(described), ...positionDifferences(described), ...handlerDifferences(described)].map(
    (difference) => `${described.name}: ${difference}`,
  );
}

/** How many entries `differences` compares. */
export function entryCount({ lines, positions, handlers }: DescribedCode): number {
  return lines.length + positions.reduce((sum, [count]) => sum + (count ?? 0), 0) + handlers.length;
}

export const EMPTY_FIELDS: CodeObjectFields = {
  id: brand<CodeId>(1),
  fileName: "a.py",
  qualifiedName: "f",
  name: "f",
  firstLine: 1,
  argumentCount: 0,
  positionalOnlyCount: 0,
  keywordOnlyCount: 0,
  flags: 3,
  variableNames: [],
  cellNames: [],
  freeNames: [],
  names: [],
  constants: [],
  lineTableForm: "locations",
  lineTable: new Uint8Array(),
  exceptionTable: new Uint8Array(),
  bytecode: new Uint8Array(),
  hash: "",
  source: 0,
};

function* lineDifferences({ code, minor, lines, size }: DescribedCode): Generator<string> {
  // 3.9 has no co_lines(), 3.12 began to join neighbours.
  const joined = minor < 10 || minor >= 12;
  const entries = joined ? code.lineTable.runs() : code.lineTable.entries();
  const ours = [...entries].map(({ start, end, line }) => [start, end, line]);
  if (!same(ours, lines)) yield `co_lines: ${show(ours)} instead of ${show(lines)}`;
  for (const [start = 0, end = 0, line] of lines) {
    for (let offset = start; offset < end; offset += 2) {
      const found = code.lineTable.lineForOffset(brand<ByteOffset>(offset));
      if (found !== line) yield `line at byte ${offset}: ${found} instead of ${line}`;
      if (code.lineForOffset(brand<CodeUnit>(offset / 2)) !== line) yield `line at unit ${offset / 2}`;
      const run = code.lineTable.runForOffset(brand<ByteOffset>(offset));
      if (run === undefined || run.line !== line || run.start > start || run.end < end) yield `run at byte ${offset}`;
    }
  }
  if (code.lineForOffset(brand<CodeUnit>(size / 2)) !== undefined) yield "a line after the end";
}

function* positionDifferences({ code, positions, size }: DescribedCode): Generator<string> {
  const table = code.locationTable;
  if (table === undefined) return;
  const ours = [...table.positions()].map(row);
  const theirs = positions.flatMap(([count = 0, ...position]) => Array.from({ length: count }, () => position));
  if (!same(ours, theirs)) yield `co_positions: ${show(ours)} instead of ${show(theirs)}`;
  for (const [unit, position] of theirs.entries()) {
    const found = table.positionForOffset(brand<CodeUnit>(unit));
    if (found === undefined || !same([row(found)], [position])) yield `position at unit ${unit}`;
  }
  if (table.positionForOffset(brand<CodeUnit>(size / 2)) !== undefined) yield "a position after the end";
}

function* handlerDifferences({ code, handlers, size }: DescribedCode): Generator<string> {
  const ours = code.exceptionTable.entries.map((entry) => [
    entry.start * 2,
    entry.end * 2,
    entry.target * 2,
    entry.depth,
    Number(entry.pushesLasti),
  ]);
  if (!same(ours, handlers)) yield `exception table: ${show(ours)} instead of ${show(handlers)}`;
  for (let offset = 0; handlers.length > 0 && offset <= size; offset += 2) {
    const expected = handlers.find(([start = 0, end = 0]) => start <= offset && offset < end)?.[2];
    const found = code.exceptionTable.handlerForOffset(brand<CodeUnit>(offset / 2))?.target;
    if ((found === undefined ? undefined : found * 2) !== expected) yield `handler at byte ${offset}`;
  }
}

function row({ line, endLine, column, endColumn }: CodePosition): Row {
  return [line, endLine, column, endColumn];
}

function same(a: readonly Row[], b: readonly Row[]): boolean {
  return a.length === b.length && a.every((one, index) => sameRow(one, b[index]));
}

function sameRow(a: Row, b: Row | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((value, index) => value === b[index]);
}

function show(rows: readonly Row[]): string {
  return JSON.stringify(rows).slice(0, 2000);
}

function formOf(minor: number): LineTableForm {
  if (minor < 10) return "lnotab";
  return minor === 10 ? "lineTable310" : "locations";
}

function parseRecord(text: string): ReadonlyMap<string, unknown> {
  const value: unknown = JSON.parse(text);
  return new Map(Object.entries(Object(value)));
}

function rows(record: ReadonlyMap<string, unknown>, key: string): readonly Row[] {
  return list(record.get(key)).map((one) => list(one).map((cell) => (cell === null ? undefined : number(cell))));
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`not a list: ${String(value)}`);
  return value;
}

function number(value: unknown): number {
  if (typeof value !== "number" && typeof value !== "boolean") throw new TypeError(`not a number: ${String(value)}`);
  return Number(value);
}

function string(value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`not text: ${String(value)}`);
  return value;
}
