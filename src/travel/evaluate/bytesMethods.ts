// Methods of bytes and bytearray that change nothing.
import { between, named, noArguments, oneArgument, sizeOf, type Args } from "./args.ts";
import { decode } from "./codecs.ts";
import { wholeBytes } from "./compare.ts";
import { refuse, typeError, unsure, valueError } from "./failures.ts";
import { eachOf, list, tuple } from "./iterate.ts";
import type { Machine } from "./machine.ts";
import { numberOf } from "./numbers.ts";
import * as tools from "./textTools.ts";
import { typeName } from "./types.ts";
import { bool, bytes, int, str, type Py, type PyByteArray, type PyBytes } from "./values.ts";

type Receiver = PyBytes | PyByteArray;

function like(receiver: Receiver, value: readonly number[]): Py {
  const made = bytes(value);
  if (receiver.kind === "bytes") return made;
  return { kind: "bytearray", bytes: made.bytes, total: value.length, object: 0 };
}

function isBlank(byte: number): boolean {
  return (byte >= 9 && byte <= 13) || byte === 32;
}

function raw(value: Py | undefined): readonly number[] {
  if (value?.kind === "bytes" || value?.kind === "bytearray") return Array.from(wholeBytes(value));
  if (value === undefined || value.kind === "recorded" || value.kind === "unknown")
    return refuse("These are no bytes.");
  return typeError(`a bytes-like object is required, not '${typeName(value)}'`);
}

function asciiText(whole: readonly number[]): string {
  return whole.map((byte) => String.fromCharCode(byte)).join("");
}

const tests: Readonly<Record<string, (text: string) => boolean>> = {
  isalnum: (text) => /^[A-Za-z0-9]+$/u.test(text),
  isalpha: (text) => /^[A-Za-z]+$/u.test(text),
  isdigit: (text) => /^[0-9]+$/u.test(text),
  isspace: (text) => /^[\t-\r ]+$/u.test(text),
  isascii: (text) => /^[\0-\u007f]*$/u.test(text),
  islower: (text) => /[a-z]/u.test(text) && !/[A-Z]/u.test(text),
  isupper: (text) => /[A-Z]/u.test(text) && !/[a-z]/u.test(text),
};

const changes: Readonly<Record<string, (text: string) => string>> = {
  upper: (text) => text.replaceAll(/[a-z]/gu, (one) => one.toUpperCase()),
  lower: (text) => text.replaceAll(/[A-Z]/gu, (one) => one.toLowerCase()),
};

export function bytesMethod(machine: Machine, receiver: Receiver, name: string, args: Args): Py {
  const whole = Array.from(wholeBytes(receiver));
  machine.work(whole.length / 8);
  const title = `${receiver.kind}.${name}`;
  const test = Object.hasOwn(tests, name) ? tests[name] : undefined;
  const change = Object.hasOwn(changes, name) ? changes[name] : undefined;
  if (test !== undefined || change !== undefined) noArguments(title, args);
  if (test !== undefined) return bool(test(asciiText(whole)));
  if (change !== undefined)
    return like(
      receiver,
      Array.from(change(asciiText(whole)), (one) => one.charCodeAt(0)),
    );
  switch (name) {
    case "copy":
      noArguments(title, args);
      return like(receiver, whole);
    case "hex":
      if (args.positional.length + args.keywords.size > 0) return refuse("hex with a separator is not written here.");
      return str(whole.map((byte) => byte.toString(16).padStart(2, "0")).join(""));
    case "decode": {
      const [encoding, errors] = named("decode()", args, ["encoding", "errors"]);
      return decode(Uint8Array.from(whole), encoding, errors);
    }
    case "find":
    case "rfind":
    case "index":
    case "rindex":
    case "count":
      return find(whole, name, args);
    case "startswith":
    case "endswith":
      return affix(whole, name, args);
    case "split":
    case "rsplit":
      return split(receiver, whole, name, args);
    case "strip":
    case "lstrip":
    case "rstrip":
      return strip(receiver, whole, name, args);
    case "replace":
      return replace(machine, receiver, whole, args);
    case "join":
      return join(machine, receiver, whole, args);
    case "partition":
    case "rpartition":
      return partition(receiver, whole, name, args);
    default:
      return refuse(`${title} is not called in the past.`);
  }
}

function needle(value: Py | undefined): readonly number[] {
  if (value === undefined) return unsure("an argument is needed");
  const number = numberOf(value);
  if (number?.kind === "int") {
    if (number.value < 0n || number.value > 255n) return valueError("byte must be in range(0, 256)");
    return [Number(number.value)];
  }
  if (value.kind === "bytes" || value.kind === "bytearray") return raw(value);
  return unsure("an int or bytes are needed");
}

function find(whole: readonly number[], name: string, args: Args): Py {
  if (args.keywords.size > 0 || args.positional.length !== 1) return refuse("Only one argument is looked for here.");
  const part = needle(args.positional[0]);
  if (name === "count") return int(tools.countUnits(whole, part, 0, whole.length));
  const found = name.startsWith("r")
    ? tools.findLast(whole, part, 0, whole.length)
    : tools.findUnits(whole, part, 0, whole.length);
  if (found === -1 && name.endsWith("index")) return valueError("subsection not found");
  return int(found);
}

function affix(whole: readonly number[], name: string, args: Args): Py {
  const [wanted, ...others] = args.positional;
  if (wanted === undefined || others.length > 0 || args.keywords.size > 0)
    return refuse("Only one argument is taken here.");
  function matches(part: readonly number[]): boolean {
    const at = name === "startswith" ? 0 : whole.length - part.length;
    return at >= 0 && part.every((byte, index) => whole[at + index] === byte);
  }
  if (wanted.kind === "bytes" || wanted.kind === "bytearray") return bool(matches(raw(wanted)));
  if (wanted.kind === "tuple") return bool(wanted.items.all().some((one) => matches(raw(one))));
  if (wanted.kind === "recorded" || wanted.kind === "unknown") return refuse("These are no bytes.");
  return typeError(`${name} first arg must be bytes or a tuple of bytes, not ${typeName(wanted)}`);
}

function split(receiver: Receiver, whole: readonly number[], name: string, args: Args): Py {
  const [separator, most] = named(`${name}()`, args, ["sep", "maxsplit"]);
  const limit = most === undefined ? -1 : sizeOf(most);
  const isLast = name === "rsplit";
  function parts(all: readonly (readonly number[])[]): Py {
    return list(all.map((part) => like(receiver, part)));
  }
  if (separator === undefined || separator.kind === "none")
    return parts(isLast ? tools.splitBlanksLast(whole, isBlank, limit) : tools.splitBlanks(whole, isBlank, limit));
  const by = raw(separator);
  if (by.length === 0) return valueError("empty separator");
  return parts(isLast ? tools.splitAtLast(whole, by, limit) : tools.splitAt(whole, by, limit));
}

function strip(receiver: Receiver, whole: readonly number[], name: string, args: Args): Py {
  const [set] = between(name, args, 0, 1);
  const side = name === "strip" ? "both" : name === "lstrip" ? "left" : "right";
  const wanted = set === undefined || set.kind === "none" ? undefined : new Set(raw(set));
  return like(
    receiver,
    tools.stripUnits(whole, (byte) => (wanted === undefined ? isBlank(byte) : wanted.has(byte)), side),
  );
}

function replace(machine: Machine, receiver: Receiver, whole: readonly number[], args: Args): Py {
  const [old, by, count] = between("replace", args, 2, 3);
  const limit = count === undefined ? -1 : sizeOf(count);
  const [a, b] = [raw(old), raw(by)];
  machine.room((whole.length + 1) * (1 + b.length));
  return like(receiver, tools.replaceUnits(whole, a, b, limit));
}

function join(machine: Machine, receiver: Receiver, whole: readonly number[], args: Args): Py {
  const out: number[] = [];
  let index = 0;
  for (const one of eachOf(
    machine,
    oneArgument(`${receiver.kind}.join`, args),
    "exact",
    () => "can only join an iterable",
  )) {
    if (one.kind !== "bytes" && one.kind !== "bytearray") {
      if (one.kind === "recorded" || one.kind === "unknown") return refuse("These are no bytes.");
      return typeError(`sequence item ${index}: expected a bytes-like object, ${typeName(one)} found`);
    }
    out.push(...(index === 0 ? [] : whole), ...wholeBytes(one));
    machine.room(out.length / 8);
    index++;
  }
  return like(receiver, out);
}

function partition(receiver: Receiver, whole: readonly number[], name: string, args: Args): Py {
  const by = raw(oneArgument(`${receiver.kind}.${name}`, args));
  if (by.length === 0) return valueError("empty separator");
  const isFirst = name === "partition";
  const at = isFirst ? tools.findUnits(whole, by, 0, whole.length) : tools.findLast(whole, by, 0, whole.length);
  const none: readonly number[] = [];
  const parts =
    at === -1
      ? isFirst
        ? [whole, none, none]
        : [none, none, whole]
      : [whole.slice(0, at), by, whole.slice(at + by.length)];
  return tuple(parts.map((part) => like(receiver, part)));
}
