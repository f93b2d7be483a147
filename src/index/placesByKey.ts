// At which row of which block does something stand that a key has at most once? The newest in memory, the others on disk
// once they are put there.
import { type ColumnReader, type ColumnWriter, writeRows } from "../base/columnStream.ts";
import type { PagedColumn, PagedFile } from "../base/pagedFile.ts";

interface Place {
  readonly block: number;
  readonly row: number;
}

interface Part {
  /** Ascending. */
  readonly keys: PagedColumn;
  readonly blocks: PagedColumn;
  readonly rows: PagedColumn;
}

export class PlacesByKey {
  readonly #places = new Map<number, Place>();
  readonly #parts: Part[] = [];

  set(key: number, block: number, row: number): void {
    this.#places.set(key, { block, row });
  }

  has(key: number, block: number, row: number): boolean {
    const place = this.#places.get(key) ?? this.#putAway(key);
    return place?.block === block && place.row === row;
  }

  delete(key: number): void {
    this.#places.delete(key);
  }

  /** Puts on disk what is in memory. */
  spill(to: PagedFile): void {
    if (this.#places.size === 0) return;
    const keys = Uint32Array.from(this.#places.keys()).toSorted();
    const places = Array.from(keys, (key) => this.#places.get(key));
    this.#parts.push({
      keys: to.add(keys),
      blocks: to.add(Uint32Array.from(places, (place) => place?.block ?? 0)),
      rows: to.add(Uint32Array.from(places, (place) => place?.row ?? 0)),
    });
    this.#places.clear();
  }

  /** After `spill`. */
  save(to: ColumnWriter): void {
    writeRows(
      to,
      4,
      this.#parts.map(({ keys, blocks, rows }) => [keys.length, keys.offset, blocks.offset, rows.offset]),
    );
  }

  load(from: ColumnReader, file: PagedFile): void {
    const parts = from.rows(4, ([length = 0, keys = 0, blocks = 0, rows = 0]) => ({
      keys: file.column(keys, length),
      blocks: file.column(blocks, length),
      rows: file.column(rows, length),
    }));
    this.#parts.push(...parts);
  }

  #putAway(key: number): Place | undefined {
    for (const { keys, blocks, rows } of this.#parts.toReversed()) {
      const at = keys.firstAtLeast(key);
      if (at < keys.length && keys.get(at) === key) return { block: blocks.get(at), row: rows.get(at) };
    }
    return undefined;
  }
}
