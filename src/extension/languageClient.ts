// The client of the language server (src/language): starts it with the first session, and answers its questions.
import * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import type { ExecutionCountsArguments, ExecutionCountsResponse } from "../protocol/customRequests.ts";
import type {
  ExecutionsChangedMethod,
  ExecutionsMethod,
  ExecutionsParams,
  ExecutionsResult,
} from "../protocol/languageServer.ts";
import { parseExecutions } from "./answers.ts";
import { distFile } from "./programs.ts";
import type { Sessions, SessionView } from "./sessions.ts";

const executions: ExecutionsMethod = "hindsight/executions";
const executionsChanged: ExecutionsChangedMethod = "hindsight/executionsChanged";

/** Where nothing is recorded, there is no server. */
export function showExecutions(extension: vscode.ExtensionContext, sessions: Sessions): vscode.Disposable {
  const client = new ExecutionsClient(distFile(extension, "server.js"), sessions);
  const following = sessions.onDidChange((view) => client.follow(view));
  return new vscode.Disposable(() => {
    following.dispose();
    void client.dispose();
  });
}

class ExecutionsClient {
  readonly #sessions: Sessions;
  readonly #client: LanguageClient;
  #started: Promise<void> | undefined;
  /** Which recording, and how much of it, the answers are about; counts grow only with the recording. */
  #extent = "";
  readonly #answers = new Map<string, Promise<ExecutionCountsResponse | undefined>>();

  constructor(serverFile: string, sessions: Sessions) {
    this.#sessions = sessions;
    this.#client = new LanguageClient(
      "hindsight",
      "Hindsight",
      { module: serverFile, transport: TransportKind.ipc },
      { documentSelector: [{ language: "python", scheme: "file" }] },
    );
    this.#client.onRequest(executions, async (params: ExecutionsParams) => await this.#executionsOf(params.uri));
  }

  async follow(view: SessionView): Promise<void> {
    if (view.kind !== "none") this.#started ??= this.#client.start();
    const extent = view.kind === "stopped" ? `${view.session.id} ${view.moment.lastStep}` : "";
    if (extent === this.#extent) return;
    this.#extent = extent;
    this.#answers.clear();
    if (this.#started === undefined) return;
    await this.#started;
    await this.#client.sendNotification(executionsChanged);
  }

  async #executionsOf(uri: string): Promise<ExecutionsResult> {
    const view = this.#sessions.focused;
    const file = vscode.Uri.parse(uri);
    if (view.kind !== "stopped" || isEdited(file)) return null;
    const known = this.#answers.get(file.fsPath) ?? ask(view.session, file.fsPath);
    this.#answers.set(file.fsPath, known);
    const counts = await known;
    return counts !== undefined && counts.sourceMatches && !isEdited(file) ? counts : null;
  }

  async dispose(): Promise<void> {
    await this.#started;
    await this.#client.dispose();
  }
}

function isEdited(file: vscode.Uri): boolean {
  return vscode.workspace.textDocuments.some((document) => document.isDirty && document.uri.fsPath === file.fsPath);
}

async function ask(session: vscode.DebugSession, file: string): Promise<ExecutionCountsResponse | undefined> {
  const args: ExecutionCountsArguments = { path: file };
  try {
    return parseExecutions(await session.customRequest(executions, args));
  } catch {
    // The session ended meanwhile, or does not know the file.
    return undefined;
  }
}
