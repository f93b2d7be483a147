// A script under debugpy, as VS Code launches it: its adapter, one breakpoint that never hits, and to the end.
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Interpreter } from "../../support/interpreters.ts";
import { DapClient, field } from "../dapClient.ts";
import type { Finished } from "./process.ts";
import type { Job } from "./tools.ts";

/** The last line with text before the last unindented one, if any: the last line of the last function. */
export function lastLineOfFunction(source: string): number {
  const lines = source.trimEnd().split("\n");
  return lines.findLastIndex((line) => /^\s+\S/u.test(line)) + 1;
}

export async function runUnderDebugpy(interpreter: Interpreter, folder: string, job: Job): Promise<Finished> {
  const started = performance.now();
  const [program = "", ...args] = job.script;
  const client = new DapClient([interpreter.path, "-B", "-m", "debugpy.adapter"], { PYTHONPATH: folder });
  let stdout = "";
  let stderr = "";
  let code: number | undefined;
  client.listen("output", (body) => {
    const text = String(field(body, "output"));
    if (field(body, "category") === "stdout") stdout += text;
    else if (field(body, "category") === "stderr") stderr += text;
  });
  client.listen("exited", (body) => {
    code = Number(field(body, "exitCode"));
  });
  await client.request("initialize", { adapterID: "debugpy", linesStartAt1: true, columnsStartAt1: true });
  const initialized = client.event("initialized");
  const terminated = client.event("terminated");
  const stopped = client.event("stopped").then(() => {
    throw new Error("debugpy: the breakpoint that never hits was hit");
  });
  const options = { console: "internalConsole", redirectOutput: true, python: [interpreter.path, "-B"] };
  const launched = client.request("launch", {
    ...options,
    program: path.resolve(program),
    args,
    cwd: path.resolve("."),
  });
  await initialized;
  const line = lastLineOfFunction(readFileSync(job.file, "utf8"));
  const breakpoints = [{ line, condition: "False" }];
  await client.request("setBreakpoints", { source: { path: path.resolve(job.file) }, breakpoints });
  await client.request("configurationDone");
  await launched;
  const limit = new Promise<"too long">((resolve) => {
    setTimeout(() => resolve("too long"), job.limitSeconds * 1000).unref();
  });
  const isTooLong = (await Promise.race([terminated, stopped, limit])) === "too long";
  await client.close({ terminateDebuggee: true });
  return { stdout, stderr, wallSeconds: (performance.now() - started) / 1000, code, isTooLong };
}
