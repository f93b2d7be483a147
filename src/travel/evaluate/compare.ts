// Equality, order, membership and identity, without asking any method of the program.
import { arrayItems, refuseForeignArray } from "./arrays.ts";
import { knownOrder } from "./classes.ts";
import { builtinBase, definedBy } from "./classLookup.ts";
import { refuse, typeError, valueError } from "./failures.ts";
import { isOwn } from "./keys.ts";
import type { Machine } from "./machine.ts";
import { numberOf, type PyNumber } from "./numbers.ts";
import { rangeLength } from "./ranges.ts";
import { eachOf } from "./iterate.ts";
import { isExceptionType, typeName } from "./types.ts";
import type { Py, PyRange, PySet } from "./values.ts";

/** Refuses for values of the program's own types and for what is not known. */
export function refuseOwn(value: Py, what: string): void {
  if (value.kind === "unknown") refuse(`It is not known here: ${value.reason}.`);
  refuseForeignArray(value);
  if (value.kind === "recorded" && isOwn(value))
    refuse(`${typeName(value)} may define its own ${what}, and the past runs no code of the program.`);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function numbersEqual(a: PyNumber, b: PyNumber): boolean {
  if (a.kind === "complex" || b.kind === "complex")
    return imaginaryPart(a) === imaginaryPart(b) && exactOrder(realPart(a), realPart(b)) === 0;
  return exactOrder(a.value, b.value) === 0;
}

function realPart(value: PyNumber): number | bigint {
  return value.kind === "complex" ? value.real : value.value;
}

function imaginaryPart(value: PyNumber): number {
  return value.kind === "complex" ? value.imaginary : 0;
}

/** -1, 0, 1, or NaN where there is no order. Mixed comparison of int and float is exact. */
function exactOrder(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : 0;
}

/** Values that Python finds equal because they are one object. */
function isSame(a: Py, b: Py): boolean {
  return a === b && a.kind !== "float" && a.kind !== "complex";
}

/** `a is b or a == b`, as containers compare their elements. */
function elementsEqual(machine: Machine, a: Py, b: Py): boolean {
  if (isSame(a, b)) return true;
  if (isNan(a) && isNan(b)) return refuse("Whether two nans are one object is not recorded.");
  return equal(machine, a, b);
}

function isNan(value: Py): boolean {
  return value.kind === "float" && Number.isNaN(value.value);
}

/** `a == b`. */
export function equal(machine: Machine, a: Py, b: Py): boolean {
  machine.work(1);
  if ((a.kind === "recorded" || b.kind === "recorded") && isByIdentity(machine, a) && isByIdentity(machine, b))
    return a === b;
  const [inA, inB] = [scalarInside(machine, a), scalarInside(machine, b)];
  if (inA !== undefined || inB !== undefined) return equal(machine, inA ?? a, inB ?? b);
  refuseOwn(a, "equality");
  refuseOwn(b, "equality");
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined || y !== undefined) return x !== undefined && y !== undefined && numbersEqual(x, y);
  switch (a.kind) {
    case "none":
    case "ellipsis":
    case "notImplemented":
      return a.kind === b.kind;
    case "str":
      return b.kind === "str" && a.text === b.text;
    case "bytes":
    case "bytearray":
      return (b.kind === "bytes" || b.kind === "bytearray") && sameBytes(wholeBytes(a), wholeBytes(b));
    case "list":
    case "tuple":
    case "deque":
      return b.kind === a.kind && sequencesEqual(machine, a, b);
    case "set":
    case "frozenset":
      return isSet(b) && a.table.total === b.table.total && isSubset(a, b);
    case "dict":
      return b.kind === "dict" && dictsEqual(machine, a, b);
    case "range":
      return b.kind === "range" && rangesEqual(a, b);
    case "slice":
      return (
        b.kind === "slice" &&
        elementsEqual(machine, a.start, b.start) &&
        elementsEqual(machine, a.stop, b.stop) &&
        elementsEqual(machine, a.step, b.step)
      );
    case "dictView":
      if (b.kind !== "dictView" && !isSet(b)) return false;
      return refuse("Views of dicts are not compared in the past.");
    case "type":
    case "builtin":
      return b.kind === a.kind && a.name === b.name;
    case "method":
      return b.kind === "method" ? refuse("Methods of builtin types are not compared in the past.") : false;
    case "bound":
      return b.kind === "bound" && a.function === b.function && identical(machine, a.self, b.self);
    default:
      return a === b;
  }
}

/** True where the value's classes leave it to `object` what it is equal to, or are of `builtins`. */
function isByIdentity(machine: Machine, value: Py): boolean {
  if (value.kind === "unknown") return false;
  if (value.kind !== "recorded" || !isOwn(value)) return true;
  const order = knownOrder(machine, value);
  if (order === undefined || definedBy(order, ["__eq__", "__ne__"]) !== undefined) return false;
  const base = builtinBase(order);
  return base === "object" || base === "type" || isExceptionType(base);
}

/** The int, str … that an instance of a subclass is, where the subclass leaves equality to it. */
function scalarInside(machine: Machine, value: Py): Py | undefined {
  if (value.kind !== "recorded" || value.view.kind !== "scalar" || value.view.value === undefined) return undefined;
  const order = knownOrder(machine, value);
  if (order === undefined || definedBy(order, ["__eq__", "__ne__"]) !== undefined) return undefined;
  return machine.wrap(value.view.value);
}

export function wholeBytes(value: Extract<Py, { kind: "bytes" | "bytearray" }>): Uint8Array {
  if (value.kind === "bytearray" && value.bytes.length < value.total)
    refuse(`Only the first ${value.bytes.length} of ${value.total} bytes were kept.`);
  return value.bytes;
}

export function isSet(value: Py): value is PySet {
  return value.kind === "set" || value.kind === "frozenset";
}

export function isSubset(a: PySet, b: PySet): boolean {
  return a.table.total <= b.table.total && a.table.all().every((element) => b.table.has(element));
}

type Sequence = Extract<Py, { kind: "list" | "tuple" | "deque" }>;

function sequencesEqual(machine: Machine, a: Sequence, b: Sequence): boolean {
  if (a.items.total !== b.items.total) return false;
  if (a === b) return true;
  const [x, y] = [a.items.all(), b.items.all()];
  return machine.deeper(() =>
    x.every((item, index) => {
      const other = y[index];
      return other !== undefined && elementsEqual(machine, item, other);
    }),
  );
}

type Dict = Extract<Py, { kind: "dict" }>;

function dictsEqual(machine: Machine, a: Dict, b: Dict): boolean {
  if (a.type === "collections.OrderedDict" && b.type === "collections.OrderedDict" && a !== b)
    return refuse("Two OrderedDicts are not compared in the past.");
  if (a.type === "collections.Counter" || b.type === "collections.Counter")
    return refuse("A Counter is not compared in the past.");
  if (a.table.total !== b.table.total) return false;
  if (a === b) return true;
  return machine.deeper(() =>
    a.table.all().every(({ key, value }) => {
      const other = b.table.find(key);
      return other !== undefined && elementsEqual(machine, value, other.value);
    }),
  );
}

function rangesEqual(a: PyRange, b: PyRange): boolean {
  const length = rangeLength(a);
  if (length !== rangeLength(b)) return false;
  return length === 0n || (a.start === b.start && (length === 1n || a.step === b.step));
}

export type OrderOperator = "<" | "<=" | ">" | ">=";

function holds(operator: OrderOperator, order: number): boolean {
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

function textOrder(a: string, b: string): number {
  if (a === b) return 0;
  const [x, y] = [Array.from(a), Array.from(b)];
  const at = x.findIndex((character, index) => character !== y[index]);
  const [p, q] = [x[at]?.codePointAt(0) ?? -1, y[at === -1 ? x.length : at]?.codePointAt(0) ?? -1];
  return p < q ? -1 : 1;
}

/** `a < b` and its like. */
export function ordered(machine: Machine, operator: OrderOperator, a: Py, b: Py): boolean {
  machine.work(1);
  refuseOwn(a, "order");
  refuseOwn(b, "order");
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined && y !== undefined && x.kind !== "complex" && y.kind !== "complex")
    return holds(operator, exactOrder(x.value, y.value));
  if (a.kind === "str" && b.kind === "str") return holds(operator, textOrder(a.text, b.text));
  if (isBytesLike(a) && isBytesLike(b)) return holds(operator, bytesOrder(wholeBytes(a), wholeBytes(b)));
  if (isSequence(a) && isSequence(b) && a.kind === b.kind) return sequenceOrder(machine, operator, a, b);
  if (isSet(a) && isSet(b)) return setOrder(operator, a, b);
  if (a.kind === "slice" && b.kind === "slice") return refuse("Slices are not ordered in the past.");
  if ((a.kind === "dictView" || isSet(a)) && (b.kind === "dictView" || isSet(b)))
    return refuse("Views of dicts are not compared in the past.");
  if (a.kind === "dict" && b.kind === "dict" && (a.type !== "dict" || b.type !== "dict"))
    return refuse("These dicts are not compared in the past.");
  return typeError(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

function isBytesLike(value: Py): value is Extract<Py, { kind: "bytes" | "bytearray" }> {
  return value.kind === "bytes" || value.kind === "bytearray";
}

function isSequence(value: Py): value is Sequence {
  return value.kind === "list" || value.kind === "tuple" || value.kind === "deque";
}

function bytesOrder(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  if (at === -1) return a.length - b.length;
  return (a[at] ?? -1) - (b[at] ?? -1);
}

function sequenceOrder(machine: Machine, operator: OrderOperator, a: Sequence, b: Sequence): boolean {
  const [x, y] = [a.items.all(), b.items.all()];
  return machine.deeper(() => {
    for (const [index, item] of x.entries()) {
      const other = y[index];
      if (other === undefined) break;
      if (!elementsEqual(machine, item, other)) return ordered(machine, operator, item, other);
    }
    return holds(operator, x.length - y.length);
  });
}

function setOrder(operator: OrderOperator, a: PySet, b: PySet): boolean {
  switch (operator) {
    case "<":
      return a.table.total < b.table.total && isSubset(a, b);
    case "<=":
      return isSubset(a, b);
    case ">":
      return b.table.total < a.table.total && isSubset(b, a);
    case ">=":
      return isSubset(b, a);
  }
}

/** `element in container`. */
export function contains(machine: Machine, container: Py, element: Py): boolean {
  if (arrayItems(machine, container) !== undefined) {
    for (const one of eachOf(machine, container)) if (elementsEqual(machine, one, element)) return true;
    return false;
  }
  refuseOwn(container, "membership");
  switch (container.kind) {
    case "str":
      refuseOwn(element, "type");
      if (element.kind !== "str")
        return typeError(`'in <string>' requires string as left operand, not ${typeName(element)}`);
      return container.text.includes(element.text);
    case "bytes":
    case "bytearray":
      return bytesContain(wholeBytes(container), element);
    case "dict":
      return container.table.find(element) !== undefined;
    case "set":
    case "frozenset":
      if (isSet(element) && element.kind === "set") return refuse("A set inside a set is not looked up in the past.");
      return container.table.has(element);
    case "range":
      return rangeContains(container, element);
    case "dictView":
      return viewContains(machine, container, element);
    case "list":
    case "tuple":
    case "deque":
    case "iterator": {
      for (const one of eachOf(machine, container)) if (elementsEqual(machine, one, element)) return true;
      return false;
    }
    default: {
      const words = machine.minor >= 14 ? "a container or iterable" : "iterable";
      return typeError(`argument of type '${typeName(container)}' is not ${words}`);
    }
  }
}

function viewContains(machine: Machine, view: Extract<Py, { kind: "dictView" }>, element: Py): boolean {
  const { table } = view.dict;
  if (view.of === "dict_keys") return table.find(element) !== undefined;
  if (view.of === "dict_values") return table.all().some(({ value }) => elementsEqual(machine, value, element));
  if (element.kind !== "tuple" || element.items.total !== 2) {
    refuseOwn(element, "type");
    return false;
  }
  const [key, value] = element.items.all();
  if (key === undefined || value === undefined) return false;
  const found = table.find(key);
  return found !== undefined && elementsEqual(machine, found.value, value);
}

function bytesContain(container: Uint8Array, element: Py): boolean {
  refuseOwn(element, "type");
  const number = numberOf(element);
  if (number?.kind === "int") {
    if (number.value < 0n || number.value > 255n) return valueError("byte must be in range(0, 256)");
    return container.includes(Number(number.value));
  }
  if (!isBytesLike(element)) return typeError(`a bytes-like object is required, not '${typeName(element)}'`);
  return findBytes(container, wholeBytes(element), 0, container.length) >= 0;
}

/** First place of `part` at or after `from` that ends by `to`; -1 when there is none. */
export function findBytes(whole: Uint8Array, part: Uint8Array, from: number, to: number): number {
  for (let at = from; at + part.length <= to; at++)
    if (part.every((byte, index) => whole[at + index] === byte)) return at;
  return -1;
}

function rangeContains(range: PyRange, element: Py): boolean {
  const number = numberOf(element);
  if (element.kind === "int" || element.kind === "bool") {
    const at = number?.kind === "int" ? number.value : 0n;
    const isInside = range.step > 0n ? at >= range.start && at < range.stop : at <= range.start && at > range.stop;
    return isInside && (at - range.start) % range.step === 0n;
  }
  refuseOwn(element, "equality");
  if (number === undefined) return false;
  const value = realPart(number);
  const isWhole =
    typeof value === "number" && Number.isInteger(value) && numbersEqual(number, { kind: "float", value });
  return isWhole && rangeContains(range, { kind: "int", value: BigInt(value) });
}

/** Small ints are one object each in every CPython. */
function isShared(value: Py): boolean {
  return (
    (value.kind === "int" && value.value >= -5n && value.value <= 256n) ||
    ((value.kind === "str" || value.kind === "bytes") &&
      (value.kind === "str" ? value.text : value.bytes).length === 0) ||
    (value.kind === "tuple" && value.items.total === 0)
  );
}

const scalars: ReadonlySet<Py["kind"]> = new Set(["int", "float", "complex", "str", "bytes"]);

function objectOf(value: Py): number {
  if (value.kind === "unknown") return value.value.kind === "object" ? value.value.object : 0;
  return "object" in value ? value.object : 0;
}

/** `a is b`, where it is known. */
export function identical(machine: Machine, a: Py, b: Py): boolean {
  const [x, y] = [objectOf(a), objectOf(b)];
  if (x !== 0 || y !== 0) {
    const isShareable = a.kind === "tuple" && b.kind === "tuple" && a.items.total === 0 && b.items.total === 0;
    return isShareable || x === y;
  }
  if (a.kind === "unknown" || b.kind === "unknown") return refuse("Whether these are one object is not recorded.");
  if (a.kind !== b.kind) return false;
  if (scalars.has(a.kind)) {
    if (isNan(a) && isNan(b)) return refuse("Whether two nans are one object is not recorded.");
    if (!equal(machine, a, b)) return false;
    return isShared(a) || refuse(`Whether two equal ${typeName(a)} are one object is not recorded.`);
  }
  switch (a.kind) {
    case "none":
    case "ellipsis":
    case "notImplemented":
      return true;
    case "bool":
      return b.kind === "bool" && a.value === b.value;
    case "type":
    case "builtin":
      return "name" in b && a.name === b.name;
    case "tuple":
    case "frozenset":
    case "range":
    case "slice":
      if (a === b || !equal(machine, a, b)) return a === b;
      return isShared(a) || refuse(`Whether two equal ${typeName(a)} are one object is not known in the past.`);
    case "method":
      return a === b;
    default:
      return a === b;
  }
}
