// The functions of `builtins` that only compute; the others are refused by name.
import { isPlainArray } from "./arrays.ts";
import { between, flagOf, indexOf, intArgument, named, noKeywords, oneArgument, type Args } from "./args.ts";
import { attributeOf } from "./attributes.ts";
import { knownOrder } from "./classes.ts";
import { lookUp } from "./classLookup.ts";
import { isInstance, isSubclass } from "./instances.ts";
import { refuseOwn } from "./compare.ts";
import { PythonError, raise, refuse, typeError, unsure, valueError } from "./failures.ts";
import { format } from "./formatSpec.ts";
import { hash } from "./hashes.ts";
import { eachOf, iteratorOver, list, tuple } from "./iterate.ts";
import type { Machine } from "./machine.ts";
import { divideModulo, modularPower, numberOf } from "./numbers.ts";
import { binary } from "./operators.ts";
import { rangeLength } from "./ranges.ts";
import { ascii, repr } from "./repr.ts";
import { round } from "./rounding.ts";
import { extreme, sorted } from "./sorting.ts";
import { elementsForSum, sum } from "./sums.ts";
import { characters, lengthOf } from "./strings.ts";
import { truth } from "./truth.ts";
import { argumentType, typeName } from "./types.ts";
import { bool, float, int, str, type Py } from "./values.ts";

type Function = (machine: Machine, args: Args) => Py;

const functions: ReadonlyMap<string, Function> = new Map<string, Function>([
  ["abs", (_, args) => absolute(oneArgument("abs", args))],
  ["all", (machine, args) => bool(every(machine, oneArgument("all", args)))],
  ["any", (machine, args) => bool(some(machine, oneArgument("any", args)))],
  ["ascii", (machine, args) => str(ascii(machine, oneArgument("ascii", args)))],
  ["bin", (_, args) => str(radix("0b", 2, oneArgument("bin", args)))],
  ["callable", (machine, args) => bool(isCallable(machine, oneArgument("callable", args)))],
  ["chr", (machine, args) => chr(machine, oneArgument("chr", args))],
  ["divmod", divmod],
  ["format", formatted],
  ["getattr", getattr],
  ["hasattr", hasattr],
  ["hash", (machine, args) => int(hash(machine, oneArgument("hash", args)))],
  ["hex", (_, args) => str(radix("0x", 16, oneArgument("hex", args)))],
  ["isinstance", (machine, args) => bool(instance(machine, args))],
  ["issubclass", (machine, args) => bool(subclass(machine, args))],
  ["iter", iterate],
  ["len", (_, args) => int(length(oneArgument("len", args)))],
  ["max", (machine, args) => smallest(machine, "max", args)],
  ["min", (machine, args) => smallest(machine, "min", args)],
  ["next", next],
  ["oct", (_, args) => str(radix("0o", 8, oneArgument("oct", args)))],
  ["ord", (_, args) => int(ord(oneArgument("ord", args)))],
  ["pow", pow],
  ["repr", (machine, args) => str(repr(machine, oneArgument("repr", args)))],
  ["round", rounded],
  ["sorted", sortedList],
  ["sum", summed],
]);

export function builtinFunction(machine: Machine, name: string, args: Args): Py {
  const found = functions.get(name);
  if (found !== undefined) return found(machine, args);
  if (name === "id") return refuse("Addresses are not recorded.");
  return refuse(`${name} is not called in the past: it would do something, or look at more than is recorded.`);
}

function absolute(value: Py): Py {
  const number = numberOf(value);
  if (number === undefined) {
    refuseOwn(value, "__abs__");
    return typeError(`bad operand type for abs(): '${typeName(value)}'`);
  }
  if (number.kind === "int") return int(number.value < 0n ? -number.value : number.value);
  if (number.kind === "float") return float(Math.abs(number.value));
  return magnitude(number.real, number.imaginary);
}

/** Exact where one part is zero; elsewhere the last digit depends on the machine. */
function magnitude(real: number, imaginary: number): Py {
  if (real === 0) return float(Math.abs(imaginary));
  if (imaginary === 0) return float(Math.abs(real));
  const [x, y] = [Math.abs(real), Math.abs(imaginary)];
  const isExact = Number.isInteger(x) && Number.isInteger(y) && x < 2 ** 25 && y < 2 ** 25;
  const root = Math.sqrt(x * x + y * y);
  if (isExact) return float(root);
  return refuse("The last digit of this depends on the machine that made the recording.");
}

function every(machine: Machine, source: Py): boolean {
  for (const value of eachOf(machine, source, "any")) if (!truth(machine, value)) return false;
  return true;
}

function some(machine: Machine, source: Py): boolean {
  for (const value of eachOf(machine, source, "any")) if (truth(machine, value)) return true;
  return false;
}

function radix(prefix: string, base: number, value: Py): string {
  const number = indexOf(value);
  return number < 0n ? `-${prefix}${(-number).toString(base)}` : prefix + number.toString(base);
}

/** One of its classes is seen to define `__call__`. */
function hasCall(machine: Machine, value: Py): boolean {
  const order = knownOrder(machine, value) ?? [];
  return lookUp(machine, order, "__call__").kind === "recorded";
}

function isCallable(machine: Machine, value: Py): boolean {
  switch (value.kind) {
    case "builtin":
    case "type":
    case "method":
    case "lambda":
    case "bound":
      return true;
    case "recorded":
      if (["function", "method", "class"].includes(value.view.kind)) return true;
      if (["module", "generator", "coroutine", "asyncGenerator", "cell"].includes(value.view.kind)) return false;
      if (hasCall(machine, value)) return true;
      return refuse(`Whether ${typeName(value)} can be called is not recorded.`);
    case "unknown":
      return refuse(`It is not known here: ${value.reason}.`);
    default:
      return false;
  }
}

function chr(machine: Machine, value: Py): Py {
  const number = numberOf(value);
  if (number?.kind !== "int") return str(String(intArgument(machine, value)));
  if (number.value !== BigInt.asIntN(32, number.value) && machine.minor < 13) {
    return raise("OverflowError", "Python int too large to convert to C int");
  }
  if (number.value < 0n || number.value > 0x10_ffffn) return valueError("chr() arg not in range(0x110000)");
  return str(String.fromCodePoint(Number(number.value)));
}

function ord(value: Py): number {
  switch (value.kind) {
    case "str": {
      const all = characters(value.text);
      if (all.length === 1) return all[0]?.codePointAt(0) ?? 0;
      return typeError(`ord() expected a character, but string of length ${all.length} found`);
    }
    case "bytes":
    case "bytearray":
      if (value.bytes.length === 1) return value.bytes[0] ?? 0;
      return typeError(`ord() expected a character, but string of length ${value.bytes.length} found`);
    default:
      refuseOwn(value, "type");
      return typeError(`ord() expected string of length 1, but ${typeName(value)} found`);
  }
}

export function length(value: Py): bigint | number {
  if (value.kind === "recorded" && isPlainArray(value)) return value.view.itemsTotal;
  refuseOwnLength(value);
  switch (value.kind) {
    case "list":
    case "tuple":
    case "deque":
      return value.items.total;
    case "str":
      return lengthOf(value.text);
    case "bytes":
      return value.bytes.length;
    case "bytearray":
      return value.total;
    case "dict":
    case "set":
    case "frozenset":
      return value.table.total;
    case "dictView":
      return value.dict.table.total;
    case "range": {
      const size = rangeLength(value);
      if (size >= 1n << 63n) return raise("OverflowError", "Python int too large to convert to C ssize_t");
      return size;
    }
    case "unknown":
      if (value.value.kind === "str" || value.value.kind === "bytes") return value.value.total;
      return refuse(`It is not known here: ${value.reason}.`);
    default:
      return typeError(`object of type '${typeName(value)}' has no len()`);
  }
}

function refuseOwnLength(value: Py): void {
  if (value.kind !== "unknown") refuseOwn(value, "length");
}

function divmod(machine: Machine, args: Args): Py {
  noKeywords("divmod", args);
  const [a, b] = between("divmod", args, 2, 2);
  if (a === undefined || b === undefined) return unsure("divmod() needs two arguments");
  refuseOwn(a, "operators");
  refuseOwn(b, "operators");
  const [x, y] = [numberOf(a), numberOf(b)];
  if ((x?.kind === "complex" || y?.kind === "complex") && machine.minor < 10)
    return typeError("can't take floor or mod of complex number.");
  if (x === undefined || y === undefined || x.kind === "complex" || y.kind === "complex")
    return typeError(`unsupported operand type(s) for divmod(): '${typeName(a)}' and '${typeName(b)}'`);
  return tuple(divideModulo(machine, x, y));
}

function formatted(machine: Machine, args: Args): Py {
  noKeywords("format", args);
  const [value, spec] = between("format", args, 1, 2);
  if (value === undefined) return unsure("format() needs an argument");
  if (spec !== undefined && spec.kind !== "str") {
    refuseOwn(spec, "type");
    return typeError(`format() argument 2 must be str, not ${argumentType(spec)}`);
  }
  return str(format(machine, value, spec?.text ?? ""));
}

function attributeName(machine: Machine, function_: string, name: Py | undefined): string {
  if (name === undefined) return unsure("an attribute name is needed");
  if (name.kind === "str") return name.text;
  refuseOwn(name, "type");
  return typeError(
    machine.minor >= 11
      ? `attribute name must be string, not '${typeName(name)}'`
      : `${function_}(): attribute name must be string`,
  );
}

function getattr(machine: Machine, args: Args): Py {
  noKeywords("getattr", args);
  const [value, name, fallback] = between("getattr", args, 2, 3);
  if (value === undefined) return unsure("getattr() needs a value");
  const attribute = attributeName(machine, "getattr", name);
  return orWithout(
    () => attributeOf(machine, value, attribute),
    (error) => {
      if (fallback === undefined) throw error;
      return fallback;
    },
  );
}

/** The value, or what stands for it where there is no such attribute. */
function orWithout<T>(found: () => T, without: (error: PythonError) => T): T {
  try {
    return found();
  } catch (error) {
    if (error instanceof PythonError && error.type === "AttributeError") return without(error);
    throw error;
  }
}

function hasattr(machine: Machine, args: Args): Py {
  noKeywords("hasattr", args);
  const [value, name] = between("hasattr", args, 2, 2);
  if (value === undefined) return unsure("hasattr() needs a value");
  const attribute = attributeName(machine, "hasattr", name);
  return bool(
    orWithout(
      () => {
        attributeOf(machine, value, attribute);
        return true;
      },
      () => false,
    ),
  );
}

function instance(machine: Machine, args: Args): boolean {
  noKeywords("isinstance", args);
  const [value, type] = between("isinstance", args, 2, 2);
  if (value === undefined || type === undefined) return unsure("isinstance() needs two arguments");
  return isInstance(machine, value, type);
}

function subclass(machine: Machine, args: Args): boolean {
  noKeywords("issubclass", args);
  const [value, type] = between("issubclass", args, 2, 2);
  if (value === undefined || type === undefined) return unsure("issubclass() needs two arguments");
  return isSubclass(machine, value, type);
}

function iterate(machine: Machine, args: Args): Py {
  noKeywords("iter", args);
  const [value, sentinel] = between("iter", args, 1, 2);
  if (value === undefined || sentinel !== undefined) return refuse("iter() with a sentinel is not run in the past.");
  return iteratorOver(machine, value);
}

function next(_: Machine, args: Args): Py {
  noKeywords("next", args);
  const [value, fallback] = between("next", args, 1, 2);
  if (value === undefined) return unsure("next() needs an argument");
  if (value.kind !== "iterator") {
    refuseOwn(value, "iteration");
    if (value.kind === "recorded") return refuse("A generator of the program does not run in the past.");
    return typeError(`'${typeName(value)}' object is not an iterator`);
  }
  return value.next() ?? fallback ?? raise("StopIteration", "");
}

function smallest(machine: Machine, name: "min" | "max", args: Args): Py {
  const key = args.keywords.get("key");
  const fallback = args.keywords.get("default");
  for (const keyword of args.keywords.keys())
    if (keyword !== "key" && keyword !== "default") return unsure(`${name}() takes no ${keyword}`);
  const [first, ...others] = args.positional;
  if (first === undefined) return typeError(`${name} expected at least 1 argument, got 0`);
  if (others.length > 0 && fallback !== undefined)
    return typeError(`Cannot specify a default for ${name}() with multiple positional arguments`);
  const test = key === undefined || key.kind === "none" ? undefined : key;
  const values = others.length > 0 ? args.positional : setOrEach(machine, first, test);
  const found = extreme(machine, name === "min" ? "<" : ">", values, test);
  if (found !== undefined) return found;
  return (
    fallback ??
    valueError(machine.minor >= 12 ? `${name}() iterable argument is empty` : `${name}() arg is an empty sequence`)
  );
}

/** The extreme of a set does not depend on its order when all its elements are ordered with each other. */
function setOrEach(machine: Machine, source: Py, key: Py | undefined): Iterable<Py> {
  const isUnordered = (source.kind === "set" || source.kind === "frozenset") && !source.isOrdered;
  if (!isUnordered || key !== undefined) return eachOf(machine, source);
  const elements = [...eachOf(machine, source, "any")];
  return areTotal(elements) ? elements : eachOf(machine, source);
}

/** All numbers without nan, or all texts. */
function areTotal(elements: readonly Py[]): boolean {
  return (
    elements.every((one) => {
      const number = numberOf(one);
      return number !== undefined && number.kind !== "complex" && !Number.isNaN(Number(number.value));
    }) || elements.every((one) => one.kind === "str")
  );
}

function sortedList(machine: Machine, args: Args): Py {
  const [source] = between("sorted", args, 1, 1);
  if (source === undefined) return unsure("sorted() needs an argument");
  for (const keyword of args.keywords.keys())
    if (keyword !== "key" && keyword !== "reverse") return unsure(`sorted() takes no ${keyword}`);
  const key = args.keywords.get("key");
  const test = key === undefined || key.kind === "none" ? undefined : key;
  const reverse = args.keywords.get("reverse");
  const values = [...setOrEach(machine, source, test)];
  const isReverse = reverse !== undefined && flagOf(machine, reverse);
  return list(sorted(machine, values, test, isReverse));
}

function pow(machine: Machine, args: Args): Py {
  const [base, exponent, modulus] = named("pow()", args, ["base", "exp", "mod"], 2);
  if (base === undefined || exponent === undefined) return unsure("pow() needs two arguments");
  if (modulus === undefined || modulus.kind === "none") return binary(machine, "**", base, exponent);
  const [x, y, z] = [base, exponent, modulus].map((one) => {
    refuseOwn(one, "operators");
    return numberOf(one);
  });
  if (x?.kind === "int" && y?.kind === "int" && z?.kind === "int") {
    machine.room(y.value < 0n ? -y.value >> 62n : y.value >> 62n);
    return int(modularPower(x.value, y.value, z.value));
  }
  for (const one of [x, y, z]) {
    if (one?.kind === "float") return typeError("pow() 3rd argument not allowed unless all arguments are integers");
    if (one?.kind === "complex") return unsure("pow() with three arguments takes no complex");
  }
  const types = [base, exponent, modulus].map((one) => `'${typeName(one)}'`).join(", ");
  return typeError(`unsupported operand type(s) for ${machine.minor >= 10 ? "** or " : ""}pow(): ${types}`);
}

function rounded(_: Machine, args: Args): Py {
  const [value, digits] = named("round()", args, ["number", "ndigits"], 1);
  return value === undefined ? unsure("round() needs an argument") : round(value, digits);
}

function summed(machine: Machine, args: Args): Py {
  const [source, start] = named("sum()", args, ["iterable", "start"], 1);
  if (source === undefined || args.keywords.has("iterable")) return unsure("sum() needs an iterable");
  if (source.kind === "iterator") return sum(machine, eachOf(machine, source), start ?? int(0));
  return sum(machine, elementsForSum(machine, source), start ?? int(0));
}
