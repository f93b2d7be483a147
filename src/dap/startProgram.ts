// Starts the program as the launch configuration says, up to the moment at which Python takes orders.
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { ToPython } from "../protocol/controlChannel.ts";
import { ControlServer, newToken, type Connection } from "./controlServer.ts";
import { parseEnvironmentFile } from "./environmentFile.ts";
import type { ConsoleKind, RunArguments } from "./launchArguments.ts";
import { LiveProgram, type ProgramListener } from "./liveProgram.ts";
import { findPython } from "./pythonFinder.ts";
import { probePython } from "./pythonProbe.ts";
import { spawnProcess, TerminalProcess, type OutputListener, type PythonProcess } from "./pythonProcess.ts";
import { newRecordingPath } from "./recordingPaths.ts";
import { userError } from "./userErrors.ts";

/** What starting a program needs of the client. */
export interface LaunchHost {
  readonly onOutput: OutputListener;
  /** undefined: the client has no terminals. Rejects when none can be opened. */
  readonly runInTerminal:
    | ((kind: "integrated" | "external", cwd: string, command: readonly string[]) => Promise<void>)
    | undefined;
  readonly listener: ProgramListener;
  /** Told as soon as there is something to kill. */
  readonly onStarted: (process: PythonProcess) => void;
}

export interface StartedProgram {
  readonly program: LiveProgram;
  readonly recordingPath: string;
}

/** A configuration whose paths and variables are settled. */
interface Settled {
  readonly python: string;
  readonly cwd: string;
  /** What `env` and `envFile` change. */
  readonly env: { readonly [name: string]: string | null };
  readonly console: ConsoleKind;
}

const helloSeconds = 60;

/** The folder `pytracer`: beside the folder of the bundle, or of the sources when they run directly. */
function tracerFolder(): string {
  const here = path.dirname(process.argv[1] ?? ".");
  const candidates = [path.join(here, "..", "pytracer"), path.join(here, "..", "..", "pytracer")];
  return candidates.find((folder) => existsSync(path.join(folder, "launcher.py"))) ?? path.join(here, "..", "pytracer");
}

function isFolder(folder: string): boolean {
  return existsSync(folder) && statSync(folder).isDirectory();
}

function readEnvironment(args: RunArguments, cwd: string): { readonly [name: string]: string | null } {
  if (args.envFile === undefined) return args.env;
  const file = path.resolve(cwd, args.envFile);
  try {
    return { ...parseEnvironmentFile(readFileSync(file, "utf8")), ...args.env };
  } catch (error) {
    throw userError("envFileUnreadable", { file, problem: error instanceof Error ? `${error.message}.` : "" });
  }
}

function settle(args: RunArguments, host: LaunchHost): Settled {
  const cwd = path.resolve(args.cwd ?? ".");
  if (!isFolder(cwd)) throw userError("folderMissing", { folder: cwd });
  if (args.target.kind === "program" && !existsSync(path.resolve(cwd, args.target.program)))
    throw userError("programMissing", { program: args.target.program });
  const env = readEnvironment(args, cwd);
  const python = findPython(args.python, cwd, env["PATH"] ?? process.env["PATH"] ?? "");
  if (python === undefined) throw userError("noPython", { python: args.python ?? "neither python3 nor python" });
  return { python, cwd, env, console: host.runInTerminal === undefined ? "internalConsole" : args.console };
}

function mergedEnvironment(changes: { readonly [name: string]: string | null }): NodeJS.ProcessEnv {
  const merged: NodeJS.ProcessEnv = { ...process.env };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete merged[name];
    else merged[name] = value;
  }
  return merged;
}

/** In the debug console prints should show when they happen, as in a terminal. */
function withLiveOutput(settled: Settled): { readonly [name: string]: string | null } {
  if (settled.console !== "internalConsole") return settled.env;
  const encoding = process.platform === "win32" ? { PYTHONIOENCODING: "utf-8" } : {};
  return { PYTHONUNBUFFERED: "1", ...encoding, ...settled.env };
}

async function startProcess(
  settled: Settled,
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  host: LaunchHost,
): Promise<PythonProcess> {
  if (settled.console === "internalConsole" || host.runInTerminal === undefined)
    return spawnProcess(command, { cwd: settled.cwd, env }, host.onOutput).catch((error: unknown) => {
      throw userError("noPython", { python: `${settled.python} (${error instanceof Error ? error.message : ""})` });
    });
  const terminal = new TerminalProcess();
  try {
    const kind = settled.console === "externalTerminal" ? "external" : "integrated";
    await host.runInTerminal(kind, settled.cwd, command);
  } catch (error) {
    throw userError("terminalFailed", { problem: error instanceof Error ? `${error.message}.` : "" });
  }
  return terminal;
}

/** The next connection; fails when the process ends or says nothing for long. */
async function connectionOf(
  awaited: Promise<Connection>,
  python: PythonProcess,
  said: () => string,
): Promise<Connection> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), helloSeconds * 1000);
  });
  const ended = python.gone.then((): "gone" => "gone");
  const first = await Promise.race([awaited, ended, late]);
  clearTimeout(timer);
  if (first === "late") throw userError("notConnected", { seconds: helloSeconds });
  if (first !== "gone") return first;
  const words = said().trim();
  throw userError("pythonFailed", { problem: words === "" ? "it ended at once." : words });
}

/** Keeps the beginning of what is printed on stderr, for the sentence that says why nothing started. */
class StartMessages {
  #text = "";

  readonly text = (): string => this.#text;

  add(category: "stdout" | "stderr", text: string): void {
    if (category === "stderr" && this.#text.length < 2000) this.#text += text;
  }
}

function launchMessage(
  args: RunArguments,
  settled: Settled,
  tokens: { readonly token: string; readonly lifeline: string },
  recordingPath: string,
): Extract<ToPython, { type: "launch" }> {
  return {
    type: "launch",
    target: args.target,
    args: args.args,
    pythonArgs: args.pythonArgs,
    cwd: settled.cwd,
    env: withLiveOutput(settled),
    ...tokens,
    noStandardInput: settled.console === "internalConsole",
    settings: { ...args.settings, recordingPath },
  };
}

/** Throws a `UserError` when the program cannot be started; nothing is left running then. */
export async function startProgram(args: RunArguments, host: LaunchHost): Promise<StartedProgram> {
  const settled = settle(args, host);
  await probePython(settled.python, mergedEnvironment(settled.env));
  const recordingPath = newRecordingPath(args.recordingPath, settled.cwd);
  const server = new ControlServer();
  let python: PythonProcess | undefined;
  try {
    const port = await server.listen();
    const launcherToken = newToken();
    const tokens = { token: newToken(), lifeline: newToken() };
    const launcher = server.expect(launcherToken);
    const program = server.expect(tokens.token);
    const lifeline = server.expect(tokens.lifeline);
    const messages = new StartMessages();
    const command = [settled.python, tracerFolder(), "connect", String(port), launcherToken];
    python = await startProcess(settled, command, process.env, {
      ...host,
      onOutput: (category, text) => {
        messages.add(category, text);
        host.onOutput(category, text);
      },
    });
    host.onStarted(python);
    const orders = await connectionOf(launcher, python, messages.text);
    // A terminal's process keeps its id when it becomes the program.
    python.know(orders.hello.pid);
    await orders.send(launchMessage(args, settled, tokens, recordingPath));
    const connection = await connectionOf(program, python, messages.text);
    // It stays open for as long as this process lives.
    await connectionOf(lifeline, python, messages.text);
    const live = new LiveProgram(connection, python, recordingPath, host.listener);
    if (!(await live.configure(args.stopOnEntry))) throw userError("pythonFailed", { problem: messages.text() });
    return { program: live, recordingPath };
  } catch (error) {
    python?.kill();
    throw error;
  } finally {
    server.stopListening();
  }
}

/** `noDebug`: plain Python, nothing is recorded. */
export async function startPlain(args: RunArguments, host: LaunchHost): Promise<PythonProcess | undefined> {
  const settled = settle(args, host);
  const { target } = args;
  const program =
    target.kind === "program"
      ? [target.program]
      : target.kind === "module"
        ? ["-m", target.module]
        : ["-c", settled.console === "internalConsole" ? target.code : oneLine(target.code)];
  const command = [settled.python, ...args.pythonArgs, ...program, ...args.args];
  if (settled.console !== "internalConsole") command.unshift(...terminalEnvironment(settled.env));
  const process = await startProcess(settled, command, mergedEnvironment(withLiveOutput(settled)), host);
  host.onStarted(process);
  return settled.console === "internalConsole" ? process : undefined;
}

/** A terminal types its command: line breaks would end it early. */
function oneLine(code: string): string {
  return code.includes("\n") ? `exec(${JSON.stringify(code)})` : code;
}

/** Variables for a command that a terminal runs, through `env` where there is one. */
function terminalEnvironment(changes: { readonly [name: string]: string | null }): readonly string[] {
  const entries = Object.entries(changes);
  if (entries.length === 0 || process.platform === "win32") return [];
  return [
    "env",
    ...entries.flatMap(([name, value]) => (value === null ? ["-u", name] : [])),
    ...entries.flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`])),
  ];
}
