// The extension in VS Code: connects the editor with the debug adapter, the language server and the command line.
import type * as vscode from "vscode";
import { CallTreeView } from "./callTreeView.ts";
import { registerDebugConfigurations } from "./debugConfigurations.ts";
import { showExecutions } from "./languageClient.ts";
import { showMoments } from "./momentStatus.ts";
import { registerPastCommands } from "./pastCommands.ts";
import { registerAdapter } from "./programs.ts";
import { registerRecordingEditor } from "./recordingEditor.ts";
import { ResultsView } from "./resultsView.ts";
import { Sessions } from "./sessions.ts";
import { registerTimeCommands } from "./timeCommands.ts";
import { showValues } from "./whileFocused.ts";

/** Called by VS Code before the first session, command or recording. */
export function activate(context: vscode.ExtensionContext): void {
  const sessions = new Sessions();
  const results = new ResultsView(sessions);
  context.subscriptions.push(
    sessions,
    results,
    registerAdapter(context),
    registerDebugConfigurations(),
    registerTimeCommands(),
    registerPastCommands(results),
    registerRecordingEditor(context),
    new CallTreeView(sessions),
    showMoments(sessions),
    showExecutions(context, sessions),
    showValues(),
  );
}
