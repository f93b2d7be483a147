// A block's keyframe (FORMAT.md, 4.1): the running frames as they stand before the block's first event, and frame
// records, which are the same in FRAME, RESUME and THROW events. Values stay where they are, as references.
import type { Cursor } from "./cursor.ts";
import { skipValue, type StringTable } from "./value.ts";

/** A value's place in the recording: block number times 2^26 plus its position in the block's payload. */
export type ValueRef = number;

const POSITIONS = 2 ** 26;
export const UNBOUND_REF: ValueRef = -1;

export function valueRef(block: number, position: number): ValueRef {
  return block * POSITIONS + position;
}

export function blockOfRef(ref: ValueRef): number {
  return Math.floor(ref / POSITIONS);
}

export function positionOfRef(ref: ValueRef): number {
  return ref % POSITIONS;
}

/** One frame. `slots` and `written` (step1 of the last write, 0: none) are parallel. */
export interface FrameRecord {
  readonly frame: number;
  readonly code: number;
  readonly offset: number;
  /** Step1 of its last LINE. */
  readonly line1: number;
  readonly globals: number;
  readonly mapping: number;
  readonly flags: number;
  readonly slots: readonly ValueRef[];
  readonly written: readonly number[];
}

export interface ThreadRecord {
  readonly thread: number;
  readonly name: string;
  /** Outermost first. */
  readonly frames: readonly FrameRecord[];
}

export interface Keyframe {
  readonly threads: readonly ThreadRecord[];
  /** 0 for none. */
  readonly current: number;
}

export const EMPTY_KEYFRAME: Keyframe = { threads: [], current: 0 };

/** `table` is undefined in a keyframe, where no string enters the block's table. */
export function skipFrameRecord(cursor: Cursor, table: StringTable | undefined): void {
  for (let field = 0; field < 6; field++) cursor.uv();
  cursor.u8();
  for (let left = cursor.count(2); left > 0; left--) {
    skipValue(cursor, table);
    cursor.uv();
  }
}

export function readFrameRecord(cursor: Cursor, block: number, table: StringTable | undefined): FrameRecord {
  const frame = cursor.serial();
  const code = cursor.serial();
  const offset = cursor.serial();
  const line1 = cursor.uv();
  const globals = cursor.serial();
  const mapping = cursor.serial();
  const flags = cursor.u8();
  const slots: ValueRef[] = [];
  const written: number[] = [];
  for (let left = cursor.count(2); left > 0; left--) {
    slots.push(valueRef(block, cursor.pos));
    skipValue(cursor, table);
    written.push(cursor.uv());
  }
  return { frame, code, offset, line1, globals, mapping, flags, slots, written };
}

/**
 * `previous` is asked only when a thread shares frames with the keyframe before, and once for all threads: it is read
 * from its own previous one in turn.
 */
export function readKeyframe(cursor: Cursor, block: number, previous: () => Keyframe): Keyframe {
  const threads: ThreadRecord[] = [];
  let before: Keyframe | undefined;
  for (let left = cursor.count(4); left > 0; left--) {
    const thread = cursor.uv();
    const name = cursor.text();
    const shared = cursor.uv();
    if (shared > 0) before ??= previous();
    const frames = before === undefined ? [] : sharedFrames(cursor, before, thread, shared);
    for (let more = cursor.count(8); more > 0; more--) frames.push(readFrameRecord(cursor, block, undefined));
    threads.push({ thread, name, frames });
  }
  return { threads, current: cursor.uv() };
}

function sharedFrames(cursor: Cursor, previous: Keyframe, thread: number, shared: number): FrameRecord[] {
  const frames = previous.threads.find((record) => record.thread === thread)?.frames ?? [];
  if (shared > frames.length) throw cursor.error("shares frames with a keyframe that does not hold them");
  return frames.slice(0, shared);
}
