// Conditions that only compare whole numbers of variables (`i == 12345`, `0 < n % 3 <= k`): a function over numbers, which
// needs no objects. It gives undefined where it cannot tell; the evaluator of the past then answers.
import type { BinaryOperator, CompareOperator, Expression } from "../evaluate/ast.ts";

/** Numbers by place in `names`; undefined for a variable that holds none. */
type Numbers = readonly (number | undefined)[];
type Numeric = (numbers: Numbers) => number | undefined;
type Test = (numbers: Numbers) => boolean | undefined;

export interface NumberTest {
  readonly names: readonly string[];
  readonly holds: Test;
}

/** Undefined for an expression of another form. */
export function numberTest(expression: Expression): NumberTest | undefined {
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
      return (numbers) => {
        for (const test of tests) {
          const holds = test(numbers);
          if (holds === undefined || holds === isOr) return holds;
        }
        return !isOr;
      };
    }
    case "unary": {
      const test = expression.operator === "not" ? testOf(expression.operand, names) : undefined;
      if (test === undefined) return undefined;
      return (numbers) => {
        const holds = test(numbers);
        return holds === undefined ? undefined : !holds;
      };
    }
    default:
      return undefined;
  }
}

function comparison(expression: Extract<Expression, { readonly kind: "compare" }>, names: string[]): Test | undefined {
  const first = numeric(expression.first, names);
  if (first === undefined) return undefined;
  const links: { readonly compare: (a: number, b: number) => boolean; readonly value: Numeric }[] = [];
  for (const { operator, value } of expression.rest) {
    const compare = comparisons.get(operator);
    const right = numeric(value, names);
    if (compare === undefined || right === undefined) return undefined;
    links.push({ compare, value: right });
  }
  return (numbers) => {
    let left = first(numbers);
    for (const { compare, value } of links) {
      const right = left === undefined ? undefined : value(numbers);
      if (left === undefined || right === undefined) return undefined;
      if (!compare(left, right)) return false;
      left = right;
    }
    return true;
  };
}

const comparisons: ReadonlyMap<CompareOperator, (a: number, b: number) => boolean> = new Map([
  ["==", (a: number, b: number) => a === b],
  ["!=", (a: number, b: number) => a !== b],
  ["<", (a: number, b: number) => a < b],
  ["<=", (a: number, b: number) => a <= b],
  [">", (a: number, b: number) => a > b],
  [">=", (a: number, b: number) => a >= b],
]);

function numeric(expression: Expression, names: string[]): Numeric | undefined {
  switch (expression.kind) {
    case "constant": {
      const { value } = expression;
      const number = value.kind === "int" ? Number(value.value) : undefined;
      return number === undefined || !Number.isSafeInteger(number) ? undefined : () => number;
    }
    case "name": {
      const known = names.indexOf(expression.name);
      const place = known < 0 ? names.push(expression.name) - 1 : known;
      return (numbers) => numbers[place];
    }
    case "unary": {
      const operand = expression.operator === "-" ? numeric(expression.operand, names) : undefined;
      return operand === undefined ? undefined : (numbers) => safe(0 - (operand(numbers) ?? Number.NaN));
    }
    case "binary": {
      const operate = operations.get(expression.operator);
      const left = numeric(expression.left, names);
      const right = numeric(expression.right, names);
      if (operate === undefined || left === undefined || right === undefined) return undefined;
      return (numbers) => {
        const a = left(numbers);
        const b = right(numbers);
        return a === undefined || b === undefined ? undefined : safe(operate(a, b));
      };
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

/** Beyond 2^53 numbers are not exact any more. */
function safe(number: number): number | undefined {
  return Number.isSafeInteger(number) ? number : undefined;
}
