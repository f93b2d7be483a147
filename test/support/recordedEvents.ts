// What happens in a recording, as plain objects: the builder encodes them, the naive replayer replays them.
import type { ObjectKind, Value } from "../../src/travel/timeTravel.ts";

/** A code object of a test: one code unit per entry of `lines`. Its tables have the form of Python 3.9. */
export interface TestCode {
  readonly id: number;
  readonly file: string;
  readonly name: string;
  readonly lines: readonly number[];
  readonly slots: readonly string[];
  readonly free: readonly string[];
  readonly source: number;
}

/** Contents of an object; parts that its kind does not have are left out. */
export interface TestContents {
  readonly items?: readonly Value[];
  readonly entries?: readonly (readonly [Value, Value])[];
  readonly itemsTotal?: number;
  readonly attributes?: readonly (readonly [string, Value])[];
  readonly attributesTotal?: number;
  readonly text?: string;
  readonly value?: Value;
  readonly bytes?: Uint8Array;
  readonly bytesTotal?: number;
  /** Of the object's class. */
  readonly cls?: number;
  readonly name?: string;
}

export type Entry = Value | readonly [Value, Value];

export type RecordedEvent =
  | { readonly op: "line"; readonly offset: number }
  | {
      readonly op: "call";
      readonly callerOffset: number;
      readonly frame: number;
      readonly code: number;
      readonly globals: number;
      readonly mapping: number;
      readonly isGenerator: boolean;
      readonly values: readonly Value[];
    }
  | { readonly op: "return" | "yield"; readonly offset: number; readonly value: Value }
  | { readonly op: "resume"; readonly callerOffset: number; readonly frame: number }
  | { readonly op: "throw"; readonly callerOffset: number; readonly frame: number; readonly value: Value }
  | { readonly op: "unwind"; readonly value: Value }
  | { readonly op: "raise"; readonly offset: number; readonly fromCall: boolean; readonly value: Value }
  | { readonly op: "handled"; readonly offset: number }
  | { readonly op: "write"; readonly slot: number; readonly value: Value }
  | { readonly op: "delete"; readonly slot: number }
  | { readonly op: "writeIn"; readonly frame: number; readonly slot: number; readonly value: Value }
  /** A suspended frame's contents anew: nothing changes. */
  | { readonly op: "frame"; readonly frame: number }
  | { readonly op: "thread"; readonly thread: number }
  | { readonly op: "threadStart"; readonly thread: number; readonly name: string }
  | { readonly op: "threadEnd"; readonly thread: number }
  | {
      readonly op: "new";
      readonly object: number;
      readonly kind: ObjectKind;
      readonly type: string;
      readonly contents: TestContents;
    }
  | { readonly op: "contents"; readonly object: number; readonly why: 0 | 1 | 2; readonly contents: TestContents }
  | { readonly op: "itemSet"; readonly object: number; readonly index: number; readonly value: Value }
  | { readonly op: "append"; readonly object: number; readonly entry: Entry }
  | {
      readonly op: "splice";
      readonly object: number;
      readonly start: number;
      readonly deleted: number;
      readonly inserted: readonly Entry[];
    }
  | { readonly op: "length"; readonly object: number; readonly total: number }
  | { readonly op: "attributeSet"; readonly object: number; readonly name: string; readonly value: Value }
  | { readonly op: "attributeDelete"; readonly object: number; readonly name: string }
  | {
      readonly op: "bytesSplice";
      readonly object: number;
      readonly start: number;
      readonly deleted: number;
      readonly inserted: Uint8Array;
    }
  | { readonly op: "type"; readonly object: number; readonly type: string }
  | { readonly op: "unknown"; readonly reason: number; readonly objects: readonly number[] }
  | { readonly op: "known"; readonly object: number }
  | { readonly op: "dead"; readonly objects: readonly number[] }
  | { readonly op: "output"; readonly stream: 1 | 2; readonly text: string }
  | { readonly op: "gap"; readonly reason: number; readonly text: string }
  | { readonly op: "end"; readonly uncaught: boolean; readonly exitCode: number; readonly value: Value }
  | { readonly op: "child"; readonly pid: number }
  | { readonly op: "evaluate"; readonly text: string }
  | { readonly op: "generator"; readonly object: number; readonly frame: number }
  | { readonly op: "dropped"; readonly frame: number }
  | { readonly op: "cellSet"; readonly object: number; readonly value: Value }
  | { readonly op: "class"; readonly object: number; readonly cls: number };

/** Value of a short decimal notation: tests read better. */
export function int(value: number | bigint): Value {
  return { kind: "int", value };
}

export function str(text: string): Value {
  return { kind: "str", text, total: Array.from(text).length, truncated: false };
}

export function object(serial: number): Value {
  return { kind: "object", object: serial };
}

export const NONE: Value = { kind: "none" };
export const UNBOUND: Value = { kind: "unbound" };
