// Encodes a readable list of events as a recording, as FORMAT.md says: blocks of any size with keyframes, checkpoints and
// frame records where the document demands them. What it adds of itself stands in `events` too.
import { crc32, deflateRawSync } from "node:zlib";
import type { ObjectKind, Value } from "../../src/travel/timeTravel.ts";
import { ByteWriter, kindNumber } from "./byteWriter.ts";
import { type Entry, NONE, type RecordedEvent, type TestCode, type TestContents, UNBOUND } from "./recordedEvents.ts";

const RECORDING = "00112233445566778899aabbccddeeff";
const RECORDING_BYTES = Uint8Array.from({ length: 16 }, (_, index) => index * 17);

interface BuiltFrame {
  readonly frame: number;
  readonly code: number;
  readonly globals: number;
  readonly mapping: number;
  readonly isGenerator: boolean;
  offset: number;
  line1: number;
  slots: Value[];
  written: number[];
  /** Changed since the keyframe of the block now: it cannot be shared. */
  changed: boolean;
}

interface BuiltObject {
  readonly kind: ObjectKind;
  items: Entry[];
  itemsTotal: number;
  attributes: [string, Value][];
  contents: TestContents;
  hops: number;
  lastBlock: number;
}

export interface BuilderOptions {
  readonly codes: readonly TestCode[];
  /** Events of a block. */
  readonly blockEvents: number;
  readonly deflate?: boolean;
  readonly share?: boolean;
  /** Microseconds that the program waited before each block. */
  readonly waited?: number;
  readonly sources?: readonly { readonly id: number; readonly file: string; readonly text: string }[];
}

/** The block that was sealed last: its tail, and where its frame is in the file. */
interface SealedBlock {
  readonly tail: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Adds events one by one; `file` is the recording so far, `tail` the tail file with what is not sealed. */
export class RecordingBuilder {
  /** Every event that is in the recording, checkpoints and frame records included. */
  readonly events: RecordedEvent[] = [];
  /** Indexes of the events that begin blocks. */
  readonly seals: number[] = [];
  readonly #options: BuilderOptions;
  readonly #bytes: number[] = [];
  #sealed: SealedBlock | undefined;
  #seq = 0;
  #block = 0;
  #step = 0;
  #blockFirstStep = 0;
  #blockEvents = 0;
  #writer = new ByteWriter(new Map());
  #keyframe: number[] = [];
  #shared = new Map<number, number[]>();
  #touched = new Map<number, number>();
  #held = new Set<number>();
  #suspendedHere = new Set<number>();
  readonly #threads = new Map<number, { name: string; stack: BuiltFrame[] }>();
  readonly #frames = new Map<number, BuiltFrame>();
  readonly #objects = new Map<number, BuiltObject>();
  #current = 0;

  constructor(options: BuilderOptions) {
    this.#options = options;
    this.#bytes.push(...fileHeader(1));
    this.#frame(1, [...Buffer.from(JSON.stringify(META))], 0);
    for (const { id, file, text } of options.sources ?? []) {
      this.#frame(4, new ByteWriter(undefined).uv(id).text(file).text(text).bytes, id);
    }
    for (const code of options.codes) this.#frame(3, codePayload(code), code.id);
    this.#startBlock();
  }

  get file(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  get tail(): Uint8Array {
    const writer = new ByteWriter(undefined);
    writer.raw([0x89, 0x48, 0x53, 0x54, 0x41, 0x49, 0x4c, 0x0a]).raw(RECORDING_BYTES);
    writer.u32(this.#seq).u32(0).u32(this.#blockFirstStep).u32(0);
    writer.u32(this.#keyframe.length).u32(this.#writer.bytes.length).u32(this.#block).raw(new Uint8Array(12));
    return Uint8Array.from([...writer.bytes, ...this.#keyframe, ...this.#writer.bytes, ...new Uint8Array(100)]);
  }

  /** Both tails of a writer that uses them in turn: the last sealed block is still in the other one. */
  get tails(): readonly Uint8Array[] {
    const other = this.#sealed?.tail ?? new Uint8Array();
    return this.#block % 2 === 0 ? [this.tail, other] : [other, this.tail];
  }

  /** The file while the last block is being sealed: so much of its frame is written, of 1; all of it when other frames follow. */
  fileWhileSealing(written: number): Uint8Array {
    const { file } = this;
    if (this.#sealed?.end !== file.length) return file;
    const { start, end } = this.#sealed;
    return file.subarray(0, start + Math.floor((end - start) * written));
  }

  addAll(events: Iterable<RecordedEvent>): this {
    for (const event of events) this.add(event);
    return this;
  }

  /** A frame of any kind, between blocks: a BLOB, or one that no reader knows. */
  addFrame(kind: number, payload: readonly number[], id: number): this {
    this.#frame(kind, payload, id);
    return this;
  }

  add(event: RecordedEvent): this {
    this.#prepare(event);
    this.#put(event);
    if (this.#blockEvents >= this.#options.blockEvents) this.seal();
    return this;
  }

  seal(): this {
    if (this.#blockEvents === 0) return this;
    const directory = new ByteWriter(undefined).uv(this.#touched.size);
    for (const [object, back] of this.#touched) directory.uv(object).uv(back);
    directory.uv(this.#suspendedHere.size);
    for (const frame of this.#suspendedHere) directory.uv(frame);
    const events = this.#writer.bytes;
    const payload = new ByteWriter(undefined)
      .u32(this.#keyframe.length)
      .u32(events.length)
      .u32(directory.bytes.length)
      .raw(this.#keyframe)
      .raw(events)
      .raw(directory.bytes).bytes;
    const [tail, start] = [this.tail, this.#bytes.length];
    const { waited } = this.#options;
    this.#frame(2, payload, this.#blockFirstStep, this.#step - this.#blockFirstStep, this.#blockEvents, waited);
    this.#sealed = { tail, start, end: this.#bytes.length };
    this.#block++;
    this.#startBlock();
    return this;
  }

  /** What must come before `event` so that the block is self-contained. */
  #prepare(event: RecordedEvent): void {
    if (event.op === "writeIn" && !this.#held.has(event.frame)) this.#put({ op: "frame", frame: event.frame });
    if (!isChange(event)) return;
    const built = this.#objects.get(event.object);
    if (built === undefined || this.#touched.has(event.object) || event.op === "contents") return;
    if (built.hops >= 8 && built.lastBlock !== this.#block) {
      this.#put({ op: "contents", object: event.object, why: 1, contents: contentsOf(built) });
    }
  }

  #put(event: RecordedEvent): void {
    this.#encode(event);
    this.#apply(event);
    this.events.push(event);
    this.#blockEvents++;
  }

  #startBlock(): void {
    this.seals.push(this.events.length);
    this.#writer = new ByteWriter(new Map());
    this.#blockFirstStep = this.#step;
    this.#blockEvents = 0;
    this.#touched = new Map();
    this.#held = new Set();
    this.#suspendedHere = new Set();
    const keyframe = new ByteWriter(undefined).uv(this.#threads.size);
    const shares = this.#options.share !== false && this.#block % 8 !== 0;
    const stacks = new Map<number, number[]>();
    for (const [thread, { name, stack }] of this.#threads) {
      const before = this.#shared.get(thread) ?? [];
      const shared = shares ? sharedCount(before, stack) : 0;
      keyframe
        .uv(thread)
        .text(name)
        .uv(shared)
        .uv(stack.length - shared);
      for (const frame of stack.slice(shared)) record(keyframe, frame);
      for (const frame of stack) {
        this.#held.add(frame.frame);
        frame.changed = false;
      }
      stacks.set(
        thread,
        stack.map((frame) => frame.frame),
      );
    }
    this.#shared = stacks;
    this.#keyframe = keyframe.uv(this.#current).bytes;
  }

  #frame(kind: number, raw: readonly number[], first: number, steps = 0, events = 0, waited = 0): void {
    const content = Buffer.from(raw);
    const deflated = this.#options.deflate === false ? content : deflateRawSync(content, { level: 1 });
    const stored = deflated.length < content.length ? deflated : content;
    const header = new ByteWriter(undefined)
      .raw([0x48, 0x53, 0x46, 0x31])
      .u8(kind)
      .u8(stored === content ? 0 : 1)
      .u16(0)
      .u32(this.#seq++)
      .u32(stored.length)
      .u32(content.length)
      .u32(crc32(stored))
      .u32(first)
      .u32(0)
      .u32(steps)
      .u32(events)
      .u32(waited);
    header.u32(crc32(Uint8Array.from(header.bytes)));
    for (const byte of header.bytes) this.#bytes.push(byte);
    for (const byte of stored) this.#bytes.push(byte);
  }

  #encode(event: RecordedEvent): void {
    const w = this.#writer;
    switch (event.op) {
      case "line": {
        const delta = event.offset - (this.#top?.offset ?? 0);
        if (delta >= -64 && delta < 64) w.u8(0xc0 + delta);
        else w.u8(1).uv(event.offset);
        return;
      }
      case "call":
        w.u8(2).uv(event.callerOffset).uv(event.frame).uv(event.code).uv(event.globals).uv(event.mapping);
        w.u8(event.isGenerator ? 1 : 0).uv(event.values.length);
        for (const value of event.values) w.value(value);
        return;
      case "return":
        w.u8(3).uv(event.offset).value(event.value);
        return;
      case "yield":
        w.u8(4).uv(event.offset).value(event.value);
        return;
      case "resume":
      case "throw": {
        const built = this.#built(event.frame);
        w.u8(event.op === "resume" ? 5 : 6)
          .uv(event.callerOffset)
          .uv(event.frame)
          .u8(this.#held.has(event.frame) ? 0 : 1);
        if (!this.#held.has(event.frame)) record(w, built);
        if (event.op === "throw") w.value(event.value);
        return;
      }
      case "unwind":
        w.u8(7).value(event.value);
        return;
      case "raise":
        w.u8(8)
          .uv(event.offset)
          .u8(event.fromCall ? 1 : 0)
          .value(event.value);
        return;
      case "handled":
        w.u8(9).uv(event.offset);
        return;
      case "write":
        w.u8(10).uv(event.slot).value(event.value);
        return;
      case "delete":
        w.u8(11).uv(event.slot);
        return;
      case "writeIn":
        w.u8(12).uv(event.frame).uv(event.slot).value(event.value);
        return;
      case "frame":
        record(w.u8(13), this.#built(event.frame));
        return;
      case "thread":
        w.u8(14).uv(event.thread);
        return;
      case "threadStart":
        w.u8(15).uv(event.thread).str(event.name);
        return;
      case "threadEnd":
        w.u8(16).uv(event.thread);
        return;
      case "new":
        w.u8(17).uv(event.object).u8(kindNumber(event.kind)).str(event.type).contents(event.contents);
        return;
      case "contents":
        w.u8(18).uv(event.object).u8(event.why).contents(event.contents);
        return;
      case "itemSet":
        w.u8(19).uv(event.object).uv(event.index).value(event.value);
        return;
      case "append":
        w.u8(20).uv(event.object).entry(event.entry);
        return;
      case "splice":
        w.u8(21).uv(event.object).uv(event.start).uv(event.deleted).uv(event.inserted.length);
        for (const entry of event.inserted) w.entry(entry);
        return;
      case "length":
        w.u8(22).uv(event.object).uv(event.total);
        return;
      case "attributeSet":
        w.u8(23).uv(event.object).str(event.name).value(event.value);
        return;
      case "attributeDelete":
        w.u8(24).uv(event.object).str(event.name);
        return;
      case "bytesSplice":
        w.u8(25).uv(event.object).uv(event.start).uv(event.deleted).uv(event.inserted.length).raw(event.inserted);
        return;
      case "type":
        w.u8(26).uv(event.object).str(event.type);
        return;
      case "unknown":
        w.u8(27).u8(event.reason).uv(event.objects.length);
        for (const object of event.objects) w.uv(object);
        return;
      case "known":
        w.u8(28).uv(event.object);
        return;
      case "dead":
        w.u8(29).uv(event.objects.length);
        for (const object of event.objects) w.uv(object);
        return;
      case "output":
        w.u8(30).u8(event.stream).text(event.text);
        return;
      case "gap":
        w.u8(31).u8(event.reason).text(event.text);
        return;
      case "end":
        w.u8(32)
          .u8(event.uncaught ? 1 : 0)
          .sv(event.exitCode)
          .value(event.value);
        return;
      case "child":
        w.u8(33).uv(event.pid);
        return;
      case "evaluate":
        w.u8(34).text(event.text);
        return;
      case "generator":
        w.u8(35).uv(event.object).uv(event.frame);
        return;
      case "dropped":
        w.u8(36).uv(event.frame);
        return;
      case "cellSet":
        w.u8(37).uv(event.object).value(event.value);
        return;
      case "class":
        w.u8(38).uv(event.object).u8(12).uv(event.cls);
    }
  }

  /** Keeps as much as keyframes, frame records and checkpoints need. */
  #apply(event: RecordedEvent): void {
    const top = this.#top;
    if (event.op === "new") this.#touch(event.object, true);
    else if (isChange(event)) this.#touch(event.object, event.op === "contents");
    switch (event.op) {
      case "line":
        if (top !== undefined) {
          top.offset = event.offset;
          top.line1 = this.#step + 1;
          top.changed = true;
        }
        this.#step++;
        return;
      case "call": {
        if (top !== undefined) this.#moveTo(top, event.callerOffset);
        const { frame, code, globals, mapping, isGenerator } = event;
        const written = event.values.map(() => this.#step);
        const built = {
          frame,
          code,
          globals,
          mapping,
          isGenerator,
          offset: 0,
          line1: 0,
          slots: [...event.values],
          written,
          changed: true,
        };
        this.#frames.set(frame, built);
        this.#held.add(frame);
        this.#stack.push(built);
        return;
      }
      case "return":
      case "unwind":
        if (top !== undefined) this.#frames.delete(top.frame);
        this.#stack.pop();
        return;
      case "yield":
        if (top !== undefined) {
          this.#moveTo(top, event.offset);
          this.#suspendedHere.add(top.frame);
        }
        this.#stack.pop();
        return;
      case "resume":
      case "throw":
        if (top !== undefined) this.#moveTo(top, event.callerOffset);
        this.#held.add(event.frame);
        this.#suspendedHere.add(event.frame);
        this.#stack.push(this.#built(event.frame));
        this.#built(event.frame).changed = true;
        return;
      case "raise":
      case "handled":
        if (top !== undefined) this.#moveTo(top, event.offset);
        return;
      case "write":
        if (top !== undefined) this.#write(top, event.slot, event.value);
        return;
      case "delete":
        if (top !== undefined) this.#write(top, event.slot, UNBOUND);
        return;
      case "writeIn":
        this.#write(this.#built(event.frame), event.slot, event.value);
        return;
      case "frame":
        this.#held.add(event.frame);
        this.#suspendedHere.add(event.frame);
        return;
      case "thread":
        this.#current = event.thread;
        if (!this.#threads.has(event.thread)) this.#threads.set(event.thread, { name: "", stack: [] });
        return;
      case "threadStart":
        this.#threads.set(event.thread, { name: event.name, stack: this.#threads.get(event.thread)?.stack ?? [] });
        return;
      case "threadEnd":
        this.#threads.delete(event.thread);
        return;
      case "new": {
        const built = {
          kind: event.kind,
          items: [],
          itemsTotal: 0,
          attributes: [],
          contents: {},
          hops: 0,
          lastBlock: this.#block,
        };
        this.#objects.set(event.object, built);
        setContents(built, event.contents);
        return;
      }
      case "contents":
        setContents(this.#object(event.object), event.contents);
        return;
      case "itemSet": {
        const built = this.#object(event.object);
        const before = built.items[event.index];
        built.items[event.index] = before !== undefined && !("kind" in before) ? [before[0], event.value] : event.value;
        return;
      }
      case "append":
        this.#splice(event.object, Infinity, 0, [event.entry]);
        return;
      case "splice":
        this.#splice(event.object, event.start, event.deleted, event.inserted);
        return;
      case "length":
        this.#setLength(this.#object(event.object), event.total);
        return;
      case "attributeSet": {
        const { attributes } = this.#object(event.object);
        const index = attributes.findIndex(([name]) => name === event.name);
        if (index < 0) attributes.push([event.name, event.value]);
        else attributes[index] = [event.name, event.value];
        return;
      }
      case "attributeDelete": {
        const built = this.#object(event.object);
        built.attributes = built.attributes.filter(([name]) => name !== event.name);
        return;
      }
      case "bytesSplice": {
        const built = this.#object(event.object);
        const bytes = [...(built.contents.bytes ?? [])];
        bytes.splice(event.start, event.deleted, ...event.inserted);
        const bytesTotal = (built.contents.bytesTotal ?? 0) + event.inserted.length - event.deleted;
        built.contents = { ...built.contents, bytes: Uint8Array.from(bytes), bytesTotal };
        return;
      }
      case "unknown":
      case "dead":
        for (const object of event.objects) this.#touch(object, false);
        return;
      case "dropped":
        this.#frames.delete(event.frame);
        return;
      case "cellSet":
        this.#object(event.object).contents = { value: event.value };
        return;
      case "class": {
        const built = this.#object(event.object);
        built.contents = { ...built.contents, cls: event.cls };
        return;
      }
      case "type": {
        const { cls: _, ...rest } = this.#object(event.object).contents;
        this.#object(event.object).contents = rest;
        return;
      }
      default:
    }
  }

  get #stack(): BuiltFrame[] {
    const thread = this.#threads.get(this.#current);
    if (thread === undefined) throw new Error("no thread runs");
    return thread.stack;
  }

  get #top(): BuiltFrame | undefined {
    return this.#threads.get(this.#current)?.stack.at(-1);
  }

  #built(frame: number): BuiltFrame {
    const built = this.#frames.get(frame);
    if (built === undefined) throw new Error(`no frame ${frame}`);
    return built;
  }

  #object(object: number): BuiltObject {
    const built = this.#objects.get(object);
    if (built === undefined) throw new Error(`no object ${object}`);
    return built;
  }

  #moveTo(frame: BuiltFrame, offset: number): void {
    frame.offset = offset;
    frame.changed = true;
  }

  #write(frame: BuiltFrame, slot: number, value: Value): void {
    while (frame.slots.length <= slot) {
      frame.slots.push(UNBOUND);
      frame.written.push(0);
    }
    frame.slots[slot] = value;
    frame.written[slot] = this.#step;
    frame.changed = true;
  }

  #splice(object: number, start: number, deleted: number, inserted: readonly Entry[]): void {
    const built = this.#object(object);
    built.items.splice(start, deleted, ...inserted);
    built.itemsTotal += inserted.length - deleted;
  }

  #setLength(built: BuiltObject, total: number): void {
    if (built.contents.bytes === undefined) built.itemsTotal = total;
    else built.contents = { ...built.contents, bytesTotal: total };
  }

  #touch(object: number, isBase: boolean): void {
    const built = this.#objects.get(object);
    if (this.#touched.has(object)) return;
    if (built === undefined || isBase) {
      this.#touched.set(object, 0);
    } else {
      this.#touched.set(object, this.#block - built.lastBlock);
      built.hops++;
    }
    if (built !== undefined) {
      if (isBase) built.hops = 0;
      built.lastBlock = this.#block;
    }
  }
}

const META = {
  recording: RECORDING,
  python: "3.9.18",
  recorder: "settrace",
  pid: 1,
  argv: ["prog.py"],
  cwd: "/home/user",
  started: 0,
  mainThread: 1,
  maxItems: 1000,
  maxStringLength: 1000,
  platform: "linux",
};

/** The 16 bytes that a recording starts with. */
export function fileHeader(major: number): number[] {
  const writer = new ByteWriter(undefined).raw([0x89, 0x48, 0x53, 0x49, 0x47, 0x48, 0x54, 0x0a]).u16(major).u16(0);
  return writer.u32(crc32(Uint8Array.from(writer.bytes))).bytes;
}

function isChange(
  event: RecordedEvent,
): event is Exclude<Extract<RecordedEvent, { readonly object: number }>, { readonly op: "new" }> {
  return "object" in event && event.op !== "new";
}

/** How many outermost frames are as they were in the keyframe before. */
function sharedCount(before: readonly number[], stack: readonly BuiltFrame[]): number {
  const differs = stack.findIndex((frame, depth) => frame.changed || frame.frame !== before[depth]);
  return differs < 0 ? stack.length : differs;
}

function record(writer: ByteWriter, frame: BuiltFrame): void {
  writer.uv(frame.frame).uv(frame.code).uv(frame.offset).uv(frame.line1).uv(frame.globals).uv(frame.mapping);
  writer.u8(frame.isGenerator ? 1 : 0).uv(frame.slots.length);
  for (const [slot, value] of frame.slots.entries()) writer.value(value).uv(frame.written[slot] ?? 0);
}

function setContents(built: BuiltObject, contents: TestContents): void {
  built.contents = {
    ...contents,
    ...(contents.bytes === undefined ? {} : { bytesTotal: contents.bytesTotal ?? contents.bytes.length }),
  };
  built.items = [...(contents.entries ?? contents.items ?? [])];
  built.itemsTotal = contents.itemsTotal ?? built.items.length;
  built.attributes = (contents.attributes ?? []).map(([name, value]) => [name, value]);
}

function contentsOf(built: BuiltObject): TestContents {
  const pairs = built.items.filter((entry): entry is readonly [Value, Value] => !("kind" in entry));
  const values = built.items.filter((entry): entry is Value => "kind" in entry);
  const isPairs = built.contents.entries !== undefined;
  const hasItems = isPairs || built.contents.items !== undefined;
  return {
    ...built.contents,
    ...(hasItems ? { itemsTotal: built.itemsTotal, ...(isPairs ? { entries: pairs } : { items: values }) } : {}),
    ...(built.attributes.length > 0 || built.contents.attributes !== undefined ? { attributes: built.attributes } : {}),
  };
}

function codePayload(code: TestCode): number[] {
  const writer = new ByteWriter(undefined).uv(code.id).text(code.file).text(code.name).text(code.name);
  writer
    .sv(code.lines[0] ?? 1)
    .uv(0)
    .uv(0)
    .uv(0)
    .uv(code.name === "<module>" ? 0 : 3);
  for (const names of [code.slots, [], code.free, []]) {
    writer.uv(names.length);
    for (const name of names) writer.text(name);
  }
  writer.uv(1).value(NONE);
  const lnotab: number[] = [];
  for (let unit = 1; unit < code.lines.length; unit++) {
    lnotab.push(2, ((code.lines[unit] ?? 0) - (code.lines[unit - 1] ?? 0)) & 0xff);
  }
  writer.u8(1).uv(lnotab.length).raw(lnotab).uv(0);
  const bytecode = code.lines.flatMap(() => [9, 0]);
  return writer.uv(bytecode.length).raw(bytecode).raw(new Uint8Array(16)).uv(code.source).bytes;
}
