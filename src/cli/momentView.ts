// What is to be seen at a moment? Stack, source lines, variables and exception as plain data: `show --json` prints it
// as it is, `momentText.ts` draws it.
import type { FrameView, Moment, TimeTravel, Value, Variable } from "../travel/timeTravel.ts";
import type { ValueTexts } from "./valueTexts.ts";

export interface StackLine {
  readonly frame: number;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** The source line as it was when it ran; undefined when the recording has no text of the file. */
  readonly text: string | undefined;
}

export interface ShownVariable {
  readonly name: string;
  readonly scope: "local" | "closure" | "global";
  readonly value: string;
  /** Step of the last write, when it is known. */
  readonly writtenAt: number | undefined;
  /** Attributes of an instance, one level deep. */
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
}

export interface MomentView {
  readonly step: number;
  readonly event: number;
  readonly thread: { readonly id: number; readonly name: string };
  /** Innermost first. */
  readonly stack: readonly StackLine[];
  /** Of the innermost frame. */
  readonly variables: readonly ShownVariable[];
  readonly returnValue: string | undefined;
  readonly exception: string | undefined;
}

/** Lines of a recorded source; undefined when the recording has none. */
export function sourceLines(travel: TimeTravel, source: number): readonly string[] | undefined {
  return source === 0 ? undefined : travel.sourceText(source)?.text.split(/\r\n|\r|\n/u);
}

function stackLine(travel: TimeTravel, frame: FrameView): StackLine {
  const { line } = frame.position;
  const text = sourceLines(travel, frame.source)?.[line - 1];
  return { frame: frame.frame, name: frame.qualifiedName, file: frame.file, line, text };
}

function attributesOf(
  travel: TimeTravel,
  texts: ValueTexts,
  moment: Moment,
  value: Value,
): ShownVariable["attributes"] {
  const view = value.kind === "object" ? travel.objectAt(moment, value.object) : undefined;
  if (view?.kind !== "instance") return [];
  const shownOnes = view.attributes.map(([name, attribute]) => ({ name, value: texts(moment, attribute) }));
  const missing = view.attributesTotal - view.attributes.length;
  if (missing <= 0) return shownOnes;
  return [...shownOnes, { name: "…", value: `${missing} of ${view.attributesTotal} not recorded` }];
}

function shown(
  travel: TimeTravel,
  texts: ValueTexts,
  moment: Moment,
  scope: ShownVariable["scope"],
  one: Variable,
): ShownVariable {
  return {
    name: one.name,
    scope,
    value: texts(moment, one.value),
    writtenAt: one.writtenAt,
    attributes: attributesOf(travel, texts, moment, one.value),
  };
}

/** Names that the interpreter, an import or a definition made say little about the state of a program. */
function isState(travel: TimeTravel, moment: Moment, variable: Variable): boolean {
  if (/^__\w+__$/u.test(variable.name)) return false;
  if (variable.value.kind !== "object") return true;
  const kind = travel.objectAt(moment, variable.value.object)?.kind;
  return kind !== "module" && kind !== "function" && kind !== "class";
}

function globalsOf(travel: TimeTravel, moment: Moment, globals: number): readonly Variable[] {
  const entries = globals === 0 ? [] : (travel.objectAt(moment, globals)?.entries ?? []);
  return entries.flatMap(([key, value]) =>
    key.kind === "str" ? [{ name: key.text, value, writtenAt: undefined }] : [],
  );
}

function isBound(variable: Variable): boolean {
  return variable.value.kind !== "unbound";
}

function variablesOf(travel: TimeTravel, texts: ValueTexts, moment: Moment, frame: number): readonly ShownVariable[] {
  const scopes = travel.scopesAt(moment, frame);
  if (scopes === undefined) return [];
  const locals =
    scopes.locals.length > 0 || !scopes.localsAreGlobals ? scopes.locals : globalsOf(travel, moment, scopes.globals);
  const scope = scopes.localsAreGlobals ? "global" : "local";
  return [
    ...locals
      .filter((one) => isBound(one) && (!scopes.localsAreGlobals || isState(travel, moment, one)))
      .map((one) => shown(travel, texts, moment, scope, one)),
    ...scopes.closure.filter(isBound).map((one) => shown(travel, texts, moment, "closure", one)),
  ];
}

function exceptionText(travel: TimeTravel, texts: ValueTexts, moment: Moment, thread: number): string | undefined {
  const exception = travel.exceptionAt(moment, thread);
  if (exception === undefined) return undefined;
  const name = exception.type.split(".").at(-1) ?? exception.type;
  const text = exception.text ?? texts(moment, exception.value);
  return text === "" ? name : `${name}: ${text}`;
}

/** The view of one thread at a moment. */
export function viewMoment(travel: TimeTravel, texts: ValueTexts, moment: Moment, thread: number): MomentView {
  const stack = travel.stackAt(moment, thread);
  const innermost = stack[0];
  const returned = innermost === undefined ? undefined : travel.scopesAt(moment, innermost.frame)?.returnValue;
  const name = travel.threadsAt(moment).find((one) => one.thread === thread)?.name ?? "";
  return {
    step: moment.step,
    event: moment.event,
    thread: { id: thread, name },
    stack: stack.map((frame) => stackLine(travel, frame)),
    variables: innermost === undefined ? [] : variablesOf(travel, texts, moment, innermost.frame),
    returnValue: returned === undefined ? undefined : texts(moment, returned),
    exception: exceptionText(travel, texts, moment, thread),
  };
}
