// Every interpreter of the machine is the oracle for the instructions of its own code objects.
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { brand } from "../../src/base/brand.ts";
import { CodeObjectWrapper, type CodeId } from "../../src/python/codeObject.ts";
import { instructionsOf } from "../../src/python/instructions.ts";
import { opcodesOf } from "../../src/python/opcodeTables.ts";
import { interpreters } from "../support/interpreters.ts";

const MODULES = ["argparse", "ast", "asyncio.base_events", "dataclasses", "typing", "tarfile", "contextlib"];

test("there is an interpreter to ask", () => {
  expect(interpreters().length).toBeGreaterThan(0);
});

/** Instructions without an argument in which the compiler of 3.10 leaves one. */
const leftovers: ReadonlySet<string> = new Set(["NOP", "ROT_TWO", "ROT_THREE", "ROT_FOUR"]);

test.each(interpreters())(
  "the instructions of the library of $version are read as it reads them",
  ({ path, minor }) => {
    const opcodes = opcodesOf(minor);
    if (opcodes === undefined) throw new Error(`no opcodes of 3.${minor}`);
    const script = ["-S", "test/python/disassembly.py", ...MODULES];
    const text = execFileSync(path, script, { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 });
    let compared = 0;
    for (const line of text.trim().split("\n")) {
      const described: unknown = JSON.parse(line);
      const { code, name, rows } = partsOf(described);
      const seen = instructionsOf(codeOf(code), opcodes).map(({ offset, name: opcode, arg, target }) => [
        offset,
        opcode,
        // What the compiler leaves in the argument of an instruction without one means nothing.
        leftovers.has(opcode) ? 0 : arg,
        target ?? null,
      ]);
      const instructions = seen.filter(([, opcode]) => opcode !== "CACHE");
      expect(instructions, name).toEqual(rows);
      compared += rows.length;
    }
    expect(compared).toBeGreaterThan(10_000);
  },
  120_000,
);

function partsOf(described: unknown): {
  readonly code: string;
  readonly name: string;
  readonly rows: readonly (readonly unknown[])[];
} {
  if (typeof described !== "object" || described === null) throw new Error("no object");
  const { code, name, rows } = Object.fromEntries(Object.entries(described));
  if (typeof code !== "string" || typeof name !== "string" || !Array.isArray(rows)) throw new Error("other fields");
  return { code, name, rows: rows.map((row: unknown) => (Array.isArray(row) ? row.map((one: unknown) => one) : [])) };
}

function codeOf(bytecode: string): CodeObjectWrapper {
  return new CodeObjectWrapper({
    id: brand<CodeId>(1),
    fileName: "library.py",
    qualifiedName: "code",
    name: "code",
    firstLine: 1,
    argumentCount: 0,
    positionalOnlyCount: 0,
    keywordOnlyCount: 0,
    flags: 0,
    variableNames: [],
    cellNames: [],
    freeNames: [],
    names: [],
    constants: [],
    lineTableForm: "locations",
    lineTable: new Uint8Array(),
    exceptionTable: new Uint8Array(),
    bytecode: Buffer.from(bytecode, "hex"),
    hash: "",
    source: 0,
  });
}
