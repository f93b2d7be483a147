// The command line on real recordings of the demo's program, and on files that are none.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { interpreters, type Interpreter } from "../support/interpreters.ts";

const program = path.join("test", "demo", "shop.py");
const folder = mkdtempSync(path.join(tmpdir(), "hindsight-cli-"));

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly complaint: string;
}

function hindsight(...args: readonly string[]): Outcome {
  const result = spawnSync(process.execPath, ["dist/hindsight.js", ...args], { encoding: "utf8", input: "" });
  return { code: result.status, output: result.stdout, complaint: result.stderr };
}

function recordWith(python: string, ...args: readonly string[]): string {
  const file = path.join(folder, `${args.join("-").replaceAll(/\W+/gu, "-")}-${path.basename(python)}.hindsight`);
  spawnSync(python, ["-m", "pytracer", "record", "-o", file, ...args], { encoding: "utf8" });
  return file;
}

/** Compares with a golden file; UPDATE_GOLDEN=1 writes it instead. */
function expectGolden(name: string, actual: string): void {
  const file = path.join("test", "golden", "cli", `${name}.txt`);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, actual);
  expect(actual).toBe(readFileSync(file, "utf8"));
}

function parsed(text: string): Map<string, unknown> {
  const value: unknown = JSON.parse(text);
  return new Map(Object.entries(value ?? {}));
}

const found = interpreters();
const newest = found.at(-1);
let recording = "";

beforeAll(() => {
  execFileSync(process.execPath, ["esbuild.mjs"]);
  if (newest === undefined) throw new Error("no interpreter from 3.9 on was found");
  recording = recordWith(newest.path, program);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("hindsight walk", () => {
  it("goes from the failure back to its cause", () => {
    const { code, output, complaint } = hindsight("walk", recording, "--script", "o b b b b b i");
    expect(complaint).toBe("");
    expect(code).toBe(0);
    expectGolden("walk", output.replaceAll(path.resolve("."), ""));
  });

  it("shows the same on every interpreter but for the number of steps", () => {
    function walked(one: Interpreter): string {
      const { output } = hindsight("walk", recordWith(one.path, program), "--script", "o b b b b b i");
      return output.replaceAll(/step \d+ of \d+|#\d+/gu, "");
    }
    const [first, ...others] = found.map((one) => ({ version: one.version, text: walked(one) }));
    for (const { version, text } of others) expect(text, version).toBe(first?.text);
  });

  it("goes to a step, to lines, and says where there is nothing", () => {
    const lines = hindsight("walk", recording, "--script", "g 0 b r shop.py:22 c 18 q b").output;
    expect(lines).toContain("== step 0 of");
    expect(lines).toContain("This is the beginning of the recording.");
  });

  it("refuses what makes no sense, with one sentence", () => {
    expect(hindsight("walk", recording, "--script", "g 99999")).toMatchObject({ code: 2 });
    expect(hindsight("walk", recording, "--script", "r 2").complaint).toContain("Line 2 of shop.py holds no code");
    expect(hindsight("walk", recording, "--script", "r nowhere.py:2").complaint).toContain(
      "No recorded file is called",
    );
    expect(hindsight("walk", recording, "--script", "x").complaint).toContain('There is no walk command "x"');
  });

  it("reads commands from standard input where there is no terminal", () => {
    const result = spawnSync(process.execPath, ["dist/hindsight.js", "walk", recording], {
      encoding: "utf8",
      input: "o\nb\nq\nb\n",
    });
    expect(result.status).toBe(0);
    expect(result.stdout.match(/^== /gmu)).toHaveLength(3);
  });
});

describe("hindsight info, steps and show", () => {
  it("say what was recorded", () => {
    const info = parsed(hindsight("info", recording, "--json").output);
    expect(info.get("complete")).toBe(true);
    expect(info.get("exitCode")).toBe(1);
    expect(info.get("python")).toBe(newest?.version);
    expect(info.get("steps")).toBeGreaterThan(30);
    expect(info.get("events")).toBeGreaterThan(Number(info.get("steps")));
    expect(hindsight("info", recording).output).toContain("the program ended with exit code 1");
  });

  it("list the lines that plain tracing sees", () => {
    const steps = hindsight("steps", recording, "--json")
      .output.trim()
      .split("\n")
      .map((line) => parsed(line));
    const info = parsed(hindsight("info", recording, "--json").output);
    expect(steps).toHaveLength(Number(info.get("steps")));
    expect(steps.map((step) => step.get("step"))).toEqual(steps.map((_, at) => at));
    const source = readFileSync(program, "utf8").split("\n");
    for (const step of steps) expect(step.get("text")).toBe(source[Number(step.get("line")) - 1]);
    expect(steps.at(-1)?.get("text")).toBe("        self.basket.remove(item)");
  });

  it("list a part", () => {
    const { output } = hindsight("steps", recording, "--from", "3", "--to", "5");
    expect(output.split("\n").map((line) => line.trim().split(" ")[0])).toEqual(["3", "4", "5", ""]);
  });

  it("show a moment as text and as JSON", () => {
    const info = parsed(hindsight("info", recording, "--json").output);
    const last = String(Number(info.get("steps")) - 1);
    const shown = parsed(hindsight("show", recording, "--at", last, "--json").output);
    expect(JSON.stringify(shown.get("variables"))).toContain("'milk'");
    expect(JSON.stringify(shown.get("stack"))).toContain("Customer.give_back");
    expect(hindsight("show", recording, "--at", last).output).toContain("-> 18 |         self.basket.remove(item)");
  });

  it("refuse moments outside the recording", () => {
    expect(hindsight("show", recording, "--at", "1000000")).toMatchObject({ code: 2, output: "" });
    expect(hindsight("show", recording, "--at", "3", "--event", "1000").complaint).toContain(
      "so there is no event 1000",
    );
    expect(hindsight("steps", recording, "--from", "1000000").complaint).toContain("is not in the recording");
  });
});

describe("a file that is no recording", () => {
  function complaintAbout(name: string, bytes: Uint8Array | undefined): Outcome {
    const file = path.join(folder, name);
    if (bytes !== undefined) writeFileSync(file, bytes);
    return hindsight("info", file);
  }

  it.each([
    ["missing.hindsight", undefined],
    ["text.hindsight", Buffer.from("this is a diary, not a recording\n".repeat(10))],
  ])("%s gets one sentence and exit code 2", (name, bytes) => {
    const { code, output, complaint } = complaintAbout(name, bytes);
    expect(output).toBe("");
    expect(complaint).toMatch(/^hindsight: .+\n$/u);
    expect(complaint).not.toContain("bug of ours");
    expect(code).toBe(2);
  });

  it("a folder gets one sentence, too", () => {
    const { code, complaint } = hindsight("info", folder);
    expect(complaint).toMatch(/^hindsight: .+\n$/u);
    expect(code).toBe(2);
  });

  it("a recording of an unknown version is refused by name", () => {
    const bytes = readFileSync(recording);
    bytes[8] = 7;
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 12)), 12);
    const { code, complaint } = complaintAbout("future.hindsight", bytes);
    expect(complaint).toContain("7");
    expect(code).toBe(2);
  });

  it("a recording that is cut anywhere opens up to the cut, or says why not", () => {
    const bytes = readFileSync(recording);
    for (let cut = 0; cut < bytes.length; cut += Math.ceil(bytes.length / 12)) {
      const { code, output, complaint } = complaintAbout("cut.hindsight", bytes.subarray(0, cut));
      expect(complaint).not.toContain("bug of ours");
      if (code === 0) expect(output).toContain("end was not recorded");
      else expect([code, complaint.split("\n").length]).toEqual([2, 2]);
    }
  });
});
