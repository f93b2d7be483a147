// A debug session as the tests see it: starts it, waits for its stops, reads what it shows.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import * as vscode from "vscode";
import { isRecord } from "../../src/extension/answers.ts";

/** A file of the workspace that the suite runs in. */
export function workspaceFile(name: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder !== undefined, "the suite needs a workspace");
  return vscode.Uri.joinPath(folder.uri, name);
}

/** The interpreter of this run. */
export function testPython(): string {
  const python = process.env["HINDSIGHT_TEST_PYTHON"];
  assert.ok(python !== undefined, "the suite needs HINDSIGHT_TEST_PYTHON");
  return python;
}

/** Waits until `read` answers `wanted`. */
export async function see<T>(what: string, wanted: T, read: () => Promise<T> | T): Promise<void> {
  const end = Date.now() + 40_000;
  let seen: T | undefined;
  while (Date.now() < end) {
    seen = await read();
    if (isDeepStrictEqual(seen, wanted)) return;
    await delay(30);
  }
  assert.deepEqual(seen, wanted, what);
}

/** Starts a session that ends with the test. */
export async function start(configuration: Readonly<Record<string, unknown>>): Promise<vscode.DebugSession> {
  const started = new Promise<vscode.DebugSession>((resolve) => {
    const listening = vscode.debug.onDidStartDebugSession((session) => {
      listening.dispose();
      resolve(session);
    });
  });
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const complete = { type: "hindsight", request: "launch", name: "test", console: "internalConsole", ...configuration };
  assert.equal(await vscode.debug.startDebugging(folder, complete), true);
  return await started;
}

/** Ends every session and forgets all breakpoints. */
export async function cleanUp(): Promise<void> {
  vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
  await vscode.debug.stopDebugging();
  await see("no session", undefined, () => vscode.debug.activeDebugSession?.name);
}

export function breakAt(file: vscode.Uri, line: number): void {
  const place = new vscode.Location(file, new vscode.Position(line - 1, 0));
  vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(place)]);
}

/** The focused frame's function and line; undefined while nothing is focused. */
export async function place(): Promise<string | undefined> {
  const item = vscode.debug.activeStackItem;
  if (!(item instanceof vscode.DebugStackFrame)) return undefined;
  const frames = list(await item.session.customRequest("stackTrace", { threadId: item.threadId }), "stackFrames");
  const frame = frames.find((one) => one["id"] === item.frameId);
  return frame === undefined ? undefined : `${String(frame["name"])}:${String(frame["line"])}`;
}

export async function seePlace(wanted: string): Promise<void> {
  await see("stopped", wanted, place);
}

/** Name and text of each local of the focused frame. */
export async function locals(): Promise<Readonly<Record<string, string>>> {
  const item = vscode.debug.activeStackItem;
  assert.ok(item instanceof vscode.DebugStackFrame);
  const scopes = list(await item.session.customRequest("scopes", { frameId: item.frameId }), "scopes");
  const scope = scopes.find((one) => String(one["name"]).startsWith("Locals"));
  const reference = scope?.["variablesReference"];
  const variables = list(await item.session.customRequest("variables", { variablesReference: reference }), "variables");
  return Object.fromEntries(variables.map((one) => [String(one["name"]), String(one["value"])]));
}

function list(answer: unknown, name: string): readonly Readonly<Record<string, unknown>>[] {
  const items: unknown = isRecord(answer) ? answer[name] : undefined;
  assert.ok(Array.isArray(items), `${name} in ${JSON.stringify(answer)}`);
  return items.filter(isRecord);
}

/** Records a program without the editor, and returns the recording. */
export function record(program: string): vscode.Uri {
  const folder = path.dirname(workspaceFile(program).fsPath);
  const pytracer = path.join(extension().extensionPath, "pytracer");
  execFileSync(testPython(), [pytracer, "record", "-o", "suite.hindsight", "--", program], { cwd: folder });
  return workspaceFile("suite.hindsight");
}

export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.all.find(({ packageJSON }) => {
    const manifest: unknown = packageJSON;
    return isRecord(manifest) && manifest["name"] === "hindsight";
  });
  assert.ok(found !== undefined, "the extension is there");
  return found;
}
