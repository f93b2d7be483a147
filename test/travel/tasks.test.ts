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
    if n == 2:
        asyncio.current_task().set_name("found " + str(found))
        found += 0
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
    forever = asyncio.get_running_loop().create_task(endless(), name="for ever")
    wrong = asyncio.ensure_future(failing(gate))
    await asyncio.sleep(0)
    wrong.set_name("will fail")
    tasks[1].set_name("second " + str(len(tasks)))
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

/** Tasks of a class of the program, and tasks that begin at once. */
const factories = `
class Own(asyncio.Task):
    pass

def own(loop, coro, **options):
    return Own(coro, loop=loop, **options)

async def quick(n):
    return n

async def other():
    loop = asyncio.get_running_loop()
    for factory in (own, getattr(asyncio, "eager_task_factory", None)):
        loop.set_task_factory(factory)
        one = loop.create_task(leaf(0, None))
        one.set_name("of the loop")
        two = asyncio.ensure_future(quick(1))
        await asyncio.gather(one, two)

asyncio.run(other())
`;

const runs = chosen.flatMap(({ version, path: python }) => [
  { version, python, recorder: "auto", text: program, most: 6 },
  { version, python, recorder: "python", text: program, most: 6 },
  { version, python, recorder: "auto", text: `${program}${factories}`, most: 6 },
  { version, python, recorder: "settrace", text: `${program}${factories}`, most: 6 },
]);

describe.each(runs)("on Python $version, recorded by $recorder", ({ python, recorder, text, most }) => {
  it("tasks, their names and the lines where they wait are those of asyncio", { timeout: 120_000 }, () => {
    const folder = folderWith({ "tasks.py": text });
    const [file, recording] = [path.join(folder, "tasks.py"), path.join(folder, "tasks.hindsight")];
    const wanted: unknown = JSON.parse(execFileSync(python, [oracle, file], { encoding: "utf8" }));
    execFileSync(python, ["-m", "pytracer", "record", "--recorder", recorder, "-o", recording, file], {
      stdio: "ignore",
    });
    const travel = openRecordingFile(recording);
    const seen: (readonly [string | undefined, readonly (readonly [string, number])[]])[][] = [];
    for (let { step } = travel.first; step <= travel.last.step; step++) {
      const tasks = travel.past.tasks({ step, event: 0 });
      seen.push(
        tasks.map(({ name: task, frames }) => [
          task,
          frames.map(({ name, position }) => [name, position.line] as const),
        ]),
      );
    }
    travel.close();
    const texts = seen.map((tasks) => tasks.map((task) => JSON.stringify(task)).toSorted());
    const expected = Array.isArray(wanted)
      ? wanted.map((tasks: unknown) =>
          Array.isArray(tasks) ? tasks.map((task: unknown) => JSON.stringify(task)).toSorted() : [],
        )
      : [];
    expect(Math.max(...expected.map(({ length }) => length))).toBe(most);
    expect(texts).toEqual(expected);
  });
});
