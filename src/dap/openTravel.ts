// Opens a recording for a session; what cannot be opened is told in one sentence.
import { existsSync } from "node:fs";
import { UserError } from "../base/errors.ts";
import { type OpenedRecording, openInBackground } from "../node/openInBackground.ts";
import { openRecordingFile } from "../node/openFile.ts";
import type { TimeTravel } from "../travel/timeTravel.ts";
import { userError } from "./userErrors.ts";

/** Of a program that begins to run. Throws a `UserError`. */
export function openTravel(file: string): TimeTravel {
  try {
    return openRecordingFile(file);
  } catch (error) {
    throw openingError(file, error);
  }
}

/** Of a program that ran; `abandoned` ends the work on a large one. Rejects with a `UserError`. */
export async function openFinished(file: string, abandoned: AbortSignal): Promise<OpenedRecording> {
  if (!existsSync(file)) throw userError("recordingMissing", { file });
  try {
    return await openInBackground(file, abandoned);
  } catch (error) {
    throw openingError(file, error);
  }
}

function openingError(file: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  if (!existsSync(file)) return userError("recordingMissing", { file });
  return userError("recordingUnreadable", { file, problem: error instanceof Error ? `${error.message}.` : "" });
}
