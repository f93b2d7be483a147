// The hits of one breakpoint, block by block: its places, those at which its condition holds, and of these the counted.
// Work comes in pieces: each `yield` is a point at which a search can be left.
import type { Block } from "../../recording/block.ts";
import type { History } from "../history.ts";
import type { Breakpoint } from "./breakpoint.ts";
import type { Question, Verdict } from "./condition.ts";
import { isCounted } from "./hitCondition.ts";
import { scanScalars, type ScannedStep } from "./scalarScan.ts";
import type { Place } from "./place.ts";

/** Yields the event number that a search has come to. */
export type Searching<Result> = Generator<number, Result, void>;

/** `problem`: why its condition has no answer there. */
export interface RowHit {
  readonly row: number;
  readonly problem: string | undefined;
}

const PIECE = 200;
const KEPT_BLOCKS = 8;

export class HitList {
  readonly breakpoint: Breakpoint;
  readonly #history: History;
  readonly #place: Place;
  readonly #question: Question | undefined;
  /** Hits before each block, as far as they were counted; without those of the last block, which may grow. */
  readonly #before: number[] = [0];
  readonly #kept = new Map<Block, readonly RowHit[]>();

  constructor(history: History, breakpoint: Breakpoint, place: Place, question: Question | undefined) {
    this.breakpoint = breakpoint;
    this.#history = history;
    this.#place = place;
    this.#question = question;
  }

  get place(): Place {
    return this.#place;
  }

  /** The hits in a block, ascending. */
  *inBlock(block: Block): Searching<readonly RowHit[]> {
    const passes = yield* this.#passesIn(block);
    const { hitCondition } = this.breakpoint;
    if (hitCondition === undefined || passes.length === 0) return passes;
    let number = yield* this.#countBefore(block.number);
    return passes.filter(({ problem }) => {
      if (problem !== undefined) return true;
      number++;
      return isCounted(hitCondition, number);
    });
  }

  /** How often the condition held up to and including an event. */
  *countUpTo(event: number): Searching<number> {
    if (event < 0) return 0;
    const block = this.#history.blockAt(event);
    const before = yield* this.#countBefore(block.number);
    const passes = yield* this.#passesIn(block);
    return (
      before + passes.filter(({ row, problem }) => problem === undefined && block.firstEvent + row <= event).length
    );
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
      const block = this.#history.recording.block(found);
      const passes = yield* this.#passesIn(block);
      this.#before.push(known + passes.filter(({ problem }) => problem === undefined).length);
      yield block.firstEvent;
    }
    return this.#before[number] ?? 0;
  }

  *#passesIn(block: Block): Searching<readonly RowHit[]> {
    const kept = this.#place.isDecidedLater ? undefined : this.#kept.get(block);
    if (kept !== undefined) return kept;
    const passes: RowHit[] = [];
    const steps = this.#stepsIn(block);
    for (let index = 0; index < steps.length; index++) {
      const { row, holds: isSure } = steps[index] ?? nowhere;
      const verdict = isSure === true ? holds : this.#ask(block, row);
      if (verdict.kind !== "false")
        passes.push({ row, problem: verdict.kind === "failed" ? verdict.message : undefined });
      if (isSure !== true && index % PIECE === PIECE - 1) yield block.firstEvent + row;
    }
    this.#kept.set(block, passes);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_BLOCKS && oldest !== undefined) this.#kept.delete(oldest);
    return passes;
  }

  /** Its places; without those at which its condition is false, where numbers alone tell that. */
  #stepsIn(block: Block): readonly ScannedStep[] {
    const test = this.#question?.scalars;
    const keys = test === undefined ? undefined : this.#place.lineKeys();
    if (test !== undefined && keys !== undefined) return scanScalars(this.#history, block, keys, test);
    const isSure = this.#question === undefined ? true : undefined;
    return this.#place.rows(block).map((row) => ({ row, holds: isSure }));
  }

  #ask(block: Block, row: number): Verdict {
    if (this.#question === undefined) return holds;
    const { frame, names } = this.#place.contextOf(block, row);
    return this.#question.truth(block.firstEvent + row, frame, names);
  }
}

const holds: Verdict = { kind: "true" };
const nowhere: ScannedStep = { row: 0, holds: undefined };
