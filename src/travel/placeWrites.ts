// Which values did a place take, and which lines wrote them? Newest first.
import { brand } from "../base/brand.ts";
import type { CodeId } from "../python/codeObject.ts";
import { valueAt } from "../recording/values.ts";
import type { History } from "./history.ts";
import { objectWrites } from "./objectWrites.ts";
import type { ObjectPlace, Place } from "./places.ts";
import type { Site, Sites } from "./sites.ts";
import { slotWriteBefore } from "./slotWrites.ts";
import type { Moment, Value } from "./timeTravel.ts";
import type { Views } from "./views.ts";

/**
 * One write. `argument`: by a call; `seen`: the value was there when its object was first seen; `unknown`: from here on
 * nobody knows. With `gap` it changed unseen between that step and this event.
 */
export interface Write {
  readonly kind: "assigned" | "argument" | "deleted" | "seen" | "unknown";
  readonly event: number;
  /** The first moment that has the value. */
  readonly moment: Moment;
  readonly site: Site;
  /** Undefined when deleted or unknown. */
  readonly value: Value | undefined;
  readonly gap: { readonly sinceStep: number; readonly reason: string } | undefined;
}

/** What a place is once it is looked up: a slot of a frame, or a place in an object. */
export type FoundPlace =
  | { readonly kind: "slot"; readonly frame: number; readonly slot: number }
  | { readonly kind: "object"; readonly place: ObjectPlace };

export class PlaceWrites {
  readonly #history: History;
  readonly #views: Views;
  readonly #sites: Sites;

  constructor(history: History, views: Views, sites: Sites) {
    this.#history = history;
    this.#views = views;
    this.#sites = sites;
  }

  /** Writes at or before the event. */
  *upTo(event: number, place: Place): Generator<Write> {
    const found = this.find(event, place);
    if (found === undefined) return;
    if (found.kind === "slot") yield* this.#slotWrites(event, found.frame, found.slot);
    else yield* this.#objectWrites(event, found.place);
  }

  /** The newest write at or before the event. */
  last(event: number, place: Place): Write | undefined {
    const [write] = this.upTo(event, place);
    return write;
  }

  /** A variable's name as its frame means it: own variables first, then a namespace, then the globals. */
  find(event: number, place: Place): FoundPlace | undefined {
    if (place.kind !== "variable") return { kind: "object", place };
    const live = this.#views.liveNear(event, place.frame);
    const code = live === undefined ? undefined : this.#history.recording.registry.get(brand<CodeId>(live.code));
    if (live === undefined || code === undefined) return undefined;
    if (live.mapping > 0 && this.#holds(event, live.mapping, place.name)) return entryOf(live.mapping, place.name);
    const { globals, mapping, frame } = live;
    const slot = code.slots.findIndex(({ name }) => name === place.name);
    if (slot >= 0) return { kind: "slot", frame, slot };
    if (mapping > 0 && (globals === 0 || !this.#holds(event, globals, place.name))) return entryOf(mapping, place.name);
    return globals > 0 ? entryOf(globals, place.name) : undefined;
  }

  #holds(event: number, object: number, name: string): boolean {
    const view = this.#views.object(event, object);
    return view?.entries.some(([key]) => key.kind === "str" && key.text === name) ?? false;
  }

  *#slotWrites(event: number, frame: number, slot: number): Generator<Write> {
    let before = event + 1;
    while (before > 0) {
      const write = slotWriteBefore(this.#history, frame, slot, before);
      if (write === undefined) return;
      const { kind } = write;
      const value = kind === "deleted" ? undefined : this.#slotValue(write.ref, write.event);
      yield {
        kind,
        event: write.event,
        moment: this.#history.momentOf(write.event),
        site: this.#sites.of(write.event),
        value,
        gap: undefined,
      };
      if (kind === "argument") return;
      before = write.event;
    }
  }

  #slotValue(ref: number, event: number): Value {
    return valueAt(this.#history.recording, ref, this.#history.momentOf(event).step);
  }

  *#objectWrites(event: number, place: ObjectPlace): Generator<Write> {
    for (const write of objectWrites(this.#history, place, event)) {
      yield { ...write, moment: this.#history.momentOf(write.event), site: this.#sites.of(write.event) };
    }
  }
}

function entryOf(object: number, name: string): FoundPlace {
  return { kind: "object", place: { kind: "entry", object, key: nameValue(name) } };
}

/** The key of a name in a namespace. */
export function nameValue(name: string): Value {
  return { kind: "str", text: name, total: Array.from(name).length, truncated: false };
}
