// The call tree as it is asked for page by page, and the search for calls.
import { expect, test } from "vitest";
import { parseCallSearch, searchText } from "../../src/extension/callSearch.ts";
import { CallTree, type CallTreeNode } from "../../src/extension/callTree.ts";
import type { CallTreeArguments } from "../../src/protocol/historyRequests.ts";

/** Frame 1 makes the calls 2 to 301; frame 250 makes 302. */
function answer(args: CallTreeArguments): object {
  const frames = args.path === true ? [1, 250, 302] : framesOf(args.frame);
  const from = args.from ?? 0;
  const end = from + (args.count ?? 50);
  return {
    total: frames.length,
    calls: frames.slice(from, end).map((frame) => ({ frame, function: `f${frame}` })),
    ...(end < frames.length ? { next: end } : {}),
  };
}

function framesOf(frame: number | undefined): readonly number[] {
  if (frame === undefined) return [1];
  if (frame === 1) return Array.from({ length: 300 }, (_, index) => index + 2);
  return frame === 250 ? [302] : [];
}

function tree(asked: CallTreeArguments[] = []): CallTree {
  return new CallTree(async (args) => {
    asked.push(args);
    return await Promise.resolve(answer(args));
  }, undefined);
}

function shown(nodes: readonly CallTreeNode[]): readonly (number | string)[] {
  return nodes.map((node) => (node.kind === "call" ? node.frame : `${node.left} more`));
}

test("calls come a page at a time", async () => {
  const calls = tree();
  const [outer] = await calls.childrenOf(undefined);
  if (outer?.kind !== "call") throw new Error("no call");
  const first = await calls.childrenOf(outer);
  expect(first).toHaveLength(101);
  expect(shown(first.slice(-2))).toEqual([101, "200 more"]);
  await calls.loadMore(outer);
  expect(shown((await calls.childrenOf(outer)).slice(-2))).toEqual([201, "100 more"]);
  await calls.loadMore(outer);
  await calls.loadMore(outer);
  expect(await calls.childrenOf(outer)).toHaveLength(300);
});

test("what was asked once is not asked again", async () => {
  const asked: CallTreeArguments[] = [];
  const calls = tree(asked);
  await calls.childrenOf(undefined);
  await calls.childrenOf(undefined);
  expect(asked).toHaveLength(1);
});

test("the call on the stack is there although it stands pages away", async () => {
  const calls = tree();
  await calls.follow();
  expect(calls.current?.frame).toBe(302);
  expect(calls.current?.parent?.frame).toBe(250);
  expect([calls.currentWithin(2)?.frame, calls.currentWithin(9)?.frame]).toEqual([250, 302]);
  const [outer] = await calls.childrenOf(undefined);
  if (outer?.kind !== "call") throw new Error("no call");
  expect(calls.isOnStack(outer)).toBe(true);
  expect(shown((await calls.childrenOf(outer)).slice(-2))).toEqual(["200 more", 250]);
  await calls.loadMore(outer);
  await calls.loadMore(outer);
  const all = shown(await calls.childrenOf(outer));
  expect(all.filter((frame) => frame === 250)).toHaveLength(1);
});

test("a search names a function, an argument, a result or an exception", () => {
  expect(parseCallSearch("total")).toEqual({ function: "total" });
  expect(parseCallSearch("total result:40")).toEqual({ function: "total", result: "40" });
  expect(parseCallSearch('argument:"a b" exception: KeyError')).toEqual({ argument: "a b", exception: "KeyError" });
  expect(parseCallSearch("Result:None")).toEqual({ result: "None" });
  expect(parseCallSearch("   ")).toBeUndefined();
  expect(parseCallSearch('""')).toBeUndefined();
});

test("a search reads as it was asked", () => {
  expect(searchText({ function: "total", result: "40" })).toBe("function total, result 40");
});
