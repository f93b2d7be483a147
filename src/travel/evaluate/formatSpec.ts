// `format(value, spec)`: the format specification mini-language for int, float, complex and str.
import { classOf, orderOf } from "./classes.ts";
import { definedBy } from "./classLookup.ts";
import { raise, refuse, typeError, valueError } from "./failures.ts";
import { formatSize } from "./floatFormat.ts";
import { refuseOwn } from "./compare.ts";
import type { Machine } from "./machine.ts";
import { floatOfInt } from "./numbers.ts";
import { intDigits, text } from "./repr.ts";
import { typeName } from "./types.ts";
import type { Py } from "./values.ts";

interface Spec {
  readonly fill: string;
  readonly align: "<" | ">" | "^" | "=";
  readonly hasAlign: boolean;
  readonly sign: "" | "+" | "-" | " ";
  readonly coercesZero: boolean;
  readonly isAlternate: boolean;
  readonly width: number;
  readonly grouping: "" | "," | "_";
  readonly precision: number | undefined;
  readonly type: string;
}

function isAlign(character: string | undefined): character is Spec["align"] {
  return character === "<" || character === ">" || character === "^" || character === "=";
}

function isSign(character: string | undefined): character is "+" | "-" | " " {
  return character === "+" || character === "-" || character === " ";
}

/** Reads a specification as CPython's `parse_internal_render_format_spec` reads it. */
class SpecReader {
  readonly #machine: Machine;
  readonly #text: string;
  readonly #characters: readonly string[];
  #at = 0;

  constructor(machine: Machine, spec: string) {
    this.#machine = machine;
    this.#text = spec;
    this.#characters = Array.from(spec);
  }

  #take(character: string): boolean {
    if (this.#characters[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #number(): number | undefined {
    const start = this.#at;
    while (/^\d$/u.test(this.#characters[this.#at] ?? "")) this.#at++;
    if (this.#at === start) return undefined;
    const value = BigInt(this.#characters.slice(start, this.#at).join(""));
    if (value !== BigInt.asIntN(64, value)) return valueError("Too many decimal digits in format string");
    return Number(value);
  }

  read(defaultType: string, defaultAlign: "<" | ">", type: string): Spec {
    const [first, second] = this.#characters;
    let fill = " ";
    let align: Spec["align"] = defaultAlign;
    const hasFill = isAlign(second);
    const hasAlign = hasFill || isAlign(first);
    if (hasFill && first !== undefined && isAlign(second)) {
      fill = first;
      align = second;
      this.#at = 2;
    } else if (isAlign(first)) {
      align = first;
      this.#at = 1;
    }
    const sign = this.#characters[this.#at];
    if (isSign(sign)) this.#at++;
    const coercesZero = this.#machine.minor >= 11 && this.#take("z");
    const isAlternate = this.#take("#");
    if (!hasFill && this.#take("0")) {
      fill = "0";
      if (!hasAlign && (defaultAlign === ">" || this.#machine.minor < 10)) align = "=";
    }
    const width = this.#number() ?? 0;
    const grouping = this.#grouping();
    let precision: number | undefined;
    if (this.#take(".")) {
      precision = this.#number();
      if (precision === undefined && this.#machine.minor >= 14 && /^[,_]/u.test(this.#characters[this.#at] ?? ""))
        refuse("Grouping of fractional digits is not done in the past.");
      if (precision === undefined) valueError("Format specifier missing precision");
      if (this.#machine.minor >= 14 && /^[,_]/u.test(this.#characters[this.#at] ?? ""))
        refuse("Grouping of fractional digits is not done in the past.");
    }
    const rest = this.#characters.slice(this.#at);
    if (rest.length > 1) this.#invalid(type);
    const [letter = defaultType] = rest;
    this.#checkGrouping(grouping, letter);
    return {
      fill,
      align,
      hasAlign,
      sign: isSign(sign) ? sign : "",
      coercesZero,
      isAlternate,
      width,
      grouping,
      precision,
      type: letter,
    };
  }

  #grouping(): Spec["grouping"] {
    const both = "Cannot specify both ',' and '_'.";
    let grouping: Spec["grouping"] = this.#take(",") ? "," : "";
    if (this.#take("_")) {
      if (grouping !== "") valueError(both);
      grouping = "_";
    }
    if (this.#characters[this.#at] === ",") {
      if (grouping === "_") valueError(both);
    }
    return grouping;
  }

  #checkGrouping(grouping: Spec["grouping"], type: string): void {
    if (grouping === "" || /^[defgEGF%]?$/u.test(type)) return;
    if (grouping === "_" && /^[boxX]$/u.test(type)) return;
    const code = type.codePointAt(0) ?? 0;
    const shown = code > 32 && code < 128 ? type : `\\x${code.toString(16)}`;
    valueError(`Cannot specify '${grouping}' with '${shown}'.`);
  }

  #invalid(type: string): never {
    return valueError(
      this.#machine.minor >= 11
        ? `Invalid format specifier '${this.#text}' for object of type '${type}'`
        : "Invalid format specifier",
    );
  }
}

function unknownCode(code: string, type: string): never {
  const point = code.codePointAt(0) ?? 0;
  const shown = point > 32 && point < 128 ? code : `\\x${point.toString(16)}`;
  return valueError(`Unknown format code '${shown}' for object of type '${type}'`);
}

export function format(machine: Machine, value: Py, spec: string): string {
  const isExceptions = value.kind === "recorded" && value.view.kind === "exception" && spec === "";
  if (!isExceptions || definedBy(orderOf(machine, classOf(machine, value)), ["__format__"]) !== undefined)
    refuseOwn(value, "format");
  if (spec === "") return text(machine, value);
  switch (value.kind) {
    case "bool":
      return formatInt(machine, value.value ? 1n : 0n, spec, "bool");
    case "int":
      return formatInt(machine, value.value, spec, "int");
    case "float":
      return formatFloat(machine, value.value, new SpecReader(machine, spec).read("", ">", "float"), "float");
    case "complex":
      return refuse("A complex is not formatted in the past.");
    case "str":
      return formatText(machine, value.text, new SpecReader(machine, spec).read("s", "<", "str"));
    case "recorded":
      if (value.view.kind === "exception") return refuse("An exception is not formatted in the past.");
      break;
    default:
      break;
  }
  return typeError(`unsupported format string passed to ${typeName(value)}.__format__`);
}

function padded(body: string, length: number, spec: Spec): string {
  const left = Math.max(spec.width - length, 0);
  const before = spec.align === "<" ? 0 : spec.align === "^" ? Math.floor(left / 2) : left;
  return spec.fill.repeat(before) + body + spec.fill.repeat(left - before);
}

function formatText(machine: Machine, value: string, spec: Spec): string {
  const where = "not allowed in string format specifier";
  if (spec.type !== "s") unknownCode(spec.type, "str");
  if (spec.sign === " ") valueError(`Space ${where}`);
  if (spec.sign !== "") valueError(`Sign ${where}`);
  if (spec.coercesZero) valueError(`Negative zero coercion (z) ${where}`);
  if (spec.isAlternate) valueError(`Alternate form (#) ${where}`);
  if (spec.align === "=") valueError(`'=' alignment ${where}`);
  machine.room(spec.width);
  const characters = Array.from(value);
  const kept = spec.precision === undefined ? characters : characters.slice(0, spec.precision);
  return padded(kept.join(""), kept.length, spec);
}

function signText(isNegative: boolean, sign: Spec["sign"]): string {
  if (isNegative) return "-";
  return sign === "+" || sign === " " ? sign : "";
}

function grouped(digits: string, separator: string, size: number): string {
  const groups: string[] = [];
  for (let end = digits.length; end > 0; end -= size) groups.unshift(digits.slice(Math.max(end - size, 0), end));
  return groups.join(separator);
}

/** Sign, prefix and digits with fill, grouping and alignment. `rest` follows the whole digits. */
function numberText(sign: string, prefix: string, digits: string, rest: string, spec: Spec, size: number): string {
  const fixedLength = sign.length + prefix.length + rest.length;
  let whole = digits;
  const fillsWithZeros = spec.fill === "0" && spec.align === "=";
  if (spec.grouping !== "") {
    if (fillsWithZeros)
      while (grouped(whole, spec.grouping, size).length + fixedLength < spec.width) whole = `0${whole}`;
    whole = grouped(whole, spec.grouping, size);
  }
  const length = fixedLength + whole.length;
  if (spec.align === "=") {
    const missing = Math.max(spec.width - length, 0);
    return sign + prefix + spec.fill.repeat(missing) + whole + rest;
  }
  return padded(sign + prefix + whole + rest, length, spec);
}

function formatInt(machine: Machine, value: bigint, text_: string, typeText: string): string {
  const spec = new SpecReader(machine, text_).read("d", ">", typeText);
  if (/^[eEfFgG%]$/u.test(spec.type)) return formatFloat(machine, floatOfInt(value), spec, typeText);
  if (!/^[bcdoxXn]$/u.test(spec.type)) return unknownCode(spec.type, typeText);
  if (spec.precision !== undefined) valueError("Precision not allowed in integer format specifier");
  if (spec.coercesZero) valueError("Negative zero coercion (z) not allowed in integer format specifier");
  if (spec.type === "n") return refuse("The format n depends on the program's locale.");
  machine.room(spec.width);
  if (spec.type === "c") return formatCharacter(value, spec);
  const size = value < 0n ? -value : value;
  const sign = signText(value < 0n, spec.sign);
  if (spec.type === "d") return numberText(sign, "", intDigits(machine, size), "", spec, 3);
  const lower = spec.type.toLowerCase();
  const digits = size.toString(lower === "b" ? 2 : lower === "o" ? 8 : 16);
  const isUpper = spec.type === "X";
  const prefix = spec.isAlternate ? `0${spec.type}` : "";
  return numberText(sign, prefix, isUpper ? digits.toUpperCase() : digits, "", spec, 4);
}

function formatCharacter(value: bigint, spec: Spec): string {
  if (spec.sign !== "") valueError("Sign not allowed with integer format specifier 'c'");
  if (spec.isAlternate) valueError("Alternate form (#) not allowed with integer format specifier 'c'");
  if (value < -(1n << 63n) || value >= 1n << 63n) raise("OverflowError", "Python int too large to convert to C long");
  if (value < 0n || value > 0x10_ffffn) raise("OverflowError", "%c arg not in range(0x110000)");
  return numberText("", "", "", String.fromCodePoint(Number(value)), { ...spec, width: spec.width }, 3);
}

function formatFloat(machine: Machine, value: number, spec: Spec, typeText: string): string {
  if (!/^[eEfFgG%n]?$/u.test(spec.type)) return unknownCode(spec.type, typeText);
  if (spec.type === "n") return refuse("The format n depends on the program's locale.");
  machine.room(spec.width + (spec.precision ?? 0));
  const isPercent = spec.type === "%";
  const number = isPercent ? value * 100 : value;
  const body = sizeText(Math.abs(number), spec);
  let isNegative = number < 0 || Object.is(number, -0);
  if (spec.coercesZero && isNegative && /^[0.]+(?:e|$)/iu.test(body)) isNegative = false;
  const sign = signText(isNegative && !Number.isNaN(number), spec.sign);
  const whole = /^\d*/u.exec(body)?.[0] ?? "";
  const rest = body.slice(whole.length) + (isPercent ? "%" : "");
  const upper = spec.type === "E" || spec.type === "G" || spec.type === "F";
  if (whole === "") return numberText(sign, "", upper ? rest.toUpperCase() : rest, "", { ...spec, grouping: "" }, 3);
  return numberText(sign, "", whole, upper ? rest.toUpperCase() : rest, spec, 3);
}

function sizeText(size: number, spec: Spec): string {
  if (Number.isNaN(size)) return "nan";
  if (size === Infinity) return "inf";
  const { isAlternate } = spec;
  const precision = spec.precision ?? 6;
  switch (spec.type.toLowerCase()) {
    case "e":
      return formatSize(size, { type: "e", precision, isAlternate, needsPoint: false });
    case "f":
    case "%":
      return formatSize(size, { type: "f", precision, isAlternate, needsPoint: false });
    case "g":
      return formatSize(size, { type: "g", precision, isAlternate, needsPoint: false });
    default: {
      if (isAlternate) return refuse("This format is not written in the past.");
      const type = spec.precision === undefined ? "r" : "g";
      return formatSize(size, { type, precision, isAlternate, needsPoint: true });
    }
  }
}
