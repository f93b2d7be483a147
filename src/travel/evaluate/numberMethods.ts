// Methods of int, float and complex.
import { named, noArguments, oneArgument, sizeOf, type Args } from "./args.ts";
import { bytesFrom } from "./byteSource.ts";
import { raise, refuse, typeError, unsure, valueError } from "./failures.ts";
import { tuple } from "./iterate.ts";
import type { Machine } from "./machine.ts";
import { bitLength, exactFloat, numberOf, scaled } from "./numbers.ts";
import { truth } from "./truth.ts";
import { typeName } from "./types.ts";
import { bool, bytes, complex, float, int, type Py, type PyComplex } from "./values.ts";

export function intMethod(machine: Machine, value: bigint, name: string, args: Args, type: "int" | "bool"): Py {
  if (name === "to_bytes") return toBytes(machine, value, args);
  noArguments(`int.${name}`, args);
  switch (name) {
    case "bit_length":
      return int(bitLength(value));
    case "bit_count":
      return int((value < 0n ? -value : value).toString(2).replaceAll("0", "").length);
    case "conjugate":
      return int(value);
    case "is_integer":
      return bool(true);
    case "as_integer_ratio":
      return tuple([int(value), int(1)]);
    default:
      return refuse(`${type}.${name} is not called in the past.`);
  }
}

function byteOrder(value: Py | undefined): "big" | "little" {
  if (value?.kind !== "str") return unsure("the byte order must be a str");
  if (value.text === "big" || value.text === "little") return value.text;
  return valueError("byteorder must be either 'little' or 'big'");
}

function toBytes(machine: Machine, value: bigint, args: Args): Py {
  const signed = args.keywords.get("signed");
  const keywords = new Map([...args.keywords].filter(([key]) => key !== "signed"));
  const [length, order] = named("to_bytes()", { ...args, keywords }, ["length", "byteorder"]);
  if ((length === undefined || order === undefined) && machine.minor < 11) return unsure("to_bytes() needs more");
  const size = length === undefined ? 1 : sizeOf(length);
  const isBig = order === undefined || byteOrder(order) === "big";
  if (size < 0) return valueError("length argument must be non-negative");
  machine.room(size);
  const isSigned = signed !== undefined && truth(machine, signed);
  if (!isSigned && value < 0n) return raise("OverflowError", "can't convert negative int to unsigned");
  const bits = BigInt(size) * 8n;
  const fits = isSigned ? value >= -(1n << bits) / 2n && value < (1n << bits) / 2n : value < 1n << bits;
  if (!fits && !(isSigned && size === 0 && value === 0n)) return raise("OverflowError", "int too big to convert");
  const all = Array.from({ length: size }, (_, index) => Number((value >> BigInt(index * 8)) & 0xffn));
  return bytes(isBig ? all.toReversed() : all);
}

export function intFromBytes(machine: Machine, args: Args): Py {
  const signed = args.keywords.get("signed");
  const keywords = new Map([...args.keywords].filter(([key]) => key !== "signed"));
  const [source, order] = named("from_bytes()", { ...args, keywords }, ["bytes", "byteorder"], 1);
  if (order === undefined) return refuse("from_bytes needs a byte order here.");
  const isBig = byteOrder(order) === "big";
  if (source === undefined) return unsure("from_bytes() needs bytes");
  if (source.kind === "str" || numberOf(source) !== undefined)
    return typeError(`cannot convert '${typeName(source)}' object to bytes`);
  const raw = Array.from(bytesFrom(machine, source));
  const ordered = isBig ? raw : raw.toReversed();
  let value = 0n;
  for (const byte of ordered) value = (value << 8n) | BigInt(byte);
  const isNegative = signed !== undefined && truth(machine, signed) && (ordered[0] ?? 0) >= 0x80;
  return int(isNegative ? value - (1n << BigInt(raw.length * 8)) : value);
}

export function floatMethod(value: number, name: string, args: Args): Py {
  noArguments(`float.${name}`, args);
  switch (name) {
    case "is_integer":
      return bool(Number.isInteger(value));
    case "conjugate":
      return float(value);
    case "hex":
      return { kind: "str", text: hexText(value) };
    case "as_integer_ratio":
      return ratio(value);
    default:
      return refuse(`float.${name} is not called in the past.`);
  }
}

function ratio(value: number): Py {
  if (Number.isNaN(value)) return valueError("cannot convert NaN to integer ratio");
  if (!Number.isFinite(value)) return raise("OverflowError", "cannot convert Infinity to integer ratio");
  const exact = exactFloat(value);
  if (exact.digits === 0n) return tuple([int(0), int(1)]);
  let { digits, exponent } = exact;
  while ((digits & 1n) === 0n) {
    digits >>= 1n;
    exponent += 1;
  }
  return exponent >= 0
    ? tuple([int(digits << BigInt(exponent)), int(1)])
    : tuple([int(digits), int(1n << BigInt(-exponent))]);
}

function hexText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (!Number.isFinite(value)) return `${sign}inf`;
  if (value === 0) return `${sign}0x0.0p+0`;
  const { digits, exponent } = exactFloat(Math.abs(value));
  const isNormal = digits >= 1n << 52n;
  const fraction = (isNormal ? digits - (1n << 52n) : digits).toString(16).padStart(13, "0");
  const power = exponent + 52;
  return `${sign}0x${isNormal ? "1" : "0"}.${fraction}p${power < 0 ? "-" : "+"}${Math.abs(power)}`;
}

export function floatFromHex(args: Args): Py {
  const source = oneArgument("float.fromhex", args);
  if (source.kind !== "str") return unsure("fromhex needs a str");
  const found =
    /^\s*(?<sign>[+-]?)(?:0x)?(?<whole>[\da-f]*)(?:\.(?<part>[\da-f]*))?(?:p(?<power>[+-]?\d+))?\s*$/iu.exec(
      source.text,
    );
  const { sign = "", whole = "", part = "", power = "0" } = found?.groups ?? {};
  if (whole + part === "") {
    if (/inf|nan/iu.test(source.text)) return refuse("This is not read in the past.");
    return valueError("invalid hexadecimal floating-point string");
  }
  if (power.length > 6) return refuse("This is not read in the past.");
  const digits = BigInt(`0x${whole}${part}`);
  const exponent = Number(power) - part.length * 4;
  const up = Math.max(0, 70 - bitLength(digits));
  const size = digits === 0n ? 0 : scaled(digits << BigInt(up), exponent - up);
  if (size === Infinity) return raise("OverflowError", "hexadecimal value too large to represent as a float");
  return float(sign === "-" ? -size : size);
}

export function complexMethod(value: PyComplex, name: string, args: Args): Py {
  noArguments(`complex.${name}`, args);
  return name === "conjugate" ? complex(value.real, -value.imaginary) : refuse(`complex.${name} is not called here.`);
}
