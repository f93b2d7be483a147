// `text % values`: printf-style formatting of str.
import { raise, refuse, typeError, valueError } from "./failures.ts";
import { refuseOwn } from "./compare.ts";
import { formatSize } from "./floatFormat.ts";
import type { Machine } from "./machine.ts";
import { floatOf, numberOf } from "./numbers.ts";
import { ascii, intDigits, repr, text } from "./repr.ts";
import { typeName } from "./types.ts";
import { str, type Py } from "./values.ts";

interface Directive {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

const directive =
  /%(?:\((?<key>[^()]*)\))?(?<flags>[-+ #0]*)(?<width>\*|\d*)(?:\.(?<precision>\*|\d*))?[hlL]?(?<type>.)/suy;

export function percentFormat(machine: Machine, template: string, values: Py): string {
  return new PercentFormatter(machine, values).format(template);
}

class PercentFormatter {
  readonly #machine: Machine;
  readonly #values: Py;
  readonly #args: readonly Py[];
  #used = 0;
  /** "format argument 1: ", from 3.15 on. */
  #place = "";

  constructor(machine: Machine, values: Py) {
    this.#machine = machine;
    this.#values = values;
    this.#args = values.kind === "tuple" ? values.items.all() : [values];
  }

  format(template: string): string {
    let out = "";
    let at = 0;
    let usedKeys = false;
    while (at < template.length) {
      const next = template.indexOf("%", at);
      if (next === -1) {
        out += template.slice(at);
        break;
      }
      out += template.slice(at, next);
      directive.lastIndex = next;
      const found = directive.exec(template);
      if (found?.groups === undefined) return this.#incomplete(template.slice(next));
      const { key, flags = "", width = "", precision, type = "" } = found.groups;
      const isWhole = found[0] === "%%";
      if (type === "%" && !isWhole) refuse("A %% with flags is not written in the past.");
      if (isWhole) out += "%";
      else {
        if (key !== undefined) usedKeys = true;
        out += this.#directive(key, flags, width, precision, type, next + found[0].length - 1);
      }
      at = next + found[0].length;
    }
    this.#checkAllUsed(usedKeys);
    return out;
  }

  #incomplete(rest: string): never {
    if (this.#machine.minor >= 15) return refuse("This format is not complete.");
    return valueError(rest.startsWith("%(") && !rest.includes(")") ? "incomplete format key" : "incomplete format");
  }

  #checkAllUsed(usedKeys: boolean): void {
    const given = this.#args.length;
    if (this.#values.kind !== "tuple") {
      const { kind } = this.#values;
      // Anything with subscripts but str may be the mapping of a format without keys.
      const isMapping = !["str", "none", "ellipsis", "bool", "int", "float", "complex", "set", "frozenset"].includes(
        kind,
      );
      if (usedKeys || this.#used === 1) return;
      if (isMapping) {
        if (kind === "dict" || kind === "list" || kind === "bytes" || kind === "bytearray" || kind === "range") return;
        refuse("Whether this is a mapping is not known in the past.");
      }
    } else if (this.#used >= given) return;
    const more = this.#machine.minor >= 15 ? ` (required ${this.#used}, got ${given})` : "";
    typeError(`not all arguments converted during string formatting${more}`);
  }

  #next(): Py {
    const value = this.#args[this.#used];
    this.#used++;
    if (value !== undefined) return value;
    const more = this.#machine.minor >= 15 ? ` (got ${this.#args.length})` : "";
    return typeError(`not enough arguments for format string${more}`);
  }

  #keyed(key: string): Py {
    const values = this.#values;
    if (values.kind !== "dict") {
      refuseOwn(values, "mapping");
      if (["list", "bytes", "bytearray", "range", "recorded"].includes(values.kind))
        return refuse("This is no mapping.");
      return typeError(
        this.#machine.minor >= 15 ? `format requires a mapping, not ${typeName(values)}` : "format requires a mapping",
      );
    }
    if (values.type === "collections.defaultdict" || values.type === "collections.Counter")
      return refuse("A missing key would run the program's code.");
    const name: Py = { kind: "str", text: key };
    const found = values.table.find(name);
    return found?.value ?? raise("KeyError", repr(this.#machine, name));
  }

  #size(given: string | undefined): number | undefined {
    if (given === undefined) return undefined;
    if (given !== "*") return given === "" ? 0 : Number(given);
    const value = this.#next();
    const number = numberOf(value);
    if (number?.kind !== "int")
      return this.#machine.minor >= 15 ? refuse("The width is no int.") : typeError("* wants int");
    return Number(number.value);
  }

  #directive(
    key: string | undefined,
    flags: string,
    width: string,
    precision: string | undefined,
    type: string,
    index: number,
  ): string {
    const keyed = key === undefined ? undefined : this.#keyed(key);
    if (keyed !== undefined && (width === "*" || precision === "*")) return refuse("This format is not written here.");
    const size = this.#size(width) ?? 0;
    const places = this.#size(precision);
    this.#machine.room(Math.abs(size) + Math.abs(places ?? 0));
    const allFlags = size < 0 ? `${flags}-` : flags;
    if (!/^[diouxXeEfFgGcrsa]$/u.test(type)) {
      const hex = (type.codePointAt(0) ?? 0).toString(16);
      if (this.#machine.minor >= 15) return refuse("This format is unknown.");
      this.#consume(keyed);
      return valueError(`unsupported format character '${type}' (0x${hex}) at index ${index}`);
    }
    const spec = {
      flags: allFlags,
      width: Math.abs(size),
      precision: places === undefined ? undefined : Math.max(places, 0),
      type,
    };
    const value = keyed ?? this.#next();
    const nth = this.#values.kind === "tuple" ? ` ${this.#used}` : "";
    this.#place = `format argument${key === undefined ? nth : ` ${repr(this.#machine, str(key))}`}: `;
    return this.#one(value, spec);
  }

  #consume(keyed: Py | undefined): void {
    if (keyed === undefined) this.#next();
  }

  #one(value: Py, spec: Directive): string {
    refuseOwn(value, "format");
    const machine = this.#machine;
    switch (spec.type) {
      case "s":
        return padText(cutTo(text(machine, value), spec.precision), spec);
      case "r":
        return padText(cutTo(repr(machine, value), spec.precision), spec);
      case "a":
        return padText(cutTo(ascii(machine, value), spec.precision), spec);
      case "c":
        return padText(this.#character(value), spec);
      case "e":
      case "E":
      case "f":
      case "F":
      case "g":
      case "G":
        return this.#float(value, spec);
      default:
        return this.#int(value, spec);
    }
  }

  #character(value: Py): string {
    const { minor } = this.#machine;
    if (value.kind === "str" && Array.from(value.text).length === 1) return value.text;
    const number = numberOf(value);
    if (number?.kind === "int") {
      if (number.value < 0n || number.value > 0x10_ffffn)
        return minor >= 15
          ? raise("OverflowError", `${this.#place}%c argument not in range(0x110000)`)
          : raise("OverflowError", "%c arg not in range(0x110000)");
      return String.fromCodePoint(Number(number.value));
    }
    if (minor < 14) return typeError("%c requires int or char");
    const what = value.kind === "str" ? `a string of length ${Array.from(value.text).length}` : typeName(value);
    return minor >= 15
      ? typeError(`${this.#place}%c requires an integer or a unicode character, not ${what}`)
      : typeError(`%c requires an int or a unicode character, not ${what}`);
  }

  #float(value: Py, spec: Directive): string {
    const number = numberOf(value);
    if (number === undefined || number.kind === "complex") {
      return this.#machine.minor >= 15
        ? typeError(`${this.#place}%${spec.type} requires a real number, not ${typeName(value)}`)
        : typeError(`must be real number, not ${typeName(value)}`);
    }
    const float = floatOf(number);
    const lower = spec.type.toLowerCase();
    const type = lower === "e" ? "e" : lower === "f" ? "f" : "g";
    const isAlternate = spec.flags.includes("#");
    const size = Math.abs(float);
    const body = Number.isNaN(size)
      ? "nan"
      : size === Infinity
        ? "inf"
        : formatSize(size, { type, precision: spec.precision ?? 6, isAlternate, needsPoint: false });
    const isNegative = !Number.isNaN(float) && (float < 0 || Object.is(float, -0));
    return padNumber(isNegative, "", lower === spec.type ? body : body.toUpperCase(), spec);
  }

  #int(value: Py, spec: Directive): string {
    const number = numberOf(value);
    const isDecimal = /^[diu]$/u.test(spec.type);
    if (number?.kind === "float" && isDecimal) {
      if (Number.isNaN(number.value)) return valueError("cannot convert float NaN to integer");
      if (!Number.isFinite(number.value)) return raise("OverflowError", "cannot convert float infinity to integer");
      return this.#digits(BigInt(Math.trunc(number.value)), spec);
    }
    if (number?.kind !== "int") return this.#noInt(value, spec.type, isDecimal);
    return this.#digits(number.value, spec);
  }

  #noInt(value: Py, type: string, isDecimal: boolean): never {
    const { minor } = this.#machine;
    const name = typeName(value);
    const real = minor >= 10 ? "a real number" : "a number";
    if (minor >= 15)
      return typeError(`${this.#place}%${type} requires ${isDecimal ? "a real number" : "an integer"}, not ${name}`);
    return typeError(`%${type} format: ${isDecimal ? real : "an integer"} is required, not ${name}`);
  }

  #digits(value: bigint, spec: Directive): string {
    const size = value < 0n ? -value : value;
    const lower = spec.type.toLowerCase();
    const base = lower === "x" ? 16 : lower === "o" ? 8 : 10;
    const digits = (base === 10 ? intDigits(this.#machine, size) : size.toString(base)).padStart(
      spec.precision ?? 0,
      "0",
    );
    const prefix = base !== 10 && spec.flags.includes("#") ? `0${spec.type}` : "";
    return padNumber(value < 0n, prefix, spec.type === "X" ? digits.toUpperCase() : digits, spec);
  }
}

function cutTo(written: string, precision: number | undefined): string {
  return precision === undefined ? written : Array.from(written).slice(0, precision).join("");
}

function padText(body: string, { flags, width }: Directive): string {
  const missing = " ".repeat(Math.max(width - Array.from(body).length, 0));
  return flags.includes("-") ? body + missing : missing + body;
}

function padNumber(isNegative: boolean, prefix: string, digits: string, spec: Directive): string {
  const { flags, width } = spec;
  const sign = isNegative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  const missing = Math.max(width - sign.length - prefix.length - digits.length, 0);
  if (flags.includes("-")) return sign + prefix + digits + " ".repeat(missing);
  if (flags.includes("0")) return sign + prefix + "0".repeat(missing) + digits;
  return " ".repeat(missing) + sign + prefix + digits;
}
