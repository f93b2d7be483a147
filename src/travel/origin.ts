// Where did a value come from? From the write that put it there, through the expression that made it, to the next
// write: variable, argument, return, attribute, item, until a literal, a computation, an input or a new object.
import type { OriginKind } from "../protocol/historyRequests.ts";
import type { CodeObjectWrapper } from "../python/codeObject.ts";
import type { CodeUnit } from "../python/codeOffset.ts";
import { type Operand, operandText } from "../python/operand.ts";
import type { CodeOperands, Store } from "../python/symbolicStack.ts";
import * as f from "../wire/format.ts";
import type { History } from "./history.ts";
import { argumentOf } from "./originArguments.ts";
import type { OperandValues, Seeing } from "./operandValues.ts";
import { valueOfPlace } from "./objectWrites.ts";
import { isSameValue, type Place } from "./places.ts";
import type { PlaceWrites, Write } from "./placeWrites.ts";
import type { Site, Sites } from "./sites.ts";
import type { Value } from "./timeTravel.ts";
import type { Views } from "./views.ts";

export interface SeenOperand {
  readonly text: string;
  readonly value: Value | undefined;
}

export interface Hop {
  readonly kind: OriginKind;
  readonly site: Site;
  /** The event at which its operands are seen. */
  readonly event: number;
  readonly text: string;
  readonly value: Value | undefined;
  readonly operands: readonly SeenOperand[];
}

/** Where the next hop begins: a place as it was at an event, or an expression in a frame. */
type Next =
  | { readonly kind: "place"; readonly place: Place; readonly event: number }
  | {
      readonly kind: "operand";
      readonly operand: Operand;
      readonly seeing: Seeing;
      readonly site: Site;
      readonly target: string;
    };

type Call = Extract<Operand, { readonly kind: "call" }>;

interface Found {
  readonly hop: Hop;
  readonly next: Next | undefined;
}

/** Says whether an instruction belongs to the line. */
type OffsetTest = (offset: CodeUnit) => boolean;

/** Functions that only compute: what they return came from their arguments. */
const PURE =
  /^(?:abs|all|any|bool|bytes|chr|dict|divmod|enumerate|filter|float|format|frozenset|hash|hex|int|len|list|map|max|min|oct|ord|pow|range|repr|reversed|round|set|slice|sorted|str|sum|tuple|zip)$/u;

function lineTest(code: CodeObjectWrapper, line: number): OffsetTest {
  return (offset) => code.lineForOffset(offset) === line;
}

export class Origins {
  readonly #history: History;
  readonly #views: Views;
  readonly #sites: Sites;
  readonly #writes: PlaceWrites;
  readonly #values: OperandValues;

  constructor(history: History, views: Views, sites: Sites, writes: PlaceWrites, values: OperandValues) {
    this.#history = history;
    this.#views = views;
    this.#sites = sites;
    this.#writes = writes;
    this.#values = values;
  }

  /** Newest hop first. */
  of(event: number, place: Place, count: number): readonly Hop[] {
    return this.#follow({ kind: "place", place, event }, count);
  }

  /** The value that a RETURN or a YIELD at the event hands out. */
  ofReturn(event: number, count: number): readonly Hop[] {
    const next = this.#exit(event, "return");
    return next === undefined ? [] : this.#follow(next, count);
  }

  #follow(from: Next, count: number): readonly Hop[] {
    const hops: Hop[] = [];
    let next: Next | undefined = from;
    while (next !== undefined && hops.length < count) {
      const found: Found | undefined =
        next.kind === "place" ? this.#ofPlace(next.place, next.event) : this.#ofOperand(next);
      if (found === undefined) break;
      hops.push(found.hop);
      next = found.next;
    }
    return hops;
  }

  #ofPlace(place: Place, event: number): Found | undefined {
    const write = this.#writes.last(event, place);
    if (write === undefined) return undefined;
    switch (write.kind) {
      case "argument":
        return this.#argument(write, place);
      case "deleted":
        return end("unknown", write, "deleted here");
      case "unknown":
        return end("unknown", write, `not recorded: ${write.gap?.reason ?? ""}`);
      default:
        return write.gap === undefined
          ? this.#assigned(write, place)
          : end("unknown", write, `changed unseen: ${write.gap.reason}`);
    }
  }

  /** What the line of the write stored there. */
  #assigned(write: Write, place: Place): Found {
    const { site } = write;
    const { frame } = site;
    const code = frame === undefined ? undefined : this.#values.codeOf(site.event, frame.frame);
    const operands = code === undefined ? undefined : this.#values.operandsOf(code);
    if (frame === undefined || code === undefined || operands === undefined) {
      return end(write.kind === "seen" ? "creation" : "unknown", write, "by code that is not recorded");
    }
    const seeing = { frame: frame.frame, event: write.event - 1, begin: site.event };
    const isHere = lineTest(code, frame.position.line);
    const store = this.#storeOf(operands, write, place, seeing, isHere);
    if (store?.value !== undefined) {
      const target = storeText(store);
      return this.#ofOperand({ kind: "operand", operand: store.value, seeing, site, target }, write.value);
    }
    return this.#changedByCall(operands, write, place, seeing, isHere);
  }

  #storeOf(operands: CodeOperands, write: Write, place: Place, seeing: Seeing, isHere: OffsetTest): Store | undefined {
    const fitting = operands.stores.filter((store) => isHere(store.offset) && this.#fits(store, place));
    if (fitting.length < 2 || write.value === undefined) return fitting[0];
    const { value } = write;
    const seen = fitting.map((store) => ({
      store,
      seen: store.value === undefined ? undefined : this.#values.valueOf(store.value, seeing),
    }));
    const exact = seen.find((one) => one.seen !== undefined && isSameValue(one.seen, value));
    if (exact !== undefined) return exact.store;
    // Of those whose value cannot be had, only one can be meant.
    const [first, second] = seen.filter((one) => one.seen === undefined);
    return second === undefined ? first?.store : undefined;
  }

  #fits({ target }: Store, place: Place): boolean {
    switch (place.kind) {
      case "variable":
        return target.kind === "variable" && target.name === place.name;
      case "attribute":
        return target.kind !== "item" && target.name === place.name;
      case "entry": {
        const isName = target.kind === "variable" && place.key.kind === "str" && target.name === place.key.text;
        return isName || target.kind === "item";
      }
      case "item":
        return target.kind === "item";
      case "contents":
        return target.kind === "variable";
    }
  }

  /** A call changed it: `xs.append(v)`, `setattr(o, "a", v)`; the argument that is the value tells. */
  #changedByCall(operands: CodeOperands, write: Write, place: Place, seeing: Seeing, isHere: OffsetTest): Found {
    const calls = [...operands.calls.values()].filter(({ offset }) => isHere(offset));
    const { value, site } = write;
    const handing = calls.filter((call) => this.#changes(call, place, seeing));
    const parts = write.kind === "seen" ? this.#displaysOn(operands, isHere) : [];
    for (const operand of [...handing.flatMap(({ args }) => args), ...parts]) {
      const seen = value === undefined ? undefined : this.#values.valueOf(operand, seeing);
      if (seen === undefined || value === undefined || !isSameValue(seen, value)) continue;
      const call = handing.find(({ args }) => args.includes(operand));
      const found = this.#ofOperand({ kind: "operand", operand, seeing, site, target: placeText(place) }, value);
      return call === undefined ? found : { ...found, hop: { ...found.hop, text: operandText(call) } };
    }
    const copied = this.#copiedFrom(calls, place, value, seeing);
    if (copied !== undefined) {
      const hop = { kind: "item", site, event: seeing.event, text: operandText(copied.call), value } as const;
      return {
        hop: { ...hop, operands: this.#seen(copied.call, seeing) },
        next: { kind: "place", place: copied.place, event: seeing.event },
      };
    }
    const by = calls.map((call) => operandText(call)).join("; ");
    if (write.kind === "seen") return this.#made(write);
    return end("input", write, by === "" ? "changed here" : `changed by ${by}`);
  }

  /** A method of the object that holds the place, or `setattr` on it: what it is given it can put there. */
  #changes({ callee, args }: Call, place: Place, seeing: Seeing): boolean {
    if (place.kind === "variable") return false;
    const isSetattr = callee.kind === "variable" && callee.name === "setattr";
    const changed = isSetattr ? args[0] : callee.kind === "attribute" ? callee.of : undefined;
    const value = changed === undefined ? undefined : this.#values.valueOf(changed, seeing);
    return value?.kind === "object" && value.object === place.object;
  }

  /** It came with the object that holds it; an object was made at its own first sight. */
  #made(write: Write): Found {
    const { value } = write;
    const born = value?.kind === "object" ? this.#sites.ofBirth(value.object) : undefined;
    const isEarlier = born !== undefined && born.event < write.event && born.event !== write.site.event;
    return end(
      "creation",
      isEarlier ? { ...write, site: born } : write,
      isEarlier ? "made here" : "came with its object",
    );
  }

  /** `d.update(other)`, `dict(other)`: the same key of an argument holds the same value. */
  #copiedFrom(
    calls: readonly Call[],
    place: Place,
    value: Value | undefined,
    seeing: Seeing,
  ): { readonly call: Call; readonly place: Place } | undefined {
    if (place.kind !== "entry" || value === undefined) return undefined;
    for (const call of calls) {
      for (const arg of call.args) {
        const source = this.#values.itemPlace(this.#values.valueOf(arg, seeing), place.key, seeing.event);
        if (source?.kind !== "entry" || source.object === place.object) continue;
        const held = valueOfPlace(this.#history, source, seeing.event);
        if (held !== undefined && isSameValue(held, value)) return { call, place: source };
      }
    }
    return undefined;
  }

  /** Parts of lists, tuples and dicts that the line makes. */
  #displaysOn(operands: CodeOperands, isHere: OffsetTest): readonly Operand[] {
    const roots = [
      ...operands.stores.flatMap(({ offset, value }) => (isHere(offset) && value !== undefined ? [value] : [])),
      ...operands.exits.flatMap(({ offset, value }) => (isHere(offset) ? [value] : [])),
      ...[...operands.calls.values()].filter(({ offset }) => isHere(offset)),
    ];
    return roots.flatMap((root) => partsOf(root));
  }

  #argument(write: Write, place: Place): Found {
    const stack = this.#history.stack(write.event, this.#history.threadIndexAt(write.event));
    const caller = stack.length < 2 ? undefined : stack.at(-2);
    const name = place.kind === "variable" ? place.name : "";
    const { site } = write;
    if (caller === undefined || site.frame === undefined)
      return end("input", write, `${name}: by code that is not recorded`);
    const { offset, frame: callerFrame } = caller;
    const code = this.#values.codeOf(write.event - 1, callerFrame);
    const instruction = this.#values.instructionAt(write.event, callerFrame, offset);
    const call = code === undefined ? undefined : this.#values.operandsOf(code)?.calls.get(instruction);
    const callee = this.#values.codeOf(write.event, this.#sites.frameAt(write.event));
    if (call === undefined || callee === undefined)
      return end("input", write, `${name}: by a call that is not written out`);
    const seeing = { frame: callerFrame, event: write.event - 1, begin: site.event };
    const operand = argumentOf(call, callee, name, write, (one) => this.#values.valueOf(one, seeing));
    const text = `${name} in ${operandText(call)}`;
    if (operand === undefined) return this.#fallback(write, name, call, callee, seeing);
    const hop = {
      kind: "argument",
      site,
      event: seeing.event,
      text,
      value: write.value,
      operands: this.#seen(operand, seeing),
    } as const;
    const onward = this.#nextOf(operand, seeing, write.value);
    return { hop, next: onward ?? { kind: "operand", operand, seeing, site, target: "" } };
  }

  /** No argument of the call is the value: the parameter's default, or what a star collected. */
  #fallback(write: Write, name: string, call: Call, callee: CodeObjectWrapper, seeing: Seeing): Found {
    const { variableNames, argumentCount, keywordOnlyCount } = callee.fields;
    const index = variableNames.indexOf(name);
    const isPlain = index >= 0 && index < argumentCount + keywordOnlyCount;
    const areKnown = !call.isSpread && call.args.every((arg) => this.#values.valueOf(arg, seeing) !== undefined);
    const isMissing = !call.isSpread && call.keywords.length === 0 && index >= call.args.length;
    const defined = isPlain && (areKnown || isMissing) ? this.#definitionOf(callee, write.event) : -1;
    if (defined < 0) return end("input", write, `${name} in ${operandText(call)}`);
    const text = `${name}: the default value, made when ${callee.fields.name} was defined`;
    const site = this.#sites.atLine(defined);
    const kind = write.value?.kind === "object" ? "creation" : "literal";
    return { hop: { kind, site, event: write.event, text, value: write.value, operands: [] }, next: undefined };
  }

  /** The step that ran the function's `def` last before the event; -1 for none. */
  #definitionOf(callee: CodeObjectWrapper, before: number): number {
    const { lineKeys } = this.#history.recording;
    const { fileName, firstLine } = callee.fields;
    const keys = lineKeys.keysAt(fileName, firstLine).filter((key) => lineKeys.place(key)?.code !== callee);
    const events = keys.map((key) =>
      this.#history.findBackward(
        this.#history.index.lines,
        key,
        before,
        ({ kind, detail }, row) => kind[row] === f.OP_LINE_AT && detail[row] === key,
      ),
    );
    return Math.max(...events, -1);
  }

  #ofOperand(next: Extract<Next, { readonly kind: "operand" }>, written?: Value): Found {
    const { seeing, site, target } = next;
    const operand = this.#chosen(next.operand, seeing, written);
    const value = written ?? this.#values.valueOf(operand, seeing);
    const text = target === "" ? operandText(operand) : `${target} = ${operandText(operand)}`;
    const hop = (kind: OriginKind): Hop => ({
      kind,
      site,
      event: seeing.event,
      text,
      value,
      operands: this.#seen(operand, seeing),
    });
    const returned = this.#returned(operand, seeing, value);
    if (returned !== undefined) return { hop: hop("return"), next: returned };
    const element = this.#element(operand, seeing, value);
    if (element !== undefined) return { hop: hop("element"), next: element };
    const onward = this.#nextOf(operand, seeing, value);
    return { hop: hop(kindOf(operand, onward !== undefined, value)), next: onward };
  }

  /** Of several ways the one whose value it is. */
  #chosen(operand: Operand, seeing: Seeing, value: Value | undefined): Operand {
    if (operand.kind !== "either" || value === undefined) return operand;
    const fitting = operand.options.find((option) => {
      const seen = this.#values.valueOf(option, seeing);
      return seen !== undefined && isSameValue(seen, value);
    });
    return fitting ?? operand;
  }

  #nextOf(operand: Operand, seeing: Seeing, value: Value | undefined): Next | undefined {
    const read = this.#readByMethod(operand, seeing);
    if (read !== undefined) return this.#placeHolding(read, seeing, value);
    const returned = value === undefined ? undefined : this.#returned(operand, seeing, value);
    if (returned !== undefined) return returned;
    const place = this.#values.placeOf(operand, seeing);
    return place === undefined ? undefined : this.#placeHolding(place, seeing, value);
  }

  /** The place, if it holds the value: a line can write what it has read, and read it again. */
  #placeHolding(place: Place, { event }: Seeing, value: Value | undefined): Next | undefined {
    const held = this.#writes.last(event, place)?.value;
    const isOther = held !== undefined && value !== undefined && !isSameValue(held, value);
    return isOther ? undefined : { kind: "place", place, event };
  }

  /** `d.get(k)`, `d.pop(k)`, `xs.pop()`: the item that was there. */
  #readByMethod(operand: Operand, seeing: Seeing): Place | undefined {
    if (operand.kind !== "call" || operand.callee.kind !== "attribute") return undefined;
    const { of, name } = operand.callee;
    if (name !== "get" && name !== "setdefault") return undefined;
    const [key] = operand.args;
    return key === undefined
      ? undefined
      : this.#values.itemPlace(this.#values.valueOf(of, seeing), this.#values.valueOf(key, seeing), seeing.event);
  }

  #returned(operand: Operand, seeing: Seeing, value: Value | undefined): Next | undefined {
    const isCall = operand.kind === "call" || operand.kind === "awaited";
    const call = isCall ? this.#values.returnOf(operand, seeing, value) : undefined;
    if (call !== undefined) return this.#exit(call.event, "return");
    const isYield = operand.kind === "element" && value !== undefined;
    const yielded = isYield ? this.#values.returnInto(seeing, undefined, f.OP_YIELD, value) : undefined;
    return yielded === undefined ? undefined : this.#exit(yielded.event, "yield");
  }

  /** The expression that a RETURN or a YIELD hands out. */
  #exit(event: number, kind: "return" | "yield"): Next | undefined {
    const frame = this.#sites.frameAt(event);
    const code = this.#values.codeOf(event - 1, frame);
    const block = this.#history.blockAt(event);
    const offset = this.#values.instructionAt(event - 1, frame, block.operands(event - block.firstEvent).uv());
    const site = this.#sites.of(event);
    const exits = code === undefined ? undefined : this.#values.operandsOf(code)?.exits;
    const exit = exits?.find((one) => one.offset === offset && one.kind === kind);
    if (exit === undefined) return undefined;
    const seeing = { frame, event: event - 1, begin: site.event };
    return { kind: "operand", operand: exit.value, seeing, site, target: kind };
  }

  /** The item of what a loop runs over, when only one can be meant. */
  #element(operand: Operand, seeing: Seeing, value: Value | undefined): Next | undefined {
    if (operand.kind !== "element" || value === undefined) return undefined;
    const of = this.#values.valueOf(operand.of, seeing);
    const view = of?.kind === "object" ? this.#views.object(seeing.event, of.object) : undefined;
    if (view === undefined) return undefined;
    const places = view.items.flatMap((item, index) => (isSameValue(item, value) ? [index] : []));
    const [index] = places;
    if (index === undefined || places.length > 1) return undefined;
    return { kind: "place", place: { kind: "item", object: view.object, index }, event: seeing.event };
  }

  #seen(operand: Operand, seeing: Seeing): readonly SeenOperand[] {
    return leavesOf(operand).map((leaf) => ({ text: operandText(leaf), value: this.#values.valueOf(leaf, seeing) }));
  }
}

function end(kind: OriginKind, { site, event, value }: Write, text: string): Found {
  return { hop: { kind, site, event: Math.max(event - 1, 0), text, value, operands: [] }, next: undefined };
}

function kindOf(operand: Operand, goesOn: boolean, value: Value | undefined): OriginKind {
  switch (operand.kind) {
    case "constant":
      return "literal";
    case "variable":
    case "attribute":
      return goesOn ? operand.kind : "unknown";
    case "item":
    case "part":
      return goesOn ? "item" : "computation";
    case "operation":
    case "either":
    case "element":
      return "computation";
    case "call": {
      if (goesOn) return "item";
      const isMethod = operand.callee.kind === "attribute";
      const isPure = operand.callee.kind === "variable" && PURE.test(operand.callee.name);
      if (isPure) return "computation";
      return value?.kind === "object" && !isMethod ? "creation" : "input";
    }
    case "display":
    case "function":
    case "import":
    case "exception":
      return "creation";
    default:
      return "unknown";
  }
}

function storeText({ target }: Store): string {
  switch (target.kind) {
    case "variable":
      return target.name;
    case "attribute":
      return operandText(target);
    case "item":
      return operandText(target);
  }
}

function placeText(place: Place): string {
  switch (place.kind) {
    case "variable":
    case "attribute":
      return place.name;
    case "item":
      return `[${place.index}]`;
    default:
      return "";
  }
}

/** Variables, attributes, items and calls in an expression, each once. */
export function leavesOf(operand: Operand): readonly Operand[] {
  const leaves = new Map<string, Operand>();
  for (const leaf of allLeaves(operand)) leaves.set(operandText(leaf), leaf);
  return [...leaves.values()];
}

function allLeaves(operand: Operand): readonly Operand[] {
  switch (operand.kind) {
    case "variable":
    case "attribute":
      return [operand];
    case "item":
      return [operand, ...allLeaves(operand.of), ...allLeaves(operand.key)];
    case "call":
      return [
        operand,
        ...operand.args.flatMap(allLeaves),
        ...(operand.callee.kind === "attribute" ? allLeaves(operand.callee.of) : []),
      ];
    case "operation":
      return operand.operands.flatMap(allLeaves);
    case "display":
      return operand.parts.flatMap(allLeaves);
    case "either":
      return operand.options.flatMap(allLeaves);
    case "element":
    case "iterator":
    case "part":
    case "receiver":
    case "awaited":
      return allLeaves(operand.of);
    default:
      return [];
  }
}

function partsOf(operand: Operand): readonly Operand[] {
  switch (operand.kind) {
    case "display":
      return operand.parts.flatMap((part) => [part, ...partsOf(part)]);
    case "operation":
      return operand.operator === ":" ? operand.operands.flatMap((one) => [one, ...partsOf(one)]) : [];
    case "call":
      return operand.args.flatMap((arg) => partsOf(arg));
    default:
      return [];
  }
}
