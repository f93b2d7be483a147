// Which instructions does a code object hold, and where can each go on? Extended arguments are joined, caches skipped.
import { brand } from "../base/brand.ts";
import type { CodeObjectWrapper } from "./codeObject.ts";
import type { CodeUnit } from "./codeOffset.ts";
import type { Opcodes } from "./opcodeTables.ts";

export interface Instruction {
  /** Of the opcode itself, behind its extended arguments: what `f_lasti` says. */
  readonly offset: CodeUnit;
  /** Behind its cache. */
  readonly next: CodeUnit;
  readonly name: string;
  readonly arg: number;
  /** Where it can jump to; undefined for one that does not jump. */
  readonly target: CodeUnit | undefined;
}

const FORWARD = /^(?:FOR_ITER|JUMP_FORWARD|SEND|SETUP_FINALLY|SETUP_WITH|SETUP_ASYNC_WITH|POP_JUMP_FORWARD_IF_\w+)$/u;
const BACKWARD = /^(?:JUMP_BACKWARD(?:_NO_INTERRUPT)?|POP_JUMP_BACKWARD_IF_\w+)$/u;
/** Absolute before 3.11, forward from then on. */
const EITHER = /^(?:POP_JUMP_IF_\w+|JUMP_IF_\w+)$/u;

/** In the order of the bytecode; a number that the version does not know is `<number>`. */
export function instructionsOf({ fields: { bytecode } }: CodeObjectWrapper, opcodes: Opcodes): readonly Instruction[] {
  const instructions: Instruction[] = [];
  let extended = 0;
  for (let unit = 0; unit * 2 + 1 < bytecode.length;) {
    const number = bytecode[unit * 2] ?? 0;
    const arg = extended | (bytecode[unit * 2 + 1] ?? 0);
    const name = opcodes.names[number] ?? `<${number}>`;
    const next = unit + 1 + (opcodes.caches[number] ?? 0);
    if (name === "EXTENDED_ARG") extended = arg << 8;
    else {
      extended = 0;
      const target = targetOf(name, arg, next, opcodes.minor);
      instructions.push({
        offset: brand<CodeUnit>(unit),
        next: brand<CodeUnit>(next),
        name,
        arg,
        target: target === undefined ? undefined : brand<CodeUnit>(target),
      });
    }
    unit = next;
  }
  return instructions;
}

function targetOf(name: string, arg: number, next: number, minor: number): number | undefined {
  // Before 3.10 jumps count bytes.
  const units = minor < 10 ? arg / 2 : arg;
  if (name === "JUMP_ABSOLUTE") return units;
  if (FORWARD.test(name)) return next + units;
  if (BACKWARD.test(name)) return next - units;
  if (EITHER.test(name)) return minor < 11 ? units : next + units;
  return undefined;
}
