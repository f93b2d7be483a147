// The oracle of histories: compares the states before and after each event. No index, no leaps.
import type { Moment, Value } from "../../src/travel/timeTravel.ts";
import { isSameValue, type Place } from "../../src/travel/places.ts";
import type { NaiveReplayer } from "./naiveReplayer.ts";
import type { RecordedEvent } from "./recordedEvents.ts";

export interface NaiveWrite {
  readonly index: number;
  readonly value: Value | undefined;
}

/** Value of a place after the row; undefined when there is none. */
function valueAt(naive: NaiveReplayer, index: number, place: Place): Value | undefined {
  const state = naive.rows[index]?.state;
  if (state === undefined) return undefined;
  if (place.kind === "variable") throw new Error("slots are looked up by number");
  const found = state.objects.get(place.object);
  const value = ((): Value | undefined => {
    switch (place.kind) {
      case "attribute":
        return found?.attributes.find(([name]) => name === place.name)?.[1];
      case "contents":
        return found?.value;
      case "item": {
        const byte = found?.bytes?.[place.index];
        return byte === undefined ? found?.items[place.index]?.value : { kind: "int", value: byte };
      }
      case "entry":
        return found?.items.find(({ key }) => isSameValue(key, place.key))?.value;
    }
  })();
  return value?.kind === "unbound" ? undefined : value;
}

function isExplicit(naive: NaiveReplayer, index: number, event: RecordedEvent, place: Place): boolean {
  if (place.kind === "variable" || !("object" in event) || event.object !== place.object) return false;
  if (event.op === "cellSet") return place.kind === "contents";
  if (event.op === "attributeSet") return place.kind === "attribute" && event.name === place.name;
  if (event.op !== "itemSet") return false;
  if (place.kind === "item") return event.index === place.index;
  if (place.kind !== "entry") return false;
  const key = naive.rows[index]?.state.objects.get(place.object)?.items[event.index]?.key;
  return key !== undefined && isSameValue(key, place.key);
}

/** Writes of a place in an object up to a moment, newest first. */
export function naiveObjectWrites(naive: NaiveReplayer, moment: Moment, place: Place): NaiveWrite[] {
  const writes: NaiveWrite[] = [];
  for (let index = 0; index <= naive.indexOf(moment); index++) {
    const event = naive.rows[index]?.event;
    if (event === undefined) break;
    const [before, after] = [valueAt(naive, index - 1, place), valueAt(naive, index, place)];
    const isSame = before !== undefined && after !== undefined && isSameValue(before, after);
    const isChange = before === undefined || after === undefined ? before !== after : !isSame;
    const isNew = event.op === "new" && "object" in place && event.object === place.object;
    if (isChange || (after !== undefined && (isExplicit(naive, index, event, place) || isNew)))
      writes.unshift({ index, value: after });
  }
  return writes;
}

/** Writes of a frame's variable up to a moment, newest first. */
export function naiveSlotWrites(naive: NaiveReplayer, moment: Moment, frame: number, slot: number): NaiveWrite[] {
  const writes: NaiveWrite[] = [];
  for (let index = 0; index <= naive.indexOf(moment); index++) {
    const row = naive.rows[index];
    if (row === undefined) break;
    const { event } = row;
    const isTop = (event.op === "write" || event.op === "delete") && event.slot === slot && row.frame === frame;
    const isOutside = event.op === "writeIn" && event.frame === frame && event.slot === slot;
    if (event.op === "call" && event.frame === frame) {
      const value = event.values[slot];
      if (value !== undefined && value.kind !== "unbound") writes.unshift({ index, value });
    } else if (isTop || isOutside) {
      const value = event.op === "delete" || !("value" in event) ? undefined : event.value;
      writes.unshift({ index, value: value?.kind === "unbound" ? undefined : value });
    }
  }
  return writes;
}
