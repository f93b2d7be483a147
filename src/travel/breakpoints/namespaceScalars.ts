// What do names of a namespace (a module's globals) hold, event by event through a block? Names stand in no slots: a name
// has a place among the namespace's pairs, and an ITEM_SET gives the place.
import { APPENDED, elementPart, MOVED, WHOLE } from "../../index/objectParts.ts";
import type { Block } from "../../recording/block.ts";
import * as f from "../../wire/format.ts";
import { type ValueRef, valueRef } from "../../wire/keyframe.ts";
import type { History } from "../history.ts";
import { indexOfKey } from "../objectWrites.ts";
import { nameValue } from "../placeWrites.ts";
import { afterNumber, scalarAt, scalarIn, unsigned } from "./scalarBytes.ts";
import type { Scalar } from "./scalarTest.ts";

/** By place in the test's names: where they stand (-1: nowhere), and what they hold. */
interface Layout {
  readonly places: readonly number[];
  readonly refs: readonly (ValueRef | undefined)[];
}

const KEPT_LAYOUTS = 64;

export class NamespaceScalars {
  /** By place in the test's names; undefined for a name that is not there, or that holds no scalar. */
  readonly scalars: Scalar[] = [];
  /** Another one whenever one of them may have changed. */
  version = 0;
  readonly #history: History;
  readonly #object: number;
  readonly #names: readonly string[];
  #places: readonly number[] = [];
  /** Pairs moved, came or went since the places were looked up. */
  #isMoved = true;
  /** By block in which pairs moved last: how they stand at its end. */
  readonly #layouts = new Map<number, Layout>();

  constructor(history: History, object: number, names: readonly string[]) {
    this.#history = history;
    this.#object = object;
    this.#names = names;
  }

  /** Takes up the state after the event; -1 is before all events. */
  standAt(event: number): void {
    const number = event < 0 ? -1 : this.#history.recording.history.blockOfEvent(event);
    const moved = this.#lastMoved(number);
    const isHere = moved === number;
    const { places, refs } = isHere ? this.#read(event) : this.#layoutAfter(moved);
    this.#places = places;
    this.#isMoved = false;
    this.version++;
    places.forEach((place, index) => {
      const set = isHere || place < 0 ? undefined : this.#setSince(moved, place, event);
      const ref = set ?? refs[index];
      this.scalars[index] = ref === undefined ? undefined : scalarAt(this.#history.recording, ref);
    });
  }

  /** Before it is asked: after the event. */
  settle(event: number): void {
    if (this.#isMoved) this.standAt(event);
  }

  /** An event of the block that comes next, about the namespace (hot). */
  take({ payload, events }: Block, row: number, opcode: number): void {
    if (opcode === f.OP_ITEM_SET) {
      const at = afterNumber(payload, (events.at[row] ?? 0) + 1);
      const index = this.#places.indexOf(unsigned(payload, at));
      if (index < 0) return;
      this.scalars[index] = scalarIn(payload, afterNumber(payload, at), events.strings);
      this.version++;
    } else if (opcode !== f.OP_CONTENTS || events.detail[row] !== f.WHY_CHECKPOINT) this.#isMoved = true;
  }

  /** An UNKNOWN came: it may be about this one. */
  forget(): void {
    this.#isMoved = true;
  }

  /** The last block up to `number` in which more happened than that pairs got other values; -1 for none. */
  #lastMoved(number: number): number {
    const { objects, parts, knowns } = this.#history.index;
    const birth = objects.birthOf(this.#object);
    return Math.max(
      birth <= number ? birth : -1,
      knowns.lastAtMost(this.#object, number),
      ...[WHOLE, MOVED, APPENDED].map((part) => parts.lastAtMost(this.#object, part, number)),
    );
  }

  #layoutAfter(block: number): Layout {
    const known = this.#layouts.get(block);
    if (known !== undefined) return known;
    const layout = this.#read(this.#history.recording.history.firstEventOf(block + 1) - 1);
    if (this.#layouts.size >= KEPT_LAYOUTS) this.#layouts.clear();
    if (this.#history.recording.isFinal(block)) this.#layouts.set(block, layout);
    return layout;
  }

  #read(event: number): Layout {
    const contents = event < 0 ? undefined : this.#history.contentsAt(event, this.#object);
    const isKnown = contents !== undefined && contents.unknown === undefined;
    const places = this.#names.map((name) => (isKnown ? indexOfKey(this.#history, contents, nameValue(name)) : -1));
    return { places, refs: places.map((place) => contents?.items[place]) };
  }

  /** The newest value that a pair got after the end of a block; undefined for none. */
  #setSince(block: number, place: number, event: number): ValueRef | undefined {
    const { recording, index } = this.#history;
    const part = elementPart(place);
    let number = index.parts.lastAtMost(this.#object, part, recording.history.blockOfEvent(event));
    while (number > block) {
      const { events, payload, firstEvent } = recording.block(number);
      for (let row = Math.min(events.count - 1, event - firstEvent); row >= 0; row--) {
        if (events.subject[row] !== this.#object || events.kind[row] !== f.OP_ITEM_SET) continue;
        const at = afterNumber(payload, (events.at[row] ?? 0) + 1);
        if (unsigned(payload, at) === place) return valueRef(number, afterNumber(payload, at));
      }
      number = index.parts.lastAtMost(this.#object, part, number - 1);
    }
    return undefined;
  }
}
