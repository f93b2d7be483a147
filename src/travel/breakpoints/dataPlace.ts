// When does something change? The changes of a recording come in runs, between two events of frames: all that one piece
// of a line did. A run that touches the target has one moment, its end.
import { brand } from "../../base/brand.ts";
import type { CodeId } from "../../python/codeObject.ts";
import { APPENDED, elementPart, MOVED, namePart, WHOLE } from "../../index/objectParts.ts";
import type { Block } from "../../recording/block.ts";
import * as f from "../../wire/format.ts";
import { isObjectEvent } from "../../wire/objectScan.ts";
import type { History } from "../history.ts";
import type { DataTarget } from "./breakpoint.ts";
import { objectChanges, PartWatch } from "./objectWatch.ts";
import { firstOf, lastOf, noLineKeys, NO_NAMES, type Place, type PlaceContext } from "./place.ts";

/** Undefined for a variable that its frame does not have. */
export function dataPlace(history: History, target: DataTarget): Place | undefined {
  if (target.kind !== "variable") return new ObjectPlace(history, target);
  const code = history.recording.registry.get(brand<CodeId>(history.codeOfFrame(target.frame)));
  const slot = code?.slots.findIndex(({ name }) => name === target.name) ?? -1;
  return slot < 0 ? undefined : new SlotPlace(history, target.frame, slot);
}

abstract class DataPlace implements Place {
  readonly isDecidedLater = false;
  readonly lineKeys = noLineKeys;
  protected readonly history: History;

  constructor(history: History) {
    this.history = history;
  }

  abstract firstBlock(block: number): number;
  abstract lastBlock(block: number, first: number): number;
  /** Rows of the changes that touch the target, ascending. */
  protected abstract touching(block: Block): readonly number[];

  rows(block: Block): readonly number[] {
    const ends = this.touching(block).map((row) => endOfRun(block, row));
    return ends.filter((row, index) => row !== ends[index - 1]);
  }

  contextOf(block: Block, row: number): PlaceContext {
    const event = block.firstEvent + row;
    return { frame: this.history.stack(event, block.events.thread[row] ?? 0).at(-1)?.frame, names: NO_NAMES };
  }
}

/** A variable in a slot of one activation. */
class SlotPlace extends DataPlace {
  readonly #frame: number;
  readonly #slot: number;

  constructor(history: History, frame: number, slot: number) {
    super(history);
    this.#frame = frame;
    this.#slot = slot;
  }

  firstBlock(block: number): number {
    const { frames, frameContents } = this.history.index;
    const keys = [this.#frame];
    return Math.min(firstOf(frames, keys, block), firstOf(frameContents, keys, block), this.#running(block, 1));
  }

  lastBlock(block: number): number {
    const { frames, frameContents } = this.history.index;
    const keys = [this.#frame];
    return Math.max(lastOf(frames, keys, block), lastOf(frameContents, keys, block), this.#running(block, -1));
  }

  protected touching(block: Block): readonly number[] {
    const { kind, subject, count } = block.events;
    const rows: number[] = [];
    for (let row = 0; row < count; row++) {
      const opcode = kind[row];
      const isWrite = opcode === f.OP_WRITE || opcode === f.OP_DELETE || opcode === f.OP_WRITE_IN;
      if (isWrite && subject[row] === this.#frame && this.#slotOf(block, row) === this.#slot) rows.push(row);
    }
    return rows;
  }

  #slotOf(block: Block, row: number): number {
    const cursor = block.operands(row);
    if (block.events.kind[row] === f.OP_WRITE_IN) cursor.uv();
    return cursor.uv();
  }

  /** A write can be a block's only event of its frame: the effects of a line whose step is in the block before. */
  #running(block: number, direction: 1 | -1): number {
    const { frames } = this.history.index;
    if (direction === 1) return block > 0 && frames.lastAtMost(this.#frame, block - 1) === block - 1 ? block : Infinity;
    const last = frames.lastAtMost(this.#frame, block - 1);
    return last < 0 ? -1 : Math.min(last + 1, block);
  }
}

/** A part of an object, or all of it. */
class ObjectPlace extends DataPlace {
  readonly #object: number;
  /** Parts whose blocks are looked at; undefined: all of the object's. */
  readonly #parts: readonly number[] | undefined;
  readonly #changes: (block: Block) => readonly number[];

  constructor(history: History, target: Exclude<DataTarget, { readonly kind: "variable" }>) {
    super(history);
    const { object } = target;
    const watch = target.kind === "object" ? undefined : new PartWatch(history, target);
    this.#object = object;
    this.#parts = partsOf(history, target);
    this.#changes = watch === undefined ? (block) => objectChanges(block, object) : (block) => watch.changes(block);
  }

  firstBlock(block: number): number {
    const { objects, parts } = this.history.index;
    const object = this.#object;
    if (this.#parts === undefined) return firstOf(objects, [object], block);
    const found = this.#parts.map((part) => parts.firstAtLeast(object, part, block));
    return Math.min(...[...found, objects.birthOf(object)].filter((one) => one >= block), Infinity);
  }

  lastBlock(block: number): number {
    const { objects, parts } = this.history.index;
    const object = this.#object;
    if (this.#parts === undefined) return lastOf(objects, [object], block);
    const found = this.#parts.map((part) => parts.lastAtMost(object, part, block));
    return Math.max(...[...found, objects.birthOf(object)].filter((one) => one <= block), -1);
  }

  protected touching(block: Block): readonly number[] {
    return this.#changes(block);
  }
}

/** A key of a dict stands at another place when another one goes: all changes are looked at. */
function partsOf(
  history: History,
  target: Exclude<DataTarget, { readonly kind: "variable" }>,
): readonly number[] | undefined {
  if (target.kind === "attribute") return [WHOLE, namePart(target.name)];
  const kind = f.objectKind(history.recording.objectKinds.get(target.object));
  if (target.kind === "object" || kind === undefined || f.hasEntries(kind) || target.key.kind !== "int")
    return undefined;
  return [WHOLE, MOVED, APPENDED, elementPart(Number(target.key.value))];
}

/** The last change of those that stand together around a row. First sights, deaths and repetitions say nothing new. */
function endOfRun({ events }: Block, row: number): number {
  let end = row;
  for (let next = row + 1; next < events.count; next++) {
    const opcode = events.kind[next] ?? 0;
    if (isChange(opcode, events.detail[next] ?? 0)) end = next;
    else if (!isObjectEvent(opcode) && opcode !== f.OP_FRAME) break;
  }
  return end;
}

/** What a line does to variables and objects, and what is not known of it. */
function isChange(opcode: number, detail: number): boolean {
  switch (opcode) {
    case f.OP_WRITE:
    case f.OP_DELETE:
    case f.OP_WRITE_IN:
      return true;
    case f.OP_CONTENTS:
      return detail !== f.WHY_CHECKPOINT;
    case f.OP_NEW:
    case f.OP_KNOWN:
    case f.OP_DEAD:
    case f.OP_GENERATOR:
      return false;
    default:
      return isObjectEvent(opcode);
  }
}
