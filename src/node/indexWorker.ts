// A thread that indexes one recording while its starter answers others: `workerData` is the recording's path; it
// leaves the index beside the recording, and ends.
import { workerData } from "node:worker_threads";
import { buildIndex } from "./openFile.ts";

function run(recording: unknown): void {
  if (typeof recording === "string") buildIndex(recording);
}

run(workerData);
