// The index beside a recording, `NAME.hindsight.index`: read when it is there, written for recordings that take long to
// index. It may be deleted at any time, and one that cannot be written is done without.
import { closeSync, fstatSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ColumnFile } from "../base/pagedFile.ts";
import { isIndex } from "../travel/savedIndex.ts";
import { readBytes } from "./readBytes.ts";

/** Recordings of fewer bytes are indexed faster than anybody notices. */
const WORTH_BYTES = 16 * 1024 * 1024;

function indexPath(recording: string): string {
  return `${recording}.index`;
}

/** Where the newer part of a bounded recording lies. */
export function newerPartPath(recording: string): string {
  return `${recording}.next`;
}

function columnFile(descriptor: number): ColumnFile {
  let size = fstatSync(descriptor).size;
  return {
    size: () => size,
    read: (offset, length) => readBytes(descriptor, offset, Math.max(0, Math.min(length, size - offset))),
    append(bytes) {
      for (let done = 0; done < bytes.length;)
        done += writeSync(descriptor, bytes, done, bytes.length - done, size + done);
      size += bytes.length;
    },
    close() {
      closeSync(descriptor);
    },
  };
}

/** Undefined when there is none that can be read. */
export function readIndex(recording: string): ColumnFile | undefined {
  try {
    return columnFile(openSync(indexPath(recording), "r"));
  } catch {
    return undefined;
  }
}

/** Whoever opens it meanwhile sees the old one or the new one, never a part. */
export function writeIndex(recording: string, write: (to: ColumnFile) => void): void {
  const fresh = `${indexPath(recording)}.${process.pid}.new`;
  try {
    const file = columnFile(openSync(fresh, "w+", 0o600));
    try {
      write(file);
    } finally {
      file.close();
    }
    renameSync(fresh, indexPath(recording));
  } catch {
    rmSync(fresh, { force: true });
  }
}

/** A file for this process alone that nobody finds; undefined when there can be none. */
export function scratchFile(): ColumnFile | undefined {
  const file = path.join(tmpdir(), `hindsight-${process.pid}-${Date.now()}-${Math.random().toString(36).slice(2)}`);
  try {
    const columns = columnFile(openSync(file, "wx+", 0o600));
    // Where open files cannot be removed it goes when it is closed.
    const isWindows = process.platform === "win32";
    if (!isWindows) rmSync(file, { force: true });
    return {
      ...columns,
      close() {
        columns.close();
        if (isWindows) rmSync(file, { force: true });
      },
    };
  } catch {
    return undefined;
  }
}

/** Whether a recording takes long to index and has most likely no index that fits it and this version. */
export function needsIndexing(recording: string): boolean {
  const parts = [recording, newerPartPath(recording)].flatMap(
    (part) => statSync(part, { throwIfNoEntry: false }) ?? [],
  );
  const index = statSync(indexPath(recording), { throwIfNoEntry: false });
  const bytes = parts.reduce((sum, { size }) => sum + size, 0);
  if (bytes < WORTH_BYTES) return false;
  return parts.some(({ mtimeMs }) => index === undefined || index.mtimeMs < mtimeMs) || !hasIndex(recording);
}

function hasIndex(recording: string): boolean {
  const file = readIndex(recording);
  if (file === undefined) return false;
  try {
    return isIndex(file);
  } finally {
    file.close();
  }
}
