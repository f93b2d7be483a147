// Every question of the contract, at every moment of random histories, against the naive replayer.
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { nodeCodecs } from "../../src/node/openFile.ts";
import { indexRecording, openRecording } from "../../src/travel/openRecording.ts";
import type { BreakpointPlace, Breakpoints, DataTarget, Moment, TimeTravel } from "../../src/travel/timeTravel.ts";
import { bytesOf, emptyColumnFile } from "../support/byteSources.ts";
import { NaiveReplayer } from "../support/naiveReplayer.ts";
import { str } from "../support/recordedEvents.ts";
import { CODES, randomFrom, randomProgram } from "../support/randomProgram.ts";
import { RecordingBuilder } from "../support/recordingBuilder.ts";

interface Pair {
  readonly travel: TimeTravel;
  readonly naive: NaiveReplayer;
  readonly objects: readonly number[];
  readonly frames: readonly number[];
}

function pairOf(seed: number, length: number, blockEvents: number): Pair {
  const builder = new RecordingBuilder({ codes: CODES, blockEvents, share: seed % 3 !== 0 });
  builder.addAll(randomProgram(seed, length));
  // Some histories end in the unsealed tail.
  const isTailed = seed % 4 === 0;
  if (!isTailed) builder.seal();
  const tails = isTailed ? builder.tails.map(bytesOf) : [];
  // And some while the block before that is still on its way into the file.
  const file = seed % 8 === 0 ? builder.fileWhileSealing((seed % 3) / 2) : builder.file;
  // Some are opened with an index of their beginning, which may be all of the sealed part.
  const covered = builder.file.subarray(0, Math.ceil(builder.file.length * Math.min(1, (seed % 7) / 5)));
  const index = seed % 7 < 2 ? undefined : emptyColumnFile();
  // Some are put on disk every few blocks.
  const run = 1 + (seed % 5);
  if (index !== undefined) indexRecording(bytesOf(covered), nodeCodecs, index, run);
  const scratch = seed % 3 === 0 ? undefined : emptyColumnFile;
  const travel = openRecording(bytesOf(file), nodeCodecs, { tails, index, scratch, run });
  const naive = new NaiveReplayer(builder.events, CODES, builder.seals);
  const objects = builder.events.flatMap((event) => (event.op === "new" ? [event.object] : []));
  const frames = builder.events.flatMap((event) => (event.op === "call" ? [event.frame] : []));
  return { travel, naive, objects, frames };
}

/** HINDSIGHT_FULL=1 tries ten times as many histories. */
const FACTOR = process.env["HINDSIGHT_FULL"] === undefined ? 1 : 10;
const CASES = [
  { blockEvents: 5, length: 150, seeds: 12 * FACTOR },
  { blockEvents: 17, length: 250, seeds: 6 * FACTOR },
  { blockEvents: 60, length: 400, seeds: 3 * FACTOR },
  { blockEvents: 1000, length: 300, seeds: 3 * FACTOR },
];

const places: readonly BreakpointPlace[] = [
  { kind: "line", file: "/p/main.py", line: 2 },
  { kind: "line", file: "/p/main.py", line: 12 },
  { kind: "line", file: "/p/other.py", line: 2 },
  { kind: "line", file: "/p/main.py", line: 21 },
  { kind: "line", file: "/p/main.py", line: 12 },
  { kind: "line", file: "/p/nowhere.py", line: 1 },
  { kind: "function", name: "f" },
  { kind: "function", name: "main.gen" },
  { kind: "function", name: "p.other.f" },
  { kind: "return", name: "f" },
  { kind: "return", name: "gen" },
  { kind: "exception", when: "raised", types: undefined },
  { kind: "exception", when: "uncaught", types: undefined },
  { kind: "exception", when: "userUncaught", types: undefined },
];

const operators = ["==", ">=", ">", "<=", "<", "%"] as const;

/** Some of every kind; the watched frames and objects are those of the history. */
function randomBreakpoints(random: () => number, { objects, frames }: Pick<Pair, "objects" | "frames">): Breakpoints {
  const watched = [...data(objects, frames, random)].map((target): BreakpointPlace => ({ kind: "data", target }));
  return [...places, ...watched]
    .filter(() => random() < 0.15)
    .map((place, index) => {
      if (random() < 0.7) return { id: index + 1, place };
      const operator = operators[Math.floor(random() * operators.length)] ?? "==";
      return { id: index + 1, place, hitCondition: { operator, count: 1 + Math.floor(random() * 4) } };
    });
}

function* data(objects: readonly number[], frames: readonly number[], random: () => number): Generator<DataTarget> {
  const frame = frames[Math.floor(random() * frames.length)] ?? 1;
  for (const name of ["a", "x", "inlined"]) yield { kind: "variable", frame, name };
  for (let round = 0; round < 3; round++) {
    const object = objects[Math.floor(random() * objects.length)] ?? 1;
    yield { kind: "object", object };
    yield { kind: "attribute", object, name: "n1" };
    yield { kind: "item", object, key: { kind: "int", value: Math.floor(random() * 3) } };
    yield { kind: "item", object, key: str("k") };
  }
}

describe("every query equals the naive replayer's answer", () => {
  for (const { blockEvents, length, seeds } of CASES) {
    it(
      `in blocks of ${blockEvents} events: what is there at every moment`,
      () => {
        for (let seed = 1; seed <= seeds; seed++) checkStates(pairOf(seed, length, blockEvents), seed);
      },
      60_000 * FACTOR,
    );

    it(
      `in blocks of ${blockEvents} events: where every movement ends`,
      () => {
        for (let seed = 1; seed <= seeds; seed++) checkMovements(pairOf(seed, length, blockEvents), seed);
      },
      60_000 * FACTOR,
    );
  }
});

/** `toEqual`, but a hundred times faster when they are. */
function same(actual: unknown, expected: unknown, where: string): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual, where).toEqual(expected);
}

function checkStates({ travel, naive, objects, frames }: Pair, seed: number): void {
  const random = randomFrom(seed);
  const moments = naive.moments();
  same(
    travel.summary.notes.filter((note) => !/not in the recording|Not recorded/u.test(note)),
    [],
    `seed ${seed}`,
  );
  same(travel.summary.steps, naive.steps, `seed ${seed}`);
  same(travel.summary.events, naive.rows.length, `seed ${seed}`);
  same(travel.last, moments.at(-1) ?? travel.first, `seed ${seed}`);
  // In random order: the answer must not depend on what was asked before.
  const shuffled = moments.map((moment) => ({ moment, key: random() })).toSorted((a, b) => a.key - b.key);
  for (const { moment } of shuffled) {
    const where = `seed ${seed}, moment ${moment.step}.${moment.event}`;
    same(travel.isInside(moment), true, where);
    same(travel.threadAt(moment), naive.threadAt(moment), where);
    const threads = travel.threadsAt(moment);
    same(threads, naive.threadsAt(moment), where);
    for (const { thread } of threads) {
      const stack = travel.stackAt(moment, thread);
      const seen = stack.map(({ frame, position, isInnermost }) => ({
        frame,
        line: position.line,
        innermost: isInnermost,
      }));
      same(seen, naive.stackAt(moment, thread), `${where}, thread ${thread}`);
      same(travel.exceptionAt(moment, thread)?.value, naive.exceptionAt(moment, thread), where);
    }
    for (const frame of frames) {
      if (random() < 0.7) continue;
      const scopes = travel.scopesAt(moment, frame);
      const seen = scopes === undefined ? undefined : { locals: scopes.locals, closure: scopes.closure };
      same(seen, naive.variablesAt(moment, frame), `${where}, frame ${frame}`);
      if (scopes !== undefined) same(scopes.returnValue, naive.returnValueAt(moment, frame), where);
    }
    for (const object of objects) {
      if (random() < 0.7) continue;
      const view = travel.objectAt(moment, object);
      const expected = naive.objectAt(moment, object);
      const seen =
        view === undefined
          ? undefined
          : {
              kind: view.kind,
              type: view.type,
              items: view.items,
              entries: view.entries,
              itemsTotal: view.itemsTotal,
              attributes: view.attributes,
              text: view.text,
              value: view.value,
              bytes: view.bytes === undefined ? undefined : [...view.bytes],
              bytesTotal: view.bytesTotal,
              cls: view.cls,
              name: view.name,
              completeness: view.completeness,
              alive: view.alive,
            };
      same(seen, expected, `${where}, object ${object}`);
      const generator = travel.generatorAt(moment, object);
      if (generator !== undefined && generator.frame > 0) {
        same(generator.state, naive.generatorStateAt(moment, generator.frame), where);
      }
    }
  }
  for (let round = 0; round < 20; round++) {
    const [from, to] = [pick(moments, random), pick(moments, random)];
    const text = travel.output(from, to).map((entry) => entry.text);
    same(text.join(""), naive.outputBetween(from, to), `seed ${seed}`);
  }
  checkExecutions(travel, naive, moments, random, seed);
  for (const frame of frames) same(travel.startOfFrame(travel.last, frame), naive.firstStepOf(frame), `seed ${seed}`);
}

function checkExecutions(
  travel: TimeTravel,
  naive: NaiveReplayer,
  moments: readonly Moment[],
  random: () => number,
  seed: number,
): void {
  for (const { file, lines } of CODES) {
    const counts = new Map(travel.executionCounts(file).lines.map(({ line, count }) => [line, count]));
    for (const line of new Set(lines)) {
      const all = naive.executions(file, line);
      same(counts.get(line) ?? 0, all.length, `seed ${seed}`);
      const from = pick(moments, random);
      const at = naive.indexOf(from);
      same(
        travel.executionsAround(from, file, line),
        {
          first: all[0],
          previous: all.findLast((moment) => naive.indexOf(moment) < at),
          next: all.find((moment) => naive.indexOf(moment) > at),
          last: all.at(-1),
        },
        `seed ${seed}`,
      );
    }
  }
  const functions = travel.executionCounts("/p/main.py").functions.map(({ name, calls }) => [name, calls]);
  const expected = [
    ["f", naive.calls(2)],
    ["gen", naive.calls(3)],
  ].filter(([, calls]) => calls !== 0);
  same(functions, expected, `seed ${seed}`);
}

function checkMovements({ travel, naive, objects, frames }: Pair, seed: number): void {
  const random = randomFrom(seed + 1000);
  const none: Breakpoints = [];
  for (const moment of naive.moments()) {
    const where = `seed ${seed}, from ${moment.step}.${moment.event}`;
    for (const breakpoints of [none, randomBreakpoints(random, { objects, frames })]) {
      for (const { thread } of travel.threadsAt(moment)) {
        const from = `${where}, thread ${thread}`;
        same(travel.next(moment, thread, breakpoints), naive.next(moment, thread, breakpoints), `next ${from}`);
        same(
          travel.stepBack(moment, thread, breakpoints),
          naive.stepBack(moment, thread, breakpoints),
          `stepBack ${from}`,
        );
        same(travel.stepIn(moment, thread, breakpoints), naive.stepIn(moment, thread, breakpoints), `stepIn ${from}`);
        same(
          travel.stepBackInto(moment, thread, breakpoints),
          naive.stepBackInto(moment, thread, breakpoints),
          `stepBackInto ${from}`,
        );
        same(
          travel.stepOut(moment, thread, breakpoints),
          naive.stepOut(moment, thread, breakpoints),
          `stepOut ${from}`,
        );
        same(
          travel.stepBackOut(moment, thread, breakpoints),
          naive.stepBackOut(moment, thread, breakpoints),
          `stepBackOut ${from}`,
        );
      }
      same(travel.continueForward(moment, breakpoints), naive.continueForward(moment, breakpoints), where);
      same(travel.continueBackward(moment, breakpoints), naive.continueBackward(moment, breakpoints), where);
    }
  }
}

function pick(moments: readonly Moment[], random: () => number): Moment {
  return moments[Math.floor(random() * moments.length)] ?? { step: 0, event: 0 };
}
