// All calls of a function, all steps on a line, the calls that a call made: each with arguments, result and cost.
import { brand } from "../base/brand.ts";
import { CodeFlag } from "../python/codeFlags.ts";
import type { CodeId, CodeObjectWrapper } from "../python/codeObject.ts";
import * as f from "../wire/format.ts";
import { readValue } from "../wire/value.ts";
import type { History } from "./history.ts";
import type { Site, Sites } from "./sites.ts";
import type { Moment, Value } from "./timeTravel.ts";
import type { Views } from "./views.ts";

export interface Call {
  readonly frame: number;
  readonly name: string;
  /** The moment of the CALL: arguments are as they were then. */
  readonly moment: Moment;
  /** The first line of the function, before it runs. */
  readonly site: Site;
  readonly calledAt: Site | undefined;
  readonly arguments: readonly { readonly name: string; readonly value: Value }[];
  readonly end:
    | { readonly kind: "returned" | "raised"; readonly moment: Moment; readonly value: Value }
    | { readonly kind: "unfinished" };
  readonly selfSteps: number;
  readonly totalSteps: number;
  readonly children: number;
}

export class Calls {
  readonly #history: History;
  readonly #views: Views;
  readonly #sites: Sites;

  constructor(history: History, views: Views, sites: Sites) {
    this.#history = history;
    this.#views = views;
    this.#sites = sites;
  }

  /** Undefined for a frame whose CALL was not recorded. */
  of(frame: number): Call | undefined {
    const { calls } = this.#history.index;
    const called = calls.callOf(frame);
    const code = this.codeOf(frame);
    if (called < 0 || code === undefined) return undefined;
    const first = this.#sites.firstLineOf(frame);
    return {
      frame,
      name: code.fields.qualifiedName,
      moment: this.#history.momentOf(called),
      site: first < 0 ? this.#sites.at(called, frame) : this.#sites.atLine(first),
      calledAt: calls.parentOf(frame) === 0 ? undefined : this.#sites.of(called),
      arguments: this.argumentsOf(frame),
      end: this.endOf(frame),
      selfSteps: calls.selfStepsOf(frame),
      totalSteps: calls.totalStepsOf(frame),
      children: calls.childrenOf(frame),
    };
  }

  codeOf(frame: number): CodeObjectWrapper | undefined {
    return this.#history.recording.registry.get(brand<CodeId>(this.#history.index.calls.codeOf(frame)));
  }

  argumentsOf(frame: number): Call["arguments"] {
    const event = this.#history.index.calls.callOf(frame);
    const code = this.codeOf(frame);
    if (event < 0 || code === undefined || code.kind === "body") return [];
    const block = this.#history.blockAt(event);
    const cursor = block.operands(event - block.firstEvent);
    for (let field = 0; field < 5; field++) cursor.uv();
    cursor.u8();
    const { recording } = this.#history;
    const count = Math.min(cursor.uv(), parameterCount(code));
    const context = {
      strings: block.events.strings,
      sinceStep: this.#history.momentOf(event).step,
      blob: (id: number) => recording.blob(id),
    };
    return Array.from({ length: count }, (_, slot) => ({
      name: code.fields.variableNames[slot] ?? "",
      value: readValue(cursor, context),
    })).filter(({ value }) => value.kind !== "unbound");
  }

  endOf(frame: number): Call["end"] {
    const event = this.#history.index.calls.endOf(frame);
    if (event < 0) return { kind: "unfinished" };
    const moment = this.#history.momentOf(event);
    const isReturn = this.#history.kindAt(event) === f.OP_RETURN;
    const value = this.#views.operand(event, (cursor) => {
      if (isReturn) cursor.uv();
    });
    return { kind: isReturn ? "returned" : "raised", moment, value };
  }

  /** Frames of all calls of the functions, in the order of their calls. */
  framesOf(codes: ReadonlySet<number>): readonly number[] {
    const { calls } = this.#history.index;
    return calls.frames.filter((frame) => codes.has(calls.codeOf(frame)));
  }

  childrenOf(frame: number): readonly number[] {
    const { calls } = this.#history.index;
    return calls.frames.filter((one) => calls.parentOf(one) === frame);
  }

  /** Calls below a frame, at any depth; of 0 all. In the order of their calls. */
  below(frame: number): readonly number[] {
    const { calls } = this.#history.index;
    if (frame === 0) return calls.frames;
    const below = new Set([frame]);
    return calls.frames.filter((one) => {
      if (!below.has(calls.parentOf(one))) return false;
      below.add(one);
      return true;
    });
  }

  /** The calls from the outermost to the frame. */
  pathTo(frame: number): readonly number[] {
    const { calls } = this.#history.index;
    const path: number[] = [];
    for (let at = frame; at > 0 && path.length < 100_000; at = calls.parentOf(at)) path.unshift(at);
    return path;
  }

  /** Codes of the functions whose body holds the line: the innermost ones. */
  codesAt(file: string, line: number): ReadonlySet<number> {
    const codes = this.#history.recording.registry.byFile(file).filter((code) => holds(code, line));
    const functions = codes.filter(({ kind }) => kind !== "body");
    const starts = Math.max(...functions.map(({ fields }) => fields.firstLine));
    const chosen = functions.length === 0 ? codes : functions.filter(({ fields }) => fields.firstLine === starts);
    return new Set(chosen.map(({ id }) => id));
  }

  /** Events of the steps on a line, in order; from an event on (backward: from there back). */
  *stepsOn(file: string, line: number, from: number, isBackward: boolean): Generator<number> {
    const keys = new Set(this.#history.recording.lineKeys.keysAt(file, line));
    let event = this.#stepBeside(keys, from, isBackward);
    for (; event >= 0; event = this.#stepBeside(keys, event, isBackward)) yield event;
  }

  /** The nearest step before or after the event that has one of the line keys; -1 for none. */
  #stepBeside(keys: ReadonlySet<number>, event: number, isBackward: boolean): number {
    const { lines } = this.#history.index;
    const found = [...keys].map((key) =>
      isBackward
        ? this.#history.findBackward(lines, key, event, ({ kind, detail }, row) => isOn(kind, detail, row, keys))
        : this.#history.findForward(lines, key, event, ({ kind, detail }, row) => isOn(kind, detail, row, keys)),
    );
    const known = found.filter((one) => one >= 0);
    if (known.length === 0) return -1;
    return isBackward ? Math.max(...known) : Math.min(...known);
  }

  countOn(file: string, line: number): number {
    const { recording, index } = this.#history;
    return recording.lineKeys.keysAt(file, line).reduce((sum, key) => sum + index.lineCounts.get(key), 0);
  }
}

function isOn(kind: Uint8Array, detail: Uint32Array, row: number, keys: ReadonlySet<number>): boolean {
  return kind[row] === f.OP_LINE_AT && keys.has(detail[row] ?? -1);
}

function holds(code: CodeObjectWrapper, line: number): boolean {
  return code.fields.firstLine === line || code.lineTable.lines().includes(line);
}

function parameterCount({ fields }: CodeObjectWrapper): number {
  const { argumentCount, keywordOnlyCount, flags } = fields;
  const stars = Number((flags & CodeFlag.VARARGS) !== 0) + Number((flags & CodeFlag.VARKEYWORDS) !== 0);
  return argumentCount + keywordOnlyCount + stars;
}
