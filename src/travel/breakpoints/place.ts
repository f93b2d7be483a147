// The places of a breakpoint in the history: in which blocks they are, and at which events of a block.
import type { BlocksByKey } from "../../index/postings.ts";
import type { Block } from "../../recording/block.ts";
import type { Value } from "../timeTravel.ts";

/** What a condition sees at a place besides the moment. */
export interface PlaceContext {
  /** The frame whose names it sees; undefined where none runs. */
  readonly frame: number | undefined;
  /** Names of the place's own: the value that is returned, the exception. */
  readonly names: ReadonlyMap<string, Value>;
}

export interface Place {
  /** True when a block can get such events later: what comes after it decides. */
  readonly isDecidedLater: boolean;
  /** The first block from `block` on that may hold such an event; Infinity for none. */
  firstBlock(block: number): number;
  /** The last block up to `block` that may hold such an event; -1 for none. Those before `first` do not matter. */
  lastBlock(block: number, first: number): number;
  /** Rows of the events, ascending. */
  rows(block: Block): readonly number[];
  contextOf(block: Block, row: number): PlaceContext;
  /** Line keys, when the events are all steps of these; undefined otherwise. */
  readonly lineKeys: () => ReadonlySet<number> | undefined;
}

export function noLineKeys(): undefined {
  return undefined;
}

export const NO_NAMES: ReadonlyMap<string, Value> = new Map();

/** The first block from `block` on in which any of the keys occurs; Infinity for none. */
export function firstOf(postings: BlocksByKey, keys: readonly number[], block: number): number {
  let first = Infinity;
  for (const key of keys) {
    const found = postings.firstAtLeast(key, block);
    if (found >= 0 && found < first) first = found;
  }
  return first;
}

/** The last block up to `block` in which any of the keys occurs; -1 for none. */
export function lastOf(postings: BlocksByKey, keys: readonly number[], block: number): number {
  let last = -1;
  for (const key of keys) last = Math.max(last, postings.lastAtMost(key, block));
  return last;
}
