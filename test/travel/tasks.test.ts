// The tasks at every step, with the lines of their coroutines, as asyncio itself says in a run of its own.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openRecordingFile } from "../../src/node/openFile.ts";
import { folderWith } from "../support/debugRun.ts";
import { interpreters } from "../support/interpreters.ts";

const all = interpreters();
const isFull = process.env["HINDSIGHT_FULL"] !== undefined;
const chosen = isFull
  ? all
  : [all[0], all.find(({ minor }) => minor === 12), all.at(-1)].filter((one) => one !== undefined);
const oracle = path.resolve("test/travel/support/tasksOracle.py");

const program = `import asyncio

async def leaf(n, gate):
    await asyncio.sleep(0)
    if n % 2:
        await gate.wait()
    return n

async def middle(n, gate):
    total = 0
    for turn in range(2):
        total += await leaf(n + turn, gate)
    return total

async def worker(n, gate, queue):
    found = await middle(n, gate)
    await queue.put(found)
    return found

async def failing(gate):
    await gate.wait()
    raise ValueError("gone")

async def endless():
    while True:
        await asyncio.sleep(0)

async def main():
    gate = asyncio.Event()
    queue = asyncio.Queue()
    tasks = [asyncio.ensure_future(worker(n, gate, queue)) for n in range(3)]
    forever = asyncio.ensure_future(endless())
    wrong = asyncio.ensure_future(failing(gate))
    await asyncio.sleep(0)
    await leaf(0, gate)
    gate.set()
    results = await asyncio.gather(*tasks, wrong, return_exceptions=True)
    forever.cancel()
    try:
        await forever
    except asyncio.CancelledError:
        pass
    return [str(one) for one in results], queue.qsize()

asyncio.run(main())
`;

describe.each(chosen)("on Python $version", ({ path: python }) => {
  it("tasks and the lines where they wait are those of asyncio", { timeout: 120_000 }, () => {
    const folder = folderWith({ "tasks.py": program });
    const [file, recording] = [path.join(folder, "tasks.py"), path.join(folder, "tasks.hindsight")];
    const wanted: unknown = JSON.parse(execFileSync(python, [oracle, file], { encoding: "utf8" }));
    execFileSync(python, ["-m", "pytracer", "record", "-o", recording, file], { stdio: "ignore" });
    const travel = openRecordingFile(recording);
    const seen: (readonly (readonly [string, number])[])[][] = [];
    for (let { step } = travel.first; step <= travel.last.step; step++) {
      const tasks = travel.past.tasks({ step, event: 0 });
      seen.push(tasks.map(({ frames }) => frames.map(({ name, position }) => [name, position.line] as const)));
    }
    travel.close();
    const texts = seen.map((tasks) => tasks.map((task) => JSON.stringify(task)).toSorted());
    const expected = Array.isArray(wanted)
      ? wanted.map((tasks: unknown) =>
          Array.isArray(tasks) ? tasks.map((task: unknown) => JSON.stringify(task)).toSorted() : [],
        )
      : [];
    expect(Math.max(...expected.map(({ length }) => length))).toBe(6);
    expect(texts).toEqual(expected);
  });
});
