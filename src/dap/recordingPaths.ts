// Where does a recording go? To the file that was asked for, else to a temporary one; of these the last five are kept.
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { userError } from "./userErrors.ts";

const kept = 5;
const fileMagic = Buffer.from([0x89, 0x48, 0x53, 0x49, 0x47, 0x48, 0x54, 0x0a]);
const namePattern = /^run-(?<time>\d+)-(?<pid>\d+)\.hindsight$/u;

/** Folder of the temporary recordings of this user. */
export function temporaryFolder(): string {
  return path.join(os.tmpdir(), `hindsight-${os.userInfo().username.replaceAll(/\W/gu, "_")}`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Deletes all but the newest recordings in `folder`; those of running sessions stay. */
export function deleteOldRecordings(folder: string, keep: number): void {
  const old = readdirSync(folder)
    .flatMap((name) => {
      const found = namePattern.exec(name);
      return found === null ? [] : [{ name, time: Number(found.groups?.["time"]), pid: Number(found.groups?.["pid"]) }];
    })
    .toSorted((a, b) => b.time - a.time)
    .slice(keep);
  for (const { name, pid } of old)
    if (pid === process.pid || !isAlive(pid))
      for (const suffix of ["", ".next", ".new", ".tail", ".tail2", ".index"])
        rmSync(path.join(folder, name + suffix), { force: true });
}

function temporaryPath(): string {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  deleteOldRecordings(folder, kept - 1);
  return path.join(folder, `run-${Date.now()}-${process.pid}.hindsight`);
}

/** Never overwrites a file that is not a recording. */
function checkReplaceable(file: string): void {
  if (!existsSync(file) || statSync(file).size === 0) return;
  const start = Buffer.alloc(fileMagic.length);
  const descriptor = openSync(file, "r");
  try {
    readSync(descriptor, start, 0, start.length, 0);
  } finally {
    closeSync(descriptor);
  }
  if (!start.equals(fileMagic))
    throw userError("recordingPathUnwritable", { file, problem: "it exists and is not a recording." });
}

/** Full path for a new recording. Throws a `UserError` when it cannot be written. */
export function newRecordingPath(wanted: string | undefined, folder: string): string {
  if (wanted === undefined) return temporaryPath();
  const file = path.resolve(folder, wanted);
  try {
    checkReplaceable(file);
    closeSync(openSync(file, "a"));
  } catch (error) {
    if (error instanceof Error && "code" in error)
      throw userError("recordingPathUnwritable", { file, problem: `${error.message}.` });
    throw error;
  }
  return file;
}
