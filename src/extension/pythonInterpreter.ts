// Which Python runs the program, when the launch configuration does not say?
// The Python extension's choice where it is installed, else python3 or python on PATH.
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import { isRecord } from "./answers.ts";

export const pythonExtension = "ms-python.python";

/** A path, or undefined when there is none. */
export async function findPython(resource: vscode.Uri | undefined): Promise<string | undefined> {
  return (await chosenInPythonExtension(resource)) ?? (await onPath(process.env["PATH"] ?? "", process.platform));
}

/** The Python extension's `environments` API, of which only what is used here is believed, and checked. */
async function chosenInPythonExtension(resource: vscode.Uri | undefined): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<unknown>(pythonExtension);
  if (extension === undefined) return undefined;
  try {
    const api = await extension.activate();
    const environments = isRecord(api) ? api["environments"] : undefined;
    if (!isRecord(environments)) return undefined;
    const active = await call(environments, "getActiveEnvironmentPath", resource);
    if (!isRecord(active)) return undefined;
    return executableOf(await call(environments, "resolveEnvironment", active));
  } catch {
    // Broken or of another version: PATH serves.
    return undefined;
  }
}

async function call(owner: Readonly<Record<string, unknown>>, method: string, argument: unknown): Promise<unknown> {
  const callee = owner[method];
  if (typeof callee !== "function") return undefined;
  const answer: unknown = Reflect.apply(callee, owner, [argument]);
  return await answer;
}

function executableOf(environment: unknown): string | undefined {
  const executable = isRecord(environment) ? environment["executable"] : undefined;
  const uri = isRecord(executable) ? executable["uri"] : undefined;
  const file = isRecord(uri) ? uri["fsPath"] : undefined;
  return typeof file === "string" && file !== "" ? file : undefined;
}

async function onPath(searchPath: string, platform: NodeJS.Platform): Promise<string | undefined> {
  const names = platform === "win32" ? ["python.exe", "python3.exe"] : ["python3", "python"];
  const folders = searchPath.split(path.delimiter).filter((folder) => folder !== "");
  for (const name of names)
    for (const folder of folders) {
      const candidate = path.join(folder, name);
      if (await isExecutable(candidate)) return candidate;
    }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    const status = await stat(file);
    // The empty files that Windows puts on PATH open its store instead of running Python.
    return status.isFile() && status.size > 0;
  } catch {
    return false;
  }
}
