// `value[key]`: items, slices and keys, with the messages of each type.
import { arrayItems } from "./arrays.ts";
import { raise, refuse, typeError } from "./failures.ts";
import { refuseOwn, wholeBytes } from "./compare.ts";
import { list, tuple } from "./iterate.ts";
import type { Machine } from "./machine.ts";
import { numberOf } from "./numbers.ts";
import { indicesOf, makeRange, rangeLength, sliceBounds, type Bounds } from "./ranges.ts";
import { repr } from "./repr.ts";
import { typeName } from "./types.ts";
import { bytes, int, str, type Py, type PyDict, type PyRange, type PySlice } from "./values.ts";

/** The names under which types complain about their indices. */
const places = {
  list: { index: "list indices", out: "list index out of range" },
  tuple: { index: "tuple indices", out: "tuple index out of range" },
  str: { index: "string indices", out: "string index out of range" },
  bytes: { index: "byte indices", out: "index out of range" },
  bytearray: { index: "bytearray indices", out: "bytearray index out of range" },
  range: { index: "range indices", out: "range object index out of range" },
  array: { index: "array indices", out: "array index out of range" },
  deque: { index: "sequence index", out: "deque index out of range" },
} as const;

type Place = keyof typeof places;

export function subscript(machine: Machine, value: Py, key: Py): Py {
  const elements = arrayItems(machine, value);
  if (elements !== undefined) {
    if (key.kind === "slice") return refuse("A part of an array is not made in the past.");
    return elements.at(position(machine, "array", key, elements.total));
  }
  refuseOwn(value, "subscript");
  switch (value.kind) {
    case "dict":
      return dictItem(machine, value, key);
    case "list":
    case "tuple":
      if (key.kind === "slice") {
        const picked = indicesOf(boundsOf(machine, key, BigInt(value.items.total))).map((index) =>
          value.items.at(index),
        );
        machine.work(picked.length);
        return value.kind === "list" ? list(picked) : tuple(picked);
      }
      return value.items.at(position(machine, value.kind, key, value.items.total));
    case "deque":
      if (key.kind === "slice") return refuse("A deque has no slices.");
      return value.items.at(position(machine, "deque", key, value.items.total));
    case "str":
      return textItem(machine, value.text, key);
    case "bytes":
    case "bytearray":
      return byteItem(machine, value, key);
    case "range":
      return rangeItem(machine, value, key);
    case "type":
      return refuse("Generic aliases are not made in the past.");
    case "recorded":
      if (value.view.kind === "class") return refuse("A class may define its own subscript.");
      break;
    default:
      break;
  }
  return typeError(`'${typeName(value)}' object is not subscriptable`);
}

function dictItem(machine: Machine, dict: PyDict, key: Py): Py {
  const found = dict.table.find(key);
  if (found !== undefined) return found.value;
  if (dict.type === "collections.Counter") return int(0);
  if (dict.type === "collections.defaultdict")
    return refuse("The key is not there, and a defaultdict would make it: the past runs no code of the program.");
  return raise("KeyError", repr(machine, key));
}

/** A checked index into `total` elements. */
function position(machine: Machine, place: Place, key: Py, total: number): number {
  const number = numberOf(key);
  if (number?.kind !== "int") {
    refuseOwn(key, "__index__");
    const type = typeName(key);
    const { index } = places[place];
    if (place === "array") return typeError("array indices must be integers");
    if (place === "deque") return typeError(`sequence index must be integer, not '${type}'`);
    if (place === "str")
      return typeError(machine.minor >= 11 ? `${index} must be integers, not '${type}'` : `${index} must be integers`);
    return typeError(`${index} must be integers or slices, not ${type}`);
  }
  if (number.value !== BigInt.asIntN(64, number.value))
    return raise("IndexError", "cannot fit 'int' into an index-sized integer");
  const at = Number(number.value) < 0 ? Number(number.value) + total : Number(number.value);
  return at < 0 || at >= total ? raise("IndexError", places[place].out) : at;
}

function part(machine: Machine, value: Py, isIndices: boolean): bigint | undefined {
  if (value.kind === "none") return undefined;
  const number = numberOf(value);
  if (number?.kind === "int") return number.value;
  refuseOwn(value, "__index__");
  const words = machine.minor >= 15 && !isIndices ? "integers or have" : "integers or None or have";
  return typeError(`slice indices must be ${words} an __index__ method`);
}

/** Bounds of a slice; CPython looks at the step first, then at start and stop. */
export function boundsOf(machine: Machine, slice: PySlice, length: bigint, isIndices = false): Bounds {
  const step = part(machine, slice.step, isIndices);
  if (step === 0n) return sliceBounds(length, undefined, undefined, step);
  const start = part(machine, slice.start, isIndices);
  const stop = part(machine, slice.stop, isIndices);
  return sliceBounds(length, start, stop, step);
}

function textItem(machine: Machine, text: string, key: Py): Py {
  const characters = Array.from(text);
  machine.work(characters.length / 16);
  if (key.kind !== "slice") return str(characters[position(machine, "str", key, characters.length)] ?? "");
  const bounds = boundsOf(machine, key, BigInt(characters.length));
  return str(
    indicesOf(bounds)
      .map((index) => characters[index] ?? "")
      .join(""),
  );
}

function byteItem(machine: Machine, value: Extract<Py, { kind: "bytes" | "bytearray" }>, key: Py): Py {
  const whole = wholeBytes(value);
  if (key.kind !== "slice") return int(whole[position(machine, value.kind, key, whole.length)] ?? 0);
  const picked = bytes(indicesOf(boundsOf(machine, key, BigInt(whole.length))).map((index) => whole[index] ?? 0));
  if (value.kind === "bytes") return picked;
  return { kind: "bytearray", bytes: picked.bytes, total: picked.bytes.length, object: 0 };
}

function rangeItem(machine: Machine, range: PyRange, key: Py): Py {
  const length = rangeLength(range);
  if (key.kind === "slice") {
    const bounds = boundsOf(machine, key, length);
    function at(index: bigint): bigint {
      return range.start + index * range.step;
    }
    return makeRange(at(bounds.start), at(bounds.stop), bounds.step * range.step);
  }
  const number = numberOf(key);
  if (number?.kind !== "int") return int(position(machine, "range", key, 0));
  const at = number.value < 0n ? number.value + length : number.value;
  if (at < 0n || at >= length) return raise("IndexError", places.range.out);
  return int(range.start + at * range.step);
}
