// The control channel between the debug adapter and the recorded Python process.
//
// Python connects to a loopback TCP socket of the adapter; messages are JSON objects, one a line, UTF-8.
// There is no thread for it in Python: the recorder reads the socket when the attention byte of the tail
// file is set (FORMAT.md, section 7), and blocks on it while the program is stopped.
// The adapter sets that byte (a one-byte write at offset 28) after every message that it sends.
//
// Three connections are made, each with its own single-use token:
//   1. `python PYTRACER connect PORT TOKEN` (the line a terminal runs) asks for its orders: `hello` with role "launcher".
//      It gets `launch`, replaces itself by the program's Python, and is gone.
//   2. The hook inside the program's Python: `hello` with role "program" and the second token. It gets `configure`,
//      answers `configured`, and waits for `run`.
//   3. The same with role "lifeline" and the third token. Nothing comes on it: when it breaks the adapter is gone, and
//      the system kills the program (Linux; elsewhere the program ends when its stop finds the adapter gone).

/** Settings of a recording, as the launch request gave them, checked. */
export interface RecorderSettings {
  readonly recordingPath: string;
  readonly justMyCode: boolean;
  /** Glob patterns over absolute file names; exclude wins over include, both over justMyCode. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly maxItems: number;
  readonly maxStringLength: number;
  /** Megabytes (1,000,000 bytes) that the files of the recording may take; 0: no limit. */
  readonly maxRecordingSize: number;
  /**
   * "auto" takes the native recorder where there is a build for the interpreter, else "python": sys.monitoring where
   * it exists (3.12+), else sys.settrace. The other three insist.
   */
  readonly recorder: "auto" | "native" | "python" | "monitoring" | "settrace";
}

/** What the launcher must run. Exactly one of the three targets. */
export type LaunchTarget =
  | { readonly kind: "program"; readonly program: string }
  | { readonly kind: "module"; readonly module: string }
  | { readonly kind: "code"; readonly code: string };

/** Where Python looks for a breakpoint; as in `src/travel/breakpoints/breakpoint.ts`. Lines are one-based. */
export type BreakpointTarget =
  | { readonly kind: "line"; readonly file: string; readonly line: number }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "return"; readonly name: string }
  | { readonly kind: "returnAt"; readonly file: string; readonly line: number }
  | {
      readonly kind: "exception";
      readonly when: "raised" | "uncaught" | "userUncaught";
      readonly types: readonly string[] | null;
    }
  /** A variable in a slot of a frame, by the recording's numbers. */
  | { readonly kind: "variable"; readonly frame: number; readonly name: string }
  /** Anything of an object, or one part of it: an attribute, a key that is a str, an index. */
  | { readonly kind: "object"; readonly object: number; readonly part: string | number | null };

/**
 * A breakpoint after it was matched with the tables of the code objects. Python evaluates the condition and counts the
 * hits, and prints the message instead of stopping; but for changes and for exceptions that leave the user's code it
 * stops in any case, and the adapter decides from the recording.
 */
export interface BreakpointOrder {
  readonly id: number;
  readonly target: BreakpointTarget;
  readonly condition: string | null;
  readonly hitCondition: { readonly operator: "==" | ">=" | ">" | "<=" | "<" | "%"; readonly count: number } | null;
  /** Parts of a log message: texts, and expressions as one-element lists. */
  readonly message: readonly (string | readonly [expression: string])[] | null;
}

export type StepKind = "next" | "stepIn" | "stepOut";

/**
 * The last three are for the adapter to decide: something that is watched may have changed; an exception has ended a
 * thread; one has left the user's code and did not come back.
 */
export type StopReason = "entry" | "breakpoint" | "step" | "pause" | "exception" | "change" | "uncaught" | "escaped";

export type ToPython =
  | {
      readonly type: "launch";
      readonly target: LaunchTarget;
      readonly args: readonly string[];
      readonly pythonArgs: readonly string[];
      readonly cwd: string | null;
      /** Added to, or with null removed from, the launcher's environment. */
      readonly env: { readonly [name: string]: string | null };
      /** Token of the second connection. */
      readonly token: string;
      /** Token of the third connection. */
      readonly lifeline: string;
      /** True in internalConsole: standard input is closed and `input()` explains itself. */
      readonly noStandardInput: boolean;
      /** Where the program's Python finds its settings before the second connection. */
      readonly settings: RecorderSettings;
    }
  | { readonly type: "configure"; readonly stopOnEntry: boolean }
  /** Replaces all breakpoints. Answered by `breakpointsSet`. */
  | { readonly type: "setBreakpoints"; readonly id: number; readonly breakpoints: readonly BreakpointOrder[] }
  /** How often the conditions of these breakpoints held before they were set: pairs of id and count. */
  | { readonly type: "setHits"; readonly hits: readonly (readonly [id: number, count: number])[] }
  /** Where may breakpoints be? Compiles the file in the program's own Python. Answered by `breakableLines`. */
  | { readonly type: "breakableLines"; readonly id: number; readonly file: string }
  /** Which of these does the program's own Python not compile? Answered by `syntaxProblems`. */
  | { readonly type: "syntaxProblems"; readonly id: number; readonly expressions: readonly string[] }
  /** First start, and every Continue at the live edge. */
  | { readonly type: "run" }
  /** The last stop was none: go on as before it, also with a step that is under way. */
  | { readonly type: "goOn" }
  | { readonly type: "step"; readonly kind: StepKind; readonly thread: number; readonly frame: number }
  | { readonly type: "pause" }
  /** At the live edge only. `frame` is the recording's frame number; 0 means the module `__main__`. Answered by `evaluated`. */
  | {
      readonly type: "evaluate";
      readonly id: number;
      readonly frame: number;
      readonly expression: string;
      readonly context: string;
    }
  /** Seal what there is. Answered by `flushed`. */
  | { readonly type: "flush"; readonly id: number }
  | { readonly type: "detach" };

export type FromPython =
  | {
      readonly type: "hello";
      readonly role: "launcher" | "program" | "lifeline";
      readonly token: string;
      readonly pid: number;
      readonly python: string;
      readonly executable: string;
    }
  | {
      readonly type: "configured";
      readonly recorder: "native" | "monitoring" | "settrace";
      readonly recordingPath: string;
      /** One sentence when "auto" had to do without the native recorder, else "". */
      readonly note: string;
    }
  /** `waits`: the program stands still until `setHits` comes. Everything before it is sealed. */
  | { readonly type: "breakpointsSet"; readonly id: number; readonly waits: boolean }
  | {
      readonly type: "breakableLines";
      readonly id: number;
      readonly lines: readonly number[];
      /** One sentence: the file cannot be read or does not compile. */
      readonly error: string | null;
    }
  /** One for each expression: type and message of the exception, "" for none. */
  | { readonly type: "syntaxProblems"; readonly id: number; readonly problems: readonly string[] }
  /** The program stands still. Everything up to here is sealed: `offset` bytes of the file are complete. */
  | {
      readonly type: "stopped";
      readonly reason: StopReason;
      readonly thread: number;
      readonly offset: number;
      readonly breakpointIds: readonly number[];
      /** Why conditions have no answer. */
      readonly problems: readonly string[];
    }
  /** A log point's message, at the moment that is recorded next or was recorded last. */
  | {
      readonly type: "logged";
      readonly breakpoint: number;
      readonly thread: number;
      readonly step: number;
      readonly event: number;
      readonly text: string;
    }
  | { readonly type: "resumed" }
  | {
      readonly type: "evaluated";
      readonly id: number;
      readonly ok: boolean;
      /** repr of the result, or the exception's type and message. */
      readonly text: string;
      readonly typeName: string;
      /** Recorder's object id of the result when it is an object that the log knows, else 0. */
      readonly object: number;
      readonly offset: number;
    }
  | { readonly type: "flushed"; readonly id: number; readonly offset: number }
  /** Once per reason: something could not be recorded. */
  | { readonly type: "warning"; readonly text: string }
  /** The last message: the log is complete. The process itself may live on for some milliseconds. */
  | { readonly type: "ended"; readonly offset: number; readonly exitCode: number };
