// What does each instruction of a code object load, store, call, test and return? One symbolic run in the order of the
// bytecode: the stack holds expressions instead of values, and where ways join, both sides of what differs.
import type { CodeObjectWrapper } from "./codeObject.ts";
import type { CodeUnit } from "./codeOffset.ts";
import type { Instruction } from "./instructions.ts";
import { isSameOperand, type Operand, UNKNOWN_OPERAND, type VariableScope } from "./operand.ts";

/** What an instruction stores to. */
export type StoreTarget =
  | { readonly kind: "variable"; readonly scope: VariableScope; readonly name: string }
  | { readonly kind: "attribute"; readonly of: Operand; readonly name: string }
  | { readonly kind: "item"; readonly of: Operand; readonly key: Operand };

export interface Store {
  readonly offset: CodeUnit;
  readonly target: StoreTarget;
  /** Undefined for `del`. */
  readonly value: Operand | undefined;
}

/** A place where the way parts. `test` is true on the way to `ifTrue`; of a `for` the loop goes on there. */
export interface Branch {
  readonly offset: CodeUnit;
  readonly kind: "if" | "for" | "except";
  readonly test: Operand;
  readonly ifTrue: CodeUnit;
  readonly ifFalse: CodeUnit;
}

/** A value that leaves the frame. */
export interface Exit {
  readonly offset: CodeUnit;
  readonly kind: "return" | "yield" | "raise";
  readonly value: Operand;
}

export interface CodeOperands {
  readonly instructions: readonly Instruction[];
  readonly stores: readonly Store[];
  readonly branches: readonly Branch[];
  readonly exits: readonly Exit[];
  /** Every call by the offset of its instruction. */
  readonly calls: ReadonlyMap<number, Extract<Operand, { readonly kind: "call" }>>;
}

/** What one instruction does. */
export type Handler = (stack: SymbolicStack, arg: number) => void;

const MOST_OPTIONS = 4;

export class SymbolicStack {
  readonly minor: number;
  readonly code: CodeObjectWrapper;
  readonly #instructions: readonly Instruction[];
  readonly #stores: Store[] = [];
  readonly #branches: Branch[] = [];
  readonly #exits: Exit[] = [];
  readonly #calls = new Map<number, Extract<Operand, { readonly kind: "call" }>>();
  /** Stacks that arrive at a later instruction. */
  readonly #pending = new Map<number, readonly Operand[]>();
  #stack: Operand[] = [];
  #isDead = false;
  #instruction: Instruction | undefined;
  /** Names of the keyword arguments of the next call (3.11 and 3.12). */
  keywordNames: readonly string[] = [];

  constructor(code: CodeObjectWrapper, minor: number, instructions: readonly Instruction[]) {
    this.code = code;
    this.minor = minor;
    this.#instructions = instructions;
  }

  /** `handlerOf` is undefined for an instruction that is not known: it forgets the stack. */
  run(handlerOf: (name: string) => Handler | undefined): CodeOperands {
    for (const instruction of this.#instructions) {
      this.#arriveHere(instruction.offset);
      this.#instruction = instruction;
      const handler = handlerOf(instruction.name);
      if (handler === undefined) this.#stack = [];
      else handler(this, instruction.arg);
    }
    return {
      instructions: this.#instructions,
      stores: this.#stores,
      branches: this.#branches,
      exits: this.#exits,
      calls: this.#calls,
    };
  }

  // The stack.

  push(...operands: readonly Operand[]): void {
    this.#stack.push(...operands);
  }

  pop(): Operand {
    return this.#stack.pop() ?? UNKNOWN_OPERAND;
  }

  drop(count: number): void {
    if (count > 0) this.#stack.splice(-count);
  }

  /** The topmost operands, the deepest first; they are taken away. */
  take(count: number): Operand[] {
    if (count === 0) return [];
    const taken = this.#stack.splice(-count);
    while (taken.length < count) taken.unshift(UNKNOWN_OPERAND);
    return taken;
  }

  /** Depth 1 is the top. */
  peek(depth: number): Operand {
    return this.#stack.at(-depth) ?? UNKNOWN_OPERAND;
  }

  swap(depth: number): void {
    this.#deepen(depth);
    const place = this.#stack.length - depth;
    const below = this.#stack[place] ?? UNKNOWN_OPERAND;
    this.#stack[place] = this.peek(1);
    this.#stack[this.#stack.length - 1] = below;
  }

  /** Moves the top down to the depth. */
  rotate(depth: number): void {
    this.#deepen(depth);
    const top = this.pop();
    this.#stack.splice(this.#stack.length - depth + 1, 0, top);
  }

  #deepen(depth: number): void {
    while (this.#stack.length < depth) this.#stack.unshift(UNKNOWN_OPERAND);
  }

  // Where the instruction stands and leads.

  get offset(): CodeUnit {
    return this.#now.offset;
  }

  get #now(): Instruction {
    if (this.#instruction === undefined) throw new RangeError("no instruction runs");
    return this.#instruction;
  }

  /** A way to the jump's target, on which the topmost operands are gone. */
  jump(dropped: number): void {
    const { target, offset } = this.#now;
    if (target === undefined || target <= offset) return;
    this.#arriveAt(target, this.#stack.slice(0, this.#stack.length - dropped));
  }

  /** A way to a handler, which finds the stack without its topmost operands, and the exception (before 3.11). */
  protectBelow(dropped: number): void {
    const { target } = this.#now;
    const below = this.#stack.slice(0, this.#stack.length - dropped);
    if (target !== undefined) this.#arriveAt(target, withException(below, 6));
  }

  /** No way leads from here to the next instruction. */
  leave(): void {
    this.#isDead = true;
    this.#stack = [];
  }

  #arriveAt(target: number, stack: readonly Operand[]): void {
    const known = this.#pending.get(target);
    this.#pending.set(target, known === undefined ? stack : merged(known, stack));
  }

  #arriveHere(offset: CodeUnit): void {
    for (const { start, target, depth, pushesLasti } of this.code.exceptionTable.entries) {
      if (start === offset && target > start && !this.#isDead)
        this.#arriveAt(target, withException(this.#stack.slice(0, depth), pushesLasti ? 2 : 1));
    }
    const arriving = this.#pending.get(offset);
    if (arriving === undefined) return;
    this.#stack = this.#isDead ? [...arriving] : merged(this.#stack, arriving);
    this.#isDead = false;
  }

  // What is noted.

  store(target: StoreTarget, value: Operand | undefined): void {
    this.#stores.push({ offset: this.offset, target, value: value === undefined ? undefined : plain(value) });
  }

  exit(kind: Exit["kind"], value: Operand): void {
    this.#exits.push({ offset: this.offset, kind, value: plain(value) });
  }

  /** `jumpsIf`: the value of the test that takes the jump. */
  branch(kind: Branch["kind"], test: Operand, jumpsIf: boolean): void {
    const { offset, next, target } = this.#now;
    if (target === undefined) return;
    const [ifTrue, ifFalse] = jumpsIf ? [target, next] : [next, target];
    this.#branches.push({ offset, kind, test: plain(test), ifTrue, ifFalse });
  }

  call(callee: Operand, args: readonly Operand[], keywords: readonly string[], isSpread: boolean): void {
    const call = {
      kind: "call",
      callee: plain(callee),
      args: args.map(plain),
      keywords,
      isSpread,
      offset: this.offset,
    } as const;
    this.#calls.set(this.offset, call);
    this.push(call);
  }

  /** What lies below the arguments tells what is called: 3.11 and later, methods before. */
  callBelow(args: readonly Operand[], keywords: readonly string[], isSpread: boolean): void {
    const upper = this.pop();
    const lower = this.pop();
    if (lower.kind === "null" || upper.kind === "receiver") {
      this.call(lower.kind === "null" ? upper : lower, args, keywords, isSpread);
    } else if (upper.kind === "null") this.call(lower, args, keywords, isSpread);
    else this.call(lower, [upper, ...args], keywords, isSpread);
  }

  // Names and constants.

  constant(index: number): Operand {
    const constant = this.code.fields.constants[index];
    return constant === undefined ? UNKNOWN_OPERAND : { kind: "constant", constant };
  }

  /** A fast local by number; from 3.11 on all variables of the frame are in one row. */
  slotName(slot: number): string {
    return this.code.slots[slot]?.name ?? "";
  }

  /** A cell or free variable: numbered apart from the locals before 3.11. */
  cellName(index: number): string {
    const { cellNames, freeNames } = this.code.fields;
    return this.minor >= 11 ? this.slotName(index) : (cellNames[index] ?? freeNames[index - cellNames.length] ?? "");
  }

  name(index: number): string {
    return this.code.fields.names[index] ?? "";
  }
}

/** A receiver by itself is the object. */
function plain(operand: Operand): Operand {
  return operand.kind === "receiver" ? operand.of : operand;
}

const EXCEPTION: Operand = { kind: "exception" };

/** What a handler finds: the exception, and what goes with it. */
function withException(stack: readonly Operand[], count: number): readonly Operand[] {
  return [...stack, ...Array.from({ length: count }, () => EXCEPTION)];
}

function merged(a: readonly Operand[], b: readonly Operand[]): Operand[] {
  const length = Math.min(a.length, b.length);
  const [upperA, upperB] = [a.slice(a.length - length), b.slice(b.length - length)];
  return upperA.map((one, index) => mergedOperand(one, upperB[index] ?? UNKNOWN_OPERAND));
}

function mergedOperand(a: Operand, b: Operand): Operand {
  if (isSameOperand(a, b)) return a;
  if (a.kind === "null" || b.kind === "null" || a.kind === "unknown" || b.kind === "unknown") return UNKNOWN_OPERAND;
  const options = [...optionsOf(a)];
  for (const option of optionsOf(b)) if (!options.some((known) => isSameOperand(known, option))) options.push(option);
  return options.length > MOST_OPTIONS ? UNKNOWN_OPERAND : { kind: "either", options };
}

function optionsOf(operand: Operand): readonly Operand[] {
  return operand.kind === "either" ? operand.options : [operand];
}
