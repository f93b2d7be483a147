// What comes out of a value that is iterated over?
import { arrayItems, refuseForeignArray } from "./arrays.ts";
import { PythonError, raise, refuse, typeError } from "./failures.ts";
import type { Machine } from "./machine.ts";
import { rangeLength } from "./ranges.ts";
import { typeName } from "./types.ts";
import { Items } from "./items.ts";
import { int, str, type Py, type PyDictView, type PyIterator, type PySequence } from "./values.ts";

export function list(items: readonly Py[]): PySequence {
  return { kind: "list", items: Items.of(items), object: 0 };
}

export function tuple(items: readonly Py[]): PySequence {
  return { kind: "tuple", items: Items.of(items), object: 0 };
}

/** `any`: the answer is the same in every order. */
export type OrderNeed = "exact" | "any";

/** Undefined for what cannot be iterated over. */
function elementsOf(machine: Machine, value: Py, order: OrderNeed): Iterable<Py> | undefined {
  switch (value.kind) {
    case "list":
    case "tuple":
    case "deque":
      return value.items.all();
    case "str":
      return characters(value.text);
    case "bytes":
      return Array.from(value.bytes, (byte) => int(byte));
    case "bytearray":
      if (value.bytes.length < value.total) return refuse("Not all bytes were kept.");
      return Array.from(value.bytes, (byte) => int(byte));
    case "dict":
      return value.table.all().map(({ key }) => key);
    case "set":
    case "frozenset":
      if (!value.isOrdered && order === "exact" && value.table.total > 1)
        return refuse("The order of a set that is made in the past is not known.");
      return value.table.all();
    case "range":
      return rangeElements(value.start, value.step, rangeLength(value));
    case "dictView":
      return viewElements(value);
    case "iterator":
      return iteratorElements(value);
    case "recorded": {
      const items = arrayItems(machine, value);
      if (items !== undefined) return items.all();
      refuseForeignArray(value);
      return refuse(`${typeName(value)} may define its own iteration, and the past runs no code of the program.`);
    }
    case "unknown":
      return refuse(`It is not known here: ${value.reason}.`);
    default:
      return undefined;
  }
}

function characters(text: string): readonly Py[] {
  return Array.from(text, (character) => str(character));
}

function* rangeElements(start: bigint, step: bigint, length: bigint): Generator<Py> {
  for (let index = 0n; index < length; index++) yield int(start + index * step);
}

function viewElements({ of, dict }: PyDictView): readonly Py[] {
  return dict.table.all().map(({ key, value }) => {
    if (of === "dict_keys") return key;
    return of === "dict_values" ? value : tuple([key, value]);
  });
}

function* iteratorElements(iterator: PyIterator): Generator<Py> {
  for (let next = iterator.next(); next !== undefined; next = iterator.next()) yield next;
}

/** `message` says what is wrong with something that cannot be iterated over. */
export function* eachOf(
  machine: Machine,
  value: Py,
  order: OrderNeed = "exact",
  message: (type: string) => string = (type) => `'${type}' object is not iterable`,
): Generator<Py> {
  const elements = elementsOf(machine, value, order) ?? typeError(message(typeName(value)));
  for (const element of elements) {
    machine.work(1);
    yield element;
  }
}

/** Fails where Python's `iter` fails, before the first element is taken. */
export function checkIterable(machine: Machine, value: Py): void {
  if (value.kind === "range" || value.kind === "iterator") return;
  if (elementsOf(machine, value, "any") === undefined) typeError(`'${typeName(value)}' object is not iterable`);
}

export function allOf(machine: Machine, value: Py, order: OrderNeed = "exact"): readonly Py[] {
  return [...eachOf(machine, value, order)];
}

/** Undefined at the end, which a StopIteration from inside is too. */
function nextOf(elements: Iterator<Py>): Py | undefined {
  try {
    const next = elements.next();
    return next.done === true ? undefined : next.value;
  } catch (error) {
    if (error instanceof PythonError && error.type === "StopIteration") return undefined;
    throw error;
  }
}

/** A generator's body must not let a StopIteration out. */
export function* guarded(body: Iterable<Py>): Generator<Py> {
  try {
    yield* body;
  } catch (error) {
    if (error instanceof PythonError && error.type === "StopIteration")
      raise("RuntimeError", "generator raised StopIteration");
    throw error;
  }
}

/** An iterator over what a JavaScript generator gives. */
export function iterator(type: string, elements: Iterator<Py>): PyIterator {
  let isOver = false;
  return {
    kind: "iterator",
    type,
    next: () => {
      if (isOver) return undefined;
      const next = nextOf(elements);
      isOver = next === undefined;
      return next;
    },
  };
}

function iteratorType(machine: Machine, value: Py): string {
  switch (value.kind) {
    case "str":
      return /^[\0-\u007f]*$/u.test(value.text) && machine.minor >= 12 ? "str_ascii_iterator" : "str_iterator";
    case "dict":
      return "dict_keyiterator";
    case "dictView":
      return `${value.of.slice(0, -1)}iterator`;
    case "frozenset":
      return "set_iterator";
    case "range": {
      const isLarge = [value.start, value.stop, value.step].some((part) => part !== BigInt.asIntN(64, part));
      return isLarge ? "longrange_iterator" : "range_iterator";
    }
    default:
      return `${value.kind}_iterator`;
  }
}

/** `iter(value)`. */
export function iteratorOver(machine: Machine, value: Py): PyIterator {
  if (value.kind === "iterator") return value;
  checkIterable(machine, value);
  if (value.kind === "deque") return iterator("_collections._deque_iterator", eachOf(machine, value));
  return iterator(iteratorType(machine, value), eachOf(machine, value));
}
