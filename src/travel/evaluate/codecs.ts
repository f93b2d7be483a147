// `encode` and `decode`, for the encodings that everybody uses.
import { raise, refuse } from "./failures.ts";
import { bytes, str, type Py } from "./values.ts";

type Codec = "utf-8" | "ascii" | "latin-1";

const codecs: Readonly<Record<string, Codec>> = {
  "utf-8": "utf-8",
  utf8: "utf-8",
  utf_8: "utf-8",
  u8: "utf-8",
  ascii: "ascii",
  "us-ascii": "ascii",
  latin1: "latin-1",
  "latin-1": "latin-1",
  "iso-8859-1": "latin-1",
};

function codecOf(encoding: Py | undefined): Codec {
  if (encoding === undefined) return "utf-8";
  const name = encoding.kind === "str" ? encoding.text.toLowerCase() : undefined;
  return (name === undefined ? undefined : codecs[name]) ?? refuse("This encoding is not known in the past.");
}

function isStrict(errors: Py | undefined): boolean {
  if (errors === undefined || (errors.kind === "str" && errors.text === "strict")) return true;
  return errors.kind === "str" ? false : refuse("The error handler must be a str.");
}

/** Throws where a character cannot be written, unless errors are handled: that is refused. */
export function encode(text: string, encoding: Py | undefined, errors: Py | undefined): Uint8Array {
  const codec = codecOf(encoding);
  const strict = isStrict(errors);
  const limit = codec === "ascii" ? 0x7f : codec === "latin-1" ? 0xff : Infinity;
  for (const [index, character] of Array.from(text).entries()) {
    const code = character.codePointAt(0) ?? 0;
    const isLone = code >= 0xd800 && code <= 0xdfff;
    if (code <= limit && !(codec === "utf-8" && isLone)) continue;
    if (!strict) return refuse("Error handlers of encodings are not run in the past.");
    const next = Array.from(text)[index + 1]?.codePointAt(0) ?? 0;
    if (codec === "utf-8" || next > limit) return refuse("How this encoding fails is not known here.");
    const hex = code.toString(16);
    const shown =
      code <= 0xff
        ? `\\x${hex.padStart(2, "0")}`
        : code <= 0xffff
          ? `\\u${hex.padStart(4, "0")}`
          : `\\U${hex.padStart(8, "0")}`;
    return raise(
      "UnicodeEncodeError",
      `'${codec}' codec can't encode character '${shown}' in position ${index}: ordinal not in range(${limit + 1})`,
    );
  }
  if (codec === "utf-8") return new TextEncoder().encode(text);
  return bytes(Array.from(text, (character) => character.charCodeAt(0))).bytes;
}

export function decode(raw: Uint8Array, encoding: Py | undefined, errors: Py | undefined): Py {
  const codec = codecOf(encoding);
  const strict = isStrict(errors);
  const bad = raw.findIndex((byte) => byte > 0x7f);
  if (codec === "latin-1" || bad === -1) return str(Array.from(raw, (byte) => String.fromCharCode(byte)).join(""));
  if (!strict) return refuse("Error handlers of encodings are not run in the past.");
  if (codec === "ascii")
    return raise(
      "UnicodeDecodeError",
      `'ascii' codec can't decode byte 0x${(raw[bad] ?? 0).toString(16)} in position ${bad}: ordinal not in range(128)`,
    );
  try {
    return str(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw));
  } catch {
    return refuse("These bytes are no UTF-8.");
  }
}
