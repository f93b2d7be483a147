// Are two values the same key of a dict? Python's equality, for the types whose equality runs no code of the program.
import type { ObjectView, Value } from "../../travel/timeTravel.ts";
import type { ValueSource } from "../presentation/valueText.ts";

type Real = Extract<Value, { kind: "bool" | "int" | "float" }>;

function isReal(value: Value): value is Real {
  return value.kind === "bool" || value.kind === "int" || value.kind === "float";
}

/** The number as an exact int where it is whole. */
function exact(value: Real): bigint | number {
  if (value.kind === "bool") return value.value ? 1n : 0n;
  if (value.kind === "int") return BigInt(value.value);
  return Number.isInteger(value.value) ? BigInt(value.value) : value.value;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function sameItems(a: ObjectView, b: ObjectView, source: ValueSource): boolean {
  return (
    a.itemsTotal === b.itemsTotal &&
    a.items.every((item, index) => {
      const other = b.items[index];
      return other !== undefined && sameKey(item, other, source);
    })
  );
}

/** 1, 1.0 and True are one key; objects are the same by identity, exact tuples by their elements. */
export function sameKey(a: Value, b: Value, source: ValueSource): boolean {
  if (isReal(a) && isReal(b)) return exact(a) === exact(b);
  switch (a.kind) {
    case "none":
    case "ellipsis":
    case "notImplemented":
      return a.kind === b.kind;
    case "str":
      return b.kind === "str" && !a.truncated && !b.truncated && a.text === b.text;
    case "bytes":
      return b.kind === "bytes" && !a.truncated && !b.truncated && sameBytes(a.bytes, b.bytes);
    case "complex":
      return b.kind === "complex" && a.real === b.real && a.imaginary === b.imaginary;
    case "object":
      return b.kind === "object" && (a.object === b.object || sameTuples(a.object, b.object, source));
    default:
      return false;
  }
}

function sameTuples(a: number, b: number, source: ValueSource): boolean {
  const [one, other] = [source.objectAt(a), source.objectAt(b)];
  return one?.type === "tuple" && other?.type === "tuple" && sameItems(one, other, source);
}
