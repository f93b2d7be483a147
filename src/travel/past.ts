// Questions about what happened when, beyond where a movement ends: the answers behind the requests of
// `protocol/historyRequests.ts`. Event numbers count all events of a recording; the state at one is the state after it.
import { variablesByLine } from "../python/lineVariables.ts";
import { type Call, Calls } from "./calls.ts";
import { Declarations } from "./declarations.ts";
import { classNames } from "./classNames.ts";
import { Exceptions, type RaisedException } from "./exceptions.ts";
import { minorVersion } from "./evaluate/environment.ts";
import { ExpressionHistory } from "./expressionHistory.ts";
import type { History } from "./history.ts";
import { type Holder, type ObjectChange, ObjectLives } from "./objectLives.ts";
import { valueOfPlace } from "./objectWrites.ts";
import { OperandValues } from "./operandValues.ts";
import { type Hop, Origins } from "./origin.ts";
import { PlaceWrites, type Write } from "./placeWrites.ts";
import type { Place } from "./places.ts";
import { type Site, Sites } from "./sites.ts";
import { type Task, Tasks } from "./tasks.ts";
import type { FrameView, Moment, Value } from "./timeTravel.ts";
import type { Views } from "./views.ts";
import { type Reason, Why } from "./why.ts";

/** A part of a long answer; `next` is where the rest begins. */
export interface Page<T> {
  readonly entries: readonly T[];
  readonly next: number | undefined;
}

/** A step on a line, with the frame that made it. */
export interface Execution {
  readonly site: Site;
  readonly frame: number;
}

/** All methods are total, like those of `TimeTravel`. */
export class Past {
  readonly isUncaught: (value: Value) => boolean;
  readonly #history: History;
  readonly #views: Views;
  readonly #sites: Sites;
  readonly #writes: PlaceWrites;
  readonly #values: OperandValues;
  readonly #origins: Origins;
  readonly #calls: Calls;
  readonly #exceptions: Exceptions;
  readonly #lives: ObjectLives;
  readonly #why: Why;
  readonly #tasks: Tasks;
  readonly #expressions: ExpressionHistory;
  readonly #declarations: Declarations;

  /** `isUncaught` says whether an exception ended a thread or the program. */
  constructor(history: History, views: Views, isUncaught: (value: Value) => boolean) {
    this.#history = history;
    this.#views = views;
    this.isUncaught = isUncaught;
    this.#sites = new Sites(history, views);
    this.#writes = new PlaceWrites(history, views, this.#sites);
    this.#values = new OperandValues(history, views);
    this.#calls = new Calls(history, views, this.#sites);
    this.#exceptions = new Exceptions(history, views, this.#sites);
    this.#lives = new ObjectLives(history, views, this.#sites);
    this.#why = new Why(history, this.#sites, this.#values, this.#exceptions);
    this.#tasks = new Tasks(history, views);
    this.#expressions = new ExpressionHistory(history, views, this.#sites, this.#writes);
    this.#declarations = new Declarations(history, views, this.#values);
    this.#origins = new Origins(history, views, this.#sites, this.#writes, this.#values);
  }

  /** Writes of a place, newest first, from the moment back; `from` is `next` of the page before. */
  writes(moment: Moment, place: Place, from: number | undefined, count: number): Page<Write> {
    const event = from ?? this.#history.eventOf(moment);
    return pageOf(this.#writes.upTo(event, place), count, (write) => write.event);
  }

  /** Values that an expression took in a frame, newest first; each `Write` is what changed it. */
  expressionWrites(moment: Moment, frame: number, text: string, from: number | undefined, count: number): Page<Write> {
    const event = from ?? this.#history.eventOf(moment);
    return pageOf(this.#expressions.upTo(event, frame, text), count, (write) => write.event);
  }

  lastWrite(moment: Moment, place: Place): Write | undefined {
    return this.#writes.last(this.#history.eventOf(moment), place);
  }

  /** The hops that the value at a place came by, newest first. */
  origin(moment: Moment, place: Place, count: number): readonly Hop[] {
    return this.#origins.of(this.#history.eventOf(moment), place, count);
  }

  /** The same of the value that is returned at the moment, which must be one of a RETURN. */
  originOfReturn(moment: Moment, count: number): readonly Hop[] {
    return this.#origins.ofReturn(this.#history.eventOf(moment), count);
  }

  /** Where an attribute is read from, its object's class included, with what it holds. */
  attribute(
    moment: Moment,
    frame: number,
    of: Value,
    name: string,
  ): { readonly place: Place; readonly value: Value | undefined } | undefined {
    const event = this.#history.eventOf(moment);
    const place = this.#values.attributePlace(of, name, { frame, event, begin: event });
    if (place === undefined || place.kind === "variable") return undefined;
    return { place, value: valueOfPlace(this.#history, place, event) };
  }

  /** Undefined for a frame whose call was not recorded. */
  call(frame: number): Call | undefined {
    return this.#calls.of(frame);
  }

  /** Qualified name of the frame's function; empty when its call was not recorded. */
  nameOf(frame: number): string {
    return this.#calls.codeOf(frame)?.fields.qualifiedName ?? "";
  }

  /** Names of own variables that a frame's code works on, by line. */
  variablesByLine(frame: number): ReadonlyMap<number, ReadonlySet<string>> {
    const code = this.#calls.codeOf(frame);
    return code === undefined ? new Map() : variablesByLine(code, minorVersion(this.#history.recording.meta.python));
  }

  /** Frames of the calls that a call made, of 0 the outermost ones; in the order of their calls. */
  childrenOf(frame: number): readonly number[] {
    return this.#calls.childrenOf(frame);
  }

  /** The same at any depth. */
  callsBelow(frame: number): readonly number[] {
    return this.#calls.below(frame);
  }

  /** The calls that stand on the stack of the moment's thread, outermost first. */
  callPath(moment: Moment): readonly number[] {
    const event = this.#history.eventOf(moment);
    const top = this.#history.stack(event, this.#history.threadIndexAt(event)).at(-1);
    return top === undefined ? [] : this.#calls.pathTo(top.frame);
  }

  /** Frames of all calls of the function that holds the line. */
  callsAt(files: readonly string[], line: number): readonly number[] {
    const codes = new Set(files.flatMap((file) => [...this.#calls.codesAt(file, line)]));
    return this.#calls.framesOf(codes);
  }

  /** Steps on a line in time order; with `isBackward` newest first. `from` is `next` of the page before. */
  stepsOn(file: string, line: number, from: number | undefined, isBackward: boolean, count: number): Page<Execution> {
    const begin = isBackward ? (from === undefined ? this.#history.lastEvent : from) + 1 : (from ?? 0) - 1;
    const page = pageOf(this.#calls.stepsOn(file, line, begin, isBackward), count, (event) => event);
    return {
      entries: page.entries.map((event) => ({ site: this.#sites.atLine(event), frame: this.#sites.frameAt(event) })),
      next: page.next,
    };
  }

  countOn(file: string, line: number): number {
    return this.#calls.countOn(file, line);
  }

  /** Exceptions in the order in which they were raised, where they began. */
  exceptions(from: number | undefined, count: number, test: (one: RaisedException) => boolean): Page<RaisedException> {
    const fitting = filtered(this.#exceptions.from(from ?? 0), test);
    return pageOf(fitting, count, ({ event }) => event);
  }

  /** Names of an object's class and of its bases at a moment: `module.qualname`, and `qualname` alone for builtins. */
  classNames(moment: Moment, value: Value): readonly string[] {
    return classNames(this.#history, this.#views, this.#history.eventOf(moment), value);
  }

  /** Why a line of the frame's function did not run in this call. */
  why(moment: Moment, frame: number, line: number): Reason {
    return this.#why.of(this.#history.eventOf(moment), frame, line);
  }

  /** Changes of an object, newest first, from the moment back. */
  changes(moment: Moment, object: number, from: number | undefined, count: number): Page<ObjectChange> {
    const event = from ?? this.#history.eventOf(moment);
    return pageOf(this.#lives.changes(object, event), count, (change) => change.event);
  }

  holders(moment: Moment, object: number): { readonly holders: readonly Holder[]; readonly isComplete: boolean } {
    return this.#lives.holders(this.#history.eventOf(moment), object);
  }

  life(object: number): { readonly created: Site | undefined; readonly died: Site | undefined } {
    return { created: this.#lives.created(object), died: this.#lives.died(object) };
  }

  /** Coroutines that the event loop runs, with those that they await. */
  tasks(moment: Moment): readonly Task[] {
    return this.#tasks.at(this.#history.eventOf(moment));
  }

  /** Where a function, a class or a generator is defined; undefined for other values. */
  definitionOf(moment: Moment, value: Value): FrameView | undefined {
    return this.#declarations.ofValue(this.#history.eventOf(moment), value);
  }

  /** Where a variable of a frame is bound first, in the order of the text. */
  declarationOf(moment: Moment, place: Extract<Place, { readonly kind: "variable" }>): FrameView | undefined {
    return this.#declarations.ofVariable(this.#history.eventOf(moment), place.frame, place.name);
  }

  /** The line that made a moment. */
  siteOf(moment: Moment): Site {
    return this.#sites.of(this.#history.eventOf(moment));
  }

  momentOf(event: number): Moment {
    return this.#history.momentOf(event);
  }
}

/** Takes `count` entries; the event of the next one is where the rest begins. */
function pageOf<T>(entries: Iterable<T>, count: number, eventOf: (entry: T) => number): Page<T> {
  const taken: T[] = [];
  for (const entry of entries) {
    if (taken.length === count) return { entries: taken, next: eventOf(entry) };
    taken.push(entry);
  }
  return { entries: taken, next: undefined };
}

function* filtered<T>(entries: Iterable<T>, test: (entry: T) => boolean): Generator<T> {
  for (const entry of entries) if (test(entry)) yield entry;
}
