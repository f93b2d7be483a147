// Double click on a .hindsight file: a read-only editor with a summary, and a session on the first opening.
// A window reload restores the editor without a second session; an untrusted workspace gets the summary alone.
import { randomUUID } from "node:crypto";
import path from "node:path";
import * as vscode from "vscode";
import { summarise } from "./programs.ts";
import { recordingPage, type PageMessage } from "./recordingPage.ts";
import { debugType } from "./sessions.ts";
import { StartedRecordings } from "./startedRecordings.ts";

const viewType = "hindsight.recording";

/** Registers the editor and the command `hindsight.openRecording`. */
export function registerRecordingEditor(extension: vscode.ExtensionContext): vscode.Disposable {
  const started = new StartedRecordings(extension.workspaceState, viewType);
  return vscode.Disposable.from(
    started,
    vscode.window.registerCustomEditorProvider(viewType, new RecordingEditor(extension, started)),
    vscode.commands.registerCommand("hindsight.openRecording", chooseRecording),
  );
}

class RecordingEditor implements vscode.CustomReadonlyEditorProvider {
  readonly #extension: vscode.ExtensionContext;
  readonly #started: StartedRecordings;

  constructor(extension: vscode.ExtensionContext, started: StartedRecordings) {
    this.#extension = extension;
    this.#started = started;
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  async resolveCustomEditor(document: vscode.CustomDocument, panel: vscode.WebviewPanel): Promise<void> {
    const media = vscode.Uri.joinPath(this.#extension.extensionUri, "media");
    panel.webview.options = { enableScripts: true, localResourceRoots: [media] };
    const listening = panel.webview.onDidReceiveMessage((message: unknown) => react(document.uri, message));
    const trusting = vscode.workspace.onDidGrantWorkspaceTrust(() => this.#show(document.uri, panel.webview));
    panel.onDidDispose(() => vscode.Disposable.from(listening, trusting).dispose());
    const readable = await this.#show(document.uri, panel.webview);
    if (readable && vscode.workspace.isTrusted && (await this.#started.isFirstOpening(document.uri)))
      await startSession(document.uri);
  }

  /** Fills the page; false when the recording could not be read, which the page then explains. */
  async #show(recording: vscode.Uri, webview: vscode.Webview): Promise<boolean> {
    const styles = vscode.Uri.joinPath(this.#extension.extensionUri, "media", "recording.css");
    const summarised = await summarise(this.#extension, recording.fsPath);
    webview.html = recordingPage(summarised, {
      fileName: path.basename(recording.fsPath),
      trusted: vscode.workspace.isTrusted,
      source: webview.cspSource,
      styleSheet: webview.asWebviewUri(styles).toString(),
      nonce: randomUUID(),
    });
    return summarised.kind === "summary";
  }
}

async function react(recording: vscode.Uri, message: unknown): Promise<void> {
  const start: PageMessage = "start";
  const trust: PageMessage = "trust";
  if (message === start) await startSession(recording);
  if (message === trust) await vscode.commands.executeCommand("workbench.trust.manage");
}

async function startSession(recording: vscode.Uri): Promise<void> {
  if (!vscode.workspace.isTrusted) return;
  await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(recording), {
    type: debugType,
    request: "launch",
    name: path.basename(recording.fsPath),
    recording: recording.fsPath,
  });
}

/** The editor that opens starts the session. */
async function chooseRecording(): Promise<void> {
  const [file] =
    (await vscode.window.showOpenDialog({ title: "Open recording", filters: { Recordings: ["hindsight"] } })) ?? [];
  if (file !== undefined) await vscode.commands.executeCommand("vscode.openWith", file, viewType);
}
