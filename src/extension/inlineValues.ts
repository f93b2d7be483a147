// Values beside the lines of the focused frame, as they are at the current moment.
//
// Only the debug session is asked, which has them from the recording: no code of the program runs. As for values on
// hover, the provider is there only while a session of ours is focused.
import * as vscode from "vscode";
import type { InlineValuesArguments, InlineValuesResponse } from "../protocol/customRequests.ts";
import { Answer } from "./answer.ts";
import { inlineText, type LineValue } from "./inlineTexts.ts";
import { focusedSession } from "./sessions.ts";

type ValuesOfLine = InlineValuesResponse["lines"][number];

export const inlineValuesProvider: vscode.InlineValuesProvider = {
  async provideInlineValues(document, viewPort, { frameId, stoppedLocation }) {
    const session = focusedSession();
    // An edited text has other lines than what ran.
    if (session === undefined || document.isDirty) return [];
    const args: InlineValuesArguments = { frameId };
    let answer: Answer<InlineValuesResponse>;
    try {
      answer = new Answer(await session.customRequest("hindsight/inlineValues", args));
    } catch {
      // The program runs again, or the session has ended.
      return [];
    }
    if (document.uri.scheme === "file" && !answer.flag("sourceMatches")) return [];
    const lastLine = Math.min(stoppedLocation.end.line, viewPort.end.line, document.lineCount - 1);
    return answer.list<ValuesOfLine>("lines").flatMap((line) => {
      const index = (line.number("line") ?? 0) - 1;
      if (index < viewPort.start.line || index > lastLine) return [];
      const text = inlineText(line.list<LineValue>("values"));
      return text === "" ? [] : [new vscode.InlineValueText(document.lineAt(index).range, text)];
    });
  },
};
