// The tail file (FORMAT.md, section 7): the block that the recorded process has not sealed yet. The process may be
// writing it at this moment, so the header is read before and after the contents and must not have moved on.
import type { ByteSource } from "./byteSource.ts";
import { Cursor } from "./cursor.ts";
import { MAX_RAW_LENGTH, TAIL_HEADER_LENGTH, TAIL_MAGIC } from "./format.ts";

export interface Tail {
  /** 32 hex digits, as META has it. */
  readonly recording: string;
  readonly seq: number;
  readonly block: number;
  /** Which part the block will be in. */
  readonly part: number;
  readonly firstStep: number;
  readonly keyframe: Uint8Array;
  readonly events: Uint8Array;
}

/** Undefined when there is no whole tail to be read at this moment. */
export function readTail(source: ByteSource): Tail | undefined {
  const before = readHeader(source);
  if (before === undefined) return undefined;
  const length = before.keyframeLength + before.eventsLength;
  if (length > MAX_RAW_LENGTH) return undefined;
  const contents = source.read(TAIL_HEADER_LENGTH, length);
  const after = readHeader(source);
  if (contents.length < length || after === undefined) return undefined;
  const isSame =
    after.recording === before.recording &&
    after.seq === before.seq &&
    after.block === before.block &&
    after.part === before.part &&
    after.keyframeLength === before.keyframeLength &&
    after.eventsLength >= before.eventsLength;
  if (!isSame) return undefined;
  const { recording, seq, block, part, firstStep, keyframeLength } = before;
  return {
    recording,
    seq,
    block,
    part,
    firstStep,
    keyframe: contents.subarray(0, keyframeLength),
    events: contents.subarray(keyframeLength),
  };
}

function readHeader(
  source: ByteSource,
): (Omit<Tail, "keyframe" | "events"> & { keyframeLength: number; eventsLength: number }) | undefined {
  const bytes = source.read(0, TAIL_HEADER_LENGTH);
  if (bytes.length < TAIL_HEADER_LENGTH || TAIL_MAGIC.some((byte, index) => byte !== bytes[index])) return undefined;
  const cursor = new Cursor(bytes, TAIL_MAGIC.length, TAIL_HEADER_LENGTH, 0);
  const recording = Array.from(cursor.slice(16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const seq = cursor.u32();
  cursor.skip(4);
  const low = cursor.u32();
  const firstStep = cursor.u32() * 2 ** 32 + low;
  const keyframeLength = cursor.u32();
  const eventsLength = cursor.u32();
  const block = cursor.u32();
  return { recording, seq, block, part: cursor.u32(), firstStep, keyframeLength, eventsLength };
}
