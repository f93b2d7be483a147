// Blocks seen in two ways: their frames as `BlockFrames` finds them and as a plain replay has them; their objects when the
// block is decoded whole and when it is decoded for them alone.
import { isDeepStrictEqual } from "node:util";
import type { Block } from "../../src/recording/block.ts";
import { BlockFrames, type LiveFrame } from "../../src/recording/blockFrames.ts";
import { ObjectBlock } from "../../src/recording/objectBlock.ts";
import type { Recording } from "../../src/recording/recording.ts";
import { OP_DROPPED, OP_FRAME, OP_UNKNOWN } from "../../src/wire/format.ts";
import { UNBOUND_REF } from "../../src/wire/keyframe.ts";
import { isListEvent, isObjectEvent, ObjectScanner } from "../../src/wire/objectScan.ts";
import { FrameReplay, type ReplayedFrame } from "./frameReplay.ts";

/** Everything that is said of a frame; of variables, of those that its code has. */
function plain(recording: Recording, live: LiveFrame | ReplayedFrame | undefined): unknown {
  if (live === undefined) return undefined;
  const { frame, code, globals, mapping, isGenerator, offset, line1 } = live;
  const count = recording.slotCount(code) ?? 0;
  const slots = Array.from({ length: count }, (_, slot) => live.slots[slot] ?? UNBOUND_REF);
  const written = Array.from({ length: count }, (_, slot) => live.written[slot] ?? 0);
  return { frame, code, globals, mapping, isGenerator, offset, line1, slots, written };
}

/** Frames that a row, or one of the few before it, is about, and some of the keyframe. */
function framesAround({ events, keyframe }: Block, row: number): readonly number[] {
  const frames = new Set(
    keyframe.threads.flatMap(({ frames: records }) => records.slice(-2).map(({ frame }) => frame)),
  );
  for (let at = Math.max(0, row - 12); at <= row; at++) {
    const opcode = events.kind[at] ?? 0;
    if (opcode <= OP_FRAME || opcode === OP_DROPPED) frames.add(events.subject[at] ?? 0);
  }
  return [...frames];
}

/** Differences at these rows, which come in any order. */
export function frameDifferences(recording: Recording, number: number, rows: readonly number[]): string[] {
  const block = recording.block(number);
  const replay = new FrameReplay(block, (thread) => recording.threadIndex(thread));
  const frames = new BlockFrames(block, recording);
  const threads = recording.threads.map((_, threadIndex) => threadIndex);
  const found: string[] = [];
  function shown(live: LiveFrame | ReplayedFrame | undefined): unknown {
    return plain(recording, live);
  }
  for (const row of rows) {
    replay.moveTo(row);
    for (const threadIndex of threads) {
      const [known, seen] = [replay.stack(threadIndex).map(shown), frames.stack(row, threadIndex).map(shown)];
      if (!isDeepStrictEqual(known, seen)) found.push(`block ${number}, row ${row}: stack of ${threadIndex}`);
    }
    for (const frame of framesAround(block, row)) {
      const isSame =
        isDeepStrictEqual(shown(replay.frame(frame)), shown(frames.frame(row, frame))) &&
        replay.isRunning(frame) === frames.isRunning(row, frame);
      if (!isSame) found.push(`block ${number}, row ${row}: frame ${frame}`);
    }
  }
  return found;
}

/** The objects that events of a block are about. */
function objectsOf({ events }: Block): ReadonlySet<number> {
  const objects = new Set<number>();
  for (let row = 0; row < events.count; row++) {
    const opcode = events.kind[row] ?? 0;
    if (isObjectEvent(opcode) && !isListEvent(opcode)) objects.add(events.subject[row] ?? 0);
  }
  return objects;
}

/** What is said of an object, row by row. */
function objectRows(block: Block | ObjectBlock, object: number): unknown {
  return block
    .rowsOfObject(object)
    .map((row) => [row, block.kindOf(row), block.whyOf(row), block.operands(row).pos, block.stepOfRow(row)]);
}

export function objectDifferences(recording: Recording, number: number): string[] {
  const block = recording.block(number);
  const alone = new ObjectBlock(block, block.payload, block.origin, new ObjectScanner(recording.objectKinds));
  const found = isDeepStrictEqual(block.strings, alone.strings) ? [] : [`block ${number}: strings`];
  for (const object of [...objectsOf(block)].filter((_, place) => place % 5 === number % 5)) {
    if (!isDeepStrictEqual(objectRows(block, object), objectRows(alone, object)))
      found.push(`block ${number}: object ${object}`);
    // The naive way to the same rows.
    const rows = rowsAbout(block, object);
    if (!isDeepStrictEqual([...block.rowsOfObject(object)], rows)) found.push(`block ${number}: rows of ${object}`);
  }
  return found;
}

function rowsAbout(block: Block, object: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < block.events.count; row++) {
    const opcode = block.events.kind[row] ?? 0;
    if (!isObjectEvent(opcode)) continue;
    const isAbout = isListEvent(opcode) ? namesIn(block, row).includes(object) : block.events.subject[row] === object;
    if (isAbout) rows.push(row);
  }
  return rows;
}

/** The objects of an UNKNOWN, whose reason comes first, or of a DEAD. */
function namesIn(block: Block, row: number): number[] {
  const cursor = block.operands(row);
  if (block.events.kind[row] === OP_UNKNOWN) cursor.u8();
  return Array.from({ length: cursor.count() }, () => cursor.serial());
}
