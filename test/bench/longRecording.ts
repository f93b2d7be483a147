// Recordings of a hundred million steps and more of diverse code, made in a minute or two: diverse.py is recorded once, and
// its second lap is repeated with the numbers of steps, frames and objects moved on, as if the program had gone on.
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { fileBytes, nodeCodecs } from "../../src/node/openFile.ts";
import { IndexedHistory } from "../../src/travel/indexedHistory.ts";
import { Cursor } from "../../src/wire/cursor.ts";
import * as f from "../../src/wire/format.ts";
import { type FrameHeader, readFrameHeader, readPayload } from "../../src/wire/frames.ts";
import { cacheFolder } from "../support/cache.ts";
import type { Interpreter } from "../support/interpreters.ts";
import { ShiftedBlock } from "./idShift.ts";
import { timeCommand } from "./measure.ts";

export const diverseProgram = path.resolve("test", "bench", "diverse.py");
/** Raised with every change of diverse.py or of this file that makes other recordings. */
const VERSION = 2;

function lineOf(history: IndexedHistory, text: string): number {
  const source = history.recording.sourceOf(diverseProgram);
  const lines = (source === undefined ? "" : (history.recording.source(source)?.text ?? "")).split("\n");
  return lines.findIndex((line) => line.includes(text)) + 1;
}

/** Blocks that hold a step on the line, ascending. */
function blocksOn(history: IndexedHistory, line: number): readonly number[] {
  const blocks = new Set<number>();
  for (const key of history.recording.lineKeys.keysAt(diverseProgram, line)) {
    let block = history.index.lines.firstAtLeast(key, 0);
    for (; block >= 0; block = history.index.lines.firstAtLeast(key, block + 1)) blocks.add(block);
  }
  return [...blocks].toSorted((a, b) => a - b);
}

/** A lap's blocks: from `first` to before `end`. */
interface Lap {
  readonly first: number;
  readonly end: number;
  readonly firstStep: number;
  readonly steps: number;
  /** The step with which the last round before the lap began. */
  readonly roundStep: number;
}

function secondLap(history: IndexedHistory): Lap {
  const pauses = blocksOn(history, lineOf(history, "time.sleep(pause)"));
  const ends = pauses
    .filter((block, place) => (pauses[place + 1] ?? block + 100) > block + 50)
    .map((block) => block + 1);
  const [first, end] = ends;
  if (first === undefined || end === undefined || ends.length !== 2) throw new Error("diverse.py has no two laps");
  const firstStep = history.recording.history.firstStepOf(first);
  const keys = new Set(history.recording.lineKeys.keysAt(diverseProgram, lineOf(history, "for number in range(2")));
  let event = history.recording.history.firstEventOf(first);
  for (let rounds = 0; rounds < 2; rounds++) {
    const found = [...keys].map((key) =>
      history.findBackward(
        history.index.lines,
        key,
        event,
        ({ detail, kind }, row) => kind[row] === f.OP_LINE_AT && detail[row] === key,
      ),
    );
    event = Math.max(...found);
  }
  const steps = history.recording.history.firstStepOf(end) - firstStep;
  return { first, end, firstStep, steps, roundStep: history.momentOf(event).step };
}

/** The numbers after the highest ones that CALL and NEW gave in blocks before `end`. */
function nextIds(history: IndexedHistory, end: number): { readonly frame: number; readonly object: number } {
  let frame = 0;
  let object = 0;
  for (let number = 0; number < end; number++) {
    const { kind, subject, count } = history.recording.block(number).events;
    for (let row = 0; row < count; row++) {
      if (kind[row] === f.OP_CALL) frame = Math.max(frame, (subject[row] ?? 0) + 1);
      else if (kind[row] === f.OP_NEW) object = Math.max(object, (subject[row] ?? 0) + 1);
    }
  }
  return { frame, object };
}

class RecordingWriter {
  readonly #descriptor: number;
  #seq = 0;

  constructor(file: string, header: Uint8Array) {
    this.#descriptor = openSync(file, "w");
    writeSync(this.#descriptor, header);
  }

  frame(from: FrameHeader, stored: Uint8Array, codec: number, rawLength: number, first: number): void {
    const bytes = new Uint8Array(f.FRAME_HEADER_LENGTH);
    bytes.set(f.FRAME_MAGIC);
    const header = new DataView(bytes.buffer);
    header.setUint8(4, from.kind);
    header.setUint8(5, codec);
    header.setUint32(8, this.#seq++, true);
    header.setUint32(12, stored.length, true);
    header.setUint32(16, rawLength, true);
    header.setUint32(20, crc32(stored), true);
    header.setUint32(24, first % 2 ** 32, true);
    header.setUint32(28, Math.floor(first / 2 ** 32), true);
    header.setUint32(32, from.steps, true);
    header.setUint32(36, from.events, true);
    header.setUint32(44, crc32(bytes.subarray(0, 44)), true);
    writeSync(this.#descriptor, bytes);
    writeSync(this.#descriptor, stored);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function storedBytes(file: string, frame: FrameHeader): Uint8Array {
  const descriptor = openSync(file, "r");
  const bytes = new Uint8Array(frame.storedLength);
  readSync(descriptor, bytes, 0, bytes.length, frame.offset + f.FRAME_HEADER_LENGTH);
  closeSync(descriptor);
  return bytes;
}

/** Says anew in each block's directory how many blocks ago an object had events: laps come between. */
class DirectoryLinks {
  readonly #last = new Map<number, number>();

  /** The payload of block `number`, which is the next one. */
  linked(payload: Uint8Array, number: number): Uint8Array {
    const cursor = new Cursor(payload, 0, payload.length, 0);
    const start = 12 + cursor.u32() + cursor.u32();
    cursor.pos = start;
    const count = cursor.uv();
    const directory: number[] = [];
    writeVarint(directory, count);
    for (let left = count; left > 0; left--) {
      const [object, back] = [cursor.uv(), cursor.uv()];
      writeVarint(directory, object);
      writeVarint(directory, back === 0 ? 0 : number - (this.#last.get(object) ?? number - back));
      this.#last.set(object, number);
    }
    const rest = payload.subarray(cursor.pos);
    const linked = new Uint8Array(start + directory.length + rest.length);
    linked.set(payload.subarray(0, start));
    linked.set(directory, start);
    linked.set(rest, start + directory.length);
    new DataView(linked.buffer).setUint32(8, directory.length + rest.length, true);
    return linked;
  }
}

function writeVarint(to: number[], value: number): void {
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) to.push((rest % 0x80) | 0x80);
  to.push(rest);
}

/** Repeats the second lap of `base` until there are more than `steps` steps. */
function repeatLap(base: string, to: string, steps: number): void {
  const bytes = fileBytes(base);
  const history = new IndexedHistory(bytes, [], nodeCodecs);
  history.refresh();
  const lap = secondLap(history);
  const [from, until] = [nextIds(history, lap.first), nextIds(history, lap.end)];
  const laps = Math.ceil((steps - lap.firstStep) / lap.steps);
  const writer = new RecordingWriter(to, bytes.read(0, f.FILE_HEADER_LENGTH));
  const kinds = new Map<number, f.ObjectKind>();
  const repeated: { readonly frame: FrameHeader; readonly block: ShiftedBlock }[] = [];
  const size = bytes.size();
  let number = 0;
  const links = new DirectoryLinks();
  let written = 0;

  function writeShifted(frame: FrameHeader, block: ShiftedBlock, lapsOn: number): void {
    const shifted = block.shifted({
      frames: { first: from.frame, by: lapsOn * (until.frame - from.frame) },
      objects: { first: from.object, by: lapsOn * (until.object - from.object) },
      steps: { first: lap.roundStep, by: lapsOn * lap.steps },
    });
    const raw = links.linked(shifted, written++);
    writer.frame(
      frame,
      deflateRawSync(raw, { level: 1 }),
      f.CODEC_DEFLATE,
      raw.length,
      frame.first + lapsOn * lap.steps,
    );
  }

  for (let offset = f.FILE_HEADER_LENGTH; offset < size;) {
    const frame = readFrameHeader(bytes, nodeCodecs, offset, size);
    if (frame === undefined) break;
    offset = frame.end;
    if (frame.kind !== f.FRAME_BLOCK) {
      writer.frame(frame, storedBytes(base, frame), frame.codec, frame.rawLength, frame.first);
      continue;
    }
    const block = new ShiftedBlock(readPayload(bytes, nodeCodecs, frame), kinds);
    if (number >= lap.first && number < lap.end) repeated.push({ frame, block });
    if (number === lap.end) {
      for (let on = 1; on < laps; on++) for (const one of repeated) writeShifted(one.frame, one.block, on);
    }
    writeShifted(frame, block, number < lap.end ? 0 : laps - 1);
    number++;
  }
  writer.close();
  bytes.close();
}

/** Cuts `from` before the block that comes after `steps` steps. */
export function cut(from: string, to: string, steps: number): void {
  copyFileSync(from, to);
  const bytes = fileBytes(from);
  const size = bytes.size();
  let offset: number = f.FILE_HEADER_LENGTH;
  for (let done = false; !done && offset < size;) {
    const frame = readFrameHeader(bytes, nodeCodecs, offset, size);
    done = frame === undefined || (frame.kind === f.FRAME_BLOCK && frame.first >= steps);
    if (!done) offset = frame?.end ?? size;
  }
  bytes.close();
  truncateSync(to, offset);
}

export interface LongRecordings {
  readonly hundred: string;
  readonly twoHundred: string;
}

/** Of `millions` and of twice as many million steps; they are kept for the next time. */
export function longRecordings(
  interpreter: Interpreter,
  millions: number,
  onWork: (text: string) => void,
): LongRecordings {
  const folder = path.join(cacheFolder(), "bench");
  mkdirSync(folder, { recursive: true });
  const name = `diverse-${VERSION}-${interpreter.version}`;
  const base = path.join(folder, `${name}.hindsight`);
  const twice = path.join(folder, `${name}-${2 * millions}.hindsight`);
  const once = path.join(folder, `${name}-${millions}.hindsight`);
  if (!existsSync(base)) {
    onWork("recording diverse.py");
    const part = `${base}.part`;
    timeCommand([
      interpreter.path,
      "-m",
      "pytracer",
      "record",
      "--recorder",
      "native",
      "-o",
      part,
      "--",
      diverseProgram,
    ]);
    renameSync(part, base);
  }
  if (!existsSync(twice)) {
    onWork(`making ${2 * millions} million steps of it`);
    repeatLap(base, `${twice}.part`, 2e6 * millions);
    renameSync(`${twice}.part`, twice);
  }
  if (!existsSync(once) || statSync(once).size === 0) {
    cut(twice, `${once}.part`, 1e6 * millions);
    renameSync(`${once}.part`, once);
  }
  return { hundred: once, twoHundred: twice };
}
