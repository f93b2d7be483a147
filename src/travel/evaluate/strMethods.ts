// Methods of str.
import { between, flagOf, intArgument, named, noArguments, oneArgument, sizeOf, type Args } from "./args.ts";
import { encode } from "./codecs.ts";
import { refuseOwn } from "./compare.ts";
import { raise, refuse, typeError, unsure, valueError } from "./failures.ts";
import { eachOf, list, tuple } from "./iterate.ts";
import type { Machine } from "./machine.ts";
import { joinedText } from "./operators.ts";
import { numberOf } from "./numbers.ts";
import { repr } from "./repr.ts";
import { formatTemplate } from "./strFormat.ts";
import { characters } from "./strings.ts";
import * as tools from "./textTools.ts";
import { argumentType, typeName } from "./types.ts";
import * as unicode from "./unicode.ts";
import { bool, bytes, int, str, type Py } from "./values.ts";

/** What ends a line of text, besides carriage return and newline together. */
const lineEnds: ReadonlySet<string> = new Set("\n\r\v\f\u001c\u001d\u001e\u0085\u2028\u2029");

type Method = (machine: Machine, text: string, args: Args, name: string) => Py;

const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["capitalize", plain((machine, text) => capitalized(machine, text))],
  [
    "casefold",
    plain((machine, text) =>
      unicode.isAscii(text) ? unicode.lower(machine, text) : refuse("casefold is for ASCII here."),
    ),
  ],
  ["lower", plain((machine, text) => unicode.lower(machine, text))],
  ["upper", plain((machine, text) => unicode.upper(machine, text))],
  ["swapcase", plain((machine, text) => unicode.swapCase(machine, text))],
  ["title", plain((machine, text) => unicode.titled(machine, text))],
  [
    "isalnum",
    all(
      (machine, one) =>
        unicode.isAlpha(machine, one) || unicode.isDigit(machine, one) || unicode.isNumeric(machine, one),
    ),
  ],
  ["isalpha", all(unicode.isAlpha)],
  ["isdecimal", all(unicode.isDecimal)],
  ["isdigit", all(unicode.isDigit)],
  ["isnumeric", all(unicode.isNumeric)],
  ["isspace", all((_, one) => unicode.isBlank(one))],
  ["isascii", test((_, text) => unicode.isAscii(text))],
  [
    "isprintable",
    test((machine, text) => characters(text).every((one) => machine.printable.has(one.codePointAt(0) ?? 0))),
  ],
  ["isidentifier", test((_, text) => isIdentifier(text))],
  ["islower", test((machine, text) => isCase(machine, text, unicode.isLower, unicode.isUpper))],
  ["isupper", test((machine, text) => isCase(machine, text, unicode.isUpper, unicode.isLower))],
  ["istitle", test((machine, text) => unicode.isTitled(machine, text))],
  ["center", justify],
  ["ljust", justify],
  ["rjust", justify],
  ["zfill", (machine, text, args) => str(zeroFilled(machine, text, args))],
  ["count", find],
  ["find", find],
  ["index", find],
  ["rfind", find],
  ["rindex", find],
  ["startswith", affix],
  ["endswith", affix],
  ["removeprefix", without],
  ["removesuffix", without],
  ["strip", strip],
  ["lstrip", strip],
  ["rstrip", strip],
  ["split", split],
  ["rsplit", split],
  ["splitlines", splitLines],
  ["partition", partition],
  ["rpartition", partition],
  ["replace", replace],
  ["join", join],
  ["expandtabs", expandTabs],
  ["encode", encoded],
  ["format", format],
  ["format_map", formatMap],
  ["translate", () => refuse("Texts are not translated in the past.")],
]);

export function strMethod(machine: Machine, text: string, name: string, args: Args): Py {
  machine.work(text.length / 8);
  const method = methods.get(name);
  return method === undefined ? refuse(`str.${name} is not called in the past.`) : method(machine, text, args, name);
}

function plain(change: (machine: Machine, text: string) => string): Method {
  return (machine, text, args, name) => {
    noArguments(`str.${name}`, args);
    return str(change(machine, text));
  };
}

function test(holds: (machine: Machine, text: string) => boolean): Method {
  return (machine, text, args, name) => {
    noArguments(`str.${name}`, args);
    return bool(holds(machine, text));
  };
}

/** True for a text that is not empty and of which every character passes. */
function all(holds: (machine: Machine, character: string) => boolean): Method {
  return test((machine, text) => text !== "" && characters(text).every((one) => holds(machine, one)));
}

function isIdentifier(text: string): boolean {
  if (!unicode.isAscii(text)) return refuse("Identifiers outside ASCII are not told in the past.");
  return /^[A-Za-z_][A-Za-z0-9_]*$/u.test(text);
}

function capitalized(machine: Machine, text: string): string {
  const [first, ...rest] = characters(text);
  return first === undefined ? "" : unicode.title(machine, first) + unicode.lower(machine, rest.join(""));
}

type CaseTest = (machine: Machine, character: string) => boolean;

function isCase(machine: Machine, text: string, wanted: CaseTest, other: CaseTest): boolean {
  const units = characters(text);
  return (
    units.some((one) => wanted(machine, one)) && !units.some((one) => other(machine, one) || unicode.isTitleLetter(one))
  );
}

function justify(machine: Machine, text: string, args: Args, name: string): Py {
  if (args.keywords.size > 0) return typeError(`str.${name}() takes no keyword arguments`);
  const [width, fill] = between(name, args, 1, 2);
  const size = width === undefined ? 0 : sizeOf(width);
  const units = characters(text);
  const character = fill === undefined ? " " : fillCharacter(fill);
  machine.room(Math.max(size, 0));
  const missing = Math.max(size - units.length, 0);
  // CPython gives the odd character to the left where the width is odd.
  const half = Math.floor(missing / 2) + (missing & size & 1);
  const left = name === "ljust" ? 0 : name === "rjust" ? missing : half;
  return str(character.repeat(left) + text + character.repeat(missing - left));
}

function fillCharacter(fill: Py): string {
  if (fill.kind !== "str") {
    refuseOwn(fill, "type");
    return typeError(`The fill character must be a unicode character, not ${typeName(fill)}`);
  }
  if (characters(fill.text).length !== 1) return typeError("The fill character must be exactly one character long");
  return fill.text;
}

function zeroFilled(machine: Machine, text: string, args: Args): string {
  const width = sizeOf(oneArgument("str.zfill", args));
  machine.room(Math.max(width, 0));
  const missing = "0".repeat(Math.max(width - characters(text).length, 0));
  return /^[+-]/u.test(text) && missing !== "" ? text.slice(0, 1) + missing + text.slice(1) : missing + text;
}

/** The place of an argument that may be None. */
function place(value: Py | undefined, length: number, otherwise: number): number {
  if (value === undefined || value.kind === "none") return otherwise;
  const number = numberOf(value);
  if (number?.kind !== "int") {
    refuseOwn(value, "__index__");
    return unsure("slice indices must be integers");
  }
  const at = number.value < 0n ? number.value + BigInt(length) : number.value;
  return Number(at < 0n ? 0n : at > BigInt(length) + 1n ? BigInt(length) + 1n : at);
}

function find(machine: Machine, text: string, args: Args, name: string): Py {
  if (args.keywords.size > 0) return typeError(`str.${name}() takes no keyword arguments`);
  const count = args.positional.length;
  if (count < 1 || count > 3) return unsure(`${name} takes one to three arguments`);
  const [wanted, from, to] = args.positional;
  if (wanted?.kind !== "str") {
    if (wanted !== undefined) refuseOwn(wanted, "type");
    if (wanted === undefined) return unsure(`${name} needs an argument`);
    return typeError(
      machine.minor >= 13
        ? `${name}() argument 1 must be str, not ${argumentType(wanted)}`
        : `must be str, not ${typeName(wanted)}`,
    );
  }
  const units = characters(text);
  const part = characters(wanted.text);
  machine.work((units.length * Math.min(part.length, 8)) / 8);
  const start = place(from, units.length, 0);
  const end = Math.min(place(to, units.length, units.length), units.length);
  if (name === "count") return int(start > end ? 0 : tools.countUnits(units, part, start, end));
  const isLast = name.startsWith("r");
  const isInside = start <= end;
  const found = isInside
    ? isLast
      ? tools.findLast(units, part, start, end)
      : tools.findUnits(units, part, start, end)
    : -1;
  if (found === -1 && name.endsWith("index")) return valueError("substring not found");
  return int(found);
}

function affix(machine: Machine, text: string, args: Args, name: string): Py {
  if (args.keywords.size > 0) return typeError(`str.${name}() takes no keyword arguments`);
  const count = args.positional.length;
  if (count < 1 || count > 3) return unsure(`${name} takes one to three arguments`);
  const [wanted, from, to] = args.positional;
  const units = characters(text);
  const start = place(from, units.length, 0);
  const end = Math.min(place(to, units.length, units.length), units.length);
  function matches(part: string): boolean {
    const wantedUnits = characters(part);
    if (start + wantedUnits.length > end) return false;
    const at = name === "startswith" ? start : end - wantedUnits.length;
    return wantedUnits.every((one, index) => units[at + index] === one);
  }
  if (wanted?.kind === "str") return bool(matches(wanted.text));
  if (wanted?.kind === "tuple") {
    for (const one of wanted.items.all()) {
      if (one.kind !== "str") {
        refuseOwn(one, "type");
        return typeError(`tuple for ${name} must only contain str, not ${typeName(one)}`);
      }
      if (matches(one.text)) return bool(true);
    }
    return bool(false);
  }
  if (wanted !== undefined) refuseOwn(wanted, "type");
  void machine;
  return typeError(
    `${name} first arg must be str or a tuple of str, not ${wanted === undefined ? "" : typeName(wanted)}`,
  );
}

function textArgument(value: Py, message: (type: string) => string): string {
  if (value.kind === "str") return value.text;
  refuseOwn(value, "type");
  return typeError(message(argumentType(value)));
}

function without(_: Machine, text: string, args: Args, name: string): Py {
  const part = textArgument(oneArgument(`str.${name}`, args), (type) => `${name}() argument must be str, not ${type}`);
  if (part === "") return str(text);
  if (name === "removeprefix") return str(text.startsWith(part) ? text.slice(part.length) : text);
  return str(text.endsWith(part) ? text.slice(0, -part.length) : text);
}

function strip(_: Machine, text: string, args: Args, name: string): Py {
  if (args.keywords.size > 0) return typeError(`str.${name}() takes no keyword arguments`);
  const [set] = between(name, args, 0, 1);
  const side = name === "strip" ? "both" : name === "lstrip" ? "left" : "right";
  const units = characters(text);
  if (set === undefined || set.kind === "none") return str(tools.stripUnits(units, unicode.isBlank, side).join(""));
  const wanted = new Set(characters(textArgument(set, () => `${name} arg must be None or str`)));
  return str(tools.stripUnits(units, (one) => wanted.has(one), side).join(""));
}

function split(_: Machine, text: string, args: Args, name: string): Py {
  const [separator, most] = named(`${name}()`, args, ["sep", "maxsplit"]);
  const limit = most === undefined ? -1 : sizeOf(most);
  const units = characters(text);
  const isLast = name === "rsplit";
  function texts(parts: readonly (readonly string[])[]): Py {
    return list(parts.map((part) => str(part.join(""))));
  }
  if (separator === undefined || separator.kind === "none")
    return texts(
      isLast ? tools.splitBlanksLast(units, unicode.isBlank, limit) : tools.splitBlanks(units, unicode.isBlank, limit),
    );
  const by = characters(textArgument(separator, (type) => `must be str or None, not ${type}`));
  if (by.length === 0) return valueError("empty separator");
  return texts(isLast ? tools.splitAtLast(units, by, limit) : tools.splitAt(units, by, limit));
}

function splitLines(machine: Machine, text: string, args: Args): Py {
  const [keep] = named("splitlines()", args, ["keepends"]);
  const keepEnds = keep !== undefined && flagOf(machine, keep);
  const units = characters(text);
  function ends(at: number): number {
    const one = units[at] ?? "";
    if (one === "\r" && units[at + 1] === "\n") return 2;
    return lineEnds.has(one) ? 1 : 0;
  }
  return list(tools.splitLines(units, keepEnds, ends).map((line) => str(line.join(""))));
}

function partition(_: Machine, text: string, args: Args, name: string): Py {
  const value = oneArgument(`str.${name}`, args);
  if (value.kind !== "str") {
    refuseOwn(value, "type");
    return typeError(`must be str, not ${typeName(value)}`);
  }
  if (value.text === "") return valueError("empty separator");
  const at = name === "partition" ? text.indexOf(value.text) : text.lastIndexOf(value.text);
  const parts =
    at === -1
      ? name === "partition"
        ? [text, "", ""]
        : ["", "", text]
      : [text.slice(0, at), value.text, text.slice(at + value.text.length)];
  return tuple(parts.map((part) => str(part)));
}

function replace(machine: Machine, text: string, args: Args): Py {
  if (args.keywords.size > (machine.minor >= 13 ? 1 : 0)) return unsure("replace takes no such arguments");
  const count = args.keywords.get("count") ?? args.positional[2];
  if (args.positional.length < 2 || args.positional.length > 3)
    return typeError(
      args.positional.length < 2 && machine.minor < 13
        ? `replace expected at least 2 arguments, got ${args.positional.length}`
        : refuse("How this fails is not known here."),
    );
  const [old, by] = args.positional.map((one, index) =>
    index > 1 ? "" : textArgument(one, (type) => `replace() argument ${index + 1} must be str, not ${type}`),
  );
  const limit = count === undefined ? -1 : sizeOf(count);
  const [a, b] = [old ?? "", by ?? ""];
  machine.room((text.length + 1) * (1 + (a === "" ? b.length : Math.ceil(b.length / a.length))));
  return str(tools.replaceUnits(characters(text), characters(a), characters(b), limit).join(""));
}

function join(machine: Machine, text: string, args: Args): Py {
  const source = oneArgument("str.join", args);
  let out = "";
  let index = 0;
  for (const one of eachOf(machine, source, "exact", () => "can only join an iterable")) {
    if (one.kind !== "str") {
      refuseOwn(one, "type");
      return typeError(`sequence item ${index}: expected str instance, ${typeName(one)} found`);
    }
    out = joinedText(joinedText(out, index === 0 ? "" : text), one.text);
    machine.room(out.length / 8);
    index++;
  }
  return str(out);
}

function expandTabs(machine: Machine, text: string, args: Args): Py {
  const [given] = named("expandtabs()", args, ["tabsize"]);
  if (given !== undefined) intArgument(machine, given);
  const size = given === undefined ? 8 : sizeOf(given);
  let column = 0;
  let out = "";
  for (const one of text) {
    if (one === "\t") {
      const missing = size > 0 ? size - (column % size) : 0;
      machine.room(missing);
      out += " ".repeat(missing);
      column += missing;
    } else {
      out += one;
      column = one === "\n" || one === "\r" ? 0 : column + 1;
    }
  }
  return str(out);
}

function encoded(_: Machine, text: string, args: Args): Py {
  const [encoding, errors] = named("encode()", args, ["encoding", "errors"]);
  return bytes(encode(text, encoding, errors));
}

function format(machine: Machine, text: string, args: Args): Py {
  function byName(name: string): Py {
    return args.keywords.get(name) ?? raise("KeyError", repr(machine, str(name)));
  }
  return str(formatTemplate(machine, text, { positional: args.positional, byName, hasPositional: true }));
}

function formatMap(machine: Machine, text: string, args: Args): Py {
  const mapping = oneArgument("str.format_map", args);
  function byName(name: string): Py {
    if (mapping.kind !== "dict") return refuse("This is no dict that is known.");
    return (
      mapping.table.find(str(name))?.value ??
      (mapping.type === "dict" ? raise("KeyError", repr(machine, str(name))) : refuse("A missing key may run code."))
    );
  }
  return str(formatTemplate(machine, text, { positional: [], byName, hasPositional: false }));
}
