// Where does a step end? Forward and backward are mirror images: `next` and `stepBack` follow one frame over the calls
// between (and over suspensions), `stepIn` and `stepBackInto` one thread at any depth, `stepOut` and `stepBackOut` leave
// the frame, at its end and at its call. Each returns the event number of its target, -1 where there is none.
import * as f from "../wire/format.ts";
import type { BlocksByKey } from "../index/postings.ts";
import type { History } from "./history.ts";
import type { Views } from "./views.ts";

export class Movements {
  readonly #history: History;
  readonly #views: Views;

  constructor(history: History, views: Views) {
    this.#history = history;
    this.#views = views;
  }

  /** The frame's next step; after its end the caller's. */
  next(from: number, threadIndex: number): number {
    let frame = this.#innermost(from, threadIndex);
    let event = from;
    while (frame !== undefined) {
      const after = this.#nextInFrame(event, frame, isStepOrEnd);
      if (after < 0) return -1;
      const kind = this.#history.kindAt(after);
      if (kind === f.OP_LINE_AT) return after;
      if (kind === f.OP_DROPPED) return -1;
      event = after;
      const thread = this.#history.threadIndexAt(after);
      frame = this.#innermost(after, thread);
      if (frame === undefined) return this.#views.nextLine(after, thread);
    }
    return this.#views.nextLine(from, threadIndex);
  }

  /** The frame's previous step; before its first one the caller's, which made the call. */
  stepBack(from: number, threadIndex: number): number {
    let frame = this.#innermost(from, threadIndex);
    let event = from;
    while (frame !== undefined) {
      const before = this.#previousInFrame(event, frame, isStep);
      if (before >= 0) return before;
      const call = this.#callOf(frame);
      if (call < 0) return -1;
      event = call;
      const thread = this.#history.threadIndexAt(call);
      frame = this.#caller(call, thread);
      if (frame === undefined) return this.#views.previousLine(call, thread);
    }
    return this.#views.previousLine(from, threadIndex);
  }

  stepIn(from: number, threadIndex: number): number {
    return this.#views.nextLine(from, threadIndex);
  }

  stepBackInto(from: number, threadIndex: number): number {
    return this.#views.previousLine(from, threadIndex);
  }

  /** The moment in the caller where the frame has returned, or was left by an exception. */
  stepOut(from: number, threadIndex: number): number {
    const frame = this.#innermost(from, threadIndex);
    if (frame === undefined) return this.#views.nextLine(from, threadIndex);
    const end = this.#nextInFrame(from, frame, isEnd, this.#history.index.frameEnds);
    if (end < 0) return -1;
    const thread = this.#history.threadIndexAt(end);
    return this.#innermost(end, thread) === undefined ? this.#views.nextLine(end, thread) : end;
  }

  /** The caller's step that made the call. */
  stepBackOut(from: number, threadIndex: number): number {
    const shown = this.#views.shownEvent(from, threadIndex);
    const frame = shown > from ? undefined : this.#innermost(shown, threadIndex);
    const call = frame === undefined ? -1 : this.#callOf(frame);
    if (call < 0) return -1;
    const thread = this.#history.threadIndexAt(call);
    const caller = this.#caller(call, thread);
    return caller === undefined ? -1 : this.#previousInFrame(call, caller, isStep);
  }

  /** Event number of the frame's CALL; -1 when it was not recorded. */
  #callOf(frame: number): number {
    return this.#nextInFrame(-1, frame, (kind) => kind === f.OP_CALL);
  }

  #innermost(event: number, threadIndex: number): number | undefined {
    return this.#history.stack(event, threadIndex).at(-1)?.frame;
  }

  /** The frame that made the call at `call`. */
  #caller(call: number, threadIndex: number): number | undefined {
    return this.#history.stack(call, threadIndex).at(-2)?.frame;
  }

  #nextInFrame(
    after: number,
    frame: number,
    test: (kind: number) => boolean,
    postings: BlocksByKey = this.#history.index.frames,
  ): number {
    return this.#history.firstOfFrame(postings, frame, after, test);
  }

  #previousInFrame(before: number, frame: number, test: (kind: number) => boolean): number {
    return this.#history.lastOfFrame(frame, before, test);
  }
}

function isStep(kind: number): boolean {
  return kind === f.OP_LINE_AT;
}

function isEnd(kind: number): boolean {
  return kind === f.OP_RETURN || kind === f.OP_UNWIND;
}

function isStepOrEnd(kind: number): boolean {
  return isStep(kind) || isEnd(kind) || kind === f.OP_DROPPED;
}
