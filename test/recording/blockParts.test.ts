// A look at a moment reads of a block only what it needs. It is the same as what all of the block says.
import { describe, expect, it } from "vitest";
import { WireError } from "../../src/base/errors.ts";
import { nodeCodecs } from "../../src/node/openFile.ts";
import type { Recording } from "../../src/recording/recording.ts";
import { IndexedHistory } from "../../src/travel/indexedHistory.ts";
import { indexRecording, openRecording } from "../../src/travel/openRecording.ts";
import { Cursor } from "../../src/wire/cursor.ts";
import { ObjectScanner } from "../../src/wire/objectScan.ts";
import { bytesOf, emptyColumnFile } from "../support/byteSources.ts";
import { CODES, randomFrom, randomProgram } from "../support/randomProgram.ts";
import { int, NONE, type RecordedEvent } from "../support/recordedEvents.ts";
import { RecordingBuilder } from "../support/recordingBuilder.ts";
import { frameDifferences, objectDifferences } from "../support/sameBlocks.ts";

function recordingOf(events: readonly RecordedEvent[], blockEvents: number, isSealed = true): Recording {
  const builder = new RecordingBuilder({ codes: CODES, blockEvents });
  builder.addAll(events);
  if (isSealed) builder.seal();
  const tails = isSealed ? [] : builder.tails.map(bytesOf);
  const history = new IndexedHistory(bytesOf(builder.file), tails, nodeCodecs);
  history.refresh();
  return history.recording;
}

/** Each row, in an order that goes forward and back; -1 is the keyframe. */
function allRows(count: number, random: () => number): readonly number[] {
  const rows = Array.from({ length: count + 1 }, (_, index) => index - 1);
  return rows
    .map((row) => ({ row, place: row + random() * 40 }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ row }) => row);
}

/** A recursion of that depth, and back. */
function deepRecursion(depth: number): RecordedEvent[] {
  const events: RecordedEvent[] = [
    { op: "threadStart", thread: 1, name: "MainThread" },
    { op: "thread", thread: 1 },
  ];
  for (let level = 1; level <= depth; level++) {
    const values = [int(level)];
    const call = { callerOffset: level > 1 ? 2 : 0, frame: level, code: 2, globals: 0, mapping: 0, isGenerator: false };
    events.push(
      { op: "call", ...call, values },
      { op: "line", offset: 1 },
      { op: "write", slot: 1, value: int(-level) },
    );
  }
  for (let level = depth; level > 0; level--) {
    events.push({ op: "return", offset: 5, value: NONE });
    if (level > 1) events.push({ op: "line", offset: 3 }, { op: "write", slot: 2, value: int(level) });
  }
  return events;
}

describe("frames and objects of a block", () => {
  for (const blockEvents of [7, 40, 1000]) {
    it(`are those of all of its events, in blocks of ${blockEvents} events`, () => {
      let blocks = 0;
      for (let seed = 0; seed < 30; seed++) {
        const recording = recordingOf(randomProgram(seed, 300), blockEvents, seed % 3 > 0);
        for (let number = 0; number < recording.history.blocks; number++) {
          const rows = allRows(recording.block(number).events.count, randomFrom(seed));
          expect(frameDifferences(recording, number, rows), `seed ${seed}`).toEqual([]);
          expect(objectDifferences(recording, number), `seed ${seed}`).toEqual([]);
          blocks++;
        }
      }
      expect(blocks).toBeGreaterThan(29);
    });
  }

  it("are those of all of its events in a deep recursion", () => {
    for (const blockEvents of [500, 10_000]) {
      const recording = recordingOf(deepRecursion(900), blockEvents);
      for (let number = 0; number < recording.history.blocks; number++) {
        const { count } = recording.block(number).events;
        const rows = Array.from({ length: Math.ceil(count / 97) }, (_, index) => index * 97);
        expect(frameDifferences(recording, number, [...rows, count - 1, 0, -1])).toEqual([]);
      }
    }
  });
});

describe("a block that is read for its objects alone", () => {
  it("has the objects at a moment that it has when it was decoded whole", () => {
    let asked = 0;
    for (let seed = 0; seed < 12; seed++) {
      const builder = new RecordingBuilder({ codes: CODES, blockEvents: 12 });
      const file = builder.addAll(randomProgram(seed, 400)).seal().file;
      const index = emptyColumnFile();
      indexRecording(bytesOf(file), nodeCodecs, index, 4);
      const whole = openRecording(bytesOf(file), nodeCodecs, { index });
      for (let step = 0; step <= whole.last.step; step++) whole.stackAt({ step, event: 0 }, 1);
      const random = randomFrom(seed);
      for (let round = 0; round < 25; round++) {
        const moment = { step: Math.floor(random() * (whole.last.step + 1)), event: Math.floor(random() * 4) };
        // Opened anew: nothing is decoded but what the question needs.
        const travel = openRecording(bytesOf(file), nodeCodecs, { index });
        const object = 1 + Math.floor(random() * 30);
        expect(travel.objectAt(moment, object)).toEqual(whole.objectAt(moment, object));
        if (whole.objectAt(moment, object) !== undefined) asked++;
      }
    }
    expect(asked).toBeGreaterThan(100);
  });

  it("shows the truth or says that the file is damaged, where that happened after it was indexed", () => {
    const random = randomFrom(5);
    const file = new RecordingBuilder({ codes: CODES, blockEvents: 12 }).addAll(randomProgram(6, 400)).seal().file;
    const index = emptyColumnFile();
    indexRecording(bytesOf(file), nodeCodecs, index, 4);
    const whole = openRecording(bytesOf(file), nodeCodecs, { index });
    let damaged = 0;
    let sound = 0;
    for (let round = 0; round < 400; round++) {
      const bytes = file.slice();
      // Not in what opening reads: META and the code come first.
      const place = Math.floor(bytes.length * (0.3 + 0.7 * random()));
      bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8));
      const travel = openRecording(bytesOf(bytes), nodeCodecs, { index });
      if (travel.summary.steps < whole.summary.steps) continue;
      const moment = { step: Math.floor(random() * (whole.last.step + 1)), event: 0 };
      try {
        for (let object = 1; object < 30; object++)
          expect(travel.objectAt(moment, object)).toEqual(whole.objectAt(moment, object));
        sound++;
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
        expect(String(error)).toContain("contents are damaged");
        damaged++;
      }
    }
    expect(damaged).toBeGreaterThan(20);
    expect(sound).toBeGreaterThan(20);
  });

  it("ends in an error or in entries inside of it, whatever its bytes are", () => {
    const random = randomFrom(3);
    let refused = 0;
    for (let seed = 0; seed < 20; seed++) {
      const recording = recordingOf(randomProgram(seed, 200), 1000);
      const block = recording.block(0);
      const scanner = new ObjectScanner(recording.objectKinds);
      for (let round = 0; round < 500; round++) {
        const bytes = block.payload.slice();
        for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--)
          bytes[block.keyframeEnd + Math.floor(random() * (bytes.length - block.keyframeEnd))] = Math.floor(
            random() * 256,
          );
        const end = bytes.length - Math.floor(random() * 3);
        try {
          const { count, at, strings, rows } = scanner.scan(new Cursor(bytes, block.keyframeEnd, end, 0));
          expect(count).toBeLessThan(end);
          expect(at.every((position) => position >= block.keyframeEnd && position < end)).toBe(true);
          expect(strings.every((position) => position < end)).toBe(true);
          expect(rows.every((row, entry) => entry === 0 || row > (rows[entry - 1] ?? 0))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
          refused++;
        }
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });
});
