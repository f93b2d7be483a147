// Values of FORMAT.md, section 5: skipped in passing over a block, decoded when somebody looks at one.
import type { Cursor } from "./cursor.ts";
import {
  gapReason,
  MAX_TABLE_STRING,
  TAG_BIGINT,
  TAG_BLOB,
  TAG_BYTES,
  TAG_BYTES_CUT,
  TAG_COMPLEX,
  TAG_ELLIPSIS,
  TAG_FALSE,
  TAG_FLOAT,
  TAG_INT,
  TAG_INT_CUT,
  TAG_NONE,
  TAG_NOT_IMPLEMENTED,
  TAG_NOT_RECORDED,
  TAG_OBJECT,
  TAG_STR,
  TAG_STR_CUT,
  TAG_TEXT,
  TAG_TRUE,
  TAG_UNBOUND,
} from "./format.ts";
import { codePointLength, decodeText } from "./text.ts";

/** A value as Python would see it. Scalars have no identity; everything else is an object. */
export type Value =
  | { readonly kind: "unbound" }
  | { readonly kind: "none" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int"; readonly value: bigint | number }
  /** An int of which only the most significant bits were kept. */
  | { readonly kind: "intCut"; readonly negative: boolean; readonly bits: number; readonly top: bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "complex"; readonly real: number; readonly imaginary: number }
  /** `text` may hold lone surrogates; `total` is the length in code points. */
  | { readonly kind: "str"; readonly text: string; readonly total: number; readonly truncated: boolean }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly total: number; readonly truncated: boolean }
  | { readonly kind: "ellipsis" }
  | { readonly kind: "notImplemented" }
  | { readonly kind: "notRecorded"; readonly sinceStep: number; readonly reason: string }
  | { readonly kind: "object"; readonly object: number };

/** A long str or bytes in a frame of its own. */
export type Blob =
  | { readonly kind: "str"; readonly text: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array };

/** What a value may refer to. */
export interface ValueContext {
  /** Positions of the block's table strings, each at its `uv` length. */
  readonly strings: ArrayLike<number>;
  blob(id: number): Blob | undefined;
  /** Step at which a NOT_RECORDED value stands. */
  readonly sinceStep: number;
}

/** Positions of a block's table strings while they are collected. */
export interface StringTable {
  readonly length: number;
  push(position: number): void;
}

/** For a second reading: the table is complete and every reference into it was checked by the first one. */
export const CHECKED_STRINGS: StringTable = {
  length: Infinity,
  push() {
    // The first reading has put it into the table.
  },
};

/** Skips a `str`; one that enters the block's table is appended to `table` (undefined in a keyframe). */
export function skipString(cursor: Cursor, table: StringTable | undefined): void {
  const entry = cursor.uv();
  if (entry > 0) {
    if (entry > (table?.length ?? 0)) throw cursor.error("refers to a string that is not there");
    return;
  }
  const start = cursor.pos;
  const length = cursor.uv();
  if (length <= MAX_TABLE_STRING) table?.push(start);
  cursor.skip(length);
}

export function readString(cursor: Cursor, strings: ArrayLike<number>): string {
  const entry = cursor.uv();
  if (entry === 0) return cursor.text();
  const after = cursor.pos;
  const start = strings[entry - 1];
  if (start === undefined) throw cursor.error("refers to a string that is not there");
  cursor.pos = start;
  const text = cursor.text();
  cursor.pos = after;
  return text;
}

/** Skips one value (hot). */
export function skipValue(cursor: Cursor, table: StringTable | undefined): void {
  switch (cursor.u8()) {
    case TAG_UNBOUND:
    case TAG_NONE:
    case TAG_FALSE:
    case TAG_TRUE:
    case TAG_ELLIPSIS:
    case TAG_NOT_IMPLEMENTED:
      return;
    case TAG_INT:
      cursor.sv();
      return;
    case TAG_BLOB:
      cursor.uv();
      return;
    case TAG_OBJECT:
      cursor.serial();
      return;
    case TAG_STR:
      skipString(cursor, table);
      return;
    case TAG_FLOAT:
      cursor.skip(8);
      return;
    case TAG_COMPLEX:
      cursor.skip(16);
      return;
    case TAG_BIGINT:
      cursor.u8();
      cursor.skip(cursor.uv());
      return;
    case TAG_STR_CUT:
    case TAG_BYTES_CUT:
      cursor.uv();
      cursor.skip(cursor.uv());
      return;
    case TAG_BYTES:
    case TAG_TEXT:
      cursor.skip(cursor.uv());
      return;
    case TAG_NOT_RECORDED:
      cursor.u8();
      return;
    case TAG_INT_CUT:
      cursor.u8();
      cursor.uv();
      cursor.skip(cursor.uv());
      return;
    default:
      throw cursor.error("has a value of an unknown kind");
  }
}

export function readValue(cursor: Cursor, context: ValueContext): Value {
  switch (cursor.u8()) {
    case TAG_UNBOUND:
      return { kind: "unbound" };
    case TAG_NONE:
      return { kind: "none" };
    case TAG_FALSE:
      return { kind: "bool", value: false };
    case TAG_TRUE:
      return { kind: "bool", value: true };
    case TAG_INT:
      return { kind: "int", value: cursor.sv() };
    case TAG_BIGINT: {
      const negative = cursor.u8() === 1;
      const magnitude = readMagnitude(cursor.slice(cursor.uv()));
      return { kind: "int", value: negative ? -magnitude : magnitude };
    }
    case TAG_FLOAT:
      return { kind: "float", value: cursor.f64() };
    case TAG_COMPLEX:
      return { kind: "complex", real: cursor.f64(), imaginary: cursor.f64() };
    case TAG_STR:
      return wholeString(readString(cursor, context.strings));
    case TAG_STR_CUT: {
      const total = cursor.uv();
      return { kind: "str", text: cursor.text(), total, truncated: true };
    }
    case TAG_BYTES: {
      const bytes = cursor.slice(cursor.uv());
      return { kind: "bytes", bytes, total: bytes.length, truncated: false };
    }
    case TAG_BYTES_CUT: {
      const total = cursor.uv();
      return { kind: "bytes", bytes: cursor.slice(cursor.uv()), total, truncated: true };
    }
    case TAG_OBJECT:
      return { kind: "object", object: cursor.serial() };
    case TAG_ELLIPSIS:
      return { kind: "ellipsis" };
    case TAG_NOT_IMPLEMENTED:
      return { kind: "notImplemented" };
    case TAG_NOT_RECORDED:
      return { kind: "notRecorded", sinceStep: context.sinceStep, reason: gapReason(cursor.u8()) };
    case TAG_BLOB:
      return blobValue(context.blob(cursor.uv()), context.sinceStep);
    case TAG_INT_CUT: {
      const negative = cursor.u8() === 1;
      const bits = cursor.uv();
      return { kind: "intCut", negative, bits, top: readMagnitude(cursor.slice(cursor.uv())) };
    }
    default:
      throw cursor.error("has a value of an unknown kind");
  }
}

function blobValue(blob: Blob | undefined, sinceStep: number): Value {
  if (blob === undefined)
    return { kind: "notRecorded", sinceStep, reason: "the frame that holds the value is missing" };
  if (blob.kind === "str") return wholeString(blob.text);
  return { kind: "bytes", bytes: blob.bytes, total: blob.bytes.length, truncated: false };
}

function wholeString(text: string): Value {
  return { kind: "str", text, total: codePointLength(text), truncated: false };
}

/** Little-endian magnitude. */
function readMagnitude(bytes: Uint8Array): bigint {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  return digits.length === 0 ? 0n : BigInt(`0x${digits.toReversed().join("")}`);
}

/** A BLOB frame: its id is in the frame's header too. */
export function readBlob(cursor: Cursor): { readonly id: number; readonly blob: Blob } {
  const id = cursor.uv();
  const isText = cursor.u8() === 1;
  const bytes = cursor.slice(cursor.remaining);
  return { id, blob: isText ? { kind: "str", text: decodeText(bytes) } : { kind: "bytes", bytes } };
}
