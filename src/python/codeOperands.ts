// The operands of a code object's instructions, from its bytecode alone.
import type { CodeObjectWrapper } from "./codeObject.ts";
import { instructionsOf } from "./instructions.ts";
import { opcodesOf } from "./opcodeTables.ts";
import { handlerOf } from "./stackHandlers.ts";
import { type CodeOperands, SymbolicStack } from "./symbolicStack.ts";

/** Undefined for a version of Python that is not known; `minor` is that of Python 3. */
export function codeOperands(code: CodeObjectWrapper, minor: number): CodeOperands | undefined {
  const opcodes = opcodesOf(minor);
  if (opcodes === undefined) return undefined;
  return new SymbolicStack(code, minor, instructionsOf(code, opcodes)).run(handlerOf);
}
