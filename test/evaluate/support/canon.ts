// The same text for each value as `expressions.py` makes, from what the evaluator answers.
import { asciiText } from "./asciiText.ts";
import type { ObjectView, Value } from "../../../src/travel/timeTravel.ts";
import { complexText, floatText, strText, bytesText } from "../../../src/python/scalarText.ts";
import type { PrintableCharacters } from "../../../src/python/printable.ts";
import { lastName } from "../../../src/travel/evaluate/types.ts";

export interface Source {
  readonly objectAt: (object: number) => ObjectView | undefined;
  readonly printable: PrintableCharacters;
}

function hex(value: bigint): string {
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

export function canon(value: Value, source: Source, depth = 0): string {
  if (depth > 30) return "...";
  switch (value.kind) {
    case "none":
      return "None";
    case "ellipsis":
      return "Ellipsis";
    case "notImplemented":
      return "NotImplemented";
    case "bool":
      return value.value ? "True" : "False";
    case "int":
      return hex(BigInt(value.value));
    case "float":
      return floatText(value.value);
    case "complex":
      return complexText(value.real, value.imaginary);
    case "str":
      return asciiText(strText(value.text, source.printable));
    case "bytes":
      return bytesText(value.bytes);
    case "object": {
      const view = source.objectAt(value.object);
      return view === undefined ? "an unknown object" : viewText(view, source, depth);
    }
    default:
      return value.kind;
  }
}

function viewText(view: ObjectView, source: Source, depth: number): string {
  const cls = view.cls === undefined ? undefined : source.objectAt(view.cls);
  const name = cls?.name ?? lastName(cls?.text ?? view.type);
  const parts = view.items.map((item) => canon(item, source, depth + 1));
  switch (view.kind) {
    case "list":
    case "tuple":
    case "deque":
    case "range":
    case "slice":
      return `${name}(${parts.join(",")})`;
    case "set":
    case "frozenset":
      return `${name}(${parts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join(",")})`;
    case "dict":
    case "namespace":
      return `${name}(${view.entries.map(([key, item]) => `${canon(key, source, depth + 1)}:${canon(item, source, depth + 1)}`).join(",")})`;
    case "bytearray":
      return `bytearray(${bytesText(view.bytes ?? new Uint8Array(), Infinity, true)})`;
    case "class":
      return `class ${view.name ?? lastName(view.text ?? "")}`;
    case "opaque":
      return view.type === "type" ? `class ${lastName(/'(.*)'/u.exec(view.text ?? "")?.[1] ?? "")}` : `a ${name}`;
    case "method": {
      const [method] = view.items;
      const text = method?.kind === "object" ? source.objectAt(method.object)?.text : undefined;
      return `method ${text ?? ""} of ${parts[1] ?? ""}`;
    }
    default:
      return `a ${name}`;
  }
}
