// In which state is a generator, a coroutine or an async generator? The four states of `inspect.getgeneratorstate`,
// moved by the events of a recording.

export type GenState = "CREATED" | "RUNNING" | "SUSPENDED" | "CLOSED";

/** Names as in FORMAT.md, section 4.2. DROPPED: closed while it was not running, without an event of its own. */
export type GenEvent = "RESUME" | "THROW" | "YIELD" | "RETURN" | "UNWIND" | "DROPPED";

const TRANSITIONS = {
  CREATED: { RESUME: "RUNNING", THROW: "RUNNING", DROPPED: "CLOSED" },
  RUNNING: { YIELD: "SUSPENDED", RETURN: "CLOSED", UNWIND: "CLOSED" },
  SUSPENDED: { RESUME: "RUNNING", THROW: "RUNNING", DROPPED: "CLOSED" },
  CLOSED: {},
} as const satisfies { readonly [state in GenState]: { readonly [event in GenEvent]?: GenState } };

/** The state after `event`; undefined when CPython has no such transition (it raises ValueError or StopIteration). */
export function nextGenState(state: GenState, event: GenEvent): GenState | undefined {
  const from: { readonly [event in GenEvent]?: GenState } = TRANSITIONS[state];
  return from[event];
}
