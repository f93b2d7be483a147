// What do literals stand for? Numbers, strings and bytes as Python reads them.
import { bytes, complex, float, int, str, type Py } from "./values.ts";

/** The text is no expression; the message says what was found. */
export class SyntaxProblemError extends Error {
  override readonly name = "SyntaxProblemError";
}

export function problem(message: string): never {
  throw new SyntaxProblemError(message);
}

const simpleEscapes: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const escape =
  /\\(?:x(?<x>[\da-fA-F]{2})|u(?<u>[\da-fA-F]{4})|U(?<U>[\da-fA-F]{8})|(?<octal>[0-7]{1,3})|(?<simple>[\s\S]))/gu;

/** Text without its escapes. */
export function unescaped(body: string, isBytes: boolean): string {
  return body.replaceAll(
    escape,
    (whole: string, x?: string, u?: string, long?: string, octal?: string, simple?: string) => {
      if (x !== undefined) return String.fromCharCode(Number.parseInt(x, 16));
      if (octal !== undefined) {
        const code = Number.parseInt(octal, 8);
        return String.fromCharCode(isBytes ? code & 0xff : code);
      }
      const unicode = u ?? long;
      if (unicode !== undefined) {
        if (isBytes) return whole;
        const code = Number.parseInt(unicode, 16);
        if (code > 0x10_ffff) return problem("An escape names an impossible character.");
        return String.fromCodePoint(code);
      }
      if (simple === "N" && !isBytes) return problem("Characters by name (\\N{…}) are not known here.");
      if (simple === "x" || (!isBytes && (simple === "u" || simple === "U"))) return problem("An escape is cut short.");
      return simpleEscapes[simple ?? ""] ?? whole;
    },
  );
}

export interface StringToken {
  readonly isBytes: boolean;
  readonly isRaw: boolean;
  readonly isFormatted: boolean;
  /** Where the text between the quotes begins and ends in the token. */
  readonly from: number;
  readonly to: number;
}

/** Takes a string token apart: prefix, quotes. */
export function stringToken(text: string): StringToken {
  const found = /^(?<prefix>[a-zA-Z]*)(?<quote>'''|"""|'|")/u.exec(text);
  const prefix = (found?.groups?.["prefix"] ?? "").toLowerCase();
  const quote = found?.groups?.["quote"] ?? "";
  if (prefix.includes("t")) problem("Template strings are not evaluated here.");
  const from = prefix.length + quote.length;
  const isClosed = text.length >= from + quote.length && text.endsWith(quote) && quote !== "";
  if (!isClosed) problem("A string is not closed.");
  return {
    isBytes: prefix.includes("b"),
    isRaw: prefix.includes("r"),
    isFormatted: prefix.includes("f"),
    from,
    to: text.length - quote.length,
  };
}

export function plainString(text: string): Py {
  const token = stringToken(text);
  const body = text.slice(token.from, token.to).replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  const value = token.isRaw ? body : unescaped(body, token.isBytes);
  if (!token.isBytes) return str(value);
  if (/[^\0-\u007f]/u.test(body)) problem("Bytes can only hold ASCII characters.");
  return bytes(Array.from(value, (character) => character.charCodeAt(0)));
}

const digits = /^(?:\d(?:_?\d)*)?(?:\.(?:\d(?:_?\d)*)?)?(?:[eE][+-]?\d(?:_?\d)*)?$/u;

export function numberLiteral(text: string): Py {
  if (/^0[xX](?:_?[\da-fA-F])+$|^0[oO](?:_?[0-7])+$|^0[bB](?:_?[01])+$/u.test(text))
    return int(BigInt(text.replaceAll("_", "")));
  const isImaginary = /[jJ]$/u.test(text);
  const number = isImaginary ? text.slice(0, -1) : text;
  if (!digits.test(number)) return problem(`${text} is no number.`);
  const plain = number.replaceAll("_", "");
  if (isImaginary) return complex(0, Number(plain));
  if (!/^\d+$/u.test(plain)) return float(Number(plain));
  if (/^0+[1-9]/u.test(plain)) return problem("Whole numbers do not begin with a zero.");
  return int(BigInt(plain));
}
