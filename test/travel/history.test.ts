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
