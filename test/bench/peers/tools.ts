// The tools that are compared: how each runs a script, and how its output is read. All with their own settings,
// except where `how` says so.
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { outputOf } from "../measure.ts";
import type { Interpreter } from "../../support/interpreters.ts";
import { hasNative } from "../../support/nativeBuild.ts";
import { installPeer, type PeerName } from "./packages.ts";
import { runUnderDebugpy } from "./debugpyRun.ts";
import { finish, type Finished } from "./process.ts";
import { hindsightLines, hindsightRecord } from "./hindsightRecord.ts";
import { parseRecord, type RunRecord } from "./record.ts";

/** One run of a script under a tool. */
export interface Job {
  /** The script and its arguments. */
  readonly script: readonly string[];
  /** The file whose run is looked at. */
  readonly file: string;
  /** Where the tool writes: a path that nothing else uses. */
  readonly output: string;
  readonly limitSeconds: number;
  readonly whileWaiting?: () => Promise<void>;
}

/** "lines" is quicker where values are asked for one by one; others give all. */
export type Wanted = "lines" | "all";

export interface Tool {
  readonly name: string;
  /** Settings, and what else must be known to read its row. */
  readonly how: string;
  /** Whether it is measured on the programs; else only what it records of probe.py. */
  readonly isTimed: boolean;
  /** Of a program's size: what makes a program hundreds of times slower gets less to do. */
  readonly share: number;
  readonly run: (job: Job) => Promise<Finished>;
  /** What the output holds of `file`; throws when it cannot be read. undefined: the tool has no output. */
  readonly read: ((output: string, file: string, wanted: Wanted) => Promise<RunRecord>) | undefined;
  /** The same tool with output that can be read, where that of `run` cannot be. */
  readonly readable: Tool | undefined;
}

/** A tool that cannot be had here. */
export interface Missing {
  readonly name: string;
  readonly problem: string;
}

const slow = 1 / 25;
/** For what writes all variables at each step. */
const slowest = 1 / 100;
const here = path.join("test", "bench", "peers");

/** Removes what a run left at `output`, with the files that stand beside it. */
export function clear(output: string): void {
  mkdirSync(path.dirname(output), { recursive: true });
  for (const name of readdirSync(path.dirname(output)))
    if (name.startsWith(path.basename(output))) rmSync(path.join(path.dirname(output), name), { recursive: true });
}

/** Bytes of all that a run left at `output`. */
export function outputBytes(output: string): number {
  let bytes = 0;
  for (const name of readdirSync(path.dirname(output))) {
    if (!name.startsWith(path.basename(output))) continue;
    const one = path.join(path.dirname(output), name);
    const inside = statSync(one).isDirectory() ? readdirSync(one).map((file) => path.join(one, file)) : [one];
    for (const file of inside) bytes += statSync(file).size;
  }
  return bytes;
}

function hindsight(interpreter: Interpreter, recorder: "native" | "python"): Tool {
  return {
    name: `hindsight ${recorder}`,
    how: "everything recorded; of a container the first 1,000 items (maxItems), and what is cut says so",
    isTimed: true,
    share: recorder === "native" ? 1 : slow,
    readable: undefined,
    run: ({ script, output, ...conditions }) =>
      finish(
        [interpreter.path, "-B", "-m", "pytracer", "record", "--recorder", recorder, "-o", output, "--", ...script],
        { ...conditions, env: {} },
      ),
    read: (output, file, wanted) => (wanted === "all" ? hindsightRecord(output, file) : hindsightLines(output, file)),
  };
}

interface PeerParts {
  readonly how: string;
  readonly share: number;
  readonly words: (output: string, script: readonly string[]) => readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly readable?: Tool;
}

interface PeerTool extends Tool {
  readonly read: NonNullable<Tool["read"]>;
}

function peer(interpreter: Interpreter, name: PeerName, folder: string, parts: PeerParts): PeerTool {
  return {
    name,
    how: parts.how,
    isTimed: true,
    share: parts.share,
    readable: parts.readable,
    run: ({ script, output, ...conditions }) =>
      finish([interpreter.path, "-B", "-m", ...parts.words(path.resolve(output), script)], {
        ...conditions,
        isMemoryBounded: true,
        env: { PYTHONPATH: folder, ...parts.env },
      }),
    read: (output, file) =>
      Promise.resolve(
        parseRecord(
          outputOf([interpreter.path, "-B", path.join(here, "records.py"), name, output, path.resolve(file)]),
        ),
      ),
  };
}

function codetracerWords(format: string, output: string, script: readonly string[]): readonly string[] {
  return ["codetracer_python_recorder", "--format", format, "--trace-dir", output, ...script];
}

function codetracer(interpreter: Interpreter, folder: string): Tool {
  const readable = peer(interpreter, "codetracer", folder, {
    how: "its trace in JSON",
    share: slowest / 5,
    words: (output, script) => codetracerWords("json", output, script),
  });
  return peer(interpreter, "codetracer", folder, {
    how: "its binary format; what it holds is read from a shorter run in JSON",
    share: slowest,
    words: (output, script) => codetracerWords("binary", output, script),
    readable,
  });
}

/** The SQLite library that the interpreter's own sqlite3 module loads; undefined when it is built in or not there. */
function sqliteLibrary(interpreter: Interpreter): string | undefined {
  const program = "import sqlite3; print(open('/proc/self/maps').read())";
  const maps = spawnSync(interpreter.path, ["-c", program], { encoding: "utf8" }).stdout;
  return /\S*\/libsqlite3\.so\S*/u.exec(maps)?.[0];
}

function pyttdWords(output: string, script: readonly string[]): readonly string[] {
  const [file = "", ...args] = script;
  return ["pyttd", "record", "--db-path", output, "--checkpoint-interval", "0", file, "--args", ...args];
}

function pyttd(interpreter: Interpreter, folder: string): readonly Tool[] {
  const words = pyttdWords;
  const library = sqliteLibrary(interpreter);
  const asInstalled = "without checkpoints";
  const plain = peer(interpreter, "py-tt-debug", folder, { how: asInstalled, share: slowest, words });
  if (library === undefined) return [plain];
  const how = `${asInstalled}, and with the interpreter's SQLite preloaded: with its own beside it, it often damages its file`;
  const env = { LD_PRELOAD: library };
  return [
    { ...plain, name: "py-tt-debug as installed", isTimed: false },
    peer(interpreter, "py-tt-debug", folder, { how, share: slowest, words, env }),
  ];
}

function debugpy(interpreter: Interpreter, folder: string): Tool {
  return {
    name: "debugpy",
    how: "a breakpoint on the last line of main(), with a condition that is false; it records nothing",
    isTimed: true,
    share: 1,
    readable: undefined,
    run: (job) => runUnderDebugpy(interpreter, folder, job),
    read: undefined,
  };
}

function coverage(interpreter: Interpreter, folder: string): Tool {
  return peer(interpreter, "coverage", folder, {
    how: "which lines ran, not how often",
    share: 1,
    words: (output, script) => ["coverage", "run", "--data-file", output, ...script],
  });
}

function viztracer(interpreter: Interpreter, folder: string): Tool {
  const tool = peer(interpreter, "viztracer", folder, {
    how: "calls; a buffer of 1,000,000 entries",
    share: 1,
    words: (output, script) => ["viztracer", "--quiet", "-o", `${output}.json`, ...script],
  });
  const { read } = tool;
  // It chooses the format by the name.
  return { ...tool, read: (output, file, wanted) => read(`${output}.json`, file, wanted) };
}

function peerTools(name: PeerName, interpreter: Interpreter, folder: string): readonly Tool[] {
  switch (name) {
    case "debugpy":
      return [debugpy(interpreter, folder)];
    case "coverage":
      return [coverage(interpreter, folder)];
    case "viztracer":
      return [viztracer(interpreter, folder)];
    case "py-tt-debug":
      return pyttd(interpreter, folder);
    case "codetracer":
      return [codetracer(interpreter, folder)];
  }
}

/** What can be had for this interpreter, and what cannot. */
export function toolsFor(interpreter: Interpreter): {
  readonly tools: readonly Tool[];
  readonly missing: readonly Missing[];
} {
  const own = (["native", "python"] as const).filter((one) => one === "python" || hasNative(interpreter));
  const tools: Tool[] = own.map((one) => hindsight(interpreter, one));
  const missing: Missing[] = [];
  for (const name of ["debugpy", "coverage", "viztracer", "py-tt-debug", "codetracer"] as const) {
    const installed = installPeer(name, interpreter);
    if ("problem" in installed) missing.push({ name, problem: installed.problem });
    else tools.push(...peerTools(name, interpreter, installed.folder));
  }
  return { tools, missing };
}
