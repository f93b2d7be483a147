// A path over nested recorded data is what Python evaluates, or fails where Python fails.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { MomentValues } from "../../src/dap/presentation/momentValues.ts";
import { valueText } from "../../src/dap/presentation/valueText.ts";
import { openRecordingFile } from "../../src/node/openFile.ts";
import { compileExpression, environmentAt, evaluate } from "../../src/travel/evaluate/evaluate.ts";
import { json } from "../support/dapClient.ts";
import { folderWith } from "../support/debugRun.ts";
import { interpreters } from "../support/interpreters.ts";

const script = path.join(import.meta.dirname, "support", "randomPaths.py");
const root = path.join(import.meta.dirname, "..", "..");
const isFull = process.env["HINDSIGHT_FULL"] === "1";
const all = interpreters();
const chosen = isFull ? all : all.slice(-1);
const seeds = isFull ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 2, 3];

function python(interpreter: string, args: readonly string[]): string {
  return execFileSync(interpreter, args, { encoding: "utf8", env: { ...process.env, PYTHONPATH: root } });
}

test.each(chosen.flatMap((one) => seeds.map((seed) => ({ ...one, seed }))))(
  "random paths on Python $version, seed $seed",
  { timeout: 60_000 },
  ({ path: interpreter, seed }) => {
    const expected = python(interpreter, [script, String(seed), "300"])
      .trimEnd()
      .split("\n");
    const file = path.join(folderWith({}), "paths.hindsight");
    python(interpreter, ["-m", "pytracer", "record", "--recorder", "python", "-o", file, "--", script, String(seed)]);
    const travel = openRecordingFile(file);
    const [top] = travel.stackAt(travel.last, travel.threadAt(travel.last));
    const environment = top === undefined ? undefined : environmentAt(travel, travel.last, top.frame);
    if (environment === undefined) throw new Error("no frame at the end");
    const source = new MomentValues(travel).at(travel.last);
    const differing: string[] = [];
    let found = 0;
    for (const line of expected) {
      const row: unknown = JSON.parse(line);
      const { path: expression, repr } = json(row);
      const compiled = compileExpression(String(expression));
      const answer = compiled.kind === "compiled" ? evaluate(compiled, environment) : compiled;
      function objectAt(object: number): ReturnType<typeof source.objectAt> {
        return answer.kind === "value" ? (answer.made.get(object) ?? source.objectAt(object)) : undefined;
      }
      const mine = answer.kind === "value" ? valueText(answer.value, { ...source, objectAt }, Infinity) : null;
      const isSame = repr === "..." ? mine !== null : mine === repr;
      if (mine !== null) found++;
      if (!isSame) differing.push(`${String(expression)}: Python ${String(repr)}, recorded ${String(mine)}`);
    }
    travel.close();
    expect(differing.slice(0, 5)).toStrictEqual([]);
    expect(found).toBeGreaterThan(20);
  },
);
