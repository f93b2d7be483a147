// `int(…)`, `list(…)`, `dict(…)`: what the builtin types make when they are called.
import { between, indexOf, noKeywords, named, sizeOf, type Args } from "./args.ts";
import { bytesFrom } from "./byteSource.ts";
import { classOf } from "./classes.ts";
import { refuseOwn, wholeBytes } from "./compare.ts";
import { raise, refuse, typeError, unsure, valueError } from "./failures.ts";
import { allOf, eachOf, iterator, iteratorOver, list, tuple } from "./iterate.ts";
import type { Machine } from "./machine.ts";
import { floatOf, numberOf } from "./numbers.ts";
import { makeSet } from "./operators.ts";
import { floatFromText, readFloat, readInt } from "./readNumbers.ts";
import { makeRange, rangeLength } from "./ranges.ts";
import { text } from "./repr.ts";
import { DictTable, type Entry } from "./tables.ts";
import { decode, encode } from "./codecs.ts";
import { truth } from "./truth.ts";
import { isExceptionType, typeName } from "./types.ts";
import { bool, bytes, complex, float, int, none, str, type Py } from "./values.ts";
import { characters } from "./strings.ts";

export function callType(machine: Machine, name: string, args: Args): Py {
  switch (name) {
    case "bool": {
      noKeywords(name, args);
      const [value] = between(name, args, 0, 1);
      return bool(value !== undefined && truth(machine, value));
    }
    case "int":
      return makeInt(machine, args);
    case "float":
      return makeFloat(machine, args);
    case "complex":
      return makeComplex(args);
    case "str":
      return makeStr(machine, args);
    case "bytes":
    case "bytearray": {
      const made = makeBytes(machine, name, args);
      return name === "bytes" ? bytes(made) : { kind: "bytearray", bytes: made, total: made.length, object: 0 };
    }
    case "list":
    case "tuple": {
      noKeywords(name, args);
      const [source] = between(name, args, 0, 1);
      if (name === "tuple" && source?.kind === "tuple") return source;
      const items = source === undefined ? [] : allOf(machine, source);
      return name === "list" ? list(items) : tuple(items);
    }
    case "set":
    case "frozenset": {
      noKeywords(name, args);
      const [source] = between(name, args, 0, 1);
      if (name === "frozenset" && source?.kind === "frozenset") return source;
      return makeSet(machine, name, source === undefined ? [] : eachOf(machine, source, "any"));
    }
    case "dict":
      return makeDict(machine, args);
    case "range":
      return range(args);
    case "slice": {
      noKeywords(name, args);
      const [first = none, second, third = none] = between(name, args, 1, 3);
      return second === undefined
        ? { kind: "slice", start: none, stop: first, step: none, object: 0 }
        : { kind: "slice", start: first, stop: second, step: third, object: 0 };
    }
    case "type":
      return typeOf(machine, args);
    default:
      return iterating(machine, name, args);
  }
}

function typeOf(machine: Machine, args: Args): Py {
  const [value] = args.positional;
  if (args.keywords.size > 0 || args.positional.length === 3) return refuse("No class is made in the past.");
  if (value === undefined || args.positional.length !== 1) return typeError("type() takes 1 or 3 arguments");
  return classOf(machine, value);
}

function makeInt(machine: Machine, args: Args): Py {
  const [value, base] = named("int()", args, ["x", "base"]);
  if (args.keywords.has("x")) return unsure("int() takes no x");
  if (base !== undefined) {
    if (value === undefined) return typeError("int() missing string argument");
    const radix = sizeOf(base);
    if (radix !== 0 && (radix < 2 || radix > 36)) return valueError("int() base must be >= 2 and <= 36, or 0");
    if (value.kind === "str") return int(readInt(machine, value.text, radix, value));
    if (value.kind === "bytes") return int(readInt(machine, latin(value.bytes), radix, value));
    refuseOwn(value, "type");
    return typeError("int() can't convert non-string with explicit base");
  }
  if (value === undefined) return int(0);
  const number = numberOf(value);
  if (number?.kind === "int") return number;
  if (number?.kind === "float") {
    if (Number.isNaN(number.value)) return valueError("cannot convert float NaN to integer");
    if (!Number.isFinite(number.value)) return raise("OverflowError", "cannot convert float infinity to integer");
    return int(BigInt(Math.trunc(number.value)));
  }
  if (value.kind === "str") return int(readInt(machine, value.text, 10, value));
  if (value.kind === "bytes") return int(readInt(machine, latin(value.bytes), 10, value));
  refuseOwn(value, "__int__");
  if (value.kind === "bytearray") return refuse("A bytearray is not read in the past.");
  const real = machine.minor >= 10 ? "a real number" : "a number";
  return typeError(`int() argument must be a string, a bytes-like object or ${real}, not '${typeName(value)}'`);
}

function latin(value: Uint8Array): string {
  return Array.from(value, (byte) => String.fromCharCode(byte)).join("");
}

function makeFloat(machine: Machine, args: Args): Py {
  noKeywords("float", args);
  const [value] = between("float", args, 0, 1);
  if (value === undefined) return float(0);
  const number = numberOf(value);
  if (number !== undefined && number.kind !== "complex") return float(floatOf(number));
  if (value.kind === "str") return float(readFloat(machine, value.text));
  if (value.kind === "bytes") return float(readFloat(machine, latin(value.bytes), value));
  refuseOwn(value, "__float__");
  if (value.kind === "bytearray") return refuse("A bytearray is not read in the past.");
  const real = machine.minor >= 10 ? "a real number" : "a number";
  return typeError(`float() argument must be a string or ${real}, not '${typeName(value)}'`);
}

function makeComplex(args: Args): Py {
  const [real, imaginary] = named("complex()", args, ["real", "imag"]);
  if (real?.kind === "str") return complexFromText(real.text, imaginary);
  const [x, y] = [real ?? int(0), imaginary].map((one) => (one === undefined ? undefined : numberOf(one)));
  if (x === undefined || (imaginary !== undefined && y === undefined)) return unsure("complex() needs numbers");
  if (y === undefined) return x.kind === "complex" ? x : complex(floatOf(x), 0);
  if (x.kind === "complex" || y.kind === "complex") return refuse("This complex is not made in the past.");
  return complex(floatOf(x), floatOf(y));
}

function complexFromText(source: string, imaginary: Py | undefined): Py {
  if (imaginary !== undefined) return unsure("complex() takes one text");
  const real = floatFromText(source);
  return real === undefined ? refuse("This text is not read as a complex in the past.") : complex(real, 0);
}

function makeStr(machine: Machine, args: Args): Py {
  const [value, encoding, errors] = named("str()", args, ["object", "encoding", "errors"]);
  if (encoding === undefined && errors === undefined) return str(value === undefined ? "" : text(machine, value));
  if (value === undefined) return str("");
  if (value.kind !== "bytes" && value.kind !== "bytearray") return unsure("decoding needs bytes");
  return decode(wholeBytes(value), encoding, errors);
}

function makeBytes(machine: Machine, name: "bytes" | "bytearray", args: Args): Uint8Array {
  const [source, encoding, errors] = named(`${name}()`, args, ["source", "encoding", "errors"]);
  if (encoding !== undefined || errors !== undefined)
    return source?.kind === "str"
      ? encode(source.text, encoding, errors)
      : unsure("encoding without a string argument");
  if (source === undefined) return new Uint8Array();
  if (source.kind === "str") return typeError("string argument without an encoding");
  if (source.kind === "bytes" || source.kind === "bytearray") return wholeBytes(source);
  const number = numberOf(source);
  if (number?.kind === "int") {
    if (number.value !== BigInt.asIntN(64, number.value))
      return raise("OverflowError", "cannot fit 'int' into an index-sized integer");
    if (number.value < 0n) return valueError("negative count");
    machine.room(number.value);
    return new Uint8Array(Number(number.value));
  }
  return bytesFrom(machine, source, name);
}

function pairOf(machine: Machine, element: Py, index: number): Entry {
  if (element.kind === "recorded" || element.kind === "unknown") return refuse("This is no pair that is known.");
  const parts = ((): readonly Py[] => {
    if (
      ["list", "tuple", "str", "set", "frozenset", "dict", "bytes", "range", "iterator", "dictView"].includes(
        element.kind,
      )
    )
      return allOf(machine, element);
    if (machine.minor >= 14) return typeError("object is not iterable");
    return typeError(`cannot convert dictionary update sequence element #${index} to a sequence`);
  })();
  const [key, value] = parts;
  if (key === undefined || value === undefined || parts.length !== 2)
    return valueError(`dictionary update sequence element #${index} has length ${parts.length}; 2 is required`);
  return { key, value };
}

function* pairsOf(machine: Machine, source: Py): Generator<Entry> {
  if (source.kind === "dict") {
    yield* source.table.all();
    return;
  }
  let index = 0;
  for (const element of eachOf(machine, source)) yield pairOf(machine, element, index++);
}

function makeDict(machine: Machine, args: Args): Py {
  const [source] = between("dict", args, 0, 1);
  const pairs = source === undefined ? [] : pairsOf(machine, source);
  const keywords = Array.from(args.keywords, ([key, value]) => ({ key: str(key), value }));
  function* all(): Generator<Entry> {
    yield* pairs;
    yield* keywords;
  }
  return { kind: "dict", type: "dict", table: DictTable.of(machine, all()), object: 0 };
}

function range(args: Args): Py {
  noKeywords("range", args);
  const [first, second, third] = between("range", args, 1, 3).map((one) => indexOf(one));
  if (first === undefined) return refuse("A range needs an end.");
  if (second === undefined) return makeRange(0n, first, 1n);
  if (third === 0n) return valueError("range() arg 3 must not be zero");
  return makeRange(first, second, third ?? 1n);
}

/** Types whose instances are iterators over others. */
function iterating(machine: Machine, name: string, args: Args): Py {
  switch (name) {
    case "enumerate": {
      const [source, start] = named("enumerate()", args, ["iterable", "start"], 1);
      if (source === undefined) return unsure("enumerate() needs an iterable");
      const first = start === undefined ? 0n : indexOf(start);
      return iterator("enumerate", numbered(first, iteratorOver(machine, source).next));
    }
    case "zip":
      return zip(machine, args);
    case "map": {
      noKeywords("map", args);
      const [callee, ...sources] = args.positional;
      if (callee === undefined || sources.length === 0)
        return machine.minor >= 15 ? unsure("map() needs more") : typeError("map() must have at least two arguments.");
      const nexts = sources.map((source) => iteratorOver(machine, source).next);
      return iterator("map", mapped(machine, callee, nexts));
    }
    case "filter": {
      noKeywords("filter", args);
      const [test, source] = between("filter", args, 2, 2);
      if (test === undefined || source === undefined) return unsure("filter() needs two arguments");
      return iterator("filter", filtered(machine, test, iteratorOver(machine, source).next));
    }
    case "reversed": {
      noKeywords("reversed", args);
      const [source] = between("reversed", args, 1, 1);
      return source === undefined ? unsure("reversed() needs an argument") : reversed(machine, source);
    }
    case "object":
      return refuse("A new object would be like no other in the recording.");
    default:
      if (isExceptionType(name)) return refuse("No exception is made in the past.");
      return refuse(`${name} is not called in the past.`);
  }
}

type Next = () => Py | undefined;

function* numbered(first: bigint, next: Next): Generator<Py> {
  let index = first;
  for (let value = next(); value !== undefined; value = next()) yield tuple([int(index++), value]);
}

function* mapped(machine: Machine, callee: Py, nexts: readonly Next[]): Generator<Py> {
  while (true) {
    const values: Py[] = [];
    for (const next of nexts) {
      const value = next();
      if (value === undefined) return;
      values.push(value);
    }
    yield machine.call(callee, values);
  }
}

function* filtered(machine: Machine, test: Py, next: Next): Generator<Py> {
  for (let value = next(); value !== undefined; value = next())
    if (truth(machine, test.kind === "none" ? value : machine.call(test, [value]))) yield value;
}

function zip(machine: Machine, args: Args): Py {
  const strict = args.keywords.get("strict");
  if (args.keywords.size > (strict === undefined ? 0 : 1)) return unsure("zip() takes no such argument");
  if (strict !== undefined && machine.minor < 10) return typeError("zip() takes no keyword arguments");
  const nexts = args.positional.map((source) => iteratorOver(machine, source).next);
  return iterator("zip", zipped(nexts, strict !== undefined && truth(machine, strict)));
}

function* zipped(nexts: readonly Next[], isStrict: boolean): Generator<Py> {
  while (nexts.length > 0) {
    const values: Py[] = [];
    for (const [index, next] of nexts.entries()) {
      const value = next();
      if (value === undefined) {
        if (isStrict) checkLengths(nexts, index);
        return;
      }
      values.push(value);
    }
    yield tuple(values);
  }
}

/** The iterator at `index` has ended: those before it have given one more, those after it must have ended too. */
function checkLengths(nexts: readonly Next[], index: number): void {
  function before(count: number): string {
    return count === 1 ? "argument 1" : `arguments 1-${count}`;
  }
  if (index > 0) valueError(`zip() argument ${index + 1} is shorter than ${before(index)}`);
  for (const [at, next] of nexts.entries())
    if (at > 0 && next() !== undefined) valueError(`zip() argument ${at + 1} is longer than ${before(at)}`);
}

function reversed(machine: Machine, source: Py): Py {
  switch (source.kind) {
    case "list":
      return iterator("list_reverseiterator", source.items.all().toReversed().values());
    case "tuple":
      return iterator("reversed", source.items.all().toReversed().values());
    case "str":
      return iterator(
        "reversed",
        characters(source.text)
          .map((one) => str(one))
          .toReversed()
          .values(),
      );
    case "bytes":
    case "bytearray":
      return iterator(
        "reversed",
        Array.from(wholeBytes(source), (byte) => int(byte))
          .toReversed()
          .values(),
      );
    case "range": {
      const length = rangeLength(source);
      const last = source.start + (length - 1n) * source.step;
      const back = length === 0n ? makeRange(0n, 0n, 1n) : makeRange(last, source.start - source.step, -source.step);
      return iterator("range_iterator", eachOf(machine, back));
    }
    case "dict":
      if (source.type !== "dict") return refuse("This dict is not reversed in the past.");
      return iterator("dict_reversekeyiterator", allOf(machine, source).toReversed().values());
    case "dictView":
      return iterator(
        `${source.of.replace("dict_", "dict_reverse").slice(0, -1)}iterator`,
        allOf(machine, source).toReversed().values(),
      );
    case "recorded":
    case "unknown":
    case "deque":
      refuseOwn(source, "order");
      return refuse("This is not reversed in the past.");
    default:
      return typeError(`'${typeName(source)}' object is not reversible`);
  }
}
