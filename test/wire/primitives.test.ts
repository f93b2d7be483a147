// The smallest parts of the format, there and back: the writer of the tests is written from FORMAT.md.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WireError } from "../../src/base/errors.ts";
import { Cursor } from "../../src/wire/cursor.ts";
import { codePointLength, decodeText } from "../../src/wire/text.ts";
import { CHECKED_STRINGS, readValue, skipValue, type Value } from "../../src/wire/value.ts";
import { ByteWriter, utf8 } from "../support/byteWriter.ts";

function cursorOf(bytes: readonly number[]): Cursor {
  return new Cursor(Uint8Array.from(bytes), 0, bytes.length, 0);
}

function roundTrip(value: Value): Value {
  const { bytes } = new ByteWriter(undefined).value(value);
  const skipping = cursorOf(bytes);
  skipValue(skipping, CHECKED_STRINGS);
  expect(skipping.remaining).toBe(0);
  return readValue(cursorOf(bytes), { strings: [], blob: () => undefined, sinceStep: 7 });
}

function outcomeOf(read: () => void): string {
  try {
    read();
    return "read";
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
    return "refused";
  }
}

describe("numbers", () => {
  it("come back up to 2^53 - 1", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        expect(cursorOf(new ByteWriter(undefined).uv(Math.abs(number)).bytes).uv()).toBe(Math.abs(number));
        expect(cursorOf(new ByteWriter(undefined).sv(number).bytes).sv()).toBe(number);
      }),
    );
    for (const edge of [2 ** 52 - 1, 2 ** 52, 2 ** 53 - 1].flatMap((size) => [size, -size])) {
      expect(cursorOf(new ByteWriter(undefined).sv(edge).bytes).sv()).toBe(edge);
    }
  });

  it("beyond 2^53 - 1 are refused", () => {
    expect(() => cursorOf([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]).uv()).toThrow(WireError);
    expect(() => cursorOf(Array.from({ length: 40 }, () => 0xff)).uv()).toThrow(WireError);
  });

  it("that end too early are refused with the place of their frame", () => {
    expect(() => new Cursor(Uint8Array.of(0x80), 0, 1, 4711).uv()).toThrow("at byte 4711");
    expect(() => cursorOf([1, 2, 3]).u32()).toThrow(WireError);
    expect(() => cursorOf([200, 1, 65]).text()).toThrow(WireError);
  });
});

describe("text", () => {
  it("comes back whatever it holds, lone surrogates too", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 0xd800, max: 0xdfff }), (text, surrogate) => {
        const odd = `${text}\ufffd${String.fromCharCode(surrogate)}.${text}`;
        expect(decodeText(Uint8Array.from(utf8(odd)))).toBe(odd);
        expect(codePointLength(odd)).toBe(Array.from(odd).length);
      }),
    );
  });

  it("that is no UTF-8 does no harm", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(typeof decodeText(bytes)).toBe("string");
      }),
    );
    expect(decodeText(Uint8Array.of(0x41, 0xff, 0x42))).toBe("A\ufffdB");
    expect(decodeText(Uint8Array.of(0xc0, 0x80))).toBe("\ufffd\ufffd");
  });
});

describe("values", () => {
  const values: readonly Value[] = [
    { kind: "unbound" },
    { kind: "none" },
    { kind: "bool", value: true },
    { kind: "bool", value: false },
    { kind: "int", value: Number.MAX_SAFE_INTEGER / 2 - 0.5 },
    { kind: "int", value: -1 },
    { kind: "int", value: -(2n ** 200n) - 1n },
    { kind: "intCut", negative: true, bits: 99_999, top: 2n ** 64n + 3n },
    { kind: "float", value: -0 },
    { kind: "float", value: Number.NaN },
    { kind: "complex", real: Infinity, imaginary: -2.5 },
    { kind: "str", text: "caf\u00e9 \ud83d\ude00 \udc80", total: 8, truncated: false },
    { kind: "str", text: "begin", total: 70_000, truncated: true },
    { kind: "bytes", bytes: Uint8Array.of(0, 255), total: 2, truncated: false },
    { kind: "bytes", bytes: Uint8Array.of(1), total: 9, truncated: true },
    { kind: "object", object: 4_294_967_295 },
    { kind: "ellipsis" },
    { kind: "notImplemented" },
    { kind: "notRecorded", sinceStep: 7, reason: "the recorder failed here" },
  ];

  it("of every kind come back", () => {
    for (const value of values) expect(roundTrip(value)).toEqual(value);
  });

  it("of unknown kinds are refused", () => {
    expect(() => readValue(cursorOf([99]), { strings: [], blob: () => undefined, sinceStep: 0 })).toThrow(WireError);
    expect(() => {
      skipValue(cursorOf([99]), CHECKED_STRINGS);
    }).toThrow(WireError);
  });

  it("of random bytes are read alike by skipping and by reading, or refused by both", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 30 }), (bytes) => {
        const skipping = cursorOf([...bytes]);
        const reading = cursorOf([...bytes]);
        const skipped = outcomeOf(() => skipValue(skipping, undefined));
        const read = outcomeOf(() => readValue(reading, { strings: [], blob: () => undefined, sinceStep: 0 }));
        // TEXT (18) is for constants alone: it has a length, but is no value.
        if (bytes[0] === 18) return;
        expect(read).toBe(skipped);
        if (read === "read") expect(reading.pos).toBe(skipping.pos);
      }),
      { numRuns: 2000 },
    );
  });
});
