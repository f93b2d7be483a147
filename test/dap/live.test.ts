// A running program under the debugger: it really stops, and only movements at the live edge run it.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { interpreters } from "../support/interpreters.ts";
import { DebugRun, folderWith } from "../support/debugRun.ts";

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

const program = `import sys

def double(n):
    result = n * 2
    return result

def main():
    items = []
    for n in range(3):
        items.append(double(n))
    print("items", items)
    return items

main()
`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let round = 0; round < 100 && isAlive(pid); round++) await sleep(50);
  return !isAlive(pid);
}

describe.each(chosen)("on Python $version", ({ path: python }) => {
  test("breakpoints that are set while the session ends are answered as such", async () => {
    const file = path.join(folderWith({ "app.py": program }), "app.py");
    for (let round = 0; round < 3; round++) {
      const run = newRun();
      await run.launch({ program: file, python });
      await run.setBreakpoints(file, [4]);
      await run.start();
      const set = run.client.ask("setFunctionBreakpoints", { breakpoints: [{ name: "double" }] });
      const ended = run.client.ask("terminate");
      const { success, message } = await set;
      if (!success) expect(message).toBe("The debug session has ended.");
      expect((await ended).success).toBe(true);
    }
  });

  test("stops at a breakpoint, steps back into history, and goes on only from the present", async () => {
    const file = path.join(folderWith({ "app.py": program }), "app.py");
    const run = newRun();
    const stop = await run.begin({ program: file, python }, { [file]: [5] });
    expect(stop.reason).toBe("breakpoint");
    expect(await run.stack()).toBe("double:5 < main:10 < <module>:14");
    expect(await run.locals()).toBe("n=0, result=0");
    expect((await run.moment()).atLiveEdge).toBe(true);

    expect((await run.move("stepBack")).reason).toBe("step");
    expect(await run.stack()).toBe("double:4 < main:10 < <module>:14");
    expect(await run.locals()).toBe("n=0");
    expect((await run.moment()).atLiveEdge).toBe(false);

    // The past does not run the program: it comes back to the present, and stays there.
    expect((await run.move("next")).reason).toBe("breakpoint");
    expect((await run.moment()).atLiveEdge).toBe(true);
    await run.move("hindsight/stepBackOut");
    expect(await run.stack()).toBe("main:10 < <module>:14");
    expect((await run.move("next")).description).toBe("");
    expect((await run.moment()).atLiveEdge).toBe(true);

    expect((await run.move("continue")).reason).toBe("breakpoint");
    expect(await run.locals()).toBe("n=1, result=2");
    expect(run.client.output("stdout")).toBe("");
    await run.setBreakpoints(file, []);
    await run.move("stepBack");
    expect((await run.move("continue")).description).toBe("Back at the present");
    expect((await run.move("continue")).description).toBe("The program has ended");
    expect(run.client.output("stdout")).toBe("items [0, 2, 4]\n");
    const exited = run.client.heard.find((one) => one.event === "exited");
    expect(exited?.body).toStrictEqual({ exitCode: 0 });
    expect(await run.finish()).toBe(0);
  });

  test("stepping out ends in the caller, with the result", async () => {
    const file = path.join(folderWith({ "app.py": program }), "app.py");
    const run = newRun();
    await run.begin({ program: file, python }, { [file]: [4] });
    await run.move("stepOut");
    expect(await run.stack()).toBe("main:10 < <module>:14");
    expect(await run.locals(0, "Return value")).toBe("(return)=0");
  });

  test("breakpoint() in the program stops at what comes next in its thread", async () => {
    const source = "def f(n):\n    breakpoint()\n    n += 1\n    return breakpoint()\n\n\nf(1)\nprint('end')\n";
    const run = newRun();
    const stop = await run.begin({ program: path.join(folderWith({ "app.py": source }), "app.py"), python });
    expect(stop.reason).toBe("breakpoint");
    expect(await run.stack()).toBe("f:3 < <module>:7");
    expect((await run.moment()).atLiveEdge).toBe(true);
    expect((await run.move("continue")).reason).toBe("breakpoint");
    expect(await run.locals(0, "Return value")).toMatch(/None/u);
    expect((await run.move("continue")).description).toBe("The program has ended");
    expect(run.client.output("stdout")).toBe("end\n");
  });

  test("PYTHONBREAKPOINT keeps its meaning", async () => {
    const source = "breakpoint()\nprint('end')\n";
    const program = path.join(folderWith({ "app.py": source }), "app.py");
    const run = newRun();
    const stop = await run.begin({ program, python, env: { PYTHONBREAKPOINT: "0" } });
    expect(stop.description).toBe("The program has ended");
  });

  test("stops on entry before the first line", async () => {
    const file = path.join(folderWith({ "app.py": program }), "app.py");
    const run = newRun();
    expect((await run.begin({ program: file, python, stopOnEntry: true })).reason).toBe("entry");
    expect(await run.stack()).toBe("<module>:1");
    expect(await run.moment()).toMatchObject({ step: 0, event: 0, firstStep: 0, lastStep: 0 });
    expect((await run.move("stepBack")).reason).toBe("entry");
  });

  test("the console runs real Python at the live edge, and its effects are part of the history", async () => {
    const file = path.join(folderWith({ "app.py": program }), "app.py");
    const run = newRun();
    await run.begin({ program: file, python }, { [file]: [11] });
    expect(await run.evaluate("[x + 1 for x in items if x < n * 2]")).toBe("[1, 3]");
    expect(await run.evaluate("items.append('mine')")).toBe("None");
    expect(await run.evaluate("n = 40")).toBe("");
    expect(await run.evaluate("n + 2", "watch")).toBe("42");
    expect(await run.evaluate("items")).toBe("[0, 2, 4, 'mine']");
    expect(await run.locals()).toBe("items=[0, 2, 4, 'mine'], n=40");
    expect(await run.evaluate("len(items)", "hover")).toBe("4");
    expect(await run.evaluate("double(21)", "hover")).toMatch(/^error: Calling double would run code/u);
    expect(await run.evaluate("items[9]")).toMatch(/^error: IndexError: /u);
    expect(await run.evaluate("1 +")).toMatch(/^error: SyntaxError/u);
    expect(await run.evaluate("raise SystemExit(3)")).toBe("error: SystemExit: 3");
    expect(await run.evaluate("double(21)")).toBe("42");
    await run.move("stepBack");
    expect(await run.evaluate("items")).toBe("[0, 2, 4]");
    expect(await run.evaluate("len(items)")).toBe("3");
    expect(await run.evaluate("items.append(1)")).toMatch(/^error: list\.append changes its object/u);
    expect(await run.evaluate("double(21)")).toMatch(/^error: Calling double would run code/u);
    expect(await run.evaluate("items[9]")).toBe("error: IndexError: list index out of range");
    await run.move("continue");
    await run.move("continue");
    expect(run.client.output("stdout")).toBe("items [0, 2, 4, 'mine']\n");
  });

  test("pause stops a busy loop, and the newest moment when Python is blocked in C", async () => {
    const folder = folderWith({
      "busy.py": "n = 0\nwhile True:\n    n += 1\n",
      "blocked.py": "import time\nprint('before')\ntime.sleep(1.5)\nafter = 1\nprint('after')\n",
    });
    const busy = newRun();
    await busy.launch({ program: path.join(folder, "busy.py"), python });
    await busy.client.must("configurationDone");
    await sleep(300);
    expect((await busy.client.ask("stackTrace", { threadId: 1 })).message).toMatch(/The program is running/u);
    await busy.client.must("pause", { threadId: 0 });
    expect((await busy.nextStop()).reason).toBe("pause");
    expect(await busy.stack()).toMatch(/^<module>:[23]$/u);
    expect((await busy.moment()).lastStep).toBeGreaterThan(10);
    await busy.move("stepIn");
    await busy.finish();

    const blocked = newRun();
    await blocked.launch({ program: path.join(folder, "blocked.py"), python });
    await blocked.client.must("configurationDone");
    await sleep(500);
    await blocked.client.must("pause", { threadId: 0 });
    expect((await blocked.nextStop()).description).toMatch(/busy/u);
    expect(await blocked.stack()).toBe("<module>:3");
    expect(await blocked.evaluate("id('x')")).toMatch(/busy/u);
    expect(blocked.client.output("stdout")).toBe("before\n");
    // When it comes back, the pause takes hold.
    expect((await blocked.nextStop()).reason).toBe("pause");
    expect(await blocked.stack()).toBe("<module>:4");
  });

  test("stops where an exception is raised, and at the raise of the one that ends the program", async () => {
    const file = path.join(
      folderWith({
        "fail.py":
          "def check(n):\n    if n > 1:\n        raise ValueError('too big: %d' % n)\n    return n\n\n" +
          "for n in range(2):\n    try:\n        check(n * 2)\n    except ValueError as error:\n        kept = error\ncheck(7)\n",
      }),
      "fail.py",
    );
    const run = newRun();
    await run.launch({ program: file, python });
    await run.client.must("setExceptionBreakpoints", { filters: ["raised", "uncaught"] });
    const first = await run.start();
    expect([first.reason, first.text]).toStrictEqual(["exception", "ValueError('too big: 2')"]);
    expect(await run.stack()).toBe("check:3 < <module>:8");
    const info = await run.client.must("exceptionInfo", { threadId: run.stop.threadId });
    expect(info).toMatchObject({
      exceptionId: "ValueError",
      description: "ValueError('too big: 2')",
      breakMode: "always",
    });
    expect((await run.move("continue")).text).toBe("ValueError('too big: 7')");
    expect(await run.locals()).toBe("n=7");
    // It has been seen already: the end of the program is the moment after everything.
    expect((await run.move("continue")).description).toBe("The program has ended");
    expect(run.client.heard.find((one) => one.event === "exited")?.body).toStrictEqual({ exitCode: 1 });
    expect(run.client.output("stderr")).toMatch(/ValueError: too big: 7/u);

    const plain = newRun();
    await plain.launch({ program: file, python });
    const end = await plain.start();
    expect([end.reason, end.text]).toStrictEqual(["exception", "ValueError('too big: 7')"]);
    expect(await plain.stack()).toBe("check:3 < <module>:11");
    expect(await plain.client.must("exceptionInfo", { threadId: plain.stop.threadId })).toMatchObject({
      breakMode: "unhandled",
    });
    expect(
      plain.client.heard.filter((one) => one.event === "exited" || one.event === "stopped").map((one) => one.event),
    ).toStrictEqual(["exited", "stopped"]);
  });

  test("stops where the exception was raised that ended a thread", async () => {
    const file = path.join(
      folderWith({
        "thread.py":
          "import threading\n\ndef work(n):\n    return 1 / n\n\n" +
          "t = threading.Thread(target=work, args=(0,))\nt.start()\nt.join()\nafter = 1\n",
      }),
      "thread.py",
    );
    const run = newRun();
    await run.launch({ program: file, python });
    await run.client.must("setExceptionBreakpoints", { filters: ["uncaught"] });
    const stop = await run.start();
    expect([stop.reason, stop.text]).toStrictEqual(["exception", "ZeroDivisionError('division by zero')"]);
    expect(await run.stack()).toBe("work:4");
    expect(await run.locals()).toBe("n=0");
    expect((await run.move("continue")).description).toBe("Back at the present");
    expect((await run.move("continue")).description).toBe("The program has ended");
    expect(run.client.output("stderr")).toMatch(/ZeroDivisionError: division by zero/u);
  });

  test("breakpoints may be set while the program runs, before and after their file is loaded", async () => {
    const folder = folderWith({
      "app.py": "import time\nimport part\nfor _ in range(3000):\n    part.work()\n    time.sleep(0.01)\n",
      "part.py": "count = 0\n\ndef work():\n    global count\n    # nothing here\n\n    count += 1\n",
    });
    const part = path.join(folder, "part.py");
    const run = newRun();
    await run.launch({ program: path.join(folder, "app.py"), python });
    expect(await run.setBreakpoints(part, [5, 100])).toMatchObject([
      { verified: true, line: 7 },
      { verified: false, message: "There is no code at or after this line." },
    ]);
    await run.start();
    expect(await run.stack()).toBe("work:7 < <module>:4");
    await run.setBreakpoints(part, []);
    await run.client.must("continue", { threadId: run.stop.threadId });
    await sleep(100);
    expect(await run.setBreakpoints(path.join(folder, "app.py"), [5])).toMatchObject([{ verified: true, line: 5 }]);
    expect((await run.nextStop()).reason).toBe("breakpoint");
    expect(await run.stack()).toBe("<module>:5");
  });

  test("a program that is killed leaves its history", async () => {
    const file = path.join(
      folderWith({ "dies.py": "import os, signal\nlast = 'words'\nos.kill(os.getpid(), signal.SIGKILL)\n" }),
      "dies.py",
    );
    const run = newRun();
    const stop = await run.begin({ program: file, python });
    expect(stop.description).toMatch(/The program was killed \(SIGKILL\)/u);
    expect(await run.stack()).toBe("<module>:3");
    expect(await run.locals()).toMatch(/last='words'/u);
    expect((await run.move("stepBack")).reason).toBe("step");
    expect((await run.move("continue")).description).toBe("The program has ended");
  });

  test("when the client disconnects in the middle, the program is ended", async () => {
    const folder = folderWith({
      "long.py": "import os, time\nopen('pid', 'w').write(str(os.getpid()))\nwhile True:\n    time.sleep(0.05)\n",
    });
    for (const leave of ["disconnect", "hang up", "terminate"] as const) {
      const run = newRun();
      await run.launch({ program: path.join(folder, "long.py"), python, cwd: folder });
      await run.client.must("configurationDone");
      const pidFile = path.join(folder, "pid");
      while (!existsSync(pidFile) || readFileSync(pidFile, "utf8") === "") await sleep(20);
      const pid = Number(readFileSync(pidFile, "utf8"));
      expect(isAlive(pid)).toBe(true);
      if (leave === "hang up") run.client.hangUp();
      else await run.client.must(leave);
      if (leave === "terminate") {
        await run.client.next("terminated");
        await run.client.must("disconnect");
      }
      expect(await gone(pid)).toBe(true);
      expect(await run.client.exited()).toBe(0);
      writeFileSync(pidFile, "");
    }
  });

  test.runIf(process.platform === "linux")("when the adapter is killed, the program is ended", async () => {
    const endless = "import os, time\nopen('pid', 'w').write(str(os.getpid()))\nwhile True:\n    time.sleep(0.05)\n";
    const folder = folderWith({ "long.py": endless });
    const file = path.join(folder, "long.py");
    const pidFile = path.join(folder, "pid");
    for (const breakpoints of [[], [4]]) {
      const run = newRun();
      await run.launch({ program: file, python, cwd: folder });
      await run.setBreakpoints(file, breakpoints);
      await run.client.must("configurationDone");
      if (breakpoints.length > 0) await run.nextStop();
      while (!existsSync(pidFile) || readFileSync(pidFile, "utf8") === "") await sleep(20);
      const pid = Number(readFileSync(pidFile, "utf8"));
      expect(isAlive(pid)).toBe(true);
      run.client.kill();
      expect(await gone(pid)).toBe(true);
      writeFileSync(pidFile, "");
    }
  });

  test("at a stop in the present nothing that could be looked at is unknown", async () => {
    const file = path.join(
      folderWith({
        "app.py":
          "import json, random\nlong = list(range(5000))\nbox = {'a': [1], 'b': [2]}\n" +
          "random.shuffle(long)\ntext = json.dumps([long, box], default=str)\nrandom.shuffle(box['a'])\nafter = 1\n",
      }),
      "app.py",
    );
    const run = newRun();
    await run.begin({ program: file, python }, { [file]: [7] });
    expect(await run.evaluate("box", "hover")).toBe("{'a': [1], 'b': [2]}");
    expect(await run.evaluate("long", "hover")).toMatch(/^\[\d+, \d+/u);
    const { step } = await run.moment();
    await run.move("continue");
    await run.seek(step);
    expect(await run.evaluate("box", "hover")).toBe("{'a': [1], 'b': [2]}");
  });

  test("standard input is closed in the debug console, and says so", async () => {
    const file = path.join(
      folderWith({ "ask.py": "try:\n    input('name? ')\nexcept EOFError as error:\n    print('no input')\n" }),
      "ask.py",
    );
    const run = newRun();
    await run.begin({ program: file, python });
    expect(run.client.output("stdout")).toBe("name? no input\n");
    expect(run.client.output("stderr")).toMatch(/integratedTerminal/u);
  });

  test("a module and a piece of code run too", async () => {
    const folder = folderWith({ "tool.py": "import sys\nwords = sys.argv[1:]\nprint(__name__, words)\n" });
    const module = newRun();
    await module.begin({ module: "tool", args: ["a b", "c\nd"], python, cwd: folder });
    expect(module.client.output("stdout")).toBe("__main__ ['a b', 'c\\nd']\n");
    expect(await module.stack()).toBe("<module>:3");
    const line = newRun();
    const env = { WORD: "w" };
    await line.begin({ module: "tool", args: 'a\\ b \'c d\' "$WORD *" *.py --n="1"', python, cwd: folder, env });
    expect(line.client.output("stdout")).toBe("__main__ ['a b', 'c d', 'w *', '*.py', '--n=1']\n");
    const code = newRun();
    await code.begin({ code: "x = 1\nprint('x is', x)\n", python, cwd: folder });
    expect(code.client.output("stdout")).toBe("x is 1\n");
    expect((await code.frames())[0]?.["source"]).toMatchObject({ name: "<string>" });
  });

  test("each thread shows its own stack, and breakpoints stop in any of them", async () => {
    const file = path.join(
      folderWith({
        "threads.py":
          "import threading\n\ndef work(n):\n    square = n * n\n    return square\n\n" +
          "t = threading.Thread(target=work, args=(3,), name='worker')\nt.start()\nt.join()\nprint('joined')\n",
      }),
      "threads.py",
    );
    const run = newRun();
    await run.begin({ program: file, python }, { [file]: [5] });
    expect(await run.stack()).toBe("work:5");
    const body = await run.client.must("threads");
    const threads = JSON.stringify(body);
    expect(threads).toMatch(/worker/u);
    expect(threads).toMatch(/MainThread/u);
    expect((await run.move("continue")).description).toBe("The program has ended");
    await run.move("reverseContinue");
    expect(await run.stack()).toBe("work:5");
  });
});

test("an interrupt from the terminal reaches a program that stands still", async () => {
  const python = all.at(-1)?.path ?? "python3";
  const folder = folderWith({
    "waits.py":
      "import os\nopen('pid', 'w').write(str(os.getpid()))\ntry:\n    a = 1\n    b = 2\nexcept KeyboardInterrupt:\n    c = 'interrupted'\n    print(c)\n",
  });
  const run = newRun();
  const file = path.join(folder, "waits.py");
  await run.begin({ program: file, python, cwd: folder }, { [file]: [5] });
  process.kill(Number(readFileSync(path.join(folder, "pid"), "utf8")), "SIGINT");
  await run.client.next("continued");
  expect((await run.nextStop()).description).toBe("The program has ended");
  expect(run.client.output("stdout")).toBe("interrupted\n");
});

test("a breakpoint that cannot be judged yet is judged later", async () => {
  const python = all.at(-1)?.path;
  const folder = folderWith({
    "app.py": "import time\ntime.sleep(2)\nimport part\npart.work()\n",
    "part.py": "def work():\n    # nothing\n    return 1\n",
    "broken.py": "if x\n",
  });
  const run = newRun();
  await run.client.must("initialize", { adapterID: "hindsight" });
  const app = path.join(folder, "app.py");
  expect(await run.setBreakpoints(app, [3])).toMatchObject([{ verified: false, line: 3 }]);
  await run.client.must("launch", { program: app, python, console: "internalConsole", cwd: folder });
  await run.client.next("initialized");
  expect(await run.setBreakpoints(path.join(folder, "broken.py"), [1])).toMatchObject([
    { verified: false, message: expect.stringMatching(/^This file does not compile: SyntaxError/u) as unknown },
  ]);
  await run.client.must("configurationDone");
  expect((await run.client.next("breakpoint")).body).toMatchObject({
    reason: "changed",
    breakpoint: { verified: true, line: 3 },
  });
  await sleep(300);
  // Python sleeps: it cannot compile the file now.
  expect(await run.setBreakpoints(path.join(folder, "part.py"), [2])).toMatchObject([{ verified: false, line: 2 }]);
  expect((await run.client.next("breakpoint")).body).toMatchObject({
    reason: "changed",
    breakpoint: { verified: true, line: 3 },
  });
  expect((await run.nextStop()).reason).toBe("breakpoint");
  expect(await run.stack()).toBe("<module>:3");
  expect((await run.move("continue")).reason).toBe("breakpoint");
  expect(await run.stack()).toBe("work:3 < <module>:4");
});

test("onExit end closes the session with the program", async () => {
  const file = path.join(folderWith({ "app.py": program }), "app.py");
  const run = newRun();
  await run.launch({ program: file, python: all.at(-1)?.path, onExit: "end" });
  await run.client.must("configurationDone");
  await run.client.next("exited");
  await run.client.next("terminated");
  expect(run.client.heard.some((one) => one.event === "stopped")).toBe(false);
});

test("noDebug runs plain Python", async () => {
  const file = path.join(
    folderWith({ "app.py": "import sys\nprint(sys.gettrace(), 'pytracer' in str(sys.modules))\nsys.exit(4)\n" }),
    "app.py",
  );
  const run = newRun();
  await run.launch({ program: file, python: all.at(-1)?.path, noDebug: true });
  await run.client.must("configurationDone");
  expect((await run.client.next("exited")).body).toStrictEqual({ exitCode: 4 });
  await run.client.next("terminated");
  expect(run.client.output("stdout")).toBe("None False\n");
});
