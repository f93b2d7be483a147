// Opens a recording without holding up the thread that asks: a large one that has no index yet is indexed in another
// thread first.
import { existsSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { TimeTravel } from "../travel/timeTravel.ts";
import { needsIndexing } from "./indexFile.ts";
import { openRecordingFile } from "./openFile.ts";

/** Throws, as `openRecordingFile`, what is wrong with the file. `abandoned` ends the work; the promise then rejects. */
export async function openInBackground(recording: string, abandoned: AbortSignal): Promise<TimeTravel> {
  const script = path.join(path.dirname(process.argv[1] ?? ""), "indexer.js");
  if (needsIndexing(recording) && existsSync(script)) await indexInBackground(script, recording, abandoned);
  return openRecordingFile(recording);
}

/** Also resolves when the thread could not do it: whatever is wrong shows when the recording is opened. */
function indexInBackground(script: string, recording: string, abandoned: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { workerData: recording });
    abandoned.addEventListener("abort", () => {
      void worker.terminate();
      reject(new Error("the opening was abandoned"));
    });
    for (const end of ["error", "exit"]) worker.once(end, () => resolve());
  });
}
