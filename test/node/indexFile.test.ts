// The index beside a recording: used when it fits, otherwise as if it were not there.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { needsIndexing } from "../../src/node/indexFile.ts";
import { besideOf, buildIndex, nodeCodecs, openRecordingFile, recordingBytes } from "../../src/node/openFile.ts";
import { openRecording } from "../../src/travel/openRecording.ts";
import type { TimeTravel } from "../../src/travel/timeTravel.ts";
import { CODES, randomProgram } from "../support/randomProgram.ts";
import { RecordingBuilder } from "../support/recordingBuilder.ts";

let folder = "";
let file = "";

function recordingOf(seed: number): Uint8Array {
  const builder = new RecordingBuilder({ codes: CODES, blockEvents: 40 });
  builder.addAll(randomProgram(seed, 600));
  builder.seal();
  return builder.file;
}

/** What a recording answers, as far as an index could spoil it. */
function answersOf(travel: TimeTravel): unknown {
  const { summary, last } = travel;
  const moments = Array.from({ length: summary.steps }, (_, step) => ({ step, event: 0 }));
  const answers = moments.map((moment) => {
    const thread = travel.threadAt(moment);
    const stack = travel.stackAt(moment, thread);
    const back = travel.stepBack(moment, thread, []);
    return { stack, back, scopes: stack.map(({ frame }) => travel.scopesAt(moment, frame)) };
  });
  const counts = travel.files().map((one) => travel.executionCounts(one));
  travel.close();
  return { summary, last, answers, counts };
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "hindsight-index-"));
  file = path.join(folder, "program.hindsight");
  writeFileSync(file, recordingOf(1));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("the index beside a recording", () => {
  it("gives the same answers as none", () => {
    const without = answersOf(openRecordingFile(file));
    buildIndex(file);
    expect(existsSync(`${file}.index`)).toBe(true);
    expect(answersOf(openRecordingFile(file))).toEqual(without);
  });

  it("counts as absent when it is no file", () => {
    const without = answersOf(openRecordingFile(file));
    mkdirSync(`${file}.index`);
    expect(answersOf(openRecordingFile(file))).toEqual(without);
    buildIndex(file);
    expect(answersOf(openRecordingFile(file))).toEqual(without);
    expect(readdirSync(folder)).toEqual(["program.hindsight", "program.hindsight.index"]);
  });

  it("that a killed process left half written is removed at the next opening, one that is being written is not", () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    const left = [`${file}.index.${pid}.new`, `${file}.index.${process.pid}.new`, `${file}.index.note.new`];
    for (const one of left) writeFileSync(one, "");
    openRecordingFile(file).close();
    expect(left.map((one) => existsSync(one))).toEqual([false, true, true]);
  });

  it.each([".tail", ".tail2", ".next"])(
    "and a folder, or a link to nowhere, in the place of %s spoil nothing",
    (suffix) => {
      const without = answersOf(openRecordingFile(file));
      mkdirSync(file + suffix);
      expect(answersOf(openRecordingFile(file))).toEqual(without);
      rmSync(file + suffix, { recursive: true });
      symlinkSync("nowhere", file + suffix);
      expect(answersOf(openRecordingFile(file))).toEqual(without);
    },
  );

  it("spares decoding the blocks", () => {
    const { events } = openRecordingFile(file).summary;
    buildIndex(file);
    const bytes = readFileSync(file);
    // Damages the contents of the last frame, which only reading them would show.
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0xff;
    writeFileSync(file, bytes);
    expect(openRecordingFile(file).summary.events).toBe(events);
    rmSync(`${file}.index`);
    expect(openRecordingFile(file).summary.events).toBeLessThan(events);
  });

  it("counts as absent when it belongs to another recording, or a byte of it is wrong", () => {
    buildIndex(file);
    const index = readFileSync(`${file}.index`);
    writeFileSync(file, recordingOf(2));
    rmSync(`${file}.index`);
    const without = answersOf(openRecordingFile(file));
    writeFileSync(`${file}.index`, index);
    expect(answersOf(openRecordingFile(file))).toEqual(without);
    buildIndex(file);
    const right = readFileSync(`${file}.index`);
    for (let at = 0; at < right.length; at += 1 + Math.floor(right.length / 40)) {
      const wrong = Uint8Array.from(right);
      wrong[at] = (wrong[at] ?? 0) ^ 0x10;
      writeFileSync(`${file}.index`, wrong);
      expect(openRecordingFile(file).summary).toEqual(expect.objectContaining({ steps: expect.any(Number) }));
    }
    writeFileSync(`${file}.index`, right.subarray(0, right.length / 2));
    expect(answersOf(openRecordingFile(file))).toEqual(without);
  });

  it("stands elsewhere when it cannot be beside the recording, and nobody else finds it", () => {
    const without = answersOf(openRecordingFile(file));
    mkdirSync(path.join(`${file}.index`, "occupied"), { recursive: true });
    const spare = path.join(folder, "spare");
    buildIndex(file, spare);
    const beside = besideOf(file, spare);
    expect(beside.index).toBeDefined();
    expect(readdirSync(folder).toSorted()).toEqual(["program.hindsight", "program.hindsight.index"]);
    expect(answersOf(openRecording(recordingBytes(file), nodeCodecs, beside))).toEqual(without);
  });

  it("tells how far it is", () => {
    const shares: number[] = [];
    buildIndex(file, undefined, (share) => shares.push(share));
    expect(shares.length).toBeGreaterThan(10);
    expect(shares[0]).toBe(0);
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
    expect(Math.max(...shares)).toBeGreaterThan(0.9);
  });

  it("of a recording that has grown since serves for its beginning", () => {
    const whole = readFileSync(file);
    const without = answersOf(openRecordingFile(file));
    writeFileSync(file, whole.subarray(0, Math.floor(whole.length * 0.6)));
    buildIndex(file);
    writeFileSync(file, whole);
    expect(answersOf(openRecordingFile(file))).toEqual(without);
  });

  it("is made anew beside a large recording when it is missing, broken off or of another version", () => {
    expect(needsIndexing(file)).toBe(false);
    truncateSync(file, 20_000_000);
    expect(needsIndexing(file)).toBe(true);
    buildIndex(file);
    expect(needsIndexing(file)).toBe(false);
    const index = readFileSync(`${file}.index`);
    writeFileSync(`${file}.index`, index.subarray(0, index.length - 1));
    expect(needsIndexing(file)).toBe(true);
    // The version stands 16 bytes before the end.
    index[index.length - 16] = (index.at(-16) ?? 0) + 1;
    writeFileSync(`${file}.index`, index);
    expect(needsIndexing(file)).toBe(true);
    buildIndex(file);
    expect(needsIndexing(file)).toBe(false);
  });
});
