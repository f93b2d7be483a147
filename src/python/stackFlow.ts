// Instructions of loops, jumps, `with`, `await`, `yield`, `match` and `except`.
import { constantOperand, type Operand, UNKNOWN_OPERAND } from "./operand.ts";
import type { Handler, SymbolicStack } from "./symbolicStack.ts";

/** From 3.15 on an index stands beside a loop's iterator. */
function iteratorDepth(stack: SymbolicStack): number {
  return stack.minor >= 15 ? 2 : 1;
}

function getIter(stack: SymbolicStack): void {
  stack.push({ kind: "iterator", of: stack.pop() });
  if (stack.minor >= 15) stack.push({ kind: "null" });
}

function forIter(stack: SymbolicStack): void {
  const iterator = stack.peek(iteratorDepth(stack));
  const of = iterator.kind === "iterator" ? iterator.of : iterator;
  stack.branch("for", { kind: "iterator", of }, false);
  // Before 3.12 the iterator is gone where the loop ends; later END_FOR takes it away.
  if (stack.minor < 12) {
    stack.jump(1);
    stack.push({ kind: "element", of });
  } else {
    stack.push({ kind: "element", of });
    stack.jump(0);
  }
}

function jumpAlways(stack: SymbolicStack): void {
  stack.jump(0);
  stack.leave();
}

function jumpIf(value: boolean): Handler {
  return (stack) => {
    const test = stack.pop();
    stack.branch(isExceptionTest(test) ? "except" : "if", test, value);
    stack.jump(0);
  };
}

function isExceptionTest(test: Operand): boolean {
  return test.kind === "operation" && test.operator === "matches";
}

function jumpIfNone(isNone: boolean): Handler {
  return (stack) => {
    const none = constantOperand({ kind: "none" });
    const test: Operand = { kind: "operation", operator: "is", operands: [stack.pop(), none] };
    stack.branch("if", test, isNone);
    stack.jump(0);
  };
}

function jumpOrPop(value: boolean): Handler {
  return (stack) => {
    stack.branch("if", stack.peek(1), value);
    stack.jump(0);
    stack.pop();
  };
}

function jumpIfNotMatched(stack: SymbolicStack): void {
  stack.branch("except", { kind: "operation", operator: "matches", operands: stack.take(2) }, false);
  stack.jump(0);
}

function checkMatch(stack: SymbolicStack): void {
  const type = stack.pop();
  stack.push({ kind: "operation", operator: "matches", operands: [stack.peek(1), type] });
}

function enter(name: string): Handler {
  return (stack) => {
    const manager = stack.pop();
    stack.push({ kind: "attribute", of: manager, name: name.replace("enter", "exit") });
    stack.call({ kind: "attribute", of: manager, name }, [], [], false);
  };
}

function setupWith(stack: SymbolicStack): void {
  enter("__enter__")(stack, 0);
  stack.protectBelow(1);
}

function withExceptStart(stack: SymbolicStack): void {
  stack.push(UNKNOWN_OPERAND);
}

function pushAwaited(stack: SymbolicStack): void {
  stack.push({ kind: "awaited", of: stack.pop() });
}

function send(stack: SymbolicStack): void {
  stack.pop();
  if (stack.minor < 12) {
    stack.push({ kind: "sent" });
    // The receiver stands for what it returns.
    stack.jump(1);
  } else {
    stack.push({ kind: "sent" });
    stack.jump(0);
  }
}

function endSend(stack: SymbolicStack): void {
  stack.pop();
  const receiver = stack.take(iteratorDepth(stack))[0];
  stack.push(receiver ?? UNKNOWN_OPERAND);
}

function cleanupThrow(stack: SymbolicStack): void {
  stack.drop(3);
  stack.push(UNKNOWN_OPERAND, UNKNOWN_OPERAND);
}

function yieldValue(stack: SymbolicStack): void {
  stack.exit("yield", stack.pop());
  stack.push({ kind: "sent" });
}

function unknowns(dropped: number, pushed: number): Handler {
  return (stack) => {
    stack.drop(dropped);
    for (let count = 0; count < pushed; count++) stack.push(UNKNOWN_OPERAND);
  };
}

/** On 3.10 these push a truth value of their own. */
function match(dropped: number): Handler {
  return (stack) => unknowns(dropped, stack.minor === 10 ? 2 : 1)(stack, 0);
}

function peekTest(operator: string): Handler {
  return (stack) => stack.push({ kind: "operation", operator, operands: [stack.peek(1)] });
}

export const FLOW_HANDLERS: readonly (readonly [string, Handler])[] = [
  ["BEFORE_ASYNC_WITH", enter("__aenter__")],
  ["BEFORE_WITH", enter("__enter__")],
  ["CHECK_EG_MATCH", unknowns(2, 2)],
  ["CHECK_EXC_MATCH", checkMatch],
  ["CLEANUP_THROW", cleanupThrow],
  ["COPY_DICT_WITHOUT_KEYS", unknowns(1, 1)],
  ["END_ASYNC_FOR", (stack) => stack.drop(stack.minor >= 11 ? 2 : 7)],
  ["END_FOR", (stack) => stack.drop(stack.minor === 12 ? 2 : 1)],
  ["END_SEND", endSend],
  ["FOR_ITER", forIter],
  ["GET_AITER", (stack) => stack.push({ kind: "iterator", of: stack.pop() })],
  ["GET_ANEXT", (stack) => stack.push({ kind: "element", of: stack.peek(1) })],
  ["GET_AWAITABLE", pushAwaited],
  ["GET_ITER", getIter],
  ["GET_LEN", peekTest("len")],
  ["GET_YIELD_FROM_ITER", pushAwaited],
  ["JUMP_ABSOLUTE", jumpAlways],
  ["JUMP_BACKWARD", jumpAlways],
  ["JUMP_BACKWARD_NO_INTERRUPT", jumpAlways],
  ["JUMP_FORWARD", jumpAlways],
  ["JUMP_IF_FALSE_OR_POP", jumpOrPop(false)],
  ["JUMP_IF_NOT_EXC_MATCH", jumpIfNotMatched],
  ["JUMP_IF_TRUE_OR_POP", jumpOrPop(true)],
  ["MATCH_CLASS", match(3)],
  ["MATCH_KEYS", match(0)],
  ["MATCH_MAPPING", peekTest("is a mapping:")],
  ["MATCH_SEQUENCE", peekTest("is a sequence:")],
  ["POP_ITER", (stack) => stack.drop(iteratorDepth(stack))],
  ...["POP_JUMP_", "POP_JUMP_FORWARD_", "POP_JUMP_BACKWARD_"].flatMap(
    (prefix): readonly (readonly [string, Handler])[] => [
      [`${prefix}IF_FALSE`, jumpIf(false)],
      [`${prefix}IF_TRUE`, jumpIf(true)],
      [`${prefix}IF_NONE`, jumpIfNone(true)],
      [`${prefix}IF_NOT_NONE`, jumpIfNone(false)],
    ],
  ),
  ["PREP_RERAISE_STAR", unknowns(2, 1)],
  ["RERAISE", (stack) => stack.leave()],
  ["SEND", send],
  ["SETUP_ASYNC_WITH", (stack) => stack.protectBelow(1)],
  ["SETUP_FINALLY", (stack) => stack.protectBelow(0)],
  ["SETUP_WITH", setupWith],
  ["WITH_EXCEPT_START", withExceptStart],
  [
    "YIELD_FROM",
    (stack) => {
      // What is yielded from stands for its result.
      stack.drop(1);
    },
  ],
  ["YIELD_VALUE", yieldValue],
];
