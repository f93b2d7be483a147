// The small parts of a session, each by itself.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { judgeLine } from "../../src/dap/lineVerdict.ts";
import { ControlServer, newToken } from "../../src/dap/controlServer.ts";
import { parseEnvironmentFile } from "../../src/dap/environmentFile.ts";
import { Handles } from "../../src/dap/handles.ts";
import { JobQueue } from "../../src/dap/jobQueue.ts";
import { parseLaunchArguments } from "../../src/dap/launchArguments.ts";
import { utf16Offset } from "../../src/dap/presentation/columns.ts";
import { problemOf } from "../../src/dap/pythonProbe.ts";
import { deleteOldRecordings } from "../../src/dap/recordingPaths.ts";
import { userError, userErrors } from "../../src/dap/userErrors.ts";
import net from "node:net";

test("launch settings have the documented defaults", () => {
  expect(parseLaunchArguments({ program: "a.py", module: "", type: "hindsight" })).toStrictEqual({
    kind: "run",
    target: { kind: "program", program: "a.py" },
    args: [],
    python: undefined,
    pythonArgs: [],
    cwd: undefined,
    env: {},
    envFile: undefined,
    console: "integratedTerminal",
    stopOnEntry: false,
    recordingPath: undefined,
    onExit: "stay",
    noDebug: false,
    settings: {
      justMyCode: true,
      include: [],
      exclude: [],
      maxItems: 1000,
      maxStringLength: 10_000,
      maxRecordingSize: 0,
      recorder: "auto",
    },
  });
});

test("every error has a number of its own, and its sentence can be filled", () => {
  const ids = Object.values(userErrors).map((one) => one.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(userError("programMissing", { program: "a{b}.py" }).message).toBe(
    "The program a{b}.py does not exist. Check `program` and `cwd`.",
  );
});

test("an environment file is read as the Python extension reads it", () => {
  const text = "\uFEFF# comment\nA=1\nexport B = two words # remark\nC='# kept'\nD=\"line\\nbreak\"\n\nnonsense\nE=\n";
  expect(parseEnvironmentFile(text)).toStrictEqual({ A: "1", B: "two words", C: "# kept", D: "line\nbreak", E: "" });
});

test("only the newest temporary recordings are kept, and those of running sessions", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "hindsight-test-"));
  mkdirSync(folder, { recursive: true });
  // No process has an id that large; this one runs.
  const names = [1, 2, 3, 4, 5, 6].map((time) => `run-${time}-99999999.hindsight`);
  const running = `run-0-${process.ppid}.hindsight`;
  for (const name of [...names, running, "mine.hindsight"]) writeFileSync(path.join(folder, name), "");
  writeFileSync(path.join(folder, "run-1-99999999.hindsight.tail"), "");
  writeFileSync(path.join(folder, "run-1-99999999.hindsight.tail2"), "");
  deleteOldRecordings(folder, 4);
  expect(readdirSync(folder).toSorted()).toStrictEqual([...names.slice(2), running, "mine.hindsight"].toSorted());
  expect(existsSync(path.join(folder, "run-1-99999999.hindsight.tail"))).toBe(false);
  expect(existsSync(path.join(folder, "run-1-99999999.hindsight.tail2"))).toBe(false);
});

test("an interpreter is judged by what it says of itself", () => {
  expect(problemOf("cpython 3.9.0 0\n")).toBeUndefined();
  expect(problemOf("cpython 3.15.0 0")).toBeUndefined();
  expect(problemOf("cpython 3.8.20 0")).toBe("it is Python 3.8.20");
  expect(problemOf("cpython 2.0.0 0")).toBe("it is Python 2.0.0");
  expect(problemOf("hello")).toBe("it is hello, not CPython");
});

test("a column in bytes becomes one in UTF-16 units", () => {
  const line = "añ🙂b = 1";
  expect([0, 1, 3, 7, 8, 99].map((bytes) => utf16Offset(line, bytes))).toStrictEqual([0, 1, 2, 4, 5, 9]);
});

test("handles are never reused, and the same thing keeps its own", () => {
  const handles = new Handles();
  const moment = { step: 1, event: 0 };
  const frame = { moment, thread: 1, frame: 2, isLive: false };
  const first = handles.frameId(frame);
  expect(handles.frameId({ ...frame, moment: { step: 1, event: 0 } })).toBe(first);
  expect(handles.frameId({ ...frame, moment: { step: 1, event: 1 } })).not.toBe(first);
  expect(handles.frameId({ ...frame, isLive: true })).not.toBe(first);
  const list = { kind: "object", moment, root: 2, object: 7, path: "x" } as const;
  expect(handles.reference(list)).toBe(handles.reference({ ...list, path: "y" }));
  expect(handles.reference({ ...list, object: 8 })).not.toBe(handles.reference(list));
  expect(handles.frame(99)).toBeUndefined();
});

describe("where a breakpoint comes to stand", () => {
  const text = ["def f():", "    # remark", "", "    return 1", "x = '''", "text", "'''", "f()"];

  test("in a file whose code is known whole, at the next line with code", () => {
    const code = { lines: [1, 4, 5, 8], isWhole: true };
    expect([1, 2, 4, 6, 9].map((line) => judgeLine(line, code, text).line)).toStrictEqual([1, 4, 4, 8, undefined]);
  });

  test("among code that ran, only over what is surely empty", () => {
    const code = { lines: [1, 4, 8], isWhole: false };
    expect([2, 3, 5, 6].map((line) => judgeLine(line, code, text).line)).toStrictEqual([4, 4, undefined, undefined]);
    expect(judgeLine(2, code, undefined).line).toBeUndefined();
  });
});

describe("the queue", () => {
  test("runs one job after the other, in order, and cancels what has not begun", async () => {
    const queue = new JobQueue();
    const done: string[] = [];
    const gate = new EventTarget();
    const opened = new Promise<void>((resolve) => {
      gate.addEventListener("open", () => resolve());
    });
    queue.add(async () => {
      await opened;
      done.push("first");
    }, 1);
    queue.add(
      async () => void done.push(await Promise.resolve("second")),
      2,
      () => done.push("cancelled"),
    );
    queue.add(async () => void done.push(await Promise.resolve("third")), 3);
    expect(queue.cancel(2)).toBe(true);
    expect(queue.cancel(1)).toBe(false);
    gate.dispatchEvent(new Event("open"));
    for (let round = 0; round < 100 && done.length < 3; round++) await sleep(5);
    expect(done).toStrictEqual(["cancelled", "first", "third"]);
  });
});

describe("the control channel", () => {
  async function say(port: number, text: string): Promise<net.Socket> {
    const socket = net.connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    await new Promise((resolve) => {
      socket.write(text, resolve);
    });
    return socket;
  }

  async function closed(socket: net.Socket): Promise<boolean> {
    for (let round = 0; round < 200 && !socket.closed; round++) await sleep(5);
    return socket.closed;
  }

  const hello = { type: "hello", role: "program", pid: 1, python: "3.12.1", executable: "python" };

  test("lets in only who has the token, once, and hands on what came early", async () => {
    const server = new ControlServer();
    const port = await server.listen();
    const token = newToken();
    const awaited = server.expect(token);
    expect(await closed(await say(port, `${JSON.stringify({ ...hello, token: newToken() })}\n`))).toBe(true);
    expect(await closed(await say(port, "GET / HTTP/1.0\r\n\r\n"))).toBe(true);
    expect(await closed(await say(port, "x".repeat(200_000)))).toBe(true);
    await say(port, `${JSON.stringify({ ...hello, token })}\n{"type":"warning","text":"ä"}\n`);
    const connection = await awaited;
    expect(connection.hello.pid).toBe(1);
    const heard: string[] = [];
    connection.listen(
      (message) => heard.push(message.type),
      () => heard.push("closed"),
    );
    for (let round = 0; round < 100 && heard.length < 1; round++) await sleep(5);
    expect(heard).toStrictEqual(["warning"]);
    expect(await closed(await say(port, `${JSON.stringify({ ...hello, token })}\n`))).toBe(true);
    connection.close();
    server.stopListening();
  });
});
