// The questions that can be asked about time: what `src/dap`, `src/cli` and the tests see of a recording.
//
// Everything is a pure function of the recording and the moment. Steps, moments and frames are numbers of the
// recording (FORMAT.md); lines and columns are as CPython's tables give them: lines one-based, columns zero-based
// UTF-8 byte offsets. Only `src/dap` turns them into what a DAP client wants.
import type { Moment } from "../recording/stepHistory.ts";
import type { Breakpoint, Breakpoints, DataTarget, LogPoint } from "./breakpoints/breakpoint.ts";
import type { Searching } from "./breakpoints/hitList.ts";
import type { ObjectKind } from "../wire/format.ts";
import type { Value } from "../wire/value.ts";
import type { Past } from "./past.ts";

export type { Breakpoint, BreakpointPlace, Breakpoints, DataTarget, LogPoint } from "./breakpoints/breakpoint.ts";
export type { Searching } from "./breakpoints/hitList.ts";
export type { Moment } from "../recording/stepHistory.ts";
export type { ObjectKind } from "../wire/format.ts";
export type { Value } from "../wire/value.ts";

export interface Position {
  readonly line: number;
  readonly endLine: number;
  /** Zero-based UTF-8 byte offset; undefined when the table has none (before 3.11). */
  readonly column: number | undefined;
  readonly endColumn: number | undefined;
}

export interface ThreadView {
  readonly thread: number;
  readonly name: string;
  /** False before its first and after its last event: it then shows its nearest step and says so. */
  readonly alive: boolean;
}

export interface FrameView {
  readonly frame: number;
  readonly code: number;
  readonly name: string;
  readonly qualifiedName: string;
  readonly file: string;
  /** 0 when the recording has no text for the file. */
  readonly source: number;
  /** Module of the frame's globals (`__name__`), when recorded. */
  readonly module: string | undefined;
  readonly position: Position;
  /** Moment-independent: the innermost frame is what runs, the others stand in a call. */
  readonly isInnermost: boolean;
}

/** How much of a value is known. */
export type Completeness =
  | { readonly kind: "complete" }
  | { readonly kind: "truncated"; readonly kept: number; readonly total: number }
  | { readonly kind: "notRecorded"; readonly sinceStep: number; readonly reason: string };

/** An object's contents at a moment. Parts that the kind does not have are empty or undefined. */
export interface ObjectView {
  readonly object: number;
  readonly kind: ObjectKind;
  readonly type: string;
  /** Elements; for dict and namespace see `entries`. */
  readonly items: readonly Value[];
  readonly itemsTotal: number;
  readonly entries: readonly (readonly [key: Value, value: Value])[];
  readonly attributes: readonly (readonly [name: string, value: Value])[];
  readonly attributesTotal: number;
  readonly text: string | undefined;
  readonly value: Value | undefined;
  readonly bytes: Uint8Array | undefined;
  readonly bytesTotal: number;
  /** Number of the object's class; undefined for builtin types, and where it was not recorded. */
  readonly cls: number | undefined;
  /** `__name__` of a class, where it is not the last part of `text`. */
  readonly name: string | undefined;
  readonly completeness: Completeness;
  readonly alive: boolean;
}

export interface Variable {
  readonly name: string;
  readonly value: Value;
  /** Step of the last write, when it is known. */
  readonly writtenAt: number | undefined;
}

export interface ScopesView {
  readonly locals: readonly Variable[];
  /** Free variables of a closure. */
  readonly closure: readonly Variable[];
  /** Variables of a function that have no value: they hide globals of the same name. */
  readonly unbound: readonly { readonly name: string; readonly isFree: boolean }[];
  /** Object id of the globals, 0 when not recorded. */
  readonly globals: number;
  /** True at module level, where locals are the globals (unless a comprehension runs: its variables are). */
  readonly localsAreGlobals: boolean;
  /** The value that the last event returned into this frame (only at a RETURN moment, in the caller). */
  readonly returnValue: Value | undefined;
}

/** Where a movement ended, and why. */
export interface Movement {
  readonly moment: Moment;
  readonly thread: number;
  readonly reason:
    | { readonly kind: "step" }
    /** `problems`: why conditions have no answer there. */
    | { readonly kind: "breakpoint"; readonly ids: readonly number[]; readonly problems: readonly string[] }
    | {
        readonly kind: "exception";
        readonly uncaught: boolean;
        readonly ids: readonly number[];
        readonly problems: readonly string[];
      }
    /** Forward, nothing found: the newest moment. */
    | { readonly kind: "end" }
    /** Backward, nothing found: the first moment. */
    | { readonly kind: "start" }
    /** A step of a thread that has no earlier or later step: the view stays. */
    | { readonly kind: "noMoreSteps" };
}

/** What a log point says at one of its moments. Where an expression has no answer, the text says why in its place. */
export interface LoggedMessage {
  readonly moment: Moment;
  readonly thread: number;
  readonly id: number;
  readonly text: string;
}

export type MovementKind =
  | "next"
  | "stepBack"
  | "stepIn"
  | "stepBackInto"
  | "stepOut"
  | "stepBackOut"
  | "continueForward"
  | "continueBackward";

export interface ExceptionView {
  readonly value: Value;
  readonly type: string;
  readonly text: string | undefined;
  readonly uncaught: boolean;
}

export interface RecordingSummary {
  /** Those that are kept: all, unless the recording was cut. */
  readonly steps: number;
  /** Of those that are kept; above 0 when the recording was cut. */
  readonly firstStep: number;
  /** Bytes that the recording may take; 0: no limit. */
  readonly maxRecordingSize: number;
  readonly events: number;
  readonly threads: readonly { readonly id: number; readonly name: string }[];
  readonly recorder: string;
  readonly python: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  /** True when END was recorded. */
  readonly complete: boolean;
  readonly exitCode: number | undefined;
  /** Seconds that the program waited for the recording to be written. */
  readonly waited: number;
  /** One sentence for each thing that is missing or damaged, and when the program had to wait. */
  readonly notes: readonly string[];
}

/** One recording, open for questions. All methods are total: a moment outside the history counts as the nearest one inside. */
export interface TimeTravel {
  readonly summary: RecordingSummary;
  /** The oldest moment that is kept; moves while a bounded recording is recorded (after `refresh`). */
  readonly first: Moment;
  /** The thread that had the first event; 0 where none had one. */
  readonly firstThread: number;
  /** The newest moment; grows while a program is recorded (after `refresh`). */
  readonly last: Moment;
  /** Who wrote a value, where it came from, all executions, calls, exceptions. */
  readonly past: Past;
  /** False while it is only looked at: questions that need more than is known yet throw NotIndexedYet. */
  readonly isIndexed: boolean;
  /** Reads what was appended to the recording since. */
  refresh(): void;

  isInside(moment: Moment): boolean;
  /** The last moment of a step. */
  endOf(step: number): Moment;
  /** Thread whose event made this moment. */
  threadAt(moment: Moment): number;
  threadsAt(moment: Moment): readonly ThreadView[];
  /** Innermost first. */
  stackAt(moment: Moment, thread: number): readonly FrameView[];
  /** A frame by itself, also one that is suspended; undefined for one that was never recorded. */
  frameAt(moment: Moment, frame: number): FrameView | undefined;
  /** A frame that has left shows its variables as they were when it left; one to come, at its first step. */
  scopesAt(moment: Moment, frame: number): ScopesView | undefined;
  objectAt(moment: Moment, object: number): ObjectView | undefined;
  /** The frame of a generator object and its state then. */
  generatorAt(
    moment: Moment,
    object: number,
  ): { readonly frame: number; readonly state: "CREATED" | "RUNNING" | "SUSPENDED" | "CLOSED" } | undefined;
  exceptionAt(moment: Moment, thread: number): ExceptionView | undefined;
  output(
    from: Moment,
    to: Moment,
  ): readonly { readonly moment: Moment; readonly stream: "stdout" | "stderr"; readonly text: string }[];

  /**
   * Forward and backward, in pairs. All stop early at a breakpoint that they pass, in whatever thread; one that stands at
   * `from` is not passed. `next` and `stepBack` follow the frame over calls and over suspensions of a generator or
   * coroutine, then go on in the caller. `stepOut` ends at the event where the frame returns or is left by an exception
   * (RETURN, UNWIND), `stepBackOut` at the caller's step that made the call. Where a thread stands in no frame, all of
   * them go to its next or previous step. Without a target: `end` or `start`, or `noMoreSteps` in a thread that has
   * ended by then or did not exist at the first moment.
   */
  next(from: Moment, thread: number, breakpoints: Breakpoints): Movement;
  stepBack(from: Moment, thread: number, breakpoints: Breakpoints): Movement;
  stepIn(from: Moment, thread: number, breakpoints: Breakpoints): Movement;
  stepBackInto(from: Moment, thread: number, breakpoints: Breakpoints): Movement;
  stepOut(from: Moment, thread: number, breakpoints: Breakpoints): Movement;
  stepBackOut(from: Moment, thread: number, breakpoints: Breakpoints): Movement;
  continueForward(from: Moment, breakpoints: Breakpoints): Movement;
  continueBackward(from: Moment, breakpoints: Breakpoints): Movement;
  /** Any of these in pieces: yields the event numbers that the search has come to, and ends with the movement. */
  moving(kind: MovementKind, from: Moment, thread: number, breakpoints: Breakpoints): Searching<Movement>;

  /** Ids of the breakpoints that stop at a moment; `problems` as in `Movement`. */
  breakpointsAt(
    moment: Moment,
    breakpoints: Breakpoints,
  ): { readonly ids: readonly number[]; readonly problems: readonly string[] };
  /** What a log point says from after `from` (undefined: from the first moment on) up to `to`, oldest first, in pieces. */
  logged(point: LogPoint, from: Moment | undefined, to: Moment): Searching<readonly LoggedMessage[]>;
  /** How often a breakpoint's condition held up to and including a moment; its hit condition is not asked. */
  hitCount(breakpoint: Breakpoint, upTo: Moment): Searching<number>;
  /** Where exceptions that have left the user's code were raised, each with the moment that showed it, in that order. */
  escapedExceptions(): readonly { readonly raised: Moment; readonly knownFrom: Moment }[];
  /** What a name of a frame stands for when its changes are watched; undefined for a name that it does not have. */
  variableTarget(moment: Moment, frame: number, name: string): DataTarget | undefined;
  /** Whether a function of that name has run. */
  hasFunction(name: string): boolean;

  /** Executions of a line relative to a moment; undefined where there is none. */
  executionsAround(
    from: Moment,
    file: string,
    line: number,
  ): {
    readonly first: Moment | undefined;
    readonly previous: Moment | undefined;
    readonly next: Moment | undefined;
    readonly last: Moment | undefined;
  };
  /** The first step of a frame's activation. */
  startOfFrame(moment: Moment, frame: number): Moment | undefined;
  executionCounts(file: string): {
    readonly functions: readonly { readonly name: string; readonly line: number; readonly calls: number }[];
    readonly lines: readonly { readonly line: number; readonly count: number }[];
  };
  /** Lines of a file that hold code, by the code objects seen so far; ascending. */
  breakableLines(file: string): readonly number[];
  /** Recorded text of a file, by source id or by file name. */
  sourceText(source: number): { readonly file: string; readonly text: string } | undefined;
  sourceOf(file: string): number | undefined;
  files(): readonly string[];
  close(): void;
}
