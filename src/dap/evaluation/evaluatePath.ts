// What is the value of a path at a moment? Looked up in the recording exactly as Python would look it up;
// wherever Python might do something else (run code of the program, look into what was not recorded), it fails loudly.
import type { ObjectView, ScopesView, Value, Variable } from "../../travel/timeTravel.ts";
import { notRecordedText, valueText, type ValueSource } from "../presentation/valueText.ts";
import type { Literal, PathExpression } from "./pathExpression.ts";
import { sameKey } from "./sameKey.ts";

/** Why there is no value. `notRecorded` is an answer (hover shows it), `refused` is none. */
export class NoValueError extends Error {
  override readonly name = "NoValueError";
  readonly kind: "notRecorded" | "refused";

  constructor(kind: "notRecorded" | "refused", message: string) {
    super(message);
    this.kind = kind;
  }
}

function refuse(message: string): never {
  throw new NoValueError("refused", message);
}

function missing(message: string): never {
  throw new NoValueError("notRecorded", `not recorded: ${message}`);
}

/** Types whose subscript is known to be the builtin one. */
const subscriptable: ReadonlySet<string> = new Set([
  "list",
  "tuple",
  "dict",
  "bytearray",
  "range",
  "collections.deque",
  "collections.OrderedDict",
  "collections.defaultdict",
  "collections.Counter",
]);

/** Evaluates over one frame at one moment. */
export class PathEvaluator {
  readonly #scopes: ScopesView;
  readonly #source: ValueSource;

  constructor(scopes: ScopesView, source: ValueSource) {
    this.#scopes = scopes;
    this.#source = source;
  }

  /** Throws `NoValueError`. */
  evaluate(path: PathExpression): Value {
    switch (path.kind) {
      case "literal":
        return literalValue(path.value);
      case "name":
        return this.#name(path.name);
      case "attribute":
        return this.#attribute(this.evaluate(path.of), path.name);
      case "subscript":
        return this.#subscript(this.evaluate(path.of), path.key);
      case "tuple":
        return refuse("A tuple can be looked up only as a key.");
    }
  }

  #name(name: string): Value {
    const local = find(this.#scopes.locals, name) ?? find(this.#scopes.closure, name);
    if (local !== undefined) {
      if (local.value.kind === "unbound") refuse(`The name ${name} has no value at this moment.`);
      return known(local.value);
    }
    return this.#globalName(name);
  }

  #globalName(name: string): Value {
    const view = this.#scopes.globals === 0 ? undefined : this.#source.objectAt(this.#scopes.globals);
    if (view === undefined) return missing(`the globals of this frame`);
    this.#checkKnown(view);
    const found = view.entries.find(([key]) => key.kind === "str" && key.text === name);
    if (found !== undefined) return known(found[1]);
    if (view.completeness.kind === "truncated") return missing(`${name} may be one of the globals that were left out`);
    return refuse(`The name ${name} is neither a local, nor of the closure, nor a recorded global at this moment.`);
  }

  #checkKnown(view: ObjectView): void {
    if (view.completeness.kind === "notRecorded")
      throw new NoValueError("notRecorded", notRecordedText(view.completeness.sinceStep, view.completeness.reason));
  }

  #object(value: Value): ObjectView | undefined {
    if (value.kind !== "object") return undefined;
    const view = this.#source.objectAt(value.object);
    if (view === undefined) return missing(`the object #${value.object}`);
    this.#checkKnown(view);
    return view;
  }

  #attribute(value: Value, name: string): Value {
    const view = this.#object(value);
    if (view === undefined) return refuse(`Attributes of a ${value.kind} are not recorded.`);
    const part = this.#part(view, name);
    if (part !== undefined) return known(part);
    const found = view.attributes.find(([attribute]) => attribute === name);
    if (found !== undefined) return known(found[1]);
    if (view.attributes.length < view.attributesTotal) return missing(`${name} may be one of the attributes left out`);
    return refuse(`${view.type} has no recorded attribute ${name}: only what the object itself holds is recorded.`);
  }

  /** Attributes that are parts of an object's kind. */
  #part(view: ObjectView, name: string): Value | undefined {
    switch (view.kind) {
      case "module":
        return this.#moduleAttribute(view, name);
      case "range":
      case "slice":
        return view.items[["start", "stop", "step"].indexOf(name)];
      case "method":
        return view.items[["__func__", "__self__"].indexOf(name)];
      case "cell":
        return name === "cell_contents" && view.value?.kind !== "unbound" ? view.value : undefined;
      default:
        return undefined;
    }
  }

  #moduleAttribute(view: ObjectView, name: string): Value | undefined {
    if (view.value?.kind !== "object") return undefined;
    const namespace = this.#object(view.value);
    return namespace?.entries.find(([key]) => key.kind === "str" && key.text === name)?.[1];
  }

  #subscript(value: Value, key: PathExpression): Value {
    if (value.kind === "str") return characterAt(value, this.#index(key));
    if (value.kind === "bytes") return byteAt(value.bytes, value.total, this.#index(key));
    const view = this.#object(value);
    if (view === undefined) return refuse(`A ${value.kind} has no subscript.`);
    if (!subscriptable.has(view.type))
      return refuse(`${view.type} may define its own subscript, and the past runs no code: expand it in Variables.`);
    if (view.kind === "dict") return this.#dictItem(view, key);
    if (view.kind === "bytearray") return byteAt(view.bytes ?? new Uint8Array(), view.bytesTotal, this.#index(key));
    if (view.kind === "range") return rangeItem(view, this.#index(key));
    return itemAt(view, this.#index(key));
  }

  #index(key: PathExpression): number {
    if (key.kind === "tuple") return refuse("A sequence takes an index, not a tuple.");
    const value = this.evaluate(key);
    if (value.kind === "bool") return value.value ? 1 : 0;
    if (value.kind === "int") return Number(value.value);
    return refuse("A sequence takes a whole number as its index; slices are not looked up in the past.");
  }

  #dictItem(view: ObjectView, key: PathExpression): Value {
    const isSame = this.#keyTest(key);
    const found = view.entries.find(([one]) => isSame(one));
    if (found !== undefined) return known(found[1]);
    if (view.completeness.kind === "truncated") return missing("the key may be one of the items that were left out");
    return refuse("KeyError: there is no such key at this moment.");
  }

  /** Tells whether a recorded key is the one asked for. */
  #keyTest(key: PathExpression): (recorded: Value) => boolean {
    if (key.kind !== "tuple") {
      const wanted = this.evaluate(key);
      if (wanted.kind === "object") this.#checkKey(wanted);
      return (recorded) => sameKey(recorded, wanted, this.#source);
    }
    const tests = key.items.map((item) => this.#keyTest(item));
    return (recorded) => {
      const view = recorded.kind === "object" ? this.#source.objectAt(recorded.object) : undefined;
      return (
        view !== undefined &&
        view.type === "tuple" &&
        view.itemsTotal === tests.length &&
        tests.every((test, index) => {
          const item = view.items[index];
          return item !== undefined && test(item);
        })
      );
    };
  }

  #checkKey(wanted: Value): void {
    const view = this.#object(wanted);
    if (view !== undefined && view.kind !== "tuple" && view.kind !== "frozenset") return;
    if (view !== undefined && view.completeness.kind !== "complete")
      missing(`all of the key ${valueText(wanted, this.#source, 80)}`);
  }
}

function find(variables: readonly Variable[], name: string): Variable | undefined {
  return variables.find((one) => one.name === name);
}

/** A value that may be shown whole or used further. */
function known(value: Value): Value {
  if (value.kind === "notRecorded")
    throw new NoValueError("notRecorded", notRecordedText(value.sinceStep, value.reason));
  return value;
}

function literalValue(literal: Literal): Value {
  switch (literal.kind) {
    case "str":
      return { kind: "str", text: literal.text, total: Array.from(literal.text).length, truncated: false };
    case "bytes":
      return { kind: "bytes", bytes: literal.bytes, total: literal.bytes.length, truncated: false };
    default:
      return literal;
  }
}

/** Python's index into `total` elements, of which the first `kept` are there. */
function checkedIndex(index: number, kept: number, total: number): number {
  const at = index < 0 ? index + total : index;
  if (at < 0 || at >= total) return refuse(`IndexError: index ${index} is out of range: there are ${total} elements.`);
  if (at >= kept) return missing(`element ${at}; the first ${kept} of ${total} were kept`);
  return at;
}

function itemAt(view: ObjectView, index: number): Value {
  const item = view.items[checkedIndex(index, view.items.length, view.itemsTotal)];
  return item === undefined ? missing(`element ${index}`) : known(item);
}

function byteAt(bytes: Uint8Array, total: number, index: number): Value {
  return { kind: "int", value: bytes[checkedIndex(index, bytes.length, total)] ?? 0 };
}

function characterAt(value: Extract<Value, { kind: "str" }>, index: number): Value {
  const characters = Array.from(value.text);
  const text = characters[checkedIndex(index, characters.length, value.total)] ?? "";
  return { kind: "str", text, total: 1, truncated: false };
}

function rangeItem(view: ObjectView, index: number): Value {
  const [start, stop, step] = view.items.map((item) => (item.kind === "int" ? BigInt(item.value) : undefined));
  if (start === undefined || stop === undefined || step === undefined || step === 0n) return missing("the whole range");
  const span = step > 0n ? stop - start : start - stop;
  const size = step > 0n ? step : -step;
  const length = span <= 0n ? 0n : (span + size - 1n) / size;
  const at = BigInt(index) < 0n ? BigInt(index) + length : BigInt(index);
  if (at < 0n || at >= length)
    return refuse(`IndexError: index ${index} is out of range: there are ${length} elements.`);
  return { kind: "int", value: start + at * step };
}
