// The movements of DAP as questions to the recording. Forward and backward are mirror images.
import type { Breakpoints, Moment, Movement, TimeTravel } from "../travel/timeTravel.ts";

export type ForwardMove = "continue" | "next" | "stepIn" | "stepOut";
export type BackwardMove = "reverseContinue" | "stepBack" | "stepBackInto" | "stepBackOut";

/** Where a movement forward from a moment ends. */
export function forward(
  travel: TimeTravel,
  kind: ForwardMove,
  from: Moment,
  thread: number,
  breakpoints: Breakpoints,
): Movement {
  switch (kind) {
    case "continue":
      return travel.continueForward(from, breakpoints);
    case "next":
      return travel.next(from, thread, breakpoints);
    case "stepIn":
      return travel.stepIn(from, thread, breakpoints);
    case "stepOut":
      return travel.stepOut(from, thread, breakpoints);
  }
}

/** Where a movement backward from a moment ends. */
export function backward(
  travel: TimeTravel,
  kind: BackwardMove,
  from: Moment,
  thread: number,
  breakpoints: Breakpoints,
): Movement {
  switch (kind) {
    case "reverseContinue":
      return travel.continueBackward(from, breakpoints);
    case "stepBack":
      return travel.stepBack(from, thread, breakpoints);
    case "stepBackInto":
      return travel.stepBackInto(from, thread, breakpoints);
    case "stepBackOut":
      return travel.stepBackOut(from, thread, breakpoints);
  }
}

/** Ids of the breakpoints at the line of a moment, which a movement from there does not see. */
export function breakpointsAt(travel: TimeTravel, moment: Moment, breakpoints: Breakpoints): readonly number[] {
  const [top] = travel.stackAt(moment, travel.threadAt(moment));
  if (top === undefined) return [];
  return breakpoints.lines
    .filter((one) => one.file === top.file && one.line === top.position.line)
    .map((one) => one.id);
}

/** Where the exception was raised that ended the program; undefined when none did. */
export function raiseThatEndedProgram(travel: TimeTravel): Movement | undefined {
  const { exitCode, threads } = travel.summary;
  if (exitCode === undefined || exitCode === 0) return undefined;
  const movement = travel.continueBackward(travel.last, { lines: [], raised: false, uncaught: true });
  if (movement.reason.kind !== "exception" || movement.thread !== threads[0]?.id) return undefined;
  const exception = travel.exceptionAt(movement.moment, movement.thread);
  return exception === undefined || exception.type === "SystemExit" ? undefined : movement;
}

const raisedOnly: Breakpoints = { lines: [], raised: true, uncaught: false };

/** Where the exception was raised that has just left the last frame of a thread. */
export function raiseThatEnds(travel: TimeTravel, thread: number): Movement | undefined {
  const ending = travel.exceptionAt(travel.last, thread)?.value;
  if (ending?.kind !== "object") return undefined;
  let movement = travel.continueBackward(travel.last, raisedOnly);
  while (movement.reason.kind === "exception") {
    const { moment } = movement;
    const value = movement.thread === thread ? travel.exceptionAt(moment, thread)?.value : undefined;
    if (value?.kind === "object" && value.object === ending.object)
      return { moment, thread, reason: { kind: "exception", uncaught: true } };
    movement = travel.continueBackward(moment, raisedOnly);
  }
  return undefined;
}
