// What did each activation cost? Steps and calls are counted along the threads' stacks, event by event; an activation
// holds its counts itself, so that one which ends costs nothing afterwards unless somebody keeps it.
import type { Keyframe } from "../wire/keyframe.ts";
import * as f from "../wire/format.ts";

/** One activation of a code object. */
export interface Activation {
  readonly frame: number;
  /** Event number of its CALL; -1 when that was not seen. */
  readonly call: number;
  /** Event number of its RETURN or UNWIND; -1 while it has not ended. */
  end: number;
  selfSteps: number;
  /** With those of the calls that it made, of the times before this one on the stack. */
  totalSteps: number;
  children: number;
  /** Steps of its thread when it last came to the stack. */
  since: number;
}

interface ThreadState {
  stack: Activation[];
  steps: number;
}

/** State of the pass between two events, for going back to it. */
export interface PassState {
  readonly threads: readonly (readonly [index: number, stack: readonly Activation[], steps: number])[];
  readonly suspended: readonly Activation[];
}

export class CallPass {
  readonly #ended: (activation: Activation) => void;
  readonly #threads = new Map<number, ThreadState>();
  readonly #suspended = new Map<number, Activation>();
  /** The thread that was asked for last. */
  #index = -1;
  #state: ThreadState = { stack: [], steps: 0 };

  /** `ended` is told of every activation that returns, is left by an exception, or is dropped. */
  constructor(ended: (activation: Activation) => void) {
    this.#ended = ended;
  }

  /** Where the recorder lost events the keyframe says what there is. */
  begin({ threads }: Keyframe, threadIndexOf: (thread: number) => number): void {
    for (const { thread, frames } of threads) {
      const state = this.#thread(threadIndexOf(thread));
      const isSame =
        frames.length === state.stack.length && frames.every(({ frame }, depth) => state.stack[depth]?.frame === frame);
      if (isSame) continue;
      const known = new Map(state.stack.map((activation) => [activation.frame, activation]));
      const present = new Set(frames.map(({ frame }) => frame));
      state.stack = frames.map(({ frame }) => {
        const activation = known.get(frame) ?? this.#suspended.get(frame) ?? activationOf(frame, -1);
        this.#suspended.delete(frame);
        if (!known.has(frame)) activation.since = state.steps;
        return activation;
      });
      for (const lost of known.values()) if (!present.has(lost.frame)) this.#leave(lost, state.steps);
    }
  }

  /** Takes an event of a thread's frames; of a CALL the frame that calls, else 0 (hot). */
  take(event: number, opcode: number, threadIndex: number, frame: number): number {
    const thread = this.#thread(threadIndex);
    const { stack } = thread;
    switch (opcode) {
      case f.OP_LINE_AT: {
        const top = stack.at(-1);
        thread.steps++;
        if (top !== undefined) top.selfSteps++;
        return 0;
      }
      case f.OP_CALL: {
        const caller = stack.at(-1);
        if (caller !== undefined) caller.children++;
        const activation = activationOf(frame, event);
        activation.since = thread.steps;
        stack.push(activation);
        return caller?.frame ?? 0;
      }
      case f.OP_RESUME:
      case f.OP_THROW: {
        const activation = this.#suspended.get(frame) ?? activationOf(frame, -1);
        this.#suspended.delete(frame);
        activation.since = thread.steps;
        stack.push(activation);
        return 0;
      }
      case f.OP_YIELD:
      case f.OP_RETURN:
      case f.OP_UNWIND: {
        const left = stack.pop();
        if (left === undefined) return 0;
        if (opcode === f.OP_YIELD) {
          left.totalSteps += thread.steps - left.since;
          this.#suspended.set(left.frame, left);
          return 0;
        }
        left.end = event;
        this.#leave(left, thread.steps);
        return 0;
      }
      default:
        return 0;
    }
  }

  /** Takes further steps of the innermost frame (hot). */
  stepped(threadIndex: number, count: number): void {
    const thread = this.#thread(threadIndex);
    const top = thread.stack.at(-1);
    thread.steps += count;
    if (top !== undefined) top.selfSteps += count;
  }

  /** A suspended frame ceased without an event of its own. */
  dropped(frame: number): void {
    const activation = this.#suspended.get(frame);
    if (activation === undefined) return;
    this.#suspended.delete(frame);
    this.#ended(activation);
  }

  /** An activation that has not ended; its counts are those up to now. */
  living(frame: number): Activation | undefined {
    for (const { stack, steps } of this.#threads.values()) {
      const running = stack.find((one) => one.frame === frame);
      if (running !== undefined) return { ...running, totalSteps: running.totalSteps + steps - running.since };
    }
    return this.#suspended.get(frame);
  }

  /** A copy of everything. */
  state(): PassState {
    return {
      threads: [...this.#threads].map(([index, { stack, steps }]) => [index, stack.map(copyOf), steps] as const),
      suspended: [...this.#suspended.values()].map(copyOf),
    };
  }

  /** Takes the state as its own. */
  restore({ threads, suspended }: PassState): void {
    this.#threads.clear();
    this.#index = -1;
    this.#suspended.clear();
    for (const [index, stack, steps] of threads) this.#threads.set(index, { stack: [...stack], steps });
    for (const activation of suspended) this.#suspended.set(activation.frame, activation);
  }

  #leave(activation: Activation, steps: number): void {
    activation.totalSteps += steps - activation.since;
    this.#ended(activation);
  }

  #thread(index: number): ThreadState {
    if (index === this.#index) return this.#state;
    const state = this.#threads.get(index) ?? { stack: [], steps: 0 };
    this.#threads.set(index, state);
    this.#index = index;
    this.#state = state;
    return state;
  }
}

function activationOf(frame: number, call: number): Activation {
  return { frame, call, end: -1, selfSteps: 0, totalSteps: 0, children: 0, since: 0 };
}

function copyOf(activation: Activation): Activation {
  return { ...activation };
}
