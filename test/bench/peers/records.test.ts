// records.py reads what each peer wrote of samples/program.py (samples/, shortened: paths are PROGRAM, and variables
// of the interpreter are left out), and the shares are computed from that.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { interpreters } from "../../support/interpreters.ts";
import { lastLineOfFunction } from "./debugpyRun.ts";
import { plainValue } from "./hindsightRecord.ts";
import { answer, heldShare, parseRecord, parseTruth, roundsShare, type RunRecord } from "./record.ts";

const here = path.join("test", "bench", "peers");
const program = path.resolve(here, "samples", "program.py");
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "peers-")));
const python = interpreters().findLast((one) => one.minor >= 12)?.path ?? "python3";

function runPython(...words: readonly string[]): { readonly out: string; readonly error: string } {
  const { stdout, stderr } = spawnSync(python, ["-B", ...words], { encoding: "utf8" });
  return { out: stdout, error: stderr.trim() };
}

/** A sample with the program's true path; a database from its statements. */
function sample(name: string): string {
  const text = readFileSync(path.join(here, "samples", name), "utf8").replaceAll("PROGRAM", program);
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  if (!name.endsWith(".sql")) return file;
  const load = "import sqlite3, sys; sqlite3.connect(sys.argv[2]).executescript(open(sys.argv[1]).read())";
  const database = `${file}.database`;
  runPython("-c", load, file, database);
  return database;
}

function read(tool: string, output: string): RunRecord {
  const { out, error } = runPython(path.join(here, "records.py"), tool, output, program);
  expect(error).toBe("");
  return parseRecord(out);
}

const truthFile = path.join(folder, "truth.json");
runPython(path.join(here, "truth.py"), truthFile, program, program);
const truth = parseTruth(readFileSync(truthFile, "utf8"));

afterAll(() => rmSync(folder, { recursive: true }));

describe("what truly ran", () => {
  it("is counted line by line, with the values at the marked lines", () => {
    expect(truth.lines.get(13)).toBe(4);
    expect(truth.lines.get(14)).toBe(3);
    expect(truth.calls.get(11)).toBe(1);
    expect(truth.rounds).toEqual(["[0,0,0]", "[1,0,2]", "[2,2,4]"]);
    expect(truth.before).toMatchObject({ list: [1, 2], attribute: "first" });
    expect(truth.after).toMatchObject({ list: [1, 2, 3], attribute: "second" });
  });
});

describe("records.py", () => {
  it("reads coverage's lines, which have no counts, no calls and no values", () => {
    const record = read("coverage", sample("coverage.sql"));
    expect([...record.lines.keys()]).toEqual([1, 2, 3, 6, 7, 8, 11, 12, 13, 14, 15, 16, 19, 20, 21, 22, 23, 24]);
    expect(record.lines.get(13)).toBe(1);
    expect(record.calls.size).toBe(0);
    expect(heldShare(record.lines, truth.lines)).toBeCloseTo(18 / 26);
    expect([roundsShare(record, truth), answer(record, truth, "list")]).toEqual([0, "no"]);
  });

  it("reads VizTracer's calls of the program's own functions", () => {
    const record = read("viztracer", sample("viztracer.json"));
    expect(record.lines.size).toBe(0);
    expect(heldShare(record.calls, truth.calls)).toBe(1);
    expect(record.calls.get(11)).toBe(1);
    expect(record.said).toBeUndefined();
  });

  it("reads what VizTracer says of an overflow", () => {
    const file = sample("viztracer.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"overflow": false', '"overflow": true'));
    expect(read("viztracer", file).said).toBe("overflow");
  });

  it("reads py-tt-debug's events and snapshots", () => {
    const record = read("py-tt-debug", sample("py-tt-debug.sql"));
    expect([heldShare(record.lines, truth.lines), heldShare(record.calls, truth.calls)]).toEqual([1, 1]);
    expect(roundsShare(record, truth)).toBe(1);
    expect([answer(record, truth, "list"), answer(record, truth, "attribute")]).toEqual(["yes", "yes"]);
    expect(record.hasIdentity).toBe(false);
  });

  it("takes a snapshot that is no JSON for none", () => {
    const database = sample("py-tt-debug.sql");
    const spoil = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()";
    runPython("-c", spoil, database, "UPDATE executionframes SET locals_snapshot = '0{' WHERE line_no = 15");
    const record = read("py-tt-debug", database);
    expect([record.rounds, heldShare(record.lines, truth.lines)]).toEqual([[], 1]);
  });

  it("reads CodeTracer's steps and structured values; objects are texts", () => {
    const record = read("codetracer", path.dirname(sample("codetracer/trace.json")));
    expect([heldShare(record.lines, truth.lines), heldShare(record.calls, truth.calls)]).toEqual([1, 1]);
    expect(roundsShare(record, truth)).toBe(1);
    expect([answer(record, truth, "list"), answer(record, truth, "attribute")]).toEqual(["yes", "no"]);
    expect(record.hasIdentity).toBe(false);
  });

  it("says when nothing was written, and when the file is damaged", () => {
    const records = path.join(here, "records.py");
    const missing = runPython(records, "coverage", path.join(folder, "missing"), program);
    expect(missing).toEqual({ out: "", error: "nothing was written" });
    const damaged = path.join(folder, "damaged");
    writeFileSync(damaged, "x".repeat(4096));
    expect(runPython(records, "py-tt-debug", damaged, program).error).toBe("file is not a database");
  });
});

describe("comparing", () => {
  it("counts what is held too often once, and what is not there not at all", () => {
    const all = new Map([
      [1, 1],
      [2, 9],
    ]);
    expect(heldShare(new Map([[1, 5]]), all)).toBeCloseTo(0.1);
  });

  it("tells a wrong value from none", () => {
    const wrong = { ...truth, after: { list: [1, 2], attribute: undefined, item: 0 } };
    expect([answer(wrong, truth, "list"), answer(wrong, truth, "attribute")]).toEqual(["wrong", "no"]);
  });
});

describe("values and lines", () => {
  it("parses numbers, lists and simple strings of Python", () => {
    expect(["7", "[1, 2]", "'a b'", "<object>", ""].map((text) => plainValue(text))).toEqual([
      7,
      [1, 2],
      "a b",
      null,
      null,
    ]);
  });

  it("finds the last line of the last function", () => {
    expect(lastLineOfFunction("def f():\n    a()\n\n    return 1\n")).toBe(4);
    expect(lastLineOfFunction("def f():\n    return 1\n\n\nf()\n")).toBe(2);
  });
});
