// A thread that indexes one recording while its starter answers others. `workerData` has the recording's path and one for
// the index where none can be written beside it. It tells how far it is, from 0 to 1, leaves the index, and ends.
import { parentPort, workerData } from "node:worker_threads";
import { buildIndex } from "./openFile.ts";

const REPORT_MILLISECONDS = 100;

function run(work: unknown): void {
  if (typeof work !== "object" || work === null || !("recording" in work) || !("spare" in work)) return;
  if (typeof work.recording !== "string" || typeof work.spare !== "string") return;
  let reported = performance.now();
  buildIndex(work.recording, work.spare, (share) => {
    const now = performance.now();
    if (now - reported < REPORT_MILLISECONDS) return;
    reported = now;
    parentPort?.postMessage(share, []);
  });
}

run(workerData);
