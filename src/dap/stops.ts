// How a stop is told to the client: reason, text, and which breakpoints were hit.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Movement } from "../travel/timeTravel.ts";
import type { ProgramEnd } from "./liveProgram.ts";

export type StopBody = DebugProtocol.StoppedEvent["body"];

export interface StopText {
  readonly reason: string;
  readonly description?: string;
  readonly text?: string;
  readonly hitBreakpointIds?: readonly number[];
  /** Why conditions have no answer: told besides the stop. */
  readonly problems?: readonly string[];
}

export type BreakpointReason = "breakpoint" | "function breakpoint" | "data breakpoint";

/** Where the newest moment is: of a program that goes on, of one that has ended, or of an opened recording. */
export type Present = "running" | "ended" | "recording";

const endDescriptions: Readonly<Record<Present, string>> = {
  running: "Back at the present",
  ended: "The program has ended",
  recording: "The end of the recording",
};

/** The whole body of a `stopped` event. */
export function stopBody(stop: StopText, threadId: number): StopBody {
  const { hitBreakpointIds, problems: _, ...rest } = stop;
  return {
    ...rest,
    threadId,
    allThreadsStopped: true,
    ...(hitBreakpointIds === undefined ? {} : { hitBreakpointIds: [...hitBreakpointIds] }),
  };
}

/** At a breakpoint; one whose condition has no answer stops and says why. */
export function breakpointStop(
  ids: readonly number[],
  problems: readonly string[],
  reason: BreakpointReason = "breakpoint",
): StopText {
  const [problem] = problems;
  const stop = { reason, hitBreakpointIds: ids, problems };
  return problem === undefined ? stop : { ...stop, description: `The condition has no answer: ${problem}` };
}

/** The stop at the first moment that is kept. */
export function beginningStop(isCut: boolean): StopText {
  const description = isCut ? "The recording was cut here (maxRecordingSize)" : "The beginning of the history";
  return { reason: "entry", description };
}

/** The stop at the newest moment. */
export function endStop(present: Present): StopText {
  return { reason: present === "running" ? "pause" : "exit", description: endDescriptions[present] };
}

/** The stop at the end of a movement; `exception` is its text where the movement ended at one. */
export function movementStop(
  reason: Movement["reason"],
  direction: "forward" | "backward",
  present: Present,
  texts: {
    readonly exception: string | undefined;
    readonly breakpoint: BreakpointReason;
    /** Whether the history began earlier once. */
    readonly isCut: boolean;
  },
): StopText {
  switch (reason.kind) {
    case "step":
      return { reason: "step" };
    case "breakpoint":
      return breakpointStop(reason.ids, reason.problems, texts.breakpoint);
    case "exception":
      return exceptionStop(reason.uncaught, texts.exception, { breakpointIds: reason.ids, problems: reason.problems });
    case "end":
      return endStop(present);
    case "start":
      return beginningStop(texts.isCut);
    case "noMoreSteps":
      return {
        reason: "step",
        description: `This thread has no ${direction === "forward" ? "later" : "earlier"} step`,
      };
  }
}

/** Ids of exception breakpoints are told where the client gave them any meaning: from 1 on. */
export function exceptionStop(
  uncaught: boolean,
  exception: string | undefined,
  hit: { readonly breakpointIds: readonly number[]; readonly problems: readonly string[] },
): StopText {
  const description = uncaught ? "Uncaught exception" : "Exception";
  const ids = hit.breakpointIds.filter((id) => id > 0);
  const stop = {
    reason: "exception",
    problems: hit.problems,
    ...(ids.length === 0 ? {} : { hitBreakpointIds: ids }),
  };
  return exception === undefined
    ? { ...stop, description }
    : { ...stop, description: `${description}: ${exception}`, text: exception };
}

/** A sentence when the program did not end by itself. */
export function killedText(end: ProgramEnd): string | undefined {
  if (end.reported !== undefined) return undefined;
  const { exitCode, signal } = end.process;
  if (signal !== undefined) return `The program was killed (${signal}). Everything up to then is recorded.`;
  if (exitCode !== undefined) return `The program left without Python's own end (exit code ${exitCode}).`;
  return "The program was killed or left without Python's own end.";
}
