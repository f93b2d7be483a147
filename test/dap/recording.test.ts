// Everything that can be asked about a finished recording, through the adapter.
import { execFileSync, spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { interpreters } from "../support/interpreters.ts";
import { adapterPath, DapClient, json, list, type Json } from "../support/dapClient.ts";
import { DebugRun, folderWith } from "../support/debugRun.ts";

const python = interpreters().findLast((one) => one.minor >= 11)?.path ?? "python3";
const root = path.join(import.meta.dirname, "..", "..");
const clients: DapClient[] = [];

const program = `import collections

class Node:
    def __init__(self, name):
        self.name = name
        self.other = None

def outer(k):
    def inner(n):
        return n + k
    return inner(k * 2)

def count():
    for i in range(3):
        yield i

def main():
    a, b = Node("a"), Node("b")
    a.other, b.other = b, a
    numbers = list(range(250))
    same = numbers
    table = {"k": [1, 2], 3: None, (1, "x"): b"y", 2.5: 1j}
    things = {"set": {7}, "deque": collections.deque([1, 2], 5), "text": "ä'\\n", "loop": []}
    things["loop"].append(things)
    counter = count()
    first = next(counter)
    wörter = "äöü🙂"; total = outer(len(wörter))
    numbers.append(total)
    try:
        table["missing"]
    except KeyError as error:
        failure = error
    return total

main()
`;

let file = "";
let recording = "";

beforeAll(() => {
  const folder = folderWith({ "app.py": program });
  file = path.join(folder, "app.py");
  recording = record(file);
});

function record(script: string): string {
  const target = script.replace(/\.py$/u, ".hindsight");
  execFileSync(python, ["-m", "pytracer", "record", "-o", target, script], {
    cwd: path.dirname(script),
    env: { ...process.env, PYTHONPATH: root },
    stdio: "ignore",
  });
  return target;
}

afterEach(() => {
  for (const client of clients.splice(0)) client.kill();
});

function newRun(client = new DapClient()): DebugRun {
  clients.push(client);
  return new DebugRun(client);
}

/** An open recording, stopped at a line. */
async function at(line: number): Promise<DebugRun> {
  const run = newRun();
  const stop = await run.begin({ recording }, { [file]: [line] });
  expect(stop.reason).toBe("breakpoint");
  return run;
}

describe("opening", () => {
  test("stops at the first breakpoint, else where the program ended, or at the beginning when asked", async () => {
    expect(await (await at(31)).stack()).toBe("main:31 < <module>:35");
    const whole = newRun();
    expect((await whole.begin({ recording })).description).toBe("The end of the recording");
    const entry = newRun();
    expect((await entry.begin({ recording, stopOnEntry: true })).reason).toBe("entry");
    expect(await entry.moment()).toMatchObject({ step: 0, event: 0, firstStep: 0, atLiveEdge: false });
    const first = newRun();
    expect((await first.begin({ recording }, { [file]: [1] })).hitBreakpointIds).toStrictEqual([1]);
  });

  test("nothing is run: there is no output, no exit, and pausing makes no sense", async () => {
    const run = await at(31);
    expect((await run.client.ask("pause", { threadId: run.stop.threadId })).success).toBe(false);
    expect(run.client.heard.filter((one) => one.event === "exited" || one.event === "output")).toStrictEqual([]);
    expect(await run.finish()).toBe(0);
  });
});

describe("the stack", () => {
  test("is paged, with the whole length", async () => {
    const run = await at(10);
    const { threadId } = run.stop;
    expect(await run.stack()).toBe("inner:10 < outer:11 < main:27 < <module>:35");
    const page = await run.client.must("stackTrace", { threadId, startFrame: 1, levels: 2 });
    expect(list(page["stackFrames"]).map((one) => one["name"])).toStrictEqual(["outer", "main"]);
    expect(page["totalFrames"]).toBe(4);
    expect((await run.client.must("stackTrace", { threadId, startFrame: 9 }))["stackFrames"]).toStrictEqual([]);
  });

  test("has columns in UTF-16 units: of the statement above, of the running call below", async () => {
    const run = await at(10);
    const [inner, outer, main] = await run.frames();
    expect(inner).toMatchObject({ line: 10, column: 9, endLine: 10, endColumn: 21 });
    expect(outer).toMatchObject({ line: 11, column: 12, endColumn: 24 });
    const line = program.split("\n")[26] ?? "";
    expect(main).toMatchObject({ column: line.indexOf("outer(") + 1, endColumn: line.length + 1 });
  });

  test("counts from zero for a client that does", async () => {
    const run = newRun();
    await run.launch({ recording }, { linesStartAt1: false, columnsStartAt1: false });
    const [set] = await run.setBreakpoints(file, [9]);
    expect(set).toMatchObject({ verified: true, line: 9 });
    await run.start();
    expect((await run.frames())[0]).toMatchObject({ line: 9, column: 8, endLine: 9, endColumn: 20 });
  });
});

describe("variables", () => {
  test("are in scopes, each with its own names", async () => {
    const run = await at(10);
    expect([...(await run.scopes()).keys()]).toStrictEqual(["Locals", "Closure", "Globals"]);
    expect(await run.locals()).toBe("n=8");
    expect(await run.locals(0, "Closure")).toBe("k=4");
    expect([...(await run.variables("Globals")).keys()]).toContain("main");
    expect([...(await run.scopes(1)).keys()]).toStrictEqual(["Locals", "Globals"]);
  });

  test("show Python's repr, and expand by name and by index", async () => {
    const run = await at(29);
    const locals = await run.variables();
    expect(locals.get("table")?.value).toBe("{'k': [1, 2], 3: None, (1, 'x'): b'y', 2.5: 1j}");
    expect(locals.get("wörter")?.value).toBe("'äöü🙂'");
    const things = await run.children(locals.get("things")?.reference ?? 0);
    expect(things.map((one) => `${one.name}: ${one.value}`)).toStrictEqual([
      "'set': {7}",
      "'deque': deque([1, 2], maxlen=5)",
      `'text': "ä'\\n"`,
      "'loop': [{'set': {7}, 'deque': deque([1, 2], maxlen=5), 'text': \"ä'\\n\", 'loop': [...]}]",
    ]);
    const table = await run.children(locals.get("table")?.reference ?? 0);
    expect(table.map((one) => one.evaluateName)).toStrictEqual(["table['k']", "table[3]", undefined, "table[2.5]"]);
    expect(table.every((one) => one.readOnly)).toBe(true);
  });

  test("are paged: the hundredth to the hundred and second of a long list", async () => {
    const run = await at(29);
    const numbers = (await run.variables()).get("numbers");
    expect([numbers?.indexed, numbers?.named]).toStrictEqual([251, 0]);
    const page = await run.children(numbers?.reference ?? 0, { filter: "indexed", start: 100, count: 3 });
    expect(page.map((one) => `${one.name}=${one.value} ${one.evaluateName ?? ""}`)).toStrictEqual([
      "100=100 numbers[100]",
      "101=101 numbers[101]",
      "102=102 numbers[102]",
    ]);
    expect(await run.children(numbers?.reference ?? 0, { filter: "named" })).toStrictEqual([]);
    expect(await run.children(numbers?.reference ?? 0)).toHaveLength(251);
  });

  test("one object is one thing, wherever it is seen", async () => {
    const run = await at(29);
    const locals = await run.variables();
    expect(locals.get("same")?.reference).toBe(locals.get("numbers")?.reference);
    expect(locals.get("same")?.type).toBe(locals.get("numbers")?.type);
    expect(locals.get("a")?.value).not.toBe(locals.get("b")?.value);
    // A cycle expands for ever, to the same objects.
    const [, other] = await run.children(locals.get("a")?.reference ?? 0);
    expect(other).toMatchObject({ name: "other", value: locals.get("b")?.value, evaluateName: "a.other" });
    const [, back] = await run.children(other?.reference ?? 0);
    expect(back?.reference).toBe(locals.get("a")?.reference);
  });

  test("a generator expands to its state and its suspended frame", async () => {
    const run = await at(27);
    const counter = (await run.variables()).get("counter");
    expect(counter?.value).toMatch(/^<generator object count, suspended>$/u);
    const [state, frame] = await run.children(counter?.reference ?? 0);
    expect([state?.value, frame?.value]).toStrictEqual(["SUSPENDED", "count, line 15"]);
    expect((await run.children(frame?.reference ?? 0)).map((one) => `${one.name}=${one.value}`)).toStrictEqual(["i=0"]);
  });

  test("a handle keeps its moment, whatever is current", async () => {
    const run = await at(29);
    const numbers = (await run.variables()).get("numbers")?.reference ?? 0;
    const oldFrame = await run.frameId();
    await run.move("stepBack");
    await run.move("stepBack");
    expect(await run.children(numbers)).toHaveLength(251);
    const scopes = await run.client.must("scopes", { frameId: oldFrame });
    expect(list(scopes["scopes"])).toHaveLength(2);
    const now = (await run.variables()).get("numbers");
    expect(now?.indexed).toBe(250);
    expect(now?.reference).not.toBe(numbers);
  });
});

describe("evaluation in the past", () => {
  test.each([
    ["total", "12"],
    ["a.other.other.name", "'a'"],
    ["numbers[-1]", "12"],
    ["table['k'][True]", "2"],
    ["table[3.0]", "None"],
    ["table[1, 'x']", "b'y'"],
    ["table[(1, 'x')][0]", "121"],
    ["things['deque'][1]", "2"],
    ["things['loop'][0]['set']", "{7}"],
    ["wörter[3]", "'🙂'"],
    ["(total)", "12"],
    ["'literal'", "'literal'"],
    ["Node.__init__", /^<function .*__init__>|error:/u],
    ["missing_name", "error: NameError: name 'missing_name' is not defined"],
    ["len(numbers)", "251"],
    ["total + 1", "13"],
    ["[total]", "[12]"],
    ["numbers[1:2]", "[1]"],
    ["numbers[999]", "error: IndexError: list index out of range"],
    ["table['nope']", /^error: KeyError/u],
    ["a.nope", "error: AttributeError: 'Node' object has no attribute 'nope'"],
    ["failure", /^error: .*|KeyError\('missing'\)/u],
    ["total.real", "12"],
    ["", "error: There is no expression."],
    ["x = 1", /^error: This is a statement, not an expression: the past cannot be changed/u],
  ])("%s", async (expression, expected) => {
    const run = await at(29);
    const result = await run.evaluate(expression);
    if (typeof expected === "string") expect(result).toBe(expected);
    else expect(result).toMatch(expected);
  });

  test("sees each frame's own names, and can be expanded", async () => {
    const run = await at(10);
    expect(await run.evaluate("n")).toBe("8");
    expect(await run.evaluate("k")).toBe("4");
    expect(await run.evaluate("k", "watch", 1)).toBe("4");
    expect(await run.evaluate("n", "watch", 1)).toMatch(/^error/u);
    const body = await run.client.must("evaluate", {
      expression: "table",
      frameId: await run.frameId(2),
      context: "hover",
    });
    const children = await run.children(Number(body["variablesReference"]));
    expect(children[0]).toMatchObject({ name: "'k'", evaluateName: "table['k']" });
  });
});

describe("moving", () => {
  test("a custom movement is announced, answered, and then stops", async () => {
    const run = await at(29);
    for (const [command, args] of [
      ["hindsight/stepBackInto", { threadId: run.stop.threadId }],
      ["hindsight/stepBackOut", { threadId: run.stop.threadId }],
      ["hindsight/seek", { step: 3 }],
    ] as const) {
      const from = run.client.heard.length;
      await run.client.must(command, args);
      await run.nextStop();
      const heard = run.client.heard.slice(from);
      expect(heard.map((one) => one.event)).toStrictEqual(["continued", `response ${command}`, "stopped"]);
      expect(heard[0]?.body).toMatchObject({ allThreadsContinued: true });
      expect(heard[2]?.body).toMatchObject({ allThreadsStopped: true, threadId: run.stop.threadId });
    }
  });

  test("a standard movement is answered, and then stops", async () => {
    const run = await at(29);
    const from = run.client.heard.length;
    await run.move("stepBack");
    expect(run.client.heard.slice(from).map((one) => one.event)).toStrictEqual(["response stepBack", "stopped"]);
  });

  test("backward to the first moment, where it stops as at an entry", async () => {
    const run = await at(29);
    await run.setBreakpoints(file, []);
    expect((await run.move("reverseContinue")).reason).toBe("entry");
    expect(await run.moment()).toMatchObject({ step: 0, event: 0 });
    expect((await run.move("hindsight/stepBackInto")).reason).toBe("entry");
    expect((await run.move("continue")).description).toBe("The end of the recording");
  });

  test("forward by stepIn and backward by stepBackInto pass the same moments", async () => {
    const run = newRun();
    await run.begin({ recording, stopOnEntry: true });
    const forward: string[] = [];
    const { lastStep } = await run.moment();
    while ((await run.moment()).step < lastStep) {
      forward.push(`${(await run.moment()).step} ${await run.stack()}`);
      await run.move("stepIn");
    }
    const backward: string[] = [];
    while ((await run.move("hindsight/stepBackInto")).reason !== "entry")
      backward.push(`${(await run.moment()).step} ${await run.stack()}`);
    expect(backward.toReversed()).toStrictEqual(forward);
    expect(forward.length).toBe(lastStep);
  });

  test("travels to the executions of a line, and to the start of a call", async () => {
    const run = await at(15);
    const source = { path: file };
    const asked = await run.client.must("gotoTargets", { source, line: 14 });
    const targets = list(asked["targets"]);
    expect(targets.map((one) => String(one["label"]).replace(/\d+/u, "N"))).toStrictEqual([
      "First execution (step N)",
      "Previous execution (step N)",
      "Last execution (step N)",
    ]);
    await run.client.must("goto", { threadId: run.stop.threadId, targetId: targets[0]?.["id"] });
    expect((await run.nextStop()).reason).toBe("goto");
    expect(await run.stack()).toBe("count:14 < main:26 < <module>:35");
    expect((await run.client.must("gotoTargets", { source, line: 2 }))["targets"]).toStrictEqual([]);
    await run.move("restartFrame", { frameId: await run.frameId(1) });
    expect(await run.stack()).toBe("main:18 < <module>:35");
  });

  test("to the last moment of a step", async () => {
    const run = await at(27);
    const { step } = await run.moment();
    await run.seek(step, "last");
    const last = await run.moment();
    expect([last.step, last.event > 0]).toStrictEqual([step, true]);
    await run.seek(step, last.event);
    expect(await run.moment()).toStrictEqual(last);
    expect((await run.client.ask("hindsight/seek", { step, event: last.event + 1 })).success).toBe(false);
  });
});

describe("sources", () => {
  test("the file itself, while it is what ran; the recorded text when it was changed or is missing", async () => {
    const folder = folderWith({ "app.py": "x = 1\ny = 2\n" });
    const script = path.join(folder, "app.py");
    const own = record(script);
    async function source(): Promise<Json> {
      const run = newRun();
      await run.begin({ recording: own });
      const seen = json((await run.frames())[0]?.["source"]);
      const reference = Number(seen["sourceReference"] ?? 0);
      if (reference === 0) return seen;
      const answer = await run.client.must("source", { source: seen, sourceReference: reference });
      expect(answer["content"]).toBe("x = 1\ny = 2\n");
      const [set] = list(
        (await run.client.must("setBreakpoints", { source: seen, breakpoints: [{ line: 2 }] }))["breakpoints"],
      );
      expect(set).toMatchObject({ verified: true, line: 2 });
      return seen;
    }
    expect(await source()).toStrictEqual({ name: "app.py", path: script });
    writeFileSync(script, "# new\nx = 1\ny = 2\n");
    expect(await source()).toMatchObject({ path: script, origin: expect.stringMatching(/changed/u) as unknown });
    rmSync(script);
    expect(await source()).toMatchObject({ path: script, origin: "from the recording" });
  });

  test("how often each function and line ran", async () => {
    const run = await at(29);
    const body = await run.client.must("hindsight/executions", { path: file });
    expect(body).toMatchObject({ path: file, sourceMatches: true });
    expect(list(body["functions"]).find((one) => one["name"] === "main")).toMatchObject({ line: 17, calls: 1 });
    expect(list(body["lines"]).find((one) => one["line"] === 5)).toMatchObject({ count: 2 });
    expect((await run.client.must("hindsight/executions", { path: "/no/such.py" }))["lines"]).toStrictEqual([]);
  });
});

describe("breakpoints", () => {
  test("stand, move over what is surely empty, or say why not", async () => {
    const run = newRun();
    await run.launch({ recording });
    expect(await run.setBreakpoints(file, [7, 10, 34, 99])).toMatchObject([
      { verified: true, line: 8, message: "Moved to line 8, the next one with code." },
      { verified: true, line: 10 },
      { verified: true, line: 35 },
      { verified: false, line: 99, message: "There is no code at or after this line." },
    ]);
    expect(await run.setBreakpoints("/no/such.py", [1])).toMatchObject([
      { verified: false, message: "No code of this file has run in this recording." },
    ]);
    const odd = { source: { path: file }, breakpoints: [{ line: 10, hitCondition: "often" }] };
    expect(list((await run.client.must("setBreakpoints", odd))["breakpoints"])).toMatchObject([
      { verified: false, message: expect.stringMatching(/^A hit count is a number/u) },
    ]);
  });

  test("know a file by any of its names", async () => {
    const folder = path.dirname(file);
    const run = newRun();
    await run.launch({ recording });
    const odd = path.join(folder, "..", path.basename(folder), ".", "app.py").replace("app.py", "./app.py");
    expect(await run.setBreakpoints(odd, [10])).toMatchObject([{ verified: true }]);
    expect((await run.start()).reason).toBe("breakpoint");
  });
});

test("the adapter serves a loopback socket, one session for each connection", async () => {
  const server = spawn(process.execPath, [adapterPath(), "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const port = await new Promise<number>((resolve) => {
      server.stdout.on("data", (text: Buffer) =>
        resolve(Number(/:(?<port>\d+)/u.exec(text.toString())?.groups?.["port"])),
      );
    });
    for (let round = 0; round < 2; round++) {
      const socket = net.connect(port, "127.0.0.1");
      const heard = new Promise<string>((resolve) => {
        let all = "";
        socket.on("data", (chunk: Buffer) => (all += chunk.toString()));
        socket.on("close", () => resolve(all));
      });
      for (const message of [
        { seq: 1, type: "request", command: "initialize", arguments: { adapterID: "hindsight" } },
        { seq: 2, type: "request", command: "disconnect" },
      ]) {
        const text = JSON.stringify(message);
        socket.write(`Content-Length: ${text.length}\r\n\r\n${text}`);
      }
      expect(await heard).toMatch(/"supportsStepBack":true[\s\S]*"command":"disconnect","success":true/u);
    }
  } finally {
    server.kill();
  }
});
