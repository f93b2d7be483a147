// `evaluate`: over the recording wherever that is enough; at the live edge the console and watches go on to Python.
import { NotIndexedYet } from "../base/errors.ts";
import { compileExpression, type Outcome, type SyntaxProblem } from "../travel/evaluate/evaluate.ts";
import type { Reply } from "./commands.ts";
import type { FrameHandle } from "./handles.ts";
import type { JsonReader } from "./jsonReader.ts";
import { beingIndexed, type ShownValue } from "./recordingView.ts";
import type { TimeSession } from "./timeSession.ts";
import { userError } from "./userErrors.ts";

/** Whoever copies a value wants all of it. */
const clipboardLimit = 10_000_000;
const consoleLimit = 20_000;

/** What a client asks for by itself does not wait for the index: it asks again. */
export async function evaluateOrLater(session: TimeSession, args: JsonReader): Promise<Reply> {
  try {
    return await evaluate(session, args);
  } catch (error) {
    const context = args.text("context");
    if (!(error instanceof NotIndexedYet) || (context !== "watch" && context !== "hover")) throw error;
    const result = session.view.orLater((): string => {
      throw error;
    }, beingIndexed);
    return { body: { result, variablesReference: 0 } };
  }
}

async function evaluate(session: TimeSession, args: JsonReader): Promise<Reply> {
  session.requireStop();
  const expression = args.requiredText("expression");
  const context = args.text("context") ?? "repl";
  const frameId = args.integer("frameId");
  const handle = frameId === undefined ? undefined : session.view.frame(frameId);
  const isLive = session.isLive(handle?.moment ?? session.moment);
  const mayRunPython = isLive && context !== "hover" && context !== "variables";
  // A name that the console binds is a name of the program from then on.
  const bindsName = mayRunPython && expression.includes(":=");
  const at = handle ?? moduleFrame(session);
  const recorded = bindsName ? undefined : evaluateOverRecording(session, expression, at);
  if (recorded?.kind === "value" && at !== undefined) {
    const limit = context === "clipboard" ? clipboardLimit : context === "repl" ? consoleLimit : undefined;
    const shown = session.view.show(recorded.value, at, pathText(expression), limit);
    return { body: responseBody(shown, !isLive) };
  }
  if (mayRunPython) return evaluateLive(session, expression, context, handle);
  if (recorded?.kind === "refused" && recorded.isNotRecorded)
    return { body: { result: recorded.reason, variablesReference: 0 } };
  throw userError("cannotEvaluate", { problem: `${problemText(recorded)}${busyHint(session)}` });
}

function problemText(outcome: Outcome | SyntaxProblem | undefined): string {
  switch (outcome?.kind) {
    case "raised":
      return outcome.text === "" ? outcome.type : `${outcome.type}: ${outcome.text}`;
    case "refused":
      return outcome.reason;
    case "syntaxProblem":
      return outcome.message;
    default:
      return "No frame runs at this moment.";
  }
}

/** An expression as a part of a longer one. */
export function pathText(expression: string): string {
  const text = expression.trim();
  return /^[\p{ID_Continue}.]+$/u.test(text) || /^[\p{ID_Continue}.]+(?:\[[\p{ID_Continue}'"-]*\])*$/u.test(text)
    ? text
    : `(${text})`;
}

function busyHint(session: TimeSession): string {
  const isBusy = session.isAtLiveEdge && session.live?.state === "running";
  return isBusy ? " (Python is busy in code that is not recorded, and cannot be asked now.)" : "";
}

/** Without a frame an expression belongs to the module level: the outermost frame. */
export function moduleFrame(session: TimeSession): FrameHandle | undefined {
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
): Outcome | SyntaxProblem | undefined {
  if (handle === undefined) return undefined;
  const compiled = compileExpression(expression);
  return compiled.kind === "compiled" ? session.view.evaluate(compiled, handle) : compiled;
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
    return { body: { ...responseBody(shown, false), result: answer.text } };
  }
  const type = answer.typeName === "" ? {} : { type: answer.typeName };
  return { body: { result: answer.text, ...type, variablesReference: 0 } };
}

/** `readOnly`: nothing can be assigned to it, because it is in the past. */
export function responseBody(shown: ShownValue, readOnly: boolean): object {
  return {
    result: shown.text,
    ...(shown.type === undefined ? {} : { type: shown.type }),
    variablesReference: shown.reference,
    ...(shown.named > 0 ? { namedVariables: shown.named } : {}),
    ...(shown.indexed > 0 ? { indexedVariables: shown.indexed } : {}),
    ...(readOnly ? { presentationHint: { attributes: ["readOnly"] } } : {}),
  };
}
