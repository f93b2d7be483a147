// Questions about what happened when, beyond where a movement ends: the answers behind the requests of
// `protocol/historyRequests.ts`. Event numbers count all events of a recording; the state at one is the state after it.
import type { History } from "./history.ts";
import { PlaceWrites, type Write } from "./placeWrites.ts";
import type { Place } from "./places.ts";
import { Sites } from "./sites.ts";
import type { Moment } from "./timeTravel.ts";
import type { Views } from "./views.ts";

/** A part of a long answer; `next` is where the rest begins. */
export interface Page<T> {
  readonly entries: readonly T[];
  readonly next: number | undefined;
}

/** All methods are total, like those of `TimeTravel`. */
export class Past {
  readonly #history: History;
  readonly #sites: Sites;
  readonly #writes: PlaceWrites;

  constructor(history: History, views: Views) {
    this.#history = history;
    this.#sites = new Sites(history, views);
    this.#writes = new PlaceWrites(history, views, this.#sites);
  }

  /** Writes of a place, newest first, from the moment back; `from` is `next` of the page before. */
  writes(moment: Moment, place: Place, from: number | undefined, count: number): Page<Write> {
    const event = from ?? this.#history.eventOf(moment);
    return pageOf(this.#writes.upTo(event, place), count, (write) => write.event);
  }

  lastWrite(moment: Moment, place: Place): Write | undefined {
    return this.#writes.last(this.#history.eventOf(moment), place);
  }
}

/** Takes `count` entries; the event of the next one is where the rest begins. */
function pageOf<T>(entries: Iterable<T>, count: number, eventOf: (entry: T) => number): Page<T> {
  const taken: T[] = [];
  for (const entry of entries) {
    if (taken.length === count) return { entries: taken, next: eventOf(entry) };
    taken.push(entry);
  }
  return { entries: taken, next: undefined };
}
