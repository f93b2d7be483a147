// The events of one block as columns (FORMAT.md, 4.2): one pass over the bytes that checks everything, keeps where each
// operand stands, and follows the stacks far enough to know which frame and which line an event belongs to.
import type { SerialColumn } from "../base/serialColumn.ts";
import { WireError } from "../base/errors.ts";
import { skipContents, skipEntries } from "./contents.ts";
import { Cursor } from "./cursor.ts";
import * as f from "./format.ts";
import { type Keyframe, readFrameRecord, skipFrameRecord } from "./keyframe.ts";
import { CHECKED_STRINGS, skipString, skipValue } from "./value.ts";

/** One row per event. Threads are dense indexes, lines are line keys, both of `ParseContext`. */
export interface EventColumns {
  readonly count: number;
  /** Opcode; every LINE and LINE_AT is `OP_LINE_AT`. */
  readonly kind: Uint8Array;
  /** Position of the opcode in the payload. */
  readonly at: Uint32Array;
  /** Thread that the event belongs to; for THREAD the one that runs from here on. */
  readonly thread: Uint16Array;
  /** The frame that the event is about (of RETURN, YIELD, UNWIND the one that left), or the object of an object's event. */
  readonly subject: Uint32Array;
  /** Line key of a step, flags of a RAISE, code of a CALL or a RETURN; 1 when an UNWIND left its thread without frames; else 0. */
  readonly detail: Uint32Array;
  /** Rows of the steps, ascending. */
  readonly steps: Uint32Array;
  /** Positions of the block's table strings. */
  readonly strings: readonly number[];
}

/** What the events of a block refer to outside of it. */
export interface ParseContext {
  /** Dense number of (code object, line); undefined when the code object is not known. */
  lineKey(code: number, offset: number): number | undefined;
  /** Key plus one by offset, 0 where `lineKey` was not asked yet; grows never, is filled in place. */
  lineKeysOf(code: number): Uint32Array;
  hasCode(code: number): boolean;
  threadIndex(thread: number): number;
  /** Kind numbers of objects, from their NEW events; parsing adds to it. */
  readonly objectKinds: SerialColumn;
  /** Whether a change of an object without a kind is damage. Else kinds are asked for only where an event's length depends on it. */
  readonly knowsObjects: boolean;
}

interface Place {
  readonly frame: number;
  readonly code: number;
  readonly lineKeys: Uint32Array;
  offset: number;
}

const MAX_OFFSET = 0xffff_fffe;
const INITIAL_ROWS = 4096;

/** A block's events, where its keyframe ends. */
export interface EventsSection {
  readonly cursor: Cursor;
  readonly block: number;
  readonly keyframe: Keyframe;
  /** True demands that the section ends with its last event; otherwise whole events count up to the first bad one. */
  readonly strict: boolean;
}

/** Makes columns of one block after the other, in the same memory. */
export class EventScanner {
  readonly #context: ParseContext;
  readonly #rows: RowColumns;

  /** `rows`: as many as are expected in a block. */
  constructor(context: ParseContext, rows = INITIAL_ROWS) {
    this.#context = context;
    this.#rows = new RowColumns(Math.max(rows, 1));
  }

  /** Valid until the next call. Throws WireError. */
  scan(section: EventsSection): EventColumns {
    return new EventParser(section, this.#context, this.#rows).parse(section.strict);
  }
}

/** The same columns in memory of their own. */
export function copyColumns(events: EventColumns): EventColumns {
  const { kind, at, thread, subject, detail, steps } = events;
  return {
    ...events,
    kind: kind.slice(),
    at: at.slice(),
    thread: thread.slice(),
    subject: subject.slice(),
    detail: detail.slice(),
    steps: steps.slice(),
  };
}

class EventParser {
  readonly #cursor: Cursor;
  readonly #block: number;
  readonly #context: ParseContext;
  readonly #rows: RowColumns;
  readonly #strings: number[] = [];
  readonly #stacks = new Map<number, Place[]>();
  /** Frames of this block that are off every stack but may come back. */
  readonly #places = new Map<number, Place>();
  #stack: Place[] = [];
  #thread = 0;
  #subject = 0;
  #detail = 0;
  /** Globals of frames of the keyframe, and of those that were called before a row. */
  readonly #globals: Set<number>;
  #globalsRow = 0;
  /** Where the number that `#quickNumber` read last ends. */
  #after = 0;
  /** Where the CALL ends that `#quickCall` read last. */
  #end = 0;

  constructor({ cursor, block, keyframe }: EventsSection, context: ParseContext, rows: RowColumns) {
    this.#cursor = cursor;
    this.#block = block;
    this.#context = context;
    this.#rows = rows;
    this.#globals = new Set(
      context.knowsObjects ? [] : keyframe.threads.flatMap(({ frames }) => frames.map(({ globals }) => globals)),
    );
    for (const { thread, frames } of keyframe.threads) {
      const stack = frames.map(({ frame, code, offset }) => this.#place(frame, code, offset));
      this.#stacks.set(thread, stack);
      for (const place of stack) this.#places.set(place.frame, place);
    }
    this.#switchTo(keyframe.current);
  }

  parse(strict: boolean): EventColumns {
    const cursor = this.#cursor;
    const rows = this.#rows;
    rows.begin();
    while (this.#quickEvents() < cursor.end) {
      const at = cursor.pos;
      const strings = this.#strings.length;
      try {
        const kind = this.#event(cursor.u8());
        rows.add(kind, at, this.#thread, this.#subject, this.#detail);
      } catch (error) {
        if (strict || !(error instanceof WireError)) throw error;
        this.#strings.length = strings;
        cursor.pos = at;
        break;
      }
    }
    return { ...rows.finish(), strings: this.#strings };
  }

  /**
   * Takes the events that nearly all of a block are made of, in their usual forms, up to the first other one, whose
   * position it returns (hot). What looks odd is left to `#event`, which checks it: nothing is changed before an event is
   * known to be taken.
   */
  #quickEvents(): number {
    const cursor = this.#cursor;
    const rows = this.#rows;
    const { bytes, end } = cursor;
    const { kind, at, thread, subject, detail, steps } = rows;
    const { objectKinds } = this.#context;
    const threadIndex = this.#thread;
    const stack = this.#stack;
    const room = kind.length;
    let { count, stepCount } = rows;
    let pos = cursor.pos;
    let top = stack.at(-1);
    while (top !== undefined && pos < end && count < room) {
      const start = pos;
      const opcode = bytes[pos] ?? 0;
      if (opcode >= f.LINE_BASE) {
        const offset: number = top.offset + opcode - f.LINE_ZERO;
        const key = top.lineKeys[offset] ?? 0;
        if (key === 0) break;
        top.offset = offset;
        kind[count] = f.OP_LINE_AT;
        subject[count] = top.frame;
        detail[count] = key - 1;
        steps[stepCount++] = count;
        pos++;
      } else if (opcode === f.OP_WRITE) {
        if ((bytes[pos + 1] ?? 0x80) >= 0x80) break;
        const next = this.#quickValue(pos + 2);
        if (next === 0) break;
        kind[count] = opcode;
        subject[count] = top.frame;
        detail[count] = 0;
        pos = next;
      } else if (opcode === f.OP_RETURN) {
        const offset = this.#quickNumber(pos + 1);
        const next = offset < 0 ? 0 : this.#quickValue(this.#after);
        if (next === 0) break;
        top.offset = offset;
        kind[count] = opcode;
        subject[count] = top.frame;
        detail[count] = top.code;
        stack.pop();
        top = stack.at(-1);
        pos = next;
      } else if (opcode === f.OP_CALL) {
        const place = this.#quickCall(pos + 1);
        if (place === undefined) break;
        top.offset = this.#quickNumber(pos + 1);
        kind[count] = opcode;
        subject[count] = place.frame;
        detail[count] = place.code;
        stack.push(place);
        top = place;
        pos = this.#end;
      } else if (opcode === f.OP_LINE_AT) {
        const offset = this.#quickNumber(pos + 1);
        const key = offset < 0 ? 0 : (top.lineKeys[offset] ?? 0);
        if (key === 0) break;
        top.offset = offset;
        kind[count] = opcode;
        subject[count] = top.frame;
        detail[count] = key - 1;
        steps[stepCount++] = count;
        pos = this.#after;
      } else if (opcode >= f.OP_NEW && opcode <= f.OP_DEAD) {
        const next = opcode === f.OP_DEAD ? this.#quickList(pos + 1) : this.#quickObject(opcode, pos + 1);
        if (next === 0) break;
        const object = opcode === f.OP_DEAD ? 0 : this.#quickNumber(pos + 1);
        if (opcode === f.OP_NEW) objectKinds.set(object, bytes[this.#after] ?? 0);
        kind[count] = opcode;
        subject[count] = object;
        detail[count] = opcode === f.OP_CONTENTS ? (bytes[this.#after] ?? 0) : 0;
        pos = next;
      } else break;
      at[count] = start;
      thread[count] = threadIndex;
      count++;
    }
    rows.count = count;
    rows.stepCount = stepCount;
    cursor.pos = pos;
    return pos;
  }

  /** The operands of a CALL, which end at `#end`; undefined for unusual ones. */
  #quickCall(pos: number): Place | undefined {
    const { bytes } = this.#cursor;
    if (this.#quickNumber(pos) < 0) return undefined;
    const frame = this.#quickNumber(this.#after);
    if (frame < 0) return undefined;
    const code = this.#quickNumber(this.#after);
    if (code < 0 || this.#quickNumber(this.#after) < 0 || this.#quickNumber(this.#after) < 0) return undefined;
    const isGenerator = bytes[this.#after] !== 0;
    const count = this.#quickNumber(this.#after + 1);
    const next = count < 0 ? 0 : this.#quickValues(this.#after, count);
    const lineKeys = this.#context.lineKeysOf(code);
    if (next === 0 || isGenerator || lineKeys.length === 0) return undefined;
    this.#end = next;
    return { frame, code, lineKeys, offset: 0 };
  }

  /** Where an object's event ends; 0 for an unusual one. */
  #quickObject(opcode: number, pos: number): number {
    const { bytes } = this.#cursor;
    const object = this.#quickNumber(pos);
    if (object < 0) return 0;
    const after = this.#after;
    if (opcode === f.OP_NEW) {
      const isPairs = f.PAIRS[bytes[after] ?? 0];
      if (isPairs === undefined || !this.#isTableString(after + 1)) return 0;
      return this.#quickContents(this.#after, isPairs);
    }
    const isPairs = this.#context.knowsObjects
      ? f.PAIRS[this.#context.objectKinds.get(object)]
      : this.#isPairsIn(opcode, object, after + 1);
    if (isPairs === undefined) return 0;
    switch (opcode) {
      case f.OP_CONTENTS:
        return this.#quickContents(after + 1, isPairs);
      case f.OP_ITEM_SET:
        return this.#quickNumber(after) < 0 ? 0 : this.#quickValue(this.#after);
      case f.OP_APPEND:
        return this.#quickValues(after, isPairs ? 2 : 1);
      case f.OP_SPLICE: {
        if (this.#quickNumber(after) < 0 || this.#quickNumber(this.#after) < 0) return 0;
        const count = this.#quickNumber(this.#after);
        return count < 0 ? 0 : this.#quickValues(this.#after, isPairs ? count * 2 : count);
      }
      case f.OP_ATTR_SET:
        return this.#isTableString(after) ? this.#quickValue(this.#after) : 0;
      case f.OP_KNOWN:
        return after;
      default:
        return 0;
    }
  }

  /** Asks for the object's kind only where the event's length depends on it. `mask`: where the parts of a CONTENTS are named. */
  #isPairsIn(opcode: number, object: number, mask: number): boolean | undefined {
    const hasItems = opcode === f.OP_CONTENTS && ((this.#cursor.bytes[mask] ?? 0) & f.PART_ITEMS) !== 0;
    if (!hasItems && opcode !== f.OP_APPEND && opcode !== f.OP_SPLICE) return false;
    return this.#isGlobals(object) || f.PAIRS[this.#context.objectKinds.get(object)];
  }

  /** Whether the object is known to be the globals of a frame, which always are a dict. */
  #isGlobals(object: number): boolean {
    const cursor = new Cursor(this.#cursor.bytes, 0, this.#cursor.end, this.#cursor.origin);
    const { kind, at, count } = this.#rows;
    for (; this.#globalsRow < count; this.#globalsRow++) {
      if (kind[this.#globalsRow] !== f.OP_CALL) continue;
      cursor.pos = (at[this.#globalsRow] ?? 0) + 1;
      for (let operand = 0; operand < 3; operand++) cursor.uv();
      this.#globals.add(cursor.uv());
    }
    return this.#globals.has(object);
  }

  #quickContents(pos: number, isPairs: boolean): number {
    const mask = this.#cursor.bytes[pos] ?? 0;
    if (mask > (f.PART_ITEMS | f.PART_ATTRIBUTES)) return 0;
    let next = pos + 1;
    if ((mask & f.PART_ITEMS) !== 0) {
      if (this.#quickNumber(next) < 0) return 0;
      const count = this.#quickNumber(this.#after);
      next = count < 0 ? 0 : this.#quickValues(this.#after, isPairs ? count * 2 : count);
      if (next === 0) return 0;
    }
    if ((mask & f.PART_ATTRIBUTES) === 0) return next <= this.#cursor.end ? next : 0;
    if (this.#quickNumber(next) < 0) return 0;
    const count = this.#quickNumber(this.#after);
    next = count < 0 ? 0 : this.#after;
    for (let left = count; left > 0 && next > 0; left--) {
      next = this.#isTableString(next) ? this.#quickValue(this.#after) : 0;
    }
    return next;
  }

  #quickList(pos: number): number {
    let left = this.#quickNumber(pos);
    if (left < 0) return 0;
    for (; left > 0; left--) if (this.#quickNumber(this.#after) < 0) return 0;
    return this.#after;
  }

  #quickValues(pos: number, count: number): number {
    let next = pos;
    for (let left = count; left > 0 && next > 0; left--) next = this.#quickValue(next);
    return next;
  }

  #isTableString(pos: number): boolean {
    const entry = this.#quickNumber(pos);
    return entry > 0 && entry <= this.#strings.length;
  }

  /** A number of at most four bytes; `#after` is behind it then. -1 for a longer one, or one that does not end in time. */
  #quickNumber(pos: number): number {
    const { bytes, end } = this.#cursor;
    const first = bytes[pos] ?? 0;
    let value = first & 0x7f;
    let next = pos + 1;
    if (first >= 0x80) {
      const second = bytes[next++] ?? 0;
      value |= (second & 0x7f) << 7;
      if (second >= 0x80) {
        const third = bytes[next++] ?? 0;
        value |= (third & 0x7f) << 14;
        if (third >= 0x80) {
          const fourth = bytes[next++] ?? 0x80;
          if (fourth >= 0x80) return -1;
          value |= fourth << 21;
        }
      }
    }
    this.#after = next;
    return next <= end ? value : -1;
  }

  /** Where a value ends that is a constant, a number, an object or a string of the table; 0 for any other. */
  #quickValue(pos: number): number {
    const { bytes, end } = this.#cursor;
    let next = pos + 1;
    switch (bytes[pos]) {
      case f.TAG_NONE:
      case f.TAG_FALSE:
      case f.TAG_TRUE:
        break;
      case f.TAG_INT:
      case f.TAG_OBJECT:
        if (this.#quickNumber(next) < 0) return 0;
        next = this.#after;
        break;
      case f.TAG_FLOAT:
        next += 8;
        break;
      case f.TAG_STR: {
        const entry = this.#quickNumber(next);
        if (entry <= 0 || entry > this.#strings.length) return 0;
        next = this.#after;
        break;
      }
      default:
        return 0;
    }
    return next <= end ? next : 0;
  }

  /** Reads one event's operands; the opcode as the columns have it. */
  #event(opcode: number): number {
    this.#subject = 0;
    this.#detail = 0;
    if (opcode >= f.LINE_BASE) {
      const top = this.#top();
      this.#line(top, top.offset + opcode - f.LINE_ZERO);
      return f.OP_LINE_AT;
    }
    if (opcode < f.OP_THREAD) this.#frameEvent(opcode);
    else if (opcode >= f.OP_NEW && opcode <= f.OP_DEAD) this.#objectEvent(opcode);
    else this.#otherEvent(opcode);
    return opcode;
  }

  #frameEvent(opcode: number): void {
    const cursor = this.#cursor;
    switch (opcode) {
      case f.OP_LINE_AT:
        this.#line(this.#top(), cursor.serial());
        return;
      case f.OP_CALL:
        this.#call();
        return;
      case f.OP_RETURN:
        this.#stand(cursor.serial());
        skipValue(cursor, this.#strings);
        this.#detail = this.#leave().code;
        return;
      case f.OP_YIELD:
        // Kept for a suspended frame: its next step may be relative to it.
        this.#stand(cursor.serial());
        skipValue(cursor, this.#strings);
        this.#leave();
        return;
      case f.OP_UNWIND:
        skipValue(cursor, this.#strings);
        this.#leave();
        this.#detail = this.#stack.length === 0 ? 1 : 0;
        return;
      case f.OP_RESUME:
        this.#resume();
        return;
      case f.OP_THROW:
        this.#resume();
        skipValue(cursor, this.#strings);
        return;
      case f.OP_RAISE:
        this.#stand(cursor.serial());
        this.#detail = cursor.u8();
        skipValue(cursor, this.#strings);
        return;
      case f.OP_HANDLED:
        this.#stand(cursor.serial());
        return;
      case f.OP_WRITE:
        this.#subject = this.#top().frame;
        this.#slot();
        skipValue(cursor, this.#strings);
        return;
      case f.OP_DELETE:
        this.#subject = this.#top().frame;
        this.#slot();
        return;
      case f.OP_WRITE_IN:
        this.#subject = cursor.serial();
        if (!this.#holds(this.#subject)) throw cursor.error("writes to a frame that the block does not hold");
        this.#slot();
        skipValue(cursor, this.#strings);
        return;
      case f.OP_FRAME: {
        const place = this.#record();
        this.#subject = place.frame;
        return;
      }
      default:
        throw cursor.error(`has an event of an unknown kind (${opcode})`);
    }
  }

  #objectEvent(opcode: number): void {
    const cursor = this.#cursor;
    if (opcode === f.OP_UNKNOWN || opcode === f.OP_DEAD) {
      if (opcode === f.OP_UNKNOWN) cursor.u8();
      for (let left = cursor.count(); left > 0; left--) cursor.serial();
      return;
    }
    const object = cursor.serial();
    this.#subject = object;
    if (opcode === f.OP_NEW) {
      const number = cursor.u8();
      const kind = f.objectKind(number);
      if (kind === undefined) throw cursor.error("has an object of an unknown kind");
      skipString(cursor, this.#strings);
      skipContents(cursor, kind, this.#strings);
      this.#context.objectKinds.set(object, number);
      return;
    }
    const kind = this.#context.knowsObjects
      ? f.objectKind(this.#context.objectKinds.get(object))
      : this.#kindIn(opcode, object);
    if (kind === undefined) throw cursor.error("changes an object that was never seen");
    switch (opcode) {
      case f.OP_CONTENTS:
        this.#detail = cursor.u8();
        skipContents(cursor, kind, this.#strings);
        return;
      case f.OP_ITEM_SET:
        cursor.uv();
        skipValue(cursor, this.#strings);
        return;
      case f.OP_APPEND:
        skipEntries(cursor, 1, kind, this.#strings);
        return;
      case f.OP_SPLICE:
        cursor.uv();
        cursor.uv();
        skipEntries(cursor, cursor.count(), kind, this.#strings);
        return;
      case f.OP_LENGTH:
        cursor.uv();
        return;
      case f.OP_ATTR_SET:
        skipString(cursor, this.#strings);
        skipValue(cursor, this.#strings);
        return;
      case f.OP_ATTR_DEL:
      case f.OP_TYPE:
        skipString(cursor, this.#strings);
        return;
      case f.OP_BYTES_SPLICE:
        cursor.uv();
        cursor.uv();
        cursor.skip(cursor.uv());
        return;
      case f.OP_KNOWN:
        return;
      default:
        throw cursor.error(`has an event of an unknown kind (${opcode})`);
    }
  }

  /** A kind that gives the event the same length as the object's own. */
  #kindIn(opcode: number, object: number): f.ObjectKind | undefined {
    switch (this.#isPairsIn(opcode, object, this.#cursor.pos + 1)) {
      case true:
        return "dict";
      case false:
        return "list";
      default:
        return undefined;
    }
  }

  #otherEvent(opcode: number): void {
    const cursor = this.#cursor;
    switch (opcode) {
      case f.OP_THREAD:
        this.#switchTo(cursor.uv());
        return;
      case f.OP_THREAD_START:
        this.#detail = this.#context.threadIndex(cursor.uv());
        skipString(cursor, this.#strings);
        return;
      case f.OP_THREAD_END: {
        const thread = cursor.uv();
        this.#detail = this.#context.threadIndex(thread);
        // Emptied in place: it may be the current one.
        this.#stacks.get(thread)?.splice(0);
        return;
      }
      case f.OP_OUTPUT:
      case f.OP_GAP:
        cursor.u8();
        cursor.skip(cursor.uv());
        return;
      case f.OP_END:
        this.#detail = cursor.u8();
        cursor.sv();
        skipValue(cursor, this.#strings);
        return;
      case f.OP_CHILD:
        cursor.uv();
        return;
      case f.OP_EVALUATE:
        cursor.skip(cursor.uv());
        return;
      case f.OP_GENERATOR:
        this.#subject = cursor.serial();
        cursor.serial();
        return;
      case f.OP_DROPPED:
        this.#subject = cursor.serial();
        return;
      case f.OP_TASK:
        this.#subject = cursor.serial();
        cursor.serial();
        return;
      case f.OP_CELL_SET:
      case f.OP_CLASS:
        this.#subject = cursor.serial();
        if (this.#context.knowsObjects && this.#context.objectKinds.get(this.#subject) === 0)
          throw cursor.error("changes an object that was never seen");
        skipValue(cursor, this.#strings);
        return;
      case f.OP_UNKNOWN_SINCE:
        this.#subject = cursor.serial();
        cursor.u8();
        cursor.uv();
        return;
      default:
        throw cursor.error(`has an event of an unknown kind (${opcode})`);
    }
  }

  #line(top: Place, offset: number): void {
    if (offset < 0 || offset > MAX_OFFSET) throw this.#cursor.error("has a step outside of its code");
    const key = this.#context.lineKey(top.code, offset);
    if (key === undefined) throw this.#cursor.error("runs code that is not in the recording");
    top.offset = offset;
    this.#subject = top.frame;
    this.#detail = key;
  }

  #call(): void {
    const cursor = this.#cursor;
    this.#leaveAt(cursor.serial());
    const frame = cursor.serial();
    const code = cursor.serial();
    cursor.serial();
    cursor.serial();
    const isGenerator = cursor.u8() !== 0;
    for (let left = cursor.count(); left > 0; left--) skipValue(cursor, this.#strings);
    if (!this.#context.hasCode(code)) throw cursor.error("runs code that is not in the recording");
    const place = this.#place(frame, code, 0);
    if (isGenerator) this.#places.set(frame, place);
    this.#stack.push(place);
    this.#subject = frame;
    this.#detail = code;
  }

  #resume(): void {
    const cursor = this.#cursor;
    this.#leaveAt(cursor.serial());
    const frame = cursor.serial();
    const place = cursor.u8() !== 0 ? this.#record() : this.#places.get(frame);
    if (place?.frame !== frame) throw cursor.error("resumes a frame that the block does not hold");
    this.#stack.push(place);
    this.#subject = frame;
  }

  #record(): Place {
    const cursor = this.#cursor;
    const start = cursor.pos;
    skipFrameRecord(cursor, this.#strings);
    cursor.pos = start;
    const { frame, code, offset } = readFrameRecord(cursor, this.#block, CHECKED_STRINGS);
    if (!this.#context.hasCode(code)) throw cursor.error("runs code that is not in the recording");
    const place = this.#place(frame, code, offset);
    this.#places.set(frame, place);
    return place;
  }

  /** The caller's offset of a call; nothing when nobody recorded calls. */
  #leaveAt(offset: number): void {
    const top = this.#stack.at(-1);
    if (top !== undefined) top.offset = offset;
  }

  #leave(): Place {
    const top = this.#stack.pop();
    if (top === undefined) throw this.#cursor.error("leaves a frame where none runs");
    this.#subject = top.frame;
    return top;
  }

  #stand(offset: number): void {
    const top = this.#top();
    top.offset = offset;
    this.#subject = top.frame;
  }

  #place(frame: number, code: number, offset: number): Place {
    return { frame, code, lineKeys: this.#context.lineKeysOf(code), offset };
  }

  #holds(frame: number): boolean {
    if (this.#places.has(frame)) return true;
    return [...this.#stacks.values()].some((stack) => stack.some((place) => place.frame === frame));
  }

  #slot(): void {
    if (this.#cursor.uv() > 0xffff) throw this.#cursor.error("writes to a variable that no code has");
  }

  #top(): Place {
    const top = this.#stack.at(-1);
    if (top === undefined) throw this.#cursor.error("has an event of a frame where none runs");
    return top;
  }

  #switchTo(thread: number): void {
    this.#thread = this.#context.threadIndex(thread);
    const stack = this.#stacks.get(thread) ?? [];
    this.#stacks.set(thread, stack);
    this.#stack = stack;
  }
}

/** Columns that grow together and are used for one block after the other. */
class RowColumns {
  count = 0;
  stepCount = 0;
  kind: Uint8Array;
  at: Uint32Array;
  thread: Uint16Array;
  subject: Uint32Array;
  detail: Uint32Array;
  steps: Uint32Array;

  constructor(size: number) {
    this.kind = new Uint8Array(size);
    this.at = new Uint32Array(size);
    this.thread = new Uint16Array(size);
    this.subject = new Uint32Array(size);
    this.detail = new Uint32Array(size);
    this.steps = new Uint32Array(size);
  }

  begin(): void {
    this.count = 0;
    this.stepCount = 0;
  }

  add(kind: number, at: number, thread: number, subject: number, detail: number): void {
    const row = this.count++;
    if (row >= this.kind.length) this.#grow();
    this.kind[row] = kind;
    this.at[row] = at;
    this.thread[row] = thread;
    this.subject[row] = subject;
    this.detail[row] = detail;
    if (kind === f.OP_LINE_AT) this.steps[this.stepCount++] = row;
  }

  finish(): Omit<EventColumns, "strings"> {
    const { count } = this;
    return {
      count,
      kind: this.kind.subarray(0, count),
      at: this.at.subarray(0, count),
      thread: this.thread.subarray(0, count),
      subject: this.subject.subarray(0, count),
      detail: this.detail.subarray(0, count),
      steps: this.steps.subarray(0, this.stepCount),
    };
  }

  #grow(): void {
    const size = this.kind.length * 2;
    this.kind = copyInto(new Uint8Array(size), this.kind);
    this.at = copyInto(new Uint32Array(size), this.at);
    this.thread = copyInto(new Uint16Array(size), this.thread);
    this.subject = copyInto(new Uint32Array(size), this.subject);
    this.detail = copyInto(new Uint32Array(size), this.detail);
    this.steps = copyInto(new Uint32Array(size), this.steps);
  }
}

function copyInto<Column extends Uint8Array | Uint16Array | Uint32Array>(to: Column, from: Column): Column {
  to.set(from);
  return to;
}
