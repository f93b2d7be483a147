// What is asked of an index. `HistoryIndex` answers everything, from one pass over all blocks; `NearbyIndex` what a few
// blocks tell, and throws NotIndexedYet for the rest.
import type { Block } from "../recording/block.ts";
import type { Escape } from "./escapes.ts";
import type { BlocksByKey } from "./postings.ts";

/** A place where an exception ended a thread: the UNWIND of its outermost frame, or the END of the program. */
export interface UncaughtEnd {
  readonly event: number;
  readonly threadIndex: number;
  /** Event number of END or of THREAD_END: from here on it is known. */
  readonly knownFrom: number;
  readonly isProgramEnd: boolean;
}

/** All from an event number on: 0 where all are known. Those of exceptions that were raised since then are among them. */
export interface UncaughtEnds {
  readonly since: number;
  readonly ends: readonly UncaughtEnd[];
}

export interface ProgramEnd {
  readonly event: number;
  readonly exitCode: number;
}

/** One thread at an event. */
export interface ThreadState {
  readonly threadIndex: number;
  /** Empty when it never had any. */
  readonly name: string;
  readonly isAlive: boolean;
}

/** Of numbers that are given in the order in which things are made. */
export interface BlocksBySerial extends BlocksByKey {
  /** The block in which it was made; -1 for one that was never made in order. */
  birthOf(serial: number): number;
}

interface Counts {
  get(key: number): number;
}

export interface EventIndex {
  /** Blocks by line key; by frame (its steps, its coming and going); by frame (writes from outside). */
  readonly lines: BlocksByKey;
  readonly frames: BlocksBySerial;
  readonly frameContents: BlocksByKey;
  /** By frame: its RETURN or UNWIND, which can be far from its other events. */
  readonly frameEnds: BlocksByKey;
  /**
   * Blocks by dense thread index (events of its frames); by object (its NEW, changes and DEAD; any other events about it
   * may be among them); by object (its UNKNOWNs).
   */
  readonly threadEvents: BlocksByKey;
  readonly objects: BlocksBySerial;
  /** The same by object and part of it; not of the block in which the object is made. */
  readonly parts: {
    lastAtMost(object: number, part: number, block: number): number;
    firstAtLeast(object: number, part: number, block: number): number;
  };
  readonly unknowns: BlocksByKey;
  /** By object that was UNKNOWN before: what ended that. */
  readonly knowns: BlocksByKey;
  /** Objects that were not recorded where a history begins that was cut. */
  readonly statedUnknowns: ReadonlySet<number>;
  /** The last block up to and including `block` with any event about the object; -1 for none. */
  lastOfObject(object: number, block: number): number;
  /** Whether the object may have an UNKNOWN up to and including `block`. */
  mayBeUnknown(object: number, block: number): boolean;
  readonly raises: BlocksByKey;
  /** How often: steps by line key, calls by code id. */
  readonly lineCounts: Counts;
  readonly callCounts: Counts;
  readonly threads: {
    /** Those that had an event, in the order in which they first had one; of a few blocks those that lived in them. */
    at(event: number): readonly ThreadState[];
    isAlive(threadIndex: number, event: number): boolean;
  };
  readonly types: { typeAt(object: number, event: number): string };
  readonly activations: {
    readonly starts: BlocksByKey;
    readonly returns: BlocksByKey;
    isFirstStep(block: Block, row: number): boolean;
  };
  readonly escapes: { readonly all: readonly Escape[] };
  readonly calls: {
    readonly frames: readonly number[];
    codeOf(frame: number): number;
    parentOf(frame: number): number;
    callOf(frame: number): number;
    endOf(frame: number): number;
    childrenOf(frame: number): number;
    selfStepsOf(frame: number): number;
    totalStepsOf(frame: number): number;
  };
  /** Event numbers of OUTPUT, ascending. */
  readonly outputs: readonly number[];
  readonly uncaught: UncaughtEnds;
  /** The END of a program that an exception ended. */
  uncaughtEnd(): UncaughtEnd | undefined;
  readonly end: ProgramEnd | undefined;
  /** GAPs by sentence, with how often. */
  readonly gaps: ReadonlyMap<string, number>;
  /**
   * While `search` runs only blocks from `first` to `last` matter: what is in none of them counts as being nowhere.
   */
  within<Answer>(first: number, last: number, search: () => Answer): Answer;
}
