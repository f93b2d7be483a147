// The bytes of a recording that may be in two files (FORMAT.md, section 9), one behind the other as if they were one.
// While the program runs the newer one takes the older one's place, and another newer one comes: who has them open goes
// on reading what was dropped.
import { UserError, WireError } from "../base/errors.ts";
import type { ByteSource, Codecs } from "./byteSource.ts";
import { type Meta, readMeta } from "./codeFrame.ts";
import { Cursor } from "./cursor.ts";
import { FILE_HEADER_LENGTH, FRAME_META } from "./format.ts";
import { checkFileHeader, readFrameHeader, readPayload } from "./frames.ts";

/** Both files by what they are on the disk now. */
export interface PartFiles {
  /** Throws the system's error when there is none. */
  older(): ByteSource;
  newer(): ByteSource | undefined;
}

interface Part {
  readonly bytes: ByteSource;
  /** Undefined while the file's beginning is not written. */
  meta: Meta | undefined;
  /** Where it begins among all bytes. */
  readonly start: number;
}

/** The files change places between two looks: so often they are looked at again. */
const PATIENCE = 20;

export class PartedFile implements ByteSource {
  readonly #files: PartFiles;
  readonly #codecs: Codecs;
  /** Oldest first; each follows the one before. */
  readonly #parts: Part[] = [];

  private constructor(files: PartFiles, codecs: Codecs, parts: readonly ByteSource[]) {
    this.#files = files;
    this.#codecs = codecs;
    for (const bytes of parts) this.#add(bytes, metaOf(bytes, codecs));
  }

  /** All that is on the disk. Throws the system's error when there is nothing. */
  static open(files: PartFiles, codecs: Codecs): PartedFile {
    for (let left = PATIENCE; ; left--) {
      const older = files.older();
      const newer = files.newer();
      const again = files.older();
      const isStill = metaOf(older, codecs)?.part === metaOf(again, codecs)?.part;
      again.close();
      if (isStill || left === 0) {
        const follows = newer !== undefined && isNext(metaOf(older, codecs), metaOf(newer, codecs));
        if (!follows) newer?.close();
        return new PartedFile(files, codecs, follows ? [older, newer] : [older]);
      }
      older.close();
      newer?.close();
    }
  }

  /** The newest part that is open here, by itself; undefined when it has another place by now. */
  newestAlone(): PartedFile | undefined {
    const newest = this.#parts.at(-1)?.meta?.part;
    const bytes = this.#files.newer();
    if (bytes === undefined) return undefined;
    if (metaOf(bytes, this.#codecs)?.part === newest) return new PartedFile(this.#files, this.#codecs, [bytes]);
    bytes.close();
    return undefined;
  }

  /** What is on the disk by now. Throws the system's error. */
  reopened(): PartedFile {
    return PartedFile.open(this.#files, this.#codecs);
  }

  /** Number of the oldest part on the disk; undefined in a recording that is not bounded, and where another one is. */
  oldestPart(): number | undefined {
    const first = this.#parts[0]?.meta;
    if (first === undefined || first.maxRecordingSize === 0) return undefined;
    try {
      const bytes = this.#files.older();
      const meta = metaOf(bytes, this.#codecs);
      bytes.close();
      return meta?.recording === first.recording ? meta.part : undefined;
    } catch {
      return undefined;
    }
  }

  /** Number of the newest part that is open here. */
  get newestPart(): number {
    return this.#parts.at(-1)?.meta?.part ?? 0;
  }

  size(): number {
    this.#follow();
    const last = this.#parts.at(-1);
    return last === undefined ? 0 : last.start + last.bytes.size();
  }

  read(offset: number, length: number): Uint8Array {
    const part = this.#parts.findLast(({ start }) => start <= offset);
    return part === undefined ? new Uint8Array() : part.bytes.read(offset - part.start, length);
  }

  close(): void {
    for (const { bytes } of this.#parts) bytes.close();
  }

  /** A newer part that has come since. The last one has its full length by then. */
  #follow(): void {
    const last = this.#parts.at(-1);
    if (last === undefined) return;
    last.meta ??= metaOf(last.bytes, this.#codecs);
    if (last.meta === undefined || last.meta.maxRecordingSize === 0) return;
    const newer = this.#files.newer();
    if (newer === undefined) return;
    const meta = metaOf(newer, this.#codecs);
    if (isNext(last.meta, meta)) this.#add(newer, meta);
    else newer.close();
  }

  #add(bytes: ByteSource, meta: Meta | undefined): void {
    const last = this.#parts.at(-1);
    this.#parts.push({ bytes, meta, start: last === undefined ? 0 : last.start + last.bytes.size() });
  }
}

function isNext(older: Meta | undefined, newer: Meta | undefined): boolean {
  return older !== undefined && newer?.recording === older.recording && newer.part === older.part + 1;
}

function metaOf(bytes: ByteSource, codecs: Codecs): Meta | undefined {
  try {
    if (!checkFileHeader(bytes, codecs)) return undefined;
    const frame = readFrameHeader(bytes, codecs, FILE_HEADER_LENGTH, bytes.size());
    if (frame?.kind !== FRAME_META) return undefined;
    const payload = readPayload(bytes, codecs, frame);
    return readMeta(new Cursor(payload, 0, payload.length, frame.offset));
  } catch (error) {
    if (error instanceof WireError || error instanceof UserError) return undefined;
    throw error;
  }
}
