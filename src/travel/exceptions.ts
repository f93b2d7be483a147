// Which exceptions were raised, swallowed ones included, and where was each handled?
import * as f from "../wire/format.ts";
import { RAISE_KEY } from "../index/historyIndex.ts";
import type { EventColumns } from "../wire/blockEvents.ts";
import type { History } from "./history.ts";
import { isSameValue } from "./places.ts";
import type { Site, Sites } from "./sites.ts";
import type { Value } from "./timeTravel.ts";
import type { Views } from "./views.ts";

export interface RaisedException {
  readonly event: number;
  readonly site: Site;
  readonly value: Value;
  readonly type: string;
  /** The first line that ran in the handler that ended it. */
  readonly handledAt: Site | undefined;
}

/** Rows that are looked through for the end of one exception. */
const FARTHEST = 200_000;

export class Exceptions {
  readonly #history: History;
  readonly #views: Views;
  readonly #sites: Sites;

  constructor(history: History, views: Views, sites: Sites) {
    this.#history = history;
    this.#views = views;
    this.#sites = sites;
  }

  /** In the order in which they were raised, from an event on. */
  *from(from: number): Generator<RaisedException> {
    const { raises } = this.#history.index;
    let event = this.#history.findForward(raises, RAISE_KEY, from - 1, isOrigin);
    for (; event >= 0; event = this.#history.findForward(raises, RAISE_KEY, event, isOrigin)) yield this.at(event);
  }

  /** The exception of a RAISE. */
  at(event: number): RaisedException {
    const value = this.valueOf(event);
    const type = value.kind === "object" ? this.#history.index.types.typeAt(value.object, event) : "";
    return { event, site: this.#sites.of(event), value, type, handledAt: this.#handlerOf(event, value) };
  }

  /** The last RAISE in a frame before the event `before`, its own or one that came out of a call; -1 for none. */
  lastIn(frame: number, before: number): number {
    return this.#history.findBackward(
      this.#history.index.frames,
      frame,
      before,
      ({ kind, subject }, row) => kind[row] === f.OP_RAISE && subject[row] === frame,
    );
  }

  valueOf(event: number): Value {
    const isRaise = this.#history.kindAt(event) === f.OP_RAISE;
    return this.#views.operand(event, (cursor) => {
      if (!isRaise) return;
      cursor.uv();
      cursor.u8();
    });
  }

  /** The last HANDLED after which it does not go on; `finally` and `with` only pass it on. */
  #handlerOf(event: number, value: Value): Site | undefined {
    const threadIndex = this.#history.threadIndexAt(event);
    let handler: { readonly frame: number; line: number } | undefined;
    for (let at = event + 1; at <= Math.min(this.#history.lastEvent, event + FARTHEST); at++) {
      const block = this.#history.blockAt(at);
      const row = at - block.firstEvent;
      const { kind, thread, subject } = block.events;
      if (thread[row] !== threadIndex) continue;
      const opcode = kind[row] ?? 0;
      const isEnd = opcode === f.OP_UNWIND || opcode === f.OP_RETURN;
      if (opcode === f.OP_HANDLED) handler = { frame: subject[row] ?? 0, line: -1 };
      else if (opcode === f.OP_LINE_AT && handler === undefined) return undefined;
      else if (opcode === f.OP_LINE_AT && handler !== undefined && handler.frame === subject[row]) {
        if (handler.line < 0) handler.line = at;
      } else if ((opcode === f.OP_RAISE || opcode === f.OP_UNWIND) && isSameValue(this.valueOf(at), value)) {
        handler = undefined;
      } else if (isEnd && subject[row] === handler?.frame) break;
    }
    return handler === undefined || handler.line < 0 ? undefined : this.#sites.atLine(handler.line);
  }
}

function isOrigin({ kind, detail }: EventColumns, row: number): boolean {
  return kind[row] === f.OP_RAISE && ((detail[row] ?? 0) & f.RAISE_FROM_CALL) === 0;
}
