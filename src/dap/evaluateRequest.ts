// `evaluate`: over the recording wherever that is enough; at the live edge the console and watches go on to Python.
import type { Reply } from "./commands.ts";
import { evaluateRecorded } from "./evaluation/recordedEvaluation.ts";
import type { FrameHandle } from "./handles.ts";
import type { JsonReader } from "./jsonReader.ts";
import type { ShownValue } from "./recordingView.ts";
import type { TimeSession } from "./timeSession.ts";
import { userError } from "./userErrors.ts";

/** Whoever copies a value wants all of it. */
const clipboardLimit = 10_000_000;
const consoleLimit = 20_000;

export async function evaluate(session: TimeSession, args: JsonReader): Promise<Reply> {
  session.requireStop();
  const expression = args.requiredText("expression");
  const context = args.text("context") ?? "repl";
  const frameId = args.integer("frameId");
  const handle = frameId === undefined ? undefined : session.view.frame(frameId);
  const isLive = session.isLive(handle?.moment ?? session.moment);
  const mayRunPython = isLive && context !== "hover" && context !== "variables";
  const recorded = evaluateOverRecording(session, expression, handle ?? moduleFrame(session));
  if (recorded.kind === "value") {
    const limit = context === "clipboard" ? clipboardLimit : context === "repl" ? consoleLimit : undefined;
    const at = handle ?? moduleFrame(session);
    return { body: responseBody(session.view.show(recorded.value, present(at), expression.trim(), limit)) };
  }
  if (mayRunPython) return evaluateLive(session, expression, context, handle);
  if (recorded.kind === "notRecorded") return { body: { result: recorded.message, variablesReference: 0 } };
  throw userError("cannotEvaluate", { problem: `${recorded.message}${busyHint(session)}` });
}

function present(handle: FrameHandle | undefined): FrameHandle {
  if (handle === undefined) throw userError("emptyHistory");
  return handle;
}

function busyHint(session: TimeSession): string {
  const isBusy = session.isAtLiveEdge && session.live?.state === "running";
  return isBusy ? " (Python is busy in code that is not recorded, and cannot be asked now.)" : "";
}

/** Without a frame an expression belongs to the module level: the outermost frame. */
function moduleFrame(session: TimeSession): FrameHandle | undefined {
  const { moment, thread } = session;
  const outermost = session.view.travel.stackAt(moment, thread).at(-1);
  return outermost === undefined
    ? undefined
    : { moment, thread, frame: outermost.frame, isLive: session.isLive(moment) };
}

function evaluateOverRecording(
  session: TimeSession,
  expression: string,
  handle: FrameHandle | undefined,
): ReturnType<typeof evaluateRecorded> {
  if (handle === undefined) return { kind: "refused", message: "No frame runs at this moment." };
  const { scopes, source } = session.view.frameContents(handle);
  return evaluateRecorded(expression, scopes, source);
}

async function evaluateLive(
  session: TimeSession,
  expression: string,
  context: string,
  handle: FrameHandle | undefined,
): Promise<Reply> {
  const answer = await session.live?.evaluate(handle?.frame ?? 0, expression, context);
  if (answer === undefined) throw userError("cannotEvaluate", { problem: "The program ended while it was asked." });
  session.afterEvaluation(context === "repl");
  if (!answer.ok) throw userError("cannotEvaluate", { problem: answer.text });
  const at = handle === undefined ? moduleFrame(session) : { ...handle, moment: session.moment };
  if (answer.object > 0 && at !== undefined) {
    const shown = session.view.show({ kind: "object", object: answer.object }, at, undefined);
    return { body: { ...responseBody(shown), result: answer.text } };
  }
  const type = answer.typeName === "" ? {} : { type: answer.typeName };
  return { body: { result: answer.text, ...type, variablesReference: 0 } };
}

function responseBody(shown: ShownValue): object {
  return {
    result: shown.text,
    ...(shown.type === undefined ? {} : { type: shown.type }),
    variablesReference: shown.reference,
    ...(shown.named > 0 ? { namedVariables: shown.named } : {}),
    ...(shown.indexed > 0 ? { indexedVariables: shown.indexed } : {}),
    presentationHint: { attributes: ["readOnly"] },
  };
}
