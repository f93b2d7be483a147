// Instructions that call, make functions, import, raise and return.
import { type Operand, UNKNOWN_OPERAND } from "./operand.ts";
import type { Handler, SymbolicStack } from "./symbolicStack.ts";

function call(stack: SymbolicStack, count: number): void {
  const keywords = stack.keywordNames;
  stack.keywordNames = [];
  stack.callBelow(stack.take(count), keywords, false);
}

/** 3.11 and 3.12: names of a constant tuple, which a recording keeps as its type only. */
function keywordNames(stack: SymbolicStack): void {
  stack.keywordNames = UNNAMED;
}

/** Stands for names that are not known. */
const UNNAMED: readonly string[] = ["…"];

function callKeywords(stack: SymbolicStack, count: number): void {
  stack.pop();
  stack.callBelow(stack.take(count), UNNAMED, false);
}

function callFunction(stack: SymbolicStack, count: number): void {
  const args = stack.take(count);
  stack.call(stack.pop(), args, [], false);
}

function callFunctionKeywords(stack: SymbolicStack, count: number): void {
  stack.pop();
  const args = stack.take(count);
  stack.call(stack.pop(), args, UNNAMED, false);
}

function callSpread(stack: SymbolicStack, arg: number): void {
  if (stack.minor >= 14)
    stack.callBelow(
      stack.take(2).filter(({ kind }) => kind !== "null"),
      [],
      true,
    );
  else if (stack.minor >= 11) stack.callBelow(stack.take(1 + (arg & 1)), [], true);
  else {
    const args = stack.take(1 + (arg & 1));
    stack.call(stack.pop(), args, [], true);
  }
}

const LIST_TO_TUPLE = 6;
const ASYNC_GEN_WRAP = 4;
const UNARY_POSITIVE = 5;

function intrinsic(stack: SymbolicStack, arg: number): void {
  if (arg === LIST_TO_TUPLE || arg === ASYNC_GEN_WRAP) return;
  const operand = stack.pop();
  stack.push(arg === UNARY_POSITIVE ? { kind: "operation", operator: "+", operands: [operand] } : UNKNOWN_OPERAND);
}

function intrinsic2(stack: SymbolicStack): void {
  stack.drop(2);
  stack.push(UNKNOWN_OPERAND);
}

function makeFunction(stack: SymbolicStack, arg: number): void {
  if (stack.minor < 11) stack.pop();
  const code = stack.pop();
  if (stack.minor < 13) stack.drop([1, 2, 4, 8].filter((flag) => (arg & flag) !== 0).length);
  stack.push({ kind: "function", name: code.kind === "constant" ? "function" : "…" });
}

function setFunctionAttribute(stack: SymbolicStack): void {
  const made = stack.pop();
  stack.pop();
  stack.push(made);
}

function importName(stack: SymbolicStack, arg: number): void {
  stack.drop(2);
  stack.push({ kind: "import", name: stack.name(arg) });
}

function importFrom(stack: SymbolicStack, arg: number): void {
  const module = stack.peek(1);
  const from = module.kind === "import" ? `${module.name}.` : "";
  stack.push({ kind: "import", name: `${from}${stack.name(arg)}` });
}

function raise(stack: SymbolicStack, count: number): void {
  const [raised = { kind: "exception" } satisfies Operand] = stack.take(count);
  stack.exit("raise", raised);
  stack.leave();
}

function returnValue(stack: SymbolicStack): void {
  stack.exit("return", stack.pop());
  stack.leave();
}

function returnConst(stack: SymbolicStack, arg: number): void {
  stack.exit("return", stack.constant(arg));
  stack.leave();
}

export const CALL_HANDLERS: readonly (readonly [string, Handler])[] = [
  ["CALL", call],
  ["CALL_FUNCTION", callFunction],
  ["CALL_FUNCTION_EX", callSpread],
  ["CALL_FUNCTION_KW", callFunctionKeywords],
  ["CALL_INTRINSIC_1", intrinsic],
  ["CALL_INTRINSIC_2", intrinsic2],
  ["CALL_KW", callKeywords],
  ["CALL_METHOD", call],
  ["IMPORT_FROM", importFrom],
  ["IMPORT_NAME", importName],
  ["IMPORT_STAR", (stack) => stack.drop(1)],
  ["KW_NAMES", keywordNames],
  ["LOAD_BUILD_CLASS", (stack) => stack.push({ kind: "variable", scope: "global", name: "__build_class__" })],
  ["MAKE_FUNCTION", makeFunction],
  ["PRINT_EXPR", (stack) => stack.drop(1)],
  ["RAISE_VARARGS", raise],
  ["RETURN_CONST", returnConst],
  ["RETURN_VALUE", returnValue],
  ["SET_FUNCTION_ATTRIBUTE", setFunctionAttribute],
];
