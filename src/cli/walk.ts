// Where does one stand after a command of `walk`? Words of a script or keys -> movements of `travel`, as plain data.
import path from "node:path";
import { parseStep, UsageError } from "./commandLine.ts";
import type { Breakpoints, Moment, Movement, TimeTravel } from "../travel/timeTravel.ts";

/** One command of a walk. */
export type Stride =
  | { readonly kind: "stepBack" | "stepBackInto" | "stepBackOut" | "next" | "stepIn" | "stepOut" }
  | { readonly kind: "reverseTo" | "continueTo"; readonly file: string | undefined; readonly line: number }
  | { readonly kind: "goTo"; readonly step: number }
  | { readonly kind: "help" | "quit" };

/** Keys that need no further word. */
const simple: ReadonlyMap<string, Stride> = new Map<string, Stride>([
  ["b", { kind: "stepBack" }],
  ["i", { kind: "stepBackInto" }],
  ["o", { kind: "stepBackOut" }],
  ["n", { kind: "next" }],
  ["s", { kind: "stepIn" }],
  ["u", { kind: "stepOut" }],
  ["h", { kind: "help" }],
  ["?", { kind: "help" }],
  ["q", { kind: "quit" }],
]);

/** Commands that take a word, and what to ask for it. */
export const questions: ReadonlyMap<string, string> = new Map([
  ["r", "reverse to line"],
  ["c", "continue to line"],
  ["g", "go to step"],
]);

function parseLine(key: "r" | "c", word: string): Stride {
  const colon = word.lastIndexOf(":");
  const digits = word.slice(colon + 1);
  if (!/^\d+$/u.test(digits) || Number(digits) < 1) {
    throw new UsageError(`"${key}" needs a line: a number or FILE:LINE, not "${word}".`);
  }
  const file = colon < 0 ? undefined : word.slice(0, colon);
  return { kind: key === "r" ? "reverseTo" : "continueTo", file, line: Number(digits) };
}

/** One command from its key and, for `r`, `c` and `g`, the word after it. Throws `UsageError`. */
export function parseStride(key: string, word: string | undefined): Stride {
  const known = simple.get(key);
  if (known !== undefined) return known;
  const question = questions.get(key);
  if (question === undefined) throw new UsageError(`There is no walk command "${key}": try h.`);
  if (word === undefined || word === "") throw new UsageError(`"${key}" needs a word after it: ${question}.`);
  if (key === "g") return { kind: "goTo", step: parseStep(word, "the step after g") };
  return parseLine(key === "r" ? "r" : "c", word);
}

/** All commands of a script. Throws `UsageError`. */
export function parseScript(script: string): readonly Stride[] {
  const words = script.split(/\s+/u).filter((word) => word !== "");
  const strides: Stride[] = [];
  for (let at = 0; at < words.length; at++) {
    const key = words[at] ?? "";
    strides.push(parseStride(key, questions.has(key) ? words[++at] : undefined));
  }
  return strides;
}

const noBreakpoints: Breakpoints = [];
const uncaughtOnly: Breakpoints = [{ id: 0, place: { kind: "exception", when: "uncaught", types: undefined } }];

/** Where one stands: a moment, and the thread that is looked at. */
export interface Standpoint {
  readonly moment: Moment;
  readonly thread: number;
  /** What to tell about how one came here; undefined when there is nothing to tell. */
  readonly note: string | undefined;
}

function noteOf(movement: Movement): string | undefined {
  switch (movement.reason.kind) {
    case "start":
      return "This is the beginning of the recording.";
    case "end":
      return "This is the end of the recording.";
    case "noMoreSteps":
      return "This thread has no more steps in that direction.";
    case "step":
    case "breakpoint":
    case "exception":
      return undefined;
  }
}

function arrived(movement: Movement): Standpoint {
  return { moment: movement.moment, thread: movement.thread, note: noteOf(movement) };
}

/** The recorded file that a user means: the current one, an exact name, or the only one that ends so. */
function fileNamed(travel: TimeTravel, name: string | undefined, here: Standpoint): string {
  if (name === undefined) {
    const current = travel.stackAt(here.moment, here.thread)[0]?.file;
    if (current === undefined) throw new UsageError("Nothing runs here: write FILE:LINE.");
    return current;
  }
  const files = travel.files();
  const matches = files.includes(name) ? [name] : files.filter((file) => file.endsWith(path.sep + name));
  const [only, ...others] = matches;
  if (only === undefined) throw new UsageError(`No recorded file is called "${name}".`);
  if (others.length > 0) throw new UsageError(`"${name}" may be any of ${matches.join(", ")}.`);
  return only;
}

function toLine(travel: TimeTravel, here: Standpoint, stride: Extract<Stride, { line: number }>): Standpoint {
  const file = fileNamed(travel, stride.file, here);
  const lines = travel.breakableLines(file);
  if (!lines.includes(stride.line)) {
    throw new UsageError(`Line ${stride.line} of ${path.basename(file)} holds no code that was recorded.`);
  }
  const breakpoints: Breakpoints = [{ id: 1, place: { kind: "line", file, line: stride.line } }];
  const movement =
    stride.kind === "reverseTo"
      ? travel.continueBackward(here.moment, breakpoints)
      : travel.continueForward(here.moment, breakpoints);
  return arrived(movement);
}

function goTo(travel: TimeTravel, step: number): Standpoint {
  const moment = { step, event: 0 };
  if (!travel.isInside(moment)) {
    throw new UsageError(
      `Step ${step} is not in the recording: it has steps ${travel.first.step} to ${travel.last.step}.`,
    );
  }
  return { moment, thread: travel.threadAt(moment), note: undefined };
}

/** Carries out one command from where one stands. Throws `UsageError` when it makes no sense here. */
export function take(travel: TimeTravel, here: Standpoint, stride: Stride): Standpoint {
  switch (stride.kind) {
    case "stepBack":
    case "stepBackInto":
    case "stepBackOut":
    case "next":
    case "stepIn":
    case "stepOut":
      return arrived(travel[stride.kind](here.moment, here.thread, noBreakpoints));
    case "reverseTo":
    case "continueTo":
      return toLine(travel, here, stride);
    case "goTo":
      return goTo(travel, stride.step);
    case "help":
    case "quit":
      return here;
  }
}

/** Where a walk begins: at the raise of the exception that ended the program, else at the last step. */
export function failureOrEnd(travel: TimeTravel): Standpoint {
  const uncaught = travel.continueBackward(travel.last, uncaughtOnly);
  if (uncaught.reason.kind === "exception") return { ...arrived(uncaught), note: "The program failed here." };
  const moment = travel.endOf(travel.last.step);
  return { moment, thread: travel.threadAt(moment), note: "The program ended here." };
}
