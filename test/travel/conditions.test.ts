// Conditions that only ask for scalars are answered from columns, all others by the evaluator: both say the same.
import { describe, expect, it } from "vitest";
import { LongSearches } from "../../src/dap/longSearch.ts";
import { nodeCodecs } from "../../src/node/openFile.ts";
import { isCounted, parseHitCondition } from "../../src/travel/breakpoints/hitCondition.ts";
import { isNamed } from "../../src/travel/breakpoints/functionNames.ts";
import { parseLogMessage } from "../../src/travel/breakpoints/logMessage.ts";
import { openRecording } from "../../src/travel/openRecording.ts";
import type { Breakpoint, Moment, TimeTravel, Value } from "../../src/travel/timeTravel.ts";
import { bytesOf } from "../support/byteSources.ts";
import { int, NONE, type RecordedEvent, str } from "../support/recordedEvents.ts";
import { CODES, randomFrom, randomProgram } from "../support/randomProgram.ts";
import { RecordingBuilder } from "../support/recordingBuilder.ts";

const operators = ["==", "!=", "<", "<=", ">", ">="] as const;

function term(random: () => number, depth: number): string {
  const choice = random();
  if (depth > 0 && choice < 0.3) {
    const operator = ["+", "-", "*", "%"][Math.floor(random() * 4)] ?? "+";
    return `(${term(random, depth - 1)} ${operator} ${term(random, depth - 1)})`;
  }
  if (choice < 0.7) return ["a", "b", "c", "outer"][Math.floor(random() * 4)] ?? "a";
  return choice < 0.75 ? "-2" : String(Math.floor(random() * 4));
}

function comparison(random: () => number): string {
  const operator = operators[Math.floor(random() * operators.length)] ?? "==";
  const chain = random() < 0.2 ? ` < ${term(random, 1)}` : "";
  return `${term(random, 1)} ${operator} ${term(random, 1)}${chain}`;
}

const others = [
  "a",
  "not b",
  "a is None",
  "b is not None",
  "a is True",
  "a == 'x'",
  "b != 'yz'",
  "a in (1, 2, 'x')",
  "b not in [None, 0, -1.5]",
  "a in {True, 'yz'}",
  "a == 1.5",
  "b > -1.5",
  "a < 'x'",
  "a and b",
  "a % 2",
  "a == None or b == True",
];

function condition(random: () => number): string {
  const choice = random();
  if (random() < 0.4) return others[Math.floor(random() * others.length)] ?? "a";
  if (choice < 0.2) return `not ${comparison(random)}`;
  if (choice < 0.5) return `${comparison(random)} ${choice < 0.35 ? "and" : "or"} ${comparison(random)}`;
  return comparison(random);
}

const scalars: readonly Value[] = [
  str("x"),
  str("yz"),
  str(""),
  NONE,
  { kind: "bool", value: true },
  { kind: "bool", value: false },
  { kind: "float", value: 1.5 },
  { kind: "float", value: -0 },
  { kind: "float", value: 2 },
  { kind: "float", value: Number.NaN },
  int(2n ** 70n),
];

/** A history whose variables mostly hold small numbers. */
function numbers(seed: number): readonly RecordedEvent[] {
  const random = randomFrom(seed + 500);
  return randomProgram(seed, 300).flatMap((event): RecordedEvent[] => {
    if (event.op !== "line" || random() < 0.3) return [event];
    const value = random() < 0.6 ? int(Math.floor(random() * 6) - 1) : scalars[Math.floor(random() * scalars.length)];
    if (value === undefined) return [event];
    return [event, { op: "write", slot: Math.floor(random() * 2), value }];
  });
}

function hits(travel: TimeTravel, line: number, text: string): readonly string[] {
  const breakpoint: Breakpoint = { id: 1, place: { kind: "line", file: "/p/main.py", line }, condition: text };
  const found: string[] = [];
  for (let from = travel.first; ;) {
    const { moment, reason } = travel.continueForward(from, [breakpoint]);
    if (reason.kind !== "breakpoint") return found;
    found.push(`${moment.step}.${moment.event} ${reason.problems.join()}`);
    from = moment;
  }
}

/** The same, backward from a moment. */
function hitsBefore(travel: TimeTravel, begin: Moment, line: number, text: string): readonly string[] {
  const breakpoint: Breakpoint = { id: 1, place: { kind: "line", file: "/p/main.py", line }, condition: text };
  const found: string[] = [];
  for (let from = begin; ;) {
    const { moment, reason } = travel.continueBackward(from, [breakpoint]);
    // A search forward does not stop where it begins.
    if (reason.kind !== "breakpoint" || moment.step === 0) return found.toReversed();
    found.push(`${moment.step}.${moment.event} ${reason.problems.join()}`);
    from = moment;
  }
}

/** A module with a loop, and a function that it calls; names of the module come, change, go, and are not known for a while. */
function globalNames(seed: number): readonly RecordedEvent[] {
  const random = randomFrom(seed + 900);
  function upTo(end: number): number {
    return Math.floor(random() * end);
  }
  function one(): Value {
    return random() < 0.7 ? int(upTo(4)) : (scalars[upTo(scalars.length)] ?? NONE);
  }
  const events: RecordedEvent[] = [
    { op: "threadStart", thread: 1, name: "MainThread" },
    { op: "thread", thread: 1 },
    { op: "new", object: 1, kind: "namespace", type: "dict", contents: { entries: [[str("g0"), int(0)]] } },
    { op: "call", callerOffset: 0, frame: 1, code: 1, globals: 1, mapping: 1, isGenerator: false, values: [] },
  ];
  const names = ["g0"];
  let frame = 1;
  function change(): void {
    const choice = random();
    if (choice < 0.6 && names.length > 0) {
      events.push({ op: "itemSet", object: 1, index: upTo(names.length), value: one() });
    } else if (choice < 0.75) {
      const fresh = ["g0", "g1", "g2", "inlined", "a"].filter((name) => !names.includes(name));
      const name = fresh[upTo(fresh.length)];
      if (name === undefined) return;
      names.push(name);
      events.push({ op: "append", object: 1, entry: [str(name), one()] });
    } else if (choice < 0.8 && names.length > 0) {
      const start = upTo(names.length);
      names.splice(start, 1);
      events.push({ op: "splice", object: 1, start, deleted: 1, inserted: [] });
    } else if (choice < 0.84) events.push({ op: "unknown", reason: 1, objects: [1] });
    else if (choice < 0.9) events.push({ op: "known", object: 1 });
    else if (choice < 0.93) {
      names.reverse();
      const entries = names.map((name): [Value, Value] => [str(name), one()]);
      events.push({ op: "contents", object: 1, why: random() < 0.5 ? 0 : 2, contents: { entries } });
    }
  }
  for (let round = 0; round < 120; round++) {
    events.push({ op: "line", offset: 2 + upTo(4) });
    const choice = upTo(5);
    if (choice === 0) events.push({ op: "write", slot: 0, value: one() });
    else if (choice === 1) events.push({ op: "delete", slot: 0 });
    if (random() < 0.7) change();
    if (random() > 0.3) continue;
    frame++;
    const values = [one(), one()];
    events.push({ op: "call", callerOffset: 3, frame, code: 2, globals: 1, mapping: 0, isGenerator: false, values });
    for (let step = 0; step < 4; step++) {
      events.push({ op: "line", offset: 1 + upTo(5) });
      if (random() < 0.4) change();
      if (random() < 0.4) events.push({ op: "write", slot: upTo(3), value: one() });
    }
    events.push({ op: "return", offset: 6, value: NONE });
  }
  return events;
}

function globalCondition(random: () => number): string {
  function name(): string {
    return ["g0", "g1", "g2", "inlined", "a", "b", "nowhere", "len"][Math.floor(random() * 8)] ?? "a";
  }
  const number = Math.floor(random() * 4);
  const single = `${name()} ${random() < 0.7 ? "==" : ">="} ${number}`;
  return random() < 0.6 ? single : `${single} ${random() < 0.5 ? "and" : "or"} ${name()} != ${name()}`;
}

describe("conditions about names of a module", () => {
  it("hold where the evaluator says so, forward and backward, from wherever the search begins", () => {
    let count = 0;
    for (let seed = 1; seed <= 30; seed++) {
      const builder = new RecordingBuilder({ codes: CODES, blockEvents: 6 + seed * 3, share: seed % 2 === 0 });
      builder.addAll(globalNames(seed)).seal();
      const travel = openRecording(bytesOf(builder.file), nodeCodecs);
      const random = randomFrom(seed);
      for (const line of [2, 3, 5, 11, 12]) {
        for (let round = 0; round < 4; round++) {
          const text = globalCondition(random);
          const where = `${text} at ${line}, seed ${seed}`;
          const slow = hits(travel, line, `(${text},)[0]`);
          expect(hits(travel, line, text), where).toEqual(slow);
          const middle = { step: Math.floor(travel.last.step * random()), event: 0 };
          for (const begin of [middle, travel.last]) {
            const before = slow.filter((hit) => Number.parseInt(hit, 10) < begin.step + Math.sign(begin.event));
            expect(hitsBefore(travel, begin, line, text), `${where}, back from ${begin.step}`).toEqual(before);
          }
          count += slow.length;
        }
      }
    }
    expect(count).toBeGreaterThan(1000);
  });
});

describe("conditions that only ask for scalars", () => {
  it("hold where the evaluator says so", () => {
    let count = 0;
    for (let seed = 1; seed <= 25; seed++) {
      const builder = new RecordingBuilder({ codes: CODES, blockEvents: 10 + seed * 7 });
      builder.addAll(numbers(seed)).seal();
      const travel = openRecording(bytesOf(builder.file), nodeCodecs);
      const random = randomFrom(seed);
      for (const line of [11, 12, 13]) {
        for (let round = 0; round < 6; round++) {
          const text = condition(random);
          const slow = hits(travel, line, `(${text},)[0]`);
          expect(hits(travel, line, text), `${text} at ${line}, seed ${seed}`).toEqual(slow);
          count += slow.length;
        }
      }
    }
    expect(count).toBeGreaterThan(200);
  });
});

describe("hit counts", () => {
  it("are a number, or a comparison with one", () => {
    function numbersOf(text: string): readonly number[] {
      const wanted = parseHitCondition(text);
      return [1, 2, 3, 4, 5, 6].filter((number) => wanted !== undefined && isCounted(wanted, number));
    }
    expect(numbersOf("3")).toEqual([3]);
    expect(numbersOf(" == 3")).toEqual([3]);
    expect(numbersOf(">= 5")).toEqual([5, 6]);
    expect(numbersOf("> 5")).toEqual([6]);
    expect(numbersOf("<=2")).toEqual([1, 2]);
    expect(numbersOf("<2")).toEqual([1]);
    expect(numbersOf("%3")).toEqual([3, 6]);
    for (const wrong of ["", "often", "% 0", "3 4", "-1"]) expect(parseHitCondition(wrong)).toBeUndefined();
  });
});

describe("log messages", () => {
  it("are text and expressions", () => {
    expect(parseLogMessage("a {b} {{c}} {d['}']} {e")).toEqual([
      { kind: "text", text: "a " },
      { kind: "expression", expression: "b" },
      { kind: "text", text: " {c} " },
      { kind: "expression", expression: "d['}']" },
      { kind: "text", text: " {e" },
    ]);
    expect(parseLogMessage("{ {1: 2}[1] }")).toEqual([{ kind: "expression", expression: "{1: 2}[1]" }]);
  });
});

describe("names of functions", () => {
  it("are the end of the dotted name of file and function", () => {
    for (const name of ["inner", "outer.inner", "shop.outer.inner", "code.shop.outer.inner"])
      expect(isNamed("/home/code/shop.py", "outer.<locals>.inner", name), name).toBe(true);
    for (const name of ["nner", "shop.inner", "outer"])
      expect(isNamed("/home/code/shop.py", "outer.<locals>.inner", name), name).toBe(false);
    expect(isNamed("C:\\code\\shop\\__init__.py", "Cart.add", "shop.Cart.add")).toBe(true);
  });
});

describe("a search", () => {
  it("comes in pieces, can be left, and tells how far it is", async () => {
    const builder = new RecordingBuilder({ codes: CODES, blockEvents: 40 });
    builder.addAll(numbers(3)).seal();
    const travel = openRecording(bytesOf(builder.file), nodeCodecs);
    const never: Breakpoint = {
      id: 1,
      place: { kind: "line", file: "/p/main.py", line: 12 },
      condition: "(1,)[0] == 2",
    };
    const positions: number[] = [];
    const searching = travel.moving("continueForward", travel.first, 1, [never]);
    let step = searching.next();
    for (; step.done !== true; step = searching.next()) positions.push(step.value);
    expect(step.value.reason.kind).toBe("end");
    expect(positions.length).toBeGreaterThan(2);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));

    const told: string[] = [];
    const reports = {
      begins: () => told.push("begins"),
      comesTo: () => told.push("comesTo"),
      ends: () => told.push("ends"),
    };
    const searches = new LongSearches();
    const whole = await searches.run(travel.moving("continueForward", travel.first, 1, [never]), reports);
    expect(whole).toMatchObject({ kind: "found", result: { reason: { kind: "end" } } });
    expect(told).toEqual([]);
    const endless = searches.run(forever(), reports);
    setTimeout(() => searches.leave(), 900);
    expect(await endless).toEqual({ kind: "left" });
    expect(told[0]).toBe("begins");
    expect(told).toContain("comesTo");
    expect(told.at(-1)).toBe("ends");
    expect(searches.isSearching).toBe(false);
  });
});

function* forever(): Generator<number, never, void> {
  for (let position = 0; ; position++) yield position;
}
