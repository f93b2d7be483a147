// A history that is only looked at, before it is indexed: what the blocks near a moment tell is answered, the rest throws
// NotIndexedYet. An answer is the one that the indexed history gives.
import { NotIndexedYet } from "../base/errors.ts";
import { NearbyIndex, typeIn } from "../index/nearbyIndex.ts";
import { type ObjectContents, replayObject } from "../recording/objectReplay.ts";
import { type BlockObserver, Recording } from "../recording/recording.ts";
import { valueAt } from "../recording/values.ts";
import type { ByteSource, Codecs } from "../wire/byteSource.ts";
import * as f from "../wire/format.ts";
import type { ValueRef } from "../wire/keyframe.ts";
import { History, type ObjectRows } from "./history.ts";

export class NearbyHistory extends History {
  readonly #index: NearbyIndex;

  /** Of a file without tails. */
  constructor(file: ByteSource, codecs: Codecs) {
    const recording = new Recording(file, [], codecs, nobody, undefined, true);
    const index = new NearbyIndex(recording);
    super(recording, index);
    this.#index = index;
  }

  override firstThread(): number {
    const { thread } = this.recording.block(0).events;
    const first = thread.find((threadIndex) => threadIndex > 0);
    if (first === undefined) throw new NotIndexedYet();
    return this.recording.threads[first] ?? 0;
  }

  /** What its NEW says, where its `__class__` cannot have been assigned since: its class is the same, or no event says so. */
  override typeOf(event: number, object: number, contents: ObjectContents): string {
    const { block, row } = this.#index.birthRow(object);
    const type = typeIn(block, row);
    // Of instances of classes of `builtins` only that of modules can be assigned.
    if (!type.includes(".") && contents.kind !== "module") return type;
    const made = replayObject(undefined, block, [row], contents.kind);
    const [first, now] = [this.#classIn(made?.cls), this.#classIn(contents.cls)];
    const isSame = first !== undefined && first === now;
    if (!isSame && this.#hasOtherType(event, object, block.number)) throw new NotIndexedYet();
    return type;
  }

  /** Whether `__class__` was assigned up to an event. Throws where blocks do not lead back to the one in which it was made. */
  #hasOtherType(event: number, object: number, birth: number): boolean {
    const { objects } = this.#index;
    let number = objects.lastAtMost(object, this.recording.history.blockOfEvent(event));
    while (number >= birth) {
      const block = this.recording.block(number);
      const rows = block.rowsOfObject(object).filter((row) => block.firstEvent + row <= event);
      if (rows.some((row) => block.events.kind[row] === f.OP_TYPE)) return true;
      if (number === birth) return false;
      const back = this.recording.births?.directory(number).backOf(object) ?? 0;
      if (back === 0) break;
      number -= back;
    }
    throw new NotIndexedYet();
  }

  /**
   * All events since the contents began were replayed, and tell it, unless they began with a checkpoint: whether they were
   * not recorded before that it does not say. A change does: where contents are not known, a KNOWN or a CONTENTS comes
   * before it (FORMAT.md, 4.2), and the writer puts a checkpoint right in front of a change.
   */
  protected override unknownAfter(
    event: number,
    object: number,
    replayed: ObjectContents,
    { block, rows }: ObjectRows,
  ): ObjectContents["unknown"] {
    const [first = -1] = rows;
    const isCheckpoint = block.kindOf(first) === f.OP_CONTENTS && block.whyOf(first) === f.WHY_CHECKPOINT;
    if (!isCheckpoint) return replayed.unknown;
    const next = block.rowsOfObject(object).find((row) => row > first);
    const opcode = next === undefined ? 0 : block.kindOf(next);
    const isKnown = replayed.kind !== "array" && CHANGES.has(opcode);
    const isTold = opcode === f.OP_KNOWN && next !== undefined && block.firstEvent + next <= event;
    if (!isKnown && !isTold) throw new NotIndexedYet();
    return replayed.unknown;
  }

  /** Number of the class; undefined where none is named. */
  #classIn(ref: ValueRef | undefined): number | undefined {
    const value = ref === undefined ? undefined : valueAt(this.recording, ref, undefined);
    return value?.kind === "object" ? value.object : undefined;
  }
}

const CHANGES: ReadonlySet<number> = new Set([
  f.OP_ITEM_SET,
  f.OP_APPEND,
  f.OP_SPLICE,
  f.OP_LENGTH,
  f.OP_ATTR_SET,
  f.OP_ATTR_DEL,
  f.OP_BYTES_SPLICE,
  f.OP_CELL_SET,
]);

const nobody: BlockObserver = {
  begins: () => undefined,
  stateAdded: () => undefined,
  blockAdded: () => undefined,
  blockRemoved: () => undefined,
  spill: () => undefined,
};
