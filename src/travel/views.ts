// What a person sees at an event: threads, stacks, scopes and the contents of objects, built from the recorded columns.
import { brand } from "../base/brand.ts";
import type { CodeId, CodeObjectWrapper } from "../python/codeObject.ts";
import type { CodeUnit } from "../python/codeOffset.ts";
import type { LiveFrame } from "../recording/blockFrames.ts";
import type { ObjectContents } from "../recording/objectReplay.ts";
import { valueAt } from "../recording/values.ts";
import * as f from "../wire/format.ts";
import { UNBOUND_REF, type ValueRef } from "../wire/keyframe.ts";
import type { Value } from "../wire/value.ts";
import type { History } from "./history.ts";
import type { Completeness, FrameView, ObjectView, Position, ScopesView, ThreadView, Variable } from "./timeTravel.ts";

/** So many objects are kept, with so many parts in all. */
const KEPT_OBJECTS = 2048;
const KEPT_PARTS = 65_536;

interface KeptObject {
  /** The one that was asked about last. */
  asked: number;
  /** Since this one, up to the next event about the object, nothing changes. */
  readonly event: number;
  readonly view: ObjectView;
}

function partsOf({ items, entries, attributes }: ObjectView): number {
  return items.length + entries.length + attributes.length;
}

export class Views {
  readonly #history: History;
  /** The one that was made first comes first. */
  readonly #objects = new Map<number, KeptObject>();
  #parts = 0;
  /** What was asked last: each scope of a frame asks for it. */
  #scopes: { readonly event: number; readonly frame: number; readonly view: ScopesView | undefined } | undefined;
  readonly #modules = new Map<number, string | undefined>();

  constructor(history: History) {
    this.#history = history;
  }

  /** The unsealed end of the history was read anew. */
  forget(): void {
    this.#objects.clear();
    this.#parts = 0;
    this.#modules.clear();
    this.#scopes = undefined;
  }

  threads(event: number): readonly ThreadView[] {
    const { index, recording } = this.#history;
    return index.threads.at(event).map(({ threadIndex, name, isAlive }) => ({
      thread: recording.threads[threadIndex] ?? 0,
      name,
      alive: isAlive,
    }));
  }

  /** The event whose stack a thread shows: `event` itself, else the thread's nearest step. -1 when it has none. */
  shownEvent(event: number, threadIndex: number): number {
    if (this.#history.stack(event, threadIndex).length > 0) return event;
    const before = this.previousLine(event + 1, threadIndex);
    return before >= 0 ? before : this.nextLine(event, threadIndex);
  }

  /** The thread's last step before the event `before`; -1 for none. */
  previousLine(before: number, threadIndex: number): number {
    return this.#history.findBackward(
      this.#history.index.threadEvents,
      threadIndex,
      before,
      ({ kind, thread }, row) => kind[row] === f.OP_LINE_AT && thread[row] === threadIndex,
    );
  }

  /** The thread's first step after the event `after`; -1 for none. */
  nextLine(after: number, threadIndex: number): number {
    return this.#history.findForward(
      this.#history.index.threadEvents,
      threadIndex,
      after,
      ({ kind, thread }, row) => kind[row] === f.OP_LINE_AT && thread[row] === threadIndex,
    );
  }

  /** Innermost first. */
  stack(event: number, threadIndex: number): readonly FrameView[] {
    const shown = this.shownEvent(event, threadIndex);
    const frames = this.#history.stack(shown, threadIndex);
    const last = frames.length - 1;
    return frames.toReversed().map((frame, depth) => this.#frameView(frame, depth === 0 && last >= 0));
  }

  frame(event: number, frame: number): FrameView | undefined {
    const isInnermost = this.#innermost(event) === frame;
    const live = this.liveNear(event, frame);
    return live === undefined ? undefined : this.#frameView(live, isInnermost);
  }

  scopes(event: number, frame: number): ScopesView | undefined {
    const asked = this.#scopes;
    if (asked?.event === event && asked.frame === frame) return asked.view;
    const view = this.#scopesView(event, frame);
    this.#scopes = { event, frame, view };
    return view;
  }

  #scopesView(event: number, frame: number): ScopesView | undefined {
    const live = this.liveNear(event, frame);
    const code = live === undefined ? undefined : this.#code(live.code);
    if (live === undefined || code === undefined) return undefined;
    const { globals, mapping } = live;
    const variables = code.slots.map(({ name, kind }, slot) => ({ name, kind, ...this.#slot(live, slot) }));
    const bound = variables.filter(({ value }) => value.kind !== "unbound");
    const own = bound.filter(({ kind }) => kind !== "free").map(variableOf);
    // Variables of a comprehension stand before the names of the module or class around it and hide them.
    const hidden = new Set(own.map(({ name }) => name));
    const localsAreGlobals = mapping !== 0 && mapping === globals && own.length === 0;
    const isClassBody = mapping !== 0 && mapping !== globals;
    const mapped = isClassBody || localsAreGlobals ? this.#mapped(event, mapping) : [];
    return {
      locals: [...own, ...mapped.filter(({ name }) => !hidden.has(name))],
      closure: bound.filter(({ kind }) => kind === "free").map(variableOf),
      unbound:
        mapping === 0
          ? variables
              .filter(({ value }) => value.kind === "unbound")
              .map(({ name, kind }) => ({ name, isFree: kind === "free" }))
          : [],
      globals,
      localsAreGlobals,
      returnValue: this.#returnValue(event, frame),
    };
  }

  /** Undefined when the object was not seen yet. */
  object(event: number, object: number): ObjectView | undefined {
    if (event < 0) return undefined;
    const kept = this.#objects.get(object);
    if (kept?.asked === event) return kept.view;
    const touched = this.#history.objectSince(event, object);
    if (touched < 0 && !this.#history.recording.isEarlierObject(object)) return undefined;
    if (kept?.event === touched) {
      kept.asked = event;
      return kept.view;
    }
    this.#forgetObject(object);
    const view = this.#objectView(Math.max(touched, 0), object);
    if (view === undefined) return undefined;
    this.#objects.set(object, { asked: event, event: touched, view });
    this.#parts += partsOf(view);
    if (this.#objects.size > KEPT_OBJECTS || this.#parts > KEPT_PARTS) this.#forgetOlder();
    return view;
  }

  /** Many at once: to begin at the oldest again and again would pass over all that are gone. */
  #forgetOlder(): void {
    const [objects, parts] = [this.#objects.size / 2, this.#parts / 2];
    for (const oldest of this.#objects.keys()) {
      if (this.#objects.size <= objects && this.#parts <= parts) return;
      this.#forgetObject(oldest);
    }
  }

  #forgetObject(object: number): void {
    const kept = this.#objects.get(object);
    if (kept === undefined) return;
    this.#objects.delete(object);
    this.#parts -= partsOf(kept.view);
  }

  /** The value that the event at `event` carries after `skip` has passed over its other operands. */
  operand(event: number, skip: (cursor: { uv(): number; u8(): number; sv(): number }) => void): Value {
    const block = this.#history.blockAt(event);
    const cursor = block.operands(event - block.firstEvent);
    skip(cursor);
    return this.#value(block.number * 2 ** 26 + cursor.pos, undefined);
  }

  /** The innermost frame of the thread that made the event. */
  #innermost(event: number): number | undefined {
    if (event < 0) return undefined;
    return this.#history.stack(event, this.#history.threadIndexAt(event)).at(-1)?.frame;
  }

  /**
   * A frame as it is at the event; one that has left as it was when it left; one to come as it is at its first step.
   */
  liveNear(event: number, frame: number): LiveFrame | undefined {
    const history = this.#history;
    const live = history.liveFrame(event, frame);
    if (live !== undefined) return live;
    const left = history.frameEventBackward(event + 1, frame);
    if (left > 0) return history.liveFrame(left, frame) ?? history.liveFrame(left - 1, frame);
    const first = history.findForward(
      history.index.frames,
      frame,
      event,
      ({ kind, subject }, row) => subject[row] === frame && kind[row] === f.OP_LINE_AT,
    );
    return first < 0 ? undefined : history.liveFrame(first, frame);
  }

  #frameView(live: LiveFrame, isInnermost: boolean): FrameView {
    const code = this.#code(live.code);
    const fields = code?.fields;
    return {
      frame: live.frame,
      code: live.code,
      name: fields?.name ?? "",
      qualifiedName: fields?.qualifiedName ?? "",
      file: fields?.fileName ?? "",
      source: fields?.source ?? 0,
      module: this.#moduleName(live.globals),
      position: code === undefined ? lineOnly(0) : positionOf(code, live, isInnermost),
      isInnermost,
    };
  }

  /** `__name__` of a module's globals, as they were first seen. */
  #moduleName(globals: number): string | undefined {
    if (globals === 0) return undefined;
    if (this.#modules.has(globals)) return this.#modules.get(globals);
    const { index, recording } = this.#history;
    const number = index.objects.firstAtLeast(globals, 0);
    const block = number < 0 ? undefined : recording.objectEvents(number);
    const row = block?.rowsOfObject(globals)[0];
    const first = block === undefined || row === undefined ? -1 : block.firstEvent + row;
    const entry = this.#objectView(recording.isEarlierObject(globals) ? 0 : first, globals)?.entries.find(
      ([key]) => key.kind === "str" && key.text === "__name__",
    );
    const name = entry?.[1].kind === "str" ? entry[1].text : undefined;
    this.#modules.set(globals, name);
    return name;
  }

  #slot(live: LiveFrame, slot: number): Omit<Variable, "name"> {
    const written1 = live.written[slot] ?? 0;
    const writtenAt = written1 > 0 ? written1 - 1 : undefined;
    return { value: this.#value(live.slots[slot] ?? UNBOUND_REF, writtenAt ?? 0), writtenAt };
  }

  /** Variables of a module or a class body. */
  #mapped(event: number, mapping: number): readonly Variable[] {
    const contents = this.#history.contentsAt(event, mapping);
    if (contents === undefined) return [];
    return contents.items.map((ref, index) => {
      const key = this.#value(contents.keys[index] ?? UNBOUND_REF, undefined);
      const written = contents.written[index] ?? -1;
      const writtenAt = written >= 0 ? written : undefined;
      return { name: key.kind === "str" ? key.text : "", value: this.#value(ref, writtenAt), writtenAt };
    });
  }

  #returnValue(event: number, frame: number): Value | undefined {
    if (event < 0 || this.#history.kindAt(event) !== f.OP_RETURN) return undefined;
    return this.#innermost(event) === frame ? this.operand(event, (cursor) => cursor.uv()) : undefined;
  }

  #objectView(event: number, object: number): ObjectView | undefined {
    const contents = this.#history.contentsAt(event, object);
    if (contents === undefined) return undefined;
    const { kind } = contents;
    const values = contents.items.map((ref, index) => this.#value(ref, knownStep(contents.written[index])));
    const isPairs = f.hasEntries(kind);
    return {
      object,
      kind,
      type: this.#history.typeOf(event, object, contents),
      items: isPairs ? [] : values,
      itemsTotal: contents.itemsTotal,
      entries: isPairs
        ? values.map((value, index) => [this.#value(contents.keys[index] ?? UNBOUND_REF, undefined), value] as const)
        : [],
      attributes: contents.names.map(
        (name, index) => [name, this.#value(contents.attributes[index] ?? UNBOUND_REF, undefined)] as const,
      ),
      attributesTotal: contents.attributesTotal,
      text: contents.text,
      value: this.#objectValue(contents),
      bytes: contents.bytes,
      bytesTotal: contents.bytesTotal,
      cls: this.#class(contents),
      name: contents.name,
      completeness: completenessOf(contents),
      alive: contents.isAlive,
    };
  }

  #objectValue(contents: ObjectContents): Value | undefined {
    if (contents.frame !== undefined) return { kind: "int", value: contents.frame };
    return contents.value === undefined ? undefined : this.#value(contents.value, undefined);
  }

  #class(contents: ObjectContents): number | undefined {
    const value = contents.cls === undefined ? undefined : this.#value(contents.cls, undefined);
    return value?.kind === "object" ? value.object : undefined;
  }

  #value(ref: ValueRef, writtenAt: number | undefined): Value {
    return valueAt(this.#history.recording, ref, writtenAt);
  }

  #code(code: number): CodeObjectWrapper | undefined {
    return this.#history.recording.registry.get(brand<CodeId>(code));
  }
}

function variableOf({ name, value, writtenAt }: Variable): Variable {
  return { name, value, writtenAt };
}

function knownStep(written: number | undefined): number | undefined {
  return written === undefined || written < 0 ? undefined : written;
}

function completenessOf(contents: ObjectContents): Completeness {
  if (contents.unknown !== undefined) return { kind: "notRecorded", ...contents.unknown };
  const parts = [
    { kept: contents.items.length, total: contents.itemsTotal },
    { kept: contents.attributes.length, total: contents.attributesTotal },
    { kept: contents.bytes?.length ?? 0, total: contents.bytesTotal },
  ];
  const cut = parts.find(({ kept, total }) => kept < total);
  return cut === undefined ? { kind: "complete" } : { kind: "truncated", ...cut };
}

/** The statement where the frame is about to run it, the call where it waits for a callee. */
function positionOf(code: CodeObjectWrapper, live: LiveFrame, isInnermost: boolean): Position {
  if (live.offset === 0 && live.line1 === 0) return lineOnly(code.fields.firstLine);
  const offset = brand<CodeUnit>(live.offset);
  const range = isInnermost ? code.statementRange(offset) : code.instructionRange(offset);
  return range ?? lineOnly(code.lineForOffset(offset) ?? code.fields.firstLine);
}

function lineOnly(line: number): Position {
  return { line, endLine: line, column: undefined, endColumn: undefined };
}
