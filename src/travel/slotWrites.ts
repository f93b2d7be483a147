// Which event wrote a frame's variable last? A block's keyframe and its frame records name the step of each variable's
// last write, so that a search leaps from write to write, however much lies between.
import type { Block } from "../recording/block.ts";
import * as f from "../wire/format.ts";
import { type FrameRecord, readFrameRecord, UNBOUND_REF, type ValueRef, valueRef } from "../wire/keyframe.ts";
import { CHECKED_STRINGS, skipValue } from "../wire/value.ts";
import type { History } from "./history.ts";

/** `ref` is `UNBOUND_REF` for `del`. CALL writes the arguments. */
export interface SlotWrite {
  readonly event: number;
  readonly kind: "assigned" | "argument" | "deleted";
  readonly ref: ValueRef;
}

/** A write in the block; or the step1 of one before, as the block knows it; or nothing known. */
type Found =
  | { readonly kind: "write"; readonly write: SlotWrite }
  | { readonly kind: "earlier"; readonly step1: number }
  | { readonly kind: "nothing" };

/** The newest write of the slot before the event `before`; undefined when there was none. */
export function slotWriteBefore(history: History, frame: number, slot: number, before: number): SlotWrite | undefined {
  let limit = before;
  while (limit > 0) {
    const block = history.blockAt(limit - 1);
    const found = findInBlock(block, frame, slot, limit - block.firstEvent);
    if (found.kind === "write") return isNoArgument(found.write) ? undefined : found.write;
    const leapt = found.kind === "earlier" ? findInStep(history, frame, slot, found.step1 - 1, limit) : undefined;
    if (leapt !== undefined) return isNoArgument(leapt) ? undefined : leapt;
    limit = history.recording.history.firstEventOf(blockBefore(history, frame, block.number) + 1);
  }
  return undefined;
}

/** A frame begins with its variables unbound but for the arguments. */
function isNoArgument({ kind, ref }: SlotWrite): boolean {
  return kind === "argument" && ref === UNBOUND_REF;
}

/** The last block before `number` that knows the frame; -1 for none. */
function blockBefore(history: History, frame: number, number: number): number {
  const { frames, frameContents } = history.index;
  return Math.max(frames.lastAtMost(frame, number - 1), frameContents.lastAtMost(frame, number - 1));
}

/** The step's own events before `before`, which can reach into the next block; step -1 is all before the first step. */
function findInStep(
  history: History,
  frame: number,
  slot: number,
  step: number,
  before: number,
): SlotWrite | undefined {
  const line = history.lineEvent(step);
  // The end of a step that is not kept is before the first one that is.
  const end =
    history.lineEvent(step + 1) >= 0 || step < history.firstStep ? history.lineEvent(step + 1) : history.lastEvent + 1;
  let limit = Math.min(end, before);
  while (limit > Math.max(line, 0)) {
    const block = history.blockAt(limit - 1);
    const found = findInBlock(block, frame, slot, limit - block.firstEvent, line - block.firstEvent);
    if (found.kind === "write") return found.write;
    limit = block.firstEvent;
  }
  return undefined;
}

/** From the row before `end` back to the row `start`, and then to the keyframe. */
function findInBlock(block: Block, frame: number, slot: number, end: number, start = 0): Found {
  const { subject, count } = block.events;
  for (let row = Math.min(end, count) - 1; row >= Math.max(start, 0); row--) {
    if (subject[row] !== frame) continue;
    const found = findInRow(block, row, slot);
    if (found !== undefined) return found;
  }
  if (start > 0) return { kind: "nothing" };
  for (const { frames } of block.keyframe.threads) {
    const record = frames.find((entry) => entry.frame === frame);
    if (record !== undefined) return { kind: "earlier", step1: record.written[slot] ?? 0 };
  }
  return { kind: "nothing" };
}

function findInRow(block: Block, row: number, slot: number): Found | undefined {
  const cursor = block.operands(row);
  const event = block.firstEvent + row;
  switch (block.events.kind[row]) {
    case f.OP_WRITE:
      return cursor.uv() === slot ? written(event, refAt(block, cursor.pos)) : undefined;
    case f.OP_DELETE:
      return cursor.uv() === slot ? written(event, UNBOUND_REF) : undefined;
    case f.OP_WRITE_IN: {
      cursor.uv();
      return cursor.uv() === slot ? written(event, refAt(block, cursor.pos)) : undefined;
    }
    case f.OP_CALL:
      return { kind: "write", write: { event, kind: "argument", ref: argumentRef(block, row, slot) } };
    case f.OP_RESUME:
    case f.OP_THROW:
    case f.OP_FRAME: {
      const record = recordOf(block, row);
      return record === undefined ? undefined : { kind: "earlier", step1: record.written[slot] ?? 0 };
    }
    default:
      return undefined;
  }
}

function written(event: number, ref: ValueRef): Found {
  return { kind: "write", write: { event, kind: ref === UNBOUND_REF ? "deleted" : "assigned", ref } };
}

function argumentRef(block: Block, row: number, slot: number): ValueRef {
  const cursor = block.operands(row);
  for (let field = 0; field < 5; field++) cursor.uv();
  cursor.u8();
  const count = cursor.uv();
  if (slot >= count) return UNBOUND_REF;
  for (let skipped = 0; skipped < slot; skipped++) skipValue(cursor, CHECKED_STRINGS);
  return refAt(block, cursor.pos);
}

function refAt(block: Block, position: number): ValueRef {
  return block.payload[position] === f.TAG_UNBOUND ? UNBOUND_REF : valueRef(block.number, position);
}

/** The frame record of a RESUME, THROW or FRAME that has one. */
function recordOf(block: Block, row: number): FrameRecord | undefined {
  const cursor = block.operands(row);
  if (block.events.kind[row] !== f.OP_FRAME) {
    cursor.uv();
    cursor.uv();
    if (cursor.u8() === 0) return undefined;
  }
  return readFrameRecord(cursor, block.number, CHECKED_STRINGS);
}
