// Every interpreter of the machine is the oracle for the code objects of its own standard library.
// One file in 40 by default; HINDSIGHT_FULL=1 takes them all.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { type Interpreter, interpreters } from "../support/interpreters.ts";
import { differences, entryCount, parseCode, parseHeader, SCRIPT } from "./describedCode.ts";

const FULL = process.env["HINDSIGHT_FULL"] === "1";
const STEP = FULL ? "1" : "40";

test("there is an interpreter to ask", () => {
  expect(interpreters().length).toBeGreaterThan(0);
});

test.each(interpreters())("the tables of the library of $version are read as it reads them", compareLibrary, 1_800_000);

async function compareLibrary({ path: python, version, minor }: Interpreter): Promise<void> {
  const child = spawn(python, ["-S", SCRIPT, "--library", STEP], { stdio: ["ignore", "pipe", "inherit"] });
  const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
  const wrong: string[] = [];
  let header: string | undefined;
  let codes = 0;
  let entries = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (header === undefined) {
      header = parseHeader(line).python;
      continue;
    }
    const described = parseCode(line, minor);
    codes++;
    entries += entryCount(described);
    if (wrong.length < 20) wrong.push(...differences(described));
  }
  process.stdout.write(`${version}: ${codes} code objects, ${entries} table entries\n`);
  expect(wrong).toEqual([]);
  expect(await exit).toBe(0);
  expect(header).toBe(version);
  expect(codes).toBeGreaterThan(FULL ? 10_000 : 100);
}
