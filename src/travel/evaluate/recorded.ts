// What is a recorded value to an expression? Builtin types become values to compute with; the rest keeps its view.
import type { ObjectView, Value } from "../timeTravel.ts";
import { notRecorded, refuse } from "./failures.ts";
import { Items } from "./items.ts";
import type { Machine } from "./machine.ts";
import { DictTable, SetTable, type Entry } from "./tables.ts";
import { isBuiltinType } from "./types.ts";
import { bool, bytes, complex, ellipsis, float, int, none, str, type Py } from "./values.ts";

type Scalar = Exclude<Value, { kind: "object" }>;

/** Dicts of the standard library that are looked into exactly as a dict is. */
const dictTypes: ReadonlySet<string> = new Set([
  "dict",
  "collections.OrderedDict",
  "collections.defaultdict",
  "collections.Counter",
]);

export function wrapScalar(value: Scalar): Py {
  switch (value.kind) {
    case "none":
      return none;
    case "bool":
      return bool(value.value);
    case "int":
      return int(value.value);
    case "float":
      return float(value.value);
    case "complex":
      return complex(value.real, value.imaginary);
    case "ellipsis":
      return ellipsis;
    case "notImplemented":
      return { kind: "notImplemented" };
    case "str":
      return value.truncated ? cut(value, "str", Array.from(value.text).length, value.total) : str(value.text);
    case "bytes":
      return value.truncated ? cut(value, "bytes", value.bytes.length, value.total) : bytes(value.bytes);
    case "intCut":
      return { kind: "unknown", value, type: "int", reason: "only the most significant bits of this int were kept" };
    case "notRecorded":
      return notRecorded(`since step ${value.sinceStep}: ${value.reason}`);
    case "unbound":
      return refuse("There is no value at this moment.");
  }
}

function cut(value: Scalar, type: string, kept: number, total: number): Py {
  return { kind: "unknown", value, type, reason: `only the first ${kept} of ${total} were kept of this ${type}` };
}

/** Refuses when the contents are unknown. */
export function checkKnown(view: ObjectView): void {
  if (view.completeness.kind === "notRecorded")
    notRecorded(
      `${view.kind === "class" ? `the class ${view.text ?? ""}` : view.type} since step ${view.completeness.sinceStep}: ${view.completeness.reason}`,
    );
}

export function wrapObject(machine: Machine, object: number): Py {
  const view = machine.environment.objectAt(object);
  if (view === undefined) return notRecorded(`the object #${object}`);
  const made = wrapContainer(machine, view);
  // Builtin types are what they are.
  if (made === undefined || made.kind === "type" || view.completeness.kind !== "notRecorded")
    return made ?? { kind: "recorded", object, view };
  const reason = `not recorded since step ${view.completeness.sinceStep}: ${view.completeness.reason}`;
  return { kind: "unknown", value: { kind: "object", object }, type: view.type, reason };
}

function wrapContainer(machine: Machine, view: ObjectView): Py | undefined {
  const { object } = view;
  switch (view.kind) {
    case "list":
    case "tuple":
      return view.type === view.kind ? { kind: view.kind, items: itemsOf(machine, view), object } : undefined;
    case "deque":
      return view.type === "collections.deque" ? { kind: "deque", items: itemsOf(machine, view), object } : undefined;
    case "namespace":
      return { kind: "dict", type: "dict", table: tableOf(machine, view), object };
    case "dict":
      return dictTypes.has(view.type)
        ? { kind: "dict", type: view.type, table: tableOf(machine, view), object }
        : undefined;
    case "set":
    case "frozenset":
      return view.type === view.kind
        ? { kind: view.kind, table: setOf(machine, view), isOrdered: true, object }
        : undefined;
    case "bytearray":
      if (view.type !== "bytearray") return undefined;
      return { kind: "bytearray", bytes: view.bytes ?? new Uint8Array(), total: view.bytesTotal, object };
    case "range":
      return rangeOf(machine, view);
    case "slice": {
      const [start = none, stop = none, step = none] = view.items.map((item) => machine.wrap(item));
      return { kind: "slice", start, stop, step, object };
    }
    case "class":
      return builtinClass(view);
    default:
      return undefined;
  }
}

function builtinClass(view: ObjectView): Py | undefined {
  const name = view.text ?? "";
  const isBuiltin = view.value?.kind === "str" && view.value.text === "builtins";
  return isBuiltin && isBuiltinType(name) ? { kind: "type", name } : undefined;
}

function itemsOf(machine: Machine, view: ObjectView): Items {
  return Items.recorded(view.itemsTotal, () => {
    machine.work(view.items.length);
    return view.items.map((item) => laterValue(machine, item));
  });
}

function setOf(machine: Machine, view: ObjectView): SetTable {
  function load(): readonly Entry[] {
    machine.work(view.items.length);
    return view.items.map((item) => {
      const key = machine.wrap(item);
      return { key, value: key };
    });
  }
  return new SetTable(new DictTable(machine, view.itemsTotal, load));
}

function tableOf(machine: Machine, view: ObjectView): DictTable {
  return new DictTable(machine, view.itemsTotal, () => {
    machine.work(view.entries.length);
    return view.entries.map(([key, value]) => ({ key: machine.wrap(key), value: laterValue(machine, value) }));
  });
}

/** One value that was not recorded does not hide the others. */
function laterValue(machine: Machine, value: Value): Py {
  if (value.kind !== "notRecorded") return machine.wrap(value);
  const reason = `not recorded since step ${value.sinceStep}: ${value.reason}`;
  return { kind: "unknown", value, type: "object", reason };
}

function rangeOf(machine: Machine, view: ObjectView): Py | undefined {
  const [start, stop, step] = view.items.map((item) => machine.wrap(item));
  if (start?.kind !== "int" || stop?.kind !== "int" || step?.kind !== "int") return undefined;
  return { kind: "range", start: start.value, stop: stop.value, step: step.value, object: view.object };
}
