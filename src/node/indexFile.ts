// The index beside a recording, `NAME.hindsight.index`: read when it is there, written for recordings that take long to
// index. It may be deleted at any time, and one that cannot be written is done without.
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs";

/** Recordings of fewer bytes are indexed faster than anybody notices. */
const WORTH_BYTES = 16 * 1024 * 1024;

function indexPath(recording: string): string {
  return `${recording}.index`;
}

/** Where the newer part of a bounded recording lies. */
export function newerPartPath(recording: string): string {
  return `${recording}.next`;
}

/** Undefined when there is none that can be read. */
export function readIndex(recording: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const { buffer, byteOffset, length } = readFileSync(indexPath(recording));
    const isAligned = buffer instanceof ArrayBuffer && byteOffset % 8 === 0;
    return isAligned ? new Uint8Array(buffer, byteOffset, length) : Uint8Array.from(readFileSync(indexPath(recording)));
  } catch {
    return undefined;
  }
}

/** Whoever opens it meanwhile sees the old one or the new one, never a part. */
export function writeIndex(recording: string, index: Uint8Array): void {
  const fresh = `${indexPath(recording)}.${process.pid}.new`;
  try {
    const descriptor = openSync(fresh, "w", 0o600);
    try {
      for (let at = 0; at < index.length;) at += writeSync(descriptor, index, at);
    } finally {
      closeSync(descriptor);
    }
    renameSync(fresh, indexPath(recording));
  } catch {
    rmSync(fresh, { force: true });
  }
}

/** Whether a recording takes long to index and has most likely no index that fits it. */
export function needsIndexing(recording: string): boolean {
  const parts = [recording, newerPartPath(recording)].flatMap(
    (part) => statSync(part, { throwIfNoEntry: false }) ?? [],
  );
  const index = statSync(indexPath(recording), { throwIfNoEntry: false });
  const bytes = parts.reduce((sum, { size }) => sum + size, 0);
  return bytes >= WORTH_BYTES && parts.some(({ mtimeMs }) => index === undefined || index.mtimeMs < mtimeMs);
}
