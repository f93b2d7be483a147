// Where is the nearest breakpoint, forward or backward? The index names the blocks, only those are looked at.
import type { Block } from "../../recording/block.ts";
import { OP_LINE_AT, OP_RAISE } from "../../wire/format.ts";
import type { History } from "../history.ts";
import type { HitList, Searching } from "./hitList.ts";

/** A moment at which one or more breakpoints stop. */
export interface Hit {
  readonly event: number;
  readonly ids: readonly number[];
  readonly exception: boolean;
  /** Why conditions have no answer there. */
  readonly problems: readonly string[];
}

export class Hits {
  readonly #history: History;
  readonly #lists: readonly HitList[];

  constructor(history: History, lists: readonly HitList[]) {
    this.#history = history;
    this.#lists = lists;
  }

  /** The first hit after `after`, up to and including `end`. */
  *first(after: number, end: number): Searching<Hit | undefined> {
    if (after >= end || this.#lists.length === 0) return undefined;
    const { recording } = this.#history;
    const last = recording.history.blockOfEvent(end);
    let number = this.#firstBlock(recording.history.blockOfEvent(after + 1), last);
    while (number <= last) {
      const hits = yield* this.#inBlock(number);
      const hit = hits.find(({ event }) => event > after);
      if (hit !== undefined) return hit.event <= end ? hit : undefined;
      yield recording.history.firstEventOf(number);
      number = this.#firstBlock(number + 1, last);
    }
    return undefined;
  }

  /** The last hit before `before`, down to and including `start`. */
  *last(before: number, start: number): Searching<Hit | undefined> {
    if (before <= Math.max(start, 0) || this.#lists.length === 0) return undefined;
    const { recording } = this.#history;
    const first = recording.history.blockOfEvent(Math.max(start, 0));
    let number = this.#lastBlock(recording.history.blockOfEvent(before - 1), first);
    while (number >= first) {
      const hits = yield* this.#inBlock(number);
      const hit = hits.findLast(({ event }) => event < before);
      if (hit !== undefined) return hit.event >= start ? hit : undefined;
      yield recording.history.firstEventOf(number);
      number = this.#lastBlock(number - 1, first);
    }
    return undefined;
  }

  /** The first block from `block` to `last` that may hold a hit; one behind them, or Infinity, for none. */
  #firstBlock(block: number, last: number): number {
    return this.#history.index.within(0, last, () =>
      Math.min(...this.#lists.map(({ place }) => place.firstBlock(block)), Infinity),
    );
  }

  /** The last block from `first` to `block` that may hold a hit; one before them, or -1, for none. */
  #lastBlock(block: number, first: number): number {
    if (block < first) return -1;
    return this.#history.index.within(first, Infinity, () =>
      Math.max(...this.#lists.map(({ place }) => place.lastBlock(block, first)), -1),
    );
  }

  /** Ascending; those at one event are one. */
  *#inBlock(number: number): Searching<readonly Hit[]> {
    const byRow = new Map<number, { ids: number[]; problems: string[] }>();
    for (const list of this.#lists) {
      for (const { row, problem } of yield* list.inBlock(number)) {
        const known = byRow.get(row) ?? { ids: [], problems: [] };
        byRow.set(row, known);
        known.ids.push(list.breakpoint.id);
        if (problem !== undefined) known.problems.push(problem);
      }
    }
    if (byRow.size === 0) return [];
    const block = this.#history.recording.block(number);
    return [...byRow]
      .toSorted(([a], [b]) => a - b)
      .map(([row, { ids, problems }]) => ({
        event: block.firstEvent + row,
        ids,
        exception: this.#isException(block, row, ids),
        problems,
      }));
  }

  /** An exception that was raised where nothing was recorded has its moment at its end. */
  #isException(block: Block, row: number, ids: readonly number[]): boolean {
    const kind = block.events.kind[row];
    if (kind === OP_RAISE) return true;
    if (kind === OP_LINE_AT) return false;
    return this.#lists.some(({ breakpoint }) => breakpoint.place.kind === "exception" && ids.includes(breakpoint.id));
  }
}

/** Runs a search to its end. */
export function found<Result>(searching: Searching<Result>): Result {
  for (;;) {
    const { done, value } = searching.next();
    if (done === true) return value;
  }
}
