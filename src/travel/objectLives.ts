// What became of an object: who changed it, who holds it, where it came and went.
import * as f from "../wire/format.ts";
import { readString } from "../wire/value.ts";
import type { History } from "./history.ts";
import { objectEvents } from "./objectWrites.ts";
import type { Site, Sites } from "./sites.ts";
import type { Moment, ObjectView, Value } from "./timeTravel.ts";
import type { Views } from "./views.ts";

/** Values stand between the texts: `["[3] = ", value]`. */
export interface ObjectChange {
  readonly event: number;
  readonly moment: Moment;
  readonly site: Site;
  readonly parts: readonly (string | Value)[];
}

/** Where a reference to the object stands. `path` is within the holder: `[3]`, `.name`, or a variable's name. */
export interface Holder {
  readonly kind: "variable" | "attribute" | "item" | "entry" | "value";
  readonly path: readonly (string | Value)[];
  /** The object that holds it; undefined for a variable. */
  readonly object: number | undefined;
  readonly frame: number | undefined;
}

/** Objects that are looked into for one answer. */
const MOST_OBJECTS = 200_000;
/** Outermost frames whose globals are looked into. */
const MOST_ROOTS = 100;

export class ObjectLives {
  readonly #history: History;
  readonly #views: Views;
  readonly #sites: Sites;

  constructor(history: History, views: Views, sites: Sites) {
    this.#history = history;
    this.#views = views;
    this.#sites = sites;
  }

  /** Changes at or before the event, newest first; its first sight is the last of them. */
  *changes(object: number, from: number): Generator<ObjectChange> {
    for (const event of objectEvents(this.#history, object, from)) {
      const parts = this.#partsOf(event, object);
      if (parts === undefined) continue;
      yield { event, moment: this.#history.momentOf(event), site: this.#sites.of(event), parts };
    }
  }

  /** Where it was first seen. */
  created(object: number): Site | undefined {
    return this.#sites.ofBirth(object);
  }

  died(object: number): Site | undefined {
    const last = this.#history.objectEventBackward(this.#history.lastEvent, object);
    return last >= 0 && this.#history.kindAt(last) === f.OP_DEAD ? this.#sites.of(last) : undefined;
  }

  /** Everything that can be reached from the frames at the event and refers to the object. */
  holders(event: number, wanted: number): { readonly holders: readonly Holder[]; readonly isComplete: boolean } {
    const search = new Search(wanted);
    for (const frame of this.#framesAt(event)) this.#lookIntoFrame(event, frame, search);
    for (const globals of this.#globalsAt(event)) search.meets({ kind: "object", object: globals });
    for (let object = search.next(); object !== undefined; object = search.next()) {
      const view = this.#views.object(event, object);
      if (view === undefined) continue;
      lookInto(view, search);
      const frame = generatorFrame(view);
      if (frame > 0 && this.#history.liveFrame(event, frame) !== undefined) this.#lookIntoFrame(event, frame, search);
    }
    return { holders: search.holders, isComplete: search.isComplete };
  }

  /** Modules stay when their frames have gone. */
  #globalsAt(event: number): readonly number[] {
    const { calls } = this.#history.index;
    const outermost = calls.frames.filter((frame) => calls.parentOf(frame) === 0).slice(0, MOST_ROOTS);
    return outermost.flatMap((frame) => this.#views.scopes(event, frame)?.globals ?? []).filter((object) => object > 0);
  }

  #framesAt(event: number): readonly number[] {
    const { threads } = this.#history.index;
    return threads
      .at(event)
      .flatMap(({ threadIndex }) => this.#history.stack(event, threadIndex).map(({ frame }) => frame));
  }

  #lookIntoFrame(event: number, frame: number, search: Search): void {
    const scopes = this.#views.scopes(event, frame);
    if (scopes === undefined) return;
    if (scopes.globals > 0) search.meets({ kind: "object", object: scopes.globals });
    if (scopes.localsAreGlobals) return;
    for (const { name, value } of [...scopes.locals, ...scopes.closure]) {
      if (search.meets(value)) search.holders.push({ kind: "variable", path: [name], object: undefined, frame });
    }
  }

  #partsOf(event: number, object: number): readonly (string | Value)[] | undefined {
    const block = this.#history.blockAt(event);
    const row = event - block.firstEvent;
    const cursor = block.operands(row);
    const { strings } = block.events;
    cursor.uv();
    switch (block.events.kind[row]) {
      case f.OP_NEW:
        return ["first seen"];
      case f.OP_CONTENTS:
        return block.events.detail[row] === f.WHY_CHECKPOINT ? undefined : this.#renewed(event, object);
      case f.OP_ITEM_SET: {
        const index = cursor.uv();
        const key = this.#keyAt(event, object, index);
        return ["[", key, "] = ", this.#valueAt(event, object, index)];
      }
      case f.OP_APPEND: {
        const length = this.#length(event, object);
        const added = this.#valueAt(event, object, length - 1);
        return this.#isPairs(object)
          ? ["[", this.#keyAt(event, object, length - 1), "] = ", added]
          : ["append ", added];
      }
      case f.OP_SPLICE:
      case f.OP_BYTES_SPLICE:
        return this.#spliced(event, object, cursor.uv(), cursor.uv(), cursor.uv());
      case f.OP_ATTR_SET: {
        const name = readString(cursor, strings);
        const after = this.#views.object(event, object)?.attributes.find(([known]) => known === name)?.[1];
        return after === undefined ? [`.${name} was set`] : [`.${name} = `, after];
      }
      case f.OP_ATTR_DEL:
        return [`del .${readString(cursor, strings)}`];
      case f.OP_TYPE:
        return [`its class became ${readString(cursor, strings)}`];
      case f.OP_CELL_SET:
        return ["contents = ", this.#views.object(event, object)?.value ?? { kind: "unbound" }];
      case f.OP_UNKNOWN:
        return [`not recorded from here on: ${f.gapReason(block.operands(row).u8())}`];
      case f.OP_DEAD:
        return ["ceased to exist"];
      default:
        return undefined;
    }
  }

  #spliced(event: number, object: number, start: number, deleted: number, inserted: number): (string | Value)[] {
    const before = this.#history.contentsAt(event - 1, object);
    const shown: (string | Value)[] = [];
    if (before !== undefined && deleted > 0) {
      const view = this.#views.object(event - 1, object);
      const gone = view === undefined ? [] : itemsOf(view).slice(start, start + Math.min(deleted, 3));
      shown.push(`removed at ${start}: `, ...gone.flatMap((value, index) => (index === 0 ? [value] : [", ", value])));
      if (deleted > 3) shown.push(` and ${deleted - 3} more`);
    }
    if (inserted > 0) {
      const view = this.#views.object(event, object);
      const added = view === undefined ? [] : itemsOf(view).slice(start, start + Math.min(inserted, 3));
      shown.push(`${shown.length > 0 ? "; " : ""}inserted at ${start}: `);
      shown.push(...added.flatMap((value, index) => (index === 0 ? [value] : [", ", value])));
      if (inserted > 3) shown.push(` and ${inserted - 3} more`);
    }
    return shown;
  }

  #renewed(event: number, object: number): (string | Value)[] {
    const before = this.#history.contentsAt(event - 1, object)?.items.length ?? 0;
    const after = this.#length(event, object);
    return [after === 0 && before > 0 ? `emptied of ${before} items` : `all of it became another: ${after} items`];
  }

  #isPairs(object: number): boolean {
    const kind = f.objectKind(this.#history.recording.objectKinds.get(object));
    return kind !== undefined && f.hasEntries(kind);
  }

  #length(event: number, object: number): number {
    return this.#history.contentsAt(event, object)?.items.length ?? 0;
  }

  #valueAt(event: number, object: number, index: number): Value {
    const view = this.#views.object(event, object);
    const value = this.#isPairs(object)
      ? view?.entries[index]?.[1]
      : view === undefined
        ? undefined
        : itemsOf(view)[index];
    return value ?? { kind: "unbound" };
  }

  #keyAt(event: number, object: number, index: number): Value {
    return this.#views.object(event, object)?.entries[index]?.[0] ?? { kind: "int", value: index };
  }
}

/** Items, of pairs the keys. */
function itemsOf(view: ObjectView): readonly Value[] {
  if (f.hasEntries(view.kind)) return view.entries.map(([key]) => key);
  return view.bytes === undefined
    ? view.items
    : Array.from(view.bytes, (byte): Value => ({ kind: "int", value: byte }));
}

function generatorFrame(view: ObjectView): number {
  const isGenerator = view.kind === "generator" || view.kind === "coroutine" || view.kind === "asyncGenerator";
  return isGenerator && view.value?.kind === "int" ? Number(view.value.value) : 0;
}

function lookInto(view: ObjectView, search: Search): void {
  const { object } = view;
  function found(kind: Holder["kind"], path: Holder["path"]): void {
    search.holders.push({ kind, path, object, frame: undefined });
  }
  view.items.forEach((value, index) => {
    if (search.meets(value)) found("item", [`[${index}]`]);
  });
  for (const [key, value] of view.entries) {
    if (search.meets(key)) found("entry", ["a key"]);
    if (!search.meets(value)) continue;
    if (view.kind === "namespace" && key.kind === "str") found("variable", [key.text]);
    else found("entry", ["[", key, "]"]);
  }
  for (const [name, value] of view.attributes) if (search.meets(value)) found("attribute", [`.${name}`]);
  if (view.value !== undefined && search.meets(view.value)) found("value", ["contents"]);
}

/** Goes through everything that can be reached, each object once. */
class Search {
  readonly holders: Holder[] = [];
  readonly #wanted: number;
  readonly #seen = new Set<number>();
  readonly #waiting: number[] = [];

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  get isComplete(): boolean {
    return this.#waiting.length === 0;
  }

  /** Says whether the value is the object that is looked for; any other is looked into later. */
  meets(value: Value): boolean {
    if (value.kind !== "object") return false;
    if (!this.#seen.has(value.object)) {
      this.#seen.add(value.object);
      this.#waiting.push(value.object);
    }
    return value.object === this.#wanted;
  }

  next(): number | undefined {
    return this.#seen.size > MOST_OBJECTS ? undefined : this.#waiting.pop();
  }
}
