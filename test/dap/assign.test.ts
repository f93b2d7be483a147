// Variables are changed at the newest moment, the program sees the change, and the past stays as it was.
import path from "node:path";
import { describe, expect, test } from "vitest";
import { DebugRun, folderWith } from "../support/debugRun.ts";
import { interpreters } from "../support/interpreters.ts";
import { list } from "../support/dapClient.ts";

const program = `class Box:
    def __init__(self):
        self.size = 1

total = 5

def work(n, items):
    box = Box()
    names = {"a": 1}
    def inner():
        return n
    mark = 0
    print(n, items, box.size, names, inner(), total)
    return n

work(3, [1, 2])
`;

const all = interpreters();
const chosen = process.env["HINDSIGHT_FULL"] === "1" ? all : [...new Set([...all.slice(0, 1), ...all.slice(-1)])];

describe.each(chosen)("on Python $version", ({ path: python }) => {
  test("the frame really sees what is assigned, and one step back it is as it was", { timeout: 60_000 }, async () => {
    const file = path.join(folderWith({ "app.py": program }), "app.py");
    const run = new DebugRun();
    await run.begin({ program: file, python }, { [file]: [13] });
    const locals = (await run.scopes()).get("Locals");
    function set(reference: number | undefined, name: string, value: string): ReturnType<typeof run.client.ask> {
      return run.client.ask("setVariable", { variablesReference: reference, name, value });
    }
    const frameId = await run.frameId();

    expect((await set(locals, "n", "40 + 2")).body).toMatchObject({ value: "42", type: "int" });
    const variables = await run.variables();
    expect(variables.get("n")?.value).toBe("42");
    expect(variables.get("n")?.readOnly).toBe(false);
    expect((await set(variables.get("items")?.reference, "1", "'two'")).body).toMatchObject({ value: "'two'" });
    expect((await set(variables.get("names")?.reference, "'a'", "[n]")).body).toMatchObject({ value: "[42]" });
    const answer = await run.client.must("setExpression", { expression: "box.size", value: "7", frameId });
    expect(answer).toMatchObject({ value: "7" });
    await run.client.must("setExpression", { expression: "items[0]", value: "None", frameId });
    expect((await set(locals, "n", "1 +")).message).toMatch(/SyntaxError/u);
    expect((await set(locals, "nothing", "1")).success).toBe(false);

    await run.move("stepBack");
    expect((await set((await run.scopes()).get("Locals"), "n", "1")).message).toMatch(/this is the past/u);
    expect(await run.evaluate("n", "watch")).toBe("3");
    expect((await run.variables()).get("n")?.readOnly).toBe(true);
    await run.move("continue");
    await run.move("continue");
    expect(run.client.output("stdout")).toBe("42 [None, 'two'] 7 {'a': [42]} 42 5\n");
    await run.finish();
  });

  test("results of expressions expand, and names are completed, live and past", { timeout: 60_000 }, async () => {
    const file = path.join(folderWith({ "app.py": program }), "app.py");
    const run = new DebugRun();
    await run.begin({ program: file, python }, { [file]: [13] });
    await run.move("stepBack");
    const frameId = await run.frameId();
    const body = await run.client.must("evaluate", {
      expression: "[box, {'k': (n, items)}]",
      context: "watch",
      frameId,
    });
    expect(body).toMatchObject({ type: "list", indexedVariables: 2 });
    const [first, second] = await run.children(Number(body["variablesReference"]));
    expect(first?.type).toMatch(/Box #\d+$/u);
    expect(first?.evaluateName).toBe("([box, {'k': (n, items)}])[0]");
    const [pair] = await run.children(second?.reference ?? 0);
    expect(pair?.value).toBe("(3, [1, 2])");
    expect(await run.evaluate("f'{n:>4}|{items[-1] * 2!r}'")).toBe("'   3|4'");
    expect(await run.evaluate("n / 0", "watch")).toBe("error: ZeroDivisionError: division by zero");

    async function complete(text: string): Promise<readonly string[]> {
      const found = await run.client.must("completions", { text, column: text.length + 1, frameId });
      return list(found["targets"]).map((one) => String(one["label"]));
    }
    expect(await complete("print(nam")).toStrictEqual(["names"]);
    expect(await complete("box.s")).toStrictEqual(["size"]);
    expect(await complete("items[0:1].in")).toStrictEqual(["index", "insert"]);
    expect(await complete("tot")).toStrictEqual(["total"]);
    expect(await complete("names.k")).toStrictEqual(["keys"]);
    await run.finish();
  });

  test("the console awaits what is ready, and says what would wait for ever", { timeout: 60_000 }, async () => {
    const source = `import asyncio

async def add(x):
    await asyncio.sleep(0)
    return x + 1

async def main():
    total = 1
    mark = 2
    print(total, mark)

asyncio.run(main())
`;
    const file = path.join(folderWith({ "app.py": source }), "app.py");
    const run = new DebugRun();
    await run.begin({ program: file, python }, { [file]: [10] });
    expect(await run.evaluate("await add(mark)")).toBe("3");
    expect(await run.evaluate("[await add(v) for v in (1, 2)]")).toBe("[2, 3]");
    expect(await run.evaluate("total = await add(40)")).toBe("");
    expect(await run.evaluate("await asyncio.sleep(1)")).toMatch(/^error: RuntimeError: this has to wait/u);
    expect(await run.locals()).toMatch(/total=41/u);
    await run.move("stepBack");
    expect(await run.evaluate("total")).toBe("1");
    expect(await run.evaluate("await add(1)")).toMatch(/^error: Nothing can be awaited in the past/u);
    await run.move("continue");
    await run.move("continue");
    expect(run.client.output("stdout")).toBe("41 2\n");
    await run.finish();
  });
});
