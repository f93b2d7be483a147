// Which of its own variables does a code object work on in each line? By the instructions that load, store or delete
// one: what stands in strings and comments, or in functions inside, is none of them.
import type { CodeObjectWrapper } from "./codeObject.ts";
import { instructionsOf } from "./instructions.ts";
import { opcodesOf } from "./opcodeTables.ts";
import type { Operand } from "./operand.ts";
import { NAME_HANDLERS } from "./stackNames.ts";
import { type Handler, SymbolicStack } from "./symbolicStack.ts";

const handlers: ReadonlyMap<string, Handler> = new Map(
  NAME_HANDLERS.filter(([name]) => /^(?:LOAD|STORE|DELETE)_\w*(?:FAST|DEREF|NAME|CLASSDEREF|GLOBALS)/u.test(name)),
);

/**
 * Names by line (one-based), lines ascending. Variables of a function and of those around it; at module level and in
 * class bodies every name. Empty for a version of Python that is not known; `minor` is that of Python 3.
 */
export function variablesByLine(code: CodeObjectWrapper, minor: number): ReadonlyMap<number, ReadonlySet<string>> {
  const opcodes = opcodesOf(minor);
  const lines = new Map<number, Set<string>>();
  // From 3.13 on the cell itself, which a function inside gets, is loaded like a local.
  const shared = new Set(code.slots.filter(({ kind }) => kind !== "local").map(({ name }) => name));
  if (opcodes === undefined) return lines;
  for (const instruction of instructionsOf(code, opcodes)) {
    if (!handlers.has(instruction.name)) continue;
    const line = code.lineForOffset(instruction.offset);
    if (line === undefined) continue;
    const names = lines.get(line) ?? new Set();
    lines.set(line, names);
    // On a stack of its own: what it leaves there, it has loaded.
    const stack = new SymbolicStack(code, minor, [instruction]);
    const { stores } = stack.run((name) => handlers.get(name));
    const worked: readonly (Operand | undefined)[] = [
      stack.peek(2),
      stack.peek(1),
      ...stores.map(({ target }) => (target.kind === "variable" ? target : undefined)),
    ];
    const isFast = instruction.name.includes("FAST");
    for (const one of worked)
      if (one?.kind === "variable" && isWritten(one.name) && !(isFast && shared.has(one.name))) names.add(one.name);
  }
  return new Map([...lines].filter(([, names]) => names.size > 0).toSorted(([a], [b]) => a - b));
}

/** The compiler has variables of its own: `.0`. */
function isWritten(name: string): boolean {
  return /^[\p{ID_Start}_]/u.test(name);
}
