// Where does a breakpoint of a line come to stand? By the lines that hold code.

/** Which lines hold code. `isWhole`: of the whole file; else only of the code that has run so far. */
export interface CodeLines {
  readonly lines: readonly number[];
  readonly isWhole: boolean;
  /** One sentence: why there are none. */
  readonly problem?: string;
}

export interface Verdict {
  /** undefined: there is no code for it. */
  readonly line: number | undefined;
  readonly isVerified: boolean;
  readonly message: string | undefined;
}

export function noCode(message: string): Verdict {
  return { line: undefined, isVerified: false, message };
}

/** Nobody can say yet. */
export function pending(line: number): Verdict {
  return { line, isVerified: false, message: "Python cannot say yet whether there is code at this line." };
}

/** What becomes of a breakpoint at `wanted`. `text`: the file's lines, when they are known. */
export function judgeLine(wanted: number, code: CodeLines, text: readonly string[] | undefined): Verdict {
  if (code.problem !== undefined) return noCode(code.problem);
  if (code.lines.length === 0)
    return noCode(code.isWhole ? "This file holds no code." : "No code of this file has run in this recording.");
  const line = code.lines.find((one) => one >= wanted);
  if (line === undefined) return noCode("There is no code at or after this line.");
  if (line === wanted || code.isWhole) return stands(line, wanted);
  // Code that never ran is not in the recording: only what is surely empty is skipped.
  const between = text?.slice(wanted - 1, line - 1);
  if (between !== undefined && between.every((one) => isBlankOrComment(one))) return stands(line, wanted);
  return noCode("No code at this line has run in this recording.");
}

function stands(line: number, wanted: number): Verdict {
  const message = line === wanted ? undefined : `Moved to line ${line}, the next one with code.`;
  return { line, isVerified: true, message };
}

function isBlankOrComment(line: string): boolean {
  return /^\s*(?:#.*)?$/u.test(line);
}
