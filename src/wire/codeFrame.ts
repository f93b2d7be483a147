// CODE, SOURCE and META frames (FORMAT.md, sections 2 and 3).
import { brand } from "../base/brand.ts";
import type { CodeConstant } from "../python/codeConstant.ts";
import type { CodeId, CodeObjectFields, LineTableForm } from "../python/codeObject.ts";
import type { Cursor } from "./cursor.ts";
import { TAG_TEXT } from "./format.ts";
import { readValue, type Value, type ValueContext } from "./value.ts";

const LINE_TABLE_FORMS: readonly (LineTableForm | undefined)[] = [undefined, "lnotab", "lineTable310", "locations"];

/** Throws WireError when the frame is malformed. */
export function readCode(cursor: Cursor): CodeObjectFields {
  const id = brand<CodeId>(cursor.serial());
  const fileName = cursor.text();
  const qualifiedName = cursor.text();
  const name = cursor.text();
  const firstLine = cursor.sv();
  const [argumentCount, positionalOnlyCount, keywordOnlyCount, flags] = [
    cursor.uv(),
    cursor.uv(),
    cursor.uv(),
    cursor.uv(),
  ];
  const [variableNames, cellNames, freeNames, names] = [cursor.texts(), cursor.texts(), cursor.texts(), cursor.texts()];
  const constants = Array.from({ length: cursor.count() }, () => readConstant(cursor));
  const lineTableForm = LINE_TABLE_FORMS[cursor.u8()];
  if (lineTableForm === undefined) throw cursor.error("has a line table of an unknown kind");
  const lineTable = cursor.slice(cursor.uv());
  const exceptionTable = cursor.slice(cursor.uv());
  const bytecode = cursor.slice(cursor.uv());
  const hash = Array.from(cursor.slice(16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const source = cursor.uv();
  return {
    id,
    fileName,
    qualifiedName,
    name,
    firstLine,
    argumentCount,
    positionalOnlyCount,
    keywordOnlyCount,
    flags,
    variableNames,
    cellNames,
    freeNames,
    names,
    constants,
    lineTableForm,
    lineTable,
    exceptionTable,
    bytecode,
    hash,
    source,
  };
}

const NO_CONTEXT: ValueContext = { strings: [], blob: () => undefined, sinceStep: 0 };

function readConstant(cursor: Cursor): CodeConstant {
  if (cursor.bytes[cursor.pos] === TAG_TEXT) {
    cursor.u8();
    return { kind: "other", type: cursor.text() };
  }
  return constantOf(readValue(cursor, NO_CONTEXT));
}

function constantOf(value: Value): CodeConstant {
  switch (value.kind) {
    case "none":
    case "bool":
    case "int":
    case "float":
    case "complex":
    case "ellipsis":
      return value;
    case "str":
      return { kind: "str", text: value.text, total: value.total };
    case "bytes":
      return { kind: "bytes", bytes: value.bytes, total: value.total };
    case "intCut":
      return { kind: "other", type: "int" };
    default:
      return { kind: "other", type: "object" };
  }
}

export interface SourceText {
  readonly id: number;
  readonly file: string;
  readonly text: string;
}

export function readSource(cursor: Cursor): SourceText {
  return { id: cursor.uv(), file: cursor.text(), text: cursor.text() };
}

/** What META says; anything missing or of another type is empty. */
export interface Meta {
  readonly recording: string;
  readonly python: string;
  readonly recorder: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly mainThread: number | undefined;
  /** Which part of the recording this file is, from 0; 0 in one that is not bounded. */
  readonly part: number;
  /** Bytes that the recording may take; 0: no limit. */
  readonly maxRecordingSize: number;
  /** Steps and blocks before this part. */
  readonly firstStep: number;
  readonly firstBlock: number;
  /** Lowest numbers of the frames and objects that are new in this part. */
  readonly firstFrame: number;
  readonly firstObject: number;
}

export const EMPTY_META: Meta = {
  recording: "",
  python: "",
  recorder: "",
  argv: [],
  cwd: "",
  mainThread: undefined,
  part: 0,
  maxRecordingSize: 0,
  firstStep: 0,
  firstBlock: 0,
  firstFrame: 0,
  firstObject: 0,
};

/** Throws WireError when the frame is no JSON object. */
export function readMeta(cursor: Cursor): Meta {
  const keys = parseObject(cursor);
  const argv = keys.get("argv");
  const mainThread = keys.get("mainThread");
  return {
    recording: textOf(keys.get("recording")),
    python: textOf(keys.get("python")),
    recorder: textOf(keys.get("recorder")),
    argv: Array.isArray(argv) ? argv.map(textOf) : [],
    cwd: textOf(keys.get("cwd")),
    mainThread: typeof mainThread === "number" ? mainThread : undefined,
    part: countOf(keys.get("part")),
    maxRecordingSize: countOf(keys.get("maxRecordingSize")),
    firstStep: countOf(keys.get("firstStep")),
    firstBlock: countOf(keys.get("firstBlock")),
    firstFrame: countOf(keys.get("firstFrame")),
    firstObject: countOf(keys.get("firstObject")),
  };
}

function parseObject(cursor: Cursor): ReadonlyMap<string, unknown> {
  const bytes = cursor.slice(cursor.remaining);
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof parsed === "object" && parsed !== null) return new Map(Object.entries(parsed));
  } catch {
    // The error below says it.
  }
  throw cursor.error("holds no description of the recording");
}

function countOf(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
