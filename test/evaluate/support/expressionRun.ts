// Records the frame of `expressions.py` and asks both Python and the evaluator for the same expressions.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { openRecordingFile } from "../../../src/node/openFile.ts";
import { compileExpression, environmentAt, evaluate, type Environment } from "../../../src/travel/evaluate/evaluate.ts";
import type { ObjectView, TimeTravel } from "../../../src/travel/timeTravel.ts";
import { json } from "../../support/dapClient.ts";
import { folderWith } from "../../support/debugRun.ts";
import type { Interpreter } from "../../support/interpreters.ts";
import { canon } from "./canon.ts";

const script = path.join(import.meta.dirname, "expressions.py");
const root = path.join(import.meta.dirname, "..", "..", "..");

export interface Comparison {
  readonly count: number;
  readonly raised: number;
  readonly differences: readonly string[];
  /** By their reason, with an example. */
  readonly refusals: readonly string[];
}

function python(interpreter: string, args: readonly string[]): string {
  return execFileSync(interpreter, ["-W", "ignore", ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 30,
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, PYTHONPATH: root, PYTHONHASHSEED: "0", PYTHONIOENCODING: "utf-8" },
  });
}

/** What the evaluator sees just before the function `run` returns. */
function environmentInRun(travel: TimeTravel): Environment {
  for (let { step } = travel.last; step >= 0; step--) {
    const moment = { step, event: 0 };
    const [top] = travel.stackAt(moment, travel.threadAt(moment));
    if (top?.name !== "run") continue;
    const environment = environmentAt(travel, moment, top.frame);
    if (environment !== undefined) return environment;
  }
  throw new Error("the frame was not recorded");
}

/** `kind` "own": about the program's own classes alone. */
export function compareWithPython(
  interpreter: Interpreter,
  seed: number,
  count: number,
  kind: "any" | "own" = "any",
): Comparison {
  const expected = python(interpreter.path, [script, String(seed), String(count), ...(kind === "own" ? ["own"] : [])])
    .trimEnd()
    .split("\n");
  const file = path.join(folderWith({}), "expressions.hindsight");
  python(interpreter.path, [
    "-m",
    "pytracer",
    "record",
    "--recorder",
    "python",
    // What a call with unknown effects could reach is compared whole.
    "--max-items",
    "100000",
    "-o",
    file,
    "--",
    script,
    String(seed),
    "0",
  ]);
  const travel = openRecordingFile(file);
  const environment = environmentInRun(travel);
  // The moment is the same for all: thousands of answers lead to the same few objects.
  const shownObjects = new Map<number, ObjectView | undefined>();
  function objectAt(object: number): ObjectView | undefined {
    const view = shownObjects.get(object) ?? environment.objectAt(object);
    shownObjects.set(object, view);
    return view;
  }
  const differences: string[] = [];
  const refusals: string[] = [];
  let raised = 0;
  for (const line of expected) {
    const row: unknown = JSON.parse(line);
    const { expression, value, raised: type, text } = json(row);
    const shown = String(expression);
    const wanted = typeof type === "string" ? `${type}: ${String(text)}` : String(value);
    if (type !== undefined) raised++;
    const compiled = compileExpression(shown);
    if (compiled.kind === "syntaxProblem") {
      refusals.push(`${compiled.message}   ${shown}   Python: ${wanted}`);
      continue;
    }
    const outcome = evaluate(compiled, environment);
    if (outcome.kind === "refused") refusals.push(`${outcome.reason}   ${shown}   Python: ${wanted}`);
    else {
      const mine =
        outcome.kind === "raised"
          ? `${outcome.type}: ${outcome.text}`
          : canon(outcome.value, {
              objectAt: (object) => outcome.made.get(object) ?? objectAt(object),
              printable: environment.printable,
            });
      if (mine !== wanted && wanted !== "...") differences.push(`${shown}\n   Python ${wanted}\n   mine   ${mine}`);
    }
  }
  travel.close();
  return { count: expected.length, raised, differences, refusals };
}
