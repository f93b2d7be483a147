// Random but legal histories: threads, generators that are resumed, thrown into and dropped, exceptions, every kind of
// change of an object. The same seed gives the same history.
import type { ObjectKind, Value } from "../../src/travel/timeTravel.ts";
import { reasonText } from "./byteWriter.ts";
import {
  int,
  NONE,
  object,
  type RecordedEvent,
  str,
  type TestCode,
  type TestContents,
  UNBOUND,
} from "./recordedEvents.ts";

export const CODES: readonly TestCode[] = [
  {
    id: 1,
    file: "/p/main.py",
    name: "<module>",
    lines: [1, 1, 2, 3, 3, 5, 6, 7, 8, 9],
    slots: ["inlined"],
    free: [],
    source: 1,
  },
  {
    id: 2,
    file: "/p/main.py",
    name: "f",
    lines: [10, 11, 12, 12, 11, 13, 14],
    slots: ["a", "b", "c"],
    free: ["outer"],
    source: 1,
  },
  { id: 3, file: "/p/main.py", name: "gen", lines: [20, 21, 22, 22, 21, 23], slots: ["x", "y"], free: [], source: 1 },
  {
    id: 4,
    file: "/p/other.py",
    name: "f",
    lines: [1, 2, 3, 2, 5, 6, 7, 8, 9, 10, 11, 12],
    slots: [".0", "item"],
    free: ["p", "q"],
    source: 0,
  },
];

const GLOBALS = 1;
const MUTABLE: readonly ObjectKind[] = ["list", "dict", "set", "deque", "bytearray", "instance", "cell"];

interface World {
  readonly stacks: Map<number, number[]>;
  readonly suspended: Set<number>;
  readonly generators: Set<number>;
  readonly objects: { readonly serial: number; readonly kind: ObjectKind; length: number; names: Set<string> }[];
  current: number;
  nextFrame: number;
  nextObject: number;
  nextThread: number;
}

/** A number from 0 up to, not including, 1, from a seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** About `length` events. */
export function randomProgram(seed: number, length: number): RecordedEvent[] {
  return new RandomProgram(randomFrom(seed)).events(length);
}

class RandomProgram {
  readonly #random: () => number;
  readonly #events: RecordedEvent[] = [];
  readonly #world: World = {
    stacks: new Map([[1, []]]),
    suspended: new Set(),
    generators: new Set(),
    objects: [],
    current: 1,
    nextFrame: 1,
    nextObject: 2,
    nextThread: 2,
  };

  constructor(random: () => number) {
    this.#random = random;
  }

  events(length: number): RecordedEvent[] {
    this.#put({ op: "threadStart", thread: 1, name: "MainThread" });
    this.#put({ op: "thread", thread: 1 });
    const entries = [[str("__name__"), str("__main__")] as const];
    this.#put({ op: "new", object: GLOBALS, kind: "namespace", type: "dict", contents: { entries } });
    this.#world.objects.push({ serial: GLOBALS, kind: "namespace", length: 1, names: new Set() });
    this.#call(1);
    this.#put({ op: "line", offset: 0 });
    while (this.#events.length < length) this.#act();
    if (this.#chance(0.5)) {
      const isUncaught = this.#chance(0.5);
      this.#put({
        op: "end",
        uncaught: isUncaught,
        exitCode: isUncaught ? 1 : -9,
        value: isUncaught ? this.#exception() : NONE,
      });
    }
    return this.#events;
  }

  #act(): void {
    const { stacks, current, suspended } = this.#world;
    const stack = stacks.get(current) ?? [];
    if (stack.length === 0) {
      if (this.#chance(0.4)) this.#switch();
      else this.#call(this.#chance(0.5) ? 1 : 2);
      return;
    }
    const choice = this.#random();
    if (choice < 0.35) this.#put({ op: "line", offset: this.#offset() });
    else if (choice < 0.45 && stack.length < 6) this.#call(this.#below(CODES.length) + 1);
    else if (choice < 0.53) this.#leave(stack);
    else if (choice < 0.58 && suspended.size > 0) this.#resume(stack);
    else if (choice < 0.6 && suspended.size > 0) this.#touchSuspended();
    else if (choice < 0.64)
      this.#put({ op: "raise", offset: this.#offset(), fromCall: this.#chance(0.3), value: this.#exception() });
    else if (choice < 0.66) this.#put({ op: "handled", offset: this.#offset() });
    else if (choice < 0.75) this.#writeVariable(stack);
    else if (choice < 0.79) this.#switch();
    else if (choice < 0.84) this.#newObject(MUTABLE[this.#below(MUTABLE.length)] ?? "list");
    else if (choice < 0.96) this.#changeObject();
    else this.#rare();
  }

  #put(event: RecordedEvent): void {
    this.#events.push(event);
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #offset(): number {
    const top = this.#world.stacks.get(this.#world.current)?.at(-1);
    const code = CODES[(this.#codeOf.get(top ?? 0) ?? 1) - 1];
    return this.#below(code?.lines.length ?? 1);
  }

  readonly #codeOf = new Map<number, number>();

  #call(code: number): void {
    const { stacks, current, generators } = this.#world;
    const callerOffset = (stacks.get(current) ?? []).length > 0 ? this.#offset() : 0;
    const frame = this.#world.nextFrame++;
    const values = Array.from({ length: this.#below(3) }, () => this.#value());
    const isGenerator = code === 3;
    const mapping = code === 1 ? GLOBALS : 0;
    this.#put({ op: "call", callerOffset, frame, code, globals: GLOBALS, mapping, isGenerator, values });
    this.#codeOf.set(frame, code);
    stacks.get(current)?.push(frame);
    if (!isGenerator) return;
    generators.add(frame);
    const serial = this.#world.nextObject++;
    this.#put({
      op: "new",
      object: serial,
      kind: "generator",
      type: "generator",
      contents: { text: "gen", value: int(0) },
    });
    this.#put({ op: "generator", object: serial, frame });
  }

  #leave(stack: number[]): void {
    const frame = stack.at(-1) ?? 0;
    if (this.#world.generators.has(frame) && this.#chance(0.7)) {
      this.#put({ op: "yield", offset: this.#offset(), value: this.#value() });
      this.#world.suspended.add(frame);
    } else if (this.#chance(0.3)) this.#put({ op: "unwind", value: this.#exception() });
    else this.#put({ op: "return", offset: this.#offset(), value: this.#value() });
    stack.pop();
  }

  #resume(stack: number[]): void {
    const { suspended } = this.#world;
    const frame = [...suspended][this.#below(suspended.size)] ?? 0;
    const callerOffset = this.#offset();
    if (this.#chance(0.7)) this.#put({ op: "resume", callerOffset, frame });
    else this.#put({ op: "throw", callerOffset, frame, value: this.#exception() });
    suspended.delete(frame);
    stack.push(frame);
  }

  #touchSuspended(): void {
    const { suspended } = this.#world;
    const frame = [...suspended][this.#below(suspended.size)] ?? 0;
    if (this.#chance(0.8)) this.#put({ op: "writeIn", frame, slot: this.#below(3), value: this.#value() });
    else {
      this.#put({ op: "dropped", frame });
      suspended.delete(frame);
    }
  }

  #writeVariable(stack: readonly number[]): void {
    const slot = this.#below(4);
    const choice = this.#random();
    if (choice < 0.7) this.#put({ op: "write", slot, value: this.#value() });
    else if (choice < 0.85) this.#put({ op: "delete", slot });
    else this.#put({ op: "writeIn", frame: stack[this.#below(stack.length)] ?? 0, slot, value: this.#value() });
  }

  #switch(): void {
    const { stacks } = this.#world;
    if (this.#chance(0.2) && stacks.size < 4) {
      const thread = this.#world.nextThread++;
      stacks.set(thread, []);
      this.#put({ op: "threadStart", thread, name: `Thread-${thread}` });
    }
    const threads = [...stacks.keys()];
    const thread = threads[this.#below(threads.length)] ?? 1;
    const ended = this.#world.current;
    if (ended !== 1 && stacks.get(ended)?.length === 0 && thread !== ended && this.#chance(0.5)) {
      this.#put({ op: "threadEnd", thread: ended });
      stacks.delete(ended);
    }
    this.#put({ op: "thread", thread });
    this.#world.current = thread;
  }

  #exception(): Value {
    const known = this.#world.objects.filter(({ kind }) => kind === "exception");
    const found = known[this.#below(known.length * 2)];
    return object(found === undefined ? this.#newObject("exception") : found.serial);
  }

  #newObject(kind: ObjectKind): number {
    const serial = this.#world.nextObject++;
    const length = this.#below(5);
    const values = Array.from({ length }, () => this.#value());
    const entries = values.map((value, index) => [int(index), value] as const);
    const total = length + (this.#chance(0.2) ? 7 : 0);
    const contents = ((): TestContents => {
      switch (kind) {
        case "dict":
          return { entries, itemsTotal: total };
        case "bytearray":
          return { bytes: Uint8Array.from({ length }, () => this.#below(256)), bytesTotal: total };
        case "instance":
          return { attributes: values.map((value, index) => [`a${index}`, value] as const) };
        case "cell":
          return { value: this.#chance(0.3) ? UNBOUND : this.#value() };
        case "deque":
          return { items: values, value: this.#chance(0.5) ? NONE : int(9), itemsTotal: total };
        case "exception":
          return { items: [str(`message ${serial}`)], attributes: [] };
        default:
          return {
            items: values,
            itemsTotal: total,
            ...(this.#chance(0.2) ? { attributes: [["tag", int(1)] as const] } : {}),
          };
      }
    })();
    this.#put({ op: "new", object: serial, kind, type: kind === "instance" ? "app.Thing" : kind, contents });
    const names = new Set((contents.attributes ?? []).map(([name]) => name));
    this.#world.objects.push({
      serial,
      kind,
      length: kind === "bytearray" ? length : (contents.items ?? contents.entries ?? []).length,
      names,
    });
    return serial;
  }

  #changeObject(): void {
    const changeable = this.#world.objects.filter(({ kind }) => kind !== "exception");
    const found = changeable[this.#below(changeable.length)];
    if (found === undefined) return;
    const { serial, kind } = found;
    if (kind === "instance" || this.#chance(0.05)) this.#changeAttribute(found);
    else if (kind === "cell")
      this.#put({ op: "cellSet", object: serial, value: this.#chance(0.2) ? UNBOUND : this.#value() });
    else if (kind === "bytearray") {
      const start = this.#below(found.length + 1);
      const deleted = this.#below(found.length - start + 1);
      const inserted = Uint8Array.from({ length: this.#below(3) }, () => this.#below(256));
      this.#put({ op: "bytesSplice", object: serial, start, deleted, inserted });
      found.length += inserted.length - deleted;
    } else this.#changeItems(found);
    if (this.#chance(0.1) && ["list", "dict", "set", "bytearray"].includes(kind)) {
      this.#put({ op: "length", object: serial, total: found.length + this.#below(3) });
    }
  }

  #changeItems(found: World["objects"][number]): void {
    const { serial, kind, length } = found;
    const isPairs = kind === "dict" || kind === "namespace";
    // A name is once in a namespace, as its place is part of it.
    const entry = (place: number): Value | readonly [Value, Value] =>
      isPairs
        ? [kind === "namespace" ? str(`v${this.#below(6)}_${place}`) : this.#value(), this.#value()]
        : this.#value();
    const choice = this.#random();
    if (choice < 0.4 && length > 0) {
      this.#put({ op: "itemSet", object: serial, index: this.#below(length), value: this.#value() });
    } else if (choice < 0.7) {
      this.#put({ op: "append", object: serial, entry: entry(length) });
      found.length++;
    } else if (choice < 0.9) {
      const start = this.#below(length + 1);
      const deleted = kind === "namespace" ? 0 : this.#below(length - start + 1);
      const inserted = Array.from({ length: kind === "namespace" ? 0 : this.#below(3) }, () => entry(length));
      this.#put({ op: "splice", object: serial, start, deleted, inserted });
      found.length += inserted.length - deleted;
    } else {
      const values = Array.from({ length: this.#below(4) }, (_, place) => entry(place));
      const contents: TestContents = isPairs
        ? { entries: values.flatMap((pair) => ("kind" in pair ? [] : [pair])) }
        : { items: values.flatMap((value) => ("kind" in value ? [value] : [])), attributes: [] };
      if (!isPairs) found.names.clear();
      this.#put({ op: "contents", object: serial, why: this.#chance(0.5) ? 0 : 2, contents });
      found.length = values.length;
    }
  }

  #changeAttribute(found: World["objects"][number]): void {
    const { serial, names } = found;
    const known = [...names][this.#below(names.size)];
    if (known !== undefined && this.#chance(0.3)) {
      this.#put({ op: "attributeDelete", object: serial, name: known });
      names.delete(known);
    } else if (found.kind === "instance" && this.#chance(0.1)) {
      this.#put({ op: "type", object: serial, type: `app.Other${this.#below(3)}` });
      if (this.#chance(0.5)) this.#put({ op: "class", object: serial, cls: GLOBALS });
    } else {
      const name = `a${this.#below(5)}`;
      this.#put({ op: "attributeSet", object: serial, name, value: this.#value() });
      names.add(name);
    }
  }

  #rare(): void {
    const { objects } = this.#world;
    const serial = objects[this.#below(objects.length)]?.serial ?? GLOBALS;
    const choice = this.#below(8);
    if (choice < 2) this.#put({ op: "output", stream: choice === 0 ? 1 : 2, text: `out ${this.#below(100)}\n` });
    else if (choice === 2) this.#put({ op: "unknown", reason: 1 + this.#below(3), objects: [serial, GLOBALS] });
    else if (choice === 3) this.#put({ op: "known", object: serial });
    else if (choice === 4) this.#put({ op: "gap", reason: 4, text: "a test" });
    else if (choice === 5) this.#put({ op: "child", pid: 77 });
    else if (choice === 6) this.#put({ op: "evaluate", text: "x = 1" });
    else this.#die();
  }

  #die(): void {
    const mortal = this.#world.objects.filter(({ serial }) => serial !== GLOBALS);
    const found = mortal[this.#below(mortal.length)];
    if (found === undefined) return;
    this.#put({ op: "dead", objects: [found.serial] });
    this.#world.objects.splice(this.#world.objects.indexOf(found), 1);
  }

  #value(): Value {
    const { objects } = this.#world;
    switch (this.#below(14)) {
      case 0:
        return NONE;
      case 1:
        return { kind: "bool", value: this.#chance(0.5) };
      case 2:
        return int(2n ** 70n + BigInt(this.#below(100)));
      case 3:
        return { kind: "float", value: this.#random() * 1e6 };
      case 4:
        return { kind: "complex", real: 1.5, imaginary: -0.5 };
      case 5:
        return str(`s${this.#below(9)}`);
      case 6:
        return str("é\ud83d\ude00\udc80".repeat(1 + this.#below(30)));
      case 7:
        return { kind: "str", text: "cut", total: 5000, truncated: true };
      case 8:
        return { kind: "bytes", bytes: Uint8Array.of(this.#below(256)), total: 1, truncated: false };
      case 9:
        return { kind: "notRecorded", sinceStep: 0, reason: reasonText(1 + this.#below(4)) };
      case 10:
        return int((this.#chance(0.5) ? -1 : 1) * (2 ** (45 + this.#below(9)) - 1));
      case 11:
        return { kind: "intCut", negative: true, bits: 100_000, top: 12345678901234567890n };
      default: {
        const found = objects[this.#below(objects.length)];
        return found === undefined ? int(this.#below(1000)) : object(found.serial);
      }
    }
  }
}
