// An index of nothing: each question is answered by looking into the blocks near the place that it is about, and throws
// NotIndexedYet when these do not tell. Only what all other blocks could not change is an answer.
import { NotIndexedYet } from "../base/errors.ts";
import type { Block } from "../recording/block.ts";
import type { Recording } from "../recording/recording.ts";
import * as f from "../wire/format.ts";
import { readString } from "../wire/value.ts";
import type { BlocksBySerial, EventIndex, ProgramEnd, ThreadState, UncaughtEnd, UncaughtEnds } from "./eventIndex.ts";
import type { BlocksByKey } from "./postings.ts";

/** So many blocks are looked into for one key; for an object few: most that are shown were changed lately or long ago. */
const REACH = 8;
const OBJECT_REACH = 2;

/** So many blocks at the end are looked into for exceptions that ended a thread: each costs some milliseconds at once. */
const LAST_BLOCKS = 4;

/** The blocks that matter now. */
interface Range {
  readonly first: number;
  readonly last: number;
}

const EVERYWHERE: Range = { first: 0, last: Infinity };

export class NearbyIndex implements EventIndex {
  readonly #recording: Recording;
  #range = EVERYWHERE;
  #lastEnds: UncaughtEnds | undefined;
  readonly lines: BlocksByKey = this.#blocksWith(holdsLine);
  readonly frames: BlocksBySerial = { ...this.#blocksWith(holdsFrame), birthOf: notKnown };
  readonly frameContents: BlocksByKey = this.#blocksWith(holdsFrameContents);
  readonly frameEnds: BlocksByKey = this.#blocksWith(holdsFrameEnd);
  readonly threadEvents: BlocksByKey = this.#blocksWith(holdsThread);
  readonly objects: BlocksBySerial = {
    lastAtMost: (object, block) => this.lastOfObject(object, block),
    firstAtLeast: (object, block) => this.#firstWithObject(object, block),
    birthOf: (object) => this.#birthOf(object),
  };
  readonly raises: BlocksByKey = this.#blocksWith(holdsRaise);
  readonly parts = nowhereKnown;
  /** What is not recorded the events since an object's contents tell (`NearbyHistory`). */
  readonly unknowns = nowhereKnown;
  readonly knowns = nowhereKnown;
  readonly mayBeUnknown = notKnown;
  readonly statedUnknowns: ReadonlySet<number> = new Set();
  readonly lineCounts = { get: notKnown };
  readonly callCounts = { get: notKnown };
  readonly threads = {
    at: (event: number): readonly ThreadState[] => this.#threadsAt(event),
    isAlive: (threadIndex: number, event: number): boolean => this.#isAlive(threadIndex, event),
  };
  readonly types = { typeAt: (object: number): string => this.#typeOf(object) };
  readonly activations = { starts: nowhereKnown, returns: nowhereKnown, isFirstStep: notKnown };

  /** `recording` is one that is only looked at. */
  constructor(recording: Recording) {
    this.#recording = recording;
  }

  get escapes(): never {
    throw new NotIndexedYet();
  }

  get calls(): never {
    throw new NotIndexedYet();
  }

  get outputs(): never {
    throw new NotIndexedYet();
  }

  get gaps(): never {
    throw new NotIndexedYet();
  }

  /** Known when it stands in the last block. */
  get end(): ProgramEnd | undefined {
    const { block, row } = this.#programEnd();
    const cursor = block.operands(row);
    cursor.u8();
    return { event: block.firstEvent + row, exitCode: cursor.sv() };
  }

  uncaughtEnd(): UncaughtEnd | undefined {
    const { block, row } = this.#programEnd();
    if (block.events.detail[row] !== f.END_UNCAUGHT) return undefined;
    const event = block.firstEvent + row;
    return { event, threadIndex: block.events.thread[row] ?? 0, knownFrom: event, isProgramEnd: true };
  }

  /** A block's directory tells where an object that it changes was spoken of before: no events are between. */
  lastOfObject(object: number, from: number): number {
    const recording = this.#recording;
    const { births, history } = recording;
    function holds(number: number): boolean {
      return recording.block(number).rowsOfObject(object).length > 0;
    }
    const back = from + 1 < history.blocks ? births?.directory(from + 1).backOf(object) : undefined;
    if (back !== undefined && back > 0) {
      if (!holds(from + 1 - back)) throw new NotIndexedYet();
      return from + 1 - back;
    }
    // Its death is in no directory.
    return this.#last(from, holds, OBJECT_REACH);
  }

  /** The object's NEW. */
  birthRow(object: number): { readonly block: Block; readonly row: number } {
    const block = this.#recording.block(this.#birthOf(object));
    const row = block.rowsOfObject(object).find((one) => block.events.kind[one] === f.OP_NEW);
    if (row === undefined) throw new NotIndexedYet();
    return { block, row };
  }

  within<Answer>(first: number, last: number, search: () => Answer): Answer {
    const before = this.#range;
    this.#range = { first, last };
    try {
      return search();
    } finally {
      this.#range = before;
    }
  }

  /** Of the last blocks: an exception that ended a thread is told by events after it. */
  get uncaught(): UncaughtEnds {
    this.#lastEnds ??= this.#endsOfLastBlocks();
    return this.#lastEnds;
  }

  #endsOfLastBlocks(): UncaughtEnds {
    const ends: UncaughtEnd[] = [];
    const unwound = new Map<number, number>();
    const { blocks } = this.#recording.history;
    const first = Math.max(0, blocks - LAST_BLOCKS);
    for (let number = first; number < blocks; number++) {
      const block = this.#recording.block(number);
      const { kind, thread, detail, count } = block.events;
      for (let row = 0; row < count; row++) {
        const opcode = kind[row] ?? 0;
        const here = block.firstEvent + row;
        if (opcode === f.OP_CALL || opcode === f.OP_RESUME || opcode === f.OP_THROW) unwound.delete(thread[row] ?? 0);
        else if (opcode === f.OP_UNWIND && detail[row] === 1) unwound.set(thread[row] ?? 0, here);
        else if (opcode === f.OP_THREAD_END) {
          const threadIndex = detail[row] ?? 0;
          const last = unwound.get(threadIndex);
          if (last !== undefined) ends.push({ event: last, threadIndex, knownFrom: here, isProgramEnd: false });
        } else if (opcode === f.OP_END && detail[row] === f.END_UNCAUGHT)
          ends.push({ event: here, threadIndex: thread[row] ?? 0, knownFrom: here, isProgramEnd: true });
      }
    }
    return { since: this.#recording.history.firstEventOf(first), ends };
  }

  #blocksWith(holds: (block: Block, key: number) => boolean): BlocksByKey {
    return {
      lastAtMost: (key, block) => this.#last(block, (number) => holds(this.#recording.block(number), key)),
      firstAtLeast: (key, block) => this.#first(block, (number) => holds(this.#recording.block(number), key)),
    };
  }

  #last(from: number, holds: (number: number) => boolean, reach = REACH): number {
    const { first } = this.#range;
    for (let number = from; number >= first; number--) {
      if (number <= from - reach) throw new NotIndexedYet();
      if (holds(number)) return number;
    }
    return -1;
  }

  #first(from: number, holds: (number: number) => boolean): number {
    const last = Math.min(this.#range.last, this.#recording.history.blocks - 1);
    for (let number = Math.max(from, 0); number <= last; number++) {
      if (number >= from + REACH) throw new NotIndexedYet();
      if (holds(number)) return number;
    }
    return -1;
  }

  #birthOf(object: number): number {
    const { births } = this.#recording;
    if (births === undefined) throw new NotIndexedYet();
    return births.birthOf(object);
  }

  #firstWithObject(object: number, from: number): number {
    const birth = this.#birthOf(object);
    if (birth >= from) return birth;
    return this.#first(from, (number) => this.#recording.block(number).rowsOfObject(object).length > 0);
  }

  /** Instances of a class of `builtins` stay what they are, but for modules: the others may have got another `__class__`. */
  #typeOf(object: number): string {
    const { block, row } = this.birthRow(object);
    const type = typeIn(block, row);
    if (type.includes(".") || type === "module") throw new NotIndexedYet();
    return type;
  }

  #programEnd(): { readonly block: Block; readonly row: number } {
    const block = this.#recording.block(this.#recording.history.blocks - 1);
    const row = block.events.kind.lastIndexOf(f.OP_END);
    if (row < 0) throw new NotIndexedYet();
    return { block, row };
  }

  /** Those that live when the event's block begins, and those that come in it. */
  #threadsAt(event: number): readonly ThreadState[] {
    const { history } = this.#recording;
    const block = this.#recording.block(history.blockOfEvent(Math.max(event, 0)));
    const states = new Map<number, ThreadState>();
    for (const { thread, name } of block.keyframe.threads) {
      const threadIndex = this.#recording.threadIndex(thread);
      states.set(threadIndex, { threadIndex, name, isAlive: event >= 0 });
    }
    const { kind, detail, strings, count } = block.events;
    for (let row = 0; row < count; row++) {
      const opcode = kind[row];
      if (opcode !== f.OP_THREAD_START && opcode !== f.OP_THREAD_END) continue;
      const threadIndex = detail[row] ?? 0;
      const known = states.get(threadIndex);
      if (block.firstEvent + row > event) {
        // A keyframe may know one that is told of later in the block.
        if (opcode === f.OP_THREAD_START && known !== undefined) throw new NotIndexedYet();
        continue;
      }
      if (opcode === f.OP_THREAD_END) {
        if (known !== undefined) states.set(threadIndex, { ...known, isAlive: false });
        continue;
      }
      const cursor = block.operands(row);
      cursor.uv();
      states.set(threadIndex, { threadIndex, name: readString(cursor, strings), isAlive: true });
    }
    return [...states.values()];
  }

  #isAlive(threadIndex: number, event: number): boolean {
    const state = this.#threadsAt(event).find((one) => one.threadIndex === threadIndex);
    // It ended before, is to come, or was never there.
    if (state === undefined) throw new NotIndexedYet();
    return state.isAlive;
  }
}

/** What a NEW says of its object's type. */
export function typeIn(block: Block, row: number): string {
  const cursor = block.operands(row);
  cursor.uv();
  cursor.u8();
  return readString(cursor, block.events.strings);
}

function notKnown(): never {
  throw new NotIndexedYet();
}

const nowhereKnown = { lastAtMost: notKnown, firstAtLeast: notKnown };

function holdsLine({ events }: Block, key: number): boolean {
  return holdsRow(events.detail, key, events.count, (row) => events.kind[row] === f.OP_LINE_AT);
}

/** Its steps, its coming and going, its writes. */
function holdsFrame({ events: { kind, subject, count } }: Block, frame: number): boolean {
  return holdsRow(subject, frame, count, (row) => {
    const opcode = kind[row] ?? 0;
    return opcode <= f.OP_UNWIND || opcode === f.OP_DROPPED || opcode === f.OP_WRITE || opcode === f.OP_DELETE;
  });
}

function holdsFrameContents({ events: { kind, subject, count } }: Block, frame: number): boolean {
  return holdsRow(subject, frame, count, (row) => kind[row] === f.OP_WRITE_IN || kind[row] === f.OP_FRAME);
}

function holdsFrameEnd({ events: { kind, subject, count } }: Block, frame: number): boolean {
  return holdsRow(subject, frame, count, (row) => kind[row] === f.OP_RETURN || kind[row] === f.OP_UNWIND);
}

function holdsThread({ events: { kind, thread, count } }: Block, threadIndex: number): boolean {
  return holdsRow(thread, threadIndex, count, (row) => (kind[row] ?? 0) < f.OP_WRITE);
}

function holdsRaise({ events: { kind, detail, count } }: Block): boolean {
  return holdsRow(kind, f.OP_RAISE, count, (row) => ((detail[row] ?? 0) & f.RAISE_FROM_CALL) === 0);
}

function holdsRow(
  column: Uint8Array | Uint16Array | Uint32Array,
  key: number,
  count: number,
  test: (row: number) => boolean,
): boolean {
  for (let row = column.indexOf(key); row !== -1 && row < count; row = column.indexOf(key, row + 1))
    if (test(row)) return true;
  return false;
}
