// Where does each activation begin and return? By frame its code and its first step, by code the blocks of both.
import { SparseColumn } from "../base/sparseColumn.ts";
import type { Block } from "../recording/block.ts";
import { OP_CALL, OP_LINE_AT, OP_RETURN } from "../wire/format.ts";
import { Postings } from "./postings.ts";

export class Activations {
  /** Blocks by code id: with first steps of activations, with their RETURNs. */
  readonly starts = new Postings();
  readonly returns = new Postings();
  readonly #codes = new SparseColumn();
  /** By frame: event number of its first step, plus one. */
  readonly #firstSteps = new SparseColumn();
  /** Frames that were called and had no step yet. */
  #waiting = new Set<number>();
  #waitingBefore = new Set<number>();
  /** Frames of the newest block that had their first step in it. */
  #startedNow: number[] = [];

  /** Code id of a frame; 0 when its CALL was not recorded. */
  codeOf(frame: number): number {
    return this.#codes.get(frame);
  }

  isFirstStep(frame: number, event: number): boolean {
    return this.#firstSteps.get(frame) === event + 1;
  }

  blockBegins(): void {
    this.#waitingBefore = new Set(this.#waiting);
    this.#startedNow = [];
  }

  /** Takes a step, a CALL or a RETURN (hot). */
  take(block: Block, row: number, opcode: number, frame: number): void {
    if (opcode === OP_LINE_AT) {
      if (this.#waiting.size === 0 || !this.#waiting.delete(frame)) return;
      this.#firstSteps.set(frame, block.firstEvent + row + 1);
      this.#startedNow.push(frame);
      this.starts.add(this.codeOf(frame), block.number);
    } else if (opcode === OP_CALL) {
      this.#codes.set(frame, block.events.detail[row] ?? 0);
      this.#waiting.add(frame);
    } else if (opcode === OP_RETURN) this.returns.add(this.codeOf(frame), block.number);
  }

  /** Takes back the newest block. */
  removeBlock(block: number): void {
    this.starts.removeBlock(block);
    this.returns.removeBlock(block);
    for (const frame of this.#startedNow) this.#firstSteps.set(frame, 0);
    this.#waiting = this.#waitingBefore;
    this.#startedNow = [];
  }
}
