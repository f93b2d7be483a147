// Which events about an object change the part that is watched?
import type { Block } from "../../recording/block.ts";
import { type ObjectContents, replayObject } from "../../recording/objectReplay.ts";
import { valueAt } from "../../recording/values.ts";
import * as f from "../../wire/format.ts";
import { UNBOUND_REF, type ValueRef } from "../../wire/keyframe.ts";
import type { History } from "../history.ts";
import type { DataTarget } from "./breakpoint.ts";
import { identityOf } from "./identity.ts";

type PartTarget = Extract<DataTarget, { readonly kind: "attribute" | "item" }>;

/** Rows of a block at which an object's contents change in any way, ascending. Its first sight is no change. */
export function objectChanges(block: Block, object: number): readonly number[] {
  return block.rowsOfObject(object).filter((row) => {
    const opcode = block.events.kind[row] ?? 0;
    if (opcode === f.OP_CONTENTS) return block.events.detail[row] !== f.WHY_CHECKPOINT;
    return opcode !== f.OP_NEW && !sayNothing.has(opcode);
  });
}

/** Events about an object that leave its contents as they are. */
const sayNothing: ReadonlySet<number> = new Set([f.OP_UNKNOWN, f.OP_KNOWN, f.OP_DEAD, f.OP_GENERATOR]);

/** One attribute or item: its value before and after each event is compared. */
export class PartWatch {
  readonly #history: History;
  readonly #target: PartTarget;
  readonly #key: string;

  constructor(history: History, target: PartTarget) {
    this.#history = history;
    this.#target = target;
    this.#key = target.kind === "item" ? identityOf(target.key) : "";
  }

  /** Rows of a block, ascending. */
  changes(block: Block): readonly number[] {
    const { object } = this.#target;
    const kind = f.objectKind(this.#history.recording.objectKinds.get(object));
    if (kind === undefined) return [];
    let contents = this.#history.contentsAt(block.firstEvent - 1, object);
    let place = contents === undefined ? -1 : this.#placeIn(contents);
    let known = contents === undefined ? undefined : this.#textAt(contents, place);
    const changed: number[] = [];
    for (const row of block.rowsOfObject(object)) {
      const opcode = block.events.kind[row] ?? 0;
      const isElsewhere = opcode === f.OP_ITEM_SET && itemOf(block, row) !== place;
      contents = replayObject(contents, block, [row], kind);
      if (contents === undefined || isElsewhere || sayNothing.has(opcode)) continue;
      if (opcode !== f.OP_ITEM_SET) place = this.#placeIn(contents);
      const now = this.#textAt(contents, place);
      if (known !== undefined && now !== known) changed.push(row);
      known = now;
    }
    return changed;
  }

  /** Index of the part among its like; -1 where there is none. */
  #placeIn(contents: ObjectContents): number {
    const target = this.#target;
    if (target.kind === "attribute") return contents.names.indexOf(target.name);
    if (f.hasEntries(contents.kind)) return contents.keys.findIndex((ref) => this.#text(ref) === this.#key);
    return target.key.kind === "int" ? Number(target.key.value) : -1;
  }

  #textAt(contents: ObjectContents, place: number): string {
    if (this.#target.kind === "item" && contents.bytes !== undefined) return String(contents.bytes[place]);
    const parts = this.#target.kind === "attribute" ? contents.attributes : contents.items;
    const ref = parts[place];
    return ref === undefined ? "" : this.#text(ref);
  }

  #text(ref: ValueRef): string {
    return ref === UNBOUND_REF ? "" : identityOf(valueAt(this.#history.recording, ref, undefined));
  }
}

function itemOf(block: Block, row: number): number {
  const cursor = block.operands(row);
  cursor.uv();
  return cursor.uv();
}
