// The control channel between the debug adapter and the recorded Python process.
//
// Python connects to a loopback TCP socket of the adapter; messages are JSON objects, one a line, UTF-8.
// There is no thread for it in Python: the recorder reads the socket when the attention byte of the tail
// file is set (FORMAT.md, section 7), and blocks on it while the program is stopped.
// The adapter sets that byte (a one-byte write at offset 28) after every message that it sends.
//
// Two connections are made, each with its own single-use token:
//   1. `python PYTRACER connect PORT TOKEN` (the line a terminal runs) asks for its orders: `hello` with role "launcher".
//      It gets `launch`, replaces itself by the program's Python, and is gone.
//   2. The hook inside the program's Python: `hello` with role "program" and the second token. It gets `configure`,
//      answers `configured`, and waits for `run`.

/** Settings of a recording, as the launch request gave them, checked. */
export interface RecorderSettings {
  readonly recordingPath: string;
  readonly justMyCode: boolean;
  /** Glob patterns over absolute file names; exclude wins over include, both over justMyCode. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly maxItems: number;
  readonly maxStringLength: number;
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

/** One source breakpoint after it was matched with the tables of the code objects. Lines are one-based. */
export interface BreakpointPlace {
  readonly id: number;
  readonly file: string;
  readonly line: number;
}

export type StepKind = "next" | "stepIn" | "stepOut";

export type StopReason = "entry" | "breakpoint" | "step" | "pause" | "exception";

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
      /** True in internalConsole: standard input is closed and `input()` explains itself. */
      readonly noStandardInput: boolean;
      /** Where the program's Python finds its settings before the second connection. */
      readonly settings: RecorderSettings;
    }
  | { readonly type: "configure"; readonly stopOnEntry: boolean }
  /** Replaces all line breakpoints. Answered by `breakpointsSet`. */
  | { readonly type: "setBreakpoints"; readonly id: number; readonly breakpoints: readonly BreakpointPlace[] }
  /** Stop when an exception is raised anywhere in recorded code; `uncaught` stops after unwinding, at the end. Answered by `exceptionFiltersSet`. */
  | { readonly type: "setExceptionFilters"; readonly id: number; readonly raised: boolean; readonly uncaught: boolean }
  /** Where may breakpoints be? Compiles the file in the program's own Python. Answered by `breakableLines`. */
  | { readonly type: "breakableLines"; readonly id: number; readonly file: string }
  /** First start, and every Continue at the live edge. */
  | { readonly type: "run" }
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
      readonly role: "launcher" | "program";
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
  | { readonly type: "breakpointsSet"; readonly id: number }
  | { readonly type: "exceptionFiltersSet"; readonly id: number }
  | {
      readonly type: "breakableLines";
      readonly id: number;
      readonly lines: readonly number[];
      readonly error: string | null;
    }
  /** The program stands still. Everything up to here is sealed: `offset` bytes of the file are complete. */
  | {
      readonly type: "stopped";
      readonly reason: StopReason;
      readonly thread: number;
      readonly offset: number;
      readonly breakpointIds: readonly number[];
      /** For reason "exception": the RAISE that it is about is the last one of this step. */
      readonly uncaught: boolean;
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
