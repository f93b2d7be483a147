// The values beside the lines: every name that a line's code works on, by the syntax tree, with its value of then.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { json, list } from "../support/dapClient.ts";
import { DebugRun, folderWith } from "../support/debugRun.ts";
import { interpreters } from "../support/interpreters.ts";

const running: DebugRun[] = [];

afterEach(() => {
  for (const run of running.splice(0)) run.client.kill();
});

const program = `import json

rate = 3

class Thing:
    total = 5

def outer(first, second=2):
    shared = first + 1

    def inner(second):
        return shared + second

    return work(first, second, inner)

def work(first, second, inner):
    thing = Thing()
    text = f"first is {first!r} and {second}"  # thing second inner
    data = {"first": first, 'second': [second,
            text]}
    for index, item in enumerate(data):
        if index and (big := index + rate):
            thing.total = big
    add = lambda first: first + second
    gone = 1
    del gone
    try:
        raise KeyError(item)
    except KeyError as error:
        problem = str(error)
    with open(__file__) as file:
        size = len(file.read())
    sum_of = inner(second=second)
    return json.dumps([sum_of, size, problem, add(first=first)])

result = outer(4)
`;

const stopLine = program.split("\n").findIndex((line) => line.includes("return json.dumps")) + 1;

async function inlineValues(run: DebugRun, depth = 0): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const body = await run.client.must("hindsight/inlineValues", { frameId: await run.frameId(depth) });
  expect(body["sourceMatches"]).toBe(true);
  return new Map(
    list(body["lines"]).map(({ line, values }) => [
      String(line),
      new Map(list(values).map(({ name, value }) => [String(name), String(value)])),
    ]),
  );
}

test.each(interpreters())(
  "beside each line stand the variables of its code, on $version",
  async (python) => {
    const file = path.join(folderWith({ "program.py": program }), "program.py");
    const run = new DebugRun();
    running.push(run);
    await run.begin({ program: file, python: python.path }, { [file]: [stopLine] });
    const script = ["test/dap/support/namesByLine.py", file, "work"];
    const named = json(JSON.parse(execFileSync(python.path, script, { encoding: "utf8" })));
    const locals = await run.variables();
    const shown = await inlineValues(run);
    function isDefinition(name: string): boolean {
      return /^function\b/u.test(locals.get(name)?.type ?? "");
    }
    const wanted = Object.entries(named).flatMap(([line, names]) => {
      const bound = (Array.isArray(names) ? names.map(String) : []).filter(
        (name) => locals.has(name) && !isDefinition(name),
      );
      return bound.length === 0 ? [] : [[line, bound.map((name) => `${name}=${locals.get(name)?.value}`)] as const];
    });
    const seen = [...shown].map(([line, values]) => [
      line,
      [...values].map(([name, value]) => `${name}=${value}`).toSorted(),
    ]);
    expect(seen.length).toBeGreaterThan(9);
    expect(seen).toEqual(wanted.map(([line, texts]) => [line, texts.toSorted()]));
  },
  60_000,
);

test("free variables and names of a module stand beside their lines too; what is defined or imported does not", async () => {
  const python = interpreters().at(-1);
  const file = path.join(folderWith({ "program.py": program }), "program.py");
  const run = new DebugRun();
  running.push(run);
  const inner = program.split("\n").findIndex((line) => line.includes("return shared")) + 1;
  await run.begin({ program: file, ...(python === undefined ? {} : { python: python.path }) }, { [file]: [inner] });
  expect((await inlineValues(run)).get(String(inner))).toEqual(
    new Map([
      ["shared", "5"],
      ["second", "2"],
    ]),
  );
  const module = await inlineValues(run, 3);
  expect(module.get("3")).toEqual(new Map([["rate", "3"]]));
  expect(module.has("1")).toBe(false);
  expect(module.has("8")).toBe(false);
}, 60_000);
