// What does an expression see? Names of one frame and objects, at one moment.
import { PrintableCharacters } from "../../python/printable.ts";
import type { Moment, ObjectView, ScopesView, TimeTravel, Value } from "../timeTravel.ts";

export type NameLookup =
  | { readonly kind: "value"; readonly value: Value }
  /** A variable of the frame without a value. */
  | { readonly kind: "unbound"; readonly isFree: boolean }
  /** A variable of the frame without a value, or of a comprehension in it, and then the global. */
  | { readonly kind: "ambiguous" }
  /** Neither a variable of the frame nor a global: a builtin, or nothing. */
  | { readonly kind: "absent" }
  | { readonly kind: "notRecorded"; readonly reason: string };

export interface Environment {
  /** Minor version of the Python 3 that was recorded. */
  readonly minor: number;
  readonly printable: PrintableCharacters;
  name(name: string): NameLookup;
  objectAt(object: number): ObjectView | undefined;
  /** A number for an object that the evaluation made; negative, never given twice. */
  nextObject(): number;
}

/** Minor version of "3.12.1"; the oldest that is recorded when it cannot be read. */
export function minorVersion(python: string): number {
  const minor = Number(python.split(".")[1]);
  return Number.isSafeInteger(minor) ? minor : 9;
}

/** Parts of an environment that are the same for all moments of a recording: make them once. */
export interface EnvironmentParts {
  readonly printable?: PrintableCharacters;
  readonly nextObject?: () => number;
}

/** Undefined when the frame was never recorded. */
export function environmentAt(
  travel: TimeTravel,
  moment: Moment,
  frame: number,
  parts: EnvironmentParts = {},
): Environment | undefined {
  const scopes = travel.scopesAt(moment, frame);
  if (scopes === undefined) return undefined;
  return scopesEnvironment(scopes, (object) => travel.objectAt(moment, object), travel.summary.python, parts);
}

export function scopesEnvironment(
  scopes: ScopesView,
  objectAt: (object: number) => ObjectView | undefined,
  python: string,
  parts: EnvironmentParts = {},
): Environment {
  const minor = minorVersion(python);
  let made = 0;
  let printable = parts.printable;
  return {
    minor,
    get printable() {
      printable ??= new PrintableCharacters(minor);
      return printable;
    },
    name: (name) => lookUp(scopes, objectAt, name, minor),
    objectAt,
    nextObject: parts.nextObject ?? (() => --made),
  };
}

function lookUp(
  scopes: ScopesView,
  objectAt: (object: number) => ObjectView | undefined,
  name: string,
  minor: number,
): NameLookup {
  if (!scopes.localsAreGlobals) {
    const local = scopes.locals.find((one) => one.name === name);
    if (local !== undefined) return bound(local.value, false);
    const free = scopes.closure.find((one) => one.name === name);
    if (free !== undefined) return bound(free.value, true);
    const unbound = scopes.unbound.find((one) => one.name === name);
    if (unbound !== undefined) return unboundOr(unbound, globalName(objectAt(scopes.globals), name), minor);
  }
  if (scopes.globals === 0) return { kind: "notRecorded", reason: "the globals of this frame" };
  return globalName(objectAt(scopes.globals), name);
}

/** From 3.12 on a comprehension's variables are variables of the frame too, but only while it runs. */
function unboundOr({ isFree }: { readonly isFree: boolean }, global: NameLookup, minor: number): NameLookup {
  return minor >= 12 && !isFree && global.kind !== "absent" ? { kind: "ambiguous" } : { kind: "unbound", isFree };
}

function bound(value: Value, isFree: boolean): NameLookup {
  return value.kind === "unbound" ? { kind: "unbound", isFree } : { kind: "value", value };
}

function globalName(view: ObjectView | undefined, name: string): NameLookup {
  if (view === undefined) return { kind: "notRecorded", reason: "the globals of this frame" };
  const { completeness } = view;
  if (completeness.kind === "notRecorded")
    return { kind: "notRecorded", reason: `the globals since step ${completeness.sinceStep}: ${completeness.reason}` };
  const found = view.entries.find(([key]) => key.kind === "str" && key.text === name);
  if (found !== undefined) return { kind: "value", value: found[1] };
  if (completeness.kind === "truncated")
    return { kind: "notRecorded", reason: `${name} may be one of the globals that were left out` };
  return { kind: "absent" };
}

/** Names of the frame's variables and globals that have a value. */
export function namesInScope(
  scopes: ScopesView,
  objectAt: (object: number) => ObjectView | undefined,
): readonly string[] {
  const variables = scopes.localsAreGlobals ? [] : [...scopes.locals, ...scopes.closure];
  const globals = scopes.globals === 0 ? [] : (objectAt(scopes.globals)?.entries ?? []);
  return [
    ...variables.filter(({ value }) => value.kind !== "unbound").map(({ name }) => name),
    ...globals.flatMap(([key]) => (key.kind === "str" ? [key.text] : [])),
  ];
}
