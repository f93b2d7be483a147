// Opens a recording without holding up the thread that asks: a large one that has no index yet is indexed in another
// thread, and can be looked at meanwhile.
import { existsSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { type Glance, glanceAt } from "../travel/openRecording.ts";
import type { TimeTravel } from "../travel/timeTravel.ts";
import { needsIndexing, removeUnfinished, spareIndexPath } from "./indexFile.ts";
import { besideOf, nodeCodecs, openRecordingFile, recordingBytes, tailPaths } from "./openFile.ts";

/** So long the thread leaves the machine to the first view. */
const FIRST_VIEW_MILLISECONDS = 250;

/** An index on its way. */
export interface Indexing {
  /** When the thread has ended, with an index or without. False when it was abandoned: then nothing is to be done any more. */
  readonly ended: Promise<boolean>;
  /** From 0 to 1. */
  readonly share: () => number;
  /** Once, after `ended`: everything can be asked from then on. */
  readonly complete: () => void;
}

export interface OpenedRecording {
  readonly travel: TimeTravel;
  /** Undefined when everything can be asked already. */
  readonly indexing: Indexing | undefined;
}

/** Throws, as `openRecordingFile`, what is wrong with the file. `abandoned` ends the work; the promise then rejects. */
export async function openInBackground(recording: string, abandoned: AbortSignal): Promise<OpenedRecording> {
  const script = path.join(path.dirname(process.argv[1] ?? ""), "indexer.js");
  if (!needsIndexing(recording) || !existsSync(script))
    return { travel: openRecordingFile(recording), indexing: undefined };
  // What is unsealed is not passed by its header.
  const isWhole = !tailPaths(recording).some((tail) => existsSync(tail));
  const glance = isWhole ? glanceAtFile(recording) : undefined;
  const spare = spareIndexPath();
  const delay = glance === undefined ? 0 : FIRST_VIEW_MILLISECONDS;
  const thread = startIndexer(script, { recording, spare }, abandoned, delay);
  if (glance !== undefined) {
    const { travel, complete } = glance;
    return { travel, indexing: { ...thread, complete: () => complete(besideOf(recording, spare)) } };
  }
  if (!(await thread.ended)) throw new Error("the opening was abandoned");
  return { travel: openRecordingFile(recording), indexing: undefined };
}

function glanceAtFile(recording: string): Glance | undefined {
  const bytes = recordingBytes(recording);
  const glance = glanceAt(bytes, nodeCodecs);
  if (glance === undefined) bytes.close();
  return glance;
}

/** It also ends when it could not do its work: whatever is wrong shows when the recording is opened. */
function startIndexer(
  script: string,
  work: { readonly recording: string; readonly spare: string },
  abandoned: AbortSignal,
  delay: number,
): Omit<Indexing, "complete"> {
  let share = 0;
  let worker: Worker | undefined;
  const ended = new Promise<boolean>((resolve) => {
    const starting = setTimeout(() => {
      worker = new Worker(script, { workerData: work });
      worker.on("message", (message: unknown) => {
        if (typeof message === "number") share = message;
      });
      for (const end of ["error", "exit"]) worker.once(end, () => resolve(true));
    }, delay);
    abandoned.addEventListener("abort", () => {
      resolve(false);
      clearTimeout(starting);
      removeUnfinished(work.recording, work.spare);
      void worker?.terminate().then(() => removeUnfinished(work.recording, work.spare));
    });
  });
  return { ended, share: () => share };
}
