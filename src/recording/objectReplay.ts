// What is in an object after an event? Its last NEW or CONTENTS, and the changes since. Values stay references.
import type { ObjectEvents } from "./objectEvents.ts";
import { readContents, readEntries } from "../wire/contents.ts";
import type { Cursor } from "../wire/cursor.ts";
import * as f from "../wire/format.ts";
import { type ValueRef, valueRef } from "../wire/keyframe.ts";
import { CHECKED_STRINGS, readString, skipString } from "../wire/value.ts";

/** Contents of one object while they are replayed. `written` is the step of an item's last write; -1: not known. */
export interface ObjectContents {
  readonly kind: f.ObjectKind;
  keys: ValueRef[];
  items: ValueRef[];
  written: number[];
  itemsTotal: number;
  names: string[];
  attributes: ValueRef[];
  attributesTotal: number;
  text: string | undefined;
  value: ValueRef | undefined;
  /** The frame of a generator, when an event of its own told it. */
  frame: number | undefined;
  bytes: Uint8Array | undefined;
  bytesTotal: number;
  /** The object's class, where the log names it. */
  cls: ValueRef | undefined;
  /** `__name__` of a class, where it is not the last part of `text`. */
  name: string | undefined;
  unknown: { readonly sinceStep: number; readonly reason: string } | undefined;
  isAlive: boolean;
}

/** Applies rows about `object`, in order. `contents` is undefined before its first row. */
export function replayObject(
  contents: ObjectContents | undefined,
  block: ObjectEvents,
  rows: readonly number[],
  kind: f.ObjectKind,
): ObjectContents | undefined {
  let current = contents;
  for (const row of rows) {
    const opcode = block.kindOf(row);
    if (opcode === f.OP_NEW) current = newObject(block, row, kind);
    else if (opcode === f.OP_CONTENTS) current = renewed(current, block, row, kind);
    else if (current !== undefined) change(current, block, row, opcode);
  }
  return current;
}

function emptyObject(kind: f.ObjectKind): ObjectContents {
  return {
    kind,
    keys: [],
    items: [],
    written: [],
    itemsTotal: 0,
    names: [],
    attributes: [],
    attributesTotal: 0,
    text: undefined,
    value: undefined,
    frame: undefined,
    bytes: undefined,
    bytesTotal: 0,
    cls: undefined,
    name: undefined,
    unknown: undefined,
    isAlive: true,
  };
}

function newObject(block: ObjectEvents, row: number, kind: f.ObjectKind): ObjectContents {
  const cursor = block.operands(row);
  cursor.uv();
  cursor.u8();
  const contents = emptyObject(kind);
  skipString(cursor, CHECKED_STRINGS);
  readAll(contents, cursor, block, -1);
  return contents;
}

function renewed(
  before: ObjectContents | undefined,
  block: ObjectEvents,
  row: number,
  kind: f.ObjectKind,
): ObjectContents {
  const cursor = block.operands(row);
  cursor.uv();
  const isCheckpoint = cursor.u8() === f.WHY_CHECKPOINT;
  const contents = before ?? emptyObject(kind);
  readAll(contents, cursor, block, isCheckpoint ? -1 : block.stepOfRow(row));
  if (!isCheckpoint) contents.unknown = undefined;
  return contents;
}

function readAll(contents: ObjectContents, cursor: Cursor, block: ObjectEvents, written: number): void {
  const raw = readContents(cursor, contents.kind, block.strings);
  contents.keys = refsIn(block, raw.keys);
  contents.items = refsIn(block, raw.items);
  contents.written = raw.items.map(() => written);
  contents.itemsTotal = raw.itemsTotal;
  contents.names = raw.names;
  contents.attributes = refsIn(block, raw.attributes);
  contents.attributesTotal = raw.attributesTotal;
  contents.text = raw.text;
  contents.value = raw.value === undefined ? undefined : valueRef(block.number, raw.value);
  contents.bytes = raw.bytes;
  contents.bytesTotal = raw.bytesTotal;
  contents.cls = raw.cls === undefined ? undefined : valueRef(block.number, raw.cls);
  contents.name = raw.name;
}

/** What the UNKNOWN at a row says. */
export function unknownAt(block: ObjectEvents, row: number): { readonly sinceStep: number; readonly reason: string } {
  return { sinceStep: Math.max(block.stepOfRow(row), 0), reason: f.gapReason(block.operands(row).u8()) };
}

function change(contents: ObjectContents, block: ObjectEvents, row: number, opcode: number): void {
  const cursor = block.operands(row);
  const { strings } = block;
  if (opcode === f.OP_UNKNOWN) {
    // A second UNKNOWN does not end the first one.
    contents.unknown ??= unknownAt(block, row);
    return;
  }
  if (opcode === f.OP_DEAD) {
    contents.isAlive = false;
    return;
  }
  cursor.uv();
  switch (opcode) {
    case f.OP_UNKNOWN_SINCE: {
      const reason = f.gapReason(cursor.u8());
      contents.unknown = { sinceStep: Math.max(cursor.uv() - 1, 0), reason };
      return;
    }
    case f.OP_ITEM_SET: {
      const index = cursor.uv();
      if (index >= contents.items.length) return;
      contents.items[index] = valueRef(block.number, cursor.pos);
      contents.written[index] = block.stepOfRow(row);
      return;
    }
    case f.OP_APPEND:
      insert(contents, block, row, contents.items.length, 0, readEntries(cursor, 1, contents.kind));
      return;
    case f.OP_SPLICE: {
      const start = cursor.uv();
      const deleted = cursor.uv();
      insert(contents, block, row, start, deleted, readEntries(cursor, cursor.uv(), contents.kind));
      return;
    }
    case f.OP_LENGTH:
      if (contents.bytes === undefined) contents.itemsTotal = cursor.uv();
      else contents.bytesTotal = cursor.uv();
      return;
    case f.OP_ATTR_SET:
      setAttribute(contents, readString(cursor, strings), valueRef(block.number, cursor.pos));
      return;
    case f.OP_ATTR_DEL:
      deleteAttribute(contents, readString(cursor, strings));
      return;
    case f.OP_BYTES_SPLICE: {
      const start = cursor.uv();
      const deleted = cursor.uv();
      spliceBytes(contents, start, deleted, cursor.slice(cursor.uv()));
      return;
    }
    case f.OP_KNOWN:
      contents.unknown = undefined;
      return;
    case f.OP_GENERATOR:
      contents.frame = cursor.uv();
      return;
    case f.OP_CELL_SET:
      contents.value = valueRef(block.number, cursor.pos);
      return;
    case f.OP_CLASS:
      contents.cls = valueRef(block.number, cursor.pos);
      return;
    case f.OP_TYPE:
      // The class follows where the log names it.
      contents.cls = undefined;
      return;
    default:
      return;
  }
}

function insert(
  contents: ObjectContents,
  block: ObjectEvents,
  row: number,
  start: number,
  deleted: number,
  entries: { readonly keys: readonly number[]; readonly items: readonly number[] },
): void {
  const step = block.stepOfRow(row);
  const before = contents.items.length;
  if (f.hasEntries(contents.kind)) contents.keys = spliced(contents.keys, start, deleted, refsIn(block, entries.keys));
  contents.items = spliced(contents.items, start, deleted, refsIn(block, entries.items));
  contents.written = spliced(
    contents.written,
    start,
    deleted,
    entries.items.map(() => step),
  );
  contents.itemsTotal += contents.items.length - before;
}

/** In place for the common case of few entries: `splice` takes its arguments on the stack, which thousands overflow. */
function spliced(column: number[], start: number, deleted: number, inserted: readonly number[]): number[] {
  if (inserted.length > 1000) return [...column.slice(0, start), ...inserted, ...column.slice(start + deleted)];
  column.splice(start, deleted, ...inserted);
  return column;
}

function setAttribute(contents: ObjectContents, name: string, ref: ValueRef): void {
  const index = contents.names.indexOf(name);
  if (index >= 0) {
    contents.attributes[index] = ref;
    return;
  }
  contents.names.push(name);
  contents.attributes.push(ref);
  contents.attributesTotal++;
}

function deleteAttribute(contents: ObjectContents, name: string): void {
  const index = contents.names.indexOf(name);
  if (index < 0) return;
  contents.names.splice(index, 1);
  contents.attributes.splice(index, 1);
  contents.attributesTotal--;
}

function spliceBytes(contents: ObjectContents, start: number, deleted: number, inserted: Uint8Array): void {
  const before = contents.bytes ?? new Uint8Array();
  const head = before.subarray(0, start);
  const rest = before.subarray(start + deleted);
  const bytes = new Uint8Array(head.length + inserted.length + rest.length);
  bytes.set(head);
  bytes.set(inserted, head.length);
  bytes.set(rest, head.length + inserted.length);
  contents.bytes = bytes;
  contents.bytesTotal += bytes.length - before.length;
}

function refsIn(block: ObjectEvents, positions: readonly number[]): ValueRef[] {
  return positions.map((position) => valueRef(block.number, position));
}
