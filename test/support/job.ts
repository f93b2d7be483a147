// One command of the project's own tooling: runs it, keeps its output, and says how it ended and how long it took.
import { spawn } from "node:child_process";

export interface Job {
  readonly name: string;
  readonly command: readonly string[];
  /** A job that takes longer is ended and counts as failed. */
  readonly timeoutSeconds?: number;
}

export interface JobResult {
  readonly job: Job;
  /** 0 is success; 124 is "took too long", 127 "could not be started". */
  readonly code: number;
  readonly seconds: number;
  /** Standard output and error, in the order of arrival. */
  readonly output: string;
}

/** Runs a command to its end; never rejects. */
export function runJob(job: Job): Promise<JobResult> {
  const started = performance.now();
  const [file = "", ...args] = job.command;
  return new Promise((resolve) => {
    // A process group of its own, so that a timeout ends the children too.
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    const parts: string[] = [];
    let late = false;
    function settle(code: number): void {
      clearTimeout(timer);
      resolve({ job, code, seconds: (performance.now() - started) / 1000, output: parts.join("") });
    }
    const timer = setTimeout(
      () => {
        late = true;
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      },
      (job.timeoutSeconds ?? 1200) * 1000,
    );
    child.stdout.setEncoding("utf8").on("data", (text: string) => parts.push(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => parts.push(text));
    child.on("error", (error) => {
      parts.push(`${error.message}\n`);
      settle(127);
    });
    child.on("close", (code) => {
      if (late) parts.push("took too long: ended\n");
      settle(late ? 124 : (code ?? 1));
    });
  });
}
