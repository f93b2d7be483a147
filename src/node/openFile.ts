// Recordings on disk: the bytes and the platform functions that the core asks for.
import { closeSync, fstatSync, openSync, statSync } from "node:fs";
import { constants, inflateRawSync } from "node:zlib";
import { crc32 } from "./crc32.ts";
import { type Beside, indexRecording, openRecording } from "../travel/openRecording.ts";
import { PartedFile } from "../wire/partedFile.ts";
import type { TimeTravel } from "../travel/timeTravel.ts";
import { newerPartPath, readIndex, removeAbandoned, scratchFile, takeSpareIndex, writeIndex } from "./indexFile.ts";
import { readBytes } from "./readBytes.ts";
import type { ByteSource, Codecs } from "../wire/byteSource.ts";

/** Longer reads are not made room for before the file is known to be that long. */
const UNASKED_BYTES = 1024 * 1024;
/** The smallest that the platform takes. One chunk for all is a third faster than many that are joined. */
const LEAST_CHUNK = 64;
/** Room for the codes of two deflate blocks. */
const DEFLATE_HEADER = 1024;

export const nodeCodecs: Codecs = {
  inflate(bytes, maxLength) {
    const chunkSize = Math.max(maxLength, LEAST_CHUNK);
    return plainBytes(inflateRawSync(bytes, { maxOutputLength: maxLength, chunkSize }));
  },
  inflateStart(bytes, length) {
    // Deflated bytes take at most nine bits each, and the codes before them.
    const fed = bytes.subarray(0, Math.ceil((length * 9) / 8) + DEFLATE_HEADER);
    const chunkSize = Math.max(length * 4, LEAST_CHUNK);
    return plainBytes(inflateRawSync(fed, { finishFlush: constants.Z_SYNC_FLUSH, chunkSize }));
  },
  crc32,
};

function plainBytes({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

/** A file that is read at any place, and may grow meanwhile. Throws the system's error when it cannot be opened. */
export function fileBytes(path: string): ByteSource {
  const descriptor = openSync(path, "r");
  return {
    size: () => fstatSync(descriptor).size,
    read(offset, length) {
      if (length > UNASKED_BYTES) {
        const rest = Math.max(0, fstatSync(descriptor).size - offset);
        if (rest < length) return readBytes(descriptor, offset, rest);
      }
      return readBytes(descriptor, offset, length);
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
    newer: () => besideBytes(newer),
  };
  return PartedFile.open(files, nodeCodecs);
}

/** Where the tails of a recording are: two of a program in the native recorder, the first of others. */
export function tailPaths(recording: string): readonly string[] {
  return [`${recording}.tail`, `${recording}.tail2`];
}

/** One of the tails beside a recording; it is looked for anew at each read, as it comes and goes with the recorded process. */
export function tailBytes(path: string): ByteSource {
  return {
    size: () => withFile(path, (file) => file.size()) ?? 0,
    read: (offset, length) => withFile(path, (file) => file.read(offset, length)) ?? new Uint8Array(),
    close() {
      // Nothing is held open between two reads.
    },
  };
}

/** Opens the recording at `path`, with the tail and the index that may lie beside it. */
export function openRecordingFile(path: string): TimeTravel {
  return openRecording(recordingBytes(path), nodeCodecs, besideOf(path));
}

/** What lies beside the recording at `path`, and where its index is when it could not be written there. */
export function besideOf(path: string, spare?: string): Beside {
  removeAbandoned(path);
  const index = (spare === undefined ? undefined : takeSpareIndex(spare)) ?? readIndex(path);
  return { tails: tailPaths(path).map(tailBytes), index, scratch: scratchFile };
}

/**
 * Indexes the recording at `path`, and keeps the index beside it, or at `spare` where that cannot be. `comesTo` is told how
 * far it is, from 0 to 1.
 */
export function buildIndex(path: string, spare?: string, comesTo: (share: number) => void = () => undefined): void {
  const file = recordingBytes(path);
  const watched: ByteSource = {
    size: () => file.size(),
    read(offset, length) {
      comesTo(offset / Math.max(file.size(), 1));
      return file.read(offset, length);
    },
    close() {
      file.close();
    },
  };
  try {
    writeIndex(path, (to) => indexRecording(watched, nodeCodecs, to), spare);
  } finally {
    file.close();
  }
}

/** Undefined where no file stands that can be read: a folder can be opened, and a pipe waits for somebody who writes. */
function besideBytes(path: string): ByteSource | undefined {
  try {
    return statSync(path).isFile() ? fileBytes(path) : undefined;
  } catch {
    return undefined;
  }
}

function withFile<Answer>(path: string, ask: (file: ByteSource) => Answer): Answer | undefined {
  const file = besideBytes(path);
  if (file === undefined) return undefined;
  try {
    return ask(file);
  } finally {
    file.close();
  }
}
