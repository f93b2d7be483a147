// A large recording without an index: looked at while the index is made. The thread that makes it waits for a file of the
// test's, so that what is asked before and after is known.
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { fileBytes, nodeCodecs } from "../../src/node/openFile.ts";
import { FILE_HEADER_LENGTH, FRAME_BLOCK, FRAME_HEADER_LENGTH } from "../../src/wire/format.ts";
import { type FrameHeader, readFrameHeader } from "../../src/wire/frames.ts";
import { adapterPath, DapClient, json, type Json } from "../support/dapClient.ts";
import { DebugRun, folderWith, type SeenVariable } from "../support/debugRun.ts";
import { interpreters } from "../support/interpreters.ts";

const python = interpreters().findLast((one) => one.minor >= 11)?.path ?? "python3";
const root = path.join(import.meta.dirname, "..", "..");
const later = "… (the recording is being indexed)";

const program = `import random
import sys
import threading

rng = random.Random(1)
old = ["from the beginning", [1, 2]]

class Thing:
    def __init__(self, number):
        self.number = number

def texts():
    for part in range(12):
        noise = "%x" % rng.getrandbits(8000)
    return noise

def fail(number):
    raise ValueError(number)

def main(kept):
    things = []
    for number in range(401):
        texts()
        things.append(Thing(number))
        if number == 3 and "thread" in sys.argv:
            thread = threading.Thread(target=fail, args=(number,))
            thread.start()
            thread.join()
    last = things[-1]
    newest = [last, number]
    if "crash" in sys.argv:
        fail(number)
    return len(kept)

main(old)
`;

const lineOnce = 5;
const lineOfAppend = 24;
const lineOfReturn = 33;
const variants = ["plain", "crash", "thread"] as const;
type Variant = (typeof variants)[number];

let programs = "";
let adapters = "";
let source = "";
const runs: DebugRun[] = [];
const folders: string[] = [];

beforeAll(() => {
  programs = folderWith({ "app.py": program });
  source = path.join(programs, "app.py");
  for (const variant of variants) {
    const record = ["-m", "pytracer", "record", "-o", path.join(programs, `${variant}.hindsight`), "app.py", variant];
    try {
      execFileSync(python, record, { cwd: programs, env: { ...process.env, PYTHONPATH: root }, stdio: "ignore" });
    } catch {
      // The one that crashes is to.
    }
  }
  adapters = mkdtempSync(path.join(tmpdir(), "hindsight-adapter-"));
  copyFileSync(adapterPath(), path.join(adapters, "adapter.js"));
  buildSync({
    entryPoints: [path.join(root, "src", "node", "indexWorker.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    outfile: path.join(adapters, "worker.js"),
    logLevel: "error",
  });
  writeFileSync(
    path.join(adapters, "indexer.js"),
    `const { existsSync } = require("node:fs");
     const { workerData } = require("node:worker_threads");
     const nobody = new Int32Array(new SharedArrayBuffer(4));
     while (!existsSync(workerData.recording + ".go")) Atomics.wait(nobody, 0, 0, 20);
     require("./worker.js");`,
  );
}, 120_000);

afterEach(() => {
  for (const run of runs.splice(0)) run.client.kill();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

afterAll(() => {
  for (const folder of [programs, adapters]) rmSync(folder, { recursive: true });
});

/** The recording in a folder of its own. */
function placed(variant: Variant): string {
  const folder = mkdtempSync(path.join(tmpdir(), "hindsight-unindexed-"));
  folders.push(folder);
  const file = path.join(folder, "app.hindsight");
  linkSync(path.join(programs, `${variant}.hindsight`), file);
  return file;
}

/** A copy that the test may change. */
function copied(variant: Variant): string {
  const file = placed(variant);
  rmSync(file);
  copyFileSync(path.join(programs, `${variant}.hindsight`), file);
  return file;
}

function newRun(): DebugRun {
  const run = new DebugRun(new DapClient([process.execPath, path.join(adapters, "adapter.js")]));
  runs.push(run);
  return run;
}

async function opened(recording: string, capabilities: Json = {}, filters: readonly string[] = []): Promise<DebugRun> {
  const run = newRun();
  await run.launch({ recording }, { supportsProgressReporting: true, ...capabilities });
  await run.client.must("setExceptionBreakpoints", { filters });
  await run.start();
  return run;
}

function letIndex(recording: string): void {
  writeFileSync(`${recording}.go`, "");
}

interface Seen {
  readonly stack: readonly Json[];
  readonly scopes: readonly Json[];
  readonly variables: ReadonlyMap<string, SeenVariable>;
}

/** All frames with their scopes and variables, and what is in these; numbers of handles are kept. */
async function lookAround(run: DebugRun): Promise<Seen> {
  const stack = await run.frames();
  const scopes: Json[] = [];
  const variables = new Map<string, SeenVariable>();
  for (const [depth, frame] of stack.entries()) {
    const body = await run.client.must("scopes", { frameId: frame["id"] });
    for (const scope of Array.isArray(body["scopes"]) ? body["scopes"].map(json) : []) {
      scopes.push(scope);
      const reference = Number(scope["variablesReference"]);
      for (const one of await run.children(reference)) {
        const name = `${depth} ${String(scope["name"])} ${one.name}`;
        variables.set(name, one);
        if (one.reference === 0) continue;
        for (const inner of await run.children(one.reference)) variables.set(`${name} ${inner.name}`, inner);
      }
    }
  }
  return { stack, scopes, variables };
}

function sealedBlocks(recording: string): readonly FrameHeader[] {
  const bytes = fileBytes(recording);
  const frames: FrameHeader[] = [];
  for (let offset = FILE_HEADER_LENGTH; ;) {
    const frame = readFrameHeader(bytes, nodeCodecs, offset, bytes.size());
    if (frame === undefined) break;
    if (frame.kind === FRAME_BLOCK) frames.push(frame);
    offset = frame.end;
  }
  bytes.close();
  return frames;
}

describe("a large recording without an index", () => {
  test("shows its end at once, and nothing else after it is indexed", async () => {
    const recording = placed("plain");
    expect(sealedBlocks(recording).length).toBeGreaterThan(12);
    const run = await opened(recording);
    expect(run.stop).toMatchObject({ reason: "exit" });
    expect((await run.moment()).step).toBe((await run.moment()).lastStep);
    expect((await run.move("stepBack")).reason).toBe("step");
    const early = await lookAround(run);
    expect(early.variables.get("0 Locals kept")?.value).toBe(later);
    expect(early.variables.get("0 Locals number")?.value).toBe("400");
    expect(early.variables.get("0 Locals newest")?.value).toMatch(/^\[<__main__\.Thing object #\d+>, 400\]$/u);
    expect(early.variables.get("0 Locals last number")?.value).toBe("400");
    expect(await run.evaluate("newest[1]", "watch")).toBe("400");
    expect(await run.evaluate("kept", "watch")).toBe(later);
    expect(run.client.heard.filter(({ event }) => event === "invalidated")).toEqual([]);
    expect(await run.client.must("hindsight/moment")).toMatchObject({ isIndexed: false });

    letIndex(recording);
    await run.client.next("hindsight/indexed");
    expect(run.client.heard.filter(({ event }) => event === "invalidated")).toHaveLength(1);
    expect(await run.client.must("hindsight/moment")).toMatchObject({ isIndexed: true });
    expect(run.client.heard.filter(({ event }) => event === "hindsight/indexed")).toHaveLength(1);
    const whole = await lookAround(run);
    expect(whole.stack).toEqual(early.stack);
    let answered = 0;
    for (const [name, variable] of early.variables) {
      if (name.endsWith("…") || variable.value === later) continue;
      expect(whole.variables.get(name), name).toEqual(variable);
      answered++;
    }
    expect(answered).toBeGreaterThan(6);
    expect([...whole.variables.values()].filter(({ value }) => value.includes(later))).toEqual([]);
    expect(whole.variables.get("0 Locals kept")?.value).toBe("['from the beginning', [1, 2]]");
    expect(await run.evaluate("kept[1][1]", "watch")).toBe("2");

    // A session that has the index from the beginning says the same.
    const again = await opened(recording);
    await again.move("stepBack");
    const expected = await lookAround(again);
    expect([...whole.variables].map(([name, { value, type }]) => [name, value, type])).toEqual(
      [...expected.variables].map(([name, { value, type }]) => [name, value, type]),
    );
  });

  test("lets a far movement wait, with progress, and goes there when the index is there", async () => {
    const recording = placed("plain");
    const run = await opened(recording);
    await run.setBreakpoints(source, [lineOnce]);
    const stopped = run.move("reverseContinue");
    expect((await run.client.next("progressStart")).body).toMatchObject({
      title: "Indexing the recording",
      cancellable: true,
    });
    letIndex(recording);
    expect(await stopped).toMatchObject({ reason: "breakpoint" });
    expect(await run.stack()).toBe(`<module>:${lineOnce}`);
    expect(run.client.heard.filter(({ event }) => event === "progressEnd")).toHaveLength(1);
  });

  test("a wait can be left, and a question that waits can be cancelled", async () => {
    const recording = placed("plain");
    const run = await opened(recording);
    const { step } = await run.moment();
    await run.setBreakpoints(source, [lineOnce]);
    const stopped = run.move("reverseContinue");
    await run.client.next("progressStart");
    await run.client.must("cancel", { progressId: "open" });
    expect(await stopped).toMatchObject({ reason: "pause" });
    expect(await run.moment()).toMatchObject({ step });

    // The next movement that waits shows it again.
    const again = run.move("reverseContinue");
    expect((await run.client.next("progressStart")).body).toMatchObject({ progressId: "open 2", cancellable: true });
    expect(run.client.heard.filter(({ event }) => event === "progressEnd")).toHaveLength(1);
    await run.client.must("cancel", { progressId: "open 2" });
    expect(await again).toMatchObject({ reason: "pause" });

    const cancelled = run.client.ask("hindsight/output", {});
    const answered = run.client.ask("hindsight/output", {});
    // Others are answered while these wait.
    expect(await run.stack()).toContain("<module>");
    const stackRequest = Number(json(run.client.responses.at(-1))["request_seq"]);
    await run.client.must("cancel", { requestId: stackRequest - 2 });
    expect(await cancelled).toMatchObject({ success: false, message: "cancelled" });
    letIndex(recording);
    expect((await answered).success).toBe(true);
  });

  test("stops at the first breakpoint when that is known", async () => {
    const recording = placed("plain");
    const run = newRun();
    await run.launch({ recording });
    const [set] = await run.setBreakpoints(source, [lineOfAppend]);
    expect(set).toMatchObject({ verified: true, line: lineOfAppend });
    const stopped = run.start();
    letIndex(recording);
    expect(await stopped).toMatchObject({ reason: "breakpoint" });
    expect(await run.locals()).toContain("number=0");
  });

  test("breakpoints near the end serve before the index", async () => {
    const recording = placed("plain");
    const run = await opened(recording);
    await run.setBreakpoints(source, [lineOfReturn]);
    expect(await run.move("reverseContinue")).toMatchObject({ reason: "breakpoint" });
    expect(await run.stack()).toMatch(new RegExp(`^main:${lineOfReturn} `, "u"));
  });

  test("log points print when all of their moments are known", async () => {
    const recording = placed("plain");
    const run = newRun();
    await run.launch({ recording });
    const breakpoints = [{ line: lineOfReturn, logMessage: "kept {kept[0]}" }];
    await run.client.must("setBreakpoints", { source: { path: source }, breakpoints });
    await run.start();
    expect(run.client.output("console")).not.toContain("kept from");
    letIndex(recording);
    while (!run.client.output("console").includes("kept from the beginning")) await run.client.next("output");
  });

  test("shows the exception that ended the program", async () => {
    const run = await opened(placed("crash"), {}, ["uncaught"]);
    expect(run.stop).toMatchObject({ reason: "exception", text: "ValueError(400)" });
    expect(await run.stack()).toMatch(/^fail:\d+ < main:\d+ < <module>/u);
    expect(await run.locals()).toBe("number=400");
    const info = await run.client.must("exceptionInfo", { threadId: run.stop.threadId });
    expect(info).toMatchObject({ exceptionId: "ValueError", breakMode: "unhandled" });
  });

  test("goes to the exception that ended a thread, if nobody has moved since", async () => {
    const recording = placed("thread");
    const run = await opened(recording, {}, ["uncaught"]);
    expect(run.stop).toMatchObject({ reason: "exit" });
    letIndex(recording);
    expect(await run.nextStop()).toMatchObject({ reason: "exception", text: "ValueError(3)" });
    expect(run.client.heard.filter(({ event }) => event === "continued")).toHaveLength(1);

    const moved = placed("thread");
    const other = await opened(moved, {}, ["uncaught"]);
    await other.move("stepBack");
    const { step } = await other.moment();
    await lookAround(other);
    letIndex(moved);
    await other.client.next("invalidated");
    expect(await other.moment()).toMatchObject({ step });
  });

  test("waits at the first step where it is wanted", async () => {
    const recording = placed("plain");
    const run = newRun();
    await run.launch({ recording, stopOnEntry: true });
    expect(await run.start()).toMatchObject({ reason: "entry" });
    expect(await run.stack()).toBe("<module>:1");
    expect((await run.move("next")).reason).toBe("step");
    expect(await run.stack()).toBe("<module>:2");
  });

  test("a client that does not ask again waits for what is not known", async () => {
    const recording = placed("plain");
    const run = await opened(recording, { supportsInvalidatedEvent: false });
    await run.move("stepBack");
    const values = run.locals();
    letIndex(recording);
    expect(await values).toContain("kept=['from the beginning', [1, 2]]");
  });

  test("damage inside shows when it is indexed", async () => {
    const recording = copied("plain");
    const blocks = sealedBlocks(recording);
    const damaged = blocks[Math.floor(blocks.length / 2)];
    const bytes = readFileSync(recording);
    const at = (damaged?.offset ?? 0) + FRAME_HEADER_LENGTH + 100;
    bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    writeFileSync(recording, bytes);
    const run = await opened(recording);
    const { lastStep } = await run.moment();
    expect(lastStep).toBeGreaterThan(damaged?.first ?? 0);
    const frameId = await run.frameId();
    letIndex(recording);
    await run.nextStop();
    expect(await run.moment()).toMatchObject({ step: (damaged?.first ?? 0) - 1, lastStep: (damaged?.first ?? 0) - 1 });
    expect(run.client.output("important")).toMatch(/The recording is damaged/u);
    expect((await run.client.ask("scopes", { frameId })).message).toMatch(/outside the history/u);
    expect(await run.stack()).toContain("<module>");
  });

  test("one that was cut off is shown up to there", async () => {
    const recording = copied("plain");
    const blocks = sealedBlocks(recording);
    const last = blocks.at(-2);
    truncateSync(recording, (last?.offset ?? 0) + 200);
    const run = await opened(recording);
    expect(await run.moment()).toMatchObject({ step: (last?.first ?? 0) - 1 });
    const early = await run.stack();
    letIndex(recording);
    while (!run.client.output("important").includes("in the middle of a frame")) await run.client.next("output");
    expect(await run.stack()).toBe(early);
  });

  test("can be closed meanwhile, and leaves nothing behind", async () => {
    const recording = placed("plain");
    const run = await opened(recording);
    const asked = run.client.ask("hindsight/output", {});
    expect(await run.finish()).toBe(0);
    expect((await asked).success).toBe(false);
    expect(readdirSync(path.dirname(recording))).toEqual(["app.hindsight"]);
  });
});
