// A block decoded for its objects alone: what contents of objects need of a block that is far from where somebody looks.
import { lastAtMost } from "../base/bisect.ts";
import { Cursor } from "../wire/cursor.ts";
import type { ObjectColumns, ObjectScanner } from "../wire/objectScan.ts";
import { type BlockPlace, sectionsOf } from "./block.ts";
import { type ObjectEvents, ObjectTable } from "./objectEvents.ts";

export class ObjectBlock implements ObjectEvents {
  readonly number: number;
  readonly firstStep: number;
  readonly firstEvent: number;
  readonly payload: Uint8Array;
  readonly keyframeEnd: number;
  /** Byte of the file where the block's frame starts. */
  readonly #origin: number;
  readonly #columns: ObjectColumns;
  readonly #table: ObjectTable;
  /** The answer that was given last. */
  #last: { readonly object: number; readonly rows: readonly number[] } = { object: -1, rows: [] };

  /** The block was decoded whole when it came. Throws WireError when it cannot be read. */
  constructor(place: BlockPlace, payload: Uint8Array, origin: number, scanner: ObjectScanner) {
    this.number = place.number;
    this.firstStep = place.firstStep;
    this.firstEvent = place.firstEvent;
    this.payload = payload;
    this.#origin = origin;
    const { keyframeEnd, eventsEnd } = sectionsOf(payload, origin);
    this.keyframeEnd = keyframeEnd;
    const columns = scanner.scan(new Cursor(payload, keyframeEnd, eventsEnd, origin));
    this.#columns = columns;
    const { kind, subject, count } = columns;
    this.#table = new ObjectTable({ kind, subject, count, operandsOf: (entry) => this.#operandsOf(entry) });
  }

  get strings(): readonly number[] {
    return this.#columns.strings;
  }

  /** Approximate memory, in bytes. */
  get weight(): number {
    return this.payload.length + this.#columns.count * 18 + this.strings.length * 8 + 1024;
  }

  rowsOfObject(object: number): readonly number[] {
    if (this.#last.object !== object)
      this.#last = { object, rows: this.#table.of(object).map((entry) => this.#columns.rows[entry] ?? 0) };
    return this.#last.rows;
  }

  kindOf(row: number): number {
    return this.#columns.kind[this.#entryOf(row)] ?? 0;
  }

  whyOf(row: number): number {
    return this.#columns.why[this.#entryOf(row)] ?? 0;
  }

  operands(row: number): Cursor {
    return this.#operandsOf(this.#entryOf(row));
  }

  stepOfRow(row: number): number {
    return this.firstStep + (this.#columns.steps[this.#entryOf(row)] ?? 0) - 1;
  }

  #entryOf(row: number): number {
    return lastAtMost(this.#columns.rows, row);
  }

  #operandsOf(entry: number): Cursor {
    const { payload } = this;
    return new Cursor(payload, (this.#columns.at[entry] ?? payload.length) + 1, payload.length, this.#origin);
  }
}
