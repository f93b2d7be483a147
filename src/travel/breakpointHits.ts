// Where is the nearest breakpoint, forward or backward? The index names the blocks, only those are looked at.
import type { LineBreakpoint, Breakpoints } from "./timeTravel.ts";
import type { History } from "./history.ts";
import type { UncaughtRaises } from "./uncaughtRaises.ts";
import { RAISE_KEY } from "../index/historyIndex.ts";
import type { EventColumns } from "../wire/blockEvents.ts";
import { OP_LINE_AT, OP_RAISE, RAISE_FROM_CALL } from "../wire/format.ts";

export type Hit = { readonly event: number } & (
  | { readonly kind: "breakpoint"; readonly ids: readonly number[] }
  | { readonly kind: "exception"; readonly uncaught: boolean }
);

export class BreakpointHits {
  readonly #history: History;
  readonly #idsByKey: ReadonlyMap<number, readonly number[]>;
  readonly #raised: boolean;
  readonly #uncaughtRaises: UncaughtRaises;
  readonly #uncaught: boolean;

  constructor(history: History, uncaughtRaises: UncaughtRaises, breakpoints: Breakpoints) {
    this.#history = history;
    this.#uncaughtRaises = uncaughtRaises;
    this.#raised = breakpoints.raised;
    this.#uncaught = breakpoints.uncaught;
    this.#idsByKey = idsByLineKey(history, breakpoints.lines);
  }

  /** The first hit after `after`, up to and including `end`. */
  first(after: number, end: number): Hit | undefined {
    const uncaught = this.#uncaught ? this.#uncaughtRaises.events().find((event) => event > after) : undefined;
    const found = Math.min(this.#firstInBlocks(after, end), uncaught ?? Infinity);
    return found <= end ? this.#hitAt(found) : undefined;
  }

  /** The last hit before `before`, down to and including `start`. */
  last(before: number, start: number): Hit | undefined {
    const uncaught = this.#uncaught ? this.#uncaughtRaises.events().findLast((event) => event < before) : undefined;
    const found = Math.max(this.#lastInBlocks(before, start), uncaught ?? -1);
    return found >= Math.max(start, 0) ? this.#hitAt(found) : undefined;
  }

  #firstInBlocks(after: number, end: number): number {
    const { recording } = this.#history;
    if (after >= end) return Infinity;
    const lastBlock = recording.history.blockOfEvent(end);
    let number = this.#firstBlock(recording.history.blockOfEvent(after + 1));
    while (number <= lastBlock) {
      const { events, firstEvent } = recording.block(number);
      for (let row = Math.max(0, after + 1 - firstEvent); row < events.count; row++) {
        if (this.#isHit(events, row)) return firstEvent + row;
      }
      number = this.#firstBlock(number + 1);
    }
    return Infinity;
  }

  #lastInBlocks(before: number, start: number): number {
    const { recording } = this.#history;
    if (before <= Math.max(start, 0)) return -1;
    const firstBlock = recording.history.blockOfEvent(Math.max(start, 0));
    let number = this.#lastBlock(recording.history.blockOfEvent(before - 1));
    while (number >= firstBlock) {
      const { events, firstEvent } = recording.block(number);
      for (let row = Math.min(events.count, before - firstEvent) - 1; row >= 0; row--) {
        if (this.#isHit(events, row)) return firstEvent + row;
      }
      number = this.#lastBlock(number - 1);
    }
    return -1;
  }

  /** The first block from `block` on that holds a hit; Infinity for none. */
  #firstBlock(block: number): number {
    const { lines, raises } = this.#history.index;
    const blocks = [...this.#idsByKey.keys()].map((key) => lines.firstAtLeast(key, block));
    if (this.#raised) blocks.push(raises.firstAtLeast(RAISE_KEY, block));
    return Math.min(...blocks.map((number) => (number < 0 ? Infinity : number)), Infinity);
  }

  /** The last block up to `block` that holds a hit; -1 for none. */
  #lastBlock(block: number): number {
    const { lines, raises } = this.#history.index;
    const blocks = [...this.#idsByKey.keys()].map((key) => lines.lastAtMost(key, block));
    if (this.#raised) blocks.push(raises.lastAtMost(RAISE_KEY, block));
    return Math.max(...blocks, -1);
  }

  #isHit({ kind, detail }: EventColumns, row: number): boolean {
    const opcode = kind[row];
    if (opcode === OP_LINE_AT) return this.#idsByKey.has(detail[row] ?? 0);
    return this.#raised && opcode === OP_RAISE && isOrigin(detail[row] ?? 0);
  }

  #hitAt(event: number): Hit {
    const block = this.#history.blockAt(event);
    const row = event - block.firstEvent;
    if (block.events.kind[row] !== OP_LINE_AT) {
      return { event, kind: "exception", uncaught: this.#uncaughtRaises.events().includes(event) };
    }
    return { event, kind: "breakpoint", ids: this.#idsByKey.get(block.events.detail[row] ?? 0) ?? [] };
  }
}

/** True for the flags of a RAISE that did not come out of a call. */
function isOrigin(flags: number): boolean {
  return (flags & RAISE_FROM_CALL) === 0;
}

function idsByLineKey(history: History, breakpoints: readonly LineBreakpoint[]): Map<number, number[]> {
  const ids = new Map<number, number[]>();
  for (const { id, file, line } of breakpoints) {
    for (const key of history.recording.lineKeys.keysAt(file, line)) {
      const known = ids.get(key);
      if (known === undefined) ids.set(key, [id]);
      else known.push(id);
    }
  }
  return ids;
}
