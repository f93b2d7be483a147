// A text for each value that is equal for the same value and different for others: scalars by type and value, objects by
// their number.
import type { Value } from "../../wire/value.ts";

export function identityOf(value: Value): string {
  switch (value.kind) {
    case "int":
      return `int ${value.value}`;
    case "float":
      return `float ${Object.is(value.value, -0) ? "-0" : value.value}`;
    case "complex":
      return `complex ${identityOf({ kind: "float", value: value.real })} ${identityOf({ kind: "float", value: value.imaginary })}`;
    case "bool":
      return `bool ${value.value}`;
    case "str":
      return `str ${value.total} ${value.text}`;
    case "bytes":
      return `bytes ${value.total} ${value.bytes.join()}`;
    case "object":
      return `object ${value.object}`;
    case "intCut":
      return `int ${value.negative} ${value.bits} ${value.top}`;
    default:
      return value.kind;
  }
}
