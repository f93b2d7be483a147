// The evaluator of the past: compile an expression once, evaluate it at any moment. Pure; runs nothing of the program.
//
//     const compiled = compileExpression("order.total > 3");
//     const environment = environmentAt(travel, moment, frame);
//     if (compiled.kind === "compiled" && environment !== undefined) evaluate(compiled, environment);
import type { ObjectView, Value } from "../timeTravel.ts";
import type { Expression } from "./ast.ts";
import type { Environment } from "./environment.ts";
import { Evaluator } from "./evaluator.ts";
import { PythonError, Refusal } from "./failures.ts";
import { SyntaxProblemError } from "./literals.ts";
import type { Machine } from "./machine.ts";
import { exportValue } from "./outcome.ts";
import { isStatement, parseExpression } from "./parse.ts";
import { text } from "./repr.ts";
import { Scope } from "./scope.ts";
import { truth } from "./truth.ts";
import type { Py } from "./values.ts";

export { environmentAt, type Environment } from "./environment.ts";

/** An expression that can be evaluated any number of times. */
export interface Compiled {
  readonly kind: "compiled";
  readonly expression: Expression;
}

/** `isStatement`: it is Python, but no expression. */
export interface SyntaxProblem {
  readonly kind: "syntaxProblem";
  readonly message: string;
  readonly isStatement: boolean;
}

/** Without a value: an exception as Python would raise it, or why the past cannot answer. */
export type NoValue =
  | { readonly kind: "raised"; readonly type: string; readonly text: string }
  | { readonly kind: "refused"; readonly reason: string; readonly isNotRecorded: boolean };

export type Outcome =
  | {
      readonly kind: "value";
      readonly value: Value;
      /** Objects that the evaluation made; all others are the recording's. */
      readonly made: ReadonlyMap<number, ObjectView>;
    }
  | NoValue;

export function compileExpression(source: string): Compiled | SyntaxProblem {
  try {
    return { kind: "compiled", expression: parseExpression(source.trim()) };
  } catch (error) {
    if (!(error instanceof SyntaxProblemError)) throw error;
    return { kind: "syntaxProblem", message: error.message, isStatement: isStatement(source) };
  }
}

export function evaluate(compiled: Compiled, environment: Environment): Outcome {
  return run(compiled, environment, (value, { machine }) => ({ kind: "value", ...exportValue(machine, value) }));
}

/** Is the expression true? For conditions. */
export function evaluateTruth(
  compiled: Compiled,
  environment: Environment,
): { readonly kind: "truth"; readonly value: boolean } | NoValue {
  return run(compiled, environment, (value, { machine }) => ({ kind: "truth", value: truth(machine, value) }));
}

/** `str` of the expression's value: for log messages. */
export function evaluateText(
  compiled: Compiled,
  environment: Environment,
): { readonly kind: "text"; readonly text: string } | NoValue {
  return run(compiled, environment, (value, { machine }) => ({ kind: "text", text: text(machine, value) }));
}

/** Hands the value to somebody who looks inside. */
export function evaluateWith<T>(
  compiled: Compiled,
  environment: Environment,
  use: (value: Py, machine: Machine) => T,
): T | NoValue {
  return run(compiled, environment, (value, { machine }) => use(value, machine));
}

function run<T>(
  { expression }: Compiled,
  environment: Environment,
  use: (value: Py, evaluator: Evaluator) => T,
): T | NoValue {
  const evaluator = new Evaluator(environment);
  try {
    return use(evaluator.evaluate(expression, new Scope(undefined, "")), evaluator);
  } catch (error) {
    if (error instanceof PythonError) return { kind: "raised", type: error.type, text: error.text };
    if (error instanceof Refusal)
      return { kind: "refused", reason: error.message, isNotRecorded: error.kind === "notRecorded" };
    throw error;
  }
}
