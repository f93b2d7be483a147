// The project's other programs: the debug adapter and the command line, each one file in dist/.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { messageOf, parseSummary, type RecordingSummary } from "./answers.ts";
import { debugType } from "./sessions.ts";

const run = promisify(execFile);

/** VS Code runs "node" with its own runtime, so that none needs to be installed. */
export function registerAdapter(extension: vscode.ExtensionContext): vscode.Disposable {
  const adapter = distFile(extension, "adapter.js");
  return vscode.debug.registerDebugAdapterDescriptorFactory(debugType, {
    createDebugAdapterDescriptor: () => new vscode.DebugAdapterExecutable("node", [adapter]),
  });
}

/** The file of one of our programs. */
export function distFile(extension: vscode.ExtensionContext, file: string): string {
  return vscode.Uri.joinPath(extension.extensionUri, "dist", file).fsPath;
}

export type Summarised =
  | { readonly kind: "summary"; readonly summary: RecordingSummary }
  | { readonly kind: "failure"; readonly message: string };

/** What is in a recording, without running anything that is recorded in it. */
export async function summarise(extension: vscode.ExtensionContext, recording: string): Promise<Summarised> {
  const args = [distFile(extension, "hindsight.js"), "info", recording, "--json"];
  // The extension host's own executable is not plain node in a desktop VS Code unless told so.
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
  try {
    const { stdout } = await run(process.execPath, args, { env, maxBuffer: 16 * 1024 * 1024, timeout: 120_000 });
    const answer: unknown = JSON.parse(stdout);
    const summary = parseSummary(answer);
    if (summary !== undefined) return { kind: "summary", summary };
    return { kind: "failure", message: "The summary of this recording could not be read." };
  } catch (error) {
    return { kind: "failure", message: saidBy(error) };
  }
}

/** The command line explains bad input in one sentence on standard error. */
function saidBy(error: unknown): string {
  const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  return said === "" ? messageOf(error) : said.replace(/^hindsight: /, "");
}
