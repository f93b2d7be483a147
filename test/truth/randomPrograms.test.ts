// Truth of random programs: what a recording says after every step (line, stack, variables of all frames) equals what
// the settrace oracle saw, and both event sources in Python tell the same events.
//
// A failure names the program `seed_N.py`: `python test/truth/randomProgram.py N` writes it again. HINDSIGHT_FULL=1
// takes 200 seeds, HINDSIGHT_SEEDS="17 18" these.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { interpreters, type Interpreter } from "../support/interpreters.ts";
import { recordersOf } from "../support/nativeBuild.ts";

const here = import.meta.dirname;
const root = path.join(here, "..", "..");
const scratch = mkdtempSync(path.join(tmpdir(), "hindsight-random-"));
const full = process.env["HINDSIGHT_FULL"] === "1";
const given = (process.env["HINDSIGHT_SEEDS"] ?? "").split(" ").filter((seed) => seed !== "");
/** Milliseconds for one program on a busy machine. */
const patience = 20_000;

const all = interpreters();

/** Each interpreter has seeds of its own, so that a small run meets many programs. */
function seedsOf(python: Interpreter): readonly number[] {
  if (given.length > 0) return given.map(Number);
  const count = full ? 200 : 3;
  const place = all.filter(({ minor }) => minor === python.minor).indexOf(python);
  return Array.from({ length: count }, (_, index) => python.minor * 1000 + place * count + index);
}

function write(python: Interpreter, seed: number): string {
  const program = path.join(scratch, `seed_${seed}.py`);
  execFileSync(python.path, [path.join(here, "randomProgram.py"), String(seed), program]);
  return program;
}

function run(python: Interpreter, script: string, ...words: readonly string[]): string {
  const result = spawnSync(python.path, [script, ...words], { encoding: "utf8" });
  return result.status === 0 ? "" : `${result.stdout}${result.stderr}`;
}

function record(python: Interpreter, source: string, program: string): string {
  const file = `${program}.${python.version}.${source}.hindsight`;
  const command = ["-m", "pytracer", "record", "--recorder", source, "-o", file, "--", program];
  const env = { ...process.env, PYTHONPATH: root, PYTHONHASHSEED: "0" };
  execFileSync(python.path, command, { env, stdio: ["ignore", "ignore", "inherit"] });
  return file;
}

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

for (const python of all) {
  const seeds = seedsOf(python);
  describe(`random programs on ${python.version}`, () => {
    // The other one in Python is compared with the better one, below.
    const sources = recordersOf(python).slice(0, 2).join(",");
    test(`${sources} record what they did`, { timeout: 2 * patience * seeds.length }, () => {
      const programs = seeds.map((seed) => write(python, seed));
      const truth = path.join(root, "test", "pytracer", "truth.py");
      expect(run(python, truth, python.path, sources, ...programs)).toBe("");
    });
    test.runIf(python.minor >= 12)("both event sources tell the same", { timeout: 2 * patience * seeds.length }, () => {
      for (const seed of seeds) {
        const program = write(python, seed);
        const files = ["monitoring", "settrace"].map((source) => record(python, source, program));
        const difference = run(python, path.join(here, "sameEvents.py"), ...files);
        expect({ seed, difference }).toEqual({ seed, difference: "" });
      }
    });
  });
}
