// Recordings that are cut, damaged, newer than this reader, or still growing.
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { nodeCodecs } from "../../src/node/openFile.ts";
import { openRecording } from "../../src/travel/openRecording.ts";
import type { Breakpoint, Moment, TimeTravel } from "../../src/travel/timeTravel.ts";
import { bytesOf, emptyColumnFile, growingBytes } from "../support/byteSources.ts";
import { CODES, randomFrom, randomProgram } from "../support/randomProgram.ts";
import { fileHeader, RecordingBuilder } from "../support/recordingBuilder.ts";

const exceptions: readonly Breakpoint[] = (["raised", "uncaught"] as const).map((when, index) => ({
  id: index + 2,
  place: { kind: "exception", when, types: undefined },
}));

const SOURCES = [{ id: 1, file: "/p/main.py", text: "import this\n" }];

function recordingOf(seed: number, length: number, blockEvents: number): RecordingBuilder {
  const builder = new RecordingBuilder({ codes: CODES, blockEvents, sources: SOURCES });
  return builder.addAll(randomProgram(seed, length)).seal();
}

function open(bytes: Uint8Array): TimeTravel {
  return openRecording(bytesOf(bytes), nodeCodecs);
}

/** What the thread that runs shows at a moment. */
function sceneOf(travel: TimeTravel, moment: Moment, thread = travel.threadAt(moment)): unknown {
  const stack = travel.stackAt(moment, thread);
  const scopes = stack.map(({ frame }) => travel.scopesAt(moment, frame));
  const objects = Array.from({ length: 30 }, (_, object) => travel.objectAt(moment, object));
  return { thread, stack, scopes, objects };
}

/** What all threads show. */
function viewOf(travel: TimeTravel, moment: Moment): unknown {
  const threads = travel.threadsAt(moment);
  return { threads, scenes: threads.map(({ thread }) => sceneOf(travel, moment, thread)) };
}

describe("a recording that was cut", () => {
  const whole = recordingOf(3, 150, 20).file;
  const truth = open(whole);

  it("opens at every length, with the same past as the whole one", () => {
    let longest = 0;
    for (let length = 0; length <= whole.length; length++) {
      const travel = open(whole.subarray(0, length));
      longest = Math.max(longest, travel.summary.steps);
      expect(travel.summary.steps, `${length} bytes`).toBe(longest);
      if (length < whole.length) expect(travel.summary.notes.length, `${length} bytes`).toBeGreaterThan(0);
      if (length % 7 !== 0 || travel.summary.steps === 0) continue;
      const moment = travel.last;
      expect(travel.isInside(moment)).toBe(true);
      expect(travel.stackAt(moment, 1), `${length} bytes`).toEqual(truth.stackAt(moment, 1));
      expect(travel.continueBackward(moment, []).moment).toEqual(travel.first);
    }
    expect(longest).toBe(truth.summary.steps);
  });

  it("says where it ends", () => {
    const { notes } = open(whole.subarray(0, -1)).summary;
    expect(notes[0]).toMatch(/^The file ends in the middle of a frame\. What comes before byte \d+ is used\.$/u);
  });

  it("answers every question about an empty history", () => {
    for (const bytes of [new Uint8Array(), whole.subarray(0, 16), whole.subarray(0, 100)]) {
      const travel = open(bytes);
      const none = [...exceptions];
      expect(travel.isInside(travel.first)).toBe(false);
      expect(travel.last).toEqual({ step: 0, event: 0 });
      expect(travel.endOf(5)).toEqual({ step: 0, event: 0 });
      expect(travel.threadAt(travel.last)).toBe(0);
      expect(travel.threadsAt(travel.last)).toEqual([]);
      expect(travel.stackAt(travel.last, 1)).toEqual([]);
      expect(travel.scopesAt(travel.last, 1)).toBeUndefined();
      expect(travel.frameAt(travel.last, 1)).toBeUndefined();
      expect(travel.objectAt(travel.last, 1)).toBeUndefined();
      expect(travel.exceptionAt(travel.last, 1)).toBeUndefined();
      expect(travel.output(travel.first, travel.last)).toEqual([]);
      expect(travel.next(travel.last, 1, none).reason.kind).toBe("noMoreSteps");
      expect(travel.continueForward(travel.last, none).reason.kind).toBe("end");
      expect(travel.continueBackward(travel.last, none).reason.kind).toBe("start");
      expect(travel.executionsAround(travel.last, "/p/main.py", 1).first).toBeUndefined();
    }
  });
});

describe("a damaged recording", () => {
  it("shows nothing but the truth, whatever byte is flipped", () => {
    const whole = recordingOf(5, 160, 20).file;
    const truth = open(whole);
    const random = randomFrom(99);
    let refused = 0;
    let shortened = 0;
    for (let round = 0; round < 10_000; round++) {
      const bytes = whole.slice();
      const place = Math.floor(random() * bytes.length);
      bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8));
      let travel: TimeTravel;
      try {
        travel = open(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        refused++;
        continue;
      }
      expect(travel.summary.notes[0], `byte ${place}`).toMatch(/damaged|middle of a frame/u);
      if (travel.summary.steps < truth.summary.steps) shortened++;
      if (travel.summary.steps === 0 || round % 10 !== 0) continue;
      const moment = travel.last;
      const where = `byte ${place}, moment ${moment.step}.${moment.event}`;
      if (!isDeepStrictEqual(sceneOf(travel, moment), sceneOf(truth, moment))) {
        expect(sceneOf(travel, moment), where).toEqual(sceneOf(truth, moment));
      }
    }
    expect(refused).toBeGreaterThan(0);
    expect(shortened).toBeGreaterThan(5000);
  });

  it("never crashes or hangs on events of random bytes", () => {
    const random = randomFrom(7);
    for (let round = 0; round < 2000; round++) {
      const builder = new RecordingBuilder({ codes: CODES, blockEvents: 1000 });
      builder.addAll(randomProgram(round, 30)).seal();
      const noise = Array.from({ length: 1 + Math.floor(random() * 80) }, () => Math.floor(random() * 256));
      const keyframe = [0, 0];
      const sections = [keyframe.length, noise.length, 2].flatMap((length) => [length, 0, 0, 0]);
      builder.addFrame(2, [...sections, ...keyframe, ...noise, 0, 0], 0);
      const travel = open(builder.file);
      expect(travel.summary.notes[0]).toContain("damaged");
    }
  });

  it("never crashes or hangs on a tail of random bytes", () => {
    const random = randomFrom(8);
    for (let round = 0; round < 2000; round++) {
      const builder = new RecordingBuilder({ codes: CODES, blockEvents: 1000 }).addAll(randomProgram(round, 60));
      const tail = builder.tail.slice();
      const place = 64 + Math.floor(random() * (tail.length - 64));
      for (let index = place; index < tail.length; index++) tail[index] = Math.floor(random() * 256);
      const travel = openRecording(bytesOf(builder.file), nodeCodecs, { tails: [bytesOf(tail)] });
      expect(travel.summary.steps).toBeGreaterThanOrEqual(0);
      if (travel.summary.steps > 0) travel.stackAt(travel.last, travel.threadAt(travel.last));
    }
  });

  it("does not inflate more than a frame can be", () => {
    const builder = recordingOf(3, 60, 20);
    const bytes = builder.file.slice();
    // The raw length of META, the first frame, with a header that checks.
    const header = bytes.subarray(16, 64);
    new DataView(bytes.buffer).setUint32(16 + 16, 65 * 1024 * 1024, true);
    new DataView(bytes.buffer).setUint32(16 + 44, nodeCodecs.crc32(header.subarray(0, 44)), true);
    expect(open(bytes).summary.notes[0]).toContain("larger than a frame can be");
  });
});

describe("a file that is not for this reader", () => {
  it("is refused by name when it has another major version", () => {
    const bytes = recordingOf(3, 60, 20).file.slice();
    bytes.set(fileHeader(2));
    expect(() => open(bytes)).toThrow(/format version 2\.0; this Hindsight reads version 1\. Update Hindsight/u);
  });

  it("is refused when it is no recording", () => {
    expect(() => open(new TextEncoder().encode("print('hello')\n"))).toThrow(/not a Hindsight recording/u);
  });

  it("has frames of unknown kinds skipped", () => {
    const builder = new RecordingBuilder({ codes: CODES, blockEvents: 10 });
    builder.addFrame(99, [1, 2, 3], 0).addAll(randomProgram(4, 50)).seal().addFrame(77, [], 0);
    const travel = open(builder.file);
    expect(travel.summary.steps).toBeGreaterThan(3);
    expect(travel.summary.notes.join()).not.toContain("damaged");
  });
});

describe("a recording that grows", () => {
  it("shows the same at every stage as when it is opened then", () => {
    const events = randomProgram(11, 200);
    const builder = new RecordingBuilder({ codes: CODES, blockEvents: 23, sources: SOURCES });
    const live = openRecording(
      growingBytes(() => builder.file),
      nodeCodecs,
      { tails: [growingBytes(() => builder.tail)], scratch: emptyColumnFile, run: 2 },
    );
    // The same by a writer whose blocks come into the file in pieces, behind what it writes already.
    let stage = 0;
    const behind = openRecording(
      growingBytes(() => builder.fileWhileSealing((stage % 5) / 4)),
      nodeCodecs,
      {
        tails: [0, 1].map((place) => growingBytes(() => builder.tails[place] ?? new Uint8Array())),
        scratch: emptyColumnFile,
        run: 2,
      },
    );
    const line: Breakpoint = { id: 1, place: { kind: "line", file: "/p/main.py", line: 12 } };
    const breakpoints = [line, ...exceptions];
    let stages = 0;
    for (const event of events) {
      builder.add(event);
      if (builder.events.length % 3 !== 0) continue;
      stage = Math.floor(stages / 3);
      live.refresh();
      behind.refresh();
      const fresh = openRecording(bytesOf(builder.file), nodeCodecs, { tails: [bytesOf(builder.tail)] });
      stages++;
      for (const travel of [live, behind]) {
        expect(travel.last).toEqual(fresh.last);
        expect(travel.summary).toEqual(fresh.summary);
      }
      if (fresh.summary.steps === 0) continue;
      for (const moment of [fresh.last, { step: Math.floor(fresh.last.step / 2), event: 0 }]) {
        for (const travel of [live, behind]) {
          expect(viewOf(travel, moment)).toEqual(viewOf(fresh, moment));
          expect(travel.continueBackward(moment, breakpoints)).toEqual(fresh.continueBackward(moment, breakpoints));
          expect(travel.continueForward(moment, breakpoints)).toEqual(fresh.continueForward(moment, breakpoints));
          expect(travel.executionCounts("/p/main.py")).toEqual(fresh.executionCounts("/p/main.py"));
          expect(travel.output(fresh.first, moment)).toEqual(fresh.output(fresh.first, moment));
        }
      }
    }
    expect(stages).toBeGreaterThan(50);
  });

  it("takes the tail of a killed program, and not that of another recording", () => {
    const builder = new RecordingBuilder({ codes: CODES, blockEvents: 40 }).addAll(randomProgram(11, 100));
    const without = openRecording(bytesOf(builder.file), nodeCodecs);
    const salvaged = openRecording(bytesOf(builder.file), nodeCodecs, { tails: [bytesOf(builder.tail)] });
    expect(salvaged.summary.events).toBe(builder.events.length);
    expect(without.summary.events).toBeLessThan(builder.events.length);
    const foreign = builder.tail.slice();
    foreign.fill(1, 8, 24);
    expect(openRecording(bytesOf(builder.file), nodeCodecs, { tails: [bytesOf(foreign)] }).summary).toEqual(
      without.summary,
    );
  });
});
