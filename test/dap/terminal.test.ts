// A program in a terminal: the client runs the command, and all else comes over the control channel.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { DapClient, type Json } from "../support/dapClient.ts";
import { DebugRun, folderWith } from "../support/debugRun.ts";
import { interpreters } from "../support/interpreters.ts";

const python = interpreters().at(-1)?.path ?? "python3";
const clients: DapClient[] = [];
const terminals: ChildProcess[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.kill();
  for (const terminal of terminals.splice(0)) terminal.kill("SIGKILL");
});

interface Terminal {
  readonly run: DebugRun;
  readonly asked: Json[];
  readonly screen: () => string;
  readonly type: (text: string) => void;
}

/** A client with terminals: it runs what it is asked to, with a standard input that can be typed into. */
function withTerminal(): Terminal {
  const client = new DapClient();
  clients.push(client);
  const asked: Json[] = [];
  let screen = "";
  let shell: ChildProcess | undefined;
  client.onRequest = (command, args) => {
    asked.push({ command, ...args });
    const words = Array.isArray(args["args"]) ? args["args"].map(String) : [];
    shell = spawn(words[0] ?? "", words.slice(1), { cwd: String(args["cwd"]), stdio: "pipe" });
    terminals.push(shell);
    shell.stdout?.on("data", (chunk: Buffer) => (screen += chunk.toString()));
    shell.stderr?.on("data", (chunk: Buffer) => (screen += chunk.toString()));
    return {};
  };
  return { run: new DebugRun(client), asked, screen: () => screen, type: (text) => void shell?.stdin?.write(text) };
}

test("the program runs in the client's terminal, reads what is typed, and stops as anywhere", async () => {
  const folder = folderWith({ "ask.py": "import sys\nname = input('name? ')\nprint('hello', name, sys.argv[1:])\n" });
  const file = path.join(folder, "ask.py");
  const { run, asked, screen, type } = withTerminal();
  await run.launch(
    { program: file, python, console: "integratedTerminal", args: ["a b\nc"], env: { EXTRA: "1" }, cwd: folder },
    { supportsRunInTerminalRequest: true },
  );
  expect(asked).toMatchObject([{ command: "runInTerminal", kind: "integrated", cwd: folder }]);
  // The command line holds neither the program's arguments nor its settings: a terminal could not type them.
  expect(JSON.stringify(asked[0]?.["args"])).not.toMatch(/a b|ask\.py|EXTRA/u);
  await run.setBreakpoints(file, [3]);
  await run.client.must("configurationDone");
  for (let round = 0; round < 100 && !screen().includes("name? "); round++) await sleep(20);
  type("Ada\n");
  expect((await run.nextStop()).reason).toBe("breakpoint");
  expect(await run.locals()).toMatch(/name='Ada'/u);
  expect((await run.move("continue")).description).toBe("The program has ended");
  expect(screen()).toBe("name? hello Ada ['a b\\nc']\n");
  expect(run.client.heard.find((one) => one.event === "exited")?.body).toStrictEqual({ exitCode: 0 });
  expect(await run.finish()).toBe(0);
});

test("a client without terminals gets the debug console", async () => {
  const client = new DapClient();
  clients.push(client);
  const run = new DebugRun(client);
  await run.begin({ code: "print('here')", python, console: "integratedTerminal" });
  expect(client.output("stdout")).toBe("here\n");
});

test("a terminal that cannot be opened is told", async () => {
  const client = new DapClient();
  clients.push(client);
  client.onRequest = () => {
    throw new Error("no terminals today");
  };
  await client.must("initialize", { adapterID: "hindsight", supportsRunInTerminalRequest: true });
  const answer = await client.ask("launch", { code: "1", python, console: "externalTerminal" });
  expect(answer.message).toMatch(/No terminal could be opened: no terminals today/u);
});

test("a program that is killed in a terminal leaves its history; disconnecting ends it", async () => {
  const folder = folderWith({
    "long.py": "import os, time\nopen('pid', 'w').write(str(os.getpid()))\nwhile True:\n    time.sleep(0.02)\n",
  });
  const { run } = withTerminal();
  await run.launch(
    { program: path.join(folder, "long.py"), python, console: "integratedTerminal", cwd: folder },
    { supportsRunInTerminalRequest: true },
  );
  await run.client.must("configurationDone");
  const pidFile = path.join(folder, "pid");
  while (!existsSync(pidFile) || readFileSync(pidFile, "utf8") === "") await sleep(20);
  process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
  expect((await run.nextStop()).description).toMatch(/The program was killed/u);
  expect(await run.stack()).toMatch(/^<module>:[34]$/u);
  await run.finish();
});
