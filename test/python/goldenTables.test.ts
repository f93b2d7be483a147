// CPython's own reading of its tables, kept for every version: these tests need no interpreter.
// UPDATE_GOLDEN=1 writes the extracts anew, one for each minor version that the machine has.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { CodeFlag, codeKind } from "../../src/python/codeFlags.ts";
import { interpreters } from "../support/interpreters.ts";
import {
  type DescribedCode,
  differences,
  GOLDEN,
  type Header,
  parseCode,
  parseHeader,
  SCRIPT,
  sourcesFor,
} from "./describedCode.ts";

const MINORS = [9, 10, 11, 12, 13, 14, 15];

if (process.env["UPDATE_GOLDEN"] === "1") {
  for (const { path: python, minor } of interpreters()) {
    writeFileSync(extractOf(minor), execFileSync(python, ["-S", SCRIPT, ...sourcesFor(minor)]));
  }
}

describe.each(MINORS)("the extract of 3.%i", (minor) => {
  const { header, codes } = readExtract(minor);

  test("was made by that version and holds many different code objects", () => {
    expect(header.minor).toBe(minor);
    expect(codes.length).toBeGreaterThan(40);
    expect(codes.some(({ size }) => size > 512)).toBe(true);
    expect(codes.some(({ handlers }) => handlers.length > 0)).toBe(minor >= 11);
    expect(codes.some(({ lines }) => lines.some(([, , line]) => line === undefined))).toBe(minor >= 10);
  });

  test("is read as CPython reads it, entry for entry", () => {
    expect(codes.flatMap(differences)).toEqual([]);
  });

  test("has flags under CPython's names and the kinds that the sources say", () => {
    for (const [name, flag] of Object.entries(CodeFlag)) expect(header.flags.get(name) ?? flag).toBe(flag);
    expect(header.flags.get("GENERATOR")).toBe(CodeFlag.GENERATOR);
    for (const { name, code } of codes) {
      const promised = /^(generator|coroutine|asyncgen)_\w+$/.exec(name)?.[1];
      if (promised !== undefined) expect(code.kind).toBe(promised === "asyncgen" ? "asyncGenerator" : promised);
      if (name === "<module>" || name === "Derived") expect(code.kind).toBe("body");
      if (name === "<genexpr>") expect(["generator", "asyncGenerator"]).toContain(code.kind);
      if (name === "plain") expect(codeKind(code.fields.flags)).toBe("function");
    }
  });
});

function extractOf(minor: number): string {
  return path.join(GOLDEN, `3.${minor}.jsonl`);
}

function readExtract(minor: number): { header: Header; codes: readonly DescribedCode[] } {
  const [head = "", ...lines] = readFileSync(extractOf(minor), "utf8").trim().split("\n");
  return { header: parseHeader(head), codes: lines.map((line) => parseCode(line, minor)) };
}
