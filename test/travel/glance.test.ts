// A recording that is looked at before it is indexed: whatever is answered is what the indexed recording answers, and what
// is near the moment is answered.
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { NotIndexedYet } from "../../src/base/errors.ts";
import { nodeCodecs } from "../../src/node/openFile.ts";
import { glanceAt, openRecording } from "../../src/travel/openRecording.ts";
import type { Breakpoints, Moment, MovementKind, TimeTravel } from "../../src/travel/timeTravel.ts";
import { found } from "../../src/travel/breakpoints/hits.ts";
import { bytesOf } from "../support/byteSources.ts";
import { CODES, randomFrom, randomProgram } from "../support/randomProgram.ts";
import { int, type RecordedEvent } from "../support/recordedEvents.ts";
import { RecordingBuilder } from "../support/recordingBuilder.ts";

const movements: readonly MovementKind[] = [
  "next",
  "stepBack",
  "stepIn",
  "stepBackInto",
  "stepOut",
  "stepBackOut",
  "continueForward",
  "continueBackward",
];

const stops: readonly Breakpoints[] = [
  [],
  [{ id: 1, place: { kind: "exception", when: "uncaught", types: undefined } }],
  [
    { id: 1, place: { kind: "line", file: "/p/main.py", line: 12 } },
    { id: 2, place: { kind: "line", file: "/p/other.py", line: 2 } },
  ],
  [{ id: 1, place: { kind: "exception", when: "raised", types: undefined } }],
  [{ id: 1, place: { kind: "function", name: "f" } }],
];

/** Before what is not recorded changes, a writer says that it is known again. */
function* asWritten(events: Iterable<RecordedEvent>): Generator<RecordedEvent> {
  const unknown = new Set<number>();
  for (const event of events) {
    if (event.op === "unknown") for (const object of event.objects) unknown.add(object);
    else if ("object" in event && unknown.delete(event.object) && isChange(event))
      yield { op: "known", object: event.object };
    yield event;
  }
}

function isChange({ op }: RecordedEvent): boolean {
  return op !== "known" && op !== "contents" && op !== "new" && op !== "generator";
}

function recordingOf(seed: number, length: number, blockEvents: number): Uint8Array {
  const builder = new RecordingBuilder({ codes: CODES, blockEvents, share: seed % 3 !== 0 });
  builder.addAll(asWritten(randomProgram(seed, length)));
  return builder.seal().file;
}

interface Pair {
  readonly early: TimeTravel;
  readonly whole: TimeTravel;
}

/** Those that can be looked at: where blocks are tiny, the end of some needs too many others. */
function pairsOf({
  length,
  blockEvents,
  seeds,
}: (typeof sizes)[number]): readonly (Pair & { readonly seed: number })[] {
  const pairs = Array.from({ length: seeds }, (_, seed) => {
    const file = recordingOf(seed + 1, length, blockEvents);
    const glance = glanceAt(bytesOf(file), nodeCodecs);
    if (glance === undefined) return [];
    return [{ early: glance.travel, whole: openRecording(bytesOf(file), nodeCodecs), seed: seed + 1 }];
  });
  expect(pairs.flat().length).toBeGreaterThanOrEqual(seeds / 2);
  return pairs.flat();
}

function expectSame(actual: unknown, expected: unknown, where: string): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual, where).toEqual(expected);
}

class Comparison {
  answered = 0;
  waiting = 0;

  /** Undefined when the early one has no answer yet. */
  same<Answer>({ early, whole }: Pair, ask: (travel: TimeTravel) => Answer, where: string): Answer | undefined {
    let answer: Answer;
    try {
      answer = ask(early);
    } catch (error) {
      if (!(error instanceof NotIndexedYet)) throw error;
      this.waiting++;
      return undefined;
    }
    this.answered++;
    expectSame(answer, ask(whole), where);
    return answer;
  }

  get share(): number {
    return this.answered / (this.answered + this.waiting);
  }
}

function momentsOf({ whole }: Pair): readonly Moment[] {
  const moments: Moment[] = [];
  for (let { step } = whole.first; step <= whole.last.step; step++)
    for (let event = 0; event <= whole.endOf(step).event; event++) moments.push({ step, event });
  return moments;
}

function shuffled<Thing>(things: readonly Thing[], random: () => number): readonly Thing[] {
  return things
    .map((thing) => ({ thing, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ thing }) => thing);
}

const sizes = [
  { blockEvents: 7, length: 500, seeds: 12 },
  { blockEvents: 25, length: 900, seeds: 8 },
  { blockEvents: 120, length: 900, seeds: 4 },
];

describe.each(sizes)("in blocks of $blockEvents events", (size) => {
  it("what is there at a moment", () => {
    const [states, objects] = [new Comparison(), new Comparison()];
    for (const pair of pairsOf(size)) {
      const { seed } = pair;
      const random = randomFrom(seed);
      expect(pair.early.isIndexed).toBe(false);
      expect(pair.early.last).toEqual(pair.whole.last);
      expect(pair.early.summary.events).toBe(pair.whole.summary.events);
      for (const moment of shuffled(momentsOf(pair), random).slice(0, 150)) {
        const where = `seed ${seed}, moment ${moment.step}.${moment.event}`;
        states.same(pair, (travel) => travel.isInside(moment), where);
        states.same(pair, (travel) => travel.endOf(moment.step), where);
        states.same(pair, (travel) => travel.threadAt(moment), where);
        states.same(pair, (travel) => travel.threadsAt(moment).filter(({ alive }) => alive), where);
        for (const { thread } of pair.whole.threadsAt(moment)) {
          const stack = states.same(pair, (travel) => travel.stackAt(moment, thread), `${where}, thread ${thread}`);
          objects.same(pair, (travel) => travel.exceptionAt(moment, thread), where);
          for (const { frame } of stack ?? []) {
            states.same(pair, (travel) => travel.frameAt(moment, frame), `${where}, frame ${frame}`);
            const scopes = objects.same(pair, (travel) => travel.scopesAt(moment, frame), `${where}, frame ${frame}`);
            for (const { value } of [...(scopes?.locals ?? []), ...(scopes?.closure ?? [])]) {
              if (value.kind !== "object") continue;
              const { object } = value;
              objects.same(pair, (travel) => travel.objectAt(moment, object), `${where}, object ${object}`);
              objects.same(pair, (travel) => travel.generatorAt(moment, object), `${where}, object ${object}`);
            }
          }
        }
      }
    }
    expect(states.share).toBeGreaterThan(0.5);
    expect(objects.share).toBeGreaterThan(0.2);
  });

  it("where a movement ends", () => {
    const ends = new Comparison();
    for (const pair of pairsOf(size)) {
      const { seed } = pair;
      const random = randomFrom(seed + 100);
      const moments = momentsOf(pair);
      // Many of them near the end, where one begins.
      const wanted = [...moments.slice(-25), ...shuffled(moments, random).slice(0, 40)];
      for (const from of wanted)
        for (const kind of movements)
          for (const breakpoints of stops) {
            const thread = pair.whole.threadAt(from);
            const where = `seed ${seed}, ${kind} from ${from.step}.${from.event} by ${JSON.stringify(breakpoints)}`;
            ends.same(pair, (travel) => found(travel.moving(kind, from, thread, breakpoints)), where);
          }
    }
    expect(ends.share).toBeGreaterThan(0.1);
  });
});

/** One object that changes in each block, and is not recorded from an event on. Every eighth block has a checkpoint of it. */
function* changedAgain(kind: "array" | "list", unknownAfter: number): Generator<RecordedEvent> {
  yield { op: "threadStart", thread: 1, name: "MainThread" };
  yield { op: "thread", thread: 1 };
  yield { op: "call", callerOffset: 0, frame: 1, code: 1, globals: 0, mapping: 0, isGenerator: false, values: [] };
  yield { op: "new", object: 2, kind, type: kind, contents: { items: [int(0)] } };
  for (let round = 0; round < 20; round++) {
    yield { op: "line", offset: 0 };
    if (round === unknownAfter) yield { op: "unknown", reason: 1, objects: [2] };
    yield { op: "line", offset: 2 };
    yield { op: "itemSet", object: 2, index: 0, value: int(round) };
  }
}

describe("an object of which a checkpoint is the nearest contents", () => {
  for (const kind of ["list", "array"] as const) {
    it(`is not taken for recorded because of it: ${kind}`, () => {
      const objects = new Comparison();
      for (let unknownAfter = 0; unknownAfter < 20; unknownAfter++) {
        const events = [...changedAgain(kind, unknownAfter)];
        // Memory of an array is shared: a change of it does not say that all of it is known.
        const written = kind === "array" ? events : asWritten(events);
        const { file } = new RecordingBuilder({ codes: CODES, blockEvents: 3 }).addAll(written).seal();
        const travel = glanceAt(bytesOf(file), nodeCodecs)?.travel;
        if (travel === undefined) expect.unreachable("it can be looked at");
        const pair = { early: travel, whole: openRecording(bytesOf(file), nodeCodecs) };
        for (const moment of momentsOf(pair)) {
          const where = `${kind}, unknown after ${unknownAfter}, moment ${moment.step}.${moment.event}`;
          objects.same(pair, (one) => one.objectAt(moment, 2), where);
        }
      }
      expect(objects.answered).toBeGreaterThan(100);
      expect(objects.waiting).toBeGreaterThan(0);
    });
  }
});
