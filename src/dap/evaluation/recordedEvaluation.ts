// `evaluate` over the recording: a value, a sentence that says it was not recorded, or a refusal.
import type { ScopesView, Value } from "../../travel/timeTravel.ts";
import type { ValueSource } from "../presentation/valueText.ts";
import { NoValueError, PathEvaluator } from "./evaluatePath.ts";
import { NotAPathError, parsePath } from "./pathExpression.ts";

export type RecordedEvaluation =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "notRecorded"; readonly message: string }
  | { readonly kind: "refused"; readonly message: string };

function notAPath(found: string): string {
  return `Only names, attributes, subscripts and literals can be evaluated in the past, which runs no code; this has ${found}.`;
}

/** Never throws for what a user can type. */
export function evaluateRecorded(expression: string, scopes: ScopesView, source: ValueSource): RecordedEvaluation {
  try {
    const value = new PathEvaluator(scopes, source).evaluate(parsePath(expression));
    return { kind: "value", value };
  } catch (error) {
    if (error instanceof NotAPathError) return { kind: "refused", message: notAPath(error.message) };
    if (error instanceof NoValueError) return { kind: error.kind, message: error.message };
    throw error;
  }
}
