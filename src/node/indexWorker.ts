// A thread that indexes one recording while its starter answers others: `workerData` is the recording's path, the message
// that it sends is the index. It leaves the index beside the recording for the next time.
import { parentPort, workerData } from "node:worker_threads";
import { buildIndex } from "./openFile.ts";

function run(recording: unknown): void {
  if (typeof recording !== "string") return;
  const index = buildIndex(recording);
  parentPort?.postMessage(index, [index.buffer]);
}

run(workerData);
