// The index as it is kept beside a recording: derived, disposable, and not trusted. Its checksum, its version and what it
// says about the recording must be right; otherwise it counts as absent.
import { ColumnReader, ColumnWriter } from "../base/columnStream.ts";
import { WireError } from "../base/errors.ts";
import type { Codecs } from "../wire/byteSource.ts";
import type { History } from "./history.ts";

/** Raised with every change of what is kept, or of its order. */
const VERSION = 2;
const MAGIC = Uint8Array.of(0x89, 0x48, 0x53, 0x49, 0x44, 0x58, 0x0d, 0x0a);
/** Magic, u32 version, u32 checksum of all that follows. */
const HEADER_LENGTH = 16;
/** Columns are in the order of the machine's bytes, which this number tells. */
const ORDER = 0x01_02_03_04;

export function savedIndex(history: History, { crc32 }: Pick<Codecs, "crc32">): Uint8Array<ArrayBuffer> {
  const writer = new ColumnWriter(HEADER_LENGTH);
  writer.u32s([ORDER]);
  history.save(writer);
  const bytes = writer.bytes();
  bytes.set(MAGIC);
  const header = new DataView(bytes.buffer);
  header.setUint32(8, VERSION, true);
  header.setUint32(12, crc32(bytes.subarray(HEADER_LENGTH)), true);
  return bytes;
}

/** The history with that index; undefined when the index is damaged or belongs to another recording or version. */
export function historyWith(
  index: Uint8Array,
  historyOf: () => History,
  { crc32 }: Pick<Codecs, "crc32">,
): History | undefined {
  if (index.length < HEADER_LENGTH || MAGIC.some((byte, at) => byte !== index[at])) return undefined;
  const header = new DataView(index.buffer, index.byteOffset, HEADER_LENGTH);
  const isSound = header.getUint32(8, true) === VERSION;
  if (!isSound || header.getUint32(12, true) !== crc32(index.subarray(HEADER_LENGTH))) return undefined;
  try {
    const reader = new ColumnReader(index, HEADER_LENGTH);
    if (reader.u32s()[0] !== ORDER) return undefined;
    const history = historyOf();
    history.load(reader);
    return history;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
