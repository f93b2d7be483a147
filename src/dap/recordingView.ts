// What a client sees of a recording at a moment: stack, scopes, variables, sources, exceptions.
// Answers depend only on the recording and on the moment that a handle names, never on what is current.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { NotIndexedYet } from "../base/errors.ts";
import { namesInScope, scopesEnvironment, type Environment } from "../travel/evaluate/environment.ts";
import { evaluate, type Compiled, type Outcome } from "../travel/evaluate/evaluate.ts";
import type { FrameView, Moment, ScopesView, TimeTravel, Value } from "../travel/timeTravel.ts";
import { ChildrenFinder, countChildren, hasChildren, type Child, type Children } from "./children.ts";
import { ComputedObjects } from "./computedObjects.ts";
import { Handles, type Expandable, type FrameHandle, type LocationHandle, type ScopeKind } from "./handles.ts";
import { utf16Offset } from "./presentation/columns.ts";
import type { JsonReader } from "./jsonReader.ts";
import { MomentValues } from "./presentation/momentValues.ts";
import { cutMark, notRecordedText, typeName, valueText, type ValueSource } from "./presentation/valueText.ts";
import { isBefore, isSame } from "./moments.ts";
import { Sources } from "./sources.ts";
import { userError } from "./userErrors.ts";

/** How the client counts, from its `initialize` request. */
export interface ClientCounting {
  readonly firstLine: 0 | 1;
  readonly firstColumn: 0 | 1;
}

export interface Page {
  readonly filter: "indexed" | "named" | undefined;
  readonly start: number;
  /** 0 means all. */
  readonly count: number;
}

/** A value as DAP shows it, for `evaluate` and for variables. */
export interface ShownValue {
  readonly text: string;
  readonly type: string | undefined;
  readonly reference: number;
  readonly named: number;
  readonly indexed: number;
}

/** Stands for what needs the index, which is being made. */
export const beingIndexed = "… (the recording is being indexed)";

const NOT_COUNTED = -1;

function slice<T>(items: readonly T[], page: Page): readonly T[] {
  return page.count === 0 ? items.slice(page.start) : items.slice(page.start, page.start + page.count);
}

function laterVariable(name: string): DebugProtocol.Variable {
  return {
    name,
    value: beingIndexed,
    variablesReference: 0,
    presentationHint: { kind: "virtual", attributes: ["readOnly"] },
  };
}

const laterChildren: Children = { named: [{ kind: "text", name: cutMark, text: beingIndexed }], indexed: [] };

export class RecordingView {
  readonly travel: TimeTravel;
  readonly sources: Sources;
  readonly #handles = new Handles();
  readonly #values: MomentValues;
  readonly #computed = new ComputedObjects();
  readonly #counting: ClientCounting;
  readonly #extendedStops: { readonly from: Moment; to: Moment }[] = [];
  readonly #asksAgain: () => boolean;
  /** Whether something was shown of which only the index knows what it is. */
  isIncomplete = false;

  /** `asksAgain`: whether the client asks for variables again when the recording is indexed. */
  constructor(travel: TimeTravel, counting: ClientCounting, asksAgain: () => boolean = () => false) {
    this.#asksAgain = asksAgain;
    this.travel = travel;
    this.sources = new Sources(travel);
    this.#values = new MomentValues(travel);
    this.#counting = counting;
  }

  /** The beginning of a bounded recording goes while it is recorded: nothing else may be shown in its place. */
  requireKept(moment: Moment): void {
    const { first } = this.travel;
    if (isBefore(moment, first)) throw userError("momentDropped", { step: moment.step, first: first.step });
    // Indexing may find that the end of a damaged recording cannot be used.
    const { step, event } = moment;
    const { last } = this.travel;
    if (isBefore(last, moment))
      throw userError("outsideHistory", { step, event: ` with event ${event}`, first: first.step, last: last.step });
  }

  /** `instead` when the index has to be there first, and the client will ask again then; undefined: that is an error. */
  orLater<Shown>(show: () => Shown, instead: Shown | undefined): Shown {
    try {
      return show();
    } catch (error) {
      if (!(error instanceof NotIndexedYet) || instead === undefined || !this.#asksAgain()) throw error;
      this.isIncomplete = true;
      return instead;
    }
  }

  #at(moment: Moment): ValueSource {
    this.requireKept(moment);
    return this.#computed.over(this.#values.at(moment));
  }

  // Threads and stack.

  /** Those alive at the moment; `current` stays in the list after its end, which is where a program is looked at. */
  threads(moment: Moment, current: number): readonly DebugProtocol.Thread[] {
    return this.travel
      .threadsAt(moment)
      .filter((one) => one.alive || one.thread === current)
      .map((one) => ({ id: one.thread, name: one.alive ? one.name : `${one.name} (not running at this moment)` }));
  }

  stack(
    moment: Moment,
    thread: number,
    start: number,
    levels: number,
    isLive: boolean,
  ): { readonly stackFrames: readonly DebugProtocol.StackFrame[]; readonly totalFrames: number } {
    this.requireKept(moment);
    const frames = this.travel.stackAt(moment, thread);
    const wanted = levels === 0 ? frames.slice(start) : frames.slice(start, start + levels);
    return {
      stackFrames: wanted.map((frame) => this.#stackFrame(frame, { moment, thread, frame: frame.frame, isLive })),
      totalFrames: frames.length,
    };
  }

  #stackFrame(frame: FrameView, handle: FrameHandle): DebugProtocol.StackFrame {
    const { column = 0, ...place } = this.placeOf(frame);
    return {
      id: this.#handles.frameId(handle),
      name: frame.name,
      ...place,
      column,
      canRestart: true,
      ...(frame.module === undefined ? {} : { moduleId: frame.module }),
    };
  }

  /** A frame by itself, also one that is suspended. */
  stackFrameOf(moment: Moment, thread: number, frame: FrameView): DebugProtocol.StackFrame {
    return this.#stackFrame(frame, { moment, thread, frame: frame.frame, isLive: false });
  }

  /** Where the frame stands, as the client counts. */
  placeOf(frame: FrameView): Pick<DebugProtocol.StackFrame, "line" | "endLine" | "endColumn"> & {
    readonly source: DebugProtocol.Source;
    readonly column?: number;
  } {
    const { firstLine, firstColumn } = this.#counting;
    const { line, endLine, column, endColumn } = frame.position;
    const shown = { source: this.sources.sourceFor(frame.file, frame.source), line: line - 1 + firstLine };
    if (column === undefined || endColumn === undefined)
      return column === undefined ? shown : { ...shown, column: firstColumn };
    return {
      ...shown,
      column: this.#column(frame.source, line, column) + firstColumn,
      endLine: endLine - 1 + firstLine,
      endColumn: this.#column(frame.source, endLine, endColumn) + firstColumn,
    };
  }

  /** Zero-based UTF-16 column; without the line's text the bytes are taken as characters. */
  #column(source: number, line: number, byteOffset: number): number {
    const text = source === 0 ? undefined : this.sources.line(source, line);
    return text === undefined ? byteOffset : utf16Offset(text, byteOffset);
  }

  frame(id: number): FrameHandle {
    const handle = this.#handles.frame(id);
    if (handle === undefined) throw userError("unknownFrame", { id });
    this.requireKept(handle.moment);
    return handle.isLive ? { ...handle, moment: this.settled(handle.moment) } : handle;
  }

  /**
   * What the debugger itself changed while the program stood still belongs to that stop: handles made at `from`
   * (or in between) are answered for `to` from now on.
   */
  extendStop(from: Moment, to: Moment): void {
    const stop = this.#extendedStops.find((one) => isSame(one.from, from));
    if (stop === undefined) this.#extendedStops.push({ from, to });
    else stop.to = to;
  }

  /** The newest moment of the stop that a moment belongs to. */
  settled(moment: Moment): Moment {
    return this.#extendedStops.find(({ from, to }) => !isBefore(moment, from) && isBefore(moment, to))?.to ?? moment;
  }

  // Scopes and variables.

  /** What a `variablesReference` stands for. */
  thing(reference: number): Expandable {
    const thing = this.#handles.expandable(reference);
    if (thing === undefined) throw userError("unknownReference", { id: reference });
    this.requireKept(thing.moment);
    return thing;
  }

  valuesAt(moment: Moment): ValueSource {
    return this.#at(moment);
  }

  scopes(frameId: number): readonly DebugProtocol.Scope[] {
    const { moment, frame } = this.frame(frameId);
    const scopes = this.orLater<Pick<ScopesView, "returnValue" | "closure"> | undefined>(
      () => this.travel.scopesAt(moment, frame),
      { returnValue: undefined, closure: [] },
    );
    if (scopes === undefined) return [];
    return [
      ...(scopes.returnValue === undefined ? [] : [this.#scope("Return value", "returnValue", moment, frame)]),
      this.#scope("Locals", "locals", moment, frame),
      ...(scopes.closure.length === 0 ? [] : [this.#scope("Closure", "closure", moment, frame)]),
      this.#scope("Globals", "globals", moment, frame),
    ];
  }

  #scope(name: string, kind: ScopeKind, moment: Moment, root: number): DebugProtocol.Scope {
    const thing: Expandable = { kind, moment, root };
    // Globals are many, and most of them old: nobody counts them before there is an index.
    const isCounted = kind !== "globals" || this.travel.isIndexed;
    const namedVariables = isCounted
      ? this.orLater(() => this.#children(thing).named.length, NOT_COUNTED)
      : NOT_COUNTED;
    return {
      name,
      variablesReference: this.#handles.reference(thing),
      ...(namedVariables === NOT_COUNTED ? {} : { namedVariables }),
      expensive: false,
      ...(kind === "locals" || kind === "returnValue" ? { presentationHint: kind } : {}),
    };
  }

  #children(thing: Expandable): Children {
    return new ChildrenFinder(this.travel, thing.moment, this.#at(thing.moment)).childrenOf(thing);
  }

  /** `mayBeLater`: what needs the index says so, when the client will ask again. */
  variables(
    reference: number,
    page: Page,
    isPast: (moment: Moment) => boolean,
    mayBeLater = false,
  ): readonly DebugProtocol.Variable[] {
    const thing = this.thing(reference);
    const source = this.#at(thing.moment);
    const finder = new ChildrenFinder(this.travel, thing.moment, source);
    const { named, indexed } = this.orLater(() => finder.childrenOf(thing), mayBeLater ? laterChildren : undefined);
    const wanted = page.filter === "named" ? named : page.filter === "indexed" ? indexed : [...named, ...indexed];
    const readOnly = isPast(thing.moment);
    return slice(wanted, page).map((child) =>
      this.orLater(
        () => this.#variable(child, thing, source, readOnly, mayBeLater),
        mayBeLater ? laterVariable(child.name) : undefined,
      ),
    );
  }

  #variable(
    child: Child,
    parent: Expandable,
    source: ValueSource,
    readOnly: boolean,
    mayBeLater: boolean,
  ): DebugProtocol.Variable {
    const hint = readOnly ? { presentationHint: { attributes: ["readOnly"] } } : {};
    switch (child.kind) {
      case "text":
        return {
          name: child.name,
          value: child.text,
          variablesReference: 0,
          presentationHint: { kind: "virtual", attributes: ["readOnly"] },
        };
      case "frame": {
        const { moment, root } = parent;
        const reference = this.#handles.reference({ kind: "frame", moment, root, frame: child.frame });
        return { name: child.name, value: child.text, variablesReference: reference, ...hint };
      }
      case "row": {
        const { moment, root } = parent;
        const { object, path, indices } = child;
        const reference = this.#handles.reference({ kind: "row", moment, root, object, path, indices });
        return {
          name: child.name,
          value: child.text,
          variablesReference: reference,
          indexedVariables: child.length,
          ...hint,
        };
      }
      case "value": {
        const shown = this.#shown(child.value, parent.moment, parent.root, child.path, source, { mayBeLater });
        return {
          name: child.name,
          value: shown.text,
          variablesReference: shown.reference,
          ...(shown.type === undefined ? {} : { type: shown.type }),
          ...(shown.named > 0 ? { namedVariables: shown.named } : {}),
          ...(shown.indexed > 0 ? { indexedVariables: shown.indexed } : {}),
          ...(child.path === undefined ? {} : { evaluateName: child.path, ...this.#locations(parent, child.name) }),
          ...hint,
        };
      }
    }
  }

  /** Found when somebody asks for them: `locations`. */
  #locations(parent: Expandable, name: string): Partial<DebugProtocol.Variable> {
    const reference = this.#handles.reference(parent);
    const isVariable = parent.kind === "locals" || parent.kind === "closure";
    const value = { valueLocationReference: this.#handles.locationId({ what: "value", reference, name }) };
    if (!isVariable) return value;
    return {
      ...value,
      declarationLocationReference: this.#handles.locationId({ what: "declaration", reference, name }),
    };
  }

  location(id: number): LocationHandle {
    const handle = this.#handles.location(id);
    if (handle === undefined) throw userError("unknownReference", { id });
    return handle;
  }

  /** A value of a frame at a moment, expandable where it has parts; `path` leads to it in that frame. */
  show(value: Value, handle: FrameHandle, path: string | undefined, limit?: number): ShownValue {
    return this.#shown(value, handle.moment, handle.frame, path, this.#at(handle.moment), { limit });
  }

  #shown(
    value: Value,
    moment: Moment,
    root: number,
    path: string | undefined,
    source: ValueSource,
    { limit, mayBeLater = false }: { readonly limit?: number | undefined; readonly mayBeLater?: boolean },
  ): ShownValue {
    // Elements may have to wait for the index while the object itself is known.
    const isLater = mayBeLater && value.kind === "object";
    const text = this.orLater(() => valueText(value, source, limit), isLater ? beingIndexed : undefined);
    const type = typeName(value, source);
    const leaf = { text, type: type === "" ? undefined : type, reference: 0, named: 0, indexed: 0 };
    if (value.kind !== "object") return leaf;
    const view = source.objectAt(value.object);
    const identified = value.object < 0 ? leaf : { ...leaf, type: `${type} #${value.object}` };
    if (view === undefined || !hasChildren(view)) return identified;
    const thing: Expandable = { kind: "object", moment, root, object: value.object, path };
    const unknown = mayBeLater ? { named: 0, indexed: 0 } : undefined;
    const counts = this.orLater(() => countChildren(view, source), unknown);
    return { ...identified, reference: this.#handles.reference(thing), ...counts };
  }

  /** What an expression sees in a frame. */
  environment(handle: FrameHandle): Environment {
    const { scopes, source } = this.#frameContents(handle);
    const { printable } = source;
    const parts = { printable, nextObject: this.#computed.next };
    return scopesEnvironment(scopes, source.objectAt, this.travel.summary.python, parts);
  }

  /** Names that an expression in a frame can use, besides builtins. */
  namesInScope(handle: FrameHandle): readonly string[] {
    const { scopes, source } = this.#frameContents(handle);
    return namesInScope(scopes, source.objectAt);
  }

  /** Over the recording; what the evaluation makes can be shown and expanded from then on. */
  evaluate(compiled: Compiled, handle: FrameHandle): Outcome {
    const outcome = evaluate(compiled, this.environment(handle));
    if (outcome.kind === "value") this.#computed.add(outcome.made);
    return outcome;
  }

  #frameContents(handle: FrameHandle): { readonly scopes: ScopesView; readonly source: ValueSource } {
    const scopes = this.travel.scopesAt(handle.moment, handle.frame);
    if (scopes === undefined) throw userError("unknownFrame", { id: handle.frame });
    return { scopes, source: this.#at(handle.moment) };
  }

  /** The expression that leads to a child of what a `variablesReference` stands for. */
  pathOf(reference: number, name: string): { readonly thing: Expandable; readonly path: string | undefined } {
    const thing = this.thing(reference);
    const { named, indexed } = this.#children(thing);
    const child = [...named, ...indexed].find((one) => one.name === name);
    return { thing, path: child?.kind === "value" ? child.path : undefined };
  }

  // Exceptions and sources.

  exceptionInfo(moment: Moment, thread: number): DebugProtocol.ExceptionInfoResponse["body"] {
    const exception = this.travel.exceptionAt(moment, thread);
    if (exception === undefined) throw userError("noException");
    const description = this.exceptionText(moment, thread) ?? exception.type;
    return {
      exceptionId: exception.type,
      description,
      breakMode: exception.uncaught ? "unhandled" : "always",
      details: { typeName: exception.type, fullTypeName: exception.type, message: description },
    };
  }

  /** `ValueError('bad')`: the exception as Python writes it, or what is known of it. */
  exceptionText(moment: Moment, thread: number): string | undefined {
    const exception = this.travel.exceptionAt(moment, thread);
    if (exception === undefined) return undefined;
    if (exception.value.kind === "notRecorded")
      return `${exception.type} (${notRecordedText(exception.value.sinceStep, exception.value.reason)})`;
    return valueText(exception.value, this.#at(moment), 1000);
  }

  /** The file that a client's `source` means. */
  fileOf(source: JsonReader): string {
    const reference = source.integer("sourceReference") ?? 0;
    const recorded = reference > 0 ? this.travel.sourceText(reference)?.file : undefined;
    const file = recorded ?? source.text("path");
    if (file === undefined) throw userError("noSource");
    return file;
  }

  recordedNames(file: string): readonly string[] {
    return this.sources.recordedNames(file);
  }

  targetId(moment: Moment): number {
    return this.#handles.targetId(moment);
  }

  target(id: number): Moment {
    const moment = this.#handles.target(id);
    if (moment === undefined) throw userError("unknownTarget", { id });
    this.requireKept(moment);
    return moment;
  }

  sourceContent(reference: number): string {
    const text = this.sources.textOf(reference);
    if (text === undefined) throw userError("noSource");
    return text;
  }
}
