// Recordings on disk: the bytes and the platform functions that the core asks for.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { crc32 } from "./crc32.ts";
import { indexRecording, openRecording } from "../travel/openRecording.ts";
import { PartedFile } from "../wire/partedFile.ts";
import type { TimeTravel } from "../travel/timeTravel.ts";
import { newerPartPath, readIndex, writeIndex } from "./indexFile.ts";
import type { ByteSource, Codecs } from "../wire/byteSource.ts";

export const nodeCodecs: Codecs = {
  inflate(bytes, maxLength) {
    const { buffer, byteOffset, length } = inflateRawSync(bytes, { maxOutputLength: maxLength });
    return new Uint8Array(buffer, byteOffset, length);
  },
  crc32,
};

/** A file that is read at any place, and may grow meanwhile. Throws the system's error when it cannot be opened. */
export function fileBytes(path: string): ByteSource {
  const descriptor = openSync(path, "r");
  return {
    size: () => fstatSync(descriptor).size,
    read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, fstatSync(descriptor).size - offset)));
      let filled = 0;
      while (filled < bytes.length) {
        const count = readSync(descriptor, bytes, filled, bytes.length - filled, offset + filled);
        if (count === 0) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    },
    close() {
      closeSync(descriptor);
    },
  };
}

/** The recording at `path`, with the newer part that may lie beside it. Throws the system's error. */
export function recordingBytes(path: string): PartedFile {
  const newer = newerPartPath(path);
  const files = {
    older: () => fileBytes(path),
    newer: () => {
      try {
        return fileBytes(newer);
      } catch {
        return undefined;
      }
    },
  };
  return PartedFile.open(files, nodeCodecs);
}

/** The unsealed end beside a recording; it is looked for anew at each read, as it comes and goes with the recorded process. */
export function tailBytes(path: string): ByteSource {
  return {
    size: () => withFile(path, (file) => file.size()) ?? 0,
    read: (offset, length) => withFile(path, (file) => file.read(offset, length)) ?? new Uint8Array(),
    close() {
      // Nothing is held open between two reads.
    },
  };
}

/**
 * Opens the recording at `path`, with the tail and the index that may lie beside it. `index`: one that was just made.
 */
export function openRecordingFile(path: string, index: Uint8Array | undefined = readIndex(path)): TimeTravel {
  return openRecording(recordingBytes(path), tailBytes(`${path}.tail`), nodeCodecs, index);
}

/** Indexes the recording at `path`, and keeps the index beside it. */
export function buildIndex(path: string): Uint8Array<ArrayBuffer> {
  const file = recordingBytes(path);
  try {
    const index = indexRecording(file, nodeCodecs);
    writeIndex(path, index);
    return index;
  } finally {
    file.close();
  }
}

function withFile<Answer>(path: string, ask: (file: ByteSource) => Answer): Answer | undefined {
  let file: ByteSource;
  try {
    file = fileBytes(path);
  } catch {
    return undefined;
  }
  try {
    return ask(file);
  } finally {
    file.close();
  }
}
