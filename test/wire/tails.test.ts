// Blocks that are in tails, while the process that writes them goes on.
import { describe, expect, it } from "vitest";
import { nodeCodecs } from "../../src/node/openFile.ts";
import { indexRecording, openRecording } from "../../src/travel/openRecording.ts";
import type { RecordingSummary } from "../../src/travel/timeTravel.ts";
import { readTails } from "../../src/wire/tail.ts";
import type { ByteSource } from "../../src/wire/byteSource.ts";
import { bytesOf, emptyColumnFile } from "../support/byteSources.ts";
import { CODES, randomProgram } from "../support/randomProgram.ts";
import { RecordingBuilder } from "../support/recordingBuilder.ts";

interface TailText {
  readonly recording?: number;
  readonly seq?: number;
  readonly block: number;
  readonly events: string;
}

/** A tail file: its recording's id is made of one byte, its keyframe is "K". */
function tailBytes({ recording = 7, block, seq = block + 1, events }: TailText): Uint8Array {
  const bytes = new Uint8Array(64 + 1 + events.length + 20);
  const fields = new DataView(bytes.buffer);
  bytes.set([0x89, 0x48, 0x53, 0x54, 0x41, 0x49, 0x4c, 0x0a]);
  bytes.fill(recording, 8, 24);
  fields.setUint32(24, seq, true);
  fields.setUint32(40, 1, true);
  fields.setUint32(44, events.length, true);
  fields.setUint32(48, block, true);
  bytes.set(new TextEncoder().encode(`K${events}`), 64);
  return bytes;
}

/** Files that change before the reads of these numbers, counted over all of them. */
function changing(states: readonly { readonly from: number; readonly tails: readonly TailText[] }[]): ByteSource[] {
  let reads = 0;
  return [0, 1].map((place) => ({
    size: () => 0,
    read(offset, length) {
      const tail = states.findLast(({ from }) => from <= reads)?.tails[place];
      reads++;
      return tail === undefined ? new Uint8Array() : tailBytes(tail).subarray(offset, offset + length);
    },
    close() {
      // Nothing is open.
    },
  }));
}

function seen(sources: readonly ByteSource[]): readonly (readonly [number, string, boolean])[] {
  return readTails(sources).map(({ block, events, isWhole }) => [block, new TextDecoder().decode(events), isWhole]);
}

function seenIn(...tails: readonly TailText[]): ReturnType<typeof seen> {
  return seen(tails.map((tail) => bytesOf(tailBytes(tail))));
}

describe("two tails", () => {
  const [three, four] = [
    { block: 3, events: "abc" },
    { block: 4, events: "de" },
  ];

  it("are read by their blocks' numbers, whichever file each is in", () => {
    const blocks = [
      [3, "abc", true],
      [4, "de", false],
    ];
    expect(seenIn(three, four)).toEqual(blocks);
    expect(seenIn(four, three)).toEqual(blocks);
  });

  it("can be one, or none", () => {
    expect(seenIn(three)).toEqual([[3, "abc", false]]);
    expect(seen([bytesOf(new Uint8Array()), bytesOf(tailBytes(four))])).toEqual([[4, "de", false]]);
    expect(seen([bytesOf(new Uint8Array(64)), bytesOf(new Uint8Array(100))])).toEqual([]);
  });

  it("do not make each other whole when they are of different recordings", () => {
    expect(seenIn(three, { ...four, recording: 8 })).toEqual([
      [3, "abc", false],
      [4, "de", false],
    ]);
  });

  // Reads: header 3, header 4, then of each tail in the order of the files its header anew if it is whole, contents, header.
  it("show all of a block that grew until the next one began", () => {
    for (const from of [1, 2]) {
      const grown = { ...three, events: "abcXYZ" };
      const states = [
        { from: 0, tails: [three, { block: 2, events: "old" }] },
        { from, tails: [grown, four] },
      ];
      // The second header shows block 4, or still block 2.
      const expected =
        from === 1
          ? [
              [3, "abcXYZ", true],
              [4, "de", false],
            ]
          : [[3, "abc", false]];
      expect(seen(changing(states))).toEqual(expected);
    }
  });

  it("leave out a block that was replaced while it was read", () => {
    for (const from of [2, 3, 4]) {
      const states = [
        { from: 0, tails: [three, four] },
        { from, tails: [{ block: 5, events: "" }, four] },
      ];
      expect(seen(changing(states))).toEqual([[4, "de", false]]);
    }
  });
});

describe("a recording with blocks in both tails", () => {
  const builder = new RecordingBuilder({ codes: CODES, blockEvents: 40 }).addAll(randomProgram(11, 100));
  function summaryOf(file: Uint8Array, tails: readonly Uint8Array[]): RecordingSummary {
    return openRecording(bytesOf(file), nodeCodecs, { tails: tails.map(bytesOf) }).summary;
  }
  const whole = summaryOf(builder.file, [builder.tail]);

  it("is the same, however much of the first one's frame is in the file", () => {
    expect(whole.events).toBe(builder.events.length);
    for (const written of [0, 0.01, 0.5, 0.99, 1]) {
      const file = builder.fileWhileSealing(written);
      expect(summaryOf(file, builder.tails)).toEqual(whole);
      expect(summaryOf(file, builder.tails.toReversed())).toEqual(whole);
    }
  });

  it("ends before a block that is missing", () => {
    const file = builder.fileWhileSealing(0);
    expect(summaryOf(file, [builder.tail])).toEqual(summaryOf(file, []));
    expect(summaryOf(file, [builder.tail]).events).toBeLessThan(whole.events);
  });

  it("ends inside the first one when that is damaged", () => {
    const file = builder.fileWhileSealing(0);
    const tails = builder.tails.map((tail) => tail.slice());
    const first = tails.find((tail) => tail[48] !== builder.tail[48]);
    const fields = new DataView(first?.buffer ?? new ArrayBuffer(0));
    // Its last event is cut off.
    fields.setUint32(44, fields.getUint32(44, true) - 1, true);
    const summary = summaryOf(file, tails);
    expect(summary.events).toBeGreaterThan(summaryOf(file, []).events);
    expect(summary.events).toBeLessThan(whole.events);
  });

  it("says so when the file gets another block than the tail had", () => {
    let file = builder.fileWhileSealing(0);
    const source: ByteSource = {
      size: () => file.length,
      read: (offset, length) => file.subarray(offset, offset + length),
      close() {
        // Nothing is open.
      },
    };
    const travel = openRecording(source, nodeCodecs, { tails: builder.tails.map(bytesOf) });
    const other = new RecordingBuilder({ codes: CODES, blockEvents: 40 }).addAll(randomProgram(12, 100));
    // Its last frame is of a block of the same number.
    file = Uint8Array.from([...file, ...other.file.subarray(other.fileWhileSealing(0).length)]);
    travel.refresh();
    expect(travel.summary.notes.join()).toContain("the block holds other events than its tail had");
    expect(travel.summary.events).toBe(whole.events);
  });
});

it("says how long the program waited, when that is more than a trifle", () => {
  function summaryOf(waited: number, isIndexed: boolean): RecordingSummary {
    const builder = new RecordingBuilder({ codes: CODES, blockEvents: 40, waited });
    const { file } = builder.addAll(randomProgram(11, 100)).seal();
    const index = isIndexed ? emptyColumnFile() : undefined;
    if (index !== undefined) indexRecording(bytesOf(file), nodeCodecs, index);
    return openRecording(bytesOf(file), nodeCodecs, { index }).summary;
  }
  const slow = summaryOf(1_500_000, false);
  const blocks = slow.waited / 1.5;
  expect(blocks).toBeGreaterThan(1);
  const note = `The program waited ${(blocks * 1.5).toFixed(1)} s for the recording to be written.`;
  expect(slow.notes).toContain(note);
  expect(summaryOf(1_500_000, true)).toEqual(slow);
  const quick = summaryOf(1, false);
  expect(quick.waited).toBeCloseTo(blocks / 1e6);
  expect(quick.notes.join()).not.toContain("waited");
});
