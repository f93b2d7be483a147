// What was there before the first block of a recording that was cut (FORMAT.md, section 9): the frames of kind STATE.
// They are decoded as blocks are, under numbers of their own, so that values can stand in them; no event of theirs is in
// the history.
import { lastAtMost } from "../base/bisect.ts";
import { OP_FRAME, OP_TASK } from "../wire/format.ts";
import type { FrameHeader } from "../wire/frames.ts";
import type { Block } from "./block.ts";

/** Above the numbers of all blocks; a reference to a value in it is still a whole number. */
const FIRST_NUMBER = 2 ** 25;

export class StatedObjects {
  readonly #decode: (frame: FrameHeader, number: number, isPassing: boolean) => Block;
  readonly #frames: FrameHeader[] = [];
  /** Of the frames with objects, which come first: their lowest object. */
  readonly #firstObjects: number[] = [];
  /** By suspended frame: number of its block; made when it is first asked for. */
  #suspended: Map<number, number> | undefined;
  /** By frame of a task's own coroutine: the task. */
  readonly #tasks = new Map<number, number>();

  /** `isPassing`: the block is valid only until the next one that passes. */
  constructor(decode: (frame: FrameHeader, number: number, isPassing: boolean) => Block) {
    this.#decode = decode;
  }

  /** The number under which it can be asked for. */
  add(frame: FrameHeader): number {
    if (frame.first > 0) this.#firstObjects.push(frame.first);
    return FIRST_NUMBER + this.#frames.push(frame) - 1;
  }

  isState(number: number): boolean {
    return number >= FIRST_NUMBER;
  }

  block(number: number, isPassing = false): Block {
    const frame = this.#frames[number - FIRST_NUMBER];
    if (frame === undefined) throw new RangeError(`there is no state ${number}`);
    return this.#decode(frame, number, isPassing);
  }

  /** Number of the block that speaks of the object, if any does; -1 for none. */
  numberOf(object: number): number {
    const place = lastAtMost(this.#firstObjects, object);
    return place < 0 ? -1 : FIRST_NUMBER + place;
  }

  /** Number of the block that has the suspended frame; -1 for none. */
  numberOfFrame(frame: number): number {
    this.#suspended ??= this.#listSuspended();
    return this.#suspended.get(frame) ?? -1;
  }

  /** The task whose own coroutine the frame is; 0 for none. */
  taskOf(frame: number): number {
    this.#suspended ??= this.#listSuspended();
    return this.#tasks.get(frame) ?? 0;
  }

  #listSuspended(): Map<number, number> {
    const suspended = new Map<number, number>();
    this.#frames.forEach(({ first }, place) => {
      if (first > 0) return;
      const number = FIRST_NUMBER + place;
      const block = this.block(number);
      const { kind, subject, count } = block.events;
      for (let row = 0; row < count; row++) {
        if (kind[row] === OP_FRAME) suspended.set(subject[row] ?? 0, number);
        else if (kind[row] === OP_TASK) this.#tasks.set(subject[row] ?? 0, taskIn(block, row));
      }
    });
    return suspended;
  }
}

/** The object of a TASK. */
export function taskIn(block: Block, row: number): number {
  const cursor = block.operands(row);
  cursor.uv();
  return cursor.uv();
}
