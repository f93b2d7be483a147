// What is inside a value? Its children by name and by index, each with the expression that leads to it.
import type { Moment, ObjectView, ScopesView, TimeTravel, Value, Variable } from "../travel/timeTravel.ts";
import type { Expandable, ScopeKind } from "./handles.ts";
import { arrayShape, rowLength } from "../travel/arrayShape.ts";
import { startOf } from "./presentation/arrayText.ts";
import { cutMark, notRecordedText, rowText, valueText, type ValueSource } from "./presentation/valueText.ts";

/** A child that is a value of the program, or a remark of ours (`text`). */
export type Child =
  | { readonly kind: "value"; readonly name: string; readonly value: Value; readonly path: string | undefined }
  | { readonly kind: "text"; readonly name: string; readonly text: string }
  /** A part of an array of more than one dimension: what stands under some leading indices. */
  | {
      readonly kind: "row";
      readonly name: string;
      readonly text: string;
      readonly object: number;
      readonly path: string | undefined;
      readonly indices: readonly number[];
      readonly length: number;
    }
  | { readonly kind: "frame"; readonly name: string; readonly text: string; readonly frame: number };

export interface Children {
  readonly named: readonly Child[];
  readonly indexed: readonly Child[];
}

const none: Children = { named: [], indexed: [] };

/** Text of a dict key as Python source, where it can be written in an expression. */
function keyPath(key: Value, source: ValueSource): string | undefined {
  switch (key.kind) {
    case "str":
    case "bytes":
      return key.truncated ? undefined : valueText(key, source);
    case "none":
    case "bool":
    case "int":
      return valueText(key, source);
    case "float":
      return Number.isFinite(key.value) ? valueText(key, source) : undefined;
    default:
      return undefined;
  }
}

function inside(path: string | undefined, suffix: string | undefined): string | undefined {
  return path === undefined || suffix === undefined ? undefined : path + suffix;
}

function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name);
}

function valueChild(name: string, value: Value, path: string | undefined): Child {
  return { kind: "value", name, value, path };
}

/** Unbound names do not exist for Python: they are left out. */
function variableChildren(variables: readonly Variable[], usePaths: boolean): readonly Child[] {
  return variables
    .filter((one) => one.value.kind !== "unbound")
    .map((one) => valueChild(one.name, one.value, usePaths && isIdentifier(one.name) ? one.name : undefined));
}

function attributeChildren(view: ObjectView, path: string | undefined): readonly Child[] {
  return view.attributes.map(([name, value]) =>
    valueChild(name, value, isIdentifier(name) ? inside(path, `.${name}`) : undefined),
  );
}

function missingChild(kept: number, total: number): readonly Child[] {
  return kept < total ? [{ kind: "text", name: cutMark, text: `${total - kept} of ${total} not recorded` }] : [];
}

function itemChildren(view: ObjectView, path: string | undefined, isIndexable: boolean): readonly Child[] {
  return view.items.map((value, index) =>
    valueChild(String(index), value, isIndexable ? inside(path, `[${index}]`) : undefined),
  );
}

function entryChildren(view: ObjectView, path: string | undefined, source: ValueSource): readonly Child[] {
  return view.entries.map(([key, value]) => {
    const subscript = keyPath(key, source);
    return valueChild(
      valueText(key, source, 200),
      value,
      inside(path, subscript === undefined ? undefined : `[${subscript}]`),
    );
  });
}

/** Names of a namespace are variables: globals of their frame, attributes of their module. */
function namespaceNames(view: ObjectView, path: (name: string) => string | undefined): readonly Child[] {
  return view.entries.map(([key, value], index) => {
    const name = key.kind === "str" ? key.text : String(index);
    return valueChild(name, value, key.kind === "str" && isIdentifier(name) ? path(name) : undefined);
  });
}

/** The module's own `__names__` come last: nobody stops to look at them first. */
function namespaceChildren(view: ObjectView, path: (name: string) => string | undefined): readonly Child[] {
  const names = namespaceNames(view, path);
  return [
    ...names.filter(({ name }) => !isSpecial(name)),
    ...names.filter(({ name }) => isSpecial(name)),
    ...missingChild(view.entries.length, view.itemsTotal),
  ];
}

function isSpecial(name: string): boolean {
  return name.startsWith("__") && name.endsWith("__");
}

function byteChildren(view: ObjectView, path: string | undefined): readonly Child[] {
  return Array.from(view.bytes ?? [], (byte, index) =>
    valueChild(String(index), { kind: "int", value: byte }, inside(path, `[${index}]`)),
  );
}

/** How many entries of the outermost dimension under `indices` are there, and how many have an element that was kept. */
function rowsOf(
  view: ObjectView,
  indices: readonly number[],
): { readonly kept: number; readonly total: number; readonly isInnermost: boolean; readonly start: number } {
  const { shape = [view.itemsTotal] } = arrayShape(view.text);
  const inner = shape.slice(indices.length);
  const total = inner[0] ?? 1;
  const size = Math.max(rowLength(inner), 1);
  const start = startOf(shape, indices);
  const kept = Math.min(total, Math.ceil(Math.max(view.items.length - start, 0) / size));
  return { kept, total, isInnermost: inner.length <= 1, start };
}

function arrayChildren(
  view: ObjectView,
  path: string | undefined,
  indices: readonly number[],
  source: ValueSource,
): Children {
  const { kept, total, isInnermost, start } = rowsOf(view, indices);
  const isScalar = arrayShape(view.text).shape?.length === 0;
  const indexed = Array.from({ length: kept }, (_, index): Child => {
    const all = [...indices, index];
    const name = String(index);
    const inner = inside(path, isScalar ? "[()]" : `[${all.join(", ")}]`);
    if (isInnermost) return valueChild(name, view.items[start + index] ?? { kind: "unbound" }, inner);
    const text = rowText(view, all, source);
    return { kind: "row", name, text, object: view.object, path, indices: all, length: rowsOf(view, all).kept };
  });
  return { named: indices.length > 0 ? missingChild(kept, total) : [], indexed };
}

/** What is known of a type that keeps something in C. */
function hiddenChild(view: ObjectView): readonly Child[] {
  const { value } = view;
  if (value?.kind !== "notRecorded" || view.kind === "scalar" || view.kind === "cell") return [];
  return [{ kind: "text", name: "(in C)", text: `not recorded: ${value.reason}` }];
}

function partNames(view: ObjectView, names: readonly string[], path: string | undefined): readonly Child[] {
  return view.items.flatMap((value, index) => {
    const name = names[index];
    return name === undefined ? [] : [valueChild(name, value, inside(path, `.${name}`))];
  });
}

/** The children of anything that has a `variablesReference`. Pure: recording, moment and thing decide. */
export class ChildrenFinder {
  readonly #travel: TimeTravel;
  readonly #source: ValueSource;
  readonly #moment: Moment;

  /** `source` must be of the moment that is asked about. */
  constructor(travel: TimeTravel, moment: Moment, source: ValueSource) {
    this.#travel = travel;
    this.#moment = moment;
    this.#source = source;
  }

  childrenOf(thing: Expandable): Children {
    switch (thing.kind) {
      case "object":
        return this.#ofObject(this.#source.objectAt(thing.object), thing.path);
      case "row": {
        const view = this.#source.objectAt(thing.object);
        return view === undefined ? none : arrayChildren(view, thing.path, thing.indices, this.#source);
      }
      case "frame":
        return { named: this.#ofFrame(this.#travel.scopesAt(thing.moment, thing.frame)), indexed: [] };
      default:
        return { named: this.#ofScope(thing.kind, this.#travel.scopesAt(thing.moment, thing.root)), indexed: [] };
    }
  }

  #ofScope(kind: ScopeKind, scopes: ScopesView | undefined): readonly Child[] {
    if (scopes === undefined) return [];
    switch (kind) {
      case "locals":
        return scopes.localsAreGlobals ? this.#globals(scopes) : variableChildren(scopes.locals, true);
      case "closure":
        return variableChildren(scopes.closure, true);
      case "globals":
        return this.#globals(scopes);
      case "returnValue":
        return scopes.returnValue === undefined ? [] : [valueChild("(return)", scopes.returnValue, undefined)];
    }
  }

  #globals(scopes: ScopesView): readonly Child[] {
    const view = scopes.globals === 0 ? undefined : this.#source.objectAt(scopes.globals);
    if (view === undefined) return [{ kind: "text", name: cutMark, text: "not recorded" }];
    if (view.completeness.kind === "notRecorded") {
      const { sinceStep, reason } = view.completeness;
      return [{ kind: "text", name: cutMark, text: notRecordedText(sinceStep, reason) }];
    }
    return namespaceChildren(view, (name) => name);
  }

  #ofFrame(scopes: ScopesView | undefined): readonly Child[] {
    if (scopes === undefined) return [];
    return [...variableChildren(scopes.locals, false), ...variableChildren(scopes.closure, false)];
  }

  #ofObject(view: ObjectView | undefined, path: string | undefined): Children {
    if (view === undefined) return none;
    if (view.completeness.kind === "notRecorded") {
      const { sinceStep, reason } = view.completeness;
      return { named: [{ kind: "text", name: cutMark, text: notRecordedText(sinceStep, reason) }], indexed: [] };
    }
    const attributes = attributeChildren(view, path);
    const missing = [
      ...missingChild(keptOf(view), view.itemsTotal),
      ...missingChild(view.bytes?.length ?? 0, view.bytesTotal),
      ...missingChild(view.attributes.length, view.attributesTotal),
    ];
    const { named, indexed } = this.#contents(view, path);
    return { named: [...named, ...attributes, ...missing, ...hiddenChild(view)], indexed };
  }

  /** What the object's kind holds besides attributes. */
  #contents(view: ObjectView, path: string | undefined): Children {
    switch (view.kind) {
      case "list":
      case "tuple":
      case "deque":
        return { named: [], indexed: itemChildren(view, path, true) };
      case "set":
      case "frozenset":
        return { named: [], indexed: itemChildren(view, path, false) };
      case "bytearray":
        return { named: [], indexed: byteChildren(view, path) };
      case "array":
        return arrayChildren(view, path, [], this.#source);
      // A program that gets hold of a namespace sees a dict.
      case "dict":
      case "namespace":
        return { named: entryChildren(view, path, this.#source), indexed: [] };
      case "range":
      case "slice":
        return { named: partNames(view, ["start", "stop", "step"], path), indexed: [] };
      case "method":
        return { named: partNames(view, ["__func__", "__self__"], path), indexed: [] };
      case "exception":
        return { named: [], indexed: itemChildren(view, inside(path, ".args"), true) };
      case "function":
        return { named: closureChildren(view), indexed: [] };
      case "module":
        return { named: this.#moduleChildren(view, path), indexed: [] };
      case "cell":
        return { named: wrappedChild("cell_contents", view, inside(path, ".cell_contents")), indexed: [] };
      case "scalar":
        return { named: wrappedChild("(value)", view, undefined), indexed: [] };
      case "generator":
      case "coroutine":
      case "asyncGenerator":
        return { named: this.#generatorChildren(view), indexed: [] };
      case "instance":
      case "class":
      case "opaque":
      case "repr":
        return none;
    }
  }

  #moduleChildren(view: ObjectView, path: string | undefined): readonly Child[] {
    const namespace = view.value?.kind === "object" ? this.#source.objectAt(view.value.object) : undefined;
    return namespace === undefined ? [] : namespaceChildren(namespace, (name) => inside(path, `.${name}`));
  }

  #frameText(view: ObjectView, frame: number): string {
    const position = this.#travel.frameAt(this.#moment, frame)?.position;
    return `${view.text ?? "frame"}${position === undefined ? "" : `, line ${position.line}`}`;
  }

  #generatorChildren(view: ObjectView): readonly Child[] {
    const generator = this.#source.generatorAt(view.object);
    if (generator === undefined) return [];
    const stateChild: Child = { kind: "text", name: "(state)", text: generator.state };
    if (generator.frame === 0) return [stateChild];
    return [
      stateChild,
      { kind: "frame", name: "(frame)", text: this.#frameText(view, generator.frame), frame: generator.frame },
    ];
  }
}

function keptOf(view: ObjectView): number {
  return view.kind === "dict" || view.kind === "namespace" ? view.entries.length : view.items.length;
}

function closureChildren(view: ObjectView): readonly Child[] {
  return view.items.map((value, index) => valueChild(`(closure ${index})`, value, undefined));
}

function wrappedChild(name: string, view: ObjectView, path: string | undefined): readonly Child[] {
  return view.value === undefined || view.value.kind === "unbound" ? [] : [valueChild(name, view.value, path)];
}

/** True when expanding the object shows something. */
export function hasChildren(view: ObjectView): boolean {
  switch (view.kind) {
    case "generator":
    case "coroutine":
    case "asyncGenerator":
      return true;
    case "opaque":
    case "repr":
      return view.attributes.length > 0 || hiddenChild(view).length > 0;
    default:
      return view.completeness.kind !== "complete" || partCount(view) > 0;
  }
}

function partCount(view: ObjectView): number {
  const value = view.value === undefined || view.value.kind === "unbound" ? 0 : 1;
  return view.items.length + view.entries.length + view.attributes.length + view.bytesTotal + value;
}

/** How many children `ChildrenFinder` would give, without making them. */
export function countChildren(
  view: ObjectView,
  source: ValueSource,
): { readonly named: number; readonly indexed: number } {
  if (view.completeness.kind === "notRecorded") return { named: 1, indexed: 0 };
  const missing =
    Number(keptOf(view) < view.itemsTotal) +
    Number((view.bytes?.length ?? 0) < view.bytesTotal) +
    Number(view.attributes.length < view.attributesTotal);
  const rest = view.attributes.length + missing + hiddenChild(view).length;
  switch (view.kind) {
    case "list":
    case "tuple":
    case "deque":
    case "set":
    case "frozenset":
    case "exception":
      return { named: rest, indexed: view.items.length };
    case "array":
      return { named: rest, indexed: rowsOf(view, []).kept };
    case "bytearray":
      return { named: rest, indexed: view.bytes?.length ?? 0 };
    case "dict":
    case "namespace":
      return { named: rest + view.entries.length, indexed: 0 };
    case "range":
    case "slice":
      return { named: rest + Math.min(view.items.length, 3), indexed: 0 };
    case "method":
      return { named: rest + Math.min(view.items.length, 2), indexed: 0 };
    case "function":
      return { named: rest + view.items.length, indexed: 0 };
    case "cell":
    case "scalar":
      return { named: rest + (view.value === undefined || view.value.kind === "unbound" ? 0 : 1), indexed: 0 };
    case "module": {
      const namespace = view.value?.kind === "object" ? source.objectAt(view.value.object) : undefined;
      const names = namespace === undefined ? 0 : namespace.entries.length;
      return { named: rest + names + Number(namespace !== undefined && names < namespace.itemsTotal), indexed: 0 };
    }
    case "generator":
    case "coroutine":
    case "asyncGenerator": {
      const generator = source.generatorAt(view.object);
      return { named: rest + (generator === undefined ? 0 : generator.frame === 0 ? 1 : 2), indexed: 0 };
    }
    default:
      return { named: rest, indexed: 0 };
  }
}
