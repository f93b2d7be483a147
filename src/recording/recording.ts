// One recording: its frames in order, the code objects and sources that they hold, and its blocks, decoded when they are
// asked for. The longest sound prefix counts; `damage` says what ended it. A bounded recording is in parts, one after the
// other; what the first of them restates is what was there before its first block (`statedRows`, `statedFrame`).
// A large one can be looked at before it is indexed (`lookOnly`): then only the frames' headers are read at first.
import { NotIndexedYet, WireError } from "../base/errors.ts";
import type { PagedFile } from "../base/pagedFile.ts";
import { SerialColumn } from "../base/serialColumn.ts";
import type { ColumnReader, ColumnWriter } from "../base/columnStream.ts";
import { brand } from "../base/brand.ts";
import type { CodeId } from "../python/codeObject.ts";
import { CodeObjectRegistry } from "../python/codeObjectRegistry.ts";
import { EventScanner, type ParseContext } from "../wire/blockEvents.ts";
import type { ByteSource, Codecs } from "../wire/byteSource.ts";
import { type Directory, readDirectory } from "../wire/directory.ts";
import { EMPTY_META, type Meta, readCode, readMeta, readSource, type SourceText } from "../wire/codeFrame.ts";
import { Cursor } from "../wire/cursor.ts";
import {
  FILE_HEADER_LENGTH,
  FRAME_BLOB,
  FRAME_BLOCK,
  FRAME_CODE,
  FRAME_META,
  FRAME_SOURCE,
  FRAME_STATE,
} from "../wire/format.ts";
import {
  checkFileHeader,
  type FrameHeader,
  FrameHeaders,
  hasFileHeader,
  readPayload,
  readPayloadStart,
} from "../wire/frames.ts";
import { EMPTY_KEYFRAME, type Keyframe } from "../wire/keyframe.ts";
import { ObjectScanner } from "../wire/objectScan.ts";
import { readTails, type Tail } from "../wire/tail.ts";
import { type Blob, readBlob } from "../wire/value.ts";
import { Block, type BlockPlace, joinSections, keyframeEndOf, keyframeOf } from "./block.ts";
import { BlockCache } from "./blockCache.ts";
import type { FrameContext } from "./blockFrames.ts";
import { LineKeys } from "./lineKeys.ts";
import { ObjectBirths } from "./objectBirths.ts";
import { ObjectBlock } from "./objectBlock.ts";
import type { ObjectEvents } from "./objectEvents.ts";
import { StatedObjects } from "./statedObjects.ts";
import { StepHistory } from "./stepHistory.ts";

const CACHE_BYTES = 64 * 1024 * 1024;
/** Of blocks that are decoded for their objects alone. */
const OBJECT_CACHE_BYTES = 32 * 1024 * 1024;
/** Larger keyframes are not kept beside the file: their block is decoded again. */
const KEPT_KEYFRAME = 4096;
const MAX_THREADS = 65_535;
/** The thread of events before any thread is named; its dense index is 0. */
const NO_THREAD = 0;

/** Told of every block as it comes, and of the last one, which is still written, as it is replaced. */
export interface BlockObserver {
  /** Before anything else: the lowest numbers of frames and objects that are new in this recording. */
  begins(firstFrame: number, firstObject: number): void;
  /** Objects and suspended frames that were there before the first block. No event of it is in the history. */
  stateAdded(state: Block): void;
  /** `mayBeRemoved`: it is still written. */
  blockAdded(block: Block, mayBeRemoved: boolean): void;
  blockRemoved(block: Block): void;
  /** Everything so far is final, and may go to disk. */
  spill(to: PagedFile): void;
}

/** Takes what is derived from the recording and would grow with it in memory. */
export interface Disk {
  /** Asked for once, when there is something to put there, and closed with the recording; undefined where none can be. */
  readonly open: () => PagedFile | undefined;
  /** Blocks after which memory is put there. */
  readonly run: number;
}

/** What ended the sound part of the file. */
export interface Damage {
  readonly offset: number;
  readonly sentence: string;
  /** Whether the file just ends there: more may come. */
  readonly isCut: boolean;
}

interface StoredBlock {
  /** Undefined while the block is in a tail only; it is kept decoded then. */
  frame: FrameHeader | undefined;
  /** Payload up to the keyframe's end, when that is short; "unread" until it is needed. */
  keyframe: Uint8Array | "unread" | undefined;
}

export class Recording implements ParseContext, FrameContext {
  readonly registry = new CodeObjectRegistry();
  readonly lineKeys: LineKeys;
  readonly history = new StepHistory();
  readonly objectKinds: SerialColumn;
  readonly knowsObjects: boolean;
  /** Thread ids by dense index. */
  readonly threads: number[] = [];
  readonly #threadIndexes = new Map<number, number>();
  readonly #file: ByteSource;
  readonly #tails: readonly ByteSource[];
  readonly #codecs: Codecs;
  readonly #observer: BlockObserver;
  readonly #disk: Disk | undefined;
  #pages: PagedFile | undefined;
  readonly #blocks: StoredBlock[] = [];
  readonly #cache = new BlockCache<Block>(CACHE_BYTES);
  readonly #objectCache = new BlockCache<ObjectBlock>(OBJECT_CACHE_BYTES);
  readonly #scanner = new EventScanner(this);
  /** For passing over blocks while others are looked at. */
  readonly #passingScanner = new EventScanner(this);
  readonly #objectScanner: ObjectScanner;
  readonly #sources = new Map<number, SourceText>();
  readonly #sourceOfFile = new Map<string, number>();
  /** SOURCE frames that nobody asked for yet, oldest first. */
  readonly #unreadSources = new Map<number, FrameHeader>();
  readonly #blobs = new Map<number, FrameHeader>();
  readonly #stated = new StatedObjects((frame, number, isPassing) => this.#stateBlock(frame, number, isPassing));
  /** Blocks that are whole and final, and whose frames are not in the file yet. */
  readonly #unsealed: Block[] = [];
  /** The one that is still written. */
  #growing: Block | undefined;
  #waited = 0;
  #meta: Meta = EMPTY_META;
  /** Number of the newest part. */
  #part = 0;
  #hasHeader = false;
  #offset = FILE_HEADER_LENGTH;
  #seq = 0;
  /** Of the checksums of all frames: another file of the same length has another one. */
  #fingerprint = 0;
  /** While frames are passed that an index covers: the last step's row in each block; -1 for none. */
  #covered: readonly number[] = [];
  #damage: Damage | undefined;
  /** Where objects were made, while nobody was told of the blocks. */
  readonly #births: ObjectBirths | undefined;

  /**
   * Without a `disk` everything stays in memory.
   * `lookOnly`: after `refresh` blocks are known by their headers, and decoded when they are asked for; the observer is not
   * told of them. What needs to be known of the blocks between then throws NotIndexedYet.
   * Throws UserError when the file is no recording that this reader knows. Nothing is read before `refresh`.
   */
  constructor(
    file: ByteSource,
    tails: readonly ByteSource[],
    codecs: Codecs,
    observer: BlockObserver,
    disk: Disk | undefined,
    lookOnly = false,
  ) {
    if (lookOnly)
      this.#births = new ObjectBirths({
        count: () => this.#blocks.length,
        directory: (number) => this.#readDirectory(number),
        block: (number) => this.block(number),
      });
    this.objectKinds = this.#births?.kinds ?? new SerialColumn();
    this.#objectScanner = new ObjectScanner(this.objectKinds);
    this.knowsObjects = !lookOnly;
    this.lineKeys = new LineKeys(this.registry, lookOnly);
    this.#disk = disk;
    this.#file = file;
    this.#tails = tails;
    this.#codecs = codecs;
    this.#observer = observer;
    this.#hasHeader = checkFileHeader(file, codecs);
    this.threadIndex(NO_THREAD);
  }

  get meta(): Meta {
    return this.#meta;
  }

  /** Number of the newest part; `meta` is that of the oldest. */
  get newestPart(): number {
    return this.#part;
  }

  /** Whether the frame was called before the history begins. */
  isEarlierFrame(frame: number): boolean {
    return frame < this.#meta.firstFrame;
  }

  /** Whether the object was seen before the history begins. */
  isEarlierObject(object: number): boolean {
    return object < this.#meta.firstObject;
  }

  /** What is said of an object that was there before the first block; undefined for any other. */
  statedRows(object: number): { readonly block: Block; readonly rows: readonly number[] } | undefined {
    const number = this.isEarlierObject(object) ? this.#stated.numberOf(object) : -1;
    if (number < 0) return undefined;
    const block = this.block(number);
    const rows = block.rowsOfObject(object);
    return rows.length === 0 ? undefined : { block, rows };
  }

  /** Where a frame is that was suspended before the first block. */
  statedFrame(frame: number): Block | undefined {
    const number = this.isEarlierFrame(frame) ? this.#stated.numberOfFrame(frame) : -1;
    return number < 0 ? undefined : this.block(number);
  }

  /** The task whose own coroutine a frame is that was there before the first block; 0 for none. */
  statedTask(frame: number): number {
    return this.isEarlierFrame(frame) ? this.#stated.taskOf(frame) : 0;
  }

  /** Undefined unless `lookOnly`. */
  get births(): ObjectBirths | undefined {
    return this.#births;
  }

  get damage(): Damage | undefined {
    return this.#damage;
  }

  /** Microseconds that the program waited for the writer, as far as sealed blocks tell. */
  get waited(): number {
    return this.#waited;
  }

  /** Reads what was appended since, and the block that is still written anew. */
  refresh(): void {
    // Before the file: what was sealed since is in it then.
    const tails = readTails(this.#tails);
    this.#dropGrowing();
    this.#hasHeader ||= checkFileHeader(this.#file, this.#codecs);
    this.#damage = this.#hasHeader
      ? this.#readFrames(this.#file.size())
      : { offset: 0, sentence: "The file ends inside its header.", isCut: true };
    for (const tail of tails) if (this.#growing === undefined && this.#isNext(tail)) this.#addTail(tail);
    const goesOn = this.#growing !== undefined || this.#unsealed.length > 0;
    // What is cut off is the frame of a block that a tail has, or one that no event refers to yet.
    if (this.#damage?.isCut === true && goesOn) this.#damage = undefined;
  }

  #isNext(tail: Tail): boolean {
    return (
      tail.recording === this.#meta.recording &&
      tail.part === this.#part &&
      tail.seq >= this.#seq &&
      tail.block === this.#meta.firstBlock + this.history.blocks &&
      tail.firstStep === this.history.steps
    );
  }

  /** Everything that was derived from the blocks of the file, which has no tail. */
  save(to: ColumnWriter, pages: PagedFile): void {
    this.#spill(pages);
    to.text(this.#meta.recording);
    to.f64s([this.#offset, this.#seq, this.#fingerprint]);
    to.f64s(this.#blocks.map((_, number) => this.history.lastLineRowOf(number)));
    to.f64s(this.threads);
    this.objectKinds.save(to);
    this.lineKeys.save(to);
  }

  /**
   * Takes over what was saved, before the first `refresh`: blocks are passed by their headers. Throws WireError when it
   * is not about this file; the recording cannot be used then.
   */
  load(from: ColumnReader, pages: PagedFile): void {
    const recording = from.text();
    const [offset = 0, seq = 0, fingerprint = 0] = from.f64s();
    this.#covered = [...from.f64s()];
    if (offset > this.#file.size() || !this.#hasHeader) throw from.error();
    const damage = this.#readFrames(offset);
    const isOfThis =
      damage === undefined &&
      this.#meta.recording === recording &&
      this.#offset === offset &&
      this.#seq === seq &&
      this.#fingerprint === fingerprint &&
      this.#blocks.length === this.#covered.length;
    if (!isOfThis) throw from.error();
    this.#covered = [];
    for (const thread of from.f64s()) this.threadIndex(thread);
    this.objectKinds.load(from, pages);
    this.lineKeys.load(from);
  }

  close(): void {
    this.#file.close();
    for (const tail of this.#tails) tail.close();
    this.#pages?.close();
  }

  lineKey(code: number, offset: number): number | undefined {
    return this.lineKeys.keyOf(code, offset);
  }

  lineKeysOf(code: number): Uint32Array {
    return this.lineKeys.keysOf(code);
  }

  slotCount(code: number): number | undefined {
    return this.registry.get(brand<CodeId>(code))?.slots.length;
  }

  hasCode(code: number): boolean {
    return this.registry.get(brand<CodeId>(code)) !== undefined;
  }

  /** Dense indexes in the order in which threads first come. */
  threadIndex(thread: number): number {
    const known = this.#threadIndexes.get(thread);
    if (known !== undefined) return known;
    if (this.threads.length >= MAX_THREADS) throw new WireError("the recording has too many threads", this.#offset);
    this.#threadIndexes.set(thread, this.threads.length);
    return this.threads.push(thread) - 1;
  }

  /** Undefined for a thread that the recording does not know. */
  knownThreadIndex(thread: number): number | undefined {
    const index = this.#threadIndexes.get(thread);
    if (index === undefined && this.#births !== undefined) throw new NotIndexedYet();
    return index;
  }

  source(id: number): SourceText | undefined {
    const unread = this.#unreadSources.get(id);
    if (unread !== undefined) this.#atGlance(() => this.#readSource(unread));
    return this.#sources.get(id);
  }

  /** The newest text of a file. */
  sourceOf(file: string): number | undefined {
    for (const unread of this.#unreadSources.values()) this.#atGlance(() => this.#readSource(unread));
    return this.#sourceOfFile.get(file);
  }

  /** Undefined when the frame is missing or damaged. */
  blob(id: number): Blob | undefined {
    const frame = this.#blobs.get(id);
    if (frame === undefined) return undefined;
    try {
      return readBlob(this.#payloadCursor(frame)).blob;
    } catch (error) {
      if (error instanceof WireError) return undefined;
      throw error;
    }
  }

  /** Decoded now or before. */
  block(number: number): Block {
    if (this.#stated.isState(number)) return this.#statedBlock(number);
    const cached = this.#decoded(number);
    if (cached !== undefined) return cached;
    const block = this.#atGlance(() => this.#decode(number, false));
    this.#cache.add(block);
    return block;
  }

  /** The same for one of many that are passed: its columns are valid until the next such call, or `refresh`. */
  passing(number: number): Block {
    return this.#decoded(number) ?? this.#atGlance(() => this.#decode(number, true));
  }

  /**
   * The block as far as objects go: decoded whole, if it is already, or if `lookOnly`, as it was not checked then; else
   * for them alone.
   */
  objectEvents(number: number): ObjectEvents {
    if (this.#births !== undefined || this.#stated.isState(number)) return this.block(number);
    const decoded = this.#decoded(number) ?? this.#objectCache.get(number);
    if (decoded !== undefined) return decoded;
    const frame = this.#frameOf(number);
    const payload = readPayload(this.#file, this.#codecs, frame);
    const block = new ObjectBlock(this.#placeOf(number), payload, frame.offset, this.#objectScanner);
    this.#objectCache.add(block);
    return block;
  }

  /** Whether nothing is added to the block any more. */
  isFinal(number: number): boolean {
    return number < this.#blocks.length && number !== this.#growing?.number;
  }

  #decoded(number: number): Block | undefined {
    if (this.#growing?.number === number) return this.#growing;
    return this.#unsealed.find((block) => block.number === number) ?? this.#cache.get(number);
  }

  #decode(number: number, isPassing: boolean): Block {
    const frame = this.#frameOf(number);
    const payload = this.#objectCache.get(number)?.payload ?? readPayload(this.#file, this.#codecs, frame);
    const place = this.#placeOf(number);
    const previous = (): Keyframe => this.#keyframe(number - 1);
    const births = this.#births;
    if (births === undefined) {
      const reading = { scanner: isPassing ? this.#passingScanner : this.#scanner, strict: true, isPassing };
      return new Block(place, payload, frame.offset, reading, previous);
    }
    // One of its own: it may be decoded in the middle of another one, and its columns stay.
    const scanner = new EventScanner(this, frame.events);
    return births.decoding(number, () => {
      const block = new Block(place, payload, frame.offset, { scanner, strict: true, isPassing: true }, previous);
      if (!isAsSaid(frame, block)) throw new NotIndexedYet();
      return block;
    });
  }

  #frameOf(number: number): FrameHeader {
    const frame = this.#blocks[number]?.frame;
    if (frame === undefined) throw new WireError(`there is no block ${number}`, this.#offset);
    return frame;
  }

  #placeOf(number: number): BlockPlace {
    return { number, firstStep: this.history.firstStepOf(number), firstEvent: this.history.firstEventOf(number) };
  }

  #readDirectory(number: number): Directory {
    const frame = this.#frameOf(number);
    return this.#atGlance(() => readDirectory(readPayload(this.#file, this.#codecs, frame), frame.offset));
  }

  /** Damage is told when everything has been read: where the sound part ends nobody knows before. */
  #atGlance<Answer>(read: () => Answer): Answer {
    if (this.#births === undefined) return read();
    try {
      return read();
    } catch (error) {
      throw error instanceof WireError ? new NotIndexedYet() : error;
    }
  }

  /** Event number of the last LINE before a block; -1 for none. */
  lastLineBefore(number: number): number {
    if (this.#births === undefined) return this.history.lastLineBefore(number);
    for (let before = number - 1; before >= 0; before--) {
      const { firstEvent, events } = this.block(before);
      const row = events.steps.at(-1);
      if (row !== undefined) return firstEvent + row;
    }
    return -1;
  }

  /** The block's payload, or as much of it as holds `position`. */
  payloadAround(number: number, position: number): Uint8Array {
    const decoded = this.#decoded(number) ?? this.#objectCache.get(number);
    if (decoded !== undefined) return decoded.payload;
    const kept = this.#keptKeyframe(number);
    return kept !== undefined && position < kept.length ? kept : this.objectEvents(number).payload;
  }

  /** Where the keyframe ends in the block's payload. */
  keyframeEnd(number: number): number {
    return this.#keptKeyframe(number)?.length ?? this.objectEvents(number).keyframeEnd;
  }

  #statedBlock(number: number): Block {
    const cached = this.#cache.get(number);
    if (cached !== undefined) return cached;
    const block = this.#stated.block(number);
    this.#cache.add(block);
    return block;
  }

  #stateBlock(frame: FrameHeader, number: number, isPassing: boolean): Block {
    const place = { number, firstStep: this.history.firstStep, firstEvent: 0 };
    const scanner = isPassing ? this.#passingScanner : this.#scanner;
    const payload = readPayload(this.#file, this.#codecs, frame);
    return new Block(place, payload, frame.offset, { scanner, strict: true, isPassing }, () => EMPTY_KEYFRAME);
  }

  #keyframe(number: number): Keyframe {
    if (number < 0) return EMPTY_KEYFRAME;
    const kept = this.#keptKeyframe(number);
    if (kept === undefined) return this.block(number).keyframe;
    const origin = this.#blocks[number]?.frame?.offset ?? this.#offset;
    return keyframeOf(kept, kept.length, number, origin, () => this.#keyframe(number - 1));
  }

  #keptKeyframe(number: number): Uint8Array | undefined {
    const stored = this.#blocks[number];
    if (stored?.keyframe !== "unread" || stored.frame === undefined)
      return stored?.keyframe === "unread" ? undefined : stored?.keyframe;
    const { frame } = stored;
    const decoded = this.#decoded(number) ?? this.#objectCache.get(number);
    stored.keyframe = this.#atGlance(() => {
      const start = decoded?.payload ?? readPayloadStart(this.#file, this.#codecs, frame, KEPT_KEYFRAME);
      const end = keyframeEndOf(start, frame.offset);
      return end <= KEPT_KEYFRAME ? start.slice(0, end) : undefined;
    });
    return stored.keyframe;
  }

  /** Reads frames up to the end of the file, or to where an index ends; what is wrong there, if anything. */
  #readFrames(size: number): Damage | undefined {
    for (;;) {
      const damage = this.#readPart(size);
      if (damage === undefined || !this.#beginsPart()) return damage;
    }
  }

  /** Whether another part follows here; its header is passed then. */
  #beginsPart(): boolean {
    const isNext = this.#meta.maxRecordingSize > 0 && this.#seq > 0 && hasFileHeader(this.#file, this.#offset);
    if (!isNext || !checkFileHeader(this.#file, this.#codecs, this.#offset)) return false;
    this.#offset += FILE_HEADER_LENGTH;
    this.#seq = 0;
    return true;
  }

  #readPart(size: number): Damage | undefined {
    const headers = new FrameHeaders(this.#file, this.#codecs);
    try {
      while (this.#offset < size) {
        const frame = headers.read(this.#offset, size);
        if (frame === undefined) {
          return { offset: this.#offset, sentence: "The file ends in the middle of a frame.", isCut: true };
        }
        if (frame.seq !== this.#seq) throw new WireError("the frame is out of order", frame.offset);
        this.#readFrame(frame);
        this.#offset = frame.end;
        this.#seq++;
        this.#fingerprint = (Math.imul(this.#fingerprint, 31) + frame.crc) >>> 0;
      }
      return undefined;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return { offset: this.#offset, sentence: `The recording is damaged: ${error.message}.`, isCut: false };
    }
  }

  #readFrame(frame: FrameHeader): void {
    switch (frame.kind) {
      case FRAME_META:
        this.#readMeta(readMeta(this.#payloadCursor(frame)), frame.offset);
        return;
      case FRAME_BLOCK:
        this.#addBlock(frame);
        return;
      case FRAME_CODE:
        if (this.#births === undefined) this.registry.add(readCode(this.#payloadCursor(frame)));
        else
          this.registry.addLater(brand<CodeId>(frame.first), () =>
            this.#atGlance(() => readCode(this.#payloadCursor(frame))),
          );
        return;
      case FRAME_SOURCE:
        if (this.#births === undefined) this.#readSource(frame);
        else this.#unreadSources.set(frame.first, frame);
        return;
      case FRAME_BLOB:
        this.#blobs.set(frame.first, frame);
        return;
      case FRAME_STATE:
        this.#addState(frame);
        return;
      default:
        // A kind that a later minor version added.
        return;
    }
  }

  #readSource(frame: FrameHeader): void {
    const source = readSource(this.#payloadCursor(frame));
    this.#unreadSources.delete(frame.first);
    this.#sources.set(source.id, source);
    this.#sourceOfFile.set(source.file, source.id);
  }

  #readMeta(meta: Meta, offset: number): void {
    const { history } = this;
    if (this.#meta.recording === "") {
      this.#meta = meta;
      this.#part = meta.part;
      history.startAt(meta.firstStep);
      this.objectKinds.startAt(meta.firstObject);
      this.#observer.begins(meta.firstFrame, meta.firstObject);
      return;
    }
    const follows =
      meta.recording === this.#meta.recording &&
      meta.part === this.#part + 1 &&
      meta.firstStep === history.steps &&
      meta.firstBlock === this.#meta.firstBlock + history.blocks;
    if (!follows) throw new WireError("another recording follows", offset);
    this.#part = meta.part;
  }

  /** What a later part restates is known here from its events. */
  #addState(frame: FrameHeader): void {
    if (this.#part !== this.#meta.part) return;
    const number = this.#stated.add(frame);
    // An index knows what is in it.
    if (this.#covered.length === 0) this.#observer.stateAdded(this.#stated.block(number, true));
  }

  #addBlock(frame: FrameHeader): void {
    if (this.#unsealed.length > 0) this.#seal(frame);
    else this.#addSealed(frame);
    this.#waited += frame.waited;
  }

  /** The frame of a block that is known from its tail. */
  #seal(frame: FrameHeader): void {
    const [block] = this.#unsealed;
    const stored = block === undefined ? undefined : this.#blocks[block.number];
    if (block === undefined || stored === undefined || !isAsSaid(frame, block))
      throw new WireError("the block holds other events than its tail had", frame.offset);
    this.#unsealed.shift();
    stored.frame = frame;
    this.#cache.add(block);
  }

  #addSealed(frame: FrameHeader): void {
    const { history } = this;
    const place = { number: history.blocks, firstStep: history.steps, firstEvent: history.events };
    const lastLineRow = this.#births === undefined ? this.#covered[place.number] : -1;
    if (lastLineRow !== undefined) {
      if (frame.first !== place.firstStep) throw new WireError("the block is out of order", frame.offset);
      this.#blocks.push({ frame, keyframe: "unread" });
      history.append(frame.steps, frame.events, lastLineRow);
      return;
    }
    const payload = readPayload(this.#file, this.#codecs, frame);
    const reading = { scanner: this.#passingScanner, strict: true, isPassing: true };
    const block = new Block(place, payload, frame.offset, reading, () => this.#keyframe(place.number - 1));
    if (!isAsSaid(frame, block)) throw new WireError("the block holds other events than its header says", frame.offset);
    this.#append(block, { frame, keyframe: shortKeyframe(block) }, false);
  }

  #addTail(tail: Tail): void {
    const payload = joinSections(tail.keyframe, tail.events);
    const whole = tail.isWhole ? this.#tailBlock(payload, true) : undefined;
    const block = whole ?? this.#tailBlock(payload, false);
    if (block === undefined || block.events.count === 0) return;
    if (whole === undefined) this.#growing = block;
    else this.#unsealed.push(block);
    this.#append(block, { frame: undefined, keyframe: shortKeyframe(block) }, whole === undefined);
  }

  /** Undefined when the keyframe was half written; when `strict`, also when not all events are sound. */
  #tailBlock(payload: Uint8Array, strict: boolean): Block | undefined {
    const { history } = this;
    const place = { number: history.blocks, firstStep: history.steps, firstEvent: history.events };
    const reading = { scanner: this.#scanner, strict, isPassing: false };
    try {
      return new Block(place, payload, this.#offset, reading, () => this.#keyframe(place.number - 1));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return undefined;
    }
  }

  #append(block: Block, stored: StoredBlock, mayBeRemoved: boolean): void {
    this.#blocks.push(stored);
    this.history.append(block.stepCount, block.events.count, block.events.steps.at(-1) ?? -1);
    this.#observer.blockAdded(block, mayBeRemoved);
    if (this.#disk === undefined || mayBeRemoved || this.#blocks.length % this.#disk.run !== 0) return;
    this.#pages ??= this.#disk.open();
    if (this.#pages !== undefined) this.#spill(this.#pages);
  }

  #spill(pages: PagedFile): void {
    this.objectKinds.spill(pages);
    this.#observer.spill(pages);
  }

  #dropGrowing(): void {
    const block = this.#growing;
    if (block === undefined) return;
    this.#growing = undefined;
    this.#blocks.pop();
    this.history.removeLast();
    this.#observer.blockRemoved(block);
  }

  #payloadCursor(frame: FrameHeader): Cursor {
    const payload = readPayload(this.#file, this.#codecs, frame);
    return new Cursor(payload, 0, payload.length, frame.offset);
  }
}

function isAsSaid(frame: FrameHeader, block: Block): boolean {
  return frame.first === block.firstStep && frame.steps === block.stepCount && frame.events === block.events.count;
}

/** What is kept of a block's payload to read its keyframe; undefined when that is long. */
function shortKeyframe(block: Block): Uint8Array | undefined {
  return block.keyframeEnd <= KEPT_KEYFRAME ? block.payload.slice(0, block.keyframeEnd) : undefined;
}
