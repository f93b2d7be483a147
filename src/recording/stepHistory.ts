// Where do steps, moments and events stand? Three ways to name a place in the history, and the blocks that hold them.
// An event number counts all events of the recording from 0; the state at an event is the state after it.
import { lastAtMost } from "../base/bisect.ts";

/** A place in the history: the state after the LINE of `step` and `event` further events. */
export interface Moment {
  readonly step: number;
  readonly event: number;
}

/** One row per block, appended in order. */
export class StepHistory {
  readonly #firstSteps: number[] = [];
  readonly #firstEvents: number[] = [];
  /** Event number of the last LINE before the block; -1 for none. */
  readonly #lastLines: number[] = [];
  /** What `blockOfEvent` was asked last: most questions are about the same event. */
  #asked = { event: -1, number: -1 };
  #firstStep = 0;
  #steps = 0;
  #events = 0;
  #lastLine = -1;

  /** Before the first block: so many steps are not in the recording any more. */
  startAt(step: number): void {
    this.#firstStep = this.#steps = step;
  }

  /** Of the steps that are kept. */
  get firstStep(): number {
    return this.#firstStep;
  }

  get blocks(): number {
    return this.#firstSteps.length;
  }

  /** The last step plus one. */
  get steps(): number {
    return this.#steps;
  }

  get isEmpty(): boolean {
    return this.#steps === this.#firstStep;
  }

  get events(): number {
    return this.#events;
  }

  /** Event number of the last LINE; -1 for none. */
  get lastLine(): number {
    return this.#lastLine;
  }

  /** `lastLineRow` is the row of the block's last LINE, -1 for none. */
  append(steps: number, events: number, lastLineRow: number): void {
    this.#firstSteps.push(this.#steps);
    this.#firstEvents.push(this.#events);
    this.#lastLines.push(this.#lastLine);
    this.#asked = { event: -1, number: -1 };
    if (lastLineRow >= 0) this.#lastLine = this.#events + lastLineRow;
    this.#steps += steps;
    this.#events += events;
  }

  /** Takes the last block back. */
  removeLast(): void {
    this.#asked = { event: -1, number: -1 };
    this.#steps = this.#firstSteps.pop() ?? this.#firstStep;
    this.#events = this.#firstEvents.pop() ?? 0;
    this.#lastLine = this.#lastLines.pop() ?? -1;
  }

  firstStepOf(block: number): number {
    return this.#firstSteps[block] ?? this.#steps;
  }

  firstEventOf(block: number): number {
    return this.#firstEvents[block] ?? this.#events;
  }

  /** Event number of the last LINE before the block; -1 for none. */
  lastLineBefore(block: number): number {
    return this.#lastLines[block] ?? this.#lastLine;
  }

  /** The row of the block's last LINE, -1 for none. */
  lastLineRowOf(block: number): number {
    return Math.max(this.lastLineBefore(block + 1) - this.firstEventOf(block), -1);
  }

  /** O(log blocks). */
  blockOfStep(step: number): number {
    return lastAtMost(this.#firstSteps, step);
  }

  /** O(log blocks). */
  blockOfEvent(event: number): number {
    const { number, event: asked } = this.#asked;
    if (asked === event) return number;
    const found = lastAtMost(this.#firstEvents, event);
    this.#asked = { number: found, event };
    return found;
  }
}
