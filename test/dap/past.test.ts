// The requests about what happened when, on a real session.
import { afterEach, describe, expect, it } from "vitest";
import path from "node:path";
import type { OutputArguments } from "../../src/protocol/historyRequests.ts";
import { json, list, type Json } from "../support/dapClient.ts";
import { DebugRun, folderWith } from "../support/debugRun.ts";
import { interpreters } from "../support/interpreters.ts";

const SHOP = `class Cart:
    def __init__(self, owner):
        self.owner = owner
        self.items = []

    def add(self, name, price):
        self.items.append(price)
        return len(self.items)


def parse(text):
    try:
        return int(text)
    except ValueError:
        return 0


def visit(cart, texts):
    for text in texts:
        price = parse(text)
        if price > 0:
            cart.add(text, price)
        else:
            print("skipped", text)
    total = sum(cart.items)
    return total


cart = Cart("ada")
total = visit(cart, ["3", "x", "5"])
print("total", total)
`;

const TASKS = `import asyncio


async def inner(name):
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return name


async def outer(name):
    return await inner(name)


async def main():
    tasks = [asyncio.create_task(outer(name), name="load " + name) for name in ("a", "b")]
    tasks[1].set_name("second")
    for task in tasks:
        await task


asyncio.run(main())
`;

const python = interpreters().find(({ minor }) => minor >= 12)?.path ?? interpreters().at(-1)?.path;

describe("questions about the past", () => {
  let run: DebugRun | undefined;

  afterEach(async () => {
    await run?.finish();
    run = undefined;
  });

  async function begin(text: string): Promise<{ readonly debug: DebugRun; readonly file: string }> {
    const file = path.join(folderWith({ "program.py": text }), "program.py");
    const debug = new DebugRun();
    run = debug;
    await debug.begin({ program: file, python });
    return { debug, file };
  }

  function lineOf(place: unknown): number {
    return Number(json(place)["line"]);
  }

  function ask(debug: DebugRun, question: string, args: Json = {}): Promise<Json> {
    return debug.client.must(`hindsight/${question}`, args);
  }

  it("tell every value of a variable, by its place in the variables view, and travel to the line that wrote it", async () => {
    const { debug } = await begin(SHOP);
    const reference = (await debug.scopes()).get("Globals") ?? 0;
    const answer = await ask(debug, "history", { variablesReference: reference, name: "total" });
    const writes = list(answer["writes"]);
    expect(writes.map((one) => [one["kind"], lineOf(one["at"]), json(one["value"])["value"]])).toEqual([
      ["assigned", 30, "8"],
    ]);
    await ask(debug, "lastWrite", { variablesReference: reference, name: "total", go: true });
    expect((await debug.nextStop()).reason).toBe("goto");
    expect(await debug.stack()).toBe("<module>:30");
  });

  it("tell the values of an item through an alias", async () => {
    const { debug } = await begin(SHOP);
    const writes = list((await ask(debug, "history", { expression: "cart.items[1]" }))["writes"]);
    expect(writes.map((one) => [lineOf(one["at"]), json(one["value"])["value"]])).toEqual([[7, "5"]]);
  });

  it("tell every value of an expression, with the line that changed it", async () => {
    const { debug } = await begin(SHOP);
    const [call] = list((await ask(debug, "callTree", { function: "visit" }))["calls"]);
    await debug.seek(Number(json(json(call?.["end"])["moment"])["step"]));
    const writes = list((await ask(debug, "history", { expression: "len(cart.items) * 10 + price" }))["writes"]);
    expect(writes.map((one) => [lineOf(one["at"]), json(one["value"])["value"]])).toEqual([
      [7, "25"],
      [20, "15"],
      [20, "10"],
      [7, "13"],
      [20, "3"],
    ]);
  });

  it("list the executions of a line and of a function in pages, in both orders", async () => {
    const { debug, file } = await begin(SHOP);
    const line = { path: file, line: 20, what: "line", count: 2 };
    const first = await ask(debug, "executions", line);
    const second = await ask(debug, "executions", { ...line, from: first["next"] });
    const steps = [...list(first["executions"]), ...list(second["executions"])].map((one) =>
      Number(json(one["at"])["step"]),
    );
    expect(first["total"]).toBe(3);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(second["next"]).toBeUndefined();
    const newest = list((await ask(debug, "executions", { ...line, count: 9, backward: true }))["executions"]);
    expect(newest.map((one) => Number(json(one["at"])["step"]))).toEqual(steps.toReversed());
    const calls = list((await ask(debug, "executions", { path: file, line: 13, what: "function" }))["executions"]);
    const results = calls.map((one) => json(json(json(one["call"])["end"])["value"])["value"]);
    expect(results).toEqual(["3", "0", "5"]);
  });

  it("show the tree of calls with arguments, results and steps, and search it", async () => {
    const { debug } = await begin(SHOP);
    const [module] = list((await ask(debug, "callTree"))["calls"]);
    const children = list((await ask(debug, "callTree", { frame: module?.["frame"] }))["calls"]);
    expect(children.map((one) => one["function"])).toEqual(["Cart", "Cart.__init__", "visit"]);
    const visit = children.at(-1);
    const below = list((await ask(debug, "callTree", { frame: visit?.["frame"] }))["calls"]);
    const selfSteps = Number(visit?.["selfSteps"]);
    expect(visit?.["totalSteps"]).toBe(below.reduce((sum, one) => sum + Number(one["totalSteps"]), selfSteps));
    expect(visit?.["children"]).toBe(below.length);
    const byArgument = list((await ask(debug, "callTree", { function: "parse", argument: "x" }))["calls"]);
    expect(byArgument.map((one) => json(json(one["end"])["value"])["value"])).toEqual(["0"]);
    expect(list((await ask(debug, "callTree", { result: "8" }))["calls"]).map((one) => one["function"])).toEqual([
      "visit",
    ]);
  });

  it("find exceptions that were swallowed, and where", async () => {
    const { debug } = await begin(SHOP);
    const [swallowed] = list((await ask(debug, "exceptions"))["exceptions"]);
    expect([
      swallowed?.["type"],
      lineOf(swallowed?.["at"]),
      lineOf(swallowed?.["handledAt"]),
      swallowed?.["uncaught"],
    ]).toEqual(["ValueError", 13, 14, false]);
  });

  it("list the output with its lines", async () => {
    const { debug } = await begin(SHOP);
    const outputs = list((await ask(debug, "output", { search: "skipped" } satisfies OutputArguments))["outputs"]);
    expect(outputs.map((one) => lineOf(one["at"]))).toEqual([24]);
  });

  it("say why a line did not run", async () => {
    const { debug } = await begin(SHOP);
    const [call] = list((await ask(debug, "callTree", { function: "parse", argument: "3" }))["calls"]);
    await debug.seek(Number(json(call?.["at"])["step"]));
    const reason = await ask(debug, "why", { line: 15 });
    expect([reason["kind"], lineOf(reason["at"])]).toEqual(["left", 13]);
    expect((await ask(debug, "why", { line: 13 }))["kind"]).toBe("ran");
    expect((await ask(debug, "why", { line: 26 }))["kind"]).toBe("elsewhere");
  });

  it("say who holds an object, who changed it, and where it came from", async () => {
    const { debug } = await begin(SHOP);
    const holders = list((await ask(debug, "object", { expression: "cart", what: "holders" }))["holders"]);
    expect(holders.map((one) => one["text"])).toEqual(["cart in a module"]);
    const changes = list((await ask(debug, "object", { expression: "cart.items", what: "changes" }))["changes"]);
    expect(changes.map((one) => one["text"])).toEqual(["append 5", "append 3", "first seen"]);
    const life = await ask(debug, "object", { expression: "cart.items", what: "life" });
    expect(lineOf(life["created"])).toBe(4);
  });

  it("lead from a variable to its definition and to the line that wrote it, in space", async () => {
    const { debug } = await begin(SHOP);
    const reference = (await debug.scopes()).get("Globals") ?? 0;
    const { variables } = await debug.client.must("variables", { variablesReference: reference });
    async function lineFor(name: string): Promise<number> {
      const found = list(variables).find((one) => one["name"] === name);
      const locationReference = found?.["valueLocationReference"];
      return lineOf(await debug.client.must("locations", { locationReference }));
    }
    expect(await lineFor("visit")).toBe(18);
    expect(await lineFor("Cart")).toBe(1);
    expect(await lineFor("total")).toBe(30);
  });

  it("show a lane for each task, with the coroutines that await each other", async () => {
    const { debug, file } = await begin(TASKS);
    await debug.setBreakpoints(file, [7]);
    await debug.move("reverseContinue");
    const tasks = list((await ask(debug, "tasks"))["tasks"]);
    const lanes = tasks.map((one) => [
      one["name"],
      one["state"],
      list(one["stackFrames"])
        .map((frame) => `${String(frame["name"])}:${lineOf(frame)}`)
        .join(" < "),
    ]);
    expect(lanes).toContainEqual(["second", "running", "inner:7 < outer:11"]);
    expect(lanes.filter(([name]) => name === "Task-1")).toEqual([["Task-1", "suspended", "main:18"]]);
    const { object } = tasks.find((one) => one["name"] === "second") ?? {};
    const { changes } = await ask(debug, "object", { object, what: "changes" });
    expect(list(changes).map((one) => [one["text"], lineOf(json(one["at"]))])).toEqual([
      [".get_name() = 'second'", 16],
      ["first seen", 15],
    ]);
    await debug.seek(Number(json(json(list(changes)[0])["at"])["step"]));
    const before = list((await ask(debug, "tasks"))["tasks"]);
    expect(before.map((one) => one["name"])).toEqual(["Task-1"]);
  });

  it("show a task that is suspended through the coroutine that it awaits, with its variables", async () => {
    const { debug, file } = await begin(TASKS);
    await debug.setBreakpoints(file, [6]);
    await debug.client.must("hindsight/seek", { step: 0 });
    await debug.nextStop();
    await debug.move("continue");
    await debug.setBreakpoints(file, [5]);
    const tasks = list((await ask(debug, "tasks"))["tasks"]);
    const other = tasks.find((one) => one["name"] === "second" && one["state"] === "suspended");
    const frames = list(other?.["stackFrames"]);
    expect(frames.map((frame) => `${String(frame["name"])}:${lineOf(frame)}`)).toEqual(["inner:5", "outer:11"]);
    const { scopes } = await debug.client.must("scopes", { frameId: frames[0]?.["id"] });
    const [locals] = list(scopes);
    const seen = await debug.children(Number(locals?.["variablesReference"]));
    expect(seen.map(({ name, value }) => `${name}=${value}`)).toEqual(["name='b'"]);
  });
});
