// From F5, the picker, the run button or launch.json to a configuration that the adapter takes.
// What a launch configuration may say is checked by the adapter; here is only what the editor alone knows.
import * as vscode from "vscode";
import { findPython, pythonExtension } from "./pythonInterpreter.ts";
import { debugType } from "./sessions.ts";

const name = "Python: time travel";

const currentFile: vscode.DebugConfiguration = { type: debugType, request: "launch", name, program: "${file}" };

/** Registers the configurations and the command `hindsight.debugFile`. */
export function registerDebugConfigurations(): vscode.Disposable {
  const { Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  return vscode.Disposable.from(
    vscode.debug.registerDebugConfigurationProvider(debugType, { resolveDebugConfiguration: completed, ...withPython }),
    vscode.debug.registerDebugConfigurationProvider(
      debugType,
      { provideDebugConfigurations: () => [currentFile] },
      Dynamic,
    ),
    vscode.commands.registerCommand("hindsight.debugFile", debugFile),
  );
}

/** The run button: starts at once, whatever other debuggers are installed. */
async function debugFile(resource: unknown): Promise<void> {
  const file = resource instanceof vscode.Uri ? resource : activePythonFile();
  if (file === undefined) {
    void vscode.window.showErrorMessage("Open the Python file that you want to debug, then start again.");
    return;
  }
  if (file.scheme !== "file") {
    explainUnsaved();
    return;
  }
  const folder = vscode.workspace.getWorkspaceFolder(file);
  await vscode.debug.startDebugging(folder, { ...currentFile, program: file.fsPath });
}

function activePythonFile(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === "python" ? document.uri : undefined;
}

function explainUnsaved(): void {
  void vscode.window.showErrorMessage("Save the file first: Python runs files on disk.");
}

/** F5 without a launch configuration hands in an empty one: then the current file is meant. */
function completed(
  _folder: vscode.WorkspaceFolder | undefined,
  configuration: vscode.DebugConfiguration,
): vscode.DebugConfiguration | undefined {
  const given = new Map<string, unknown>(Object.entries(configuration));
  if (given.has("request")) return configuration;
  const file = activePythonFile();
  if (file === undefined) {
    void vscode.window.showErrorMessage("Open the Python file that you want to debug, then press F5 again.");
    return undefined;
  }
  if (file.scheme !== "file") {
    explainUnsaved();
    return undefined;
  }
  return { ...configuration, ...currentFile, program: file.fsPath };
}

const withPython: vscode.DebugConfigurationProvider = {
  async resolveDebugConfigurationWithSubstitutedVariables(folder, given) {
    const configuration = inFolder(folder, given);
    const recording: unknown = configuration["recording"];
    const python: unknown = configuration["python"];
    if (isFilled(recording) || isFilled(python)) return configuration;
    const found = await findPython(folder?.uri ?? activePythonFile());
    if (found !== undefined) return { ...configuration, python: found };
    await explainMissingPython();
    return undefined;
  },
};

/** Programs run in the workspace's folder unless told otherwise; the adapter does not know it. */
function inFolder(
  folder: vscode.WorkspaceFolder | undefined,
  configuration: vscode.DebugConfiguration,
): vscode.DebugConfiguration {
  const cwd: unknown = configuration["cwd"];
  return isFilled(cwd) || folder === undefined ? configuration : { ...configuration, cwd: folder.uri.fsPath };
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== "";
}

async function explainMissingPython(): Promise<void> {
  const select = "Select Interpreter";
  const edit = "Open launch.json";
  const choices = vscode.extensions.getExtension(pythonExtension) === undefined ? [edit] : [select, edit];
  const message =
    "No Python was found: neither chosen in the Python extension nor as python3 or python on PATH. " +
    'Install Python 3.9 or later, or name the interpreter as "python" in launch.json.';
  const choice = await vscode.window.showErrorMessage(message, ...choices);
  if (choice === select) await vscode.commands.executeCommand("python.setInterpreter");
  if (choice === edit) await vscode.commands.executeCommand("workbench.action.debug.configure");
}
