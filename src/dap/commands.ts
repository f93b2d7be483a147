// Every request that the adapter knows: what it takes, what it answers, and what follows the answer.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Moment } from "../travel/timeTravel.ts";
import type { ExecutionCountsResponse, MomentResponse } from "../protocol/customRequests.ts";
import { setExpression, setVariable } from "./assignRequest.ts";
import { breakpointLocations, setBreakpoints } from "./breakpointRequest.ts";
import { setExceptionBreakpoints, setFunctionBreakpoints } from "./codeBreakpointRequests.ts";
import { dataBreakpointInfo, setDataBreakpoints } from "./dataBreakpointRequests.ts";
import { completions } from "./completionsRequest.ts";
import { evaluateOrLater } from "./evaluateRequest.ts";
import { inlineValues } from "./inlineValuesRequest.ts";
import type { JsonReader } from "./jsonReader.ts";
import {
  callTree,
  exceptions,
  history,
  lastWrite,
  listedExecutions,
  object,
  origin,
  output,
  why,
} from "./pastRequests.ts";
import { locations, tasks } from "./placeRequests.ts";
import type { RecordingView } from "./recordingView.ts";
import type { BackwardMove, ForwardMove } from "./movements.ts";
import type { Afterwards, TimeSession } from "./timeSession.ts";
import { userError } from "./userErrors.ts";

export interface Reply {
  readonly body?: object;
  /** Runs right after the response was sent. */
  readonly afterwards?: Afterwards;
}

/** What a request needs besides its arguments. */
export interface CommandContext {
  readonly session: TimeSession;
  readonly firstLine: 0 | 1;
  readonly firstColumn: 0 | 1;
}

type Command = (context: CommandContext, args: JsonReader) => Reply | Promise<Reply>;

function forward(kind: ForwardMove): Command {
  return async ({ session }, args) => {
    const thread = args.requiredInteger("threadId");
    const afterwards = await session.moveForward(kind, thread);
    return kind === "continue" ? { body: { allThreadsContinued: true }, afterwards } : { afterwards };
  };
}

function backward(kind: BackwardMove): Command {
  return ({ session }, args) => ({ afterwards: session.moveBackward(kind, args.requiredInteger("threadId")) });
}

/** The same movement as a custom request: VS Code does not know that it moves. */
function announcedBackward(kind: BackwardMove): Command {
  return ({ session }, args) => {
    const afterwards = session.moveBackward(kind, args.requiredInteger("threadId"));
    session.announceMovement();
    return { afterwards };
  };
}

function threads({ session }: CommandContext): Reply {
  if (!session.isOpen) return { body: { threads: [] } };
  return { body: { threads: session.view.threads(session.moment, session.thread) } };
}

function stackTrace({ session }: CommandContext, args: JsonReader): Reply {
  session.requireStop();
  const thread = args.requiredInteger("threadId");
  session.requireThread(thread);
  const start = natural(args, "startFrame");
  const { moment } = session;
  return { body: session.view.stack(moment, thread, start, natural(args, "levels"), session.isLive(moment)) };
}

function natural(args: JsonReader, name: string): number {
  const value = args.integer(name) ?? 0;
  if (value < 0) throw userError("badRequest", { command: "", problem: `\`${name}\` must not be negative.` });
  return value;
}

function scopes({ session }: CommandContext, args: JsonReader): Reply {
  return { body: { scopes: session.view.scopes(args.requiredInteger("frameId")) } };
}

function variables({ session }: CommandContext, args: JsonReader): Reply {
  const reference = args.requiredInteger("variablesReference");
  const page = {
    filter: args.oneOf("filter", ["indexed", "named"]),
    start: natural(args, "start"),
    count: natural(args, "count"),
  };
  const shown = session.view.variables(reference, page, (moment) => !session.isLive(moment), true);
  return { body: { variables: shown } };
}

function exceptionInfo({ session }: CommandContext, args: JsonReader): Reply {
  session.requireStop();
  const thread = args.requiredInteger("threadId");
  session.requireThread(thread);
  return { body: session.view.exceptionInfo(session.moment, thread) };
}

function source({ session }: CommandContext, args: JsonReader): Reply {
  const reference = args.object("source")?.integer("sourceReference") ?? args.integer("sourceReference") ?? 0;
  return { body: { content: session.view.sourceContent(reference), mimeType: "text/x-python" } };
}

const executions = [
  ["first", "First execution"],
  ["previous", "Previous execution"],
  ["next", "Next execution"],
  ["last", "Last execution"],
] as const;

function gotoTargets(context: CommandContext, args: JsonReader): Reply {
  const { session, firstLine } = context;
  session.requireStop();
  const line = args.requiredInteger("line") + 1 - firstLine;
  const { view } = session;
  const name = view.fileOf(args.requiredObject("source"));
  const targets = view.recordedNames(name).flatMap((file) => {
    const around = view.travel.executionsAround(session.moment, file, line);
    return executions.flatMap(([key, label]) => {
      const moment = around[key];
      if (moment === undefined) return [];
      return [{ id: view.targetId(moment), label: `${label} (step ${moment.step})`, line: line - 1 + firstLine }];
    });
  });
  return { body: { targets } };
}

function goto({ session }: CommandContext, args: JsonReader): Reply {
  session.requireStop();
  session.requireThread(args.requiredInteger("threadId"));
  return { afterwards: session.goTo(session.view.target(args.requiredInteger("targetId")), "goto") };
}

function restartFrame({ session }: CommandContext, args: JsonReader): Reply {
  session.requireStop();
  const { moment, frame } = session.view.frame(args.requiredInteger("frameId"));
  const start = session.view.travel.startOfFrame(moment, frame);
  if (start === undefined) throw userError("frameNotFound");
  return { afterwards: session.goTo(start, "restart") };
}

function momentRequest({ session }: CommandContext): Reply {
  session.requireStop();
  const { moment, view } = session;
  const { first, last } = view.travel;
  return {
    body: {
      step: moment.step,
      event: moment.event,
      firstStep: first.step,
      lastStep: last.step,
      atLiveEdge: session.isAtLiveEdge,
      threadId: session.thread,
      isIndexed: view.travel.isIndexed,
    } satisfies MomentResponse,
  };
}

function seek({ session }: CommandContext, args: JsonReader): Reply {
  session.requireStop();
  const moment = wantedMoment(session.view, args);
  const afterwards = session.goTo(moment, "goto");
  session.announceMovement();
  return { afterwards };
}

function wantedMoment(view: RecordingView, args: JsonReader): Moment {
  const { travel } = view;
  const step = args.requiredInteger("step");
  const isLast = args.isText("event");
  if (isLast) args.oneOf("event", ["last"]);
  const event = isLast ? 0 : (args.integer("event") ?? 0);
  const moment = { step, event };
  if (step < 0 || event < 0 || !travel.isInside(moment))
    throw userError("outsideHistory", {
      step,
      event: event === 0 ? "" : ` with event ${event}`,
      first: travel.first.step,
      last: travel.last.step,
    });
  return isLast ? travel.endOf(step) : moment;
}

function executionCounts(context: CommandContext, args: JsonReader): Reply {
  const { view } = context.session;
  const path = args.requiredText("path");
  const [name] = view.recordedNames(path);
  const counts = name === undefined ? { functions: [], lines: [] } : view.travel.executionCounts(name);
  return {
    body: {
      path,
      sourceMatches: name === undefined || view.sources.matchesDisk(name),
      functions: counts.functions,
      lines: counts.lines,
    } satisfies ExecutionCountsResponse,
  };
}

/** Requests that are answered in order. `launch` and what overtakes the queue are the debug session's own. */
export const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["threads", threads],
  ["stackTrace", stackTrace],
  ["scopes", scopes],
  ["variables", variables],
  ["evaluate", ({ session }, args) => evaluateOrLater(session, args)],
  ["setVariable", setVariable],
  ["setExpression", setExpression],
  ["completions", completions],
  ["exceptionInfo", exceptionInfo],
  ["source", source],
  ["setBreakpoints", ({ session, firstLine }, args) => setBreakpoints(session, args, firstLine)],
  ["breakpointLocations", ({ session, firstLine }, args) => breakpointLocations(session, args, firstLine)],
  ["setFunctionBreakpoints", ({ session }, args) => setFunctionBreakpoints(session, args)],
  ["setExceptionBreakpoints", ({ session }, args) => setExceptionBreakpoints(session, args)],
  ["dataBreakpointInfo", ({ session }, args) => dataBreakpointInfo(session, args)],
  ["setDataBreakpoints", ({ session }, args) => setDataBreakpoints(session, args)],
  ["continue", forward("continue")],
  ["reverseContinue", backward("reverseContinue")],
  ["next", forward("next")],
  ["stepBack", backward("stepBack")],
  ["stepIn", forward("stepIn")],
  ["hindsight/stepBackInto", announcedBackward("stepBackInto")],
  ["stepOut", forward("stepOut")],
  ["hindsight/stepBackOut", announcedBackward("stepBackOut")],
  ["gotoTargets", gotoTargets],
  ["goto", goto],
  ["restartFrame", restartFrame],
  ["hindsight/moment", momentRequest],
  ["hindsight/seek", seek],
  ["hindsight/executions", (context, args) => (args.has("what") ? listedExecutions : executionCounts)(context, args)],
  ["locations", locations],
  ["hindsight/tasks", tasks],
  ["hindsight/history", history],
  ["hindsight/lastWrite", lastWrite],
  ["hindsight/origin", origin],
  ["hindsight/callTree", callTree],
  ["hindsight/exceptions", exceptions],
  ["hindsight/output", output],
  ["hindsight/why", why],
  ["hindsight/object", object],
  ["hindsight/inlineValues", inlineValues],
]);

/** Standard requests that this adapter does not offer, with the reason. */
export const refusedCommands: ReadonlyMap<DebugProtocol.Request["command"], string> = new Map([
  ["attach", "Hindsight records a program from its start: use `launch`."],
  ["restart", "Restart runs the program again: start another session."],
]);
