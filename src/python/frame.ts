// One activation of a code object at a moment: where it stands, who called it, and its variables.
import { type Cell, UNBOUND } from "./cell.ts";
import type { CodeObjectWrapper, Slot } from "./codeObject.ts";
import type { CodeUnit } from "./codeOffset.ts";
import type { SourceRange } from "./sourceRange.ts";

/** What a frame is made of; `Value` is whatever the caller keeps its values as. */
export interface FrameFields<Value> {
  readonly code: CodeObjectWrapper;
  /** `f_back`; undefined for the outermost frame of a thread and for a suspended generator. */
  readonly caller: Frame<Value> | undefined;
  /** `f_lasti`; undefined before the first instruction. */
  readonly lastInstruction: CodeUnit | undefined;
  /** In the order of the code object's slots; a missing one is unbound. */
  readonly slots: readonly Cell<Value>[];
  /** Object id of `f_globals`; 0 when it is not recorded. */
  readonly globals: number;
}

/** A variable of a frame with its contents. */
export interface FrameVariable<Value> {
  readonly name: string;
  readonly contents: Cell<Value>;
}

/** Read-only. The line is never stored: it comes from the code object's table. */
export class Frame<Value> {
  readonly code: CodeObjectWrapper;
  readonly caller: Frame<Value> | undefined;
  readonly lastInstruction: CodeUnit | undefined;
  readonly globals: number;
  readonly #slots: readonly Cell<Value>[];

  constructor(fields: FrameFields<Value>) {
    this.code = fields.code;
    this.caller = fields.caller;
    this.lastInstruction = fields.lastInstruction;
    this.globals = fields.globals;
    this.#slots = fields.slots;
  }

  /** `f_lineno`: the first line of the code object before the first instruction, undefined in code without a line. */
  get line(): number | undefined {
    return this.lastInstruction === undefined
      ? this.code.fields.firstLine
      : this.code.lineForOffset(this.lastInstruction);
  }

  /** The statement where the frame is about to run it, the call where it waits for a callee. */
  range(isInnermost: boolean): SourceRange | undefined {
    if (this.lastInstruction === undefined) return undefined;
    return isInnermost
      ? this.code.statementRange(this.lastInstruction)
      : this.code.instructionRange(this.lastInstruction);
  }

  /** Variables of this function alone. */
  locals(): readonly FrameVariable<Value>[] {
    return this.#variables("local");
  }

  /** Variables of this function that inner functions share. */
  cells(): readonly FrameVariable<Value>[] {
    return this.#variables("cell");
  }

  /** Variables of outer functions. */
  freeVariables(): readonly FrameVariable<Value>[] {
    return this.#variables("free");
  }

  #variables(kind: Slot["kind"]): readonly FrameVariable<Value>[] {
    return this.code.slots.flatMap((slot, index) =>
      slot.kind === kind ? [{ name: slot.name, contents: this.#slots[index] ?? UNBOUND }] : [],
    );
  }
}
