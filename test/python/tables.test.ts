// Properties of the table decoders: what a small encoder writes is read back, and no bytes whatsoever break them.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { brand } from "../../src/base/brand.ts";
import { WireError } from "../../src/base/errors.ts";
import type { CodeUnit } from "../../src/python/codeOffset.ts";
import { ExceptionTable } from "../../src/python/exceptionTable.ts";
import { decodeLineTable310 } from "../../src/python/lineTable310.ts";
import { decodeLnotab } from "../../src/python/lnotab.ts";
import { type CodePosition, LocationTable } from "../../src/python/locationTable.ts";

const FIRST_LINE = 100;

interface Located {
  readonly units: number;
  readonly position: CodePosition;
}

const line = fc.integer({ min: 1, max: 2_000_000 });
const column = fc.integer({ min: 0, max: 100_000 });
const units = fc.integer({ min: 1, max: 8 });

const located: fc.Arbitrary<Located> = fc.record({
  units,
  position: fc.oneof(
    fc.constant({ line: undefined, endLine: undefined, column: undefined, endColumn: undefined }),
    line.map((line) => ({ line, endLine: line, column: undefined, endColumn: undefined })),
    fc
      .record({ line, lines: fc.nat(5000), column: fc.option(column, { nil: undefined }), endColumn: column })
      .map(({ line, lines, column, endColumn }) => ({ line, endLine: line + lines, column, endColumn })),
    fc.tuple(fc.nat(2), fc.nat(79), fc.nat(15)).map(([delta, column, width]) => nearby(delta, column, column + width)),
    fc.tuple(fc.nat(2), fc.nat(255), fc.nat(255)).map(([delta, column, end]) => nearby(delta, column, end)),
  ),
});

describe("the location table", () => {
  test("gives back every position that was written, in any of its five forms", () => {
    fc.assert(
      fc.property(fc.array(located), (entries) => {
        const table = LocationTable.decode(encodeLocations(entries), FIRST_LINE);
        const expected = entries.flatMap(({ units, position }) => Array.from({ length: units }, () => position));
        expect([...table.positions()]).toEqual(expected);
        for (const [unit, position] of expected.entries()) {
          expect(table.positionForOffset(brand<CodeUnit>(unit))).toEqual(position);
        }
        expect(table.positionForOffset(brand<CodeUnit>(expected.length))).toBeUndefined();
      }),
    );
  });

  test("gives the positions of a range of code units, and of no others", () => {
    fc.assert(
      fc.property(fc.array(located, { minLength: 1 }), fc.nat(60), fc.nat(60), (entries, start, length) => {
        const table = LocationTable.decode(encodeLocations(entries), FIRST_LINE);
        const inside = entries.filter((_, index) => {
          const from = entries.slice(0, index).reduce((sum, { units }) => sum + units, 0);
          return from < start + length && from + (entries[index]?.units ?? 0) > start;
        });
        const found = table.positionsBetween(brand<CodeUnit>(start), brand<CodeUnit>(start + length));
        expect(found).toEqual(length === 0 ? [] : inside.map(({ position }) => position));
      }),
    );
  });

  test("is refused when an entry has no mark, is cut off or counts beyond a C int", () => {
    for (const bytes of [[0x00], [0x80], [0xf0, 1, 2], [0xe8, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x00]]) {
      expect(() => LocationTable.decode(Uint8Array.from(bytes), 1)).toThrow(WireError);
    }
  });
});

describe("the exception table", () => {
  const gaps = fc.array(
    fc.record({
      gap: fc.nat(5000),
      size: fc.integer({ min: 1, max: 5000 }),
      target: fc.nat(300_000),
      depth: fc.nat(100),
      lasti: fc.boolean(),
    }),
  );

  test("gives back every handler that was written, and the one that covers an offset", () => {
    fc.assert(
      fc.property(gaps, fc.nat(20_000), (entries, offset) => {
        let end = 0;
        const written = entries.map(({ gap, size, target, depth, lasti }) => {
          const start = end + gap;
          end = start + size;
          return { start, end, target, depth, pushesLasti: lasti };
        });
        const table = ExceptionTable.decode(Uint8Array.from(written.flatMap(encodeHandler)));
        expect(table.entries).toEqual(written);
        expect(table.handlerForOffset(brand<CodeUnit>(offset))).toEqual(
          written.find((entry) => entry.start <= offset && offset < entry.end),
        );
      }),
    );
  });

  test("is refused when entries overlap or one is cut off", () => {
    const entry = { start: 2, end: 6, target: 9, depth: 0, pushesLasti: false };
    expect(() => ExceptionTable.decode(Uint8Array.from([entry, entry].flatMap(encodeHandler)))).toThrow(WireError);
    expect(() => ExceptionTable.decode(Uint8Array.from(encodeHandler(entry).slice(0, 3)))).toThrow(WireError);
  });
});

describe("the line tables before 3.11", () => {
  // Sizes in code units; far lines and long ranges need several pairs.
  const ranges = fc.array(fc.record({ units: fc.integer({ min: 1, max: 600 }), line }), { minLength: 1 });

  test("co_lnotab gives back the line of every offset", () => {
    fc.assert(
      fc.property(ranges, (entries) => {
        const size = entries.reduce((sum, { units }) => sum + units * 2, 0);
        const table = decodeLnotab(encodeLnotab(entries), FIRST_LINE, size);
        expect([...table.runs()]).toEqual(joined(entries));
      }),
    );
  });

  test("the table of 3.10 gives back the line of every offset, and where there is none", () => {
    const withGaps = ranges.map((entries) =>
      entries.map((one, index) => (index % 5 === 3 ? { ...one, line: undefined } : one)),
    );
    fc.assert(
      fc.property(withGaps, (entries) => {
        expect([...decodeLineTable310(encodeLineTable310(entries), FIRST_LINE).runs()]).toEqual(joined(entries));
      }),
    );
  });

  test("a table with half a pair is refused", () => {
    expect(() => decodeLnotab(Uint8Array.of(2), 1, 4)).toThrow(WireError);
    expect(() => decodeLineTable310(Uint8Array.of(2, 1, 4), 1)).toThrow(WireError);
  });

  test("co_lnotab may go on beyond the end of the code", () => {
    expect([...decodeLnotab(Uint8Array.of(2, 1, 200, 1, 6, 1), 1, 4).runs()]).toEqual([
      { start: 0, end: 2, line: 1 },
      { start: 2, end: 4, line: 2 },
    ]);
  });
});

test("random bytes are a table or a WireError, never anything else", () => {
  let refused = 0;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(1000), (bytes, size) => {
      const marked = bytes.map((byte, index) => (index % 3 === 0 ? byte | 0x80 : byte));
      const decoders = [
        () => [...LocationTable.decode(marked, 1).positions()].length <= marked.length * 8,
        () => [...LocationTable.decode(bytes, 1).lineTable().runs()].length <= bytes.length,
        () => ExceptionTable.decode(bytes).entries.length <= bytes.length,
        () => decodeLineTable310(bytes, 1).lines().length <= bytes.length,
        () => decodeLnotab(bytes, 1, size).lines().length <= bytes.length + 1,
      ];
      for (const decode of decoders) {
        try {
          expect(decode()).toBe(true);
        } catch (error) {
          if (!(error instanceof WireError)) throw error;
          refused++;
        }
      }
    }),
    { numRuns: 2000 },
  );
  expect(refused).toBeGreaterThan(0);
});

/** A position near the one before it, which only the short forms can say; `encodeLocations` makes the line absolute. */
function nearby(delta: number, column: number, endColumn: number): CodePosition {
  return { line: FIRST_LINE + delta, endLine: FIRST_LINE + delta, column, endColumn };
}

function encodeLocations(entries: readonly Located[]): Uint8Array {
  let previous = FIRST_LINE;
  const bytes: number[] = [];
  for (const { units, position } of entries) {
    bytes.push(...encodeLocation(units - 1, position, previous));
    previous = position.line ?? previous;
  }
  return Uint8Array.from(bytes);
}

function encodeLocation(length: number, position: CodePosition, previous: number): readonly number[] {
  const { line, endLine = 0, column, endColumn } = position;
  if (line === undefined) return [0x80 | (15 << 3) | length];
  const delta = line - previous;
  if (column === undefined && endColumn === undefined && endLine === line) {
    return [0x80 | (13 << 3) | length, ...signedVarint(delta)];
  }
  if (column !== undefined && endColumn !== undefined && endLine === line && delta >= 0 && delta <= 2) {
    const width = endColumn - column;
    if (delta === 0 && column < 80 && width >= 0 && width < 16) {
      return [0x80 | ((column >> 3) << 3) | length, ((column & 7) << 4) | width];
    }
    if (column < 256 && endColumn < 256) return [0x80 | ((10 + delta) << 3) | length, column, endColumn];
  }
  const columns = [...varint((column ?? -1) + 1), ...varint((endColumn ?? -1) + 1)];
  return [0x80 | (14 << 3) | length, ...signedVarint(delta), ...varint(endLine - line), ...columns];
}

function varint(value: number): readonly number[] {
  return value < 64 ? [value] : [0x40 | (value & 63), ...varint(value >> 6)];
}

function signedVarint(value: number): readonly number[] {
  return varint(value < 0 ? (-value << 1) | 1 : value << 1);
}

function bigEndianVarint(value: number): readonly number[] {
  const digits = [value & 63];
  for (let rest = value >> 6; rest > 0; rest >>= 6) digits.unshift(0x40 | (rest & 63));
  return digits;
}

function encodeHandler(entry: {
  start: number;
  end: number;
  target: number;
  depth: number;
  pushesLasti: boolean;
}): readonly number[] {
  const { start, end, target, depth, pushesLasti } = entry;
  const [first = 0, ...rest] = bigEndianVarint(start);
  const others = [end - start, target, depth * 2 + Number(pushesLasti)].flatMap(bigEndianVarint);
  return [first | 0x80, ...rest, ...others];
}

function encodeLnotab(entries: readonly { readonly units: number; readonly line: number }[]): Uint8Array {
  const bytes: number[] = [];
  let line = FIRST_LINE;
  let size = 0;
  for (const entry of entries) {
    for (; size > 255; size -= 255) bytes.push(255, 0);
    for (const delta of steps(entry.line - line, 127)) {
      bytes.push(size, delta & 0xff);
      size = 0;
    }
    line = entry.line;
    size += entry.units * 2;
  }
  return Uint8Array.from(bytes);
}

function encodeLineTable310(
  entries: readonly { readonly units: number; readonly line: number | undefined }[],
): Uint8Array {
  const bytes: number[] = [];
  let previous = FIRST_LINE;
  for (const { units, line } of entries) {
    let delta = -128;
    if (line !== undefined) {
      const deltas = steps(line - previous, 127);
      for (const one of deltas.slice(0, -1)) bytes.push(0, one & 0xff);
      delta = deltas.at(-1) ?? 0;
      previous = line;
    }
    for (let size = units * 2; size > 0; size -= 254) {
      bytes.push(Math.min(size, 254), delta & 0xff);
      if (line !== undefined) delta = 0;
    }
  }
  return Uint8Array.from(bytes);
}

/** Splits a line increment into parts that fit a signed byte. */
function steps(delta: number, limit: number): readonly number[] {
  const parts: number[] = [];
  let rest = delta;
  while (Math.abs(rest) > limit) {
    parts.push(Math.sign(rest) * limit);
    rest -= Math.sign(rest) * limit;
  }
  return [...parts, rest];
}

function joined(entries: readonly { readonly units: number; readonly line: number | undefined }[]): readonly unknown[] {
  const runs: { start: number; end: number; line: number | undefined }[] = [];
  let end = 0;
  for (const { units, line } of entries) {
    const last = runs.at(-1);
    if (last !== undefined && last.line === line) last.end += units * 2;
    else runs.push({ start: end, end: end + units * 2, line });
    end += units * 2;
  }
  return runs;
}
