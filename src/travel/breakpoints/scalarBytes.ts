// Scalars where they stand in a block's bytes: read without making values of them (hot).
import type { Recording } from "../../recording/recording.ts";
import { valueAt } from "../../recording/values.ts";
import { Cursor } from "../../wire/cursor.ts";
import * as f from "../../wire/format.ts";
import { blockOfRef, positionOfRef, UNBOUND_REF, type ValueRef } from "../../wire/keyframe.ts";
import { readString } from "../../wire/value.ts";
import type { Scalar } from "./scalarTest.ts";

/** Position after an unsigned varint. */
export function afterNumber(bytes: Uint8Array, position: number): number {
  let at = position;
  while ((bytes[at] ?? 0) >= 0x80) at++;
  return at + 1;
}

export function unsigned(bytes: Uint8Array, position: number): number {
  let number = 0;
  let scale = 1;
  for (let at = position; ; at++) {
    const byte = bytes[at] ?? 0;
    number += (byte & 0x7f) * scale;
    if (byte < 0x80) return number;
    scale *= 128;
  }
}

/** A number that is exact in JavaScript, a truth value, a text or None; undefined for every other value. */
export function scalarIn(bytes: Uint8Array, position: number, strings: ArrayLike<number>): Scalar {
  switch (bytes[position]) {
    case f.TAG_NONE:
      return null;
    case f.TAG_FALSE:
      return false;
    case f.TAG_TRUE:
      return true;
    case f.TAG_INT: {
      // As `Cursor.sv`: the zigzag form of 2^52 and more does not fit a double.
      const first = bytes[position + 1] ?? 0;
      if (first < 0x80) return (first & 1) === 0 ? first >> 1 : -(first >> 1) - 1;
      const magnitude = (first & 0x7e) / 2 + unsigned(bytes, position + 2) * 0x40;
      return (first & 1) === 0 ? magnitude : -magnitude - 1;
    }
    case f.TAG_FLOAT:
      return new DataView(bytes.buffer, bytes.byteOffset + position + 1, 8).getFloat64(0, true);
    case f.TAG_STR:
      return readString(new Cursor(bytes, position + 1, bytes.length, 0), strings);
    default:
      return undefined;
  }
}

/** The same of a value anywhere in the recording. */
export function scalarAt(recording: Recording, ref: ValueRef): Scalar {
  if (ref === UNBOUND_REF) return undefined;
  const position = positionOfRef(ref);
  const payload = recording.payloadAround(blockOfRef(ref), position);
  if (payload[position] !== f.TAG_STR) return scalarIn(payload, position, []);
  const value = valueAt(recording, ref, undefined);
  return value.kind === "str" ? value.text : undefined;
}
