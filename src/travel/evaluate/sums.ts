// `sum`: ints exactly, floats as each version of Python adds them up.
import { allOf, eachOf } from "./iterate.ts";
import { refuse, typeError } from "./failures.ts";
import type { Machine } from "./machine.ts";
import { floatOf, numberOf } from "./numbers.ts";
import { binary } from "./operators.ts";
import { float, type Py } from "./values.ts";

/** Elements of an unordered set can be added in any order when they are ints. */
export function elementsForSum(machine: Machine, value: Py): readonly Py[] {
  const isSet = value.kind === "set" || value.kind === "frozenset";
  const elements = allOf(machine, value, isSet ? "any" : "exact");
  const areInts = elements.every((one) => numberOf(one)?.kind === "int");
  return isSet && !areInts ? [...eachOf(machine, value)] : elements;
}

/** How CPython adds: ints of a machine word, floats with what rounding lost (from 3.12 on), or anything by `+`. */
type Mode = "ints" | "floats" | "any";

function isWord(value: Py): boolean {
  const number = numberOf(value);
  return number?.kind === "int" && number.value === BigInt.asIntN(64, number.value);
}

function modeOf(total: Py): Mode {
  if (total.kind === "float") return "floats";
  return total.kind === "int" && isWord(total) ? "ints" : "any";
}

export function sum(machine: Machine, elements: Iterable<Py>, start: Py): Py {
  checkStart(start);
  const adder = new Adder(machine, start);
  for (const element of elements) adder.add(element);
  return adder.total();
}

function checkStart(start: Py): void {
  if (start.kind === "str") typeError("sum() can't sum strings [use ''.join(seq) instead]");
  if (start.kind === "bytes") typeError("sum() can't sum bytes [use b''.join(seq) instead]");
  if (start.kind === "bytearray") typeError("sum() can't sum bytearray [use b''.join(seq) instead]");
}

class Adder {
  readonly #machine: Machine;
  #total: Py;
  #mode: Mode;
  /** What rounding has lost so far. */
  #lost = 0;

  constructor(machine: Machine, start: Py) {
    this.#machine = machine;
    this.#total = start;
    this.#mode = modeOf(start);
  }

  total(): Py {
    if (this.#total.kind !== "float" || this.#lost === 0 || !Number.isFinite(this.#lost)) return this.#total;
    return float(this.#total.value + this.#lost);
  }

  add(element: Py): void {
    const { minor } = this.#machine;
    if (minor >= 14 && (element.kind === "complex" || this.#total.kind === "complex"))
      refuse("Complex numbers are not summed in the past.");
    const added = this.#mode === "floats" && minor >= 12 ? this.#asFloat(element) : undefined;
    if (added !== undefined && this.#total.kind === "float") {
      this.#addFloat(this.#total.value, added, element.kind === "float" || minor >= 14);
      return;
    }
    const total = binary(this.#machine, "+", this.total(), element);
    this.#lost = 0;
    if (this.#mode === "ints") this.#mode = modeOf(total);
    else if (this.#mode === "floats" && minor >= 12) this.#mode = "any";
    this.#total = total;
  }

  /** The float that an element is added as; undefined for what ends the adding of floats. */
  #asFloat(element: Py): number | undefined {
    const number = numberOf(element);
    if (number === undefined || number.kind === "complex") return undefined;
    return number.kind === "float" || this.#machine.minor >= 14 || isWord(element) ? floatOf(number) : undefined;
  }

  #addFloat(total: number, element: number, isCompensated: boolean): void {
    const next = total + element;
    if (isCompensated)
      this.#lost += Math.abs(total) >= Math.abs(element) ? total - next + element : element - next + total;
    this.#total = float(next);
  }
}
