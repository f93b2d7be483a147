// The commands that travel: Step Back Into, Step Back Out, Go to Moment.
// VS Code's own Step Back and Reverse need nothing here: the adapter says that it supports them.
import * as vscode from "vscode";
import type { ThreadArguments } from "../protocol/customRequests.ts";
import { messageOf, parseMoment } from "./answers.ts";
import { momentText, typedMoment } from "./momentTexts.ts";
import { focusedSession } from "./sessions.ts";

/** Registers the three commands. */
export function registerTimeCommands(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand("hindsight.stepBackInto", () => travel("hindsight/stepBackInto")),
    vscode.commands.registerCommand("hindsight.stepBackOut", () => travel("hindsight/stepBackOut")),
    vscode.commands.registerCommand("hindsight.goToMoment", goToMoment),
  );
}

async function travel(request: "hindsight/stepBackInto" | "hindsight/stepBackOut"): Promise<void> {
  await inSession(async (session) => {
    const threadId = focusedThread(session) ?? parseMoment(await session.customRequest("hindsight/moment"))?.threadId;
    if (threadId === undefined) throw new Error("The debug session has not said which thread it stands in.");
    const thread: ThreadArguments = { threadId };
    await session.customRequest(request, thread);
  });
}

/** The thread chosen in the call stack view, which need not be the one that stopped. */
function focusedThread(session: vscode.DebugSession): number | undefined {
  const item = vscode.debug.activeStackItem;
  return item?.session.id === session.id ? item.threadId : undefined;
}

async function goToMoment(): Promise<void> {
  await inSession(async (session) => {
    const now = parseMoment(await session.customRequest("hindsight/moment"));
    if (now === undefined) throw new Error("The debug session has not said where it stands.");
    const typed = await vscode.window.showInputBox({
      title: "Go to moment",
      prompt: `Now at ${momentText(now)}. A step, a distance such as +10 or -10, first, or last.`,
      value: String(now.step),
      validateInput: (text) => {
        const moment = typedMoment(text, now);
        return moment.kind === "invalid" ? moment.message : undefined;
      },
    });
    if (typed === undefined) return;
    const moment = typedMoment(typed, now);
    if (moment.kind === "seek") await session.customRequest("hindsight/seek", moment.to);
  });
}

/** Acts in the focused session; what it refuses is shown. */
export async function inSession(action: (session: vscode.DebugSession) => Promise<void>): Promise<void> {
  const session = focusedSession();
  if (session === undefined) {
    void vscode.window.showInformationMessage("This works in a time travel session: press F5 on a Python file first.");
    return;
  }
  try {
    await action(session);
  } catch (error) {
    void vscode.window.showErrorMessage(messageOf(error));
  }
}
