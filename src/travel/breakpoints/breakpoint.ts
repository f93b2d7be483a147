// What can a movement stop at? Each breakpoint names its places in the history; a condition and a count choose among them.
import type { Value } from "../../wire/value.ts";
import type { HitCondition } from "./hitCondition.ts";

/** What a data breakpoint watches. Frames and objects are numbers of the recording. */
export type DataTarget =
  /** A variable of one activation, under whatever frame it is changed; a global where the frame is a module's. */
  | { readonly kind: "variable"; readonly frame: number; readonly name: string }
  | { readonly kind: "attribute"; readonly object: number; readonly name: string }
  /** An element by its index (from 0), or the value of a dict or namespace by its key. */
  | { readonly kind: "item"; readonly object: number; readonly key: Value }
  /** Any change of the object's contents, through whatever name. */
  | { readonly kind: "object"; readonly object: number };

export type ExceptionWhen = "raised" | "uncaught" | "userUncaught";

/**
 * Where a breakpoint's moments are:
 *
 * - `line`: the steps on a line;
 * - `function`: the first step of each activation of the functions of that name;
 * - `return`: the RETURN of each activation of a function, by name or by a line of it;
 * - `exception`: where it is raised. `uncaught`: those that end a thread; `userUncaught`: those that leave recorded code
 *   for code that is not recorded and do not come back to it. `types`: names of the classes or their bases;
 * - `data`: the end of the changes of which one touches the target: all that one piece of a line did.
 */
export type BreakpointPlace =
  | { readonly kind: "line"; readonly file: string; readonly line: number }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "return"; readonly name: string }
  | { readonly kind: "returnAt"; readonly file: string; readonly line: number }
  | { readonly kind: "exception"; readonly when: ExceptionWhen; readonly types: readonly string[] | undefined }
  | { readonly kind: "data"; readonly target: DataTarget };

export interface Breakpoint {
  readonly id: number;
  readonly place: BreakpointPlace;
  /** Python expression over the recorded frame: only where it is true. One that cannot be evaluated stops, and says why. */
  readonly condition?: string | undefined;
  /** Which of those, counted from the start of the recording. */
  readonly hitCondition?: HitCondition | undefined;
}

export type Breakpoints = readonly Breakpoint[];

/** A breakpoint that prints instead of stopping. */
export interface LogPoint extends Breakpoint {
  /** Text with `{expression}` in it; `{{` and `}}` are braces. */
  readonly message: string;
}

/** Name of the value that a function returns, in the condition of a breakpoint on its return (as in pdb). */
export const RETURN_NAME = "__return__";
/** Name of the exception in the condition of an exception breakpoint. */
export const EXCEPTION_NAME = "__exception__";
