// Opens the recording that a user named, or says in one sentence why that cannot be done.
import { openRecordingFile } from "../node/openFile.ts";
import type { TimeTravel } from "../travel/timeTravel.ts";
import { UsageError } from "./commandLine.ts";

const sentences: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "does not exist"],
  ["EISDIR", "is a folder, not a recording"],
  ["EACCES", "cannot be read: permission denied"],
  ["EPERM", "cannot be read: permission denied"],
]);

/** Throws `UsageError`, or the `UserError` of a file that is no recording. */
export function openFile(file: string): TimeTravel {
  try {
    return openRecordingFile(file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const sentence = sentences.get(code);
    if (sentence === undefined) throw error;
    throw new UsageError(`${file} ${sentence}.`);
  }
}
