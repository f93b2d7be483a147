// Values on hover: says which expression the debugger should be asked for.
import * as vscode from "vscode";
import { expressionAt } from "./expressionAt.ts";
import { focusedSession } from "./sessions.ts";

export const hoverProvider: vscode.EvaluatableExpressionProvider = {
  provideEvaluatableExpression(document, position) {
    if (focusedSession() === undefined) return undefined;
    const expression = expressionAt(document.getText(), document.offsetAt(position));
    if (expression === undefined) return undefined;
    const range = new vscode.Range(document.positionAt(expression.start), document.positionAt(expression.end));
    return new vscode.EvaluatableExpression(range, expression.text);
  },
};
