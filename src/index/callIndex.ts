// Who called whom, when, and how many steps did it take? One row for each frame, filled in one pass over the blocks.
import { SparseColumn } from "../base/sparseColumn.ts";
import type { Block } from "../recording/block.ts";
import * as f from "../wire/format.ts";

/** A frame on a thread's stack, and the thread's steps when it came there. */
interface Entered {
  readonly frame: number;
  readonly at: number;
}

interface ThreadState {
  readonly stack: Entered[];
  steps: number;
}

interface Addition {
  readonly column: SparseColumn;
  readonly frame: number;
  readonly amount: number;
}

export class CallIndex {
  readonly #codes = new SparseColumn();
  readonly #parents = new SparseColumn();
  /** Event numbers plus one. */
  readonly #calls = new SparseColumn();
  readonly #ends = new SparseColumn();
  readonly #selfSteps = new SparseColumn();
  readonly #totalSteps = new SparseColumn();
  readonly #children = new SparseColumn();
  /** All frames in the order of their calls. */
  readonly #frames: number[] = [];
  readonly #threads = new Map<number, ThreadState>();
  /** Of the newest block, to take it back. */
  #before = new Map<number, ThreadState>();
  #additions: Addition[] = [];
  #framesBefore = 0;
  #ended: number[] = [];
  /** Steps of one frame in a row that are not counted yet. */
  #run = { frame: 0, steps: 0 };

  /** Frames in the order of their calls. */
  get frames(): readonly number[] {
    return this.#frames;
  }

  /** Code id; 0 when the CALL was not recorded. */
  codeOf(frame: number): number {
    return this.#codes.get(frame);
  }

  /** 0 for a thread's outermost frame. */
  parentOf(frame: number): number {
    return this.#parents.get(frame);
  }

  /** Event number of the CALL; -1 when it was not recorded. */
  callOf(frame: number): number {
    return this.#calls.get(frame) - 1;
  }

  /** Event number of the RETURN or UNWIND; -1 while it has not ended. */
  endOf(frame: number): number {
    return this.#ends.get(frame) - 1;
  }

  childrenOf(frame: number): number {
    return this.#children.get(frame);
  }

  selfStepsOf(frame: number): number {
    return this.#selfSteps.get(frame);
  }

  /** With those of the calls that it made, so far. */
  totalStepsOf(frame: number): number {
    let steps = this.#totalSteps.get(frame);
    if (this.#ends.get(frame) > 0) return steps;
    for (const thread of this.#threads.values()) {
      const entered = thread.stack.find((one) => one.frame === frame);
      if (entered !== undefined) steps += thread.steps - entered.at;
    }
    return steps;
  }

  blockBegins(block: Block, threadIndexOf: (thread: number) => number): void {
    this.#before = new Map(
      [...this.#threads].map(([index, { stack, steps }]) => [index, { stack: [...stack], steps }]),
    );
    this.#additions = [];
    this.#ended = [];
    this.#framesBefore = this.#frames.length;
    // Where the recorder lost events the keyframe says what there is.
    for (const { thread, frames } of block.keyframe.threads) {
      const state = this.#thread(threadIndexOf(thread));
      const isSame =
        frames.length === state.stack.length && frames.every(({ frame }, depth) => state.stack[depth]?.frame === frame);
      if (isSame) continue;
      state.stack.length = 0;
      for (const { frame } of frames) state.stack.push({ frame, at: state.steps });
    }
  }

  /** Takes an event of a thread's frames (hot). */
  take(block: Block, row: number, opcode: number, threadIndex: number, frame: number): void {
    if (opcode === f.OP_LINE_AT) {
      if (this.#run.frame !== frame) this.#countRun(frame);
      this.#run.steps++;
      this.#thread(threadIndex).steps++;
      return;
    }
    switch (opcode) {
      case f.OP_CALL:
        this.#codes.set(frame, block.events.detail[row] ?? 0);
        this.#called(frame, block.firstEvent + row, this.#thread(threadIndex));
        return;
      case f.OP_RESUME:
      case f.OP_THROW:
        this.#enter(frame, this.#thread(threadIndex));
        return;
      case f.OP_YIELD:
      case f.OP_RETURN:
      case f.OP_UNWIND:
        this.#leave(this.#thread(threadIndex));
        if (opcode === f.OP_YIELD) return;
        this.#ends.set(frame, block.firstEvent + row + 1);
        this.#ended.push(frame);
        return;
      default:
        return;
    }
  }

  blockEnds(): void {
    this.#countRun(0);
  }

  /** Takes back the newest block. */
  removeBlock(): void {
    for (const { column, frame, amount } of this.#additions) column.set(frame, column.get(frame) - amount);
    for (const frame of this.#ended) this.#ends.set(frame, 0);
    for (const frame of this.#frames.splice(this.#framesBefore)) {
      this.#parents.set(frame, 0);
      this.#calls.set(frame, 0);
    }
    this.#threads.clear();
    for (const [index, state] of this.#before) this.#threads.set(index, state);
    this.#additions = [];
    this.#ended = [];
  }

  #called(frame: number, event: number, thread: ThreadState): void {
    const parent = thread.stack.at(-1)?.frame ?? 0;
    this.#frames.push(frame);
    this.#parents.set(frame, parent);
    this.#calls.set(frame, event + 1);
    if (parent > 0) this.#add(this.#children, parent, 1);
    this.#enter(frame, thread);
  }

  #enter(frame: number, thread: ThreadState): void {
    thread.stack.push({ frame, at: thread.steps });
  }

  #leave(thread: ThreadState): void {
    const left = thread.stack.pop();
    if (left !== undefined && thread.steps > left.at) this.#add(this.#totalSteps, left.frame, thread.steps - left.at);
  }

  #countRun(next: number): void {
    if (this.#run.steps > 0) this.#add(this.#selfSteps, this.#run.frame, this.#run.steps);
    this.#run = { frame: next, steps: 0 };
  }

  #add(column: SparseColumn, frame: number, amount: number): void {
    column.set(frame, column.get(frame) + amount);
    this.#additions.push({ column, frame, amount });
  }

  #thread(index: number): ThreadState {
    const known = this.#threads.get(index);
    if (known !== undefined) return known;
    const fresh: ThreadState = { stack: [], steps: 0 };
    this.#threads.set(index, fresh);
    return fresh;
  }
}
