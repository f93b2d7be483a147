// Where do the user's breakpoints stand? Each is verified, moved to the next line with code, or told why not.
import { readFileSync } from "node:fs";
import type { BreakpointPlace } from "../protocol/controlChannel.ts";
import type { LineBreakpoint } from "../travel/timeTravel.ts";
import { fileKey, type Sources } from "./sources.ts";

/** A breakpoint as the user set it, and what became of it. Lines count from 1. */
export interface Breakpoint {
  readonly id: number;
  readonly wantedLine: number;
  /** undefined: there is no code for it. */
  readonly line: number | undefined;
  readonly isVerified: boolean;
  readonly message: string | undefined;
}

/** Which lines hold code. `isWhole`: of the whole file; else only of the code that has run so far. */
export interface CodeLines {
  readonly lines: readonly number[];
  readonly isWhole: boolean;
  /** Why there are none: the file does not compile. */
  readonly problem?: string;
}

type Verdict = Omit<Breakpoint, "id" | "wantedLine">;

interface FileBreakpoints {
  readonly file: string;
  readonly breakpoints: readonly Breakpoint[];
}

function isBlankOrComment(line: string): boolean {
  return /^\s*(?:#.*)?$/u.test(line);
}

function refused(message: string): Verdict {
  return { line: undefined, isVerified: false, message };
}

function stands(line: number, wanted: number): Verdict {
  const message = line === wanted ? undefined : `Moved to line ${line}, the next one with code.`;
  return { line, isVerified: true, message };
}

/** What becomes of a breakpoint at `wanted`. `text`: the file's lines, when they are known. */
export function judgeLine(wanted: number, code: CodeLines, text: readonly string[] | undefined): Verdict {
  if (code.problem !== undefined) return refused(`This file does not compile: ${code.problem}`);
  if (code.lines.length === 0)
    return refused(code.isWhole ? "This file holds no code." : "No code of this file has run in this recording.");
  const line = code.lines.find((one) => one >= wanted);
  if (line === undefined) return refused("There is no code at or after this line.");
  if (line === wanted || code.isWhole) return stands(line, wanted);
  // Code that never ran is not in the recording: only what is surely empty is skipped.
  const between = text?.slice(wanted - 1, line - 1);
  if (between !== undefined && between.every((one) => isBlankOrComment(one))) return stands(line, wanted);
  return refused("No code at this line has run in this recording.");
}

export class BreakpointBook {
  readonly #files = new Map<string, FileBreakpoints>();
  readonly #ids = new Map<string, number>();
  #raised = false;
  #uncaught = false;

  get raised(): boolean {
    return this.#raised;
  }

  get uncaught(): boolean {
    return this.#uncaught;
  }

  setExceptionFilters(raised: boolean, uncaught: boolean): void {
    this.#raised = raised;
    this.#uncaught = uncaught;
  }

  /** Replaces the breakpoints of a file. `code`: undefined while nobody can say where its code is. */
  replace(
    file: string,
    wantedLines: readonly number[],
    code: CodeLines | undefined,
    text: readonly string[] | undefined,
  ): readonly Breakpoint[] {
    const breakpoints = wantedLines.map((wanted): Breakpoint => {
      const verdict = code === undefined ? pending(wanted) : judgeLine(wanted, code, text);
      return { id: this.#idOf(file, wanted), wantedLine: wanted, ...verdict };
    });
    this.#files.set(file, { file, breakpoints });
    return breakpoints;
  }

  /** Files whose breakpoints could not be judged yet. */
  unjudgedFiles(): readonly FileBreakpoints[] {
    return [...this.#files.values()].filter((one) => one.breakpoints.some(isPending));
  }

  /** For Python. */
  places(): readonly BreakpointPlace[] {
    return this.#standing().map(({ file, id, line }) => ({ file, id, line }));
  }

  /** For travelling: under the names that the recording has for the files. */
  lineBreakpoints(sources: Sources): readonly LineBreakpoint[] {
    const names = new Map<string, readonly string[]>();
    return this.#standing().flatMap(({ file, id, line }) => {
      const known = names.get(file) ?? sources.recordedNames(file);
      names.set(file, known);
      return known.map((name) => ({ id, file: name, line }));
    });
  }

  #standing(): readonly { readonly file: string; readonly id: number; readonly line: number }[] {
    return [...this.#files.values()].flatMap(({ file, breakpoints }) =>
      breakpoints.flatMap(({ id, line }) => (line === undefined ? [] : [{ file, id, line }])),
    );
  }

  #idOf(file: string, line: number): number {
    const key = `${fileKey(file, "/")} ${line}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#ids.set(key, this.#ids.size + 1);
    return this.#ids.size;
  }
}

const pendingMessage = "Python cannot say yet whether there is code at this line.";

function pending(line: number): Verdict {
  return { line, isVerified: false, message: pendingMessage };
}

function isPending(breakpoint: Breakpoint): boolean {
  return breakpoint.line !== undefined && !breakpoint.isVerified;
}

/** Lines of a file on disk; undefined when it cannot be read. */
export function linesOnDisk(file: string): readonly string[] | undefined {
  try {
    return readFileSync(file, "utf8").split(/\r\n|\r|\n/u);
  } catch {
    return undefined;
  }
}
