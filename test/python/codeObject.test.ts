// One wrapper for each code object; each field read and each table decoded once, when it is first asked for.
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { brand } from "../../src/base/brand.ts";
import { WireError } from "../../src/base/errors.ts";
import { type CodeId, type CodeObjectFields, CodeObjectWrapper } from "../../src/python/codeObject.ts";
import { CodeObjectRegistry } from "../../src/python/codeObjectRegistry.ts";
import { type CodeUnit, toByteOffset, toCodeUnit } from "../../src/python/codeOffset.ts";
import { EMPTY_FIELDS, GOLDEN, parseCode } from "./describedCode.ts";

/** Line 1 at columns 4 to 9 in one code unit, then line 2 without columns in two. */
const LOCATIONS = Uint8Array.of(0x80, 0x45, 0xe9, 0x02);

describe("a code object's wrapper", () => {
  test("reads no table before it is asked for, and each one once however often it is asked", () => {
    const { fields, reads } = counted({ lineTable: LOCATIONS, exceptionTable: Uint8Array.of(0x80, 3, 2, 0) });
    const code = new CodeObjectWrapper(fields);
    expect(reads).toEqual({ lineTable: 0, exceptionTable: 0, variableNames: 0 });
    for (let round = 0; round < 100; round++) {
      expect(code.lineForOffset(brand<CodeUnit>(0))).toBe(1);
      expect(code.lineForOffset(brand<CodeUnit>(2))).toBe(2);
      expect(code.statementRange(brand<CodeUnit>(0))).toEqual({ line: 1, endLine: 1, column: 4, endColumn: 9 });
      expect(code.instructionRange(brand<CodeUnit>(1))?.line).toBe(2);
      expect(code.locationTable?.positionForOffset(brand<CodeUnit>(0))?.column).toBe(4);
      expect(code.exceptionTable.handlerForOffset(brand<CodeUnit>(1))?.target).toBe(2);
      expect(code.slots).toEqual([]);
    }
    expect(reads).toEqual({ lineTable: 1, exceptionTable: 1, variableNames: 1 });
    expect(code.lineTable).toBe(code.lineTable);
    expect(code.locationTable).toBe(code.locationTable);
    expect(code.exceptionTable).toBe(code.exceptionTable);
    expect(code.slots).toBe(code.slots);
  });

  test("keeps working beside a table that is damaged, and names the damage each time that one is asked for", () => {
    const code = new CodeObjectWrapper({
      ...EMPTY_FIELDS,
      lineTable: Uint8Array.of(1),
      exceptionTable: Uint8Array.of(),
    });
    expect(() => code.lineForOffset(brand<CodeUnit>(0))).toThrow(WireError);
    expect(() => code.lineForOffset(brand<CodeUnit>(0))).toThrow("does not start with its mark (at byte 1)");
    expect(code.exceptionTable.entries).toEqual([]);
  });

  test("has lines but no columns before 3.11", () => {
    const old = {
      ...EMPTY_FIELDS,
      lineTableForm: "lnotab",
      lineTable: Uint8Array.of(2, 1),
      bytecode: new Uint8Array(6),
    } as const;
    const code = new CodeObjectWrapper(old);
    expect(code.locationTable).toBeUndefined();
    for (const range of [code.statementRange(brand<CodeUnit>(1)), code.instructionRange(brand<CodeUnit>(1))]) {
      expect(range).toEqual({ line: 2, endLine: 2, column: undefined, endColumn: undefined });
    }
    expect(code.statementRange(brand<CodeUnit>(3))).toBeUndefined();
    expect(code.instructionRange(brand<CodeUnit>(3))).toBeUndefined();
  });

  test("lays its slots out as locals, then cells that are no arguments, then free variables", () => {
    const names = { variableNames: ["a", "b"], cellNames: ["c", "a"], freeNames: ["f"] };
    expect(new CodeObjectWrapper({ ...EMPTY_FIELDS, ...names }).slots).toEqual([
      { name: "a", kind: "cell" },
      { name: "b", kind: "local" },
      { name: "c", kind: "cell" },
      { name: "f", kind: "free" },
    ]);
  });
});

describe("the registry", () => {
  test("has one wrapper for each code object, for ever, also when its record comes again", () => {
    const registry = new CodeObjectRegistry();
    const wrappers = Array.from({ length: 1000 }, (_, index) => registry.add(fieldsOf(index + 1, "a.py", "00")));
    for (const [index, wrapper] of wrappers.entries()) {
      expect(registry.get(brand<CodeId>(index + 1))).toBe(wrapper);
      expect(registry.add(fieldsOf(index + 1, "other.py", "11"))).toBe(wrapper);
    }
    expect(registry.size).toBe(1000);
    expect([...registry.all()]).toEqual(wrappers);
    expect(registry.files()).toEqual(["a.py"]);
    expect(registry.get(brand<CodeId>(1001))).toBeUndefined();
  });

  test("finds the code of a file, and keeps equal code of two files apart", () => {
    const registry = new CodeObjectRegistry();
    const one = registry.add(fieldsOf(1, "a.py", "same"));
    const two = registry.add(fieldsOf(2, "b.py", "same"));
    const three = registry.add(fieldsOf(3, "a.py", "different"));
    expect(registry.byFile("a.py")).toEqual([one, three]);
    expect(registry.byFile("c.py")).toEqual([]);
    expect(registry.byHash("same")).toEqual([one, two]);
    expect(registry.byHash("none")).toEqual([]);
    expect(one).not.toBe(two);
  });
});

describe("what a step highlights", () => {
  test("is the statement; of a call over several lines the part that this step runs", () => {
    expect(stepTexts(3, 13, "functions.py", "with_calls").slice(0, 9)).toEqual([
      "26: whole line",
      "27: functools.reduce",
      "28: lambda left, right: left⏎        + right",
      "30: [value * 2 for value in values⏎         if value]",
      "31: value",
      "30: [value * 2 for value in values⏎         if value]",
      "32: 0",
      "27: result = functools.reduce(⏎        lambda left, right: left⏎        + right,⏎        [value * 2 for value in values⏎         if value],⏎        0,⏎    )",
      `34: "a"⏎            "b"`,
    ]);
  });

  test("counts columns in bytes, so that text before it may be of any script", () => {
    expect(stepTexts(3, 12, "functions.py", "outer")).toContain(`16: unused = "é"; other = "日本"`);
  });

  test.each([11, 12, 13, 14, 15])(
    "starts on the step's own line in 3.%i, and every call lies within its statement",
    (minor) => {
      let checked = 0;
      for (const line of extract(3, minor)) {
        const { code, size } = parseCode(line, minor);
        for (let unit = 0; unit < size / 2; unit++) {
          const offset = brand<CodeUnit>(unit);
          const statement = code.statementRange(offset);
          expect(statement?.line).toBe(code.lineForOffset(offset));
          const instruction = code.instructionRange(offset);
          expect(instruction?.line).toBe(statement?.line);
          if (instruction?.column === undefined || statement?.column === undefined) continue;
          if (instruction.line === instruction.endLine && instruction.column === instruction.endColumn) continue;
          expect(statement.column).toBeLessThanOrEqual(instruction.column);
          expect(statement.endLine).toBeGreaterThanOrEqual(instruction.endLine);
          checked++;
        }
      }
      expect(checked).toBeGreaterThan(1000);
    },
  );
});

test("code units and bytes are each other's double and half", () => {
  expect(toByteOffset(brand<CodeUnit>(21))).toBe(42);
  expect(toCodeUnit(toByteOffset(brand<CodeUnit>(21)))).toBe(21);
});

function counted(tables: Pick<CodeObjectFields, "lineTable" | "exceptionTable">) {
  const reads = { lineTable: 0, exceptionTable: 0, variableNames: 0 };
  const fields: CodeObjectFields = {
    ...EMPTY_FIELDS,
    get lineTable() {
      reads.lineTable++;
      return tables.lineTable;
    },
    get exceptionTable() {
      reads.exceptionTable++;
      return tables.exceptionTable;
    },
    get variableNames() {
      reads.variableNames++;
      return [];
    },
  };
  return { fields, reads };
}

function fieldsOf(id: number, fileName: string, hash: string): CodeObjectFields {
  return { ...EMPTY_FIELDS, id: brand<CodeId>(id), fileName, hash };
}

function extract(major: number, minor: number): readonly string[] {
  return readFileSync(path.join(GOLDEN, `${major}.${minor}.jsonl`), "utf8")
    .trim()
    .split("\n")
    .slice(1);
}

/** What each run of a function highlights, as text of its source. */
function stepTexts(major: number, minor: number, file: string, name: string): readonly string[] {
  const source = readFileSync(path.join(GOLDEN, "source", file), "utf8")
    .split("\n")
    .map((line) => Buffer.from(line));
  const code = extract(major, minor)
    .map((line) => parseCode(line, minor))
    .find((one) => one.name === name)?.code;
  return [...(code?.lineTable.runs() ?? [])].flatMap(({ start }) => {
    const range = code?.statementRange(toCodeUnit(start));
    if (range === undefined) return [];
    if (range.column === undefined) return [`${range.line}: whole line`];
    const lines = source.slice(range.line - 1, range.endLine);
    const last = lines.length - 1;
    const texts = lines.map((line, index) =>
      line.subarray(index === 0 ? range.column : 0, index === last ? range.endColumn : undefined).toString(),
    );
    return [`${range.line}: ${texts.join("⏎")}`];
  });
}
