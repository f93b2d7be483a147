// Stepping a running program must end where stepping the finished recording ends: same rules, two implementations.
import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { interpreters, type Interpreter } from "../support/interpreters.ts";
import { DebugRun, type SeenMoment } from "../support/debugRun.ts";

const programs = path.join(import.meta.dirname, "..", "truth", "programs");
const isFull = process.env["HINDSIGHT_FULL"] === "1";
const quick = new Set(["recursion.py", "generators.py", "exceptions.py", "threads.py", "coroutines.py"]);
const newest = interpreters().at(-1);
const oldest = interpreters()[0];
const moves = ["next", "stepIn", "stepOut", "stepIn", "next", "stepIn"] as const;
const mostMoves = isFull ? 150 : 60;

/** A small generator of numbers: the same seed makes the same walk. */
function randomWalk(seed: number): () => (typeof moves)[number] {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return moves[Math.floor(state / 65_536) % moves.length] ?? "next";
  };
}

interface Walked {
  readonly command: string;
  readonly thread: number;
  readonly from: SeenMoment;
  readonly to: SeenMoment;
  readonly reason: string;
}

function minorNeeded(program: string): number {
  return Number(/_3(?<minor>\d+)\.py$/u.exec(program)?.groups?.["minor"] ?? 0);
}

async function walk(run: DebugRun, seed: number): Promise<readonly Walked[]> {
  const command = randomWalk(seed);
  const walked: Walked[] = [];
  while (walked.length < mostMoves) {
    const from = await run.moment();
    if (!from.atLiveEdge) break;
    const wanted = command();
    // Out of the outermost frame would be the end of the walk.
    const next = wanted === "stepOut" && (await run.frames()).length < 2 ? "stepIn" : wanted;
    const thread = run.stop.threadId;
    const stop = await run.move(next);
    walked.push({ command: next, thread, from, to: await run.moment(), reason: stop.reason });
  }
  return walked;
}

function place({ step, event }: SeenMoment): string {
  return `${step}.${event}`;
}

async function compare(interpreter: Interpreter, program: string, seed: number): Promise<number> {
  const run = new DebugRun();
  await run.launch({
    program: path.join(programs, program),
    python: interpreter.path,
    stopOnEntry: true,
    cwd: programs,
  });
  await run.client.must("setExceptionBreakpoints", { filters: [] });
  await run.start();
  const walked = await walk(run, seed);
  while ((await run.moment()).atLiveEdge) await run.move("continue");
  const differing: string[] = [];
  // The last move may have met the end of the program, which the recording shows as its newest moment.
  for (const { command, thread, from, to, reason } of walked.filter((one) => one.reason === "step")) {
    await run.seek(from.step, from.event);
    await run.client.must(command, { threadId: thread });
    await run.nextStop();
    const travelled = await run.moment();
    if (place(travelled) !== place(to))
      differing.push(`${command} from ${place(from)}: live ${place(to)} (${reason}), recorded ${place(travelled)}`);
  }
  await run.finish();
  expect(differing).toStrictEqual([]);
  return walked.length;
}

const all = isFull ? interpreters() : [oldest, newest].filter((one) => one !== undefined);

describe.each(all)("on Python $version", (interpreter) => {
  const chosen = readdirSync(programs)
    .filter((name) => name.endsWith(".py") && minorNeeded(name) <= interpreter.minor)
    .filter((name) => isFull || quick.has(name));

  test.each(chosen)("live steps through %s end where recorded steps end", { timeout: 120_000 }, async (program) => {
    expect(await compare(interpreter, program, program.length + interpreter.minor)).toBeGreaterThan(0);
  });
});
