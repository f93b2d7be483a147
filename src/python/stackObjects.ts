// Instructions that work on objects: attributes, items, operators, displays, formatting, unpacking.
import { type Operand, UNKNOWN_OPERAND } from "./operand.ts";
import type { Handler, SymbolicStack } from "./symbolicStack.ts";

/** Signs of BINARY_OP's argument (3.11 and later), in CPython's order. */
const BINARY_SIGNS = ["+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^"];
const SUBSCRIPT = 26;
const COMPARE_SIGNS = ["<", "<=", "==", "!=", ">", ">="];
const SPECIAL_NAMES = ["__enter__", "__exit__", "__aenter__", "__aexit__"];

/** Instructions of their own for each operator, before 3.11. */
const OLD_SIGNS: ReadonlyMap<string, string> = new Map([
  ["ADD", "+"],
  ["AND", "&"],
  ["FLOOR_DIVIDE", "//"],
  ["LSHIFT", "<<"],
  ["MATRIX_MULTIPLY", "@"],
  ["MULTIPLY", "*"],
  ["MODULO", "%"],
  ["OR", "|"],
  ["POWER", "**"],
  ["RSHIFT", ">>"],
  ["SUBTRACT", "-"],
  ["TRUE_DIVIDE", "/"],
  ["XOR", "^"],
]);

/** `BINARY_ADD` and `INPLACE_ADD`. */
export function operatorHandler(name: string): Handler | undefined {
  const sign = OLD_SIGNS.get(name.replace(/^(?:BINARY|INPLACE)_/u, ""));
  return sign === undefined ? undefined : (stack) => operate(stack, sign, 2);
}

function operate(stack: SymbolicStack, operator: string, count: number): void {
  stack.push({ kind: "operation", operator, operands: stack.take(count) });
}

function operator(sign: string, count: number): Handler {
  return (stack) => operate(stack, sign, count);
}

function binaryOp(stack: SymbolicStack, arg: number): void {
  if (arg === SUBSCRIPT) subscript(stack);
  else operate(stack, BINARY_SIGNS[arg % BINARY_SIGNS.length] ?? "?", 2);
}

function compare(stack: SymbolicStack, arg: number): void {
  const index = stack.minor < 12 ? arg : arg >> (stack.minor === 12 ? 4 : 5);
  operate(stack, COMPARE_SIGNS[index] ?? "?", 2);
}

function loadAttribute(stack: SymbolicStack, arg: number): void {
  if (stack.minor < 12) pushAttribute(stack, stack.name(arg));
  else if ((arg & 1) === 1) pushMethod(stack, stack.name(arg >> 1));
  else pushAttribute(stack, stack.name(arg >> 1));
}

function pushAttribute(stack: SymbolicStack, name: string): void {
  stack.push({ kind: "attribute", of: stack.pop(), name });
}

/** The method, and what it was looked up on. */
function pushMethod(stack: SymbolicStack, name: string): void {
  const of = stack.pop();
  stack.push({ kind: "attribute", of, name }, { kind: "receiver", of });
}

function loadSuperAttribute(stack: SymbolicStack, arg: number): void {
  const [callee = UNKNOWN_OPERAND, cls = UNKNOWN_OPERAND, receiver = UNKNOWN_OPERAND] = stack.take(3);
  const of: Operand = {
    kind: "call",
    callee,
    args: [cls, receiver],
    keywords: [],
    isSpread: false,
    offset: stack.offset,
  };
  stack.push({ kind: "attribute", of, name: stack.name(arg >> 2) });
  if ((arg & 1) === 1) stack.push({ kind: "receiver", of: receiver });
}

function storeAttribute(stack: SymbolicStack, arg: number): void {
  const of = stack.pop();
  stack.store({ kind: "attribute", of, name: stack.name(arg) }, stack.pop());
}

function subscript(stack: SymbolicStack): void {
  const [of = UNKNOWN_OPERAND, key = UNKNOWN_OPERAND] = stack.take(2);
  stack.push({ kind: "item", of, key });
}

function sliceOf(parts: readonly Operand[]): Operand {
  return { kind: "display", open: "slice(", close: ")", parts };
}

function binarySlice(stack: SymbolicStack): void {
  const key = sliceOf(stack.take(2));
  stack.push({ kind: "item", of: stack.pop(), key });
}

function storeSlice(stack: SymbolicStack): void {
  const key = sliceOf(stack.take(2));
  const of = stack.pop();
  stack.store({ kind: "item", of, key }, stack.pop());
}

function storeSubscript(stack: SymbolicStack): void {
  const [value = UNKNOWN_OPERAND, of = UNKNOWN_OPERAND, key = UNKNOWN_OPERAND] = stack.take(3);
  stack.store({ kind: "item", of, key }, value);
}

function deleteSubscript(stack: SymbolicStack): void {
  const [of = UNKNOWN_OPERAND, key = UNKNOWN_OPERAND] = stack.take(2);
  stack.store({ kind: "item", of, key }, undefined);
}

function display(open: string, close: string): Handler {
  return (stack, count) => stack.push({ kind: "display", open, close, parts: stack.take(count) });
}

function buildMap(stack: SymbolicStack, pairs: number): void {
  const parts = stack.take(pairs * 2);
  stack.push({ kind: "display", open: "{", close: "}", parts: pairTexts(parts) });
}

function pairTexts(parts: readonly Operand[]): readonly Operand[] {
  return parts.flatMap((key, index) => {
    const value = parts[index + 1];
    if (index % 2 === 1 || value === undefined) return [];
    return [{ kind: "operation", operator: ":", operands: [key, value] } as const];
  });
}

function buildConstKeyMap(stack: SymbolicStack, count: number): void {
  stack.pop();
  stack.push({ kind: "display", open: "{", close: "}", parts: stack.take(count) });
}

/** Adds to the display that lies `depth` deep. */
function extend(depth: number, count: number): (stack: SymbolicStack) => void {
  return (stack) => {
    const added = stack.take(count);
    const below = stack.take(depth);
    const [container, ...rest] = below;
    if (container === undefined) return;
    const parts = container.kind === "display" ? [...container.parts, ...added] : added;
    const grown: Operand = container.kind === "display" ? { ...container, parts: parts.slice(0, 8) } : container;
    stack.push(grown, ...rest);
  };
}

function formatValue(stack: SymbolicStack, arg: number): void {
  if ((arg & 4) !== 0) stack.pop();
}

function formatted(stack: SymbolicStack): void {
  const parts = stack.pop();
  stack.push({ kind: "display", open: "f{", close: "}", parts: [parts] });
}

/** The first part is the one that is stored first: it lies on top. */
function unpack(stack: SymbolicStack, count: number): void {
  const of = stack.pop();
  for (let index = count - 1; index >= 0; index--) stack.push({ kind: "part", of, index });
}

function unpackWithStar(stack: SymbolicStack, arg: number): void {
  const [before, after] = [arg & 0xff, arg >> 8];
  const of = stack.pop();
  for (let index = before + after; index >= 0; index--)
    stack.push({ kind: "part", of, index: index < before ? index : -1 });
}

function isOp(stack: SymbolicStack, arg: number): void {
  operate(stack, arg === 1 ? "is not" : "is", 2);
}

function containsOp(stack: SymbolicStack, arg: number): void {
  operate(stack, arg === 1 ? "not in" : "in", 2);
}

function unchanged(): void {
  // What it makes of its operand is as good as the operand here: a truth value, a tuple of a list.
}

function interpolation(stack: SymbolicStack, arg: number): void {
  stack.drop((arg & 1) === 1 ? 3 : 2);
  stack.push(UNKNOWN_OPERAND);
}

function template(stack: SymbolicStack): void {
  stack.drop(2);
  stack.push(UNKNOWN_OPERAND);
}

export const OBJECT_HANDLERS: readonly (readonly [string, Handler])[] = [
  ["ASYNC_GEN_WRAP", unchanged],
  ["BINARY_OP", binaryOp],
  ["BINARY_SLICE", binarySlice],
  ["BINARY_SUBSCR", subscript],
  ["BUILD_CONST_KEY_MAP", buildConstKeyMap],
  ["BUILD_INTERPOLATION", interpolation],
  ["BUILD_LIST", display("[", "]")],
  ["BUILD_MAP", buildMap],
  ["BUILD_SET", display("{", "}")],
  ["BUILD_SLICE", (stack, count) => stack.push(sliceOf(stack.take(count)))],
  ["BUILD_STRING", display('f"', '"')],
  ["BUILD_TEMPLATE", template],
  ["BUILD_TUPLE", display("(", ")")],
  ["COMPARE_OP", compare],
  ["CONTAINS_OP", containsOp],
  ["CONVERT_VALUE", unchanged],
  [
    "DELETE_ATTR",
    (stack, arg) => stack.store({ kind: "attribute", of: stack.pop(), name: stack.name(arg) }, undefined),
  ],
  ["DELETE_SUBSCR", deleteSubscript],
  ["DICT_MERGE", (stack, depth) => extend(depth, 1)(stack)],
  ["DICT_UPDATE", (stack, depth) => extend(depth, 1)(stack)],
  ["FORMAT_SIMPLE", formatted],
  ["FORMAT_VALUE", formatValue],
  [
    "FORMAT_WITH_SPEC",
    (stack) => {
      stack.pop();
      formatted(stack);
    },
  ],
  ["IS_OP", isOp],
  ["LIST_APPEND", (stack, depth) => extend(depth, 1)(stack)],
  ["LIST_EXTEND", (stack, depth) => extend(depth, 1)(stack)],
  ["LIST_TO_TUPLE", unchanged],
  ["LOAD_ATTR", loadAttribute],
  ["LOAD_METHOD", (stack, arg) => pushMethod(stack, stack.name(arg))],
  ["LOAD_SPECIAL", (stack, arg) => pushMethod(stack, SPECIAL_NAMES[arg] ?? "")],
  ["LOAD_SUPER_ATTR", loadSuperAttribute],
  ["MAP_ADD", (stack, depth) => extend(depth, 2)(stack)],
  ["SET_ADD", (stack, depth) => extend(depth, 1)(stack)],
  ["SET_UPDATE", (stack, depth) => extend(depth, 1)(stack)],
  ["STORE_ATTR", storeAttribute],
  ["STORE_SLICE", storeSlice],
  ["STORE_SUBSCR", storeSubscript],
  ["TO_BOOL", unchanged],
  ["UNARY_INVERT", operator("~", 1)],
  ["UNARY_NEGATIVE", operator("-", 1)],
  ["UNARY_NOT", operator("not", 1)],
  ["UNARY_POSITIVE", operator("+", 1)],
  ["UNPACK_EX", unpackWithStar],
  ["UNPACK_SEQUENCE", unpack],
];
