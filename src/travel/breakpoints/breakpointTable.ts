// From breakpoints as the user sets them to lists of hits. What was found for one is kept as long as it is set.
import type { History } from "../history.ts";
import type { UncaughtRaises } from "../uncaughtRaises.ts";
import type { Views } from "../views.ts";
import type { Breakpoint, BreakpointPlace, Breakpoints } from "./breakpoint.ts";
import { FunctionPlace, LinePlace, ReturnPlace } from "./codePlaces.ts";
import type { Asker } from "./condition.ts";
import { dataPlace } from "./dataPlace.ts";
import { ExceptionPlace } from "./exceptionPlace.ts";
import { HitList } from "./hitList.ts";
import { Hits } from "./hits.ts";
import type { Place } from "./place.ts";

export class BreakpointTable {
  readonly #history: History;
  readonly #views: Views;
  readonly #uncaught: UncaughtRaises;
  readonly asker: Asker;
  readonly #lists = new WeakMap<Breakpoint, HitList>();

  constructor(history: History, views: Views, uncaught: UncaughtRaises, asker: Asker) {
    this.#history = history;
    this.#views = views;
    this.#uncaught = uncaught;
    this.asker = asker;
  }

  hits(breakpoints: Breakpoints): Hits {
    return new Hits(
      this.#history,
      breakpoints.flatMap((breakpoint) => this.listOf(breakpoint) ?? []),
    );
  }

  /** Undefined for a breakpoint whose place cannot be. */
  listOf(breakpoint: Breakpoint): HitList | undefined {
    const known = this.#lists.get(breakpoint);
    if (known !== undefined) return known;
    const place = this.#placeOf(breakpoint.place);
    if (place === undefined) return undefined;
    const { condition } = breakpoint;
    const question = condition === undefined ? undefined : this.asker(condition);
    const list = new HitList(this.#history, breakpoint, place, question);
    this.#lists.set(breakpoint, list);
    return list;
  }

  #placeOf(place: BreakpointPlace): Place | undefined {
    const [history, views, uncaught] = [this.#history, this.#views, this.#uncaught];
    switch (place.kind) {
      case "line":
        return new LinePlace(history, place.file, place.line);
      case "function":
        return new FunctionPlace(history, place.name);
      case "return":
        return ReturnPlace.ofName(history, views, place.name);
      case "returnAt":
        return ReturnPlace.at(history, views, place.file, place.line);
      case "exception":
        return new ExceptionPlace({ history, views, uncaught }, place.when, place.types);
      case "data":
        return dataPlace(history, place.target);
    }
  }
}
