// The file header and the frames of a recording (FORMAT.md, sections 1 and 2): hopped by their lengths, each payload
// checked and inflated only when it is asked for.
import { UserError, WireError } from "../base/errors.ts";
import type { ByteSource, Codecs } from "./byteSource.ts";
import { Cursor } from "./cursor.ts";
import {
  CODEC_DEFLATE,
  CODEC_STORED,
  FILE_HEADER_LENGTH,
  FILE_MAGIC,
  FRAME_HEADER_LENGTH,
  FRAME_MAGIC,
  MAJOR_VERSION,
  MAX_RAW_LENGTH,
} from "./format.ts";

/** One frame's header. Payload offsets are bytes of the file. */
export interface FrameHeader {
  readonly kind: number;
  readonly codec: number;
  readonly seq: number;
  readonly storedLength: number;
  readonly rawLength: number;
  readonly crc: number;
  /** First step (BLOCK), id (CODE, SOURCE, BLOB), else 0. */
  readonly first: number;
  readonly steps: number;
  readonly events: number;
  /** Microseconds that the program waited for the writer before this block (BLOCK), else 0. */
  readonly waited: number;
  readonly offset: number;
  /** Where the next frame starts. */
  readonly end: number;
}

/** Numbers of the errors that a person can meet on opening a recording. */
export const OpenError = { notARecording: 1201, unknownVersion: 1202, damagedHeader: 1203 } as const;

/** Whether a file header starts at `offset`: another part of the recording follows. */
export function hasFileHeader(file: ByteSource, offset: number): boolean {
  const bytes = file.read(offset, FILE_MAGIC.length);
  return bytes.length === FILE_MAGIC.length && bytes.every((byte, index) => byte === FILE_MAGIC[index]);
}

/**
 * Checks the file header at `offset`. True when it is whole; false when the file ends inside it, which an interrupted recording can.
 * Throws UserError when the file is no recording, or of a version that is not known.
 */
export function checkFileHeader(file: ByteSource, codecs: Codecs, offset = 0): boolean {
  const header = file.read(offset, FILE_HEADER_LENGTH);
  const magic = header.subarray(0, FILE_MAGIC.length);
  if (magic.some((byte, index) => byte !== FILE_MAGIC[index])) {
    throw new UserError(
      OpenError.notARecording,
      "This file is not a Hindsight recording. Open a file that `python -m pytracer record` or a debug session made.",
    );
  }
  if (header.length < FILE_HEADER_LENGTH) return false;
  const cursor = new Cursor(header, FILE_MAGIC.length, FILE_HEADER_LENGTH, 0);
  const major = cursor.u8() + cursor.u8() * 256;
  const minor = cursor.u8() + cursor.u8() * 256;
  if (codecs.crc32(header.subarray(0, 12)) !== cursor.u32()) {
    throw new UserError(
      OpenError.damagedHeader,
      "The first bytes of this recording are damaged. Restore the file from where it came from, or record the program again.",
    );
  }
  if (major !== MAJOR_VERSION) {
    throw new UserError(
      OpenError.unknownVersion,
      `This recording has format version ${major}.${minor}; this Hindsight reads version ${MAJOR_VERSION}. ` +
        (major > MAJOR_VERSION ? "Update Hindsight to open it." : "Record the program again."),
    );
  }
  return true;
}

/** Frames that are small stand in one window: so many bytes are read at once. */
const WINDOW = 4096;

/** Headers one after the other. */
export class FrameHeaders {
  readonly #file: ByteSource;
  readonly #codecs: Codecs;
  #start = 0;
  #window: Uint8Array = new Uint8Array();

  constructor(file: ByteSource, codecs: Codecs) {
    this.#file = file;
    this.#codecs = codecs;
  }

  /** As `readFrameHeader`; the file may have grown since. */
  read(offset: number, size: number): FrameHeader | undefined {
    if (offset + FRAME_HEADER_LENGTH > size) return undefined;
    const isInside = offset >= this.#start && offset + FRAME_HEADER_LENGTH <= this.#start + this.#window.length;
    if (!isInside) {
      this.#start = offset;
      this.#window = this.#file.read(offset, WINDOW);
    }
    const at = offset - this.#start;
    return headerIn(this.#window.subarray(at, at + FRAME_HEADER_LENGTH), this.#codecs, offset, size);
  }
}

/** The header at `offset`; undefined when the file ends before the frame does. Throws WireError when it does not check. */
export function readFrameHeader(
  file: ByteSource,
  codecs: Codecs,
  offset: number,
  size: number,
): FrameHeader | undefined {
  if (offset + FRAME_HEADER_LENGTH > size) return undefined;
  return headerIn(file.read(offset, FRAME_HEADER_LENGTH), codecs, offset, size);
}

function headerIn(bytes: Uint8Array, codecs: Codecs, offset: number, size: number): FrameHeader | undefined {
  if (bytes.length < FRAME_HEADER_LENGTH) return undefined;
  const cursor = new Cursor(bytes, 0, FRAME_HEADER_LENGTH, offset);
  if (FRAME_MAGIC.some((byte) => byte !== cursor.u8())) throw cursor.error("does not start as a frame");
  const kind = cursor.u8();
  const codec = cursor.u8();
  cursor.skip(2);
  const seq = cursor.u32();
  const storedLength = cursor.u32();
  const rawLength = cursor.u32();
  const crc = cursor.u32();
  const low = cursor.u32();
  const first = cursor.u32() * 2 ** 32 + low;
  const steps = cursor.u32();
  const events = cursor.u32();
  const waited = cursor.u32();
  if (codecs.crc32(bytes.subarray(0, 44)) !== cursor.u32()) throw cursor.error("has a damaged header");
  if (rawLength > MAX_RAW_LENGTH || first > Number.MAX_SAFE_INTEGER)
    throw cursor.error("is larger than a frame can be");
  const end = offset + FRAME_HEADER_LENGTH + storedLength;
  if (end > size) return undefined;
  return { kind, codec, seq, storedLength, rawLength, crc, first, steps, events, waited, offset, end };
}

/** The frame's payload, checked and inflated. Throws WireError when it is damaged. */
export function readPayload(file: ByteSource, codecs: Codecs, frame: FrameHeader): Uint8Array {
  const stored = readStored(file, codecs, frame);
  // One byte is the least that the platform's cap can be.
  const raw = unpacked(stored, frame, () => codecs.inflate(stored, Math.max(frame.rawLength, 1)));
  if (raw.length !== frame.rawLength) throw new WireError("the frame's contents cannot be unpacked", frame.offset);
  return raw;
}

/** The same, of its first `length` bytes at least if there are so many. */
export function readPayloadStart(file: ByteSource, codecs: Codecs, frame: FrameHeader, length: number): Uint8Array {
  const stored = readStored(file, codecs, frame);
  return unpacked(stored, frame, () => codecs.inflateStart(stored, Math.min(length, frame.rawLength)));
}

function readStored(file: ByteSource, codecs: Codecs, frame: FrameHeader): Uint8Array {
  const stored = file.read(frame.offset + FRAME_HEADER_LENGTH, frame.storedLength);
  if (stored.length < frame.storedLength || codecs.crc32(stored) !== frame.crc) {
    throw new WireError("the frame's contents are damaged", frame.offset);
  }
  return stored;
}

function unpacked(stored: Uint8Array, frame: FrameHeader, inflate: () => Uint8Array): Uint8Array {
  if (frame.codec === CODEC_STORED) return stored;
  try {
    if (frame.codec === CODEC_DEFLATE) return inflate();
  } catch {
    // Said below, as for an unknown codec.
  }
  throw new WireError("the frame's contents cannot be unpacked", frame.offset);
}
