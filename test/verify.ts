// `npm run verify`: everything that CI runs. Sets the machine up, builds, checks, tests; ends with `N passed, N failed`.
// Exit code 1 when anything failed, also when a runner saw no tests.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runJob, type Job, type JobResult } from "./support/job.ts";

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** A job of which tests are counted, unless `counted` is false. */
interface Step extends Job {
  readonly counted: boolean;
}

function npm(script: string, counted: boolean, timeoutSeconds: number): Step {
  return { name: script, command: ["npm", "run", "--silent", script], counted, timeoutSeconds };
}

const preparation: readonly Step[] = [
  { name: "setup", command: ["sh", "test/setup/install.sh"], counted: false, timeoutSeconds: 1200 },
  npm("package", false, 300),
];

/** What the everyday run leaves out of the unit tests; test:python says its own part. */
const leftToFull =
  "left to HINDSIGHT_FULL=1: in the unit tests, truth programs on more than one interpreter for each kind of recorder, " +
  "debug sessions on more than the oldest, the newest and 3.12, hundreds of random programs\n";

/** Two lanes for two cores; the suites that need a quiet screen come when the unit tests are through. */
const lanes: readonly (readonly Step[])[] = [
  [npm("check", false, 600), npm("test:python", true, 2700)],
  [npm("test", true, 3300), npm("test:extension", true, 900), npm("test:ui", true, 900)],
];

const outputFolder = path.join("test", "out", "verify");

function lastMatch(text: string, pattern: RegExp): RegExpExecArray | undefined {
  return [...text.matchAll(pattern)].at(-1);
}

/** Reads `N passed, N failed` (ours), `N passing` / `N failing` (mocha) or `Tests  N passed` (vitest). */
function countTests(raw: string): Counts | undefined {
  // oxlint-disable-next-line no-control-regex -- terminal colours
  const text = raw.replaceAll(/\u001B\[[0-9;]*m/gu, "");
  const ours = lastMatch(text, /^(\d+) passed, (\d+) failed$/gmu);
  if (ours !== undefined) return { passed: Number(ours[1]), failed: Number(ours[2]) };
  const vitest = lastMatch(text, /^\s*Tests\s+(.*)$/gmu)?.[1];
  if (vitest !== undefined) {
    const files = lastMatch(text, /^\s*Test Files\s+(.*)$/gmu)?.[1] ?? "";
    const failed = Number(/(\d+) failed/u.exec(vitest)?.[1] ?? 0);
    const brokenFiles = Number(/(\d+) failed/u.exec(files)?.[1] ?? 0);
    return { passed: Number(/(\d+) passed/u.exec(vitest)?.[1] ?? 0), failed: failed > 0 ? failed : brokenFiles };
  }
  const passing = lastMatch(text, /^\s*(\d+) passing/gmu);
  if (passing === undefined) return undefined;
  return { passed: Number(passing[1]), failed: Number(lastMatch(text, /^\s*(\d+) failing/gmu)?.[1] ?? 0) };
}

/** A job that fails without a failing test, or that should have seen tests and saw none, is one failure. */
function countsOf(step: Step, result: JobResult): Counts {
  const counts = step.counted ? countTests(result.output) : { passed: 0, failed: 0 };
  if (counts === undefined) return { passed: 0, failed: 1 };
  const sawNone = step.counted && counts.passed + counts.failed === 0;
  const failed = counts.failed === 0 && (result.code !== 0 || sawNone) ? 1 : counts.failed;
  return { passed: counts.passed, failed };
}

async function runStep(step: Step, total: { passed: number; failed: number }): Promise<boolean> {
  const result = await runJob(step);
  const counts = countsOf(step, result);
  total.passed += counts.passed;
  total.failed += counts.failed;
  const log = path.join(outputFolder, `${step.name.replaceAll(":", "-")}.log`);
  writeFileSync(log, result.output);
  const good = counts.failed === 0;
  if (!good) process.stdout.write(`----- ${step.name}\n${result.output.trimEnd()}\n-----\n`);
  const tests = step.counted ? ` ${counts.passed} passed, ${counts.failed} failed` : "";
  process.stdout.write(`${good ? "ok    " : "FAILED"} ${step.name}${tests} (${result.seconds.toFixed(0)} s, ${log})\n`);
  // What the run says about the machine.
  for (const match of result.output.matchAll(/^(?:skipped|interpreters|left to HINDSIGHT_FULL=1): .*$/gmu)) {
    process.stdout.write(`         ${match[0]}\n`);
  }
  return good;
}

async function main(): Promise<number> {
  mkdirSync(outputFolder, { recursive: true });
  const total = { passed: 0, failed: 0 };
  let ready = true;
  for (const step of preparation) ready = (await runStep(step, total)) && ready;
  async function lane(steps: readonly Step[]): Promise<void> {
    for (const step of steps) await runStep(step, total);
  }
  // Without a build the suites would only repeat that there is none.
  if (ready) await Promise.all(lanes.map((steps) => lane(steps)));
  if (process.env["HINDSIGHT_FULL"] !== "1") process.stdout.write(leftToFull);
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

process.exitCode = await main();
