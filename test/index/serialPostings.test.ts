import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SerialPostings } from "../../src/index/serialPostings.ts";

/** One block: how many numbers it makes, and which older ones occur in it (as places in all that were made by then). */
const someBlocks = fc.array(fc.record({ makes: fc.nat(4), uses: fc.array(fc.nat(30)) }), { maxLength: 12 });

interface Described {
  readonly makes: number;
  readonly uses: readonly number[];
}

/** The postings, and for each number the blocks that hold it, kept plainly. */
function described(blocks: readonly Described[]): { postings: SerialPostings; holders: Map<number, Set<number>> } {
  const postings = new SerialPostings();
  const holders = new Map<number, Set<number>>();
  let next = 1;
  for (const [block, { makes, uses }] of blocks.entries()) {
    postings.begin(block);
    for (let left = makes; left > 0; left--) {
      postings.made(next, block);
      holders.set(next++, new Set([block]));
    }
    for (const use of uses.filter((serial) => serial > 0 && serial < next)) {
      postings.add(use, block);
      holders.get(use)?.add(block);
    }
  }
  return { postings, holders };
}

function expectSame(postings: SerialPostings, holders: ReadonlyMap<number, ReadonlySet<number>>, blocks: number): void {
  for (const [serial, set] of holders) {
    const sorted = [...set].toSorted((a, b) => a - b);
    for (let from = -1; from <= blocks; from++) {
      expect(postings.lastAtMost(serial, from)).toBe(sorted.findLast((block) => block <= from) ?? -1);
      expect(postings.firstAtLeast(serial, from)).toBe(sorted.find((block) => block >= from) ?? -1);
    }
  }
}

describe("postings of serial numbers", () => {
  it("find the nearest block with a number, as a walk over all blocks does", () => {
    fc.assert(
      fc.property(someBlocks, (blocks) => {
        const { postings, holders } = described(blocks);
        expectSame(postings, holders, blocks.length);
        expect(postings.lastAtMost(10_000, blocks.length)).toBe(-1);
        expect(postings.firstAtLeast(10_000, 0)).toBe(-1);
      }),
    );
  });

  it("forget the newest block without a trace, and go on after it", () => {
    fc.assert(
      fc.property(someBlocks, someBlocks, (blocks, more) => {
        const [dropped, ...rest] = more;
        if (dropped === undefined) return;
        const { postings } = described([...blocks, dropped]);
        postings.removeBlock(blocks.length);
        const { holders } = described(blocks);
        expectSame(postings, holders, blocks.length);
        // The same blocks again, after the removal.
        postings.begin(blocks.length);
        const [next] = rest;
        let serial = holders.size + 1;
        for (let left = next?.makes ?? 0; left > 0; left--) {
          postings.made(serial, blocks.length);
          holders.set(serial++, new Set([blocks.length]));
        }
        expectSame(postings, holders, blocks.length + 1);
      }),
    );
  });

  it("take numbers that come out of order as they are", () => {
    const postings = new SerialPostings();
    postings.begin(0);
    postings.made(5, 0);
    postings.begin(1);
    postings.made(3, 1);
    expect(postings.lastAtMost(5, 1)).toBe(0);
    expect(postings.lastAtMost(3, 1)).toBe(1);
  });
});
