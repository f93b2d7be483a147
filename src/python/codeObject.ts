// What is known of one code object? A wrapper over the fields of its CODE frame (FORMAT.md, section 3).
// Read-only; every table is decoded at most once, when it is first asked for.
import type { Brand } from "../base/brand.ts";
import type { CodeConstant } from "./codeConstant.ts";
import { codeKind, type CodeKind } from "./codeFlags.ts";
import { type CodeUnit, toByteOffset } from "./codeOffset.ts";
import { ExceptionTable } from "./exceptionTable.ts";
import { decodeLineTable310 } from "./lineTable310.ts";
import type { LineTable } from "./lineTable.ts";
import { decodeLnotab } from "./lnotab.ts";
import { LocationTable } from "./locationTable.ts";
import { instructionRange, type SourceRange, statementRange } from "./sourceRange.ts";

/** Dense id of a code object within one recording, from 1. */
export type CodeId = Brand<number, "CodeId">;

/** `lnotab` before 3.10, `lineTable310` on 3.10, `locations` from 3.11 on. */
export type LineTableForm = "lnotab" | "lineTable310" | "locations";

/** The fields as CPython has them (`co_…`), tables still encoded. */
export interface CodeObjectFields {
  readonly id: CodeId;
  readonly fileName: string;
  readonly qualifiedName: string;
  readonly name: string;
  readonly firstLine: number;
  /** Positional arguments, positional-only ones included; without `*args`. */
  readonly argumentCount: number;
  readonly positionalOnlyCount: number;
  readonly keywordOnlyCount: number;
  readonly flags: number;
  readonly variableNames: readonly string[];
  readonly cellNames: readonly string[];
  readonly freeNames: readonly string[];
  readonly names: readonly string[];
  readonly constants: readonly CodeConstant[];
  readonly lineTableForm: LineTableForm;
  readonly lineTable: Uint8Array;
  /** Empty before 3.11. */
  readonly exceptionTable: Uint8Array;
  /** Without instrumentation. */
  readonly bytecode: Uint8Array;
  /** 32 hex digits, equal for equal code. */
  readonly hash: string;
  /** Source id of its file's recorded text; 0 for none. */
  readonly source: number;
}

/** A variable of a frame: `cell` when inner functions share it, `free` when an outer function owns it. */
export interface Slot {
  readonly name: string;
  readonly kind: "local" | "cell" | "free";
}

/** Offsets are code units, as in a recording. Methods throw `WireError` when the table they need is malformed. */
export class CodeObjectWrapper {
  readonly fields: CodeObjectFields;
  #slots: readonly Slot[] | undefined;
  #lineTable: LineTable | undefined;
  #locationTable: LocationTable | undefined;
  #exceptionTable: ExceptionTable | undefined;

  constructor(fields: CodeObjectFields) {
    this.fields = fields;
  }

  get id(): CodeId {
    return this.fields.id;
  }

  get kind(): CodeKind {
    return codeKind(this.fields.flags);
  }

  /** Variables in the order of a frame's slots (FORMAT.md, section 3). */
  get slots(): readonly Slot[] {
    this.#slots ??= slotsOf(this.fields);
    return this.#slots;
  }

  get lineTable(): LineTable {
    this.#lineTable ??= this.#decodeLineTable();
    return this.#lineTable;
  }

  /** Undefined before 3.11, which has lines only. */
  get locationTable(): LocationTable | undefined {
    if (this.fields.lineTableForm !== "locations") return undefined;
    this.#locationTable ??= LocationTable.decode(this.fields.lineTable, this.fields.firstLine);
    return this.#locationTable;
  }

  /** Without entries before 3.11, where the bytecode itself sets up its handlers. */
  get exceptionTable(): ExceptionTable {
    this.#exceptionTable ??= ExceptionTable.decode(this.fields.exceptionTable);
    return this.#exceptionTable;
  }

  /** Undefined where the code belongs to no line. */
  lineForOffset(offset: CodeUnit): number | undefined {
    return this.lineTable.lineForOffset(toByteOffset(offset));
  }

  /** What a step at `offset` highlights, in the innermost frame; see `statementRange`. */
  statementRange(offset: CodeUnit): SourceRange | undefined {
    return statementRange(this.lineTable, this.locationTable, offset);
  }

  /** What a frame highlights that stands in the instruction at `offset`: a caller its call, a raise its expression. */
  instructionRange(offset: CodeUnit): SourceRange | undefined {
    return instructionRange(this.lineTable, this.locationTable, offset);
  }

  #decodeLineTable(): LineTable {
    const locations = this.locationTable;
    if (locations !== undefined) return locations.lineTable();
    const { lineTableForm, lineTable, firstLine, bytecode } = this.fields;
    return lineTableForm === "lnotab"
      ? decodeLnotab(lineTable, firstLine, bytecode.length)
      : decodeLineTable310(lineTable, firstLine);
  }
}

function slotsOf({ variableNames, cellNames, freeNames }: CodeObjectFields): readonly Slot[] {
  const variables = new Set(variableNames);
  const cells = new Set(cellNames);
  return [
    ...variableNames.map((name): Slot => ({ name, kind: cells.has(name) ? "cell" : "local" })),
    ...cellNames.filter((name) => !variables.has(name)).map((name): Slot => ({ name, kind: "cell" })),
    ...freeNames.map((name): Slot => ({ name, kind: "free" })),
  ];
}
