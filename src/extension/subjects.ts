// What is a command asked about? A variable of the variables view, a watch, or the expression under the cursor.
import * as vscode from "vscode";
import type { SubjectArguments } from "../protocol/historyRequests.ts";
import { isRecord } from "./answers.ts";
import { expressionAt } from "./expressionAt.ts";

export interface Subject {
  /** As a person names it. */
  readonly name: string;
  readonly args: SubjectArguments;
}

/** `context` is what VS Code's menu hands in; without one the cursor or the person says it. */
export async function subjectOf(context: unknown): Promise<Subject | undefined> {
  return fromMenu(context) ?? fromCursor() ?? (await typed());
}

/** Menus of the variables, watches and hovers hand in the variable with what it is in. */
export function fromMenu(context: unknown): Subject | undefined {
  if (!isRecord(context)) return undefined;
  const { container, variable } = context;
  if (!isRecord(variable)) return fromWatch(context);
  const { name, evaluateName } = variable;
  if (typeof name !== "string") return undefined;
  const path = typeof evaluateName === "string" ? evaluateName : name;
  const reference = isRecord(container) ? container["variablesReference"] : undefined;
  if (typeof reference === "number" && reference > 0)
    return { name: path, args: { variablesReference: reference, name } };
  return typeof evaluateName === "string" ? expression(evaluateName) : undefined;
}

/** A watch is its own expression. */
function fromWatch(context: Readonly<Record<string, unknown>>): Subject | undefined {
  const { name } = context;
  return typeof name === "string" && name !== "" ? expression(name) : undefined;
}

/** The selected text, or the name or path that the cursor stands on. */
function fromCursor(): Subject | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== "python") return undefined;
  const { document, selection } = editor;
  const selected = document.getText(selection).trim();
  if (selected !== "") return selected.includes("\n") ? undefined : expression(selected);
  const found = expressionAt(document.getText(), document.offsetAt(selection.active));
  return found === undefined ? undefined : expression(found.text);
}

async function typed(): Promise<Subject | undefined> {
  const text = await vscode.window.showInputBox({
    title: "Which variable or expression?",
    prompt: "A name of the current frame, such as total, self.items or prices[0].",
  });
  return text === undefined || text.trim() === "" ? undefined : expression(text.trim());
}

/** In the frame that is chosen in the call stack. */
function expression(text: string): Subject {
  const item = vscode.debug.activeStackItem;
  const frame = item instanceof vscode.DebugStackFrame ? { frameId: item.frameId } : {};
  return { name: text, args: { expression: text, ...frame } };
}

/** A line of a file, one-based. */
export interface FileLine {
  readonly path: string;
  readonly line: number;
}

/** The line-number menu hands in the line; else it is the one with the cursor. */
export function lineOf(context: unknown): FileLine | undefined {
  if (isRecord(context) && typeof context["lineNumber"] === "number" && context["uri"] instanceof vscode.Uri)
    return { path: context["uri"].fsPath, line: context["lineNumber"] };
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== "python") return undefined;
  return { path: editor.document.uri.fsPath, line: editor.selection.active.line + 1 };
}
