// A step is recorded as an offset alone: is its line by the table the one that the running interpreter reports?
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { brand } from "../../src/base/brand.ts";
import { type ByteOffset, toCodeUnit } from "../../src/python/codeOffset.ts";
import { Frame } from "../../src/python/frame.ts";
import { interpreters } from "../support/interpreters.ts";
import { differences, parseCode, SCRIPT } from "./describedCode.ts";

test.each(interpreters())(
  "in $version the table gives f_lineno for f_lasti at every step, and of callers from 3.10 on",
  (python) => {
    const output = execFileSync(python.path, ["-S", SCRIPT, "--traced"], { encoding: "utf8", maxBuffer: 2 ** 28 });
    const described = output
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => parseCode(line, python.minor));
    const wrong = described.flatMap(differences);
    let places = 0;
    for (const { name, code, seen } of described) {
      for (const [lasti = -1, line] of seen) {
        const lastInstruction = lasti < 0 ? undefined : toCodeUnit(brand<ByteOffset>(lasti));
        const frame = new Frame({ code, caller: undefined, lastInstruction, slots: [], globals: 0 });
        if (frame.line !== line) wrong.push(`${name}: byte ${lasti} is on line ${frame.line} instead of ${line}`);
        if (frame.range(true)?.line !== (lasti < 0 ? undefined : line))
          wrong.push(`${name}: statement at byte ${lasti}`);
        places++;
      }
    }
    expect(wrong).toEqual([]);
    expect(places).toBeGreaterThan(1000);
  },
);
