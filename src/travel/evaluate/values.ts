// What can an expression's value be? Values that were recorded and values that were computed from them, in one union.
// A recorded object is made once per evaluation, so that identity here is identity there.
import type { ObjectView, Value } from "../timeTravel.ts";
import type { Items } from "./items.ts";
import type { DictTable, SetTable } from "./tables.ts";
import type { Parameters, Expression } from "./ast.ts";
import type { Scope } from "./scope.ts";

/** Number of a recorded object; 0 for one that the evaluation made. */
type Origin = number;

export interface PyInt {
  readonly kind: "int";
  readonly value: bigint;
}
export interface PyFloat {
  readonly kind: "float";
  readonly value: number;
}
export interface PyComplex {
  readonly kind: "complex";
  readonly real: number;
  readonly imaginary: number;
}
export interface PyStr {
  readonly kind: "str";
  readonly text: string;
}
export interface PyBytes {
  readonly kind: "bytes";
  readonly bytes: Uint8Array;
}
export interface PyByteArray {
  readonly kind: "bytearray";
  readonly bytes: Uint8Array;
  readonly total: number;
  readonly object: Origin;
}
export interface PySequence {
  readonly kind: "list" | "tuple" | "deque";
  readonly items: Items;
  readonly object: Origin;
}
export interface PyDict {
  readonly kind: "dict";
  readonly table: DictTable;
  /** `dict`, or a dict of the standard library that is looked into the same way. */
  readonly type: string;
  readonly object: Origin;
}
export interface PySet {
  readonly kind: "set" | "frozenset";
  readonly table: SetTable;
  /** False for a set that the evaluation made: the order of its elements is not known. */
  readonly isOrdered: boolean;
  readonly object: Origin;
}
export interface PyRange {
  readonly kind: "range";
  readonly start: bigint;
  readonly stop: bigint;
  readonly step: bigint;
  readonly object: Origin;
}
export interface PySlice {
  readonly kind: "slice";
  readonly start: Py;
  readonly stop: Py;
  readonly step: Py;
  readonly object: Origin;
}
export interface PyDictView {
  readonly kind: "dictView";
  readonly of: "dict_keys" | "dict_values" | "dict_items";
  readonly dict: PyDict;
}
/** An iterator that the evaluation made; `next` gives undefined at its end. */
export interface PyIterator {
  readonly kind: "iterator";
  readonly type: string;
  readonly next: () => Py | undefined;
}
/** A builtin type. */
export interface PyType {
  readonly kind: "type";
  readonly name: string;
}
/** A function of `builtins`. */
export interface PyBuiltin {
  readonly kind: "builtin";
  readonly name: string;
}
/** `'a'.upper`, `str.upper` (receiver undefined). */
export interface PyMethod {
  readonly kind: "method";
  readonly receiver: Py | undefined;
  readonly type: string;
  readonly name: string;
}
export interface PyLambda {
  readonly kind: "lambda";
  readonly parameters: Parameters;
  readonly fallbacks: ReadonlyMap<string, Py>;
  readonly body: Expression;
  readonly scope: Scope;
}
/** Anything else that was recorded: instances, modules, functions, classes of the program. */
export interface PyRecorded {
  readonly kind: "recorded";
  readonly object: Origin;
  readonly view: ObjectView;
}
/** A function of the program that was read through an object or a class: it can be shown, not called. */
export interface PyBound {
  readonly kind: "bound";
  readonly function: PyRecorded;
  readonly self: Py;
}
/** A value that can be named and shown, but not computed with. */
export interface PyUnknown {
  readonly kind: "unknown";
  readonly value: Value;
  readonly type: string;
  readonly reason: string;
}

export type Py =
  | { readonly kind: "none" }
  | { readonly kind: "ellipsis" }
  | { readonly kind: "notImplemented" }
  | { readonly kind: "bool"; readonly value: boolean }
  | PyInt
  | PyFloat
  | PyComplex
  | PyStr
  | PyBytes
  | PyByteArray
  | PySequence
  | PyDict
  | PySet
  | PyRange
  | PySlice
  | PyDictView
  | PyIterator
  | PyType
  | PyBuiltin
  | PyMethod
  | PyLambda
  | PyRecorded
  | PyBound
  | PyUnknown;

export const none: Py = { kind: "none" };
export const ellipsis: Py = { kind: "ellipsis" };
const truths = [
  { kind: "bool", value: false },
  { kind: "bool", value: true },
] as const satisfies readonly Py[];

export function bool(value: boolean): Py {
  return truths[value ? 1 : 0];
}

export function int(value: bigint | number): PyInt {
  return { kind: "int", value: BigInt(value) };
}

export function float(value: number): PyFloat {
  return { kind: "float", value };
}

export function complex(real: number, imaginary: number): PyComplex {
  return { kind: "complex", real, imaginary };
}

export function str(text: string): PyStr {
  return { kind: "str", text };
}

export function bytes(value: Uint8Array | readonly number[]): PyBytes {
  return { kind: "bytes", bytes: Uint8Array.from(value) };
}
