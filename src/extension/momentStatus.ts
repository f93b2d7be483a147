// The status bar item: step N of how many, and whether this is the present. A click goes to another moment.
import * as vscode from "vscode";
import type { MomentResponse } from "../protocol/customRequests.ts";
import { momentText } from "./momentTexts.ts";
import type { Sessions, SessionView } from "./sessions.ts";

/** Shown only while a session of ours is focused. */
export function showMoments(sessions: Sessions): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("hindsight.moment", vscode.StatusBarAlignment.Left, 40);
  item.name = "Hindsight: moment";
  const following = sessions.onDidChange((view) => show(item, view));
  show(item, sessions.focused);
  return vscode.Disposable.from(item, following);
}

function show(item: vscode.StatusBarItem, view: SessionView): void {
  switch (view.kind) {
    case "none":
      item.hide();
      return;
    case "running":
      item.text = "$(record) recording";
      item.tooltip = "The program runs and is recorded.";
      item.command = undefined;
      break;
    case "stopped":
      item.text = `$(history) ${momentText(view.moment)}${suffix(view.moment)}`;
      item.tooltip = `${placeText(view.moment)}${view.moment.isIndexed ? "" : ` ${untilIndexed}`} Click to go to another moment.`;
      item.command = "hindsight.goToMoment";
      break;
  }
  item.show();
}

const untilIndexed = "The recording is being indexed: counts, calls and searches are answered when that is done.";

function suffix({ atLiveEdge, isIndexed }: MomentResponse): string {
  if (!isIndexed) return ", being indexed";
  return atLiveEdge ? ", now" : "";
}

function placeText(moment: MomentResponse): string {
  if (moment.atLiveEdge) return "The present: the program stands here.";
  return moment.step === moment.lastStep ? "The last step." : "The past: nothing here runs the program.";
}
