// How is a value shown? As Python's own `repr` where that runs no code of the program (scalars and the builtin
// containers), else as its class. What is cut, truncated or not recorded says so in the text.
import type { ObjectView, Value } from "../../travel/timeTravel.ts";
import type { PrintableCharacters } from "../../python/printable.ts";
import { type ArrayWriter, writeArray, writeRow } from "./arrayText.ts";
import { bytesText, complexText, floatText, intCutText, intText, strText } from "../../python/scalarText.ts";

/** What the texts are made from: one recording at one moment. */
export interface ValueSource {
  readonly objectAt: (object: number) => ObjectView | undefined;
  /** Frame and state of a generator; frame 0 when it is not known. */
  readonly generatorAt: (object: number) => { readonly frame: number; readonly state: string } | undefined;
  readonly printable: PrintableCharacters;
  /** Minor version of the Python 3 that was recorded. */
  readonly minor: number;
}

/** The mark of a text that was cut for display. */
export const cutMark = "…";

/** Text of a value, at most about `limit` UTF-16 units and then `cutMark`. */
export function valueText(value: Value, source: ValueSource, limit = 2000): string {
  const writer = new ValueWriter(source, limit);
  writer.value(value);
  return writer.finish();
}

/** Text of the elements of an array under some leading indices. */
export function rowText(view: ObjectView, indices: readonly number[], source: ValueSource, limit = 2000): string {
  const writer = new ValueWriter(source, limit);
  writer.row(view, indices);
  return writer.finish();
}

/** The class of a value, as `type(value).__name__` would say; with its module for classes that are not builtin. */
export function typeName(value: Value, source: ValueSource): string {
  switch (value.kind) {
    case "unbound":
    case "notRecorded":
      return "";
    case "none":
      return "NoneType";
    case "intCut":
      return "int";
    case "ellipsis":
      return "ellipsis";
    case "notImplemented":
      return "NotImplementedType";
    case "object":
      return source.objectAt(value.object)?.type ?? "";
    default:
      return value.kind;
  }
}

/** The sentence that stands for a value that is not known. */
export function notRecordedText(sinceStep: number, reason: string): string {
  return `not recorded since step ${sinceStep}: ${reason}`;
}

function lastName(qualified: string): string {
  return qualified.slice(qualified.lastIndexOf(".") + 1);
}

interface Brackets {
  readonly open: string;
  readonly close: string;
  /** What stands for the container inside itself. */
  readonly cycle: string;
}

/** Writes into one text, and stops caring when the limit is passed. */
class ValueWriter {
  readonly #source: ValueSource;
  readonly #limit: number;
  /** Objects that are being written: meeting one again is a cycle. */
  readonly #open = new Set<number>();
  #text = "";

  constructor(source: ValueSource, limit: number) {
    this.#source = source;
    this.#limit = limit;
  }

  finish(): string {
    if (this.#text.length <= this.#limit) return this.#text;
    const cut = this.#text.slice(0, this.#limit);
    const last = cut.charCodeAt(cut.length - 1);
    const splitsPair = last >= 0xd800 && last <= 0xdbff;
    return (splitsPair ? cut.slice(0, -1) : cut) + cutMark;
  }

  value(value: Value): void {
    switch (value.kind) {
      case "unbound":
        this.#write("<unbound>");
        break;
      case "none":
        this.#write("None");
        break;
      case "bool":
        this.#write(value.value ? "True" : "False");
        break;
      case "int":
        this.#write(intText(value.value));
        break;
      case "intCut":
        this.#write(intCutText(value.negative, value.bits, value.top));
        break;
      case "float":
        this.#write(floatText(value.value));
        break;
      case "complex":
        this.#write(complexText(value.real, value.imaginary));
        break;
      case "str":
        this.#str(value);
        break;
      case "bytes":
        this.#bytes(value.bytes, value.total);
        break;
      case "ellipsis":
        this.#write("Ellipsis");
        break;
      case "notImplemented":
        this.#write("NotImplemented");
        break;
      case "notRecorded":
        this.#write(`<${notRecordedText(value.sinceStep, value.reason)}>`);
        break;
      case "object":
        this.#object(value.object);
        break;
    }
  }

  row(view: ObjectView, indices: readonly number[]): void {
    writeRow(this.#arrayWriter(), view, indices);
  }

  #arrayWriter(): ArrayWriter {
    return {
      write: (text) => this.#write(text),
      value: (value) => this.value(value),
      isFull: () => this.#isFull(),
      mark: cutMark,
    };
  }

  #write(text: string): void {
    this.#text += text;
  }

  #isFull(): boolean {
    return this.#text.length > this.#limit;
  }

  #str(value: Extract<Value, { kind: "str" }>): void {
    this.#write(strText(value.text, this.#source.printable, this.#limit));
    if (!value.truncated) return;
    this.#write(`${cutMark} (first ${Array.from(value.text).length} of ${value.total} characters recorded)`);
  }

  #bytes(bytes: Uint8Array, total: number, escapesSingle = false): void {
    this.#write(bytesText(bytes, this.#limit, escapesSingle));
    if (bytes.length < total) this.#write(`${cutMark} (first ${bytes.length} of ${total} bytes recorded)`);
  }

  #object(object: number): void {
    const view = this.#source.objectAt(object);
    if (view === undefined) this.#write(`<object #${object}: not recorded>`);
    else if (view.completeness.kind === "notRecorded")
      this.#write(`<${view.type}: ${notRecordedText(view.completeness.sinceStep, view.completeness.reason)}>`);
    else this.#known(view);
  }

  #known(view: ObjectView): void {
    switch (view.kind) {
      case "list":
        this.#sequence(view, "list", { open: "[", close: "]", cycle: "[...]" });
        break;
      case "tuple":
        this.#sequence(view, "tuple", { open: "(", close: view.itemsTotal === 1 ? ",)" : ")", cycle: "(...)" });
        break;
      case "dict":
        this.#dict(view);
        break;
      case "namespace":
        this.#entries(view, "{...}");
        break;
      case "set":
        this.#set(view, view.type === "set");
        break;
      case "frozenset":
        this.#set(view, false);
        break;
      case "deque":
        this.#deque(view);
        break;
      case "bytearray":
        this.#write(`${lastName(view.type)}(`);
        // Until 3.14 a bytearray escaped ' even where it stands between ".
        this.#bytes(view.bytes ?? new Uint8Array(), view.bytesTotal, this.#source.minor < 15);
        this.#write(")");
        break;
      case "range":
        this.#range(view);
        break;
      case "slice":
        this.#call(view, "slice");
        break;
      case "scalar":
        this.#wrapped(view);
        break;
      case "exception":
        this.#call(view, lastName(view.type));
        break;
      case "cell":
        this.#cell(view);
        break;
      case "class":
        this.#write(`<class '${view.text ?? "?"}'>`);
        break;
      case "module":
        this.#write(`<module '${view.text ?? "?"}'>`);
        break;
      case "function":
        this.#write(`<function ${view.text ?? "?"}>`);
        break;
      case "method":
        this.#method(view);
        break;
      case "generator":
        this.#generator(view, "generator");
        break;
      case "coroutine":
        this.#generator(view, "coroutine");
        break;
      case "asyncGenerator":
        this.#generator(view, "async_generator");
        break;
      case "instance":
        this.#write(`<${view.type} object #${view.object}>`);
        break;
      case "array":
        this.#once(view, "array(...)", () => writeArray(this.#arrayWriter(), view));
        break;
      case "opaque":
      case "repr":
        this.#write(view.text ?? `<${view.type} object>`);
        break;
    }
  }

  /** Writes `body` unless the object is already being written further out. */
  #once(view: ObjectView, cycle: string, body: () => void): void {
    if (this.#open.has(view.object)) {
      this.#write(cycle);
      return;
    }
    this.#open.add(view.object);
    body();
    this.#open.delete(view.object);
  }

  #commaSeparated<T>(items: readonly T[], total: number, write: (item: T) => void): void {
    let first = true;
    for (const item of items) {
      if (this.#isFull()) return;
      if (!first) this.#write(", ");
      first = false;
      write(item);
    }
    if (items.length < total) this.#write(`${first ? "" : ", "}${cutMark} ${total - items.length} more not recorded`);
  }

  #items(view: ObjectView, brackets: Brackets): void {
    this.#once(view, brackets.cycle, () => {
      this.#write(brackets.open);
      this.#commaSeparated(view.items, view.itemsTotal, (item) => this.value(item));
      this.#write(brackets.close);
    });
  }

  #sequence(view: ObjectView, builtin: string, brackets: Brackets): void {
    if (view.type === builtin) this.#items(view, brackets);
    else this.#inClass(view, () => this.#items(view, brackets));
  }

  /** A subclass: its name around what its base type would show. */
  #inClass(view: ObjectView, body: () => void): void {
    this.#write(`${lastName(view.type)}(`);
    body();
    this.#write(")");
  }

  #entries(view: ObjectView, cycle: string): void {
    this.#once(view, cycle, () => {
      this.#write("{");
      this.#commaSeparated(view.entries, view.itemsTotal, ([key, value]) => {
        this.value(key);
        this.#write(": ");
        this.value(value);
      });
      this.#write("}");
    });
  }

  #dict(view: ObjectView): void {
    if (view.type === "dict") this.#entries(view, "{...}");
    else if (view.itemsTotal === 0) this.#inClass(view, () => undefined);
    else if (view.type === "collections.OrderedDict" && this.#source.minor < 12) this.#orderedPairs(view);
    else this.#inClass(view, () => this.#entries(view, "..."));
  }

  /** `OrderedDict([('a', 1)])`, as it was written before 3.12. */
  #orderedPairs(view: ObjectView): void {
    this.#once(view, "...", () => {
      this.#write("OrderedDict([");
      this.#commaSeparated(view.entries, view.itemsTotal, ([key, value]) => {
        this.#write("(");
        this.value(key);
        this.#write(", ");
        this.value(value);
        this.#write(")");
      });
      this.#write("])");
    });
  }

  #set(view: ObjectView, isPlain: boolean): void {
    const name = lastName(view.type);
    if (view.itemsTotal === 0) this.#write(`${name}()`);
    else if (isPlain) this.#items(view, { open: "{", close: "}", cycle: `${name}(...)` });
    else this.#items(view, { open: `${name}({`, close: "})", cycle: `${name}(...)` });
  }

  #deque(view: ObjectView): void {
    this.#once(view, "[...]", () => {
      this.#write(`${lastName(view.type)}([`);
      this.#commaSeparated(view.items, view.itemsTotal, (item) => this.value(item));
      this.#write("]");
      if (view.value !== undefined && view.value.kind === "int") this.#write(`, maxlen=${intText(view.value.value)}`);
      this.#write(")");
    });
  }

  #range(view: ObjectView): void {
    const step = view.items[2];
    const isOne = step !== undefined && step.kind === "int" && Number(step.value) === 1;
    this.#write("range(");
    this.#commaSeparated(isOne ? view.items.slice(0, 2) : view.items, 0, (item) => this.value(item));
    this.#write(")");
  }

  #call(view: ObjectView, name: string): void {
    this.#items(view, { open: `${name}(`, close: ")", cycle: `${name}(...)` });
  }

  #wrapped(view: ObjectView): void {
    this.#inClass(view, () => {
      if (view.value !== undefined) this.value(view.value);
    });
  }

  #cell(view: ObjectView): void {
    const value = view.value ?? { kind: "unbound" };
    if (value.kind === "unbound") this.#write("<cell: empty>");
    else
      this.#once(view, "<cell: ...>", () => {
        this.#write("<cell: ");
        this.value(value);
        this.#write(">");
      });
  }

  #method(view: ObjectView): void {
    const [callee, receiver] = view.items;
    this.#once(view, "<bound method ...>", () => {
      const target =
        callee !== undefined && callee.kind === "object" ? this.#source.objectAt(callee.object) : undefined;
      this.#write(`<bound method ${target?.text ?? view.text ?? "?"}`);
      if (receiver !== undefined) {
        this.#write(" of ");
        this.value(receiver);
      }
      this.#write(">");
    });
  }

  #generator(view: ObjectView, word: string): void {
    const state = this.#source.generatorAt(view.object)?.state;
    this.#write(`<${word} object ${view.text ?? "?"}${state === undefined ? "" : `, ${state.toLowerCase()}`}>`);
  }
}
