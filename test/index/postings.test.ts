import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Postings } from "../../src/index/postings.ts";
import { SparseColumn } from "../../src/base/sparseColumn.ts";

/** Keys of each block, plain. */
function postingsOf(blocks: readonly (readonly number[])[]): Postings {
  const postings = new Postings();
  for (const [block, keys] of blocks.entries()) for (const key of keys) postings.add(key, block);
  return postings;
}

const someBlocks = fc.array(fc.array(fc.oneof(fc.nat(5), fc.constantFrom(70_000, 4_294_967_295))), { maxLength: 12 });

describe("postings", () => {
  it("find the nearest block with a key, as a walk over all blocks does", () => {
    fc.assert(
      fc.property(someBlocks, fc.integer({ min: 0, max: 14 }), (blocks, from) => {
        const postings = postingsOf(blocks);
        for (const key of [0, 1, 5, 70_000, 4_294_967_295]) {
          const holders = blocks.flatMap((keys, block) => (keys.includes(key) ? [block] : []));
          expect(postings.lastAtMost(key, from)).toBe(holders.findLast((block) => block <= from) ?? -1);
          expect(postings.firstAtLeast(key, from)).toBe(holders.find((block) => block >= from) ?? -1);
        }
      }),
    );
  });

  it("forget the newest block without a trace", () => {
    fc.assert(
      fc.property(someBlocks, fc.array(fc.nat(5)), (blocks, extra) => {
        const postings = postingsOf([...blocks, extra]);
        postings.removeBlock(blocks.length);
        const expected = postingsOf(blocks);
        for (const key of [0, 1, 2, 3, 4, 5, 70_000]) {
          for (let block = 0; block <= blocks.length; block++) {
            expect(postings.lastAtMost(key, block)).toBe(expected.lastAtMost(key, block));
            expect(postings.firstAtLeast(key, block)).toBe(expected.firstAtLeast(key, block));
          }
        }
      }),
    );
  });
});

describe("a sparse column", () => {
  it("keeps what a map keeps, whatever the keys are", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.oneof(fc.nat(300), fc.nat(4_294_967_295)), fc.nat(4_294_967_295))), (pairs) => {
        const column = new SparseColumn();
        const map = new Map<number, number>();
        for (const [key, value] of pairs) {
          column.set(key, value);
          map.set(key, value);
        }
        for (const [key, value] of map) expect(column.get(key)).toBe(value);
        expect(column.get(301)).toBe(map.get(301) ?? 0);
      }),
    );
  });
});
