// From a computed value to one that can be shown and expanded: recorded objects keep their number, others get one.
import type { ObjectKind, ObjectView, Value } from "../timeTravel.ts";
import { allOf } from "./iterate.ts";
import type { Machine } from "./machine.ts";
import { refuse } from "./failures.ts";
import { typeName } from "./types.ts";
import { int, type Py } from "./values.ts";

export interface Exported {
  readonly value: Value;
  /** Views of the objects that the evaluation made, by their (negative) numbers. */
  readonly made: ReadonlyMap<number, ObjectView>;
}

export function exportValue(machine: Machine, value: Py): Exported {
  const exporter = new Exporter(machine);
  return { value: exporter.value(value), made: exporter.made };
}

interface Parts {
  readonly items?: readonly Value[];
  readonly entries?: readonly (readonly [Value, Value])[];
  readonly text?: string;
  readonly bytes?: Uint8Array;
}

class Exporter {
  readonly made = new Map<number, ObjectView>();
  readonly #machine: Machine;
  readonly #known = new Map<Py, Value>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  value(value: Py): Value {
    switch (value.kind) {
      case "none":
      case "ellipsis":
      case "notImplemented":
      case "bool":
      case "float":
      case "complex":
        return value;
      case "int":
        return { kind: "int", value: value.value };
      case "str":
        return { kind: "str", text: value.text, total: Array.from(value.text).length, truncated: false };
      case "bytes":
        return { kind: "bytes", bytes: value.bytes, total: value.bytes.length, truncated: false };
      case "unknown":
        return value.value;
      case "recorded":
        return { kind: "object", object: value.object };
      default:
        if ("object" in value && value.object !== 0) return { kind: "object", object: value.object };
        return this.#object(value);
    }
  }

  #object(value: Py): Value {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    this.#machine.work(1);
    const object = this.#machine.environment.nextObject();
    const reference: Value = { kind: "object", object };
    this.#known.set(value, reference);
    this.made.set(
      object,
      this.#machine.deeper(() => this.#view(object, value)),
    );
    return reference;
  }

  #all(items: Iterable<Py>): readonly Value[] {
    return Array.from(items, (item) => this.value(item));
  }

  #view(object: number, value: Py): ObjectView {
    const type = typeName(value);
    switch (value.kind) {
      case "list":
      case "tuple":
      case "deque":
        return view(object, value.kind, type, { items: this.#all(value.items.all()) });
      case "set":
      case "frozenset":
        return view(object, value.kind, type, { items: this.#all(value.table.all()) });
      case "dict":
        return view(object, "dict", value.type, {
          entries: value.table.all().map((entry) => [this.value(entry.key), this.value(entry.value)] as const),
        });
      case "dictView":
        return view(object, "list", type, { items: this.#all(allOf(this.#machine, value)) });
      case "range":
        return view(object, "range", type, { items: this.#all([int(value.start), int(value.stop), int(value.step)]) });
      case "slice":
        return view(object, "slice", type, { items: this.#all([value.start, value.stop, value.step]) });
      case "bytearray":
        return view(object, "bytearray", type, { bytes: value.bytes });
      case "type":
        return view(object, "opaque", "type", { text: `<class '${value.name}'>` });
      case "builtin":
        return view(object, "opaque", type, { text: `<built-in function ${value.name}>` });
      case "method":
        return view(object, "opaque", type, { text: `<method ${value.name} of ${value.type}>` });
      case "bound":
        return view(object, "method", type, { items: [this.value(value.function), this.value(value.self)] });
      case "lambda":
        return view(object, "opaque", "function", { text: "<function <lambda>>" });
      case "iterator":
        return view(object, "opaque", type, { text: `<${type} object>` });
      default:
        return refuse("This value cannot be shown.");
    }
  }
}

function view(object: number, kind: ObjectKind, type: string, parts: Parts): ObjectView {
  const { items = [], entries = [], text, bytes } = parts;
  return {
    object,
    kind,
    type,
    items,
    itemsTotal: items.length + entries.length,
    entries,
    attributes: [],
    attributesTotal: 0,
    text,
    value: undefined,
    bytes,
    bytesTotal: bytes?.length ?? 0,
    cls: undefined,
    name: undefined,
    completeness: { kind: "complete" },
    alive: true,
  };
}
