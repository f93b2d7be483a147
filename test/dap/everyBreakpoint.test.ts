// Every kind of breakpoint stops at the same moments: in the running program, in its recording forward and backward, and
// as plain Python says (a trace function and `eval`, in a run of its own).
import { spawnSync } from "node:child_process";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { DebugRun, folderWith, type SeenMoment } from "../support/debugRun.ts";
import type { Json } from "../support/dapClient.ts";
import { interpreters } from "../support/interpreters.ts";

const all = interpreters();
const isFull = process.env["HINDSIGHT_FULL"] === "1";
const chosen = isFull
  ? all
  : [all[0], all.find((one) => one.minor === 12), all.at(-1)].filter((one) => one !== undefined);

const running: DebugRun[] = [];

function newRun(): DebugRun {
  const run = new DebugRun();
  running.push(run);
  return run;
}

afterEach(() => {
  for (const run of running.splice(0)) run.client.kill();
});

const shop = `counter = 0

class Cart:
    limit = 3

    def __init__(self):
        self.items = []
        self.total = 0

    def add(self, price):
        self.items.append(price)
        self.total += price
        return self.total

    @property
    def name(self):
        raise AttributeError("none")

def pairs(numbers):
    for number in numbers:
        yield number, number * 2

def check(number):
    if number > 4:
        raise ValueError(number)
    if number == 3:
        raise KeyError("three")
    return number

def total(numbers):
    result = 0
    for number in numbers:
        result += number
    return result

def fact(n):
    return 1 if n < 2 else n * fact(n - 1)

cart = Cart()
alias = cart.items
prices = {"a": 1}
kept = []
for i in range(7):
    counter += i
    cart.add(i * 2)
    try:
        kept.append(check(i))
    except (ValueError, KeyError) as error:
        prices["a"] = i
        kept.append(-1)
for first, second in pairs(alias):
    alias[0] = second
has = hasattr(cart, "name")
sums = [total([1, 2]), total([5, 6]), total(alias)]
print(counter, sums, fact(4), has)
`;

const failing = `class Refused(LookupError):
    pass

class Worse(Refused):
    pass

def outer():
    depth = 0
    def inner(n):
        nonlocal depth
        depth += 1
        if n == 0:
            raise KeyError("end")
        return inner(n - 1)
    for n in range(3):
        try:
            inner(n)
        except LookupError:
            depth -= 1
    return depth

def table(rows):
    found = {}
    for key, value in rows:
        found[key] = found.get(key, 0) + value
    return found

rows = [("a", 1), ("b", 2), ("a", 3), ("c", 4)]
counts = table(rows)
level = outer()
last = rows[1:][::-1]
rows[2] = ("z", 0)
rows.sort()
try:
    raise Refused(level)
except Refused:
    pass
try:
    raise Worse(level)
except Refused:
    pass
int(level)
`;

interface Spec {
  readonly kind: "line" | "function" | "return" | "raised" | "data";
  readonly line?: number;
  readonly name?: string;
  readonly types?: readonly string[];
  readonly condition?: string;
  readonly hitCondition?: string;
  /** What is watched, as Python says it; in the frame of a function where one is named. */
  readonly expression?: string;
  readonly function?: string;
  /** Where to ask for it, and by which name; mode object: the object that stands there. */
  readonly at?: number;
  readonly watch?: string;
  readonly mode?: "object";
}

/** The line that holds a text, from 1. */
function lineOf(program: string, text: string): number {
  return program.split("\n").findIndex((line) => line.includes(text)) + 1;
}

function inShop(text: string): number {
  return lineOf(shop, text);
}

function inFailing(text: string): number {
  return lineOf(failing, text);
}

const specs: { readonly [program: string]: { readonly text: string; readonly specs: readonly Spec[] } } = {
  shop: {
    text: shop,
    specs: [
      { kind: "line", line: inShop("counter += i") },
      { kind: "line", line: inShop("counter += i"), condition: "i % 3 == 1" },
      { kind: "line", line: inShop("self.total += price"), condition: "price > 3 and len(self.items) != 5" },
      { kind: "line", line: inShop("result += number"), hitCondition: "% 2" },
      { kind: "line", line: inShop("result += number") - 1, hitCondition: ">= 4" },
      { kind: "line", line: inShop("return result"), hitCondition: "3" },
      { kind: "line", line: inShop("result += number"), condition: "number > 1", hitCondition: "< 4" },
      { kind: "function", name: "add" },
      { kind: "function", name: "Cart.add", condition: "price == 4" },
      { kind: "function", name: "pairs" },
      { kind: "function", name: "fact", hitCondition: "2" },
      { kind: "return", name: "total" },
      { kind: "return", name: "total", condition: "__return__ > 10" },
      { kind: "return", name: "check", condition: "number == 2" },
      { kind: "raised" },
      { kind: "raised", types: ["ValueError"] },
      { kind: "raised", types: ["LookupError"] },
      { kind: "raised", condition: "__exception__.args[0] == 6" },
      { kind: "data", expression: "counter", at: inShop("kept = []"), watch: "counter" },
      { kind: "data", expression: "cart.total", at: inShop("kept = []"), watch: "cart.total" },
      { kind: "data", expression: "prices['a']", at: inShop("kept = []"), watch: "prices['a']" },
      { kind: "data", expression: "alias[0] if alias else None", at: inShop("for first"), watch: "alias[0]" },
      { kind: "data", expression: "list(alias)", at: inShop("kept = []"), watch: "alias", mode: "object" },
      { kind: "data", expression: "result", function: "total", at: inShop("result += number"), watch: "result" },
    ],
  },
  failing: {
    text: failing,
    specs: [
      { kind: "line", line: inFailing("if n == 0"), condition: "depth >= 2" },
      { kind: "line", line: inFailing("found[key] ="), condition: "key in found and value == 3" },
      { kind: "function", name: "outer.inner", condition: "n == 1", hitCondition: ">= 2" },
      { kind: "return", name: "outer", condition: "__return__ != 1" },
      { kind: "raised", types: ["Refused"] },
      { kind: "raised", types: ["Worse"] },
      { kind: "raised", types: ["LookupError"] },
      { kind: "raised", types: ["Exception"], hitCondition: ">= 2" },
      { kind: "raised", types: ["KeyError", "Refused"], hitCondition: "% 2" },
      { kind: "data", expression: "depth", function: "outer", at: inFailing("def inner"), watch: "depth" },
      { kind: "data", expression: "list(rows)", at: inFailing("counts = "), watch: "rows", mode: "object" },
      {
        kind: "data",
        expression: "dict(found)",
        function: "table",
        at: inFailing("for key"),
        watch: "found",
        mode: "object",
      },
    ],
  },
};

/** Steps at which a spec stops, as Python says. */
function expected(python: string, file: string, wanted: readonly Spec[]): readonly (readonly number[])[] {
  const oracle = path.join(import.meta.dirname, "support", "breakpointOracle.py");
  const { stdout, stderr } = spawnSync(python, [oracle, file, JSON.stringify(wanted)], { encoding: "utf8" });
  try {
    const answer: unknown = JSON.parse(stdout);
    return Array.isArray(answer) ? answer.map((one: unknown) => (Array.isArray(one) ? one.map(Number) : [])) : [];
  } catch {
    throw new Error(stderr);
  }
}

function settings({ condition, hitCondition }: Spec): Json {
  return { ...(condition === undefined ? {} : { condition }), ...(hitCondition === undefined ? {} : { hitCondition }) };
}

async function set(run: DebugRun, file: string, spec: Spec): Promise<void> {
  const { client } = run;
  const source = { path: file };
  switch (spec.kind) {
    case "line":
      await client.must("setBreakpoints", { source, breakpoints: [{ line: spec.line, ...settings(spec) }] });
      return;
    case "function":
    case "return": {
      const name = spec.kind === "function" ? spec.name : `return ${spec.name ?? ""}`;
      await client.must("setFunctionBreakpoints", { breakpoints: [{ name, ...settings(spec) }] });
      return;
    }
    case "raised": {
      const types = spec.types?.join(", ");
      const condition = types === undefined ? spec.condition : types;
      const option = { filterId: "raised", ...settings(spec), ...(condition === undefined ? {} : { condition }) };
      await client.must("setExceptionBreakpoints", { filters: [], filterOptions: [option] });
      return;
    }
    case "data":
      await client.must("setBreakpoints", { source, breakpoints: [] });
      await watch(run, spec);
  }
}

async function watch(run: DebugRun, { watch: name, mode }: Spec): Promise<void> {
  const frameId = await run.frameId();
  const info = await run.client.must("dataBreakpointInfo", { name, frameId, ...(mode === undefined ? {} : { mode }) });
  expect(info["dataId"], String(info["description"])).toBeTypeOf("string");
  await run.client.must("setDataBreakpoints", { breakpoints: [{ dataId: info["dataId"] }] });
}

const hitReasons = new Set(["breakpoint", "function breakpoint", "data breakpoint", "exception"]);

/** Moments of all stops at breakpoints, from the one that the run stands at, until the end of the way. */
async function collect(run: DebugRun, command: string): Promise<readonly SeenMoment[]> {
  const moments: SeenMoment[] = [];
  for (let stop = run.stop; ; stop = await run.move(command)) {
    const isHit = hitReasons.has(stop.reason) && stop.hitBreakpointIds.length > 0;
    if (isHit) moments.push(await run.moment());
    else if (/ended|end of the recording|beginning/u.test(stop.description)) return moments;
    else if (stop.reason === "exception" && command === "continue") return moments;
  }
}

function keys(moments: readonly SeenMoment[]): readonly string[] {
  return moments.map(({ step, event }) => `${step}.${event}`);
}

/** Up to the first stop at which a spec is in force; the step from which on it is. */
async function begin(run: DebugRun, args: Json, file: string, spec: Spec): Promise<number> {
  await run.launch(args);
  await run.client.must("setExceptionBreakpoints", { filters: [] });
  if (spec.kind === "data") await run.setBreakpoints(file, [spec.at ?? 1]);
  else await set(run, file, spec);
  await run.start();
  if (spec.kind !== "data") return 0;
  await set(run, file, spec);
  const { step } = await run.moment();
  await run.move("continue");
  return step;
}

/** The same in a session in the past that had another one of the same kind, whose place it takes. */
async function beginAgain(run: DebugRun, file: string, spec: Spec): Promise<number> {
  await run.seek(0);
  await set(run, file, spec);
  await run.move("continue");
  return 0;
}

describe.each(chosen)("on Python $version", ({ path: python }) => {
  for (const [name, program] of Object.entries(specs)) {
    test(`${name}: live, forward, backward and as Python says`, async () => {
      const file = path.join(folderWith({ [`${name}.py`]: program.text }), `${name}.py`);
      const wanted = expected(python, file, program.specs);
      let past = newRun();
      for (const [index, spec] of program.specs.entries()) {
        const where = JSON.stringify(spec);
        const recording = file.replace(".py", `${index}.hindsight`);
        const live = newRun();
        await begin(live, { program: file, python, recordingPath: recording }, file, spec);
        const inProgram = await collect(live, "continue");
        live.client.kill();
        // Others of the same kind are set in the same session; what is watched is in its own run's recording alone.
        const isNew = spec.kind === "data" || spec.kind !== program.specs[index - 1]?.kind;
        if (isNew) {
          past.client.kill();
          past = newRun();
        }
        const from = isNew ? await begin(past, { recording }, file, spec) : await beginAgain(past, file, spec);
        const forward = await collect(past, "continue");
        const last = await past.moment();
        await past.seek(last.lastStep, "last");
        await past.move("reverseContinue");
        const backward = (await collect(past, "reverseContinue")).toReversed().filter(({ step }) => step >= from);
        const steps = (wanted[index] ?? []).filter((step) => step >= from);
        expect(steps.length, `${where} stops somewhere`).toBeGreaterThan(0);
        expect(
          forward.map(({ step }) => step),
          `${where}, as Python says`,
        ).toEqual(steps);
        expect(keys(inProgram), `${where}, live`).toEqual(keys(forward));
        expect(keys(backward), `${where}, backward`).toEqual(keys(forward));
      }
    }, 300_000);
  }
});
