// What each tool records of probe.py, a program whose every step is known, and what is left when that ends in the
// middle or is looked at while it runs. Everything is read from the tool's own output.
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Interpreter } from "../../support/interpreters.ts";
import { folder } from "../recordingCost.ts";
import { answer, heldShare, roundsShare, type Answer, type RunRecord } from "./record.ts";
import { clear, type Job, type Tool } from "./tools.ts";
import { truthOf } from "./truth.ts";

/** Shares from 0 to 1 of what truly happened. */
export interface PeerProbe {
  readonly tool: string;
  readonly how: string;
  /** undefined: the tool has no output at all. */
  readonly found: Found | undefined;
}

export interface Found {
  /** Of the steps, and of the calls. */
  readonly steps: number;
  readonly calls: number;
  /** Of the moments in a loop, those with the true values of all three local variables. */
  readonly locals: number;
  /** A list of three, changed by a called function; an attribute of an object; item 1,500 of a list of 2,000. */
  readonly list: Answer;
  readonly attribute: Answer;
  readonly item: Answer;
  /** Whether one list under two names can be told from two equal lists. */
  readonly hasIdentity: boolean;
  /** Of the steps (of the calls, where the tool knows only these) until then. */
  readonly afterExit: number;
  readonly afterKill: number;
  readonly whileRunning: number;
  /** Why an output could not be read, by what happened to the program. */
  readonly problems: { readonly [end: string]: string };
}

type End = "none" | "exit" | "kill" | "wait";

const probe = path.resolve("test", "bench", "peers", "probe.py");
/** Enough for a tool that writes now and then to have written. */
const roundsOf = { none: 2_000, exit: 20_000, kill: 20_000, wait: 20_000 } as const;
const secondsToWrite = 1;

interface Reading {
  readonly record: RunRecord | undefined;
  /** Why there is no record; empty when there is one. */
  readonly problem: string;
}

async function readingOf(tool: Tool, output: string, end: End): Promise<Reading> {
  try {
    return { record: await tool.read?.(output, probe, end === "none" ? "all" : "lines"), problem: "" };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return {
      record: undefined,
      problem:
        text
          .trim()
          .split("\n")
          .at(-1)
          ?.replace(/^.*: (?=nothing|file is)/u, "") ?? "",
    };
  }
}

/** What is there after one run that ends like that. */
async function recordOf(tool: Tool, end: End): Promise<Reading> {
  const output = path.join(folder, "peers", `probe-${tool.name.replaceAll(" ", "-")}-${end}`);
  const job: Job = { script: [probe, String(roundsOf[end]), end], file: probe, output, limitSeconds: 120 };
  clear(output);
  let reading: Reading | undefined;
  if (end === "wait") {
    await tool.run({
      ...job,
      whileWaiting: async () => {
        await wait(secondsToWrite * 1000);
        reading = await readingOf(tool, output, end);
      },
    });
  } else {
    await tool.run(job);
    reading = await readingOf(tool, output, end);
  }
  clear(output);
  return reading ?? { record: undefined, problem: "it did not come to the middle" };
}

/** The share of the steps (of the calls, where only these are known) until the program ended or waited. */
function leftOf({ record }: Reading, interpreter: Interpreter, end: End): number {
  if (record === undefined) return 0;
  // The trace function's run ends where the program ends or waits.
  const truth = truthOf(interpreter, probe, [probe, String(roundsOf[end]), end]);
  return record.lines.size === 0 ? heldShare(record.calls, truth.calls) : heldShare(record.lines, truth.lines);
}

export async function probeTool(timedTool: Tool, interpreter: Interpreter): Promise<PeerProbe> {
  const tool = timedTool.readable ?? timedTool;
  if (tool.read === undefined) return { tool: timedTool.name, how: timedTool.how, found: undefined };
  const truth = truthOf(interpreter, probe, [probe, String(roundsOf.none), "none"]);
  const readings = {
    none: await recordOf(tool, "none"),
    exit: await recordOf(tool, "exit"),
    kill: await recordOf(tool, "kill"),
    wait: await recordOf(tool, "wait"),
  };
  const whole = readings.none.record;
  const found: Found = {
    steps: whole === undefined ? 0 : heldShare(whole.lines, truth.lines),
    calls: whole === undefined ? 0 : heldShare(whole.calls, truth.calls),
    locals: whole === undefined ? 0 : roundsShare(whole, truth),
    list: whole === undefined ? "no" : answer(whole, truth, "list"),
    attribute: whole === undefined ? "no" : answer(whole, truth, "attribute"),
    item: whole === undefined ? "no" : answer(whole, truth, "item"),
    hasIdentity: whole?.hasIdentity === true,
    afterExit: leftOf(readings.exit, interpreter, "exit"),
    afterKill: leftOf(readings.kill, interpreter, "kill"),
    whileRunning: leftOf(readings.wait, interpreter, "wait"),
    problems: Object.fromEntries(
      Object.entries(readings)
        .filter(([, { problem }]) => problem !== "")
        .map(([end, { problem }]) => [end, problem]),
    ),
  };
  return { tool: timedTool.name, how: timedTool.how, found };
}
