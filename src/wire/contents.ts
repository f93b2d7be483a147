// Contents of objects (FORMAT.md, section 6). Values stay where they are: a part holds the positions of its values in
// the payload, so that a list of 10,000 elements costs 10,000 numbers.
import type { Cursor } from "./cursor.ts";
import {
  hasEntries,
  type ObjectKind,
  PART_ATTRIBUTES,
  PART_BYTES,
  PART_CLASS,
  PART_ITEMS,
  PART_NAME,
  PART_TEXT,
  PART_VALUE,
} from "./format.ts";
import { CHECKED_STRINGS, readString, skipString, skipValue, type StringTable } from "./value.ts";

/** Parts that the kind does not have are empty, 0 or undefined. Positions are of values in the payload. */
export interface RawContents {
  readonly items: number[];
  /** As many as `items` for a dict or a namespace, else empty. */
  readonly keys: number[];
  readonly itemsTotal: number;
  readonly names: string[];
  readonly attributes: number[];
  readonly attributesTotal: number;
  readonly text: string | undefined;
  readonly value: number | undefined;
  readonly bytes: Uint8Array | undefined;
  readonly bytesTotal: number;
  /** The object's class. */
  readonly cls: number | undefined;
  readonly name: string | undefined;
}

/** Skips contents (hot). */
export function skipContents(cursor: Cursor, kind: ObjectKind, table: StringTable): void {
  const mask = cursor.u8();
  if ((mask & PART_ITEMS) !== 0) {
    cursor.uv();
    skipEntries(cursor, cursor.count(), kind, table);
  }
  if ((mask & PART_ATTRIBUTES) !== 0) {
    cursor.uv();
    for (let left = cursor.count(2); left > 0; left--) {
      skipString(cursor, table);
      skipValue(cursor, table);
    }
  }
  if ((mask & PART_TEXT) !== 0) cursor.skip(cursor.uv());
  if ((mask & PART_VALUE) !== 0) skipValue(cursor, table);
  if ((mask & PART_BYTES) !== 0) {
    cursor.uv();
    cursor.skip(cursor.uv());
  }
  if ((mask & PART_CLASS) !== 0) skipValue(cursor, table);
  if ((mask & PART_NAME) !== 0) cursor.skip(cursor.uv());
}

/** Skips entries of items: values, or pairs for a dict or a namespace. */
export function skipEntries(cursor: Cursor, count: number, kind: ObjectKind, table: StringTable): void {
  for (let left = hasEntries(kind) ? count * 2 : count; left > 0; left--) skipValue(cursor, table);
}

export function readContents(cursor: Cursor, kind: ObjectKind, strings: ArrayLike<number>): RawContents {
  const mask = cursor.u8();
  const hasItems = (mask & PART_ITEMS) !== 0;
  const itemsTotal = hasItems ? cursor.uv() : 0;
  const { keys, items } = readEntries(cursor, hasItems ? cursor.count() : 0, kind);
  const hasAttributes = (mask & PART_ATTRIBUTES) !== 0;
  const attributesTotal = hasAttributes ? cursor.uv() : 0;
  const names: string[] = [];
  const attributes: number[] = [];
  for (let left = hasAttributes ? cursor.count(2) : 0; left > 0; left--) {
    names.push(readString(cursor, strings));
    attributes.push(cursor.pos);
    skipValue(cursor, CHECKED_STRINGS);
  }
  const text = (mask & PART_TEXT) === 0 ? undefined : cursor.text();
  const value = (mask & PART_VALUE) === 0 ? undefined : cursor.pos;
  if (value !== undefined) skipValue(cursor, CHECKED_STRINGS);
  const hasBytes = (mask & PART_BYTES) !== 0;
  const bytesTotal = hasBytes ? cursor.uv() : 0;
  const bytes = hasBytes ? cursor.slice(cursor.uv()) : undefined;
  const cls = (mask & PART_CLASS) === 0 ? undefined : cursor.pos;
  if (cls !== undefined) skipValue(cursor, CHECKED_STRINGS);
  const name = (mask & PART_NAME) === 0 ? undefined : cursor.text();
  return { items, keys, itemsTotal, names, attributes, attributesTotal, text, value, bytes, bytesTotal, cls, name };
}

/** Positions of the values of `count` entries. */
export function readEntries(
  cursor: Cursor,
  count: number,
  kind: ObjectKind,
): { readonly keys: number[]; readonly items: number[] } {
  const keys: number[] = [];
  const items: number[] = [];
  const isPairs = hasEntries(kind);
  for (let left = count; left > 0; left--) {
    if (isPairs) {
      keys.push(cursor.pos);
      skipValue(cursor, CHECKED_STRINGS);
    }
    items.push(cursor.pos);
    skipValue(cursor, CHECKED_STRINGS);
  }
  return { keys, items };
}
