// Where can a value stand? A variable of a frame, an attribute, an item: what a history is about.
import type { Value } from "./timeTravel.ts";

/** `entry` is a pair of a dict or a name of a namespace; `contents` what a cell or a subclass of a scalar holds. */
export type Place =
  | { readonly kind: "variable"; readonly frame: number; readonly name: string }
  | { readonly kind: "attribute"; readonly object: number; readonly name: string }
  | { readonly kind: "item"; readonly object: number; readonly index: number }
  | { readonly kind: "entry"; readonly object: number; readonly key: Value }
  | { readonly kind: "contents"; readonly object: number };

export type ObjectPlace = Exclude<Place, { readonly kind: "variable" }>;

/** Equal as recorded: the same object, or scalars of the same type and value. NaN equals itself. */
export function isSameValue(a: Value, b: Value): boolean {
  switch (a.kind) {
    case "bool":
      return b.kind === "bool" && a.value === b.value;
    case "int":
      return b.kind === "int" && BigInt(a.value) === BigInt(b.value);
    case "float":
      return b.kind === "float" && Object.is(a.value, b.value);
    case "complex":
      return b.kind === "complex" && Object.is(a.real, b.real) && Object.is(a.imaginary, b.imaginary);
    case "str":
      return b.kind === "str" && a.text === b.text && a.total === b.total;
    case "bytes":
      return b.kind === "bytes" && a.total === b.total && isSameBytes(a.bytes, b.bytes);
    case "intCut":
      return b.kind === "intCut" && a.negative === b.negative && a.bits === b.bits && a.top === b.top;
    case "object":
      return b.kind === "object" && a.object === b.object;
    case "notRecorded":
      // A copy of it, as a checkpoint makes, names a later step.
      return b.kind === "notRecorded" && a.reason === b.reason;
    default:
      return a.kind === b.kind;
  }
}

function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
