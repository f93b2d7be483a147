// Who wrote what: every history on random recordings, against the naive one.
import { describe, expect, it } from "vitest";
import { nodeCodecs } from "../../src/node/openFile.ts";
import { openRecording } from "../../src/travel/openRecording.ts";
import type { Place } from "../../src/travel/places.ts";
import type { Write } from "../../src/travel/placeWrites.ts";
import type { Moment, TimeTravel, Value } from "../../src/travel/timeTravel.ts";
import { bytesOf } from "../support/byteSources.ts";
import { type NaiveWrite, naiveObjectWrites, naiveSlotWrites } from "../support/naiveHistory.ts";
import { NaiveReplayer } from "../support/naiveReplayer.ts";
import { CODES, randomFrom, randomProgram } from "../support/randomProgram.ts";
import { int, type RecordedEvent, str } from "../support/recordedEvents.ts";
import { RecordingBuilder } from "../support/recordingBuilder.ts";

interface Pair {
  readonly travel: TimeTravel;
  readonly naive: NaiveReplayer;
  readonly objects: readonly number[];
  readonly frames: ReadonlyMap<number, number>;
}

function pairOf(seed: number, length: number, blockEvents: number): Pair {
  const builder = new RecordingBuilder({ codes: CODES, blockEvents, share: seed % 3 !== 0 });
  builder.addAll(randomProgram(seed, length));
  builder.seal();
  const travel = openRecording(bytesOf(builder.file), nodeCodecs);
  const naive = new NaiveReplayer(builder.events, CODES);
  const objects = builder.events.flatMap((event) => (event.op === "new" ? [event.object] : []));
  const frames = new Map(
    builder.events.flatMap((event) => (event.op === "call" ? [[event.frame, event.code] as const] : [])),
  );
  return { travel, naive, objects, frames };
}

/** What both sides must say of a write. */
function shapes(naive: NaiveReplayer, writes: readonly Write[]): unknown[] {
  return writes
    .filter(({ kind }) => kind !== "unknown")
    .map(({ moment, value }) => ({ index: naive.indexOf(moment), value: bare(value) }));
}

function naiveShapes(writes: readonly NaiveWrite[]): unknown[] {
  return writes.map(({ index, value }) => ({ index, value: bare(value) }));
}

/** Since when a value is not recorded is told by the views' tests. */
function bare(value: Value | undefined): Value | undefined {
  return value?.kind === "notRecorded" ? { ...value, sinceStep: 0 } : value;
}

function placesOf(travel: TimeTravel, moment: Moment, object: number): Place[] {
  const view = travel.objectAt(moment, object);
  if (view === undefined) return [];
  const places: Place[] = view.kind === "cell" ? [{ kind: "contents", object }] : [];
  for (let index = 0; index < 3; index++) places.push({ kind: "item", object, index });
  for (let name = 0; name < 5; name++) places.push({ kind: "attribute", object, name: `a${name}` });
  for (const [key] of view.entries) places.push({ kind: "entry", object, key });
  return places;
}

describe("the history of a place equals the naive one", () => {
  for (const { blockEvents, length, seeds } of [
    { blockEvents: 5, length: 150, seeds: 12 },
    { blockEvents: 17, length: 250, seeds: 8 },
    { blockEvents: 1000, length: 300, seeds: 3 },
  ]) {
    it(`in blocks of ${blockEvents} events`, () => {
      let compared = 0;
      for (let seed = 1; seed <= seeds; seed++) {
        const { travel, naive, objects, frames } = pairOf(seed, length, blockEvents);
        const random = randomFrom(seed + 77);
        for (const moment of naive.moments()) {
          if (random() < 0.7) continue;
          const where = `seed ${seed}, moment ${moment.step}.${moment.event}`;
          // Events before the first step belong to no moment of their own.
          if (moment.step === 0) continue;
          for (const [frame, code] of frames) {
            const names = CODES.find(({ id }) => id === code);
            if (random() < 0.7 || names === undefined || code === 1) continue;
            [...names.slots, ...names.free].forEach((name, slot) => {
              if (travel.scopesAt(moment, frame) === undefined) return;
              const expected = naiveSlotWrites(naive, moment, frame, slot);
              if (expected.some(({ index }) => naive.momentOf(index).step === 0)) return;
              const { entries } = travel.past.writes(moment, { kind: "variable", frame, name }, undefined, 1000);
              expect(shapes(naive, entries), `${where}, ${name} of frame ${frame}`).toEqual(naiveShapes(expected));
              compared += expected.length;
            });
          }
          for (const object of objects) {
            if (random() < 0.8) continue;
            for (const place of placesOf(travel, moment, object)) {
              const expected = naiveObjectWrites(naive, moment, place);
              if (expected.some(({ index }) => naive.momentOf(index).step === 0)) continue;
              const { entries } = travel.past.writes(moment, place, undefined, 1000);
              expect(shapes(naive, entries), `${where}, ${place.kind} of object ${object}`).toEqual(
                naiveShapes(expected),
              );
              compared += expected.length;
            }
          }
        }
      }
      expect(compared).toBeGreaterThan(500);
    }, 120_000);
  }

  it("in pages of any size", () => {
    const { travel, naive, objects } = pairOf(4, 300, 17);
    const moment = naive.moments().at(-1) ?? travel.first;
    for (const object of objects) {
      for (const place of placesOf(travel, moment, object)) {
        const whole = travel.past.writes(moment, place, undefined, 1000).entries;
        const paged: Write[] = [];
        for (let from: number | undefined = undefined; ;) {
          const page = travel.past.writes(moment, place, from, 2);
          paged.push(...page.entries);
          if (page.next === undefined) break;
          from = page.next;
        }
        expect(paged.map(({ event }) => event)).toEqual(whole.map(({ event }) => event));
      }
    }
  });
});

/** Objects that live long and change all the time, mostly elsewhere than where somebody looks. */
function longLives(seed: number, rounds: number, isFar: boolean): readonly RecordedEvent[] {
  const random = randomFrom(seed);
  function upTo(end: number): number {
    return Math.floor(random() * end);
  }
  const [list, dict, instance] = [2, 3, 4];
  const events: RecordedEvent[] = [
    { op: "threadStart", thread: 1, name: "MainThread" },
    { op: "thread", thread: 1 },
    { op: "new", object: 1, kind: "namespace", type: "dict", contents: { entries: [] } },
    { op: "call", callerOffset: 0, frame: 1, code: 1, globals: 1, mapping: 1, isGenerator: false, values: [] },
    { op: "line", offset: 1 },
    { op: "new", object: list, kind: "list", type: "list", contents: { items: [int(7), int(8)] } },
    { op: "new", object: dict, kind: "dict", type: "dict", contents: { entries: [[str("k0"), int(0)]] } },
    { op: "new", object: instance, kind: "instance", type: "C", contents: { attributes: [["a0", int(0)]] } },
  ];
  let length = 2;
  let keys = ["k0"];
  let names = 1;
  for (let round = 0; round < rounds; round++) {
    events.push({ op: "line", offset: 1 + (round % 5) });
    const value = int(round);
    const isRare = !isFar && random() < 0.04;
    switch (upTo(isRare ? 5 : 4)) {
      case 0:
        if (random() < 0.7 || isFar) events.push({ op: "append", object: list, entry: value });
        else events.push({ op: "itemSet", object: list, index: upTo(length), value });
        length += events.at(-1)?.op === "append" ? 1 : 0;
        break;
      case 1:
        if (random() < 0.3) {
          keys.push(`k${round + 1}`);
          events.push({ op: "append", object: dict, entry: [str(keys.at(-1) ?? ""), value] });
        } else events.push({ op: "itemSet", object: dict, index: isFar ? keys.length - 1 : upTo(keys.length), value });
        break;
      case 2:
        events.push({ op: "attributeSet", object: instance, name: isFar ? "busy" : `a${upTo(6)}`, value });
        names = Math.max(names, 6);
        break;
      case 3:
        events.push({ op: "append", object: list, entry: value });
        length++;
        break;
      default: {
        const start = upTo(Math.min(length, 4));
        const deleted = Math.min(upTo(3), length - start);
        const inserted = Array.from({ length: upTo(3) }, (_, at) => int(at));
        events.push({ op: "splice", object: list, start, deleted, inserted });
        length += inserted.length - deleted;
        const gone = upTo(keys.length);
        events.push({ op: "splice", object: dict, start: gone, deleted: 1, inserted: [] });
        keys = keys.filter((_, at) => at !== gone);
        if (keys.length === 0) {
          keys = [`k${round + 1}`];
          events.push({ op: "append", object: dict, entry: [str(keys[0] ?? ""), value] });
        }
        if (random() < 0.3) events.push({ op: "unknown", reason: 1, objects: [list, instance] });
        if (random() < 0.5) events.push({ op: "known", object: instance });
      }
    }
  }
  return events;
}

function placesOfLongLives(keys: readonly Value[]): readonly Place[] {
  return [
    ...[0, 1, 2, 5, 31, 32, 40].map((index) => ({ kind: "item", object: 2, index }) as const),
    ...keys.map((key) => ({ kind: "entry", object: 3, key }) as const),
    ...["a0", "a1", "a5", "no"].map((name) => ({ kind: "attribute", object: 4, name }) as const),
  ];
}

describe("an object that lives long and changes all the time", () => {
  it("has the history that the naive one has", () => {
    let compared = 0;
    for (let seed = 1; seed <= 6; seed++) {
      const builder = new RecordingBuilder({ codes: CODES, blockEvents: 11 + seed });
      builder.addAll(longLives(seed, 500, false));
      builder.seal();
      const travel = openRecording(bytesOf(builder.file), nodeCodecs);
      const naive = new NaiveReplayer(builder.events, CODES);
      for (const share of [0.2, 0.6, 1]) {
        const moment = { step: Math.floor(travel.last.step * share), event: 0 };
        const keys = (travel.objectAt(moment, 3)?.entries ?? []).map(([key]) => key);
        for (const place of placesOfLongLives([...keys.slice(0, 5), ...keys.slice(-2), str("gone")])) {
          const expected = naiveObjectWrites(naive, moment, place);
          const { entries } = travel.past.writes(moment, place, undefined, 1000);
          const where = `seed ${seed}, step ${moment.step}, ${JSON.stringify(place)}`;
          const known = expected.filter(({ index }) => naive.momentOf(index).step > 0);
          expect(
            shapes(
              naive,
              entries.filter(({ moment: { step } }) => step > 0),
            ),
            where,
          ).toEqual(naiveShapes(known));
          compared += known.length;
        }
      }
    }
    expect(compared).toBeGreaterThan(500);
  }, 120_000);

  it("is asked about a write far back without a walk through its blocks", () => {
    const builder = new RecordingBuilder({ codes: CODES, blockEvents: 20 });
    builder.addAll(longLives(9, 12_000, true));
    builder.seal();
    let reads = 0;
    const bytes = bytesOf(builder.file);
    const counting = {
      ...bytes,
      read: (offset: number, length: number) => {
        reads++;
        return bytes.read(offset, length);
      },
    };
    const travel = openRecording(counting, nodeCodecs);
    const moment = travel.last;
    expect(builder.seals.length).toBeGreaterThan(1000);
    for (const place of placesOfLongLives([str("k0")])) {
      const before = reads;
      const write = travel.past.lastWrite(moment, place);
      const isThere = !("name" in place) || place.name === "a0";
      expect(write !== undefined, JSON.stringify(place)).toBe(isThere);
      expect(reads - before, JSON.stringify(place)).toBeLessThan(200);
    }
  });
});
