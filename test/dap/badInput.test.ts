// What goes wrong is said once, clearly, with a number; nothing hangs and nothing crashes.
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { interpreters } from "../support/interpreters.ts";
import { DapClient, json, type Json } from "../support/dapClient.ts";
import { DebugRun, folderWith } from "../support/debugRun.ts";

const python = interpreters().at(-1)?.path ?? "python3";
const root = path.join(import.meta.dirname, "..", "..");
const clients: DapClient[] = [];

function newClient(): DapClient {
  const client = new DapClient();
  clients.push(client);
  return client;
}

afterEach(() => {
  for (const client of clients.splice(0)) client.kill();
});

interface Failure {
  readonly id: number;
  readonly message: string;
  readonly showUser: boolean;
}

async function failure(client: DapClient, command: string, args?: Json): Promise<Failure> {
  const answer = await client.ask(command, args);
  expect(answer.success).toBe(false);
  const error = json(answer.body["error"]);
  return { id: Number(error["id"]), message: answer.message, showUser: error["showUser"] === true };
}

async function launchFailure(args: Json): Promise<Failure> {
  const client = newClient();
  await client.must("initialize", { adapterID: "hindsight" });
  return failure(client, "launch", { console: "internalConsole", ...args });
}

function record(program: string): string {
  const folder = folderWith({ "app.py": program });
  const file = path.join(folder, "app.hindsight");
  execFileSync(python, ["-m", "pytracer", "record", "-o", file, path.join(folder, "app.py")], {
    cwd: folder,
    env: { ...process.env, PYTHONPATH: root },
    stdio: "ignore",
  });
  return file;
}

describe("launch refuses, and says why", () => {
  test.each([
    [{}, 1002, /found none/u],
    [{ program: "a.py", module: "m" }, 1002, /found program and module/u],
    [{ program: 7 }, 1001, /`program` must be a string/u],
    [{ program: "a.py", args: 7 }, 1001, /`args` must be a list/u],
    [{ program: "a.py", args: "x | y" }, 1001, /`args` has `\|`, which is for a shell/u],
    [{ program: "a.py", console: "window" }, 1001, /`console` must be one of integratedTerminal/u],
    [{ program: "a.py", maxItems: 0 }, 1001, /`maxItems` must be at least 1/u],
    [{ program: "a.py", env: { A: 1 } }, 1001, /`envA` must be a string|`A` must be a string/u],
    [{ program: "/no/such/file.py", python }, 1003, /\/no\/such\/file\.py does not exist/u],
    [{ code: "1", cwd: "/no/such/folder", python }, 1004, /\/no\/such\/folder does not exist/u],
    [{ code: "1", python: "/no/such/python" }, 1005, /\/no\/such\/python cannot be started/u],
    [{ code: "1", python, envFile: "/no/such/.env" }, 1011, /\/no\/such\/\.env/u],
    [{ code: "1", python, recordingPath: "/no/such/folder/x.hindsight" }, 1013, /cannot be written/u],
    [{ recording: "/no/such.hindsight" }, 1009, /\/no\/such\.hindsight does not exist/u],
  ] as const)("%j", async (args, id, message) => {
    const failed = await launchFailure(args);
    expect(failed).toMatchObject({ id, showUser: true });
    expect(failed.message).toMatch(message);
  });

  test("an interpreter that is too old, or none at all, is named", async () => {
    const folder = folderWith({
      old: "#!/bin/sh\necho cpython 3.8.18 0\n",
      other: "#!/bin/sh\necho pypy 3.11.0 0\n",
      free: "#!/bin/sh\necho cpython 3.14.0 1\n",
      nothing: "#!/bin/sh\nexit 1\n",
    });
    for (const name of ["old", "other", "free", "nothing"]) chmodSync(path.join(folder, name), 0o755);
    async function told(name: string): Promise<string> {
      return (await launchFailure({ code: "1", python: path.join(folder, name) })).message;
    }
    expect(await told("old")).toMatch(/it is Python 3\.8\.18\. Hindsight needs CPython 3\.9/u);
    expect(await told("other")).toMatch(/it is pypy, not CPython/u);
    expect(await told("free")).toMatch(/free-threaded build of Python 3\.14\.0/u);
    expect(await told("nothing")).toMatch(/cannot be started/u);
  });

  test("a file that is no recording is never overwritten", async () => {
    const folder = folderWith({ "notes.txt": "mine" });
    const file = path.join(folder, "notes.txt");
    expect((await launchFailure({ code: "1", python, recordingPath: file })).message).toMatch(
      /it exists and is not a recording/u,
    );
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  test("after a refusal the session can be launched", async () => {
    const client = newClient();
    await client.must("initialize", { adapterID: "hindsight" });
    await failure(client, "launch", {});
    await client.must("launch", { code: "a = 1", python, console: "internalConsole" });
    expect((await failure(client, "launch", { code: "1" })).id).toBe(1102);
  });
});

test("a client that leaves while the program is being started gets an answer to everything", async () => {
  const client = newClient();
  await client.must("initialize", { adapterID: "hindsight" });
  const launch = failure(client, "launch", { code: "a = 1", python, console: "internalConsole" });
  const threads = failure(client, "threads");
  await client.must("disconnect");
  expect(await client.exited()).toBe(0);
  expect([(await launch).id, (await threads).id]).toStrictEqual([1117, 1117]);
  expect(client.responses.map((one) => one["command"])).toStrictEqual([
    "initialize",
    "launch",
    "threads",
    "disconnect",
  ]);
});

describe("a program that cannot run", () => {
  test("a syntax error is told as Python tells it, and the session ends", async () => {
    const folder = folderWith({ "bad.py": "x = 1\nif x\n    pass\n" });
    const client = newClient();
    const run = new DebugRun(client);
    await run.launch({ program: path.join(folder, "bad.py"), python });
    await client.must("configurationDone");
    expect((await client.next("exited")).body).toStrictEqual({ exitCode: 1 });
    await client.next("terminated");
    expect(client.output("stderr")).toMatch(/bad\.py", line 2[\s\S]*SyntaxError/u);
  });

  test("a module that does not exist is Python's own message", async () => {
    const client = newClient();
    const run = new DebugRun(client);
    await run.launch({ module: "no_such_module_here", python });
    await client.must("configurationDone");
    await client.next("terminated");
    expect(client.output("stderr")).toMatch(/No module named no_such_module_here/u);
  });
});

describe("a recording that is damaged", () => {
  const whole = readFileSync(record("def f(n):\n    return n + 1\n\nx = f(1)\ny = [x, 'two']\n"));
  const folder = folderWith({});
  const file = path.join(folder, "cut.hindsight");

  /** What the last one that opened said about itself. */
  let notes = "";

  async function opened(bytes: Uint8Array): Promise<string> {
    writeFileSync(file, bytes);
    const client = newClient();
    await client.must("initialize", { adapterID: "hindsight" });
    const answer = await client.ask("launch", { recording: file });
    if (!answer.success) {
      client.kill();
      return `refused: ${answer.message}`;
    }
    await client.must("configurationDone");
    while (!client.heard.some((one) => one.event === "stopped" || one.event === "terminated"))
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    notes = client.output("important");
    const said = client.heard.some((one) => one.event === "stopped") ? "stopped" : "terminated";
    if (said === "stopped")
      await client.must("stackTrace", { threadId: (await client.must("hindsight/moment"))["threadId"] });
    client.kill();
    return said;
  }

  test("cut anywhere, it opens with what is whole or says why not", { timeout: 120_000 }, async () => {
    const outcomes = new Set<string>();
    for (let length = 0; length < whole.length; length += Math.max(1, Math.floor(whole.length / 12)))
      outcomes.add(await opened(whole.subarray(0, length)));
    expect([...outcomes]).toStrictEqual(["terminated"]);
    expect(notes).toMatch(/holds no step/u);
    expect(await opened(whole)).toBe("stopped");
    expect(notes).toBe("");
    expect(await opened(whole.subarray(0, whole.length - 1))).toBe("terminated");
    expect(notes).not.toBe("This recording holds no step.\n");
  });

  test("a text file and an unknown version are refused by name", async () => {
    expect(await opened(Buffer.from("hello, this is no recording at all"))).toMatch(
      /refused: .*not a (?:Hindsight )?recording/iu,
    );
    const newer = Buffer.from(whole);
    newer.writeUInt16LE(9, 8);
    const { crc32 } = await import("node:zlib");
    newer.writeUInt32LE(crc32(newer.subarray(0, 12)), 12);
    expect(await opened(newer)).toMatch(/refused: .*version 9/u);
    rmSync(folder, { recursive: true });
  });
});

describe("requests that make no sense now", () => {
  test("before launch, every request is answered with what is missing", async () => {
    const client = newClient();
    for (const [command, args] of [
      ["stackTrace", { threadId: 1 }],
      ["scopes", { frameId: 1 }],
      ["variables", { variablesReference: 1 }],
      ["evaluate", { expression: "x" }],
      ["continue", { threadId: 1 }],
      ["stepBack", { threadId: 1 }],
      ["reverseContinue", { threadId: 1 }],
      ["hindsight/moment", {}],
      ["hindsight/seek", { step: 0 }],
      ["hindsight/stepBackInto", { threadId: 1 }],
      ["configurationDone", {}],
      ["source", { sourceReference: 1 }],
    ] as const)
      expect([command, (await failure(client, command, args)).message]).toStrictEqual([
        command,
        "No program and no recording is open. Send `launch` first.",
      ]);
    expect((await failure(client, "pause", { threadId: 1 })).id).toBe(1104);
    expect((await failure(client, "makeCoffee")).message).toBe("Hindsight does not know the request makeCoffee.");
    expect((await failure(client, "attach", {})).message).toMatch(/use `launch`/u);
    expect((await client.must("threads"))["threads"]).toStrictEqual([]);
    expect(await client.must("disconnect")).toStrictEqual({});
    expect(await client.exited()).toBe(0);
  });

  test("wrong arguments are named, and handles that never were", async () => {
    const client = newClient();
    const run = new DebugRun(client);
    await run.begin({ code: "a = 1\nb = 2\n", python, stopOnEntry: true });
    const { threadId } = run.stop;
    async function told(command: string, args: Json): Promise<string> {
      return (await failure(client, command, args)).message;
    }
    expect(await told("stackTrace", {})).toMatch(/`threadId` is missing/u);
    expect(await told("stackTrace", { threadId: "one" })).toMatch(/`threadId` must be a whole number/u);
    expect(await told("stackTrace", { threadId: 99 })).toMatch(/no thread 99/u);
    expect(await told("scopes", { frameId: 12_345 })).toMatch(/no stack frame 12345/u);
    expect(await told("variables", { variablesReference: 12_345 })).toMatch(/nothing with the reference 12345/u);
    expect(await told("variables", { variablesReference: 1, start: -1 })).toMatch(/must not be negative/u);
    expect(await told("goto", { threadId, targetId: 9 })).toMatch(/no goto target 9/u);
    expect(await told("exceptionInfo", { threadId })).toMatch(/No exception/u);
    expect(await told("setExceptionBreakpoints", { filters: ["sometimes"] })).toMatch(/no filter sometimes/u);
    expect(await told("hindsight/seek", { step: 5 })).toMatch(
      /Step 5 is outside the history: it has the steps 0 to 0/u,
    );
    expect(await told("hindsight/seek", { step: -1 })).toMatch(/outside the history/u);
    expect(await told("hindsight/seek", { step: 0, event: 100 })).toMatch(/Step 0 with event 100 is outside/u);
    expect(await told("hindsight/seek", { step: 0, event: "first" })).toMatch(/`event` must be one of last/u);
    expect(await told("hindsight/seek", { step: 1.5 })).toMatch(/whole number/u);
    expect(await told("pause", { threadId })).toMatch(/Nothing is running/u);
    expect(await told("setVariable", { variablesReference: 1, name: "a", value: "2" })).toMatch(
      /nothing with the reference 1/u,
    );
  });

  test("every request got exactly one response", async () => {
    const client = newClient();
    const run = new DebugRun(client);
    await run.begin({ code: "for i in range(100):\n    i\n", python, stopOnEntry: true });
    const { threadId } = run.stop;
    const commands = [
      "next",
      "stepBack",
      "nonsense",
      "threads",
      "stackTrace",
      "scopes",
      "continue",
      "hindsight/moment",
      "cancel",
    ];
    await Promise.all(commands.map((command) => client.ask(command, { threadId })));
    await client.ask("disconnect");
    await client.exited();
    const answered = client.responses.map((one) => Number(one["request_seq"]));
    expect(new Set(answered).size).toBe(answered.length);
  });
});
