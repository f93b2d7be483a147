// Which values are the same key of a dict? A text for each class of equal keys, and which types can have none.
import { refuse, typeError } from "./failures.ts";
import type { Machine } from "./machine.ts";
import { rangeLength } from "./ranges.ts";
import { typeName } from "./types.ts";
import type { Py } from "./values.ts";

export type KeyUse = "a dict key" | "a set element" | "hash";

/** Kinds of recorded objects that are equal to nothing but themselves, whatever the program defines. */
const byIdentity: ReadonlySet<string> = new Set([
  "function",
  "module",
  "method",
  "generator",
  "coroutine",
  "asyncGenerator",
  "cell",
]);

/** True where the program's own `__eq__` or `__hash__` might decide. */
export function isOwn(value: Py): boolean {
  switch (value.kind) {
    case "recorded":
      if (value.view.kind === "class") return value.view.type !== "type";
      return !byIdentity.has(value.view.kind);
    case "tuple":
      return value.items.kept().some(isOwn);
    case "unknown":
      return true;
    default:
      return false;
  }
}

export function refuseOwnEquality(value: Py): never {
  return refuse(
    isOwn(value)
      ? `${typeName(value)} may define its own equality, and the past runs no code of the program.`
      : "A key of the program's own type may define its own equality, and the past runs no code of the program.",
  );
}

/** `isRecorded`: a nan is a key as good as any other, because nobody looks for it. */
export function keyOf(machine: Machine, value: Py, use: KeyUse, isRecorded = false): string {
  const key = namedKey(machine, value, isRecorded);
  if (key !== undefined) return key;
  const type = typeName(value);
  const culprit = typeName(unhashablePart(machine, value));
  if (machine.minor >= 14 && use !== "hash")
    return typeError(`cannot use '${type}' as ${use} (unhashable type: '${culprit}')`);
  return typeError(`unhashable type: '${culprit}'`);
}

/** What the hash of a value is made from. */
function partsOf(machine: Machine, value: Py): readonly Py[] {
  if (value.kind === "tuple") return value.items.all();
  return value.kind === "slice" && machine.minor >= 12 ? [value.start, value.stop, value.step] : [];
}

function unhashablePart(machine: Machine, value: Py): Py {
  const parts = partsOf(machine, value);
  const part = parts.find((item) => namedKey(machine, item, true) === undefined);
  return part === undefined ? value : unhashablePart(machine, part);
}

function numberKey(value: number, isRecorded: boolean): string {
  if (Number.isNaN(value)) return isRecorded ? "nan" : refuse("A nan is found by its identity, which is not recorded.");
  return Number.isInteger(value) ? `n${BigInt(value)}` : `f${value}`;
}

/** Undefined for what cannot be a key. */
function namedKey(machine: Machine, value: Py, isRecorded: boolean): string | undefined {
  switch (value.kind) {
    case "none":
    case "ellipsis":
    case "notImplemented":
      return value.kind;
    case "bool":
      return value.value ? "n1" : "n0";
    case "int":
      return `n${value.value}`;
    case "float":
      return numberKey(value.value, isRecorded);
    case "complex":
      if (value.imaginary === 0) return numberKey(value.real, isRecorded);
      return `c${numberKey(value.real, isRecorded)},${numberKey(value.imaginary, isRecorded)}`;
    case "str":
      return `s${value.text}`;
    case "bytes":
      return `b${value.bytes.join(",")}`;
    case "tuple":
      return sequenceKey(machine, value.items.all(), isRecorded);
    case "frozenset": {
      const parts = value.table.all().map((item) => keyOf(machine, item, "hash", isRecorded));
      return `z${parts
        .toSorted()
        .map((part) => `${part.length}:${part}`)
        .join("")}`;
    }
    case "range": {
      const length = rangeLength(value);
      return `r${length}${length > 0n ? `,${value.start}` : ""}${length > 1n ? `,${value.step}` : ""}`;
    }
    case "slice":
      return machine.minor < 12 ? undefined : sequenceKey(machine, [value.start, value.stop, value.step], isRecorded);
    case "type":
    case "builtin":
      return `t${value.name}`;
    case "method":
      return refuse("Methods of builtin types are not compared in the past.");
    case "bound":
      return refuse("Methods of the program are not looked up in the past.");
    case "lambda":
    case "iterator":
      return `i${machine.serialOf(value)}`;
    case "recorded":
      return `o${value.object}`;
    case "unknown":
      return refuse(value.reason);
    case "list":
    case "deque":
    case "dict":
    case "set":
    case "dictView":
    case "bytearray":
      return undefined;
  }
}

function sequenceKey(machine: Machine, items: readonly Py[], isRecorded: boolean): string | undefined {
  let key = "(";
  for (const item of items) {
    const part = namedKey(machine, item, isRecorded);
    if (part === undefined) return undefined;
    key += `${part.length}:${part}`;
  }
  return key;
}
