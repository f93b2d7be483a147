// At which steps of a line does a condition about scalars hold? One pass over a block's columns: what a variable holds
// changes where it is written, and only that is read.
import { brand } from "../../base/brand.ts";
import type { CodeId } from "../../python/codeObject.ts";
import type { Block } from "../../recording/block.ts";
import * as f from "../../wire/format.ts";
import { blockOfRef, type FrameRecord, positionOfRef, readFrameRecord, UNBOUND_REF } from "../../wire/keyframe.ts";
import { isListEvent, isObjectEvent } from "../../wire/objectScan.ts";
import { CHECKED_STRINGS, skipValue } from "../../wire/value.ts";
import type { History } from "../history.ts";
import { type FrameNames, FrameScalars } from "./frameScalars.ts";
import { NamespaceScalars } from "./namespaceScalars.ts";
import type { ScalarTest } from "./scalarTest.ts";

/** A step on the line; `holds` is undefined where the scalars cannot tell. Those where it is false are left out. */
export interface ScannedStep {
  readonly row: number;
  readonly holds: true | undefined;
}

/** Scans blocks one by one, in any order; what it knows of namespaces goes on from block to block. */
export class ScalarScan {
  readonly #history: History;
  readonly #test: ScalarTest;
  /** By object. */
  readonly #namespaces = new Map<number, NamespaceScalars>();
  /** At the end of this block they stand; -1 for none. */
  #standsAfter = -1;
  /** Of the block that is scanned: by frame. */
  readonly #frames = new Map<number, FrameScalars>();
  #codes: ReadonlySet<number> = new Set();
  /** By code: what frames of it were met with last. */
  readonly #names = new Map<
    number,
    { readonly globals: number; readonly mapping: number; readonly names: FrameNames }
  >();

  constructor(history: History, test: ScalarTest) {
    this.#history = history;
    this.#test = test;
  }

  /** The steps on the lines of the keys; the block may be one that is passing. */
  steps(block: Block, keys: ReadonlySet<number>): readonly ScannedStep[] {
    this.#begin(block, keys);
    const { kind, subject, detail, count } = block.events;
    const frames = this.#frames;
    const [only = -1] = keys;
    const isOne = keys.size === 1;
    const steps: ScannedStep[] = [];
    let lastFrame = -1;
    let last: FrameScalars | undefined;
    for (let row = 0; row < count; row++) {
      const opcode = kind[row] ?? 0;
      if (opcode === f.OP_LINE_AT) {
        const key = detail[row] ?? 0;
        if (isOne ? key !== only : !keys.has(key)) continue;
        const frame = subject[row] ?? 0;
        if (frame !== lastFrame) {
          last = frames.get(frame);
          lastFrame = frame;
        }
        const holds = last === undefined ? undefined : last.holdsAt(block.firstEvent + row);
        if (holds !== false) steps.push({ row, holds });
      } else if (opcode === f.OP_WRITE || opcode === f.OP_DELETE || opcode === f.OP_WRITE_IN) {
        const frame = subject[row] ?? 0;
        (frame === lastFrame ? last : frames.get(frame))?.write(block, row, opcode);
      } else if (opcode <= f.OP_FRAME) {
        if (this.#enters(block, row, opcode)) lastFrame = -1;
      } else if (this.#namespaces.size > 0 && isObjectEvent(opcode)) this.#takeObjectEvent(block, row, opcode);
    }
    this.#standsAfter = this.#history.recording.isFinal(block.number) ? block.number : -1;
    return steps;
  }

  #begin(block: Block, keys: ReadonlySet<number>): void {
    const { recording } = this.#history;
    this.#codes = new Set([...keys].flatMap((key) => recording.lineKeys.place(key)?.code.id ?? []));
    if (this.#standsAfter !== block.number - 1 || this.#standsAfter < 0)
      for (const namespace of this.#namespaces.values()) namespace.standAt(block.firstEvent - 1);
    this.#frames.clear();
    for (const { frames } of block.keyframe.threads)
      for (const record of frames) this.#enter(record, block, block.firstEvent - 1);
  }

  /** A frame that begins or comes back; true when it is one that is watched. */
  #enters(block: Block, row: number, opcode: number): boolean {
    const { events } = block;
    if (opcode === f.OP_CALL) return this.#codes.has(events.detail[row] ?? 0) && this.#called(block, row);
    const hasRecord = opcode === f.OP_RESUME || opcode === f.OP_THROW || opcode === f.OP_FRAME;
    if (!hasRecord) return false;
    const cursor = block.operands(row);
    if (opcode !== f.OP_FRAME) {
      cursor.uv();
      cursor.uv();
      if (cursor.u8() === 0) return false;
    }
    this.#enter(readFrameRecord(cursor, block.number, CHECKED_STRINGS), block, block.firstEvent + row);
    return true;
  }

  #called(block: Block, row: number): true {
    const cursor = block.operands(row);
    cursor.uv();
    const [frame, code, globals, mapping] = [cursor.uv(), cursor.uv(), cursor.uv(), cursor.uv()];
    const scalars = new FrameScalars(this.#test, this.#namesOf(code, globals, mapping, block.firstEvent + row));
    cursor.u8();
    const count = cursor.uv();
    for (let slot = 0; slot < count; slot++) {
      scalars.hold(slot, block.payload, cursor.pos, block.events.strings);
      skipValue(cursor, CHECKED_STRINGS);
    }
    this.#frames.set(frame, scalars);
    return true;
  }

  #enter({ frame, code, globals, mapping, slots }: FrameRecord, block: Block, event: number): void {
    if (!this.#codes.has(code)) return;
    const scalars = new FrameScalars(this.#test, this.#namesOf(code, globals, mapping, event));
    slots.forEach((ref, slot) => {
      const [number, position] = [blockOfRef(ref), positionOfRef(ref)];
      if (number === block.number) scalars.hold(slot, block.payload, position, block.events.strings);
      // A frame that the keyframe shares with one before: texts stand there in full.
      else if (ref !== UNBOUND_REF)
        scalars.hold(slot, this.#history.recording.payloadAround(number, position), position, []);
    });
    this.#frames.set(frame, scalars);
  }

  /** `event`: the state of a namespace that was not met before is taken up there. */
  #namesOf(code: number, globals: number, mapping: number, event: number): FrameNames {
    const known = this.#names.get(code);
    if (known?.globals === globals && known.mapping === mapping) return known.names;
    const slots = this.#history.recording.registry.get(brand<CodeId>(code))?.slots ?? [];
    const isClassBody = mapping !== 0 && mapping !== globals;
    const found = this.#test.names.map((name) => (isClassBody ? -1 : slots.findIndex((slot) => slot.name === name)));
    const isModule = mapping !== 0 && !isClassBody;
    const needsNamespace = globals !== 0 && !isClassBody && (isModule || found.includes(-1));
    const namespace = needsNamespace ? this.#namespaceOf(globals, event) : undefined;
    const names = { slots: found, namespace, isModule };
    this.#names.set(code, { globals, mapping, names });
    return names;
  }

  #namespaceOf(object: number, event: number): NamespaceScalars {
    const known = this.#namespaces.get(object);
    if (known !== undefined) return known;
    const fresh = new NamespaceScalars(this.#history, object, this.#test.names);
    fresh.standAt(event);
    this.#namespaces.set(object, fresh);
    return fresh;
  }

  #takeObjectEvent(block: Block, row: number, opcode: number): void {
    if (isListEvent(opcode)) {
      if (opcode === f.OP_UNKNOWN) for (const namespace of this.#namespaces.values()) namespace.forget();
    } else this.#namespaces.get(block.events.subject[row] ?? 0)?.take(block, row, opcode);
  }
}
