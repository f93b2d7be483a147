// Recordings in memory, for tests.
import type { ColumnFile } from "../../src/base/pagedFile.ts";
import type { ByteSource } from "../../src/wire/byteSource.ts";

/** Bytes that stay as they are. */
export function bytesOf(bytes: Uint8Array): ByteSource {
  return growingBytes(() => bytes);
}

/** Bytes that are looked up anew at every read. */
export function growingBytes(current: () => Uint8Array): ByteSource {
  return {
    size: () => current().length,
    read: (offset, length) => current().slice(offset, offset + length),
    close() {
      // Nothing is held open.
    },
  };
}

/** An empty file. */
export function emptyColumnFile(): ColumnFile {
  let bytes = new Uint8Array();
  return {
    ...growingBytes(() => bytes),
    append(more) {
      const longer = new Uint8Array(bytes.length + more.length);
      longer.set(bytes);
      longer.set(more, bytes.length);
      bytes = longer;
    },
  };
}
