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
}

/** Where the newest moment is: of a program that goes on, of one that has ended, or of an opened recording. */
export type Present = "running" | "ended" | "recording";

const endDescriptions: Readonly<Record<Present, string>> = {
  running: "Back at the present",
  ended: "The program has ended",
  recording: "The end of the recording",
};

/** The whole body of a `stopped` event. */
export function stopBody(stop: StopText, threadId: number): StopBody {
  const { hitBreakpointIds, ...rest } = stop;
  return {
    ...rest,
    threadId,
    allThreadsStopped: true,
    ...(hitBreakpointIds === undefined ? {} : { hitBreakpointIds: [...hitBreakpointIds] }),
  };
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
  exception: string | undefined,
): StopText {
  switch (reason.kind) {
    case "step":
      return { reason: "step" };
    case "breakpoint":
      return { reason: "breakpoint", hitBreakpointIds: reason.ids };
    case "exception":
      return exceptionStop(reason.uncaught, exception);
    case "end":
      return endStop(present);
    case "start":
      return { reason: "entry", description: "The beginning of the history" };
    case "noMoreSteps":
      return {
        reason: "step",
        description: `This thread has no ${direction === "forward" ? "later" : "earlier"} step`,
      };
  }
}

export function exceptionStop(uncaught: boolean, exception: string | undefined): StopText {
  const description = uncaught ? "Uncaught exception" : "Exception";
  return exception === undefined
    ? { reason: "exception", description }
    : { reason: "exception", description: `${description}: ${exception}`, text: exception };
}

/** A sentence when the program did not end by itself. */
export function killedText(end: ProgramEnd): string | undefined {
  if (end.reported !== undefined) return undefined;
  const { exitCode, signal } = end.process;
  if (signal !== undefined) return `The program was killed (${signal}). Everything up to then is recorded.`;
  if (exitCode !== undefined) return `The program left without Python's own end (exit code ${exitCode}).`;
  return "The program was killed or left without Python's own end.";
}
