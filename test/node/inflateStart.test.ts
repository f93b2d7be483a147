// The beginning of what was deflated, from the beginning of the deflated bytes.
import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { nodeCodecs } from "../../src/node/openFile.ts";
import { randomFrom } from "../support/randomProgram.ts";

describe("the start of deflated bytes", () => {
  it("is the start of all of them, however well they deflate", () => {
    const random = randomFrom(1);
    for (const variety of [1, 2, 16, 256]) {
      const raw = Uint8Array.from({ length: 100_000 }, () => Math.floor(random() * variety));
      for (const level of [0, 1, 6, 9]) {
        const deflated = deflateRawSync(raw, { level });
        for (const length of [0, 1, 100, 4096, 65_536, 100_000]) {
          const start = nodeCodecs.inflateStart(deflated, length);
          expect(start.length).toBeGreaterThanOrEqual(length);
          expect(Buffer.compare(start, raw.subarray(0, start.length))).toBe(0);
        }
      }
    }
  });

  it("is in memory of its own kind: a slice is a copy", () => {
    const start = nodeCodecs.inflateStart(deflateRawSync(Uint8Array.of(1, 2, 3)), 3);
    start.slice(0, 1)[0] = 9;
    expect([...start]).toEqual([1, 2, 3]);
  });

  it("throws when the bytes are damaged", () => {
    expect(() => nodeCodecs.inflateStart(Uint8Array.of(0xff, 0xff, 0xff), 10)).toThrow(/invalid/u);
  });
});
