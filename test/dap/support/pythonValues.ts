// Values that Python wrote with `randomValues.py`, as the recording would give them.
import type { ObjectKind, ObjectView, Value } from "../../../src/travel/timeTravel.ts";
import { PrintableCharacters } from "../../../src/python/printable.ts";
import type { ValueSource } from "../../../src/dap/presentation/valueText.ts";

const none: Value = { kind: "none" };

export function objectView(
  object: number,
  kind: ObjectKind,
  type: string,
  parts: Partial<ObjectView> = {},
): ObjectView {
  return {
    object,
    kind,
    type,
    items: [],
    itemsTotal: parts.items?.length ?? parts.entries?.length ?? 0,
    entries: [],
    attributes: [],
    attributesTotal: parts.attributes?.length ?? 0,
    text: undefined,
    value: undefined,
    bytes: undefined,
    bytesTotal: parts.bytes?.length ?? 0,
    cls: undefined,
    name: undefined,
    completeness: { kind: "complete" },
    alive: true,
    ...parts,
  };
}

export function sourceOf(views: readonly ObjectView[], minor: number): ValueSource {
  const byId = new Map(views.map((view) => [view.object, view]));
  return {
    objectAt: (object) => byId.get(object),
    generatorAt: () => undefined,
    printable: new PrintableCharacters(minor),
    minor,
  };
}

function floatOf(hex: unknown): number {
  return Buffer.from(String(hex), "hex").readDoubleLE(0);
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}

export function textOf(codes: unknown): string {
  return numbers(codes)
    .map((code) => String.fromCodePoint(code))
    .join("");
}

/** Decodes one value; the objects in it are added to `views`. */
export function decodeValue(encoded: unknown, views: ObjectView[]): Value {
  const [type, first, second, third]: unknown[] = Array.isArray(encoded) ? encoded : [];
  switch (type) {
    case "None":
      return none;
    case "Ellipsis":
      return { kind: "ellipsis" };
    case "bool":
      return { kind: "bool", value: first === true };
    case "int": {
      const digits = String(first);
      const size = BigInt(digits.replace("-", ""));
      const value = digits.startsWith("-") ? -size : size;
      return { kind: "int", value: Number.isSafeInteger(Number(value)) ? Number(value) : value };
    }
    case "float":
      return { kind: "float", value: floatOf(first) };
    case "complex":
      return { kind: "complex", real: floatOf(first), imaginary: floatOf(second) };
    case "str": {
      const text = textOf(first);
      return { kind: "str", text, total: numbers(first).length, truncated: false };
    }
    case "bytes":
      return { kind: "bytes", bytes: Uint8Array.from(numbers(first)), total: numbers(first).length, truncated: false };
    case "bytearray": {
      const object = 1_000_000 + views.length;
      const bytes = Uint8Array.from(numbers(first));
      views.push(objectView(object, "bytearray", "bytearray", { bytes }));
      return { kind: "object", object };
    }
    case "again":
      return { kind: "object", object: Number(first) };
    default:
      return decodeContainer(String(type), Number(first), Array.isArray(second) ? second : [], third, views);
  }
}

const kinds: Readonly<Record<string, ObjectKind>> = {
  "collections.deque": "deque",
  "collections.OrderedDict": "dict",
  dict: "dict",
  list: "list",
  tuple: "tuple",
  set: "set",
  frozenset: "frozenset",
  range: "range",
  slice: "slice",
};

function decodeContainer(type: string, object: number, parts: unknown[], maxlen: unknown, views: ObjectView[]): Value {
  const kind = kinds[type];
  if (kind === undefined) throw new Error(`unknown type ${type}`);
  if (kind === "dict") {
    const entries = parts.map((pair): readonly [Value, Value] => {
      const [key, value]: unknown[] = Array.isArray(pair) ? pair : [];
      return [decodeValue(key, views), decodeValue(value, views)];
    });
    views.push(objectView(object, kind, type, { entries }));
  } else {
    const items = parts.map((part) => decodeValue(part, views));
    const value: Value = typeof maxlen === "number" ? { kind: "int", value: maxlen } : none;
    views.push(objectView(object, kind, type, { items, ...(kind === "deque" ? { value } : {}) }));
  }
  return { kind: "object", object };
}
