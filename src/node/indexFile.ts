// The index beside a recording, `NAME.hindsight.index`: read when it is there, written for recordings that take long to
// index. It may be deleted at any time, and one that cannot be written is done without.
import { closeSync, fstatSync, openSync, readdirSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ColumnFile } from "../base/pagedFile.ts";
import { isIndex } from "../travel/savedIndex.ts";
import { readBytes } from "./readBytes.ts";

/** Recordings of fewer bytes are indexed faster than anybody notices. */
const WORTH_BYTES = 4 * 1024 * 1024;

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
  return readColumns(indexPath(recording));
}

/** An index that stands elsewhere, because none could be written beside its recording: from here on nobody else finds it. */
export function takeSpareIndex(file: string): ColumnFile | undefined {
  const columns = readColumns(file);
  return columns === undefined ? undefined : unlisted(columns, file);
}

function readColumns(file: string): ColumnFile | undefined {
  try {
    // A folder can be opened but not read, and what else may stand there waits for somebody who writes.
    return statSync(file).isFile() ? columnFile(openSync(file, "r")) : undefined;
  } catch {
    return undefined;
  }
}

/** Where an index may stand when its recording's folder takes none. */
export function spareIndexPath(): string {
  return temporaryPath("index-");
}

/**
 * Whoever opens it meanwhile sees the old one or the new one, never a part. `spare`: where it is written when it cannot be
 * beside the recording.
 */
export function writeIndex(recording: string, write: (to: ColumnFile) => void, spare?: string): void {
  const isWritten = writeWhole(indexPath(recording), write);
  if (!isWritten && spare !== undefined) writeWhole(spare, write);
}

/** What a thread of this process leaves that was ended while it wrote the index. */
export function removeUnfinished(recording: string, spare: string): void {
  for (const target of [indexPath(recording), spare]) rmSync(unfinishedPath(target), { force: true });
  rmSync(spare, { force: true });
}

/** What processes have left beside a recording that were killed while they wrote its index. */
export function removeAbandoned(recording: string): void {
  const folder = path.dirname(recording);
  const start = `${path.basename(indexPath(recording))}.`;
  try {
    for (const name of readdirSync(folder)) {
      const pid = name.startsWith(start) ? /^([1-9]\d*)\.new$/u.exec(name.slice(start.length))?.[1] : undefined;
      if (pid !== undefined && isGone(Number(pid))) rmSync(path.join(folder, name), { force: true });
    }
  } catch {
    // It takes room, and no more.
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

function unfinishedPath(target: string): string {
  return `${target}.${process.pid}.new`;
}

/** False when it could not be written. */
function writeWhole(target: string, write: (to: ColumnFile) => void): boolean {
  const fresh = unfinishedPath(target);
  try {
    const file = columnFile(openSync(fresh, "w+", 0o600));
    try {
      write(file);
    } finally {
      file.close();
    }
    renameSync(fresh, target);
    return true;
  } catch {
    rmSync(fresh, { force: true });
    return false;
  }
}

function temporaryPath(kind: string): string {
  const name = `hindsight-${kind}${process.pid}-${Date.now()}-${Math.random().toString(36).slice(2)}`;
  return path.join(tmpdir(), name);
}

/** A file for this process alone that nobody finds; undefined when there can be none. */
export function scratchFile(): ColumnFile | undefined {
  const file = temporaryPath("");
  try {
    return unlisted(columnFile(openSync(file, "wx+", 0o600)), file);
  } catch {
    return undefined;
  }
}

/** Takes an open file's name away; where open files cannot be removed it goes when it is closed. */
function unlisted(columns: ColumnFile, file: string): ColumnFile {
  const isWindows = process.platform === "win32";
  if (!isWindows) rmSync(file, { force: true });
  return {
    ...columns,
    close() {
      columns.close();
      if (isWindows) rmSync(file, { force: true });
    },
  };
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
