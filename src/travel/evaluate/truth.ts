// Is a value true? Without asking a `__bool__` or `__len__` of the program.
import { isPlainArray, refuseForeignArray } from "./arrays.ts";
import { knownOrder } from "./classes.ts";
import { builtinBase, definedBy } from "./classLookup.ts";
import { refuse } from "./failures.ts";
import { isOwn } from "./keys.ts";
import type { Machine } from "./machine.ts";
import { rangeLength } from "./ranges.ts";
import { isExceptionType, typeName } from "./types.ts";
import type { Py, PyRecorded } from "./values.ts";

/** Refuses where the program's own code decides. */
export function truth(machine: Machine, value: Py): boolean {
  switch (value.kind) {
    case "none":
      return false;
    case "bool":
      return value.value;
    case "int":
      return value.value !== 0n;
    case "float":
      return value.value !== 0;
    case "complex":
      return value.real !== 0 || value.imaginary !== 0;
    case "str":
      return value.text !== "";
    case "bytes":
      return value.bytes.length > 0;
    case "bytearray":
      return value.total > 0;
    case "list":
    case "tuple":
    case "deque":
      return value.items.total > 0;
    case "dict":
    case "set":
    case "frozenset":
      return value.table.total > 0;
    case "dictView":
      return value.dict.table.total > 0;
    case "range":
      return rangeLength(value) > 0n;
    case "notImplemented":
      return refuse("The truth of NotImplemented differs between versions.");
    case "unknown":
      // What was cut is not empty.
      if (value.value.kind === "str" || value.value.kind === "bytes" || value.value.kind === "intCut") return true;
      return refuse(`It is not known here: ${value.reason}.`);
    case "recorded":
      if (isPlainArray(value)) return value.view.itemsTotal > 0;
      refuseForeignArray(value);
      if (value.view.kind === "exception" && !value.view.type.includes(".")) return true;
      if (!isOwn(value)) return true;
      return (
        ownTruth(machine, value) ??
        refuse(`${typeName(value)} may define its own truth, and the past runs no code of the program.`)
      );
    default:
      return true;
  }
}

/** Without a `__bool__` or `__len__` of its own; undefined where code of the program decides. */
function ownTruth(machine: Machine, value: PyRecorded): boolean | undefined {
  const order = knownOrder(machine, value);
  if (order === undefined || definedBy(order, ["__bool__", "__len__"]) !== undefined) return undefined;
  const { kind, itemsTotal, value: inner } = value.view;
  if (kind === "scalar") return inner === undefined ? undefined : truth(machine, machine.wrap(inner));
  if (sized.has(kind)) return itemsTotal > 0;
  const base = builtinBase(order);
  return base === "object" || base === "type" || isExceptionType(base) ? true : undefined;
}

const sized: ReadonlySet<string> = new Set(["list", "tuple", "dict", "set", "frozenset"]);
