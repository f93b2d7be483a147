import { expect, test } from "vitest";
import { codeLenses, hoverAtLine, times } from "../../src/language/executionTexts.ts";

const counts = {
  path: "/p/app.py",
  sourceMatches: true,
  functions: [
    { name: "total", line: 1, calls: 42 },
    { name: "unused", line: 5, calls: 0 },
    { name: "<lambda>", line: 9, calls: 1 },
    { name: "outer", line: 9, calls: 3 },
  ],
  lines: [
    { line: 2, count: 42 },
    { line: 3, count: 1 },
  ],
};

test("each function that ran has a lens at its first line, and one that did not has none", () => {
  const lenses = codeLenses(counts).map(({ range, command }) => `${range.start.line}: ${command?.title}`);
  expect(lenses).toEqual(["0: ran 42 times", "8: <lambda> ran once, outer ran 3 times"]);
});

test("hover says how often the line ran, and nothing where nothing ran", () => {
  expect(hoverAtLine(counts, 1)?.contents).toEqual({ kind: "markdown", value: "This line ran 42 times." });
  expect(hoverAtLine(counts, 2)?.contents).toEqual({ kind: "markdown", value: "This line ran once." });
  expect(hoverAtLine(counts, 3)).toBeUndefined();
});

test("large counts are grouped", () => {
  expect(times(1_000_000)).toBe("1,000,000 times");
});
