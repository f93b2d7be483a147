// The tail files (FORMAT.md, section 7): the blocks that the recorded process has not sealed yet. The process may be
// writing them at this moment, so a header is read before and after the contents and must not have moved on.
import type { ByteSource } from "./byteSource.ts";
import { Cursor } from "./cursor.ts";
import { MAX_RAW_LENGTH, TAIL_HEADER_LENGTH, TAIL_MAGIC } from "./format.ts";

interface TailHeader {
  /** 32 hex digits, as META has it. */
  readonly recording: string;
  readonly seq: number;
  readonly block: number;
  /** Which part the block will be in. */
  readonly part: number;
  readonly firstStep: number;
  readonly keyframeLength: number;
  readonly eventsLength: number;
}

export interface Tail extends Omit<TailHeader, "keyframeLength" | "eventsLength"> {
  readonly keyframe: Uint8Array;
  readonly events: Uint8Array;
  /** Whether these are all events of the block: the program goes on in a later one. */
  readonly isWhole: boolean;
}

/** Those of the tails that can be read at this moment, by their blocks' numbers. */
export function readTails(sources: readonly ByteSource[]): Tail[] {
  const headers = sources.map((source) => readHeader(source));
  function hasLater(header: TailHeader): boolean {
    return headers.some((other) => other?.recording === header.recording && other.block > header.block);
  }
  const tails = sources.flatMap((source, place) => {
    const header = headers[place];
    if (header === undefined) return [];
    const isWhole = hasLater(header);
    // Once a later block has begun, the header's length is the last one; before that it may have grown.
    const now = isWhole ? readHeader(source) : header;
    return now?.block === header.block ? (readContents(source, now, isWhole) ?? []) : [];
  });
  return tails.toSorted((a, b) => a.block - b.block);
}

/** Undefined when there is no whole tail to be read at this moment. */
function readContents(source: ByteSource, before: TailHeader, isWhole: boolean): Tail | undefined {
  const { recording, seq, block, part, firstStep, keyframeLength, eventsLength } = before;
  const length = keyframeLength + eventsLength;
  if (length > MAX_RAW_LENGTH) return undefined;
  const contents = source.read(TAIL_HEADER_LENGTH, length);
  const after = readHeader(source);
  if (contents.length < length || after === undefined) return undefined;
  const isSame =
    after.recording === recording &&
    after.seq === seq &&
    after.block === block &&
    after.part === part &&
    after.keyframeLength === keyframeLength &&
    after.eventsLength >= eventsLength;
  if (!isSame) return undefined;
  return {
    recording,
    seq,
    block,
    part,
    firstStep,
    keyframe: contents.subarray(0, keyframeLength),
    events: contents.subarray(keyframeLength),
    isWhole,
  };
}

function readHeader(source: ByteSource): TailHeader | undefined {
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
