// At which steps of a line does a condition about scalars hold? One pass over a block's columns: what a variable holds
// changes where it is written, and only that is read.
import { brand } from "../../base/brand.ts";
import type { CodeId } from "../../python/codeObject.ts";
import type { Block } from "../../recording/block.ts";
import * as f from "../../wire/format.ts";
import { blockOfRef, positionOfRef, UNBOUND_REF, type ValueRef } from "../../wire/keyframe.ts";
import { valueAt } from "../../recording/values.ts";
import { Cursor } from "../../wire/cursor.ts";
import { readString } from "../../wire/value.ts";
import type { History } from "../history.ts";
import type { Scalar, ScalarTest } from "./scalarTest.ts";

/** A step on the line; `holds` is undefined where the scalars cannot tell. Those where it is false are left out. */
export interface ScannedStep {
  readonly row: number;
  readonly holds: true | undefined;
}

interface Scanned {
  /** Slots of the names that the test asks for; -1 for a name that is no variable of the frame. */
  readonly slots: readonly number[];
  readonly scalars: Scalar[];
}

export function scanScalars(
  history: History,
  block: Block,
  keys: ReadonlySet<number>,
  test: ScalarTest,
): readonly ScannedStep[] {
  const { kind, subject, detail, count } = block.events;
  const frames = new Map<number, Scanned>();
  const steps: ScannedStep[] = [];
  let lastFrame = -1;
  let last: Scanned | undefined;
  for (let row = 0; row < count; row++) {
    const opcode = kind[row] ?? 0;
    if (opcode === f.OP_LINE_AT) {
      if (!keys.has(detail[row] ?? 0)) continue;
      const frame = subject[row] ?? 0;
      if (frame !== lastFrame || last === undefined) {
        last = frames.get(frame) ?? beginsAt(history, block, row, frame, test);
        frames.set(frame, last);
        lastFrame = frame;
      }
      const holds = test.holds(last.scalars);
      if (holds !== false) steps.push({ row, holds });
    } else if (opcode === f.OP_WRITE || opcode === f.OP_DELETE || opcode === f.OP_WRITE_IN) {
      const frame = subject[row] ?? 0;
      const written = frame === lastFrame ? last : frames.get(frame);
      if (written !== undefined) write(block, row, opcode, written);
    }
  }
  return steps;
}

/** Hot: reads a slot of one byte, as nearly all are, where it stands. */
function write({ payload, events }: Block, row: number, opcode: number, { slots, scalars }: Scanned): void {
  let at = (events.at[row] ?? 0) + 1;
  if (opcode === f.OP_WRITE_IN) at = afterNumber(payload, at);
  const first = payload[at] ?? 0;
  const slot = first < 0x80 ? first : unsigned(payload, at);
  const place = slots.indexOf(slot);
  if (place < 0) return;
  const scalar = opcode === f.OP_DELETE ? undefined : scalarIn(payload, afterNumber(payload, at), events.strings);
  for (let same = place; same >= 0; same = slots.indexOf(slot, same + 1)) scalars[same] = scalar;
}

/** Position after an unsigned varint. */
function afterNumber(bytes: Uint8Array, position: number): number {
  let at = position;
  while ((bytes[at] ?? 0) >= 0x80) at++;
  return at + 1;
}

function unsigned(bytes: Uint8Array, position: number): number {
  let number = 0;
  let scale = 1;
  for (let at = position; ; at++) {
    const byte = bytes[at] ?? 0;
    number += (byte & 0x7f) * scale;
    if (byte < 0x80) return number;
    scale *= 128;
  }
}

/** What a frame's variables hold at its first step on the line in a block. */
function beginsAt(history: History, block: Block, row: number, frame: number, test: ScalarTest): Scanned {
  const live = history.liveFrame(block.firstEvent + row, frame);
  const code = live === undefined ? undefined : history.recording.registry.get(brand<CodeId>(live.code));
  // The names of a module or a class body are in no slots.
  if (live === undefined || code === undefined || live.mapping !== 0)
    return { slots: [], scalars: test.names.map(() => undefined) };
  const slots = test.names.map((name) => code.slots.findIndex((slot) => slot.name === name));
  return { slots, scalars: slots.map((slot) => scalarAt(history, live.slots[slot] ?? UNBOUND_REF)) };
}

function scalarAt(history: History, ref: ValueRef): Scalar {
  if (ref === UNBOUND_REF) return undefined;
  const { recording } = history;
  const [number, position] = [blockOfRef(ref), positionOfRef(ref)];
  const payload = recording.payloadAround(number, position);
  if (payload[position] !== f.TAG_STR) return scalarIn(payload, position, []);
  const value = valueAt(recording, ref, undefined);
  return value.kind === "str" ? value.text : undefined;
}

/** A number that is exact in JavaScript, a truth value, a text or None; undefined for every other value. */
function scalarIn(bytes: Uint8Array, position: number, strings: ArrayLike<number>): Scalar {
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
      const low = (first & 0x7e) / 2;
      const magnitude = first < 0x80 ? low : low + unsigned(bytes, position + 2) * 0x40;
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
