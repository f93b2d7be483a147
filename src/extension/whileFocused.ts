// Providers for the language Python that are there only while a session of ours is focused: VS Code asks one provider
// whichever debugger runs, and other debuggers' hovers and values stay as they are.
import * as vscode from "vscode";
import { inlineValuesProvider } from "./inlineValues.ts";
import { focusedSession } from "./sessions.ts";
import { hoverProvider } from "./valuesOnHover.ts";

const python: vscode.DocumentSelector = { language: "python" };

/** Values on hover and beside the lines. Follows the focus between debug sessions. */
export function showValues(): vscode.Disposable {
  let registered: vscode.Disposable | undefined;
  function follow(): void {
    const ours = focusedSession() !== undefined;
    if (ours && registered === undefined)
      registered = vscode.Disposable.from(
        vscode.languages.registerEvaluatableExpressionProvider(python, hoverProvider),
        vscode.languages.registerInlineValuesProvider(python, inlineValuesProvider),
      );
    if (!ours) {
      registered?.dispose();
      registered = undefined;
    }
  }
  follow();
  const following = vscode.debug.onDidChangeActiveDebugSession(follow);
  return new vscode.Disposable(() => {
    following.dispose();
    registered?.dispose();
  });
}
