// Why a line did not run, on random functions of tests, against plain Python that tries every other way.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openRecordingFile } from "../../src/node/openFile.ts";
import type { Moment, TimeTravel } from "../../src/travel/timeTravel.ts";
import { json, list } from "../support/dapClient.ts";
import { folderWith } from "../support/debugRun.ts";
import { interpreters } from "../support/interpreters.ts";
import { randomFrom } from "../support/randomProgram.ts";

const all = interpreters();
const isFull = process.env["HINDSIGHT_FULL"] !== undefined;
const chosen = isFull
  ? all
  : [all[0], all.find(({ minor }) => minor === 12), all.at(-1)].filter((one) => one !== undefined);
const oracle = path.resolve("test/travel/support/whyOracle.py");
const bits = 6;

/** Functions of `if`, `elif`, `else`, `and`, `or`, `not` and early returns. */
function program(random: () => number): string {
  const lines: string[] = [];
  function test(): string {
    const one = `${random() < 0.3 ? "not " : ""}c[${Math.floor(random() * bits)}]`;
    if (random() < 0.7) return one;
    return `${one} ${random() < 0.5 ? "and" : "or"} c[${Math.floor(random() * bits)}]`;
  }
  function body(depth: number, indent: string): void {
    const count = 1 + Math.floor(random() * 2);
    for (let index = 0; index < count; index++) {
      const choice = random();
      if (depth === 0 || choice < 0.25) lines.push(`${indent}x = ${lines.length}`);
      else {
        lines.push(`${indent}if ${test()}:`);
        body(depth - 1, `${indent}    `);
        if (random() < 0.2) lines.push(`${indent}    return x`);
        if (random() < 0.4) {
          lines.push(`${indent}elif ${test()}:`);
          body(depth - 1, `${indent}    `);
        }
        if (random() < 0.4) {
          lines.push(`${indent}else:`);
          body(depth - 1, `${indent}    `);
        }
      }
    }
  }
  const calls: string[] = [];
  for (let number = 0; number < 12; number++) {
    lines.push(`def f${number}(c):`, "    x = 0");
    body(2, "    ");
    lines.push("    return x");
    for (let round = 0; round < 3; round++) {
      const values = Array.from({ length: bits }, () => (random() < 0.5 ? "True" : "False"));
      calls.push(`("f${number}", [${values.join(", ")}])`);
    }
  }
  lines.push(`CALLS = [${calls.join(", ")}]`, `if __name__ == "__main__":`, "    for name, c in CALLS:");
  return [...lines, "        globals()[name](c)", ""].join("\n");
}

/** A moment inside each call, in the order of the calls. */
function callsOf(travel: TimeTravel): readonly { readonly moment: Moment; readonly frame: number }[] {
  const found = new Map<number, Moment>();
  for (let { step } = travel.first; step <= travel.last.step; step++) {
    const moment = { step, event: 0 };
    const [top] = travel.stackAt(moment, travel.threadAt(moment));
    if (top !== undefined && /^f\d+$/u.test(top.name) && !found.has(top.frame)) found.set(top.frame, moment);
  }
  return [...found].map(([frame, moment]) => ({ frame, moment }));
}

describe.each(chosen)("on Python $version", ({ path: python }) => {
  it("a line did not run because of the test after which no way leads to it", { timeout: 120_000 }, () => {
    let count = 0;
    for (let seed = 1; seed <= 4; seed++) {
      const text = program(randomFrom(seed));
      const folder = folderWith({ "tests.py": text });
      const [file, recording] = [path.join(folder, "tests.py"), path.join(folder, "tests.hindsight")];
      const wanted: unknown = JSON.parse(execFileSync(python, [oracle, file], { encoding: "utf8" }));
      execFileSync(python, ["-m", "pytracer", "record", "-o", recording, file], { stdio: "ignore" });
      const travel = openRecordingFile(recording);
      const calls = callsOf(travel);
      expect(calls.length).toBe(36);
      const answers = list(wanted);
      for (const [index, { moment, frame }] of calls.entries()) {
        for (const [line, because] of Object.entries(json(answers[index]))) {
          const reason = travel.past.why(moment, frame, Number(line));
          const where = `line ${line} in call ${index}, seed ${seed}: ${reason.text}\n${text}`;
          expect(`${reason.kind} ${reason.site?.frame?.position.line ?? ""}`, where).toBe(`branch ${String(because)}`);
          count++;
        }
      }
      travel.close();
    }
    expect(count).toBeGreaterThan(300);
  });
});
