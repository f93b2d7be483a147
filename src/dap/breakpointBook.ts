// Which breakpoints has the user set, and where do they stand? Each is verified, moved to the next line with code, or
// told why not; and each is given in the words of those who look for it: the recording and the running program.
import { readFileSync } from "node:fs";
import type { BreakpointOrder, BreakpointTarget } from "../protocol/controlChannel.ts";
import { parseLogMessage } from "../travel/breakpoints/logMessage.ts";
import type { Breakpoint, BreakpointPlace, Breakpoints, LogPoint, Value } from "../travel/timeTravel.ts";
import type { BreakpointSettings } from "./breakpointSettings.ts";
import { noCode, type CodeLines, type Verdict, judgeLine, pending } from "./lineVerdict.ts";
import { fileKey, type Sources } from "./sources.ts";
import type { BreakpointReason } from "./stops.ts";

/** `return`: where the function that the line belongs to returns. */
export type SourceMode = "line" | "return";

/** A breakpoint of a source as the user set it, and what became of it. Lines count from 1. */
export interface SourceBreakpoint extends Verdict {
  readonly id: number;
  readonly wantedLine: number;
  readonly mode: SourceMode;
  readonly settings: BreakpointSettings;
}

export interface WantedLine {
  readonly line: number;
  readonly mode: SourceMode;
  readonly settings: BreakpointSettings;
}

/** A breakpoint without a line: on a function, an exception, a change. */
export interface OtherBreakpoint {
  readonly id: number;
  readonly place: BreakpointPlace;
  readonly settings: BreakpointSettings;
}

export type OtherKind = "function" | "exception" | "data";

interface FileBreakpoints {
  readonly file: string;
  readonly breakpoints: readonly SourceBreakpoint[];
}

export class BreakpointBook {
  readonly #files = new Map<string, FileBreakpoints>();
  readonly #others = new Map<OtherKind, readonly OtherBreakpoint[]>();
  readonly #ids = new Map<string, number>();
  /** What the recording was asked with: the same breakpoint stays the same object, and what was found for it is kept. */
  #made = new Map<string, Breakpoint | LogPoint>();

  /** Replaces the breakpoints of a file. `code`: undefined while nobody can say where its code is. */
  replace(
    file: string,
    wanted: readonly WantedLine[],
    code: CodeLines | undefined,
    text: readonly string[] | undefined,
  ): readonly SourceBreakpoint[] {
    const breakpoints = wanted.map(({ line, mode, settings }): SourceBreakpoint => {
      const id = this.#idOf(`${mode} ${fileKey(file, "/")} ${line}`);
      const place = { id, wantedLine: line, mode, settings };
      if (settings.problem !== undefined) return { ...place, ...noCode(settings.problem) };
      return { ...place, ...(code === undefined ? pending(line) : judgeLine(line, code, text)) };
    });
    this.#files.set(file, { file, breakpoints });
    return breakpoints;
  }

  /** Replaces all breakpoints of a kind. */
  replaceOthers(
    kind: OtherKind,
    wanted: readonly { readonly place: BreakpointPlace; readonly settings: BreakpointSettings }[],
  ): readonly OtherBreakpoint[] {
    const breakpoints = wanted.map(({ place, settings }) => {
      const { types: _, ...key } = { types: undefined, ...place };
      return { id: this.#idOf(JSON.stringify(key)), place, settings };
    });
    this.#others.set(kind, breakpoints);
    return breakpoints;
  }

  others(kind: OtherKind): readonly OtherBreakpoint[] {
    return this.#others.get(kind) ?? [];
  }

  /** Files whose breakpoints could not be judged yet. */
  unjudgedFiles(): readonly FileBreakpoints[] {
    return [...this.#files.values()].filter((one) => one.breakpoints.some(isPending));
  }

  /** Where a breakpoint of a source stands; undefined for one without a line. */
  placeOf(id: number): { readonly file: string; readonly line: number } | undefined {
    for (const { file, breakpoints } of this.#files.values()) {
      const line = breakpoints.find((one) => one.id === id)?.line;
      if (line !== undefined) return { file, line };
    }
    return undefined;
  }

  /** What a stop at these is called. */
  reasonOf(ids: readonly number[]): BreakpointReason {
    const holds = (kind: OtherKind): boolean => this.others(kind).some(({ id }) => ids.includes(id));
    if ([...this.#files.values()].some(({ breakpoints }) => breakpoints.some(({ id }) => ids.includes(id))))
      return "breakpoint";
    if (holds("data")) return "data breakpoint";
    return holds("function") ? "function breakpoint" : "breakpoint";
  }

  /** For Python. */
  orders(): readonly BreakpointOrder[] {
    const lines = this.#standing().map((one): BreakpointOrder => {
      const kind = one.mode === "line" ? "line" : "returnAt";
      return order(one.id, { kind, file: one.file, line: one.line }, one.settings);
    });
    return [...lines, ...this.#allOthers().flatMap(({ id, place, settings }) => orderOf(id, place, settings))];
  }

  /** For travelling: under the names that the recording has for the files. */
  breakpoints(sources: Sources): { readonly stops: Breakpoints; readonly logs: readonly LogPoint[] } {
    const made = new Map<string, Breakpoint | LogPoint>();
    const add = (
      id: number,
      place: BreakpointPlace,
      { condition, hitCondition, message }: BreakpointSettings,
    ): void => {
      const fresh = { id, place, condition, hitCondition, ...(message === undefined ? {} : { message }) };
      const key = JSON.stringify(fresh, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
      made.set(key, this.#made.get(key) ?? fresh);
    };
    const names = new Map<string, readonly string[]>();
    for (const { file, id, line, mode, settings } of this.#standing()) {
      const known = names.get(file) ?? sources.recordedNames(file);
      names.set(file, known);
      for (const name of known) add(id, { kind: mode === "line" ? "line" : "returnAt", file: name, line }, settings);
    }
    for (const { id, place, settings } of this.#allOthers()) add(id, place, settings);
    this.#made = made;
    const all = [...made.values()];
    return { stops: all.filter((one) => !isLogPoint(one)), logs: all.filter(isLogPoint) };
  }

  #allOthers(): readonly OtherBreakpoint[] {
    return [...this.#others.values()].flat().filter(({ settings }) => settings.problem === undefined);
  }

  #standing(): readonly (SourceBreakpoint & { readonly file: string; readonly line: number })[] {
    return [...this.#files.values()].flatMap(({ file, breakpoints }) =>
      breakpoints.flatMap((one) => (one.line === undefined ? [] : [{ ...one, file, line: one.line }])),
    );
  }

  #idOf(key: string): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#ids.set(key, this.#ids.size + 1);
    return this.#ids.size;
  }
}

function isLogPoint(breakpoint: Breakpoint | LogPoint): breakpoint is LogPoint {
  return "message" in breakpoint;
}

function isPending(breakpoint: SourceBreakpoint): boolean {
  return breakpoint.line !== undefined && !breakpoint.isVerified;
}

/** None for what only the recording can watch. */
function orderOf(id: number, place: BreakpointPlace, settings: BreakpointSettings): readonly BreakpointOrder[] {
  switch (place.kind) {
    case "exception":
      return [order(id, { kind: "exception", when: place.when, types: place.types ?? null }, settings)];
    case "data": {
      const { target } = place;
      if (target.kind === "variable") return [order(id, target, settings)];
      const part = target.kind === "attribute" ? target.name : target.kind === "item" ? partOf(target.key) : null;
      return [order(id, { kind: "object", object: target.object, part }, settings)];
    }
    default:
      return [order(id, place, settings)];
  }
}

/** Python looks at every change of an object whose key is neither a text nor an index. */
function partOf(key: Value): string | number | null {
  if (key.kind === "str" && !key.truncated) return key.text;
  return key.kind === "int" && typeof key.value === "number" ? key.value : null;
}

function order(
  id: number,
  target: BreakpointTarget,
  { condition, hitCondition, message }: BreakpointSettings,
): BreakpointOrder {
  const parts = message === undefined ? null : parseLogMessage(message);
  return {
    id,
    target,
    condition: condition ?? null,
    hitCondition: hitCondition ?? null,
    message: parts?.map((part) => (part.kind === "text" ? part.text : ([part.expression] as const))) ?? null,
  };
}

/** Lines of a file on disk; undefined when it cannot be read. */
export function linesOnDisk(file: string): readonly string[] | undefined {
  try {
    return readFileSync(file, "utf8").split(/\r\n|\r|\n/u);
  } catch {
    return undefined;
  }
}
