// Opens a recording for a session; what cannot be opened is told in one sentence.
import { existsSync } from "node:fs";
import { UserError } from "../base/errors.ts";
import { openRecordingFile } from "../node/openFile.ts";
import type { TimeTravel } from "../travel/timeTravel.ts";
import { userError } from "./userErrors.ts";

/** Throws a `UserError`. */
export function openTravel(file: string): TimeTravel {
  if (!existsSync(file)) throw userError("recordingMissing", { file });
  try {
    return openRecordingFile(file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw userError("recordingUnreadable", { file, problem: error instanceof Error ? `${error.message}.` : "" });
  }
}
