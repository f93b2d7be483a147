// Where exceptions are raised: all of them, those that end a thread, those that leave the user's code.
import { NotIndexedYet } from "../../base/errors.ts";
import { RAISE_KEY } from "../../index/historyIndex.ts";
import type { Block } from "../../recording/block.ts";
import { OP_END, OP_RAISE, RAISE_FROM_CALL } from "../../wire/format.ts";
import type { Value } from "../../wire/value.ts";
import type { History } from "../history.ts";
import type { Raised, UncaughtRaises } from "../uncaughtRaises.ts";
import type { Views } from "../views.ts";
import { classNames, isCalled } from "../classNames.ts";
import { EXCEPTION_NAME, type ExceptionWhen } from "./breakpoint.ts";
import { noLineKeys, type Place, type PlaceContext } from "./place.ts";

/** What exception places share: the history, what is seen in it, and where uncaught ones were raised. */
export interface ExceptionSources {
  readonly history: History;
  readonly views: Views;
  readonly uncaught: UncaughtRaises;
}

export class ExceptionPlace implements Place {
  readonly isDecidedLater: boolean;
  readonly lineKeys = noLineKeys;
  readonly #sources: ExceptionSources;
  readonly #when: ExceptionWhen;
  readonly #types: readonly string[] | undefined;

  /** `types`: names of classes; undefined for all. */
  constructor(sources: ExceptionSources, when: ExceptionWhen, types: readonly string[] | undefined) {
    this.#sources = sources;
    this.#when = when;
    this.#types = types;
    this.isDecidedLater = when !== "raised";
  }

  firstBlock(block: number): number {
    const { history } = this.#sources;
    if (this.#when === "raised") {
      const found = history.index.raises.firstAtLeast(RAISE_KEY, block);
      return found < 0 ? Infinity : found;
    }
    const first = history.recording.history.firstEventOf(block);
    const event = this.#escapingSince(first).find((one) => one >= first);
    return event === undefined ? Infinity : history.recording.history.blockOfEvent(event);
  }

  lastBlock(block: number, first: number): number {
    const { history } = this.#sources;
    if (this.#when === "raised") return history.index.raises.lastAtMost(RAISE_KEY, block);
    const end = history.recording.history.firstEventOf(block + 1);
    const { since, events } = this.#escaping();
    const event = events.findLast((one) => one < end);
    // One that is not known may come after it.
    const isCertain = event !== undefined && event >= since;
    if (!isCertain && since > history.recording.history.firstEventOf(first)) throw new NotIndexedYet();
    return event === undefined ? -1 : history.recording.history.blockOfEvent(event);
  }

  rows(block: Block): readonly number[] {
    const rows = this.#when === "raised" ? originRows(block) : this.#escapingRows(block);
    const types = this.#types;
    if (types === undefined) return rows;
    const { history, views } = this.#sources;
    return rows.filter((row) =>
      isCalled(classNames(history, views, block.firstEvent + row, this.#exceptionAt(block, row)), types),
    );
  }

  contextOf(block: Block, row: number): PlaceContext {
    const value = this.#exceptionAt(block, row);
    const frame = block.events.kind[row] === OP_END ? undefined : block.events.subject[row];
    return { frame, names: new Map([[EXCEPTION_NAME, value]]) };
  }

  #escaping(): Raised {
    const { uncaught } = this.#sources;
    return this.#when === "uncaught" ? uncaught.raised() : { since: 0, events: uncaught.escapedEvents() };
  }

  /** Event numbers, ascending: all from an event on, and maybe others. */
  #escapingSince(first: number): readonly number[] {
    const { since, events } = this.#escaping();
    if (since > first) throw new NotIndexedYet();
    return events;
  }

  #escapingRows({ firstEvent, events }: Block): readonly number[] {
    return this.#escapingSince(firstEvent)
      .map((event) => event - firstEvent)
      .filter((row) => row >= 0 && row < events.count);
  }

  #exceptionAt(block: Block, row: number): Value {
    const kind = block.events.kind[row];
    return this.#sources.views.operand(block.firstEvent + row, (cursor) => {
      if (kind === OP_RAISE) {
        cursor.uv();
        cursor.u8();
      } else if (kind === OP_END) {
        cursor.u8();
        cursor.sv();
      }
    });
  }
}

/** RAISEs that did not come out of a call. */
function originRows({ events }: Block): readonly number[] {
  const rows: number[] = [];
  for (let row = 0; row < events.count; row++) {
    if (events.kind[row] === OP_RAISE && ((events.detail[row] ?? 0) & RAISE_FROM_CALL) === 0) rows.push(row);
  }
  return rows;
}
