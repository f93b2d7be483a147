// `npm run test:native [VERSION…] [-p PATTERN…]`: the Python side's tests with a native recorder that watches itself.
// For each interpreter it is compiled with the address and undefined behaviour sanitizers, and tests run with it in a
// copy of the tree (links, but for the build): a wrong read or write, or undefined behaviour, ends the program.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { interpreters, type Interpreter } from "./support/interpreters.ts";
import { runJob } from "./support/job.ts";
import { buildNative } from "./support/nativeBuild.ts";

const out = path.resolve("test", "out", "sanitized");
const usualPatterns = [
  "test_native_*.py",
  "test_objects.py",
  "test_recorder.py",
  "test_recorder_truth.py",
  "test_survival.py",
  "test_sealing.py",
];

/** Libraries that must be there before the interpreter itself; undefined where the compiler has none. */
function sanitizerLibraries(): string | undefined {
  const found = ["libasan.so", "libubsan.so"].map((name) =>
    execFileSync(process.env["CC"] ?? "cc", [`-print-file-name=${name}`], { encoding: "utf8" }).trim(),
  );
  return found.every((file) => path.isAbsolute(file)) ? found.join(" ") : undefined;
}

function linkAll(from: string, to: string, leaveOut: readonly string[]): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (!leaveOut.includes(name)) symlinkSync(path.resolve(from, name), path.join(to, name));
  }
}

/** A tree of links to this one, except for the folder of the builds. */
function linkedTree(root: string): void {
  rmSync(root, { recursive: true, force: true });
  linkAll("pytracer", path.join(root, "pytracer"), ["native", "__pycache__"]);
  linkAll(path.join("pytracer", "native"), path.join(root, "pytracer", "native"), ["builds"]);
  linkAll("test", path.join(root, "test"), ["out"]);
}

interface Tally {
  readonly passed: number;
  readonly failed: number;
}

function numberIn(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0);
}

async function runPattern(one: Interpreter, root: string, libraries: string, pattern: string): Promise<Tally> {
  // The folder in which `python -m` starts comes first in its path.
  const inFolder = ["sh", "-c", 'cd "$0" && exec "$@"', root];
  const environment = [
    `LD_PRELOAD=${libraries}`,
    "ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1:handle_segv=0",
    "UBSAN_OPTIONS=print_stacktrace=1",
    // Blocks of the interpreter's own allocator would hide what is read behind their ends.
    "PYTHONMALLOC=malloc",
    `PYTHONPATH=${root}`,
    "PYTHONDONTWRITEBYTECODE=1",
    "HINDSIGHT_SOURCES=native",
  ];
  const folder = path.join(root, "test", "pytracer");
  const discover = ["-m", "unittest", "discover", "-s", folder, "-p", pattern];
  const command = [...inFolder, "env", ...environment, one.path, ...discover];
  const result = await runJob({ name: one.version, command, timeoutSeconds: 1800 });
  const ran = numberIn(result.output, /^Ran (\d+) tests?/mu);
  const counted = numberIn(result.output, /failures=(\d+)/u) + numberIn(result.output, /errors=(\d+)/u);
  const failed = counted === 0 && (result.code !== 0 || ran === 0) ? 1 : counted;
  if (failed > 0) process.stdout.write(`${result.output.trimEnd()}\n`);
  const passed = Math.max(0, ran - counted - numberIn(result.output, /skipped=(\d+)/u));
  process.stdout.write(
    `Python ${one.version} ${pattern}: ${passed} passed, ${failed} failed (${result.seconds.toFixed(1)} s)\n`,
  );
  return { passed, failed };
}

function isLoadable(one: Interpreter, root: string, libraries: string): boolean {
  const env = { ...process.env, LD_PRELOAD: libraries, ASAN_OPTIONS: "detect_leaks=0", PYTHONPATH: root };
  const program = "from pytracer.recorder_choice import load; load()";
  const done = spawnSync(one.path, ["-B", "-c", program], { env, cwd: root, encoding: "utf8" });
  if (done.status !== 0) process.stdout.write(`${done.stderr}\n`);
  return done.status === 0;
}

async function testIn(one: Interpreter, libraries: string, patterns: readonly string[]): Promise<Tally> {
  const root = path.join(out, one.version);
  linkedTree(root);
  const builds = path.join(root, "pytracer", "native", "builds");
  const build = buildNative(one, ["--sanitize", "--strict", "--out", builds]);
  if (build.outcome === "impossible") {
    process.stdout.write(`skipped: ${build.text}`);
    return { passed: 0, failed: 0 };
  }
  if (build.outcome === "failed" || !existsSync(builds) || !isLoadable(one, root, libraries)) {
    process.stdout.write(`${build.errors}${build.text}`);
    return { passed: 0, failed: 1 };
  }
  const total = { passed: 0, failed: 0 };
  for (const pattern of patterns) {
    const tally = await runPattern(one, root, libraries, pattern);
    total.passed += tally.passed;
    total.failed += tally.failed;
  }
  return total;
}

async function main(): Promise<number> {
  const options = { pattern: { type: "string", short: "p", multiple: true, default: usualPatterns } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const libraries = sanitizerLibraries();
  if (libraries === undefined) {
    process.stdout.write("skipped: the compiler has no sanitizers\n0 passed, 0 failed\n");
    return 0;
  }
  const chosen = interpreters().filter(
    (one) =>
      one.minor >= 11 &&
      (positionals.length === 0 || positionals.some((version) => `${one.version}.`.startsWith(`${version}.`))),
  );
  const total = { passed: 0, failed: 0 };
  for (const one of chosen) {
    const tally = await testIn(one, libraries, values.pattern);
    total.passed += tally.passed;
    total.failed += tally.failed;
  }
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

process.exitCode = await main();
