// Breakpoints as a person sets them: what stops, what prints, what a stop says, in the present and in the past.
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { DebugRun, folderWith } from "../support/debugRun.ts";
import { json, list, type Json } from "../support/dapClient.ts";
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

const leaving = `import threading

class Odd:
    @property
    def name(self):
        raise AttributeError("gone")

def half(n):
    if n % 2:
        raise ValueError(n)
    return n // 2

def work(n):
    half(n)

def swallowed():
    return hasattr(Odd(), "name")

def caught():
    try:
        return half(3)
    except ValueError:
        return None

caught()
swallowed()
for n in (2, 5):
    thread = threading.Thread(target=work, args=(n,), name="worker")
    thread.start()
    thread.join()
print("done")
`;

const counting = `class Meter:
    def __init__(self):
        self.asked = 0
    def ask(self):
        self.asked += 1
        return self.asked

def run():
    meter = Meter()
    total = 0
    for n in range(6):
        total += n
    return total, meter.asked

seen = run()
print(seen)
`;

function lineOf(program: string, text: string): number {
  return program.split("\n").findIndex((line) => line.includes(text)) + 1;
}

async function exceptions(run: DebugRun, ...options: readonly Json[]): Promise<void> {
  await run.client.must("setExceptionBreakpoints", { filters: [], filterOptions: options });
}

/** Lines of the stops at exceptions up to the end, with their texts. */
async function raises(run: DebugRun, command: string): Promise<readonly string[]> {
  const seen: string[] = [];
  for (let stop = run.stop; ; stop = await run.move(command)) {
    if (stop.reason === "exception") {
      const [top] = await run.frames();
      seen.push(`${String(top?.["name"])}: ${stop.text}`);
    } else if (/ended|end of the recording|beginning/u.test(stop.description)) return seen;
  }
}

interface Logged {
  readonly text: string;
  readonly step: number;
  readonly line: number;
}

function logged(run: DebugRun): readonly Logged[] {
  return run.client.heard
    .filter(({ event, body }) => event === "output" && json(body["data"])["breakpointId"] !== undefined)
    .map(({ body }) => ({
      text: String(body["output"]).trimEnd(),
      step: Number(json(json(body["data"])["moment"])["step"]),
      line: Number(body["line"]),
    }));
}

async function setLines(run: DebugRun, file: string, breakpoints: readonly Json[]): Promise<readonly Json[]> {
  return list((await run.client.must("setBreakpoints", { source: { path: file }, breakpoints }))["breakpoints"]);
}

describe.each(chosen)("on Python $version", ({ path: python }) => {
  test("exceptions that leave the user's code stop where they were raised, live and in both directions", async () => {
    const file = path.join(folderWith({ "leaving.py": leaving }), "leaving.py");
    const recording = file.replace(".py", ".hindsight");
    for (const [filter, wanted] of [
      ["uncaught", ["half: ValueError(5)"]],
      ["userUncaught", ["name: AttributeError('gone')", "half: ValueError(5)"]],
      ["raised", ["half: ValueError(3)", "name: AttributeError('gone')", "half: ValueError(5)"]],
    ] as const) {
      const live = newRun();
      await live.launch({ program: file, python, recordingPath: recording });
      await exceptions(live, { filterId: filter });
      await live.start();
      expect(await raises(live, "continue"), `${filter}, live`).toEqual(wanted);
      live.client.kill();
      const past = newRun();
      await past.launch({ recording });
      await exceptions(past, { filterId: filter });
      await past.start();
      expect(await raises(past, "continue"), `${filter}, forward`).toEqual(wanted);
      await past.move("reverseContinue");
      expect((await raises(past, "reverseContinue")).toReversed(), `${filter}, backward`).toEqual(wanted);
      await exceptions(past, { filterId: filter, condition: "ValueError if __exception__.args[0] == 5" });
      await past.move("continue");
      expect(await raises(past, "continue"), `${filter}, by type and condition`).toEqual(["half: ValueError(5)"]);
      past.client.kill();
    }
  });

  test("by type, also where a condition asks for the exception's attributes, in the running program", async () => {
    const file = path.join(folderWith({ "leaving.py": leaving }), "leaving.py");
    for (const filterId of ["raised", "uncaught", "userUncaught"]) {
      const run = newRun();
      await run.launch({ program: file, python });
      await exceptions(run, { filterId, condition: "ValueError if __exception__.args[0] == 5" });
      await run.start();
      expect(await raises(run, "continue"), filterId).toEqual(["half: ValueError(5)"]);
      run.client.kill();
    }
    const run = newRun();
    await run.launch({ program: file, python });
    const option = { breakMode: "always", path: [{ names: ["Python"] }, { names: ["AttributeError"] }] };
    await run.client.must("setExceptionBreakpoints", { filters: [], exceptionOptions: [option] });
    await run.start();
    expect(await raises(run, "continue")).toEqual(["name: AttributeError('gone')"]);
  });

  test("a log point prints each message once: the past's when it is added, then what comes", async () => {
    const file = path.join(folderWith({ "counting.py": counting }), "counting.py");
    const recording = file.replace(".py", ".hindsight");
    const line = lineOf(counting, "total += n");
    const message = { line, logMessage: "n is {n}, {{half}} {n / 2} of {total}" };
    const texts = [0, 1, 2, 3, 4, 5].map((n) => `n is ${n}, {half} ${(n / 2).toFixed(1)} of ${(n * (n - 1)) / 2}`);
    const live = newRun();
    await live.launch({ program: file, python, recordingPath: recording });
    await setLines(live, file, [{ line, condition: "n == 3" }]);
    await live.start();
    expect(await live.locals()).toMatch(/total=3, n=3$/u);
    expect(logged(live)).toEqual([]);
    await setLines(live, file, [message]);
    expect(logged(live).map(({ text }) => text)).toEqual(texts.slice(0, 4));
    await live.move("stepBack");
    await live.move("continue");
    await live.move("continue");
    await live.move("reverseContinue");
    await live.move("continue");
    expect(logged(live).map(({ text }) => text)).toEqual(texts);
    live.client.kill();

    const past = newRun();
    await past.begin({ recording });
    await setLines(past, file, [message]);
    expect(logged(past)).toEqual(logged(live));
    expect(new Set(logged(past).map((one) => one.line))).toEqual(new Set([line]));
    await setLines(past, file, [{ ...message, hitCondition: "% 3" }]);
    expect(
      logged(past)
        .slice(6)
        .map(({ text }) => text),
    ).toEqual([texts[2], texts[5]]);
    // Its moments can be travelled to.
    const [, , third] = logged(past);
    await past.seek(third?.step ?? 0);
    expect(await past.locals()).toMatch(/total=1, n=2$/u);
  });

  test("counts go on from the start of the recording, whenever the breakpoint is set", async () => {
    const file = path.join(folderWith({ "counting.py": counting }), "counting.py");
    const line = lineOf(counting, "total += n");
    const run = newRun();
    await run.launch({ program: file, python });
    await setLines(run, file, [{ line, hitCondition: "3" }]);
    await run.start();
    expect(await run.locals()).toMatch(/n=2$/u);
    await setLines(run, file, [{ line, hitCondition: "% 5" }]);
    await run.move("continue");
    expect(await run.locals()).toMatch(/n=4$/u);
  });

  test("a condition without an answer stops and says why; what a condition changes is in the recording", async () => {
    const file = path.join(folderWith({ "counting.py": counting }), "counting.py");
    const recording = file.replace(".py", ".hindsight");
    const line = lineOf(counting, "total += n");
    const run = newRun();
    await run.launch({ program: file, python, recordingPath: recording });
    await setLines(run, file, [{ line, condition: "1 / (n - 1) > 5" }]);
    const stop = await run.start();
    expect(stop.description).toBe("The condition has no answer: ZeroDivisionError: division by zero");
    expect(await run.locals()).toMatch(/n=1$/u);
    await setLines(run, file, [{ line, condition: "meter.ask() == 2" }]);
    await run.move("continue");
    expect(await run.locals()).toMatch(/n=3$/u);
    expect(await run.evaluate("meter.asked", "hover")).toBe("2");
    await setLines(run, file, []);
    await run.move("stepBack");
    await run.move("stepBack");
    expect(await run.evaluate("meter.asked", "hover")).toBe("1");
    await run.move("continue");
    await run.move("continue");
    expect(run.client.output("stdout")).toBe("(15, 2)\n");
    run.client.kill();

    const past = newRun();
    await past.launch({ recording });
    await setLines(past, file, [{ line, condition: "meter.ask() == 2" }]);
    expect((await past.start()).description).toMatch(/^The condition has no answer: /u);
    expect(await past.locals()).toMatch(/n=0$/u);
    await setLines(past, file, [{ line: line + 1, condition: "no_such" }]);
    expect((await past.move("continue")).description).toMatch(/^The condition has no answer: NameError/u);
  });

  test("what is no expression is said when it is set, live and on a recording, and stops nowhere", async () => {
    const folder = folderWith({ "counting.py": counting });
    const file = path.join(folder, "counting.py");
    const recording = path.join(folder, "counting.hindsight");
    const line = lineOf(counting, "total += n");
    const bad = [
      { line, condition: "n ==" },
      { line: line + 1, condition: "n = 3" },
      { line: line - 1, logMessage: "n is {n +} and {n}" },
      { line: line + 2, hitCondition: "often" },
    ];
    async function refusals(run: DebugRun): Promise<void> {
      const answers = await setLines(run, file, bad);
      expect(answers.map((one) => [one["line"], one["verified"]])).toEqual(bad.map((one) => [one.line, false]));
      const [condition, statement, message, hits] = answers.map((one) => String(one["message"]));
      expect(condition).toMatch(/^The condition cannot be compiled: `n ==`: SyntaxError: /u);
      expect(statement).toMatch(/^The condition cannot be compiled: `n = 3`: SyntaxError: /u);
      expect(message).toMatch(/^The log message cannot be compiled: `n \+`: SyntaxError: /u);
      expect(hits).toMatch(/^A hit count is a number/u);
      const functions = await run.client.must("setFunctionBreakpoints", {
        breakpoints: [{ name: "run", condition: "1 +" }],
      });
      expect(list(functions["breakpoints"])[0]).toMatchObject({
        verified: false,
        message: expect.stringContaining("`1 +`") as unknown,
      });
      const exceptions = await run.client.must("setExceptionBreakpoints", {
        filters: [],
        filterOptions: [{ filterId: "raised", condition: "ValueError if (" }],
      });
      expect(list(exceptions["breakpoints"])[0]).toMatchObject({ verified: false });
    }

    const run = newRun();
    await run.launch({ program: file, python, recordingPath: recording });
    await refusals(run);
    expect((await run.start()).reason).not.toMatch(/breakpoint/u);
    expect(run.client.output("console")).not.toMatch(/n is/u);
    // Now nobody but the recording can be asked.
    await refusals(run);
    await run.move("reverseContinue");
    expect(await run.moment()).toMatchObject({ step: 0 });
    await run.finish();

    const past = newRun();
    await past.launch({ recording });
    await refusals(past);
    expect((await past.start()).reason).not.toMatch(/breakpoint/u);
  });

  test("Python itself is asked about what our own parser does not know", async () => {
    const file = path.join(folderWith({ "counting.py": counting }), "counting.py");
    const run = newRun();
    await run.launch({ program: file, python });
    const line = lineOf(counting, "total += n");
    const condition = String.raw`n == 2 and '\N{DIGIT ONE}' == '1' and n is not 'n'`;
    const [set] = await setLines(run, file, [{ line, condition }]);
    expect(set).toMatchObject({ verified: true });
    await run.start();
    expect(await run.locals()).toMatch(/n=2$/u);
    expect(run.client.output("stderr")).toBe("");
  });

  test("a breakpoint on the return stands at any line of the function, a function's is found once it has run", async () => {
    const file = path.join(folderWith({ "counting.py": counting }), "counting.py");
    const run = newRun();
    await run.launch({ program: file, python });
    const [set] = await setLines(run, file, [{ line: lineOf(counting, "total = 0"), mode: "return" }]);
    expect(set).toMatchObject({ verified: true });
    const [unknown] = list(
      (await run.client.must("setFunctionBreakpoints", { breakpoints: [{ name: "Meter.__init__" }] }))["breakpoints"],
    );
    expect(unknown).toMatchObject({ verified: false, message: "No function of this name has run yet." });
    expect((await run.start()).reason).toBe("function breakpoint");
    expect(await run.stack()).toBe("__init__:3 < run:9 < <module>:15");
    const found = run.client.heard.find(
      ({ event, body }) => event === "breakpoint" && json(body["breakpoint"])["verified"] === true,
    );
    expect(json(found?.body["breakpoint"])).toMatchObject({ id: unknown?.["id"], verified: true });
    const stop = await run.move("continue");
    expect(stop.hitBreakpointIds).toEqual([set?.["id"]]);
    expect(await run.stack()).toBe("<module>:15");
    expect(await run.locals(0, "Return value")).toBe("(return)=(15, 0)");
  });
});

test("says which lines can have breakpoints, and what can be watched", async () => {
  const python = all.at(-1)?.path;
  const file = path.join(folderWith({ "counting.py": counting }), "counting.py");
  const run = newRun();
  await run.begin({ program: file, python }, { [file]: [lineOf(counting, "return total")] });
  const locations = await run.client.must("breakpointLocations", { source: { path: file }, line: 8, endLine: 14 });
  expect(list(locations["breakpoints"]).map((one) => one["line"])).toEqual([8, 9, 10, 11, 12, 13]);
  const frameId = await run.frameId();
  function info(name: string, rest: Json): Promise<Json> {
    return run.client.must("dataBreakpointInfo", { name, ...rest });
  }
  expect(await info("meter.asked", { frameId })).toMatchObject({ accessTypes: ["write"], canPersist: false });
  expect(await info("total", { frameId, mode: "object" })).toMatchObject({ dataId: null });
  expect(await info("nothing", { frameId })).toMatchObject({ dataId: null });
  const locals = (await run.scopes()).get("Locals") ?? 0;
  expect(await info("total", { variablesReference: locals })).toMatchObject({ description: "total" });
  const object = await info("meter", { variablesReference: locals, mode: "object" });
  await run.client.must("setDataBreakpoints", { breakpoints: [{ dataId: object["dataId"] }] });
  await run.setBreakpoints(file, []);
  const stop = await run.move("reverseContinue");
  expect(stop.reason).toBe("data breakpoint");
  expect(await run.stack()).toBe("__init__:3 < run:9 < <module>:15");
  expect(await run.evaluate("self.asked", "hover")).toBe("0");
});
