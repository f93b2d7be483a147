// The oracle of src/travel: the whole history as a list of states, one after each event, each with everything in it.
// As plain as possible: no blocks, no index, no bytes. Every question is answered by walking the list.
import type {
  Breakpoints,
  Completeness,
  Moment,
  Movement,
  ObjectKind,
  ThreadView,
  Value,
  Variable,
} from "../../src/travel/timeTravel.ts";
import { naiveHits } from "./naiveHits.ts";
import { reasonText } from "./byteWriter.ts";
import { type Entry, NONE, type RecordedEvent, type TestCode, UNBOUND } from "./recordedEvents.ts";

interface NaiveFrame {
  readonly frame: number;
  readonly code: number;
  readonly globals: number;
  readonly mapping: number;
  offset: number;
  hasStepped: boolean;
  slots: { value: Value; written: number }[];
}

export interface NaiveObject {
  readonly kind: ObjectKind;
  type: string;
  items: { key: Value; value: Value; written: number }[];
  itemsTotal: number;
  attributes: [string, Value][];
  attributesTotal: number;
  text: string | undefined;
  value: Value | undefined;
  bytes: number[] | undefined;
  bytesTotal: number;
  cls: number | undefined;
  name: string | undefined;
  unknown: { sinceStep: number; reason: string } | undefined;
  alive: boolean;
}

interface State {
  /** -1 before the first step. */
  readonly step: number;
  readonly thread: number;
  readonly stacks: Map<number, number[]>;
  readonly frames: Map<number, NaiveFrame>;
  readonly objects: Map<number, NaiveObject>;
}

export interface Row {
  readonly event: RecordedEvent;
  /** Thread from here on. */
  readonly thread: number;
  /** The frame that the event is about: the one entered, the one left, else the top. */
  readonly frame: number | undefined;
  readonly state: State;
}

/** What an answer of `objectAt` is compared with. */
export interface NaiveObjectView {
  readonly kind: ObjectKind;
  readonly type: string;
  readonly items: readonly Value[];
  readonly entries: readonly (readonly [Value, Value])[];
  readonly itemsTotal: number;
  readonly attributes: readonly (readonly [string, Value])[];
  readonly text: string | undefined;
  readonly value: Value | undefined;
  readonly bytes: readonly number[] | undefined;
  readonly bytesTotal: number;
  readonly cls: number | undefined;
  readonly name: string | undefined;
  readonly completeness: Completeness;
  readonly alive: boolean;
}

type Target = { readonly index: number };

export class NaiveReplayer {
  readonly rows: Row[] = [];
  readonly #codes: ReadonlyMap<number, TestCode>;
  readonly #lines: number[] = [];
  readonly #seals: ReadonlySet<number>;
  readonly #places = new Map<string, readonly number[]>();

  /** `seals`: indexes of the first events of blocks. */
  constructor(events: readonly RecordedEvent[], codes: readonly TestCode[], seals: readonly number[] = []) {
    this.#seals = new Set(seals);
    this.#codes = new Map(codes.map((code) => [code.id, code]));
    let state: State = { step: -1, thread: 0, stacks: new Map(), frames: new Map(), objects: new Map() };
    for (const event of events) {
      const before = top(state, state.thread);
      state = apply(structuredClone(state), event);
      const after = top(state, state.thread);
      const entered = event.op === "call" || event.op === "resume" || event.op === "throw";
      const frame = event.op === "dropped" ? event.frame : entered ? after : before;
      if (event.op === "line") this.#lines.push(this.rows.length);
      this.rows.push({ event, thread: state.thread, frame, state });
    }
  }

  get steps(): number {
    return this.#lines.length;
  }

  /** All moments, in order. */
  moments(): Moment[] {
    return this.rows.flatMap((_, index) => (index < (this.#lines[0] ?? Infinity) ? [] : [this.momentOf(index)]));
  }

  momentOf(index: number): Moment {
    const step = this.#lines.filter((line) => line <= index).length - 1;
    return step < 0 ? { step: 0, event: 0 } : { step, event: index - (this.#lines[step] ?? 0) };
  }

  indexOf({ step, event }: Moment): number {
    return (this.#lines[step] ?? 0) + event;
  }

  threadAt(moment: Moment): number {
    return this.#row(moment).thread;
  }

  threadsAt(moment: Moment): ThreadView[] {
    const at = this.indexOf(moment);
    const seen = new Set<number>();
    for (const { event, thread } of this.rows) {
      if (event.op === "threadStart") seen.add(event.thread);
      if (thread !== 0) seen.add(thread);
    }
    return [...seen].map((thread) => ({ thread, name: this.#nameAt(thread, at), alive: this.#isAlive(thread, at) }));
  }

  /** (frame, line) pairs, innermost first. */
  stackAt(moment: Moment, thread: number): { frame: number; line: number; innermost: boolean }[] {
    const { state } = this.#row(this.momentOf(this.#shown(this.indexOf(moment), thread)));
    const shown = this.rows[this.#shown(this.indexOf(moment), thread)]?.state ?? state;
    const frames = (shown.stacks.get(thread) ?? []).toReversed();
    return frames.map((frame, depth) => ({ frame, line: this.#lineOf(shown, frame), innermost: depth === 0 }));
  }

  variablesAt(moment: Moment, frame: number): { locals: Variable[]; closure: Variable[] } | undefined {
    const at = this.indexOf(moment);
    const live = this.#frameNear(at, frame);
    if (live === undefined) return undefined;
    const code = this.#codes.get(live.code);
    if (code === undefined) return undefined;
    const named = [...code.slots, ...code.free].map((name, slot): Variable => {
      const { value, written } = live.slots[slot] ?? { value: UNBOUND, written: -1 };
      return { name, value, writtenAt: written < 0 ? undefined : written };
    });
    const mapped = (this.rows[at]?.state.objects.get(live.mapping)?.items ?? []).map(
      ({ key, value, written }): Variable => ({
        name: key.kind === "str" ? key.text : "",
        value,
        writtenAt: written < 0 ? undefined : written,
      }),
    );
    const own = named.slice(0, code.slots.length).filter(({ value }) => value.kind !== "unbound");
    // The variables of a comprehension: alone at module level, before the others in a class body.
    const isComprehensionOfModule = own.length > 0 && live.mapping === live.globals;
    const others = mapped.filter(({ name }) => own.every((variable) => variable.name !== name));
    return {
      locals: isComprehensionOfModule ? own : [...own, ...others],
      closure: named.slice(code.slots.length).filter(({ value }) => value.kind !== "unbound"),
    };
  }

  returnValueAt(moment: Moment, frame: number): Value | undefined {
    const { event, state } = this.#row(moment);
    if (event.op !== "return" || top(state, state.thread) !== frame) return undefined;
    return event.value.kind === "notRecorded" ? { ...event.value, sinceStep: Math.max(state.step, 0) } : event.value;
  }

  objectAt(moment: Moment, object: number): NaiveObjectView | undefined {
    const found = this.#row(moment).state.objects.get(object);
    if (found === undefined) return undefined;
    const isPairs = found.kind === "dict" || found.kind === "namespace";
    return {
      kind: found.kind,
      type: found.type,
      items: isPairs ? [] : found.items.map(({ value }) => value),
      entries: isPairs ? found.items.map(({ key, value }) => [key, value] as const) : [],
      itemsTotal: found.itemsTotal,
      attributes: found.attributes,
      text: found.text,
      value: found.value,
      bytes: found.bytes,
      bytesTotal: found.bytesTotal,
      cls: found.cls,
      name: found.name,
      completeness: completeness(found),
      alive: found.alive,
    };
  }

  generatorStateAt(moment: Moment, frame: number): string {
    const at = this.indexOf(moment);
    const last = this.rows.slice(0, at + 1).findLast((row) => {
      return (
        row.frame === frame &&
        !["write", "delete", "raise", "handled"].includes(row.event.op) &&
        isFrameEvent(row.event)
      );
    });
    if (last === undefined) return "CREATED";
    if (last.event.op === "yield") return "SUSPENDED";
    return ["return", "unwind", "dropped"].includes(last.event.op) ? "CLOSED" : "RUNNING";
  }

  exceptionAt(moment: Moment, thread: number): Value | undefined {
    const rows = this.rows.slice(0, this.indexOf(moment) + 1);
    const end = rows.find(({ event }) => event.op === "end" && event.uncaught);
    if (end !== undefined && end.event.op === "end" && end.thread === thread) return end.event.value;
    const last = rows.findLast(
      (row) =>
        row.thread === thread && isFrameEvent(row.event) && !["write", "delete", "dropped"].includes(row.event.op),
    );
    return last?.event.op === "raise" || last?.event.op === "unwind" ? last.event.value : undefined;
  }

  outputBetween(from: Moment, to: Moment): string {
    const isFromStart = from.step === 0 && from.event === 0;
    return this.rows
      .slice(isFromStart ? 0 : this.indexOf(from) + 1, this.indexOf(to) + 1)
      .map(({ event }) => (event.op === "output" ? event.text : ""))
      .join("");
  }

  next(from: Moment, thread: number, breakpoints: Breakpoints): Movement {
    return this.#forward(from, thread, breakpoints, (at) => {
      let followed = top(this.#stateAt(at), thread);
      let inThread = thread;
      for (let index = at + 1; index < this.rows.length; index++) {
        const row = this.rows[index];
        if (row === undefined) break;
        if (row.event.op === "line" && (followed === undefined ? row.thread === inThread : row.frame === followed))
          return { index };
        if (followed === undefined || row.frame !== followed) continue;
        if (row.event.op === "dropped") return undefined;
        if (row.event.op === "return" || row.event.op === "unwind") {
          followed = top(row.state, row.thread);
          inThread = row.thread;
        }
      }
      return undefined;
    });
  }

  stepBack(from: Moment, thread: number, breakpoints: Breakpoints): Movement {
    return this.#backward(from, thread, breakpoints, (at) => {
      let followed = top(this.#stateAt(at), thread);
      let inThread = thread;
      // A CALL at the moment itself has been made.
      for (let index = at; index >= 0; index--) {
        const row = this.rows[index];
        if (row === undefined) break;
        const isLine = row.event.op === "line" && index < at;
        if (isLine && (followed === undefined ? row.thread === inThread : row.frame === followed)) return { index };
        if (row.event.op === "call" && row.frame === followed && followed !== undefined) {
          followed = row.state.stacks.get(row.thread)?.at(-2);
          inThread = row.thread;
        }
      }
      return undefined;
    });
  }

  stepIn(from: Moment, thread: number, breakpoints: Breakpoints): Movement {
    return this.#forward(from, thread, breakpoints, (at) => this.#lineAfter(at, thread));
  }

  stepBackInto(from: Moment, thread: number, breakpoints: Breakpoints): Movement {
    return this.#backward(from, thread, breakpoints, (at) => this.#lineBefore(at, thread));
  }

  stepOut(from: Moment, thread: number, breakpoints: Breakpoints): Movement {
    return this.#forward(from, thread, breakpoints, (at) => {
      const followed = top(this.#stateAt(at), thread);
      if (followed === undefined) return this.#lineAfter(at, thread);
      const index = this.rows.findIndex(
        (row, place) =>
          place > at && row.frame === followed && (row.event.op === "return" || row.event.op === "unwind"),
      );
      const row = this.rows[index];
      if (row === undefined) return undefined;
      return top(row.state, row.thread) === undefined ? this.#lineAfter(index, row.thread) : { index };
    });
  }

  stepBackOut(from: Moment, thread: number, breakpoints: Breakpoints): Movement {
    return this.#backward(from, thread, breakpoints, (at) => {
      const shown = this.#shown(at, thread);
      const followed = shown > at ? undefined : top(this.#stateAt(shown), thread);
      const call = this.rows.findIndex((row) => row.event.op === "call" && row.frame === followed);
      const row = this.rows[call];
      const caller = row?.state.stacks.get(row.thread)?.at(-2);
      if (followed === undefined || caller === undefined) return undefined;
      const index = this.rows.findLastIndex(
        (before, place) => place < call && before.event.op === "line" && before.frame === caller,
      );
      return index < 0 ? undefined : { index };
    });
  }

  continueForward(from: Moment, breakpoints: Breakpoints): Movement {
    const hit = this.#hitsBetween(this.indexOf(from) + 1, this.rows.length - 1, breakpoints)[0];
    return hit ?? this.#at(this.rows.length - 1, { kind: "end" });
  }

  continueBackward(from: Moment, breakpoints: Breakpoints): Movement {
    const hit = this.#hitsBetween(this.#lines[0] ?? 0, this.indexOf(from) - 1, breakpoints).at(-1);
    return hit ?? this.#at(this.#lines[0] ?? 0, { kind: "start" });
  }

  /** Moments of all steps on a line. */
  executions(file: string, line: number): Moment[] {
    return this.#lines.filter((index) => this.#isOn(index, file, line)).map((index) => this.momentOf(index));
  }

  calls(code: number): number {
    return this.rows.filter(({ event }) => event.op === "call" && event.code === code).length;
  }

  firstStepOf(frame: number): Moment | undefined {
    const index = this.#lines.find((line) => this.rows[line]?.frame === frame);
    return index === undefined ? undefined : this.momentOf(index);
  }

  #forward(from: Moment, thread: number, breakpoints: Breakpoints, find: (at: number) => Target | undefined): Movement {
    const at = this.indexOf(from);
    const target = find(at);
    const last = this.rows.length - 1;
    if (target === undefined && !this.#isAlive(thread, last))
      return { moment: from, thread, reason: { kind: "noMoreSteps" } };
    const hit = this.#hitsBetween(at + 1, target?.index ?? last, breakpoints)[0];
    if (hit !== undefined) return hit;
    return target === undefined ? this.#at(last, { kind: "end" }) : this.#at(target.index, { kind: "step" });
  }

  #backward(
    from: Moment,
    thread: number,
    breakpoints: Breakpoints,
    find: (at: number) => Target | undefined,
  ): Movement {
    const at = this.indexOf(from);
    const target = find(at);
    const first = this.#lines[0] ?? 0;
    if (target === undefined && this.rows[first]?.thread !== thread)
      return { moment: from, thread, reason: { kind: "noMoreSteps" } };
    const hit = this.#hitsBetween(target?.index ?? first, at - 1, breakpoints).at(-1);
    if (hit !== undefined) return hit;
    return target === undefined ? this.#at(first, { kind: "start" }) : this.#at(target.index, { kind: "step" });
  }

  #hitsBetween(first: number, last: number, breakpoints: Breakpoints): Movement[] {
    const uncaught = this.#uncaughtRaises();
    const history = { rows: this.rows, codes: this.#codes, seals: this.#seals, uncaught, known: this.#places };
    const all = breakpoints.map((breakpoint) => ({ breakpoint, indexes: naiveHits(history, breakpoint) }));
    const hits: Movement[] = [];
    for (let index = first; index <= last; index++) {
      const here = all.filter(({ indexes }) => indexes.includes(index)).map(({ breakpoint }) => breakpoint);
      if (here.length === 0) continue;
      const ids = here.map(({ id }) => id);
      const isException = here.some(({ place }) => place.kind === "exception");
      const reason = isException
        ? ({ kind: "exception", uncaught: uncaught.includes(index), ids, problems: [] } as const)
        : ({ kind: "breakpoint", ids, problems: [] } as const);
      hits.push(this.#at(index, reason));
    }
    return hits;
  }

  /** Indexes of the raises of exceptions that ended the program or a thread. */
  #uncaughtRaises(): number[] {
    return this.rows.flatMap(({ event }, index) => {
      if (event.op === "end" && event.uncaught) return this.#raiseOf(event.value, index);
      if (event.op !== "threadEnd") return [];
      const last = this.rows.findLastIndex(
        (row, place) =>
          place < index &&
          row.thread === event.thread &&
          ["call", "resume", "throw", "unwind"].includes(row.event.op) &&
          (row.event.op !== "unwind" || top(row.state, row.thread) === undefined),
      );
      const unwind = this.rows[last]?.event;
      return unwind?.op === "unwind" ? this.#raiseOf(unwind.value, last) : [];
    });
  }

  #raiseOf(value: Value, before: number): number[] {
    if (value.kind !== "object") return [];
    const raise = this.rows.findLastIndex(
      ({ event }, index) =>
        index < before &&
        event.op === "raise" &&
        !event.fromCall &&
        event.value.kind === "object" &&
        event.value.object === value.object,
    );
    return [raise < 0 ? before : raise];
  }

  #at(index: number, reason: Movement["reason"]): Movement {
    return { moment: this.momentOf(index), thread: this.rows[index]?.thread ?? 0, reason };
  }

  #isOn(index: number, file: string, line: number): boolean {
    const row = this.rows[index];
    if (row?.event.op !== "line" || row.frame === undefined) return false;
    const code = this.#codes.get(row.state.frames.get(row.frame)?.code ?? 0);
    return code?.file === file && code.lines[row.event.offset] === line;
  }

  #lineAfter(at: number, thread: number): Target | undefined {
    const index = this.#lines.find((line) => line > at && this.rows[line]?.thread === thread);
    return index === undefined ? undefined : { index };
  }

  #lineBefore(at: number, thread: number): Target | undefined {
    const index = this.#lines.findLast((line) => line < at && this.rows[line]?.thread === thread);
    return index === undefined ? undefined : { index };
  }

  /** Where the stack is that a thread shows. */
  #shown(at: number, thread: number): number {
    if (top(this.#stateAt(at), thread) !== undefined) return at;
    return (this.#lineBefore(at + 1, thread) ?? this.#lineAfter(at, thread))?.index ?? at;
  }

  #frameNear(at: number, frame: number): NaiveFrame | undefined {
    const now = this.#stateAt(at).frames.get(frame);
    if (now !== undefined) return now;
    const before = this.rows.slice(0, at + 1).findLast((row) => row.state.frames.has(frame));
    if (before !== undefined) return before.state.frames.get(frame);
    const first = this.#lines.find((line) => line > at && this.rows[line]?.frame === frame);
    return first === undefined ? undefined : this.#stateAt(first).frames.get(frame);
  }

  #lineOf(state: State, frame: number): number {
    const live = state.frames.get(frame);
    const lines = this.#codes.get(live?.code ?? 0)?.lines ?? [];
    return (live === undefined || (!live.hasStepped && live.offset === 0) ? lines[0] : lines[live.offset]) ?? 0;
  }

  #nameAt(thread: number, at: number): string {
    const named = this.rows.flatMap(({ event }, index) =>
      event.op === "threadStart" && event.thread === thread ? [{ index, name: event.name }] : [],
    );
    return (named.findLast(({ index }) => index <= at) ?? named[0])?.name ?? "";
  }

  #isAlive(thread: number, at: number): boolean {
    let alive = false;
    for (const { event, thread: running } of this.rows.slice(0, at + 1)) {
      if (event.op === "threadEnd" && event.thread === thread) alive = false;
      else if ((event.op === "threadStart" && event.thread === thread) || (event.op === "thread" && running === thread))
        alive = true;
    }
    return alive;
  }

  #stateAt(index: number): State {
    const row = this.rows[index];
    if (row === undefined) throw new Error(`no event ${index}`);
    return row.state;
  }

  #row(moment: Moment): Row {
    const row = this.rows[this.indexOf(moment)];
    if (row === undefined) throw new Error(`no moment ${moment.step}.${moment.event}`);
    return row;
  }
}

function top(state: State, thread: number): number | undefined {
  return state.stacks.get(thread)?.at(-1);
}

function isFrameEvent({ op }: RecordedEvent): boolean {
  return [
    "line",
    "call",
    "return",
    "yield",
    "resume",
    "throw",
    "unwind",
    "raise",
    "handled",
    "write",
    "delete",
    "dropped",
  ].includes(op);
}

/** Changes `state`, which is a copy of its own. */
function apply(state: State, event: RecordedEvent): State {
  const stack = state.stacks.get(state.thread) ?? [];
  const frame = state.frames.get(stack.at(-1) ?? -1);
  const object = "object" in event ? state.objects.get(event.object) : undefined;
  const { step } = state;
  function stamped(value: Value): Value {
    return value.kind === "notRecorded" ? { ...value, sinceStep: Math.max(step, 0) } : value;
  }
  switch (event.op) {
    case "line":
      if (frame !== undefined) {
        frame.offset = event.offset;
        frame.hasStepped = true;
      }
      return { ...state, step: step + 1 };
    case "call": {
      if (frame !== undefined) frame.offset = event.callerOffset;
      const { code, globals, mapping } = event;
      const slots = event.values.map((value) => ({ value: stamped(value), written: step }));
      state.frames.set(event.frame, {
        frame: event.frame,
        code,
        globals,
        mapping,
        offset: 0,
        hasStepped: false,
        slots,
      });
      stack.push(event.frame);
      return state;
    }
    case "return":
    case "unwind":
      if (frame !== undefined) state.frames.delete(frame.frame);
      stack.pop();
      return state;
    case "yield":
      if (frame !== undefined) frame.offset = event.offset;
      stack.pop();
      return state;
    case "resume":
    case "throw":
      if (frame !== undefined) frame.offset = event.callerOffset;
      stack.push(event.frame);
      return state;
    case "raise":
    case "handled":
      if (frame !== undefined) frame.offset = event.offset;
      return state;
    case "write":
      write(frame, event.slot, stamped(event.value), step);
      return state;
    case "delete":
      write(frame, event.slot, UNBOUND, step);
      return state;
    case "writeIn":
      write(state.frames.get(event.frame), event.slot, stamped(event.value), step);
      return state;
    case "thread":
      if (!state.stacks.has(event.thread)) state.stacks.set(event.thread, []);
      return { ...state, thread: event.thread };
    case "threadStart":
      if (!state.stacks.has(event.thread)) state.stacks.set(event.thread, []);
      return state;
    case "threadEnd":
      state.stacks.set(event.thread, []);
      return state;
    case "new":
      state.objects.set(event.object, {
        kind: event.kind,
        type: event.type,
        unknown: undefined,
        alive: true,
        ...parts(event.contents, stamped, -1),
      });
      return state;
    case "contents": {
      if (object === undefined) return state;
      const isCheckpoint = event.why === 1;
      const renewed = { ...object, ...parts(event.contents, stamped, isCheckpoint ? -1 : step) };
      if (object.kind === "generator") renewed.value = object.value;
      state.objects.set(event.object, isCheckpoint ? renewed : { ...renewed, unknown: undefined });
      return state;
    }
    case "unknown":
      for (const serial of event.objects) {
        const unknown = state.objects.get(serial);
        if (unknown !== undefined)
          unknown.unknown ??= { sinceStep: Math.max(step, 0), reason: reasonText(event.reason) };
      }
      return state;
    case "dead":
      for (const serial of event.objects) {
        const dead = state.objects.get(serial);
        if (dead !== undefined) dead.alive = false;
      }
      return state;
    case "dropped":
      state.frames.delete(event.frame);
      return state;
    default:
      if (object !== undefined) change(object, event, step, stamped);
      return state;
  }
}

function change(object: NaiveObject, event: RecordedEvent, step: number, stamped: (value: Value) => Value): void {
  function item(entry: Entry): NaiveObject["items"][number] {
    return "kind" in entry
      ? { key: NONE, value: stamped(entry), written: step }
      : { key: stamped(entry[0]), value: stamped(entry[1]), written: step };
  }
  switch (event.op) {
    case "itemSet": {
      const before = object.items[event.index];
      if (before !== undefined)
        object.items[event.index] = { key: before.key, value: stamped(event.value), written: step };
      return;
    }
    case "append":
      object.items.push(item(event.entry));
      object.itemsTotal++;
      return;
    case "splice":
      object.items.splice(event.start, event.deleted, ...event.inserted.map(item));
      object.itemsTotal += event.inserted.length - event.deleted;
      return;
    case "length":
      if (object.bytes === undefined) object.itemsTotal = event.total;
      else object.bytesTotal = event.total;
      return;
    case "attributeSet": {
      const known = object.attributes.find(([name]) => name === event.name);
      if (known === undefined) {
        object.attributes.push([event.name, stamped(event.value)]);
        object.attributesTotal++;
      } else known[1] = stamped(event.value);
      return;
    }
    case "attributeDelete":
      object.attributes = object.attributes.filter(([name]) => name !== event.name);
      object.attributesTotal--;
      return;
    case "bytesSplice":
      object.bytes?.splice(event.start, event.deleted, ...event.inserted);
      object.bytesTotal += event.inserted.length - event.deleted;
      return;
    case "type":
      object.type = event.type;
      object.cls = undefined;
      return;
    case "class":
      object.cls = event.cls;
      return;
    case "known":
      object.unknown = undefined;
      return;
    case "generator":
      object.value = { kind: "int", value: event.frame };
      return;
    case "cellSet":
      object.value = stamped(event.value);
      return;
    default:
  }
}

function parts(
  contents: Extract<RecordedEvent, { readonly op: "new" }>["contents"],
  stamped: (value: Value) => Value,
  written: number,
): Omit<NaiveObject, "kind" | "type" | "unknown" | "alive"> {
  const items = [
    ...(contents.entries ?? []).map(([key, value]) => ({ key: stamped(key), value: stamped(value), written })),
    ...(contents.items ?? []).map((value) => ({ key: NONE, value: stamped(value), written })),
  ];
  const attributes = (contents.attributes ?? []).map(([name, value]): [string, Value] => [name, stamped(value)]);
  return {
    items,
    itemsTotal: contents.itemsTotal ?? items.length,
    attributes,
    attributesTotal: contents.attributesTotal ?? attributes.length,
    text: contents.text,
    value: contents.value === undefined ? undefined : stamped(contents.value),
    bytes: contents.bytes === undefined ? undefined : [...contents.bytes],
    bytesTotal: contents.bytesTotal ?? contents.bytes?.length ?? 0,
    cls: contents.cls,
    name: contents.name,
  };
}

function write(frame: NaiveFrame | undefined, slot: number, value: Value, step: number): void {
  if (frame === undefined) return;
  while (frame.slots.length <= slot) frame.slots.push({ value: UNBOUND, written: -1 });
  frame.slots[slot] = { value, written: step };
}

function completeness(object: NaiveObject): Completeness {
  if (object.unknown !== undefined) return { kind: "notRecorded", ...object.unknown };
  if (object.items.length < object.itemsTotal)
    return { kind: "truncated", kept: object.items.length, total: object.itemsTotal };
  if (object.attributes.length < object.attributesTotal) {
    return { kind: "truncated", kept: object.attributes.length, total: object.attributesTotal };
  }
  const kept = object.bytes?.length ?? 0;
  return kept < object.bytesTotal ? { kind: "truncated", kept, total: object.bytesTotal } : { kind: "complete" };
}
