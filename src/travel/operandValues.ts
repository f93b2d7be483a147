// What did an expression of the bytecode see? Its value in a frame at an event, and the place that it reads.
import { brand } from "../base/brand.ts";
import type { CodeId, CodeObjectWrapper } from "../python/codeObject.ts";
import { isPlainExpression, type Operand, operandText } from "../python/operand.ts";
import { codeOperands } from "../python/codeOperands.ts";
import type { CodeOperands } from "../python/symbolicStack.ts";
import * as f from "../wire/format.ts";
import { scopesEnvironment, minorVersion } from "./evaluate/environment.ts";
import { compileExpression, evaluate } from "./evaluate/evaluate.ts";
import type { History } from "./history.ts";
import { isSameValue, type Place } from "./places.ts";
import { valueOfPlace } from "./objectWrites.ts";
import { nameValue } from "./placeWrites.ts";
import type { Value } from "./timeTravel.ts";
import type { Views } from "./views.ts";

type Call = Extract<Operand, { readonly kind: "call" }>;

/** A call into recorded code that came back. */
export interface ReturnedCall {
  /** The RETURN, or for a generator the YIELD. */
  readonly event: number;
  readonly frame: number;
  readonly value: Value;
}

/** Rows that are looked through for a return; what took longer is not found. */
const FARTHEST = 500_000;

/** Where an expression is looked at: the state after `event`, in `frame`, whose statement began at `begin`. */
export interface Seeing {
  readonly frame: number;
  readonly event: number;
  readonly begin: number;
}

export class OperandValues {
  readonly #history: History;
  readonly #views: Views;
  readonly #operands = new Map<number, CodeOperands | undefined>();

  constructor(history: History, views: Views) {
    this.#history = history;
    this.#views = views;
  }

  codeOf(event: number, frame: number): CodeObjectWrapper | undefined {
    const live = this.#views.liveNear(event, frame);
    return live === undefined ? undefined : this.#history.recording.registry.get(brand<CodeId>(live.code));
  }

  operandsOf(code: CodeObjectWrapper): CodeOperands | undefined {
    if (!this.#operands.has(code.id)) {
      this.#operands.set(code.id, codeOperands(code, minorVersion(this.#history.recording.meta.python)));
    }
    return this.#operands.get(code.id);
  }

  /** The offset of the instruction that holds the code unit: a frame in a call can stand in its cache. */
  instructionAt(event: number, frame: number, offset: number): number {
    const code = this.codeOf(event, frame);
    const instructions = code === undefined ? undefined : this.operandsOf(code)?.instructions;
    return instructions?.findLast((one) => one.offset <= offset)?.offset ?? offset;
  }

  /** Undefined for what cannot be known without running the program. */
  valueOf(operand: Operand, seeing: Seeing): Value | undefined {
    switch (operand.kind) {
      case "variable":
        return this.#variable(operand.name, seeing);
      case "call":
        return this.returnOf(operand, seeing)?.value ?? this.#evaluated(operand, seeing);
      case "awaited":
        return this.returnOf(operand, seeing)?.value;
      case "element":
      case "exception":
      case "sent":
      case "unknown":
      case "null":
      case "function":
      case "import":
      case "either":
        return undefined;
      case "attribute": {
        const place = this.placeOf(operand, seeing);
        const held =
          place === undefined || place.kind === "variable"
            ? undefined
            : valueOfPlace(this.#history, place, seeing.event);
        return held ?? this.#evaluated(operand, seeing);
      }
      default:
        return this.#evaluated(operand, seeing);
    }
  }

  /** The place that the expression reads; undefined for one that computes. */
  placeOf(operand: Operand, seeing: Seeing): Place | undefined {
    switch (operand.kind) {
      case "variable":
        return { kind: "variable", frame: seeing.frame, name: operand.name };
      case "attribute":
        return this.attributePlace(this.valueOf(operand.of, seeing), operand.name, seeing);
      case "item":
        return this.itemPlace(this.valueOf(operand.of, seeing), this.valueOf(operand.key, seeing), seeing.event);
      case "part":
        return this.itemPlace(this.valueOf(operand.of, seeing), { kind: "int", value: operand.index }, seeing.event);
      default:
        return undefined;
    }
  }

  itemPlace(of: Value | undefined, key: Value | undefined, event: number): Place | undefined {
    if (of?.kind !== "object" || key === undefined) return undefined;
    const view = this.#views.object(event, of.object);
    if (view === undefined) return undefined;
    if (f.hasEntries(view.kind)) {
      const found = view.entries.find(([known]) => isSameValue(known, key) || isSameNumber(known, key));
      return found === undefined ? undefined : { kind: "entry", object: of.object, key: found[0] };
    }
    if (key.kind !== "int" && key.kind !== "bool") return undefined;
    const index = Number(key.value);
    const length = view.bytes?.length ?? view.items.length;
    const fromStart = index < 0 ? index + length : index;
    return fromStart < 0 || fromStart >= length ? undefined : { kind: "item", object: of.object, index: fromStart };
  }

  /** The last return into the frame from that call, within the statement. */
  returnOf(operand: Operand, seeing: Seeing, wanted?: Value): ReturnedCall | undefined {
    const call = operand.kind === "awaited" ? operand.of : operand;
    const offset = operand.kind === "call" ? operand.offset : undefined;
    if (operand.kind !== "awaited" && call.kind !== "call") return undefined;
    return this.returnInto(seeing, offset, f.OP_RETURN, wanted);
  }

  /** The last event of the kind (RETURN or YIELD) that gave a value to the frame, within the statement. */
  returnInto(
    seeing: Seeing,
    offset: number | undefined,
    opcode: number,
    wanted: Value | undefined,
  ): ReturnedCall | undefined {
    const { frame, event, begin } = seeing;
    for (let at = event; at > Math.max(begin, event - FARTHEST);) {
      const block = this.#history.blockAt(at);
      const { kind, subject, thread } = block.events;
      for (let row = at - block.firstEvent; row >= 0 && block.firstEvent + row > begin; row--) {
        if (kind[row] !== opcode || subject[row] === frame) continue;
        const found = block.firstEvent + row;
        const top = this.#history.stack(found, thread[row] ?? 0).at(-1);
        if (top?.frame !== frame) continue;
        if (offset !== undefined && this.instructionAt(found, frame, top.offset) !== offset) continue;
        const value = this.#views.operand(found, (cursor) => cursor.uv());
        if (wanted !== undefined && !isSameValue(value, wanted)) continue;
        return { event: found, frame: subject[row] ?? 0, value };
      }
      at = block.firstEvent - 1;
    }
    return undefined;
  }

  /** Whether recorded code ran for the call. */
  ranRecorded(call: Call, { frame, event, begin }: Seeing): boolean {
    for (let at = event; at > Math.max(begin, event - FARTHEST);) {
      const block = this.#history.blockAt(at);
      const { kind, thread } = block.events;
      for (let row = at - block.firstEvent; row >= 0 && block.firstEvent + row > begin; row--) {
        if (kind[row] !== f.OP_CALL) continue;
        const caller = this.#history.stack(block.firstEvent + row, thread[row] ?? 0).at(-2);
        if (caller?.frame !== frame) continue;
        if (this.instructionAt(block.firstEvent + row, frame, caller.offset) === call.offset) return true;
      }
      at = block.firstEvent - 1;
    }
    return false;
  }

  #variable(name: string, { frame, event }: Seeing): Value | undefined {
    const scopes = this.#views.scopes(event, frame);
    const own = scopes?.locals.find((one) => one.name === name) ?? scopes?.closure.find((one) => one.name === name);
    if (own !== undefined) return own.value;
    const globals =
      scopes === undefined || scopes.globals === 0 ? undefined : this.#views.object(event, scopes.globals);
    return globals?.entries.find(([key]) => key.kind === "str" && key.text === name)?.[1];
  }

  #evaluated(operand: Operand, { frame, event }: Seeing): Value | undefined {
    if (!isPlainExpression(operand)) return undefined;
    const scopes = this.#views.scopes(event, frame);
    const compiled = compileExpression(operandText(operand));
    if (scopes === undefined || compiled.kind !== "compiled") return undefined;
    const { python } = this.#history.recording.meta;
    const outcome = evaluate(
      compiled,
      scopesEnvironment(scopes, (object) => this.#views.object(event, object), python),
    );
    // What the evaluation made has no history.
    if (outcome.kind !== "value" || (outcome.value.kind === "object" && outcome.value.object < 0)) return undefined;
    return outcome.value;
  }

  /** Where an attribute is read from: the object itself, else its class; undefined where neither is known to hold it. */
  attributePlace(of: Value | undefined, name: string, seeing: Seeing): Place | undefined {
    if (of?.kind !== "object") return undefined;
    const { event } = seeing;
    const view = this.#views.object(event, of.object);
    if (view === undefined) return undefined;
    if (view.kind === "module") {
      if (view.value?.kind !== "object") return undefined;
      return { kind: "entry", object: view.value.object, key: nameValue(name) };
    }
    if (view.attributes.some(([known]) => known === name)) return { kind: "attribute", object: of.object, name };
    const owner = this.#classWith(view.type, name, seeing);
    return owner === undefined ? undefined : { kind: "attribute", object: owner, name };
  }

  /** The class of that name among the frame's globals, when it holds the attribute itself. */
  #classWith(type: string, name: string, { frame, event }: Seeing): number | undefined {
    const globals = this.#views.scopes(event, frame)?.globals ?? 0;
    const className = type.slice(type.lastIndexOf(".") + 1);
    const known = globals === 0 ? undefined : this.#views.object(event, globals);
    const found = known?.entries.find(([key]) => key.kind === "str" && key.text === className)?.[1];
    const view = found?.kind === "object" ? this.#views.object(event, found.object) : undefined;
    if (view?.kind !== "class") return undefined;
    return view.attributes.some(([held]) => held === name) ? view.object : undefined;
  }
}

/** `True == 1 == 1.0` as keys of a dict. */
function isSameNumber(a: Value, b: Value): boolean {
  const [left, right] = [numberOf(a), numberOf(b)];
  return left !== undefined && left === right;
}

function numberOf(value: Value): number | undefined {
  return value.kind === "int" || value.kind === "bool" || value.kind === "float" ? Number(value.value) : undefined;
}
