// Conditions that only ask for scalars of variables (`i == 12345`, `0 < n % 3 <= k`, `name in ("a", "b")`,
// `found is None`, `not done`): a function over JavaScript's own values, which needs no objects. It gives undefined where
// it cannot tell; the evaluator of the past then answers.
import type { BinaryOperator, CompareOperator, Expression } from "../evaluate/ast.ts";

/** int (exact) and float, bool, str, None; undefined for everything else. */
export type Scalar = number | boolean | string | null | undefined;

/** By place in `names`. */
type Scalars = readonly Scalar[];
type Term = (scalars: Scalars) => Scalar;
type Test = (scalars: Scalars) => boolean | undefined;

export interface ScalarTest {
  readonly names: readonly string[];
  readonly holds: Test;
}

/** Undefined for an expression of another form. */
export function scalarTest(expression: Expression): ScalarTest | undefined {
  const names: string[] = [];
  const holds = testOf(expression, names);
  return holds === undefined || names.length === 0 ? undefined : { names, holds };
}

function testOf(expression: Expression, names: string[]): Test | undefined {
  switch (expression.kind) {
    case "compare":
      return comparison(expression, names);
    case "boolean": {
      const tests: Test[] = [];
      for (const operand of expression.operands) {
        const test = testOf(operand, names);
        if (test === undefined) return undefined;
        tests.push(test);
      }
      const isOr = expression.operator === "or";
      return (scalars) => {
        for (const test of tests) {
          const holds = test(scalars);
          if (holds === undefined || holds === isOr) return holds;
        }
        return !isOr;
      };
    }
    case "unary": {
      if (expression.operator !== "not") return truth(expression, names);
      const test = testOf(expression.operand, names);
      if (test === undefined) return undefined;
      return (scalars) => {
        const holds = test(scalars);
        return holds === undefined ? undefined : !holds;
      };
    }
    default:
      return truth(expression, names);
  }
}

function truth(expression: Expression, names: string[]): Test | undefined {
  const value = term(expression, names);
  return value === undefined
    ? undefined
    : (scalars) => {
        const scalar = value(scalars);
        // A nan is true.
        return scalar === undefined ? undefined : Boolean(scalar) || Number.isNaN(scalar);
      };
}

type Compare = (a: Scalar, b: Scalar) => boolean | undefined;

function comparison(expression: Extract<Expression, { readonly kind: "compare" }>, names: string[]): Test | undefined {
  const [only, another] = expression.rest;
  if (another === undefined && (only?.operator === "in" || only?.operator === "not in"))
    return membership(expression.first, only.value, only.operator === "in", names);
  const withConstant = another === undefined ? constantComparison(expression.first, only, names) : undefined;
  if (withConstant !== undefined) return withConstant;
  const first = term(expression.first, names);
  if (first === undefined) return undefined;
  const links: { readonly compare: Compare; readonly value: Term }[] = [];
  for (const { operator, value } of expression.rest) {
    const compare = isIdentity(operator) && !isSingleton(value) ? undefined : comparisons.get(operator);
    const right = term(value, names);
    if (compare === undefined || right === undefined) return undefined;
    links.push({ compare, value: right });
  }
  return (scalars) => {
    let left = first(scalars);
    for (const { compare, value } of links) {
      const right = left === undefined ? undefined : value(scalars);
      if (left === undefined || right === undefined) return undefined;
      const holds = compare(left, right);
      if (holds !== true) return holds;
      left = right;
    }
    return true;
  };
}

/** `name == 3`, the most frequent form by far, in one step. */
function constantComparison(
  first: Expression,
  link: { readonly operator: CompareOperator; readonly value: Expression } | undefined,
  names: string[],
): Test | undefined {
  const right = link === undefined ? undefined : constant(link.value);
  const isPlain = link?.operator === "==" || link?.operator === "!=";
  if (first.kind !== "name" || !isPlain || typeof right !== "number") return undefined;
  const place = placeOf(first.name, names);
  const isEqual = link.operator === "==";
  return (scalars) => {
    const left = scalars[place];
    if (left === undefined) return undefined;
    return (typeof left === "number" ? left === right : equal(left, right)) === isEqual;
  };
}

function placeOf(name: string, names: string[]): number {
  const known = names.indexOf(name);
  return known < 0 ? names.push(name) - 1 : known;
}

/** In a tuple, list or set of constants. */
function membership(element: Expression, container: Expression, isIn: boolean, names: string[]): Test | undefined {
  if (container.kind !== "tuple" && container.kind !== "list" && container.kind !== "set") return undefined;
  const values = container.elements.map(({ value, isStarred }) => (isStarred ? undefined : constant(value)));
  const value = term(element, names);
  if (value === undefined || values.includes(undefined)) return undefined;
  return (scalars) => {
    const scalar = value(scalars);
    if (scalar === undefined) return undefined;
    return values.some((one) => equal(scalar, one)) === isIn;
  };
}

function isIdentity(operator: CompareOperator): boolean {
  return operator === "is" || operator === "is not";
}

/** None, True, False: which are one object each. */
function isSingleton(expression: Expression): boolean {
  const value = constant(expression);
  return value === null || typeof value === "boolean";
}

function numberOf(value: Scalar): Scalar {
  return typeof value === "boolean" ? Number(value) : value;
}

function equal(a: Scalar, b: Scalar): boolean {
  return numberOf(a) === numberOf(b);
}

/** Undefined for what Python does not order, and for texts, which JavaScript orders otherwise. */
function ordered(a: Scalar, b: Scalar, test: (a: number, b: number) => boolean): boolean | undefined {
  const [x, y] = [numberOf(a), numberOf(b)];
  return typeof x === "number" && typeof y === "number" ? test(x, y) : undefined;
}

const comparisons: ReadonlyMap<CompareOperator, Compare> = new Map<CompareOperator, Compare>([
  ["==", equal],
  ["!=", (a, b) => !equal(a, b)],
  ["is", (a, b) => a === b],
  ["is not", (a, b) => a !== b],
  ["<", (a, b) => ordered(a, b, (x, y) => x < y)],
  ["<=", (a, b) => ordered(a, b, (x, y) => x <= y)],
  [">", (a, b) => ordered(a, b, (x, y) => x > y)],
  [">=", (a, b) => ordered(a, b, (x, y) => x >= y)],
]);

function constant(expression: Expression): Scalar {
  if (expression.kind === "unary" && expression.operator === "-") {
    const value = constant(expression.operand);
    return typeof value === "number" ? -value : undefined;
  }
  if (expression.kind !== "constant") return undefined;
  const { value } = expression;
  switch (value.kind) {
    case "none":
      return null;
    case "bool":
    case "float":
      return value.value;
    case "int": {
      const number = Number(value.value);
      return Number.isSafeInteger(number) ? number : undefined;
    }
    case "str":
      return value.text;
    default:
      return undefined;
  }
}

function term(expression: Expression, names: string[]): Term | undefined {
  switch (expression.kind) {
    case "constant": {
      const value = constant(expression);
      return value === undefined ? undefined : () => value;
    }
    case "name": {
      const place = placeOf(expression.name, names);
      return (scalars) => scalars[place];
    }
    case "unary": {
      const value = constant(expression);
      if (value !== undefined) return () => value;
      const operand = expression.operator === "-" ? term(expression.operand, names) : undefined;
      return operand === undefined ? undefined : (scalars) => whole(0 - wholeOrNan(operand(scalars)));
    }
    case "binary": {
      const operate = operations.get(expression.operator);
      const left = term(expression.left, names);
      const right = term(expression.right, names);
      if (operate === undefined || left === undefined || right === undefined) return undefined;
      return (scalars) => whole(operate(wholeOrNan(left(scalars)), wholeOrNan(right(scalars))));
    }
    default:
      return undefined;
  }
}

/** As Python's whole numbers; NaN (no whole number) where it raises. */
const operations: ReadonlyMap<BinaryOperator, (a: number, b: number) => number> = new Map([
  ["+", (a: number, b: number) => a + b],
  ["-", (a: number, b: number) => a - b],
  ["*", (a: number, b: number) => a * b],
  ["%", (a: number, b: number) => (b === 0 ? Number.NaN : ((a % b) + b) % b)],
]);

/** What is computed with is whole; floats are the evaluator's. */
function wholeOrNan(value: Scalar): number {
  const number = numberOf(value);
  return typeof number === "number" && Number.isSafeInteger(number) ? number : Number.NaN;
}

/** Beyond 2^53 numbers are not exact any more. */
function whole(number: number): number | undefined {
  return Number.isSafeInteger(number) ? number : undefined;
}
