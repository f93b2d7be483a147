// Where does each activation begin and return? By code the blocks of both; and which step is an activation's first one.
import { type ColumnReader, type ColumnWriter, writeRows } from "../base/columnStream.ts";
import type { PagedFile } from "../base/pagedFile.ts";
import type { Block } from "../recording/block.ts";
import { OP_CALL } from "../wire/format.ts";
import { PlacesByKey } from "./placesByKey.ts";
import { Postings } from "./postings.ts";

/** A frame that was called and had no step yet. */
interface Waiting {
  readonly code: number;
  /** Row of its CALL in the newest block; -1 when that was in a block before. */
  readonly row: number;
}

export class Activations {
  /** Blocks by code id: with first steps of activations, with their RETURNs. */
  readonly starts = new Postings();
  readonly returns = new Postings();
  /** First steps that do not follow their CALL at once, by frame. */
  readonly #late = new PlacesByKey();
  #waiting = new Map<number, Waiting>();
  #waitingBefore = new Map<number, Waiting>();
  /** Frames of the newest block whose first step is in `late`. */
  #lateNow: number[] = [];
  /** The frame that was called last, while it has had no step; 0 for none. */
  #called = 0;
  #calledCode = 0;
  #calledRow = -1;

  /** Whether the step at a row is the first one of its activation. */
  isFirstStep(block: Block, row: number): boolean {
    const { kind, subject } = block.events;
    const frame = subject[row] ?? 0;
    const followsCall = kind[row - 1] === OP_CALL && subject[row - 1] === frame;
    return followsCall || this.#late.has(frame, block.number, row);
  }

  blockBegins(): void {
    this.#park(-1);
    for (const [frame, { code }] of this.#waiting) this.#waiting.set(frame, { code, row: -1 });
    this.#waitingBefore = new Map(this.#waiting);
    this.#lateNow = [];
  }

  called(frame: number, code: number, row: number): void {
    this.#park(this.#calledRow);
    this.#called = frame;
    this.#calledCode = code;
    this.#calledRow = row;
  }

  /** Takes a step at a row of the newest block (hot). */
  stepped(block: Block, row: number, frame: number): void {
    if (frame === this.#called) {
      this.#called = 0;
      this.#begun(block, row, frame, { code: this.#calledCode, row: this.#calledRow });
    } else if (this.#waiting.size > 0) {
      const waiting = this.#waiting.get(frame);
      if (waiting === undefined) return;
      this.#waiting.delete(frame);
      this.#begun(block, row, frame, waiting);
    }
  }

  /** Puts on disk what is in memory. The newest block cannot be taken back afterwards. */
  spill(to: PagedFile): void {
    for (const part of [this.starts, this.returns, this.#late]) part.spill(to);
  }

  /** After `spill`. */
  save(to: ColumnWriter): void {
    this.starts.save(to);
    this.returns.save(to);
    this.#late.save(to);
    const waiting = [...this.#waiting].map(([frame, { code }]) => [frame, code]);
    writeRows(to, 2, this.#called > 0 ? [...waiting, [this.#called, this.#calledCode]] : waiting);
  }

  load(from: ColumnReader, file: PagedFile): void {
    for (const part of [this.starts, this.returns, this.#late]) part.load(from, file);
    from.rows(2, ([frame = 0, code = 0]) => this.#waiting.set(frame, { code, row: -1 }));
  }

  /** Takes back the newest block. */
  removeBlock(block: number): void {
    this.starts.removeBlock(block);
    this.returns.removeBlock(block);
    for (const frame of this.#lateNow) this.#late.delete(frame);
    this.#waiting = this.#waitingBefore;
    this.#lateNow = [];
    this.#called = 0;
  }

  #begun(block: Block, row: number, frame: number, { code, row: calledAt }: Waiting): void {
    this.starts.add(code, block.number);
    if (calledAt >= 0 && calledAt === row - 1) return;
    this.#late.set(frame, block.number, row);
    this.#lateNow.push(frame);
  }

  /** Another frame is called, or the block ends, before the last one called had a step. */
  #park(row: number): void {
    if (this.#called > 0) this.#waiting.set(this.#called, { code: this.#calledCode, row });
    this.#called = 0;
  }
}
