// Which events wrote a place in an object? Its events are read backward, and the place is followed through them: what
// an insertion moved stands at another index before it.
import { APPENDED, elementPart, MOVED, namePart, WHOLE } from "../index/objectParts.ts";
import type { Block } from "../recording/block.ts";
import type { ObjectContents } from "../recording/objectReplay.ts";
import { valueAt } from "../recording/values.ts";
import * as f from "../wire/format.ts";
import { readString } from "../wire/value.ts";
import type { History } from "./history.ts";
import { isSameValue, type ObjectPlace } from "./places.ts";
import type { Value } from "./timeTravel.ts";

/** `seen`: it was there when its object was first seen. `gap`: it changed unseen since `sinceStep`. */
export interface ObjectWrite {
  readonly event: number;
  readonly kind: "assigned" | "deleted" | "seen" | "unknown";
  /** Undefined when deleted or unknown. */
  readonly value: Value | undefined;
  readonly gap: { readonly sinceStep: number; readonly reason: string } | undefined;
}

/** Writes of the place at or before the event `from`, newest first. */
export function* objectWrites(history: History, place: ObjectPlace, from: number): Generator<ObjectWrite> {
  const walk = new PlaceWalk(history, place, from);
  let last = from;
  while (last >= 0) {
    const block = walk.blockBefore(last);
    if (block === undefined) return;
    const rows = block.rowsOfObject(place.object);
    for (let at = rows.length - 1; at >= 0; at--) {
      const event = block.firstEvent + (rows[at] ?? 0);
      const write = event <= last ? walk.back(event) : undefined;
      if (write !== undefined) yield write;
    }
    last = block.firstEvent - 1;
  }
}

/** Events about the object at or before `from`, newest first. */
export function* objectEvents(history: History, object: number, from: number): Generator<number> {
  let event = from < 0 ? -1 : history.objectEventBackward(from, object);
  while (event >= 0) {
    const block = history.blockAt(event);
    const rows = block.rowsOfObject(object);
    for (let place = rows.length - 1; place >= 0; place--) {
      const at = block.firstEvent + (rows[place] ?? 0);
      if (at <= event) yield at;
    }
    event = block.firstEvent === 0 ? -1 : history.objectEventBackward(block.firstEvent - 1, object);
  }
}

/** What the place holds at the event; undefined when there is no such place or the object is not known then. */
export function valueOfPlace(history: History, place: ObjectPlace, event: number): Value | undefined {
  const contents = history.contentsAt(event, place.object);
  return contents === undefined ? undefined : valueIn(history, place, contents);
}

function valueIn(history: History, place: ObjectPlace, contents: ObjectContents): Value | undefined {
  const value = ((): Value | undefined => {
    switch (place.kind) {
      case "attribute":
        return refValue(history, contents.attributes[contents.names.indexOf(place.name)]);
      case "contents":
        return refValue(history, contents.value);
      case "item": {
        const byte = contents.bytes?.[place.index];
        return byte === undefined ? refValue(history, contents.items[place.index]) : { kind: "int", value: byte };
      }
      case "entry":
        return refValue(history, contents.items[indexOfKey(history, contents, place.key)]);
    }
  })();
  return value?.kind === "unbound" ? undefined : value;
}

function refValue(history: History, ref: number | undefined): Value | undefined {
  return ref === undefined ? undefined : valueAt(history.recording, ref, undefined);
}

/** -1 for none. */
export function indexOfKey(history: History, contents: ObjectContents, key: Value): number {
  return contents.keys.findIndex((ref) => isSameValue(valueAt(history.recording, ref, undefined), key));
}

class PlaceWalk {
  readonly #history: History;
  readonly #place: ObjectPlace;
  /** Where the place stands in `items` after the event that is looked at; -1 when it is not there. */
  #index: number;
  #length: number;
  /** The value is not known from an UNKNOWN on that nothing has ended yet. */
  #isUnknown: boolean;

  constructor(history: History, place: ObjectPlace, from: number) {
    this.#history = history;
    this.#place = place;
    const contents = from < 0 ? undefined : history.contentsAt(from, place.object);
    this.#isUnknown = contents?.unknown !== undefined;
    this.#length = 0;
    this.#index = -1;
    this.#stand(contents);
  }

  /** The newest block up to that of the event `last` that may hold a write of the place; it stands at its end then. */
  blockBefore(last: number): Block | undefined {
    const { recording, index } = this.#history;
    const { object } = this.#place;
    const from = recording.history.blockOfEvent(last);
    const newest = index.lastOfObject(object, from);
    if (newest < 0) return undefined;
    const number = Math.max(...this.#parts().map((part) => this.#lastOf(part, newest)));
    const found = this.#hasAppeared(number, newest) ? this.#appearance(number, newest) : number;
    if (found < 0) return undefined;
    const block = recording.block(found);
    // What lies between has moved nothing, but elements came.
    if (found < newest) this.#stand(this.#history.contentsAt(this.#endOf(found), object));
    return block;
  }

  /** Goes back over the event; what it wrote to the place. */
  back(event: number): ObjectWrite | undefined {
    const block = this.#history.blockAt(event);
    const row = event - block.firstEvent;
    switch (block.events.kind[row]) {
      case f.OP_NEW:
        return this.#changed(event, undefined, this.#after(event));
      case f.OP_CONTENTS:
        return block.events.detail[row] === f.WHY_CHECKPOINT ? undefined : this.#renewed(event);
      case f.OP_ITEM_SET:
        return this.#itemSet(event, block, row);
      case f.OP_APPEND:
        this.#length--;
        return this.#spliced(event, this.#length, 0, 1);
      case f.OP_SPLICE:
      case f.OP_BYTES_SPLICE: {
        const cursor = block.operands(row);
        cursor.uv();
        const [start, deleted, inserted] = [cursor.uv(), cursor.uv(), cursor.uv()];
        this.#length += deleted - inserted;
        return this.#spliced(event, start, deleted, inserted);
      }
      case f.OP_ATTR_SET:
      case f.OP_ATTR_DEL:
        return this.#attribute(event, block, row);
      case f.OP_CELL_SET:
        return this.#place.kind === "contents" ? this.#changed(event, null, this.#after(event)) : undefined;
      case f.OP_UNKNOWN:
        return this.#unknown(event, block, row);
      default:
        return undefined;
    }
  }

  #stand(contents: ObjectContents | undefined): void {
    this.#length = contents === undefined ? 0 : (contents.bytes?.length ?? contents.items.length);
    if (this.#place.kind === "entry") {
      this.#index = contents === undefined ? -1 : indexOfKey(this.#history, contents, this.#place.key);
    } else if (this.#place.kind === "item") this.#index = this.#place.index < this.#length ? this.#place.index : -1;
  }

  /** Parts of the object whose writes concern the place. */
  #parts(): readonly number[] {
    switch (this.#place.kind) {
      case "attribute":
        return [WHOLE, namePart(this.#place.name)];
      case "contents":
        return [WHOLE];
      case "item":
      case "entry":
        return this.#index < 0 ? [WHOLE, MOVED] : [WHOLE, MOVED, elementPart(this.#index)];
    }
  }

  #lastOf(part: number, block: number): number {
    const found = this.#history.index.parts.lastAtMost(this.#place.object, part, block);
    const birth = this.#history.index.objects.birthOf(this.#place.object);
    return birth <= block ? Math.max(found, birth) : found;
  }

  #endOf(block: number): number {
    return this.#history.recording.history.firstEventOf(block + 1) - 1;
  }

  /** Whether the place, which is there after `newest`, came at the end after block `number`. */
  #hasAppeared(number: number, newest: number): boolean {
    if (this.#index < 0 || number >= newest) return false;
    if (this.#history.index.parts.lastAtMost(this.#place.object, APPENDED, newest) <= number) return false;
    return this.#lengthAfter(number) <= this.#index;
  }

  /** The block at whose end it is there first: from `number` to `newest` elements only came at the end. */
  #appearance(number: number, newest: number): number {
    let [without, having] = [number, newest];
    while (having - without > 1) {
      const middle = Math.floor((without + having) / 2);
      if (this.#lengthAfter(middle) <= this.#index) without = middle;
      else having = middle;
    }
    return having;
  }

  #lengthAfter(block: number): number {
    const contents = block < 0 ? undefined : this.#history.contentsAt(this.#endOf(block), this.#place.object);
    return contents === undefined ? 0 : (contents.bytes?.length ?? contents.items.length);
  }

  #itemSet(event: number, block: Block, row: number): ObjectWrite | undefined {
    if (this.#place.kind !== "item" && this.#place.kind !== "entry") return undefined;
    const cursor = block.operands(row);
    cursor.uv();
    return cursor.uv() === this.#index ? this.#changed(event, null, this.#after(event)) : undefined;
  }

  #attribute(event: number, block: Block, row: number): ObjectWrite | undefined {
    if (this.#place.kind !== "attribute") return undefined;
    const cursor = block.operands(row);
    cursor.uv();
    if (readString(cursor, block.events.strings) !== this.#place.name) return undefined;
    return this.#changed(event, null, this.#after(event));
  }

  /** `#length` is the one before already. */
  #spliced(event: number, start: number, deleted: number, inserted: number): ObjectWrite | undefined {
    switch (this.#place.kind) {
      case "item":
        return this.#itemsMoved(event, this.#place.index, start, deleted, inserted);
      case "entry":
        return this.#entriesMoved(event, start, deleted, inserted);
      default:
        return undefined;
    }
  }

  #itemsMoved(event: number, index: number, start: number, deleted: number, inserted: number): ObjectWrite | undefined {
    const isAfter = index >= start + inserted && deleted === inserted;
    const [before, after] = [index < this.#length, this.#index >= 0];
    this.#index = before ? index : -1;
    if (index < start || isAfter || (!before && !after)) return undefined;
    return this.#changed(event, before ? this.#before(event) : undefined, after ? this.#after(event) : undefined);
  }

  #entriesMoved(event: number, start: number, deleted: number, inserted: number): ObjectWrite | undefined {
    if (this.#index >= 0 && this.#index < start) return undefined;
    if (this.#index >= start + inserted) {
      this.#index += deleted - inserted;
      return undefined;
    }
    const after = this.#index < 0 ? undefined : this.#after(event);
    const contents = deleted === 0 ? undefined : this.#history.contentsAt(event - 1, this.#place.object);
    const before = contents === undefined ? undefined : valueIn(this.#history, this.#place, contents);
    if (contents === undefined) this.#index = -1;
    else this.#stand(contents);
    return this.#changed(event, before, after);
  }

  /** All of it is said anew: it changed if it is another than before. */
  #renewed(event: number): ObjectWrite | undefined {
    const before = this.#history.contentsAt(event - 1, this.#place.object);
    const after = this.#after(event);
    this.#stand(before);
    const known = before === undefined ? undefined : valueIn(this.#history, this.#place, before);
    const write = this.#changed(event, known, after);
    return write === undefined ? undefined : { ...write, gap: before?.unknown };
  }

  #unknown(event: number, block: Block, row: number): ObjectWrite | undefined {
    if (!this.#isUnknown) return undefined;
    const before = this.#history.contentsAt(event - 1, this.#place.object);
    if (before?.unknown !== undefined) return undefined;
    this.#isUnknown = false;
    const reason = f.gapReason(block.operands(row).u8());
    const sinceStep = Math.max(block.stepOfRow(row), 0);
    return { event, kind: "unknown", value: undefined, gap: { sinceStep, reason } };
  }

  #before(event: number): Value | undefined {
    return valueOfPlace(this.#history, this.#place, event - 1);
  }

  #after(event: number): Value | undefined {
    return valueOfPlace(this.#history, this.#place, event);
  }

  /** `before` is null where the event is a write whatever was there before. */
  #changed(event: number, before: Value | undefined | null, after: Value | undefined): ObjectWrite | undefined {
    const isNew = this.#history.kindAt(event) === f.OP_NEW;
    if (after === undefined) {
      const was = before === null ? this.#before(event) : before;
      return was === undefined ? undefined : { event, kind: "deleted", value: undefined, gap: undefined };
    }
    if (before !== undefined && before !== null && isSameValue(before, after)) return undefined;
    return { event, kind: isNew ? "seen" : "assigned", value: after, gap: undefined };
  }
}
