// Double click on a .hindsight file: a read-only editor with a summary, and a session on the first opening.
// A window reload restores the editor without a second session; an untrusted workspace gets the summary alone.
import { randomUUID } from "node:crypto";
import path from "node:path";
import * as vscode from "vscode";
import { isRecord } from "./answers.ts";
import { summarise } from "./programs.ts";
import { recordingPage, type PageMessage } from "./recordingPage.ts";
import { debugType } from "./sessions.ts";

const viewType = "hindsight.recording";

/** Registers the editor and the command `hindsight.openRecording`. */
export function registerRecordingEditor(extension: vscode.ExtensionContext): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.window.registerCustomEditorProvider(viewType, new RecordingEditor(extension)),
    vscode.commands.registerCommand("hindsight.openRecording", chooseRecording),
  );
}

class RecordingEditor implements vscode.CustomReadonlyEditorProvider {
  readonly #extension: vscode.ExtensionContext;

  constructor(extension: vscode.ExtensionContext) {
    this.#extension = extension;
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
    await this.#show(document.uri, panel.webview);
  }

  async #show(recording: vscode.Uri, webview: vscode.Webview): Promise<void> {
    const styles = vscode.Uri.joinPath(this.#extension.extensionUri, "media", "recording.css");
    const summarised = await summarise(this.#extension, recording.fsPath);
    webview.html = recordingPage(summarised, {
      fileName: path.basename(recording.fsPath),
      trusted: vscode.workspace.isTrusted,
      source: webview.cspSource,
      styleSheet: webview.asWebviewUri(styles).toString(),
      nonce: randomUUID(),
    });
  }
}

async function react(recording: vscode.Uri, message: unknown): Promise<void> {
  const said = parseMessage(message);
  switch (said?.type) {
    case "ready":
      if (!said.started) await startSession(recording);
      break;
    case "start":
      await startSession(recording);
      break;
    case "trust":
      await vscode.commands.executeCommand("workbench.trust.manage");
      break;
    case undefined:
      break;
  }
}

function parseMessage(message: unknown): PageMessage | undefined {
  if (!isRecord(message)) return undefined;
  const { type, started } = message;
  if (type === "ready") return { type, started: started === true };
  return type === "start" || type === "trust" ? { type } : undefined;
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
