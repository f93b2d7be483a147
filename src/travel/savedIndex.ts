// The index as it is kept beside a recording: derived, disposable, and not trusted. Columns that grow with the recording
// stand in pages and are read when somebody asks; what is needed at once stands at the end. Its checksum, its version and
// what it says about the recording must be right; otherwise it counts as absent.
import { ColumnReader, ColumnWriter } from "../base/columnStream.ts";
import { WireError } from "../base/errors.ts";
import { type ColumnFile, PagedFile } from "../base/pagedFile.ts";
import type { Codecs } from "../wire/byteSource.ts";
import type { IndexedHistory } from "./indexedHistory.ts";

/** Raised with every change of what is kept, or of its order. */
const VERSION = 7;
const MAGIC = Uint8Array.of(0x89, 0x48, 0x53, 0x49, 0x44, 0x58, 0x0d, 0x0a);
/** At the end of the file: f64 place and f64 length of what is needed at once, u32 version, u32 checksum of it, magic. */
const TRAILER_LENGTH = 32;
/** Columns are in the order of the machine's bytes, which this number tells. */
const ORDER = 0x01_02_03_04;

/** Writes the index of what `historyOf` gives, which is to be complete, to a fresh file. */
export function saveIndex(
  to: ColumnFile,
  historyOf: (disk: PagedFile) => IndexedHistory,
  codecs: Pick<Codecs, "crc32">,
): void {
  const disk = new PagedFile(to, codecs);
  const history = historyOf(disk);
  const writer = new ColumnWriter();
  writer.u32s([ORDER]);
  history.save(writer, disk);
  const root = writer.bytes();
  const trailer = new Uint8Array(TRAILER_LENGTH);
  const fields = new DataView(trailer.buffer);
  fields.setFloat64(0, to.size(), true);
  fields.setFloat64(8, root.length, true);
  fields.setUint32(16, VERSION, true);
  fields.setUint32(20, codecs.crc32(root), true);
  trailer.set(MAGIC, 24);
  to.append(root);
  to.append(trailer);
}

interface Trailer {
  /** Of what is needed at once, in bytes. */
  readonly at: number;
  readonly length: number;
  readonly checksum: number;
}

/** Undefined when the file does not end as an index of this version does. */
function readTrailer(index: ColumnFile): Trailer | undefined {
  const size = index.size();
  if (size < TRAILER_LENGTH) return undefined;
  const trailer = index.read(size - TRAILER_LENGTH, TRAILER_LENGTH);
  if (trailer.length < TRAILER_LENGTH || MAGIC.some((byte, at) => byte !== trailer[24 + at])) return undefined;
  const fields = new DataView(trailer.buffer, trailer.byteOffset, TRAILER_LENGTH);
  const [at, length] = [fields.getFloat64(0, true), fields.getFloat64(8, true)];
  const isSound = at >= 0 && length >= 0 && fields.getUint32(16, true) === VERSION;
  if (!isSound || at + length + TRAILER_LENGTH !== size) return undefined;
  return { at, length, checksum: fields.getUint32(20, true) };
}

/** Whether an index is whole and of this version; it may still belong to another recording. */
export function isIndex(file: ColumnFile): boolean {
  return readTrailer(file) !== undefined;
}

/** The history with that index; undefined when the index is damaged or belongs to another recording or version. */
export function historyWith(
  index: ColumnFile,
  historyOf: () => IndexedHistory,
  codecs: Pick<Codecs, "crc32">,
): IndexedHistory | undefined {
  const trailer = readTrailer(index);
  if (trailer === undefined) return undefined;
  const root = index.read(trailer.at, trailer.length).slice();
  if (root.length < trailer.length || trailer.checksum !== codecs.crc32(root)) return undefined;
  try {
    const reader = new ColumnReader(root, 0);
    if (reader.u32s()[0] !== ORDER) return undefined;
    const history = historyOf();
    history.load(reader, new PagedFile(index, codecs));
    return history;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
