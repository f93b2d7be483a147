// How does Python write a scalar? Exactly its `repr`, for float, complex, str, bytes and int.
import type { PrintableCharacters } from "./printable.ts";

/** CPython refuses to write longer ints in decimal (`sys.get_int_max_str_digits`). */
const maxIntDigits = 4300;
/** An int of this many bits or fewer has at most `maxIntDigits` digits. */
const safeIntBits = 14_280;
const cutIntHexDigits = 32;

function signOf(value: number): string {
  return value < 0 || Object.is(value, -0) ? "-" : "";
}

/** Shortest digits that read back as `value`, without a forced ".0"; `repr` of the parts of a complex. */
function bareFloatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  const sign = signOf(value);
  const size = Math.abs(value);
  if (size === Infinity) return `${sign}inf`;
  const [mantissa = "0", exponentText = "0"] = size.toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    const power = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${digits.slice(0, 1)}${fraction}e${exponent < 0 ? "-" : "+"}${power}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = digits.slice(exponent + 1);
  return fraction === "" ? sign + whole : `${sign}${whole}.${fraction}`;
}

/** `repr` of a float. */
export function floatText(value: number): string {
  const text = bareFloatText(value);
  return /^-?\d+$/u.test(text) ? `${text}.0` : text;
}

/** `repr` of a complex. */
export function complexText(real: number, imaginary: number): string {
  const imaginaryText = bareFloatText(imaginary);
  if (Object.is(real, 0)) return `${imaginaryText}j`;
  return `(${bareFloatText(real)}${imaginaryText.startsWith("-") ? "" : "+"}${imaginaryText}j)`;
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, "0");
}

/** Python prefers ' and takes " only when that saves escapes. */
function quoteFor(hasSingle: boolean, hasDouble: boolean): "'" | '"' {
  return hasSingle && !hasDouble ? '"' : "'";
}

const shortEscapes: ReadonlyMap<number, string> = new Map([
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0d, "\\r"],
  [0x5c, "\\\\"],
]);

function escapedCodePoint(code: number): string {
  if (code <= 0xff) return `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

/**
 * `repr` of a str; `printable` belongs to the Python that made it.
 * At most about `limit` UTF-16 units are looked at: whoever asks for fewer cuts the rest.
 */
export function strText(text: string, printable: PrintableCharacters, limit = Infinity): string {
  const quote = quoteFor(text.includes("'"), text.includes('"'));
  const quoteCode = quote.charCodeAt(0);
  let out = quote;
  for (const character of text.length > limit + 1 ? text.slice(0, limit + 1) : text) {
    const code = character.codePointAt(0) ?? 0;
    const short = shortEscapes.get(code);
    if (short !== undefined) out += short;
    else if (code === quoteCode) out += `\\${quote}`;
    else out += printable.has(code) ? character : escapedCodePoint(code);
  }
  return out + quote;
}

/** `repr` of bytes; `limit` as in `strText`. `escapesSingle`: ' is escaped between " too. */
export function bytesText(bytes: Uint8Array, limit = Infinity, escapesSingle = false): string {
  const quote = quoteFor(bytes.includes(0x27), bytes.includes(0x22));
  const quoteCode = quote.charCodeAt(0);
  let out = `b${quote}`;
  for (const byte of bytes.length > limit + 1 ? bytes.subarray(0, limit + 1) : bytes) {
    const short = shortEscapes.get(byte);
    if (short !== undefined) out += short;
    else if (byte === quoteCode) out += `\\${quote}`;
    else if (byte === 0x27 && escapesSingle) out += "\\'";
    else out += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${hex(byte, 2)}`;
  }
  return out + quote;
}

function cutIntText(negative: boolean, top: bigint, bits: number): string {
  const digits = top.toString(16).slice(0, cutIntHexDigits);
  return `${negative ? "-" : ""}0x${digits}… (int of ${bits} bits, cut)`;
}

/** `repr` of an int; beyond the interpreter's own limit its first hexadecimal digits, marked as cut. */
export function intText(value: bigint | number): string {
  if (typeof value === "number") return String(value);
  const size = value < 0n ? -value : value;
  const hexDigits = size.toString(16);
  const bits = (hexDigits.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hexDigits.slice(0, 1), 16)));
  if (bits > safeIntBits) {
    const text = bits < safeIntBits + 10 ? size.toString() : undefined;
    if (text === undefined || text.length > maxIntDigits) return cutIntText(value < 0n, size, bits);
  }
  return value.toString();
}

/** An int of which the recording kept the most significant bits only. */
export function intCutText(negative: boolean, bits: number, top: bigint): string {
  return cutIntText(negative, top, bits);
}
