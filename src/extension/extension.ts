// The extension in VS Code: connects the editor with the debug adapter, the language server and the command line.
import type * as vscode from "vscode";
import { registerDebugConfigurations } from "./debugConfigurations.ts";
import { showExecutions } from "./languageClient.ts";
import { showMoments } from "./momentStatus.ts";
import { registerAdapter } from "./programs.ts";
import { registerRecordingEditor } from "./recordingEditor.ts";
import { Sessions } from "./sessions.ts";
import { registerTimeCommands } from "./timeCommands.ts";
import { showValuesOnHover } from "./valuesOnHover.ts";

/** Called by VS Code before the first session, command or recording. */
export function activate(context: vscode.ExtensionContext): void {
  const sessions = new Sessions();
  context.subscriptions.push(
    sessions,
    registerAdapter(context),
    registerDebugConfigurations(),
    registerTimeCommands(),
    registerRecordingEditor(context),
    showMoments(sessions),
    showExecutions(context, sessions),
    showValuesOnHover(),
  );
}
