// `npm run test:python [VERSION…] [-p PATTERN]`: the Python side's unit tests inside every interpreter found.
// Says which interpreters those are; fails when there is none, or when one saw no tests. The newest come first: they have
// more recorders to test.
//
// Tests of many programs take all of them on some interpreters and a third on the others; HINDSIGHT_FULL=1, or naming the
// version, takes all.
import path from "node:path";
import { parseArgs } from "node:util";
import { interpreters, takesAll, type Interpreter } from "./support/interpreters.ts";
import { runJob } from "./support/job.ts";

const lanes = 2;

interface Tally {
  readonly interpreter: Interpreter;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  readonly output: string;
}

function numberIn(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0);
}

async function runIn(interpreter: Interpreter, pattern: string, isPart: boolean): Promise<Tally> {
  const root = path.resolve(".");
  // Compiled modules are kept: hundreds of programs are recorded, and each would compile the recorder again.
  const environment = [`PYTHONPATH=${root}`, "PYTHONDONTWRITEBYTECODE=", `HINDSIGHT_PART=${isPart ? "third" : ""}`];
  const command = ["env", ...environment, interpreter.path, "-m", "unittest"];
  command.push("discover", "-s", "test/pytracer", "-p", pattern);
  const result = await runJob({ name: interpreter.version, command, timeoutSeconds: 1500 });
  const ran = numberIn(result.output, /^Ran (\d+) tests?/mu);
  const skipped = numberIn(result.output, /skipped=(\d+)/u);
  const counted = numberIn(result.output, /failures=(\d+)/u) + numberIn(result.output, /errors=(\d+)/u);
  // A run that fails without a failing test (a crash, no tests) counts as one failure.
  const failed = counted === 0 && (result.code !== 0 || ran === 0) ? 1 : counted;
  const passed = Math.max(0, ran - skipped - counted);
  return { interpreter, passed, failed, skipped, seconds: result.seconds, output: result.output };
}

function report(tally: Tally): void {
  if (tally.failed > 0) process.stdout.write(`${tally.output.trimEnd()}\n`);
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : "";
  process.stdout.write(
    `Python ${tally.interpreter.version}: ${tally.passed} passed, ${tally.failed} failed${skipped} ` +
      `(${tally.seconds.toFixed(1)} s)\n`,
  );
  // What recording is allowed to change, as the tests that checked it say.
  const changes = new Set(tally.output.match(/^known difference.*$/gmu) ?? []);
  for (const change of changes) process.stdout.write(`  ${change}\n`);
}

async function main(): Promise<number> {
  const options = { pattern: { type: "string", short: "p", default: "test_*.py" } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const chosen = interpreters().filter(
    (one) => positionals.length === 0 || positionals.some((version) => `${one.version}.`.startsWith(`${version}.`)),
  );
  process.stdout.write(`interpreters: ${chosen.map((one) => one.version).join(", ") || "none found"}\n`);
  const isFull = process.env["HINDSIGHT_FULL"] === "1";
  const parts = positionals.length > 0 || isFull ? [] : chosen.filter((one) => !takesAll(one, chosen));
  if (parts.length > 0) {
    const versions = parts.map((one) => one.version).join(", ");
    process.stdout.write(
      `left to HINDSIGHT_FULL=1: two thirds of the programs on ${versions}, and by second recorders\n`,
    );
  }
  const queue = chosen.toReversed();
  const tallies: Tally[] = [];
  async function lane(): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const tally = await runIn(next, values.pattern, parts.includes(next));
      report(tally);
      tallies.push(tally);
    }
  }
  await Promise.all(Array.from({ length: lanes }, () => lane()));
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, chosen.length === 0 ? 1 : 0);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

process.exitCode = await main();
