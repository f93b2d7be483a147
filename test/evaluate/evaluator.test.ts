// An expression over recorded values is what CPython makes of it, to the text of the exception; or it is refused.
import { expect, test } from "vitest";
import { interpreters } from "../support/interpreters.ts";
import { compareWithPython } from "./support/expressionRun.ts";

const isFull = process.env["HINDSIGHT_FULL"] === "1";
const all = interpreters();
const oldest = all.slice(0, 1);
const newest = all.slice(-1);
const middle = all.filter(({ minor }) => minor === 12).slice(0, 1);
const everyday = [...new Set([...oldest, ...middle, ...newest])];
const seeds = isFull ? [1, 2, 3] : [1];
/** Together more than 20,000 in the everyday run. */
const count = 7000;

test.each((isFull ? all : everyday).flatMap((one) => seeds.map((seed) => ({ ...one, seed }))))(
  "random expressions on Python $version, seed $seed, are what Python says",
  { timeout: 120_000 },
  (one) => {
    const { count: asked, raised, differences, refusals } = compareWithPython(one, one.minor * 100 + one.seed, count);
    expect(asked).toBe(count);
    expect(differences.slice(0, 5)).toStrictEqual([]);
    expect(raised).toBeGreaterThan(asked / 10);
    expect(raised).toBeLessThan(asked / 2);
    expect(refusals.length / asked).toBeLessThan(0.05);
  },
);

test.each((isFull ? all : everyday).flatMap((one) => seeds.map((seed) => ({ ...one, seed }))))(
  "expressions about own classes on Python $version, seed $seed, are what Python says",
  { timeout: 120_000 },
  (one) => {
    const { count: asked, differences, refusals } = compareWithPython(one, one.minor * 100 + one.seed, 3000, "own");
    expect(asked).toBe(3000);
    expect(differences.slice(0, 5)).toStrictEqual([]);
    expect(refusals.length / asked).toBeLessThan(0.2);
  },
);
