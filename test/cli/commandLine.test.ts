import { describe, expect, it } from "vitest";
import { parseCommandLine, UsageError } from "../../src/cli/commandLine.ts";
import { helpText } from "../../src/cli/help.ts";
import { parseScript } from "../../src/cli/walk.ts";

function parse(line: string): unknown {
  return parseCommandLine(line.split(" ").filter((word) => word !== ""));
}

function complaint(line: string): string {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return "no complaint";
}

describe("the command line", () => {
  it("asks for help when it is empty, or when it says so", () => {
    expect(parse("")).toEqual({ kind: "help", topic: undefined });
    expect(parse("--help")).toEqual({ kind: "help", topic: undefined });
    expect(parse("help walk")).toEqual({ kind: "help", topic: "walk" });
    expect(parse("show --help")).toEqual({ kind: "help", topic: "show" });
  });

  it("has a help text for each command", () => {
    for (const topic of ["info", "steps", "show", "walk"] as const) {
      expect(helpText(topic)).toContain(`Usage: hindsight ${topic} FILE`);
      expect(helpText(undefined)).toContain(`  ${topic} `);
    }
  });

  it("takes a moment as step and event", () => {
    expect(parse("show a.hindsight --at 7")).toMatchObject({ kind: "show", at: { step: 7, event: 0 } });
    expect(parse("show a.hindsight --at 7 --event 2")).toMatchObject({ at: { step: 7, event: 2 } });
    expect(parse("show a.hindsight --at 7 --event last")).toMatchObject({ at: { step: 7, event: "last" } });
  });

  it("takes a range of steps", () => {
    expect(parse("steps a.hindsight")).toMatchObject({ from: 0, to: undefined });
    expect(parse("steps a.hindsight --from 3 --to 5 --json")).toMatchObject({ from: 3, to: 5, json: true });
  });

  it.each([
    ["inof a.hindsight", 'There is no command "inof": use info, steps, show, walk.'],
    ["info", "Which recording? Usage: hindsight info FILE."],
    ["info a b", 'One recording at a time, please: "b" is too much.'],
    ["show a", "Which moment? Usage: hindsight show FILE --at STEP."],
    ["show a --at -1", '--at must be a whole number from 0 on, not "-1".'],
    ["show a --at 1.5", '--at must be a whole number from 0 on, not "1.5".'],
    ["show a --at x", '--at must be a whole number from 0 on, not "x".'],
    ["show a --at 1 --event y", '--event must be a whole number from 0 on, not "y".'],
    ["walk a --event 3", "--event needs --at STEP."],
    ["steps a --from 5 --to 3", "--to 3 comes before --from 5."],
    ["info a --at 3", '"info" has no option --at. Try: hindsight info --help.'],
    ["info a --colour", "Unknown option '--colour'"],
  ])("says in one sentence what is wrong with: %s", (line, sentence) => {
    expect(complaint(line)).toContain(sentence);
    expect(complaint(line)).not.toContain("\n");
  });
});

describe("a script of walk", () => {
  it("reads keys, and the word after r, c and g", () => {
    expect(parseScript(" b i  o g 12 r 7 c shop.py:9 q")).toEqual([
      { kind: "stepBack" },
      { kind: "stepBackInto" },
      { kind: "stepBackOut" },
      { kind: "goTo", step: 12 },
      { kind: "reverseTo", file: undefined, line: 7 },
      { kind: "continueTo", file: "shop.py", line: 9 },
      { kind: "quit" },
    ]);
  });

  it.each([
    ["b x", 'There is no walk command "x": try h.'],
    ["g", '"g" needs a word after it: go to step.'],
    ["g -3", 'the step after g must be a whole number from 0 on, not "-3".'],
    ["r b", '"r" needs a line: a number or FILE:LINE, not "b".'],
    ["r shop.py:0", '"r" needs a line: a number or FILE:LINE, not "shop.py:0".'],
  ])("refuses %s", (script, sentence) => {
    expect(() => parseScript(script)).toThrow(new UsageError(sentence));
  });
});
