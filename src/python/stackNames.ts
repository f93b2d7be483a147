// Instructions that load and store variables and constants, or only move the stack.
import { constantOperand, UNKNOWN_OPERAND, type VariableScope } from "./operand.ts";
import type { Handler, SymbolicStack } from "./symbolicStack.ts";

function load(scope: VariableScope, name: string, stack: SymbolicStack): void {
  stack.push({ kind: "variable", scope, name });
}

function loadSlot(stack: SymbolicStack, slot: number): void {
  load("own", stack.slotName(slot), stack);
}

function storeSlot(stack: SymbolicStack, slot: number): void {
  stack.store({ kind: "variable", scope: "own", name: stack.slotName(slot) }, stack.pop());
}

function loadTwoSlots(stack: SymbolicStack, arg: number): void {
  loadSlot(stack, arg >> 4);
  loadSlot(stack, arg & 15);
}

function storeAndLoadSlot(stack: SymbolicStack, arg: number): void {
  storeSlot(stack, arg >> 4);
  loadSlot(stack, arg & 15);
}

function storeTwoSlots(stack: SymbolicStack, arg: number): void {
  storeSlot(stack, arg >> 4);
  storeSlot(stack, arg & 15);
}

function deleteSlot(stack: SymbolicStack, slot: number): void {
  stack.store({ kind: "variable", scope: "own", name: stack.slotName(slot) }, undefined);
}

function loadCell(stack: SymbolicStack, index: number): void {
  load("own", stack.cellName(index), stack);
}

function loadFromMappingOrCell(stack: SymbolicStack, index: number): void {
  stack.pop();
  load("name", stack.cellName(index), stack);
}

function storeCell(stack: SymbolicStack, index: number): void {
  stack.store({ kind: "variable", scope: "own", name: stack.cellName(index) }, stack.pop());
}

function deleteCell(stack: SymbolicStack, index: number): void {
  stack.store({ kind: "variable", scope: "own", name: stack.cellName(index) }, undefined);
}

function loadGlobal(stack: SymbolicStack, arg: number): void {
  const { minor } = stack;
  const pushesNull = minor >= 11 && (arg & 1) === 1;
  if (pushesNull && minor < 13) stack.push({ kind: "null" });
  load("global", stack.name(minor >= 11 ? arg >> 1 : arg), stack);
  if (pushesNull && minor >= 13) stack.push({ kind: "null" });
}

function storeGlobal(stack: SymbolicStack, arg: number): void {
  stack.store({ kind: "variable", scope: "global", name: stack.name(arg) }, stack.pop());
}

function deleteGlobal(stack: SymbolicStack, arg: number): void {
  stack.store({ kind: "variable", scope: "global", name: stack.name(arg) }, undefined);
}

function loadName(stack: SymbolicStack, arg: number): void {
  load("name", stack.name(arg), stack);
}

function loadFromMappingOrGlobals(stack: SymbolicStack, arg: number): void {
  stack.pop();
  load("name", stack.name(arg), stack);
}

function storeName(stack: SymbolicStack, arg: number): void {
  stack.store({ kind: "variable", scope: "name", name: stack.name(arg) }, stack.pop());
}

function deleteName(stack: SymbolicStack, arg: number): void {
  stack.store({ kind: "variable", scope: "name", name: stack.name(arg) }, undefined);
}

/** `LOAD_COMMON_CONSTANT` (3.14 and later); the first five are names, in CPython's order. */
const COMMON_NAMES = ["AssertionError", "NotImplementedError", "tuple", "all", "any", "list", "set"];

function loadCommonConstant(stack: SymbolicStack, arg: number): void {
  const name = COMMON_NAMES[arg];
  if (name !== undefined) load("global", name, stack);
  else if (arg === 7) stack.push(constantOperand({ kind: "none" }));
  else if (arg === 8) stack.push(constantOperand({ kind: "str", text: "", total: 0 }));
  else if (arg === 9 || arg === 10) stack.push(constantOperand({ kind: "bool", value: arg === 9 }));
  else stack.push(arg === 11 ? constantOperand({ kind: "int", value: -1 }) : UNKNOWN_OPERAND);
}

function pushUnknown(stack: SymbolicStack): void {
  stack.push(UNKNOWN_OPERAND);
}

function nothing(): void {
  // It moves nothing that is followed here.
}

function drop(count: number): Handler {
  return (stack) => stack.drop(count);
}

function rotate(depth: number): Handler {
  return (stack) => stack.rotate(depth);
}

export const NAME_HANDLERS: readonly (readonly [string, Handler])[] = [
  ["CACHE", nothing],
  ["COPY", (stack, depth) => stack.push(stack.peek(depth))],
  ["COPY_FREE_VARS", nothing],
  ["DELETE_DEREF", deleteCell],
  ["DELETE_FAST", deleteSlot],
  ["DELETE_GLOBAL", deleteGlobal],
  ["DELETE_NAME", deleteName],
  ["DUP_TOP", (stack) => stack.push(stack.peek(1))],
  ["DUP_TOP_TWO", (stack) => stack.push(stack.peek(2), stack.peek(1))],
  ["GEN_START", drop(1)],
  ["LOAD_ASSERTION_ERROR", (stack) => load("global", "AssertionError", stack)],
  ["LOAD_CLASSDEREF", loadCell],
  ["LOAD_CLOSURE", pushUnknown],
  ["LOAD_COMMON_CONSTANT", loadCommonConstant],
  ["LOAD_CONST", (stack, arg) => stack.push(stack.constant(arg))],
  ["LOAD_DEREF", loadCell],
  ["LOAD_FAST", loadSlot],
  ["LOAD_FAST_AND_CLEAR", loadSlot],
  ["LOAD_FAST_BORROW", loadSlot],
  ["LOAD_FAST_BORROW_LOAD_FAST_BORROW", loadTwoSlots],
  ["LOAD_FAST_CHECK", loadSlot],
  ["LOAD_FAST_LOAD_FAST", loadTwoSlots],
  ["LOAD_FROM_DICT_OR_DEREF", loadFromMappingOrCell],
  ["LOAD_FROM_DICT_OR_GLOBALS", loadFromMappingOrGlobals],
  ["LOAD_GLOBAL", loadGlobal],
  ["LOAD_LOCALS", pushUnknown],
  ["LOAD_NAME", loadName],
  ["LOAD_SMALL_INT", (stack, arg) => stack.push(constantOperand({ kind: "int", value: arg }))],
  ["MAKE_CELL", nothing],
  ["NOP", nothing],
  ["NOT_TAKEN", nothing],
  ["POP_BLOCK", nothing],
  ["POP_EXCEPT", (stack) => stack.drop(stack.minor >= 11 ? 1 : 3)],
  ["POP_TOP", drop(1)],
  ["PRECALL", nothing],
  // The exception before goes below the one that came.
  ["PUSH_EXC_INFO", (stack) => stack.push({ kind: "exception" })],
  ["PUSH_NULL", (stack) => stack.push({ kind: "null" })],
  ["RESUME", nothing],
  ["RETURN_GENERATOR", (stack) => (stack.minor >= 12 ? pushUnknown(stack) : undefined)],
  ["ROT_FOUR", rotate(4)],
  ["ROT_N", (stack, depth) => stack.rotate(depth)],
  ["ROT_THREE", rotate(3)],
  ["ROT_TWO", rotate(2)],
  ["SETUP_ANNOTATIONS", nothing],
  ["STORE_DEREF", storeCell],
  ["STORE_FAST", storeSlot],
  ["STORE_FAST_LOAD_FAST", storeAndLoadSlot],
  ["STORE_FAST_MAYBE_NULL", storeSlot],
  ["STORE_FAST_STORE_FAST", storeTwoSlots],
  ["STORE_GLOBAL", storeGlobal],
  ["STORE_NAME", storeName],
  ["SWAP", (stack, depth) => stack.swap(depth)],
];
