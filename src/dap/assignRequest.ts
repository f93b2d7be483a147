// `setVariable` and `setExpression`: an assignment that Python runs in the frame, at the live edge only.
import { compileExpression } from "../travel/evaluate/evaluate.ts";
import type { CommandContext, Reply } from "./commands.ts";
import { moduleFrame, responseBody } from "./evaluateRequest.ts";
import type { FrameHandle } from "./handles.ts";
import type { JsonReader } from "./jsonReader.ts";
import type { TimeSession } from "./timeSession.ts";
import { userError } from "./userErrors.ts";

export async function setVariable({ session }: CommandContext, args: JsonReader): Promise<Reply> {
  session.requireStop();
  const { thing, path } = session.view.pathOf(args.requiredInteger("variablesReference"), args.requiredText("name"));
  if (path === undefined)
    throw userError("cannotEvaluate", { problem: "No expression leads to this, so it cannot be assigned." });
  requireLive(session, session.isLive(session.moment) && session.isLive(session.view.settled(thing.moment)));
  const { result, ...rest } = await assign(session, path, args.requiredText("value"), {
    frame: thing.root,
    thread: session.thread,
  });
  return { body: { value: result, ...rest } };
}

export async function setExpression({ session }: CommandContext, args: JsonReader): Promise<Reply> {
  session.requireStop();
  const frameId = args.integer("frameId");
  const handle = frameId === undefined ? moduleFrame(session) : session.view.frame(frameId);
  if (handle === undefined) throw userError("emptyHistory");
  requireLive(session, session.isLive(handle.moment));
  const { result, ...rest } = await assign(
    session,
    args.requiredText("expression"),
    args.requiredText("value"),
    handle,
  );
  return { body: { value: result, ...rest } };
}

function requireLive(session: TimeSession, isLive: boolean): void {
  if (isLive) return;
  const where =
    session.live === undefined || session.live.state === "ended"
      ? "the program does not run any more"
      : "this is the past";
  throw userError("cannotEvaluate", { problem: `Nothing can be assigned: ${where}.` });
}

/** Runs `target = (value)` in the frame, then shows what the target is. */
async function assign(
  session: TimeSession,
  target: string,
  value: string,
  { frame, thread }: Pick<FrameHandle, "frame" | "thread">,
): Promise<{ readonly result: string }> {
  // One line of Python each: the value must not end the assignment, nor the target be more than one.
  const compiled = compileExpression(target);
  if (compiled.kind === "syntaxProblem") throw userError("cannotEvaluate", { problem: compiled.message });
  const answer = await session.live?.evaluate(frame, `${target.trim()} = (${value.trim()}\n)`, "repl");
  if (answer === undefined) throw userError("cannotEvaluate", { problem: "The program ended while it was asked." });
  session.afterEvaluation(true);
  if (!answer.ok) throw userError("cannotEvaluate", { problem: answer.text });
  const handle: FrameHandle = { moment: session.moment, thread, frame, isLive: true };
  const outcome = session.view.evaluate(compiled, handle);
  if (outcome.kind !== "value") return { result: value.trim() };
  return shownBody(session, outcome.value, handle, target);
}

function shownBody(
  session: TimeSession,
  value: Parameters<TimeSession["view"]["show"]>[0],
  handle: FrameHandle,
  target: string,
): { readonly result: string } {
  const shown = session.view.show(value, handle, target.trim());
  return { result: shown.text, ...responseBody(shown, false) };
}
