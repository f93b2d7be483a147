// Which exceptions left recorded code for code that is not recorded, and did not come back? One that leaves a frame and
// surfaces in its caller has only passed on; where the thread goes on in another way, something else has taken it.
import { type ColumnReader, type ColumnWriter, writeRows } from "../base/columnStream.ts";
import type { Block } from "../recording/block.ts";
import * as f from "../wire/format.ts";

export interface Escape {
  /** The UNWIND by which it left. */
  readonly event: number;
  readonly object: number;
  /** The event that showed that it does not come back. */
  readonly knownFrom: number;
}

interface Leaving {
  readonly event: number;
  readonly object: number;
}

export class Escapes {
  /** Ascending by `knownFrom`. */
  readonly all: Escape[] = [];
  /** By dense thread index. */
  #leaving = new Map<number, Leaving>();
  #leavingBefore = new Map<number, Leaving>();

  /** Whether the next event of a thread may tell that an exception escaped. */
  get isWaiting(): boolean {
    return this.#leaving.size > 0;
  }

  blockBegins(): void {
    this.#leavingBefore = new Map(this.#leaving);
  }

  /** Takes an event of a thread's frames (up to HANDLED), or its end (hot). */
  take(block: Block, row: number, opcode: number, threadIndex: number): void {
    const leaving = this.#leaving.size === 0 ? undefined : this.#leaving.get(threadIndex);
    if (opcode === f.OP_UNWIND || opcode === f.OP_RAISE) {
      const object = exceptionOf(block, row, opcode);
      if (leaving !== undefined && leaving.object !== object) this.#escaped(leaving, block, row);
      if (opcode === f.OP_UNWIND && object > 0)
        this.#leaving.set(threadIndex, { event: block.firstEvent + row, object });
      else this.#leaving.delete(threadIndex);
    } else if (leaving !== undefined) {
      this.#escaped(leaving, block, row);
      this.#leaving.delete(threadIndex);
    }
  }

  /** The newest block cannot be taken back afterwards. */
  save(to: ColumnWriter): void {
    writeRows(
      to,
      3,
      this.all.map(({ event, object, knownFrom }) => [event, object, knownFrom]),
    );
    writeRows(
      to,
      3,
      [...this.#leaving].map(([threadIndex, { event, object }]) => [threadIndex, event, object]),
    );
  }

  load(from: ColumnReader): void {
    from.rows(3, ([event = 0, object = 0, knownFrom = 0]) => this.all.push({ event, object, knownFrom }));
    from.rows(3, ([threadIndex = 0, event = 0, object = 0]) => this.#leaving.set(threadIndex, { event, object }));
  }

  /** Takes back everything of the newest block, which begins at event `first`. */
  removeFrom(first: number): void {
    while ((this.all.at(-1)?.knownFrom ?? -1) >= first) this.all.pop();
    this.#leaving = this.#leavingBefore;
  }

  #escaped({ event, object }: Leaving, block: Block, row: number): void {
    this.all.push({ event, object, knownFrom: block.firstEvent + row });
  }
}

/** Object id of the exception that an UNWIND or a RAISE names; 0 for one that was not recorded. */
function exceptionOf(block: Block, row: number, opcode: number): number {
  const cursor = block.operands(row);
  if (opcode === f.OP_RAISE) {
    cursor.uv();
    cursor.u8();
  }
  return cursor.u8() === f.TAG_OBJECT ? cursor.uv() : 0;
}
