// The hits of one breakpoint, block by block: its places, those at which its condition holds, and of these the counted.
// Work comes in pieces: each `yield` is a point at which a search can be left.
import type { History } from "../history.ts";
import type { Breakpoint } from "./breakpoint.ts";
import type { Question, Verdict } from "./condition.ts";
import { isCounted } from "./hitCondition.ts";
import { ScalarScan, type ScannedStep } from "./scalarScan.ts";
import type { Place } from "./place.ts";

/** Yields the event number that a search has come to. */
export type Searching<Result> = Generator<number, Result, void>;

/** `problem`: why its condition has no answer there. */
export interface RowHit {
  readonly row: number;
  readonly problem: string | undefined;
}

const PIECE = 200;
const KEPT_BLOCKS = 64;

export class HitList {
  readonly breakpoint: Breakpoint;
  readonly #history: History;
  readonly #place: Place;
  readonly #question: Question | undefined;
  /** Hits before each block, as far as they were counted; without those of the last block, which may grow. */
  readonly #before: number[] = [0];
  /** By block: where its condition holds. */
  readonly #kept = new Map<number, readonly RowHit[]>();
  readonly #scan: ScalarScan | undefined;

  constructor(history: History, breakpoint: Breakpoint, place: Place, question: Question | undefined) {
    this.breakpoint = breakpoint;
    this.#history = history;
    this.#place = place;
    this.#question = question;
    this.#scan = question?.scalars === undefined ? undefined : new ScalarScan(history, question.scalars);
  }

  get place(): Place {
    return this.#place;
  }

  /** The hits in a block, ascending. */
  *inBlock(block: number): Searching<readonly RowHit[]> {
    const passes = yield* this.#passesIn(block);
    const { hitCondition } = this.breakpoint;
    if (hitCondition === undefined || passes.length === 0) return passes;
    let number = yield* this.#countBefore(block);
    return passes.filter(({ problem }) => {
      if (problem !== undefined) return true;
      number++;
      return isCounted(hitCondition, number);
    });
  }

  /** How often the condition held up to and including an event. */
  *countUpTo(event: number): Searching<number> {
    if (event < 0) return 0;
    const { history } = this.#history.recording;
    const block = history.blockOfEvent(event);
    const before = yield* this.#countBefore(block);
    const passes = yield* this.#passesIn(block);
    const last = event - history.firstEventOf(block);
    return before + passes.filter(({ row, problem }) => problem === undefined && row <= last).length;
  }

  *#countBefore(number: number): Searching<number> {
    if (this.#place.isDecidedLater) this.#before.length = 1;
    while (this.#before.length <= number) {
      const next = this.#before.length - 1;
      const known = this.#before[next] ?? 0;
      const found = this.#place.firstBlock(next);
      if (found >= number) {
        for (let block = next; block < number; block++) this.#before.push(known);
        break;
      }
      for (let block = next; block < found; block++) this.#before.push(known);
      const passes = yield* this.#passesIn(found);
      this.#before.push(known + passes.filter(({ problem }) => problem === undefined).length);
      yield this.#history.recording.history.firstEventOf(found);
    }
    return this.#before[number] ?? 0;
  }

  *#passesIn(block: number): Searching<readonly RowHit[]> {
    const { recording } = this.#history;
    const staysSo = !this.#place.isDecidedLater && recording.isFinal(block);
    const kept = staysSo ? this.#kept.get(block) : undefined;
    if (kept !== undefined) return kept;
    const passes: RowHit[] = [];
    const steps = this.#stepsIn(block);
    for (let index = 0; index < steps.length; index++) {
      const { row, holds: isSure } = steps[index] ?? nowhere;
      const verdict = isSure === true ? holds : this.#ask(block, row);
      if (verdict.kind !== "false")
        passes.push({ row, problem: verdict.kind === "failed" ? verdict.message : undefined });
      if (isSure !== true && index % PIECE === PIECE - 1) yield recording.history.firstEventOf(block) + row;
    }
    if (staysSo) this.#kept.set(block, passes);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_BLOCKS && oldest !== undefined) this.#kept.delete(oldest);
    return passes;
  }

  /** Its places; without those at which its condition is false, where numbers alone tell that. */
  #stepsIn(block: number): readonly ScannedStep[] {
    const { recording } = this.#history;
    const keys = this.#scan === undefined ? undefined : this.#place.lineKeys();
    if (this.#scan !== undefined && keys !== undefined) return this.#scan.steps(recording.passing(block), keys);
    const isSure = this.#question === undefined ? true : undefined;
    return this.#place.rows(recording.block(block)).map((row) => ({ row, holds: isSure }));
  }

  #ask(number: number, row: number): Verdict {
    if (this.#question === undefined) return holds;
    const block = this.#history.recording.block(number);
    const { frame, names } = this.#place.contextOf(block, row);
    return this.#question.truth(block.firstEvent + row, frame, names);
  }
}

const holds: Verdict = { kind: "true" };
const nowhere: ScannedStep = { row: 0, holds: undefined };
