// Runs a program to its end, with a limit of time, and looks at it in the middle if wanted.
import { spawn } from "node:child_process";

export interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  readonly wallSeconds: number;
  /** undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly isTooLong: boolean;
}

export interface Conditions {
  readonly env: NodeJS.ProcessEnv;
  readonly limitSeconds: number;
  /** Called when the program says "waiting" (probe.py); it goes on when the promise is settled. */
  readonly whileWaiting?: () => Promise<void>;
  readonly isMemoryBounded?: boolean;
}

/** Some tools keep all of a run in memory: bounded, so that the machine stays usable. */
export const limitGigabytes = 3;

/** The command with that bound, where the shell can set it. */
function bounded(command: readonly string[]): readonly string[] {
  if (process.platform === "win32") return command;
  const script = `ulimit -v ${limitGigabytes * 1024 * 1024} 2>/dev/null; exec "$@"`;
  return ["sh", "-c", script, "sh", ...command];
}

const waitingWord = "waiting\n";

export function finish(command: readonly string[], conditions: Conditions): Promise<Finished> {
  const [file = "", ...args] = conditions.isMemoryBounded === true ? bounded(command) : command;
  const started = performance.now();
  const child = spawn(file, args, { stdio: "pipe", env: { ...process.env, ...conditions.env } });
  let stdout = "";
  let stderr = "";
  let isTooLong = false;
  const limit = setTimeout(() => {
    isTooLong = true;
    child.kill("SIGKILL");
  }, conditions.limitSeconds * 1000);
  const { whileWaiting } = conditions;
  if (whileWaiting === undefined) child.stdin.end();
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  return new Promise((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      const wasWaiting = stdout.includes(waitingWord);
      stdout += chunk.toString("utf8");
      if (wasWaiting || whileWaiting === undefined || !stdout.includes(waitingWord)) return;
      whileWaiting()
        .catch(reject)
        .finally(() => child.stdin.end());
    });
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(limit);
      const wallSeconds = (performance.now() - started) / 1000;
      resolve({ stdout, stderr, wallSeconds, code: code ?? undefined, isTooLong });
    });
  });
}
