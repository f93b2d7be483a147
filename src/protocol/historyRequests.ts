// DAP custom requests about what happened when: history, last write, origin, executions, call tree, exceptions, output,
// why a line did not run, and what became of an object. Lines and columns count as the client's `initialize` said.
//
// Pages: an answer that is not complete has `next`; the same request with `from: next` goes on. `count` is the size of a
// page (default 50, at most 1,000).

/** The state after the LINE of `step` and `event` further events: what `hindsight/seek` takes. */
export interface MomentOfHistory {
  readonly step: number;
  readonly event: number;
}

/** A moment with the line that ran there. Travel to it with `hindsight/seek`. */
export interface PlaceInHistory extends MomentOfHistory {
  readonly threadId: number;
  /** Name of the function, as in a stack frame. */
  readonly function: string;
  /** A DAP `Source`; absent where no code of the program stood on the stack. */
  readonly source?: { readonly name?: string; readonly path?: string; readonly sourceReference?: number };
  readonly line: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  /** The text of that line, without the space around it, when the recording has it. */
  readonly text?: string;
}

/** A value as DAP shows it. `variablesReference` expands at the moment that the value belongs to. */
export interface ValueInHistory {
  readonly value: string;
  /** For an object with its number, `list #12`: the same object has the same number everywhere. */
  readonly type?: string;
  readonly variablesReference: number;
  readonly namedVariables?: number;
  readonly indexedVariables?: number;
}

/**
 * What is asked about: a child of `variablesReference` by its name (a variable, an attribute, an item), or an
 * `expression` in a frame (default: the innermost one of the current moment). The moment is the reference's own.
 */
export interface SubjectArguments {
  readonly variablesReference?: number;
  readonly name?: string;
  readonly expression?: string;
  readonly frameId?: number;
}

export interface PageArguments {
  /** `next` of the page before. */
  readonly from?: number;
  readonly count?: number;
}

// hindsight/history, hindsight/lastWrite

export type HistoryArguments = SubjectArguments & PageArguments;

/**
 * How a value came there: `assigned` also by code that is not recorded; `argument` of a call; `created` with its object;
 * `seen` when it was there before the recorder first saw its object; `deleted`; `unknown` from here on nobody knows,
 * `note` says why.
 */
export type WriteKind = "assigned" | "argument" | "created" | "seen" | "deleted" | "unknown";

export interface WriteInHistory {
  readonly kind: WriteKind;
  /** The line that made the write, before it runs. */
  readonly at: PlaceInHistory;
  /** The first moment that has the value. */
  readonly written: MomentOfHistory;
  /** Absent when deleted or unknown. */
  readonly value?: ValueInHistory;
  readonly note?: string;
}

/** Newest first: from the value that is seen at the moment back to the first one. */
export interface HistoryResponse {
  readonly subject: string;
  readonly writes: readonly WriteInHistory[];
  readonly next?: number;
  /** The first step that is kept, in a recording that was cut: writes before it are gone. */
  readonly cutAt?: number;
}

/** With `go` the session travels to the line (`at`), as a movement: `continued`, the answer, `stopped`. */
export type LastWriteArguments = SubjectArguments & { readonly go?: boolean };

export interface LastWriteResponse {
  readonly subject: string;
  readonly write?: WriteInHistory;
  /** Only without `write`; as in `HistoryResponse`. */
  readonly cutAt?: number;
}

// hindsight/origin

export type OriginArguments = SubjectArguments & {
  /** At most this many hops (default 50). */ readonly count?: number;
};

/**
 * One hop back. `variable`, `attribute`, `item`: read from there; `argument`: handed in by the caller; `return`: what a
 * call returned; `element`: of what a loop runs over; `moved`: it stood at another place of its list before.
 * The last hop is of another kind: `literal`, `computation` (with operands, each of which can be asked about in turn),
 * `input` (a call of code that is not recorded), `creation` (a new object), `unknown` (`text` says why).
 */
export type OriginKind =
  | "variable"
  | "attribute"
  | "item"
  | "argument"
  | "return"
  | "element"
  | "moved"
  | "literal"
  | "computation"
  | "input"
  | "creation"
  | "unknown";

export interface OriginOperand {
  /** As an expression, from the bytecode: `self.total`, `rates[0]`. */
  readonly expression: string;
  readonly value?: ValueInHistory;
}

export interface OriginHop {
  readonly kind: OriginKind;
  /** The line that did it, before it runs. */
  readonly at: PlaceInHistory;
  /** A sentence: `total = price * count`. */
  readonly text: string;
  readonly value?: ValueInHistory;
  readonly operands: readonly OriginOperand[];
}

export interface OriginResponse {
  readonly subject: string;
  readonly hops: readonly OriginHop[];
}

// hindsight/executions (with `path` alone: see ExecutionCountsArguments), hindsight/callTree

/** All executions of a line, or with `function` all calls of the function whose code holds the line. In time order. */
export interface ExecutionsArguments extends PageArguments {
  readonly path: string;
  readonly line: number;
  readonly what: "line" | "function";
  /** Newest first. */
  readonly backward?: boolean;
}

export interface ExecutionsResponse {
  /** Of the whole recording. */
  readonly total: number;
  /** Of `what: "function"`: calls; else the steps of the line, each with the call that it belongs to. */
  readonly executions: readonly ExecutionInHistory[];
  readonly next?: number;
}

export interface ExecutionInHistory {
  readonly at: PlaceInHistory;
  readonly call: CallInHistory;
}

export interface ArgumentInHistory {
  readonly name: string;
  readonly value: ValueInHistory;
}

/** One call of a function; `frame` is its number in the recording. */
export interface CallInHistory {
  readonly frame: number;
  readonly function: string;
  /** The first line of the function, before it runs. */
  readonly at: PlaceInHistory;
  /** The line that called it; absent for a thread's outermost frame. */
  readonly calledAt?: PlaceInHistory;
  readonly arguments: readonly ArgumentInHistory[];
  readonly end:
    | { readonly kind: "returned"; readonly moment: MomentOfHistory; readonly value: ValueInHistory }
    | { readonly kind: "raised"; readonly moment: MomentOfHistory; readonly value: ValueInHistory }
    /** Suspended for ever, or still running when the recording ended. */
    | { readonly kind: "unfinished" };
  /** Steps of this call alone, and with all calls that it made. */
  readonly selfSteps: number;
  readonly totalSteps: number;
  /** How many calls it made itself. */
  readonly children: number;
}

/**
 * Calls of a call in time order: of `frame`, or without it the outermost calls of all threads. With a search (any of
 * `function`, `argument`, `result`, `exception`; all of those given must fit) all calls below, at any depth.
 * Searched texts are looked for in names and in values as they are shown, without regard to case; `exception` also in
 * the names of the exception's class and of its bases.
 */
export interface CallTreeArguments extends PageArguments {
  readonly frame?: number;
  readonly function?: string;
  readonly argument?: string;
  readonly result?: string;
  readonly exception?: string;
  /** The calls that stand on the stack at the current moment, outermost first, instead of children. */
  readonly path?: boolean;
}

export interface CallTreeResponse {
  /** Absent for a search. */
  readonly total?: number;
  readonly calls: readonly CallInHistory[];
  readonly next?: number;
}

// hindsight/exceptions, hindsight/output

/** All exceptions in the order in which they were raised. */
export interface ExceptionsArguments extends PageArguments {
  /** Only those whose class, a base of it, or text holds this. */
  readonly search?: string;
}

export interface ExceptionInHistory {
  readonly at: PlaceInHistory;
  readonly type: string;
  readonly value: ValueInHistory;
  /** The line with the handler that ended it; absent when nothing in recorded code did. */
  readonly handledAt?: PlaceInHistory;
  /** True when it ended a thread or the program. */
  readonly uncaught: boolean;
}

export interface ExceptionsResponse {
  readonly exceptions: readonly ExceptionInHistory[];
  readonly next?: number;
}

export interface OutputArguments extends PageArguments {
  /** Only what holds this. */
  readonly search?: string;
}

export interface OutputResponse {
  readonly outputs: readonly {
    readonly at: PlaceInHistory;
    readonly stream: "stdout" | "stderr";
    readonly text: string;
  }[];
  readonly next?: number;
}

// hindsight/why

/** Why did a line not run in the call of a frame (default: the innermost one of the current moment)? */
export interface WhyArguments {
  readonly frameId?: number;
  readonly path?: string;
  readonly line: number;
}

/**
 * `ran`: it did, `at` is its last execution. `branch`: the branch at `at` went the other way. `raised`: an exception at
 * `at` left before. `left`: the call ended or was suspended at `at`. `elsewhere`: the line is no part of the function.
 */
export interface WhyResponse {
  readonly kind: "ran" | "branch" | "raised" | "left" | "elsewhere";
  readonly text: string;
  readonly at?: PlaceInHistory;
  /** What the branch, or the exception, saw. */
  readonly operands: readonly OriginOperand[];
}

// hindsight/object

/** What became of an object: by its variable, or by its number (`list #12`) at the current moment. */
export type ObjectArguments = SubjectArguments &
  PageArguments & {
    readonly object?: number;
    /** `holders`: who holds it at the moment; `changes`: who changed it, newest first, from the moment back. */
    readonly what: "holders" | "changes" | "life";
  };

export interface ObjectResponse {
  readonly object: number;
  readonly type: string;
  /** `what: "holders"`. */
  readonly holders?: readonly HolderInHistory[];
  /** `what: "changes"`. */
  readonly changes?: readonly {
    readonly at: PlaceInHistory;
    readonly written: MomentOfHistory;
    /** `[3] = 5`, `append 7`, `.name = 'x'`. */
    readonly text: string;
  }[];
  /** `what: "life"`: where it was first seen, and where it was gone. */
  readonly created?: PlaceInHistory;
  readonly died?: PlaceInHistory;
  readonly next?: number;
}

export interface HolderInHistory {
  readonly kind: "variable" | "attribute" | "item" | "entry" | "value";
  /** `total in main`, `.owner of Account #12`, `[3] of list #7`. */
  readonly text: string;
  /** Expands to the holding object, when it is one. */
  readonly holder?: ValueInHistory;
  /** To the frame's variable: its number. */
  readonly frame?: number;
}

// hindsight/tasks

/** asyncio tasks (coroutines that no other recorded coroutine awaits) that have begun and not ended at the moment. */
export interface TasksResponse {
  readonly tasks: readonly {
    /** As asyncio has it at the moment (`get_name()`); of the coroutine's function where the recording does not tell. */
    readonly name: string;
    /** Number of the task among the objects, for `hindsight/object`; absent where the recording does not tell. */
    readonly object?: number;
    /** Frame number of its outermost coroutine. */
    readonly frame: number;
    readonly state: "running" | "suspended";
    readonly threadId: number;
    /** DAP stack frames, innermost first: the coroutines that await each other. */
    readonly stackFrames: readonly object[];
  }[];
}
