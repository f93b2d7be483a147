// CPython's own reading of its tables, kept for every version: these tests need no interpreter.
// UPDATE_GOLDEN=1 writes the extracts anew, one for each minor version that the machine has.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { CodeFlag, type CodeKind } from "../../src/python/codeFlags.ts";
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

  test("has flags under the names that CPython gives them", () => {
    expect(header.flags.get("GENERATOR")).toBe(CodeFlag.GENERATOR);
    const ours = Object.entries(CodeFlag).filter(([name]) => header.flags.has(name));
    expect(ours.map(([name]) => [name, header.flags.get(name)])).toEqual(ours);
  });

  test("has the kinds of code that the names in its sources promise", () => {
    const promised = codes.flatMap(({ name, code }) => {
      const kind = promisedKind(name);
      return kind === undefined ? [] : [{ name, kind, found: code.kind }];
    });
    expect(new Set(promised.map(({ kind }) => kind)).size).toBe(5);
    expect(promised.filter(({ kind, found }) => kind !== found)).toEqual([]);
  });
});

function promisedKind(name: string): CodeKind | undefined {
  if (name.startsWith("generator_")) return "generator";
  if (name.startsWith("coroutine_")) return "coroutine";
  if (name.startsWith("asyncgen_")) return "asyncGenerator";
  if (name === "<module>" || name === "Derived") return "body";
  return name === "plain" || name === "long" ? "function" : undefined;
}

function extractOf(minor: number): string {
  return path.join(GOLDEN, `3.${minor}.jsonl`);
}

function readExtract(minor: number): { header: Header; codes: readonly DescribedCode[] } {
  const [head = "", ...lines] = readFileSync(extractOf(minor), "utf8").trim().split("\n");
  return { header: parseHeader(head), codes: lines.map((line) => parseCode(line, minor)) };
}
