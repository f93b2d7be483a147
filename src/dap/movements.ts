// The movements of DAP as questions to the recording. Forward and backward are mirror images.
import type { Breakpoint, Breakpoints, Movement, MovementKind, TimeTravel } from "../travel/timeTravel.ts";

export type ForwardMove = "continue" | "next" | "stepIn" | "stepOut";
export type BackwardMove = "reverseContinue" | "stepBack" | "stepBackInto" | "stepBackOut";

/** How the recording calls a movement of the protocol. */
export function movementKind(move: ForwardMove | BackwardMove): MovementKind {
  switch (move) {
    case "continue":
      return "continueForward";
    case "reverseContinue":
      return "continueBackward";
    default:
      return move;
  }
}

function exceptions(when: "raised" | "uncaught"): Breakpoints {
  return [{ id: 0, place: { kind: "exception", when, types: undefined } }];
}

const uncaughtOnly = exceptions("uncaught");

/** Where the exception was raised that ended the program; undefined when none did. */
export function raiseThatEndedProgram(travel: TimeTravel): Movement | undefined {
  const { exitCode } = travel.summary;
  if (exitCode === undefined || exitCode === 0) return undefined;
  const movement = travel.continueBackward(travel.last, uncaughtOnly);
  if (movement.reason.kind !== "exception" || movement.thread !== travel.firstThread) return undefined;
  const exception = travel.exceptionAt(movement.moment, movement.thread);
  return exception === undefined || exception.type === "SystemExit" ? undefined : movement;
}

const raisedOnly = exceptions("raised");

/** Where the exception was raised that has just left the last frame of a thread. */
export function raiseThatEnds(travel: TimeTravel, thread: number): Movement | undefined {
  const ending = travel.exceptionAt(travel.last, thread)?.value;
  if (ending?.kind !== "object") return undefined;
  let movement = travel.continueBackward(travel.last, raisedOnly);
  while (movement.reason.kind === "exception") {
    const { moment } = movement;
    const value = movement.thread === thread ? travel.exceptionAt(moment, thread)?.value : undefined;
    if (value?.kind === "object" && value.object === ending.object)
      return { moment, thread, reason: { kind: "exception", uncaught: true, ids: [], problems: [] } };
    movement = travel.continueBackward(moment, raisedOnly);
  }
  return undefined;
}

/** Breakpoints on exceptions that leave the user's code, of which Python cannot know at the raise. */
export function isDecidedLater({ place }: Breakpoint): boolean {
  return place.kind === "exception" && place.when !== "raised";
}

/** The same, asked of the raise alone: its types and its condition, no count. */
export function atRaise({ id, place, condition }: Breakpoint): Breakpoint {
  const types = place.kind === "exception" ? place.types : undefined;
  return { id, place: { kind: "exception", when: "raised", types }, condition };
}
