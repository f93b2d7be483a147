// Twenty small bugs, each from its visible failure to the line that caused it, by questions about the past alone.
import { afterEach, describe, expect, it } from "vitest";
import { interpreters, type Interpreter } from "../support/interpreters.ts";
import { Detective } from "./detective.ts";

const MOST_QUESTIONS = 5;

/** The oldest, the first with sys.monitoring and the newest; HINDSIGHT_FULL=1 takes all. */
function chosen(): readonly Interpreter[] {
  const all = interpreters();
  if (process.env["HINDSIGHT_FULL"] !== undefined) return all;
  return [...new Set([all[0], all.find(({ minor }) => minor >= 12), all.at(-1)])].filter((one) => one !== undefined);
}

/** Each gives the text of the line that caused the failure. */
const CASES: readonly (readonly [program: string, cause: string, find: (detective: Detective) => Promise<string>])[] = [
  [
    "wrong_alias",
    "return [row for _ in range(size)]",
    async (detective) => {
      const holders = await detective.holders("board[2]");
      expect(holders.map((text) => text.slice(0, 3))).toEqual(["[0]", "[1]", "[2]"]);
      const hops = await detective.origin("board");
      return hops.find(({ text }) => text.startsWith("return"))?.line ?? "";
    },
  ],
  ["shared_default", "def collect(name, names=[]):", async (detective) => lastLine(await detective.origin("second"))],
  [
    "off_by_one",
    "return total // size",
    async (detective) => {
      expect((await detective.changes("found")).filter(({ text }) => text.startsWith("append"))).toHaveLength(2);
      const [, counted] = await detective.calls("page");
      expect([counted?.value, counted?.operands.get("total"), counted?.operands.get("size")]).toEqual(["2", "7", "3"]);
      return counted?.line ?? "";
    },
  ],
  [
    "mutated_while_iterating",
    "numbers.remove(number)",
    async (detective) => {
      const [removal] = await detective.changes("cleaned");
      expect(removal?.text).toBe("removed at 1: -1");
      return removal?.line ?? "";
    },
  ],
  [
    "swallowed_exception",
    "except ValueError:",
    async (detective) => (await detective.exceptions()).find(({ kind }) => kind === "ValueError")?.line ?? "",
  ],
  [
    "stale_cache",
    "prices[name] = prices[name] + by",
    async (detective) => {
      const kept = (await detective.origin("after")).find(({ line }) => line === "cache[name] = prices[name]");
      const [raised] = await detective.history("prices['tea']");
      expect(raised?.step).toBeGreaterThan(kept?.step ?? Infinity);
      return raised?.line ?? "";
    },
  ],
  [
    "lost_update",
    "balance = seen + amount",
    async (detective) => {
      const [, before] = await detective.history("balance");
      const [made] = await detective.origin("balance");
      expect(before?.value).not.toBe("0");
      expect(made?.operands.get("seen")).toBe("0");
      return made?.line ?? "";
    },
  ],
  [
    "forgotten_await",
    "maximum = limit()",
    async (detective) => {
      const hops = await detective.origin("answer");
      const decided = hops.at(-1);
      if (decided === undefined) return "";
      await detective.goTo(decided);
      const [made] = await detective.origin("maximum");
      expect(made?.value).toContain("coroutine");
      return made?.line ?? "";
    },
  ],
  [
    "float_drift",
    "level += step",
    async (detective) => {
      const made = (await detective.origin("level")).at(-1);
      expect(made?.operands.get("level")).toBe("0.8999999999999999");
      return made?.line ?? "";
    },
  ],
  [
    "shadowed_name",
    "for total in [name for name, _ in rows]:",
    async (detective) => lastLine(await detective.origin("result")),
  ],
  [
    "late_binding",
    "scales.append(lambda value: value * factor)",
    async (detective) => {
      const made = (await detective.origin("result")).at(-1);
      expect(made?.operands.get("factor")).toBe("3");
      return made?.line ?? "";
    },
  ],
  [
    "dict_order",
    "return users[-1]",
    async (detective) => {
      const hops = await detective.origin("user");
      const [newest] = await detective.changes("latest");
      expect(newest?.text).toBe("['ada'] = 3");
      return hops.find(({ text }) => text.startsWith("return"))?.line ?? "";
    },
  ],
  [
    "recursion_limit",
    'adopt("root", "leaf")',
    async (detective) => {
      const [newest] = await detective.changes("parents");
      expect(newest?.line).toBe("parents[child] = parent");
      const [adopted] = await detective.calls("adopt");
      return adopted?.text ?? "";
    },
  ],
  ["encoding", 'return data.decode("latin-1")', async (detective) => lastLine(await detective.origin("loaded"))],
  [
    "timezone",
    "return clock.hour",
    async (detective) => (await detective.origin("limit")).find(({ kind }) => kind === "attribute")?.line ?? "",
  ],
  [
    "integer_division",
    "return part // whole",
    async (detective) => {
      const made = (await detective.origin("progress")).at(-1);
      if (made === undefined) return "";
      expect(made.operands.get("ratio")).toBe("0");
      await detective.goTo(made);
      return lastLine(await detective.origin("ratio"));
    },
  ],
  [
    "generator_exhausted",
    "total = sum(values)",
    async (detective) => {
      const none = (await detective.origin("result")).at(-1);
      if (none === undefined) return "";
      await detective.goTo(none);
      const reason = await detective.why(14);
      expect([reason.kind, reason.operands.get("count")]).toEqual(["branch", "0"]);
      const [run] = await detective.calls("squares");
      return run?.text ?? "";
    },
  ],
  [
    "class_attribute",
    "items = []",
    async (detective) => {
      const [addition] = await detective.changes("yours.items");
      expect(addition?.line).toBe("self.items.append(item)");
      expect(await detective.holders("yours.items")).toEqual([expect.stringMatching(/^\.items of type #\d+$/u)]);
      return lastLine(await detective.origin("yours.items"));
    },
  ],
  [
    "bad_merge",
    "merged.update(defaults)",
    async (detective) => {
      const hops = await detective.origin("color");
      return hops.find(({ text }) => text.includes("update"))?.line ?? "";
    },
  ],
  [
    "operator_precedence",
    'return day == "sat" or "sun"',
    async (detective) => {
      const rate = (await detective.origin("result")).at(-1);
      if (rate === undefined) return "";
      await detective.goTo(rate);
      const reason = await detective.why(12);
      expect([reason.kind, reason.text]).toEqual(["branch", "`is_weekend(day)` was true"]);
      const [asked] = await detective.calls("is_weekend");
      expect(asked?.value).toBe("'sun'");
      return asked?.line ?? "";
    },
  ],
];

function lastLine(clues: readonly { readonly line: string }[]): string {
  return clues.at(-1)?.line ?? "";
}

describe.each(chosen())("on Python $version", ({ path: python }) => {
  let detective: Detective | undefined;

  afterEach(async () => {
    await detective?.leave();
    detective = undefined;
  });

  it.each(CASES)(
    "%s: the cause is `%s`",
    async (program, cause, find) => {
      detective = new Detective();
      await detective.arrive(program, python);
      expect(await find(detective)).toBe(cause);
      expect(detective.questions).toBeLessThanOrEqual(MOST_QUESTIONS);
    },
    60_000,
  );
});

it("there are twenty of them", () => {
  expect(CASES).toHaveLength(20);
});
