// `int(text)`, `float(text)`: numbers as Python reads them from text.
import { refuse, valueError } from "./failures.ts";
import type { Machine } from "./machine.ts";
import { repr } from "./repr.ts";
import { str, type Py } from "./values.ts";

/** White space as `str.strip` and `int` take it. */
export const blanks = "[\\t-\\r\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const around = new RegExp(`^${blanks}+|${blanks}+$`, "gu");

export function stripped(text: string): string {
  return text.replace(around, "");
}

function checkDigits(text: string): void {
  if (/(?![0-9])\p{Nd}/u.test(text)) refuse("Digits of other scripts are not read in the past.");
}

/** `shown` is the argument itself, for the message. */
export function readInt(machine: Machine, text: string, base: number, shown: Py): bigint {
  checkDigits(text);
  function invalid(): never {
    return valueError(`invalid literal for int() with base ${base}: ${repr(machine, shown)}`);
  }
  const found = /^(?<sign>[+-]?)(?<prefix>0[xXoObB])?(?<digits>_?[\da-zA-Z]+(?:_[\da-zA-Z]+)*)$/u.exec(stripped(text));
  const prefixBase: Readonly<Record<string, number>> = { x: 16, o: 8, b: 2 };
  const { sign = "", prefix = "", digits = "" } = found?.groups ?? {};
  if (digits === "") return invalid();
  const named = prefix === "" ? undefined : prefixBase[prefix.charAt(1).toLowerCase()];
  const hasPrefix = named !== undefined && (base === 0 || base === named);
  const body = hasPrefix ? digits : prefix + digits;
  if (body.startsWith("_") && !hasPrefix) return invalid();
  const radix = base === 0 ? (named ?? 10) : base;
  const plain = body.replaceAll("_", "");
  if (/_(?:_|$)|^_/u.test(prefix !== "" && !hasPrefix ? digits.replace(/^_/u, "__") : "x")) return invalid();
  if (base === 0 && named === undefined && /^0+[1-9]/u.test(plain)) return invalid();
  if (!Array.from(plain).every((digit) => Number.parseInt(digit, 36) < radix)) return invalid();
  if ((radix & (radix - 1)) !== 0 && plain.length > 4300)
    return valueError(
      `Exceeds the limit (4300${machine.minor >= 11 ? " digits" : ""}) for integer string conversion: ` +
        `value has ${plain.length} digits; use sys.set_int_max_str_digits() to increase the limit`,
    );
  let value = 0n;
  if (radix === 10) value = BigInt(plain);
  else for (const digit of plain) value = value * BigInt(radix) + BigInt(Number.parseInt(digit, 36));
  return sign === "-" ? -value : value;
}

const decimal = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/u;

/** Undefined for what is no float. */
export function floatFromText(text: string): number | undefined {
  checkDigits(text);
  const plain = stripped(text);
  const special = /^(?<sign>[+-]?)(?:(?<infinite>inf|infinity)|nan)$/iu.exec(plain);
  if (special?.groups !== undefined) {
    const size = special.groups["infinite"] === undefined ? Number.NaN : Infinity;
    return special.groups["sign"] === "-" ? -size : size;
  }
  return decimal.test(plain) ? Number(plain.replaceAll("_", "")) : undefined;
}

export function readFloat(machine: Machine, text: string, shown: Py = str(text)): number {
  return floatFromText(text) ?? valueError(`could not convert string to float: ${shownText(machine, text, shown)}`);
}

/** 3.9 shows white space alone as nothing. */
function shownText(machine: Machine, text: string, shown: Py): string {
  return machine.minor < 10 && stripped(text) === "" ? "''" : repr(machine, shown);
}
