import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { PrintableCharacters } from "../../src/python/printable.ts";
import { complexText, floatText, intText } from "../../src/python/scalarText.ts";
import { typeName, valueText } from "../../src/dap/presentation/valueText.ts";
import type { ObjectView, Value } from "../../src/travel/timeTravel.ts";
import { interpreters } from "../support/interpreters.ts";
import { decodeValue, objectView, sourceOf, textOf } from "./support/pythonValues.ts";

const generator = path.join(import.meta.dirname, "support", "randomValues.py");
const isFull = process.env["HINDSIGHT_FULL"] === "1";
const all = interpreters();
const pythons = isFull ? all : all.filter((_, index) => index === 0 || index === all.length - 1);

function python(interpreter: string, args: readonly string[]): string {
  return execFileSync(interpreter, args, { encoding: "utf8", maxBuffer: 1 << 28 });
}

test("there is an interpreter to compare with", () => {
  expect(pythons.length).toBeGreaterThan(0);
});

describe.each(pythons)("against Python $version", ({ path: interpreter, minor }) => {
  test("thousands of random values have exactly Python's repr", () => {
    const lines = python(interpreter, [generator, "7", isFull ? "20000" : "4000"])
      .trimEnd()
      .split("\n");
    for (const line of lines) {
      const row: unknown = JSON.parse(line);
      const [encoded, repr] =
        row !== null && typeof row === "object" && "value" in row && "repr" in row ? [row.value, row.repr] : [];
      const views: ObjectView[] = [];
      const value = decodeValue(encoded, views);
      expect(valueText(value, sourceOf(views, minor), Infinity)).toBe(textOf(repr));
    }
    expect(lines.length).toBeGreaterThan(1000);
  });

  test("every character is printable exactly when Python says so", () => {
    const program = "import sys; sys.stdout.write(''.join('01'[chr(c).isprintable()] for c in range(0x110000)))";
    const answers = python(interpreter, ["-c", program]);
    const printable = new PrintableCharacters(minor);
    let mine = "";
    for (let code = 0; code < 0x11_0000; code++) mine += printable.has(code) ? "1" : "0";
    expect(mine === answers).toBe(true);
  });
});

const minor = 12;

function show(value: Value, views: readonly ObjectView[] = [], limit?: number): string {
  return valueText(value, sourceOf(views, minor), limit);
}

function int(value: number): Value {
  return { kind: "int", value };
}

function str(text: string): Value {
  return { kind: "str", text, total: text.length, truncated: false };
}

function object(number: number): Value {
  return { kind: "object", object: number };
}

describe("what is not whole says so", () => {
  test("a text past the limit is cut with a mark", () => {
    expect(show(str("x".repeat(100)), [], 10)).toBe("'xxxxxxxxx…");
    expect(
      show(object(1), [objectView(1, "list", "list", { items: Array.from({ length: 50 }, (_, i) => int(i)) })], 12),
    ).toBe("[0, 1, 2, 3,…");
  });

  test("a cut never splits a character of two units", () => {
    expect(show(str("😀😀😀"), [], 4)).toBe("'😀…");
  });

  test("a truncated str tells how much of it there is", () => {
    expect(show({ kind: "str", text: "ab", total: 5000, truncated: true })).toBe(
      "'ab'… (first 2 of 5000 characters recorded)",
    );
  });

  test("a truncated list tells how much is missing", () => {
    const view = objectView(1, "list", "list", {
      items: [int(1), int(2)],
      itemsTotal: 10,
      completeness: { kind: "truncated", kept: 2, total: 10 },
    });
    expect(show(object(1), [view])).toBe("[1, 2, … 8 more not recorded]");
  });

  test("an object that is not recorded shows its class and since when", () => {
    const view = objectView(1, "list", "list", {
      items: [int(1)],
      completeness: { kind: "notRecorded", sinceStep: 7, reason: "budget" },
    });
    expect(show(object(1), [view])).toBe("<list: not recorded since step 7: budget>");
    expect(show(object(2), [objectView(2, "tuple", "tuple", { items: [object(1)] }), view])).toBe(
      "(<list: not recorded since step 7: budget>,)",
    );
  });

  test("an int with more digits than Python would write is cut and marked", () => {
    expect(intText(10n ** 4299n)).toBe(`1${"0".repeat(4299)}`);
    expect(intText(-(10n ** 4300n))).toMatch(/^-0x[\da-f]{32}… \(int of 14285 bits, cut\)$/u);
    expect(show({ kind: "intCut", negative: true, bits: 100_000, top: 0xffn })).toBe(
      "-0xff… (int of 100000 bits, cut)",
    );
  });
});

describe("what Python would write", () => {
  test("floats change to exponents where Python's do", () => {
    expect([1e16, 1e15, 1e-5, 0.0001, -0, 5e-324].map((one) => floatText(one))).toStrictEqual([
      "1e+16",
      "1000000000000000.0",
      "1e-05",
      "0.0001",
      "-0.0",
      "5e-324",
    ]);
  });

  test("a complex keeps the sign of its zero", () => {
    expect([
      complexText(0, 1),
      complexText(-0, 1),
      complexText(1, -0),
      complexText(Number.NaN, Infinity),
    ]).toStrictEqual(["1j", "(-0+1j)", "(1-0j)", "(nan+infj)"]);
  });

  test("a list that holds itself shows the cycle, and the same list twice in a row shows twice", () => {
    const views = [
      objectView(1, "list", "list", { items: [object(1), object(2), object(2)] }),
      objectView(2, "list", "list", { items: [int(1)] }),
    ];
    expect(show(object(1), views)).toBe("[[...], [1], [1]]");
  });
});

describe("classes", () => {
  test("a subclass shows its name around the contents", () => {
    const items = [int(1), int(2)];
    expect(show(object(1), [objectView(1, "list", "app.Stack", { items })])).toBe("Stack([1, 2])");
    expect(show(object(1), [objectView(1, "tuple", "app.Pair", { items })])).toBe("Pair((1, 2))");
    expect(show(object(1), [objectView(1, "set", "app.Bag", { items })])).toBe("Bag({1, 2})");
    expect(show(object(1), [objectView(1, "dict", "collections.Counter", { entries: [[str("a"), int(2)]] })])).toBe(
      "Counter({'a': 2})",
    );
    expect(show(object(1), [objectView(1, "scalar", "app.Level", { value: int(3) })])).toBe("Level(3)");
  });

  test("an instance shows its class and its number, which is the same wherever it is seen", () => {
    expect(show(object(12), [objectView(12, "instance", "__main__.Point")])).toBe("<__main__.Point object #12>");
  });

  test("an exception shows what it was made with", () => {
    expect(show(object(1), [objectView(1, "exception", "app.Broken", { items: [str("no"), int(2)] })])).toBe(
      "Broken('no', 2)",
    );
  });

  test("the type of a value is Python's name for it", () => {
    const source = sourceOf([objectView(1, "deque", "collections.deque")], minor);
    expect(typeName(int(1), source)).toBe("int");
    expect(typeName({ kind: "none" }, source)).toBe("NoneType");
    expect(typeName(object(1), source)).toBe("collections.deque");
  });
});
