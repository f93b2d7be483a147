// Values on hover: says which expression the debugger should be asked for.
//
// VS Code asks one provider for the language, whichever debugger runs, and shows nothing when it has no answer. So the
// provider is there only while a session of ours is focused, and other debuggers' hovers stay as they are.
import * as vscode from "vscode";
import { expressionAt } from "./expressionAt.ts";
import { focusedSession } from "./sessions.ts";

const provider: vscode.EvaluatableExpressionProvider = {
  provideEvaluatableExpression(document, position) {
    if (focusedSession() === undefined) return undefined;
    const expression = expressionAt(document.getText(), document.offsetAt(position));
    if (expression === undefined) return undefined;
    const range = new vscode.Range(document.positionAt(expression.start), document.positionAt(expression.end));
    return new vscode.EvaluatableExpression(range, expression.text);
  },
};

/** Follows the focus between debug sessions. */
export function showValuesOnHover(): vscode.Disposable {
  let registered: vscode.Disposable | undefined;
  function follow(): void {
    const ours = focusedSession() !== undefined;
    if (ours && registered === undefined)
      registered = vscode.languages.registerEvaluatableExpressionProvider({ language: "python" }, provider);
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
