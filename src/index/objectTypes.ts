// Of which type is an object? Its NEW says it, which can be far away from where the object is looked at; `__class__` can
// be assigned later.
import { type ColumnReader, type ColumnWriter, writeRows } from "../base/columnStream.ts";
import type { PagedFile } from "../base/pagedFile.ts";
import { SerialColumn } from "../base/serialColumn.ts";
import type { Block } from "../recording/block.ts";
import { OP_NEW } from "../wire/format.ts";
import { readString } from "../wire/value.ts";

interface Change {
  readonly event: number;
  readonly type: string;
}

export class ObjectTypes {
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** By object: index of its first type plus one. */
  readonly #first = new SerialColumn();
  /** By entry of the newest block's string table: index of the type plus one. */
  readonly #entries: number[] = [];
  readonly #changes = new Map<number, Change[]>();

  /** Before any object: the first one that is new in the recording. */
  startAt(object: number): void {
    this.#first.startAt(object);
  }

  blockBegins(): void {
    this.#entries.length = 0;
  }

  /** Takes the NEW or TYPE event at `row`. */
  add(block: Block, row: number, object: number): void {
    const cursor = block.operands(row);
    cursor.uv();
    const isNew = block.events.kind[row] === OP_NEW;
    if (isNew) cursor.u8();
    const entry = isNew ? cursor.bytes[cursor.pos] : undefined;
    const known = entry === undefined || entry >= 0x80 ? undefined : this.#entries[entry];
    if (known !== undefined) {
      this.#first.set(object, known);
      return;
    }
    const type = readString(cursor, block.events.strings);
    if (isNew) {
      const number = this.#numberOf(type) + 1;
      this.#first.set(object, number);
      if (entry !== undefined && entry > 0 && entry < 0x80) this.#entries[entry] = number;
    } else this.#changesOf(object).push({ event: block.firstEvent + row, type });
  }

  /** Empty for an object that was never seen. */
  typeAt(object: number, event: number): string {
    const change = this.#changes.get(object)?.findLast((entry) => entry.event <= event);
    return change?.type ?? this.#names[this.#first.get(object) - 1] ?? "";
  }

  spill(to: PagedFile): void {
    this.#first.spill(to);
  }

  /** After `spill`. */
  save(to: ColumnWriter): void {
    // Before the names are written: a type that no NEW has gets its number here.
    const changes = [...this.#changes].flatMap(([object, all]) =>
      all.map(({ event, type }) => [object, event, this.#numberOf(type)]),
    );
    to.u32s([this.#names.length]);
    for (const name of this.#names) to.text(name);
    this.#first.save(to);
    writeRows(to, 3, changes);
  }

  load(from: ColumnReader, file: PagedFile): void {
    for (let left = from.u32s()[0] ?? 0; left > 0; left--) this.#numberOf(from.text());
    this.#first.load(from, file);
    from.rows(3, ([object = 0, event = 0, type = 0]) =>
      this.#changesOf(object).push({ event, type: this.#names[type] ?? "" }),
    );
  }

  /** Takes back changes from `event` on. */
  removeFrom(event: number): void {
    for (const changes of this.#changes.values()) {
      while ((changes.at(-1)?.event ?? -1) >= event) changes.pop();
    }
  }

  #changesOf(object: number): Change[] {
    const changes = this.#changes.get(object) ?? [];
    this.#changes.set(object, changes);
    return changes;
  }

  #numberOf(type: string): number {
    const known = this.#numbers.get(type);
    if (known !== undefined) return known;
    this.#numbers.set(type, this.#names.length);
    return this.#names.push(type) - 1;
  }
}
