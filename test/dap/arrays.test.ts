// Arrays, views of memory and objects of immutable types in C: their texts and expressions are Python's own.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { MomentValues } from "../../src/dap/presentation/momentValues.ts";
import { valueText } from "../../src/dap/presentation/valueText.ts";
import { openRecordingFile } from "../../src/node/openFile.ts";
import { compileExpression, environmentAt, evaluateText } from "../../src/travel/evaluate/evaluate.ts";
import type { TimeTravel, Value } from "../../src/travel/timeTravel.ts";
import { DapClient, list, type Json } from "../support/dapClient.ts";
import { DebugRun, folderWith } from "../support/debugRun.ts";
import { interpreters } from "../support/interpreters.ts";
import { objectView, sourceOf } from "./support/pythonValues.ts";

const root = path.join(import.meta.dirname, "..", "..");
const python = interpreters().findLast((one) => one.minor >= 11) ?? interpreters()[0];

const program = `import array, datetime, decimal, json, re
numbers = array.array("i", [3, 1, -2])
floats = array.array("d", [0.1, float("inf"), -0.0])
small = array.array("f", [0.5])
letters = array.array("u", "h\\u00e9'")
empty = array.array("H")
moment = datetime.datetime(2024, 2, 29, 12, 30, tzinfo=datetime.timezone.utc)
price = decimal.Decimal("1.50")
found = re.match("a+", "aab")
names = [${["numbers", "floats", "small", "letters", "empty", "moment", "price", "found"].map((name) => `"${name}"`).join(", ")}]
asked = """${[
  "len(numbers)",
  "numbers[0]",
  "numbers[-1]",
  "numbers[True]",
  "numbers[3]",
  "numbers['x']",
  "list(numbers)",
  "sum(numbers)",
  "sorted(numbers)",
  "1 in numbers",
  "7 in numbers",
  "bool(empty)",
  "[n * 2 for n in numbers]",
  "repr(numbers)",
  "repr(floats)",
  "repr(letters)",
  "str(empty)",
  "letters[1]",
  "repr(moment)",
  "repr(price)",
].join("\\n")}""".split("\\n")
def answer(text):
    try:
        return str(eval(text))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
table = memoryview(bytes(range(6))).cast("B", (2, 3))
print(json.dumps({"reprs": [repr(globals()[n]) for n in names], "asked": asked, "answers": [*map(answer, asked)]}))
`;

interface Answers {
  readonly reprs: readonly string[];
  readonly asked: readonly string[];
  readonly answers: readonly string[];
}

function record(): {
  readonly file: string;
  readonly program: string;
  readonly said: Answers;
  readonly names: readonly string[];
} {
  const folder = folderWith({ "app.py": program });
  const file = path.join(folder, "app.hindsight");
  const words = ["-W", "ignore", "-m", "pytracer", "record", "-o", file, path.join(folder, "app.py")];
  const output = execFileSync(python?.path ?? "python3", words, {
    env: { ...process.env, PYTHONPATH: root },
    encoding: "utf8",
  });
  const said: unknown = JSON.parse(output);
  const names = ["numbers", "floats", "small", "letters", "empty", "moment", "price", "found"];
  return { file, program: path.join(folder, "app.py"), said: answersOf(said), names };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function answersOf(said: unknown): Answers {
  const parts: Partial<Record<string, unknown>> = said !== null && typeof said === "object" ? { ...said } : {};
  return { reprs: texts(parts["reprs"]), asked: texts(parts["asked"]), answers: texts(parts["answers"]) };
}

const recorded = record();
const travel = openRecordingFile(recorded.file);
const frame = lastFrame(travel);

function lastFrame(of: TimeTravel): { readonly step: number; readonly frame: number } {
  for (let { step } = of.last; step >= 0; step--) {
    const [top] = of.stackAt({ step, event: 0 }, of.threadAt({ step, event: 0 }));
    if (top?.name === "<module>") return { step, frame: top.frame };
  }
  throw new Error("nothing was recorded");
}

test("the text of a variable is its repr", () => {
  const moment = { step: frame.step, event: 0 };
  const source = new MomentValues(travel).at(moment);
  const globals = travel.objectAt(moment, travel.scopesAt(moment, frame.frame)?.globals ?? 0);
  const shown = recorded.names.map((name) => {
    const found = globals?.entries.find(([key]) => key.kind === "str" && key.text === name);
    return found === undefined ? "" : valueText(found[1], source);
  });
  expect(shown).toStrictEqual(recorded.said.reprs);
});

test("expressions over an array.array have Python's answers", () => {
  const environment = environmentAt(travel, { step: frame.step, event: 0 }, frame.frame);
  if (environment === undefined) throw new Error("no frame");
  const mine = recorded.said.asked.map((text) => {
    const compiled = compileExpression(text);
    if (compiled.kind === "syntaxProblem") return compiled.message;
    const outcome = evaluateText(compiled, environment);
    if (outcome.kind === "refused") return `refused: ${outcome.reason}`;
    return outcome.kind === "raised" ? `${outcome.type}: ${outcome.text}` : outcome.text;
  });
  expect(mine).toStrictEqual(recorded.said.answers);
  expect(mine.length).toBe(20);
});

test("what only NumPy or Python could tell is refused", () => {
  const environment = environmentAt(travel, { step: frame.step, event: 0 }, frame.frame);
  if (environment === undefined) throw new Error("no frame");
  for (const [text, reason] of [
    ["table[0, 1]", /memoryview is not computed with in the past/u],
    ["numbers[0:2]", /A part of an array/u],
    ["str(price)", /its repr was recorded, not its str/u],
    ["numbers + numbers", /may define its own operators/u],
  ] as const) {
    const compiled = compileExpression(text);
    if (compiled.kind === "syntaxProblem") throw new Error(text);
    const outcome = evaluateText(compiled, environment);
    expect(outcome.kind === "refused" ? outcome.reason : outcome.kind).toMatch(reason);
  }
});

function ints(count: number): Value[] {
  return Array.from({ length: count }, (_, value) => ({ kind: "int", value }));
}

test("NumPy's arrays are nested by their shape; short floats are written short", () => {
  function text(shape: string, items: readonly Value[], total = items.length): string {
    const view = { ...objectView(1, "array", "numpy.ndarray", { items, text: shape }), itemsTotal: total };
    return valueText({ kind: "object", object: 1 }, sourceOf([view], 12));
  }
  expect(text("int64 (2, 2)", ints(4))).toBe("array([[0, 1], [2, 3]])  shape (2, 2) int64");
  expect(text("int64 (0,)", [])).toBe("array([])  shape (0,) int64");
  expect(text("int64 ()", ints(1))).toBe("array(0)  shape () int64");
  expect(text("int64 (2, 1, 2)", ints(4))).toBe("array([[[0, 1]], [[2, 3]]])  shape (2, 1, 2) int64");
  expect(
    text("float32 (2,)", [
      { kind: "float", value: Math.fround(0.1) },
      { kind: "float", value: 2 },
    ]),
  ).toBe("array([0.1, 2.0])  shape (2,) float32");
  expect(text("float64 (1,)", [{ kind: "float", value: Math.fround(0.1) }])).toBe(
    "array([0.10000000149011612])  shape (1,) float64",
  );
  expect(text("int64 (5,)", ints(3), 5)).toBe("array([0, 1, 2, … 2 more not recorded])  shape (5,) int64");
});

test("an array of two dimensions expands to its rows", async () => {
  const client = new DapClient();
  try {
    const run = new DebugRun(client);
    const line = program.split("\n").findIndex((text) => text.startsWith("print(")) + 1;
    const stop = await run.begin({ recording: recorded.file }, { [recorded.program]: [line] });
    const frames = list((await client.must("stackTrace", { threadId: stop.threadId }))["stackFrames"]);
    const scopes = list((await client.must("scopes", { frameId: frames[0]?.["id"] }))["scopes"]);
    const reference = scopes.find((scope) => scope["name"] === "Globals")?.["variablesReference"];
    const table = await child(client, reference, "table");
    expect(table?.["indexedVariables"]).toBe(2);
    const row = await child(client, table?.["variablesReference"], "1");
    expect(row).toMatchObject({ value: "[3, 4, 5]", indexedVariables: 3 });
    expect(await child(client, row?.["variablesReference"], "2")).toMatchObject({
      value: "5",
      evaluateName: "table[1, 2]",
    });
  } finally {
    client.kill();
  }
});

async function child(client: DapClient, variablesReference: unknown, name: string): Promise<Json | undefined> {
  const all = list((await client.must("variables", { variablesReference }))["variables"]);
  return all.find((one) => one["name"] === name);
}
