// DAP custom requests of the debug session, `hindsight/…`: arguments and answers.

/** `hindsight/moment`: where the session stands. */
export interface MomentResponse {
  readonly step: number;
  /** Events after the step's LINE that have happened. */
  readonly event: number;
  readonly firstStep: number;
  readonly lastStep: number;
  readonly atLiveEdge: boolean;
  readonly threadId: number;
  /** False while a large recording is looked at that has no index yet; the event `hindsight/indexed` says when it has. */
  readonly isIndexed: boolean;
}

/** `hindsight/seek`: travel to a moment; "last" is the last moment of the step. */
export interface SeekArguments {
  readonly step: number;
  readonly event?: number | "last";
}

/** `hindsight/stepBackInto` and `hindsight/stepBackOut`. */
export interface ThreadArguments {
  readonly threadId: number;
}

/** `hindsight/executions` with a file: how often each function and line ran up to now. Lines are one-based. */
export interface ExecutionCountsArguments {
  readonly path: string;
}

export interface ExecutionCountsResponse {
  readonly path: string;
  /** True when the file on disk is the text that ran; counts of an edited file would stand at wrong lines. */
  readonly sourceMatches: boolean;
  readonly functions: readonly { readonly name: string; readonly line: number; readonly calls: number }[];
  readonly lines: readonly { readonly line: number; readonly count: number }[];
}

/** `hindsight/inlineValues`: the values of a frame's variables, beside the lines of its code that work on them. */
export interface InlineValuesArguments {
  readonly frameId: number;
}

export interface InlineValuesResponse {
  /** As in `ExecutionCountsResponse`. */
  readonly sourceMatches: boolean;
  /** Lines that the frame's code has, ascending; values as DAP shows them, those of the frame's moment. */
  readonly lines: readonly {
    readonly line: number;
    readonly values: readonly { readonly name: string; readonly value: string }[];
  }[];
}
