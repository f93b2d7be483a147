// Can this Python be recorded? Asked before anything is started, so that the answer is a clear sentence.
import { execFile } from "node:child_process";
import { userError } from "./userErrors.ts";

const question =
  "import sys; print(sys.implementation.name, '%d.%d.%d' % sys.version_info[:3], " +
  "int(hasattr(sys, '_is_gil_enabled') and 't' in getattr(sys, 'abiflags', '')))";

const oldestMinor = 9;

/** What is wrong with an interpreter that answered `answer`; undefined when nothing is. */
export function problemOf(answer: string): string | undefined {
  const [implementation = "", version = "", freeThreaded = ""] = answer.trim().split(" ");
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (implementation !== "cpython") return `it is ${implementation === "" ? "no Python" : implementation}, not CPython`;
  if (major < 3 || (major === 3 && minor < oldestMinor)) return `it is Python ${version}`;
  if (freeThreaded === "1") return `it is a free-threaded build of Python ${version}`;
  return undefined;
}

/** Throws a `UserError` unless `python` is an interpreter that can be recorded. */
export async function probePython(python: string, env: NodeJS.ProcessEnv): Promise<void> {
  const answer = await new Promise<string>((resolve) => {
    execFile(python, ["-S", "-c", question], { env, timeout: 20_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      // An interpreter so old that it does not know `sys.implementation` still says what it is.
      else resolve(stderr.includes("implementation") ? "cpython 2.0.0 0" : "");
    });
  });
  if (answer === "") throw userError("noPython", { python });
  const problem = problemOf(answer);
  if (problem !== undefined) throw userError("oldPython", { python, problem });
}
