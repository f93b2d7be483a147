// Numbers that a client hands back later: stack frames, scopes and objects, each at its own moment.
// A number is never reused in a session, so an old one still means what it meant, or, after many more, nothing.
import type { Moment } from "../travel/timeTravel.ts";

/** A stack frame at a moment. */
export interface FrameHandle {
  readonly moment: Moment;
  readonly thread: number;
  readonly frame: number;
  /** Made while the program stood still at this moment: what the debugger changes there it sees too. */
  readonly isLive: boolean;
}

export type ScopeKind = "locals" | "closure" | "globals" | "returnValue";

/** What can be expanded in the variables view. `root` is the frame in which the path to it starts. */
export type Expandable =
  | { readonly kind: ScopeKind; readonly moment: Moment; readonly root: number }
  | {
      readonly kind: "object";
      readonly moment: Moment;
      readonly root: number;
      readonly object: number;
      /** An expression that leads to it in `root`, where there is one. */
      readonly path: string | undefined;
    }
  /** The elements of an array under some leading indices; `path` leads to the array. */
  | {
      readonly kind: "row";
      readonly moment: Moment;
      readonly root: number;
      readonly object: number;
      readonly path: string | undefined;
      readonly indices: readonly number[];
    }
  /** The variables of a generator's suspended frame. */
  | { readonly kind: "frame"; readonly moment: Moment; readonly root: number; readonly frame: number };

/** Where a variable is declared, or its value made: a child of `reference` by its name. */
export interface LocationHandle {
  readonly what: "declaration" | "value";
  readonly reference: number;
  readonly name: string;
}

/** Of each kind so many are kept at the most, and the half that was given last at the least. Each takes about a kilobyte. */
export const MOST_HANDLES = 100_000;

interface Generation<T> {
  readonly numbers: Map<string, number>;
  readonly things: Map<number, T>;
}

function newGeneration<T>(): Generation<T> {
  return { numbers: new Map(), things: new Map() };
}

/** The same thing keeps its number as long as it is kept; another thing never gets it. */
class NumberedThings<T> {
  #young = newGeneration<T>();
  #old = newGeneration<T>();
  #last = 0;

  numberOf(key: string, thing: T): number {
    const known = this.#young.numbers.get(key);
    if (known !== undefined) return known;
    if (this.#young.numbers.size === MOST_HANDLES / 2) {
      this.#old = this.#young;
      this.#young = newGeneration();
    }
    // Who is given an old number may ask for it for as long as for a new one.
    const number = this.#old.numbers.get(key) ?? ++this.#last;
    this.#young.numbers.set(key, number);
    this.#young.things.set(number, thing);
    return number;
  }

  get(number: number): T | undefined {
    return this.#young.things.get(number) ?? this.#old.things.get(number);
  }
}

function keyOf(thing: Expandable): string {
  switch (thing.kind) {
    case "object":
      return String(thing.object);
    case "row":
      return [thing.object, ...thing.indices].join(",");
    case "frame":
      return String(thing.frame);
    default:
      return "";
  }
}

function momentKey(moment: Moment): string {
  return `${moment.step}.${moment.event}`;
}

export class Handles {
  readonly #frames = new NumberedThings<FrameHandle>();
  readonly #expandables = new NumberedThings<Expandable>();
  readonly #targets = new NumberedThings<Moment>();
  readonly #locations = new NumberedThings<LocationHandle>();

  frameId(handle: FrameHandle): number {
    return this.#frames.numberOf(
      `${momentKey(handle.moment)} ${handle.thread} ${handle.frame} ${handle.isLive}`,
      handle,
    );
  }

  frame(id: number): FrameHandle | undefined {
    return this.#frames.get(id);
  }

  /** `variablesReference` of a thing; an object that is met twice in a frame at a moment has one number. */
  reference(thing: Expandable): number {
    const which = keyOf(thing);
    return this.#expandables.numberOf(`${momentKey(thing.moment)} ${thing.root} ${thing.kind} ${which}`, thing);
  }

  expandable(reference: number): Expandable | undefined {
    return this.#expandables.get(reference);
  }

  locationId(handle: LocationHandle): number {
    return this.#locations.numberOf(`${handle.what} ${handle.reference} ${handle.name}`, handle);
  }

  location(id: number): LocationHandle | undefined {
    return this.#locations.get(id);
  }

  /** Target of a `goto`. */
  targetId(moment: Moment): number {
    return this.#targets.numberOf(momentKey(moment), moment);
  }

  target(id: number): Moment | undefined {
    return this.#targets.get(id);
  }
}
