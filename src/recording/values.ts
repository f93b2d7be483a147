// From references to values: reads a value where it stands in its block.
import { Cursor } from "../wire/cursor.ts";
import { TAG_BLOB, TAG_NOT_RECORDED, TAG_STR } from "../wire/format.ts";
import { blockOfRef, positionOfRef, type ValueRef } from "../wire/keyframe.ts";
import { readValue, type Value } from "../wire/value.ts";
import type { Recording } from "./recording.ts";

const NO_STRINGS: readonly number[] = [];
const UNBOUND: Value = { kind: "unbound" };

/** `written` is the step of the value's last write where the caller knows it; a value that was not recorded names it. */
export function valueAt(recording: Recording, ref: ValueRef, written: number | undefined): Value {
  if (ref < 0) return UNBOUND;
  const number = blockOfRef(ref);
  const position = positionOfRef(ref);
  const payload = recording.payloadAround(number, position);
  const tag = payload[position];
  const needsStep = tag === TAG_NOT_RECORDED || tag === TAG_BLOB;
  const sinceStep = needsStep ? (written ?? stepOfPosition(recording, number, position)) : 0;
  const isInTable = tag === TAG_STR && position >= recording.keyframeEnd(number);
  const strings = isInTable ? recording.objectEvents(number).strings : NO_STRINGS;
  return readValue(new Cursor(payload, position, payload.length, 0), {
    strings,
    sinceStep,
    blob: (id) => recording.blob(id),
  });
}

function stepOfPosition(recording: Recording, number: number, position: number): number {
  const block = recording.block(number);
  return Math.max(block.stepOfRow(block.rowOfPosition(position)), 0);
}
