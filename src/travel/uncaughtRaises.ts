// Which exceptions ended a thread, and where were they raised?
import { NotIndexedYet } from "../base/errors.ts";
import type { UncaughtEnd } from "../index/eventIndex.ts";
import { RAISE_KEY } from "../index/historyIndex.ts";
import { OP_RAISE, RAISE_FROM_CALL } from "../wire/format.ts";
import type { Value } from "../wire/value.ts";
import type { History } from "./history.ts";
import type { Views } from "./views.ts";

interface Raise {
  /** The last RAISE of the exception that was not a passing on; the thread's end when none was recorded. */
  readonly event: number;
  readonly object: number;
}

/** Event numbers of RAISEs: all from `since` on, 0 for all. */
export interface Raised {
  readonly since: number;
  readonly events: readonly number[];
}

/** What each end of a thread answers is found when it is first asked for. */
export class UncaughtRaises {
  readonly #history: History;
  readonly #views: Views;
  readonly #raises = new Map<number, Raise | undefined>();
  /** By the event that showed it. */
  readonly #escapes = new Map<number, number | undefined>();

  constructor(history: History, views: Views) {
    this.#history = history;
    this.#views = views;
  }

  /** The unsealed end of the history was read anew. */
  forget(): void {
    this.#raises.clear();
    this.#escapes.clear();
  }

  /** Where exceptions were raised that left recorded code for code that is not recorded; event numbers, ascending. */
  escapedEvents(): readonly number[] {
    return [...new Set(this.escapes().map(({ event }) => event))].toSorted((a, b) => a - b);
  }

  /** The same, each with the event that showed it, in that order. */
  escapes(): readonly { readonly event: number; readonly knownFrom: number }[] {
    return this.#history.index.escapes.all.flatMap(({ event, object, knownFrom }) => {
      if (!this.#escapes.has(knownFrom)) this.#escapes.set(knownFrom, this.#originOf(event, object));
      const origin = this.#escapes.get(knownFrom);
      return origin === undefined ? [] : [{ event: origin, knownFrom }];
    });
  }

  /** Undefined for exceptions by which iterations, generators and threads end as they should. */
  #originOf(event: number, object: number): number | undefined {
    if (quietTypes.has(this.#history.index.types.typeAt(object, event))) return undefined;
    return this.#lastRaise(event, object) ?? event;
  }

  /** Event numbers, ascending: all from `since` on. */
  raised(): Raised {
    const { since } = this.#history.index.uncaught;
    return { since, events: [...new Set(this.#known().map(({ event }) => event))].toSorted((a, b) => a - b) };
  }

  isUncaught(value: Value): boolean {
    if (value.kind !== "object") return false;
    const isKnown = this.#known().some(({ object }) => object === value.object);
    if (!isKnown && this.#history.index.uncaught.since > 0) throw new NotIndexedYet();
    return isKnown;
  }

  /** The exception that ended the program. */
  programEnd(): { readonly event: number; readonly threadIndex: number; readonly value: Value } | undefined {
    const end = this.#history.index.uncaughtEnd();
    if (end === undefined) return undefined;
    return { event: end.event, threadIndex: end.threadIndex, value: this.#valueOf(end) };
  }

  #known(): readonly Raise[] {
    return this.#history.index.uncaught.ends.flatMap((end) => this.#raiseOf(end) ?? []);
  }

  #raiseOf(end: UncaughtEnd): Raise | undefined {
    if (!this.#raises.has(end.knownFrom)) this.#raises.set(end.knownFrom, this.#findRaise(end));
    return this.#raises.get(end.knownFrom);
  }

  #findRaise(end: UncaughtEnd): Raise | undefined {
    const value = this.#valueOf(end);
    if (value.kind !== "object") return undefined;
    const { object } = value;
    // SystemExit ends a thread as it should.
    if (!end.isProgramEnd && this.#history.index.types.typeAt(object, end.event) === "SystemExit") return undefined;
    return { event: this.#lastRaise(end.event, object) ?? end.event, object };
  }

  /** The last RAISE of an exception before an event that was not a passing on. */
  #lastRaise(before: number, object: number): number | undefined {
    const { raises } = this.#history.index;
    // It may be outside of what is searched for a breakpoint.
    return this.#history.index.within(0, Infinity, () => {
      let event = before;
      while (event >= 0) {
        event = this.#history.findBackward(raises, RAISE_KEY, event, ({ kind, detail }, row) => {
          return kind[row] === OP_RAISE && ((detail[row] ?? 0) & RAISE_FROM_CALL) === 0;
        });
        if (event >= 0 && isObject(this.#raised(event), object)) return event;
      }
      return undefined;
    });
  }

  #raised(event: number): Value {
    return this.#views.operand(event, (cursor) => {
      cursor.uv();
      cursor.u8();
    });
  }

  #valueOf(end: UncaughtEnd): Value {
    return this.#views.operand(end.event, (cursor) => {
      if (!end.isProgramEnd) return;
      cursor.u8();
      cursor.sv();
    });
  }
}

const quietTypes: ReadonlySet<string> = new Set(["StopIteration", "StopAsyncIteration", "GeneratorExit", "SystemExit"]);

function isObject(value: Value, object: number): boolean {
  return value.kind === "object" && value.object === object;
}
