import { crc32 as platform } from "node:zlib";
import { expect, test } from "vitest";
import { crc32, plainCrc32 } from "../../src/node/crc32.ts";

test("the checksum in plain JavaScript is the platform's", () => {
  for (let length = 0; length < 300; length += 7) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 131 + length) & 0xff);
    expect(plainCrc32(bytes)).toBe(platform(bytes));
    expect(crc32(bytes)).toBe(platform(bytes));
  }
});
