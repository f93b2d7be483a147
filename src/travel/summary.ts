// What is this recording, and what is missing from it?
import { NotIndexedYet } from "../base/errors.ts";
import type { History } from "./history.ts";
import type { RecordingSummary } from "./timeTravel.ts";

/** Why the history begins where it does. */
export function cutNote(firstStep: number, maxRecordingSize: number): string {
  const limit = maxRecordingSize > 0 ? ` (maxRecordingSize: ${maxRecordingSize / 1_000_000} MB)` : "";
  return `The recording was cut${limit}: its history begins at step ${firstStep}.`;
}

/** Microseconds. */
const WORTH_A_NOTE = 100_000;

function waitNote(waited: number): string {
  return `The program waited ${(waited / 1e6).toFixed(1)} s for the recording to be written.`;
}

export function summaryOf(history: History): RecordingSummary {
  const { index, recording } = history;
  const { meta, damage } = recording;
  const notes: string[] = [];
  if (damage !== undefined) {
    notes.push(`${damage.sentence} What comes before byte ${damage.offset} is used.`);
  }
  if (history.firstStep > 0) notes.push(cutNote(history.firstStep, meta.maxRecordingSize));
  if (index.end === undefined) {
    notes.push("The program's end is not in the recording: it still runs, was killed, or the recording was cut off.");
  }
  if (recording.waited >= WORTH_A_NOTE) notes.push(waitNote(recording.waited));
  for (const [sentence, count] of index.gaps) {
    notes.push(`Not recorded${count > 1 ? ` (${count} times)` : ""}: ${sentence}.`);
  }
  return {
    steps: history.steps - history.firstStep,
    firstStep: history.firstStep,
    maxRecordingSize: meta.maxRecordingSize,
    events: history.lastEvent + 1,
    threads: index.threads
      .at(history.lastEvent)
      .map(({ threadIndex, name }) => ({ id: recording.threads[threadIndex] ?? 0, name })),
    recorder: meta.recorder,
    python: meta.python,
    argv: meta.argv,
    cwd: meta.cwd,
    complete: index.end !== undefined,
    exitCode: index.end?.exitCode,
    waited: recording.waited / 1e6,
    notes,
  };
}

/** What the headers and the last block tell; the rest throws NotIndexedYet. */
export class GlanceSummary implements RecordingSummary {
  readonly steps: number;
  readonly firstStep: number;
  readonly maxRecordingSize: number;
  readonly events: number;
  readonly recorder: string;
  readonly python: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly waited: number;
  readonly #history: History;

  constructor(history: History) {
    const { meta, waited } = history.recording;
    this.#history = history;
    this.steps = history.steps - history.firstStep;
    this.firstStep = history.firstStep;
    this.maxRecordingSize = meta.maxRecordingSize;
    this.events = history.lastEvent + 1;
    this.recorder = meta.recorder;
    this.python = meta.python;
    this.argv = meta.argv;
    this.cwd = meta.cwd;
    this.waited = waited / 1e6;
  }

  get complete(): boolean {
    return this.#history.index.end !== undefined;
  }

  get exitCode(): number | undefined {
    return this.#history.index.end?.exitCode;
  }

  get threads(): never {
    throw new NotIndexedYet();
  }

  get notes(): never {
    throw new NotIndexedYet();
  }
}
