// `sum`: ints exactly, floats as each version of Python adds them up.
import { allOf, eachOf } from "./iterate.ts";
import { refuse, typeError } from "./failures.ts";
import type { Machine } from "./machine.ts";
import { numberOf } from "./numbers.ts";
import { binary } from "./operators.ts";
import { float, type Py } from "./values.ts";

/** Elements of an unordered set can be added in any order when they are ints. */
export function elementsForSum(machine: Machine, value: Py): readonly Py[] {
  const isSet = value.kind === "set" || value.kind === "frozenset";
  const elements = allOf(machine, value, isSet ? "any" : "exact");
  const areInts = elements.every((one) => numberOf(one)?.kind === "int");
  return isSet && !areInts ? [...eachOf(machine, value)] : elements;
}

export function sum(machine: Machine, elements: Iterable<Py>, start: Py): Py {
  if (start.kind === "str") return typeError("sum() can't sum strings [use ''.join(seq) instead]");
  if (start.kind === "bytes") return typeError("sum() can't sum bytes [use b''.join(seq) instead]");
  if (start.kind === "bytearray") return typeError("sum() can't sum bytearray [use b''.join(seq) instead]");
  let total: Py = start;
  let correction = 0;
  const isCompensated = machine.minor >= 12;
  function settled(): Py {
    if (total.kind !== "float" || correction === 0 || !Number.isFinite(correction)) return total;
    return float(total.value + correction);
  }
  for (const element of elements) {
    if (machine.minor >= 14 && (element.kind === "complex" || total.kind === "complex"))
      return refuse("Complex numbers are not summed in the past.");
    if (total.kind === "float" && isCompensated && element.kind === "float") {
      const next = total.value + element.value;
      correction +=
        Math.abs(total.value) >= Math.abs(element.value)
          ? total.value - next + element.value
          : element.value - next + total.value;
      total = float(next);
      continue;
    }
    const isSmallInt = element.kind === "int" && element.value === BigInt.asIntN(64, element.value);
    if (total.kind === "float" && isCompensated && !isSmallInt && element.kind !== "bool") {
      total = settled();
      correction = 0;
    }
    total = binary(machine, "+", total, element);
  }
  return settled();
}
