// The process that runs the program: in the debug console's background or in a terminal. How it is started,
// what it prints, how it ends, and how it is ended.
import { spawn, type ChildProcess } from "node:child_process";
import { setImmediate as nextRound, setTimeout as sleep } from "node:timers/promises";

/** How a process ended. In a terminal the system does not tell its exit code. */
export interface ProcessEnd {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
}

export interface PythonProcess {
  /** Resolves when the process is gone; for a terminal's after its process id is known. */
  readonly gone: Promise<ProcessEnd>;
  /** The program's own process id, as Python reports it. */
  know(pid: number): void;
  /** Waits until what was printed so far has been handed on. */
  drain(): Promise<void>;
  /** Ends the program and, where it has its own process group, its children. */
  kill(): void;
}

export type OutputListener = (category: "stdout" | "stderr", text: string) => void;

const pollMilliseconds = 100;
/** Children that keep the pipes open must not keep the session open. */
const lateOutputMilliseconds = 500;

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Text of two pipes, counted so that silence can be noticed. */
class OutputPump {
  readonly #child: ChildProcess;
  #received = 0;

  constructor(child: ChildProcess, onOutput: OutputListener) {
    this.#child = child;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#hand("stdout", text, onOutput));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => this.#hand("stderr", text, onOutput));
  }

  #hand(category: "stdout" | "stderr", text: string, onOutput: OutputListener): void {
    this.#received++;
    onOutput(category, text);
  }

  /** What is in a pipe is read within a round of the event loop; two silent ones mean that it is empty. */
  async drain(): Promise<void> {
    for (let silent = 0; silent < 2;) {
      const before = this.#received;
      await sleep(1);
      await nextRound();
      silent = this.#received === before ? silent + 1 : 0;
    }
  }

  closed(): Promise<void> {
    return new Promise((resolve) => {
      this.#child.once("close", () => resolve());
    });
  }
}

/** Starts a process of our own, without standard input. Rejects when it cannot be started. */
export async function spawnProcess(
  command: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  onOutput: OutputListener,
): Promise<PythonProcess> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own, so that the program's children end with it.
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  const pump = new OutputPump(child, onOutput);
  const closed = pump.closed();
  let isGone = false;
  const gone = new Promise<ProcessEnd>((resolve) => {
    child.once("exit", (exitCode, signal) => {
      isGone = true;
      void Promise.race([closed, sleep(lateOutputMilliseconds)]).then(() =>
        resolve({ exitCode: exitCode ?? undefined, signal: signal ?? undefined }),
      );
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  let programPid = child.pid;
  return {
    gone,
    know: (pid) => {
      programPid = pid;
    },
    drain: () => pump.drain(),
    kill: () => {
      if (isGone) return;
      if (child.pid !== undefined) killQuietly(process.platform === "win32" ? child.pid : -child.pid);
      if (programPid !== undefined && programPid !== child.pid) killQuietly(programPid);
    },
  };
}

/** A process that a terminal of the client runs: all that is known of it is the process id that it reports. */
export class TerminalProcess implements PythonProcess {
  readonly gone: Promise<ProcessEnd>;
  #pid: number | undefined;
  #isKilled = false;

  constructor() {
    this.gone = this.#watch();
  }

  know(pid: number): void {
    this.#pid = pid;
    if (this.#isKilled) killQuietly(pid);
  }

  drain(): Promise<void> {
    return Promise.resolve();
  }

  kill(): void {
    this.#isKilled = true;
    if (this.#pid !== undefined) killQuietly(this.#pid);
  }

  async #watch(): Promise<ProcessEnd> {
    while (this.#pid === undefined ? !this.#isKilled : isAlive(this.#pid))
      await sleep(pollMilliseconds, undefined, { ref: false });
    return { exitCode: undefined, signal: this.#isKilled ? "SIGKILL" : undefined };
  }
}
