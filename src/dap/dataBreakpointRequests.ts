// `dataBreakpointInfo` and `setDataBreakpoints`: what can be watched, by the variables view or by an expression.
import { arrayShape } from "../travel/arrayShape.ts";
import type { DataTarget, Moment, Value } from "../travel/timeTravel.ts";
import { readSettings } from "./breakpointSettings.ts";
import type { Reply } from "./commands.ts";
import { withCheckedExpressions } from "./expressionCheck.ts";
import type { Expandable } from "./handles.ts";
import { JsonReader, ShapeError } from "./jsonReader.ts";
import { startOf } from "./presentation/arrayText.ts";
import { valueText, type ValueSource } from "./presentation/valueText.ts";
import type { TimeSession } from "./timeSession.ts";

/** What was found under a name: the place that holds the value, and the value. */
export interface Watched {
  readonly target: DataTarget | undefined;
  readonly value: Value | undefined;
}

const nothing: Watched = { target: undefined, value: undefined };

/** Mode `object`: the object that stands there, under whatever name it is changed; else the variable or part itself. */
export function dataBreakpointInfo(session: TimeSession, args: JsonReader): Reply {
  session.requireStop();
  const name = args.requiredText("name");
  const watchesObject = args.oneOf("mode", ["variable", "object"]) === "object";
  const { target, value } = find(session, args, name);
  const wanted = watchesObject ? objectTarget(value) : target;
  if (wanted === undefined) {
    const description = watchesObject ? `${name} holds no object that can change.` : `${name} cannot be watched.`;
    return { body: { dataId: null, description } };
  }
  const description = wanted.kind === "object" ? `${name} (the object #${wanted.object})` : name;
  return {
    body: { dataId: JSON.stringify(wanted), description, accessTypes: ["write"], canPersist: false },
  };
}

export async function setDataBreakpoints(session: TimeSession, args: JsonReader): Promise<Reply> {
  const read = args.objects("breakpoints").map((one) => {
    const settings = readSettings(one);
    const isRead = one.oneOf("accessType", ["read", "write", "readWrite"]) === "read";
    const problem = isRead ? "Only changes are recorded, no reads." : settings.problem;
    const target = parseTarget(one.requiredText("dataId"));
    return { place: { kind: "data", target } as const, settings: { ...settings, message: undefined, problem } };
  });
  const set = session.breakpoints.replaceOthers("data", await withCheckedExpressions(session, read));
  await session.breakpointsChanged();
  const answers = set.map(({ id, settings: { problem } }) => ({
    id,
    verified: problem === undefined,
    ...(problem === undefined ? {} : { message: problem }),
  }));
  return { body: { breakpoints: answers } };
}

function objectTarget(value: Value | undefined): DataTarget | undefined {
  return value?.kind === "object" ? { kind: "object", object: value.object } : undefined;
}

/** A child of `variablesReference` by its name, else an expression in the frame `frameId`. */
export function find(session: TimeSession, args: JsonReader, name: string): Watched {
  const { view } = session;
  const reference = args.integer("variablesReference") ?? 0;
  if (reference > 0) return child(session, view.thing(reference), name);
  const frameId = args.integer("frameId");
  const [top] = view.travel.stackAt(session.moment, session.thread);
  const handle = frameId === undefined ? undefined : view.frame(frameId);
  const frame = handle?.frame ?? top?.frame;
  return frame === undefined ? nothing : expression(session, handle?.moment ?? session.moment, frame, name.trim());
}

/** A child of something in the variables view, by the name that it has there. */
function child(session: TimeSession, thing: Expandable, name: string): Watched {
  const { travel } = session.view;
  const { moment } = thing;
  switch (thing.kind) {
    case "object":
      return part(thing.object, name, session.view.valuesAt(moment));
    case "row": {
      const source = session.view.valuesAt(moment);
      const view = source.objectAt(thing.object);
      const { shape } = arrayShape(view?.text);
      // A row of rows is no place of its own.
      if (view === undefined || shape?.length !== thing.indices.length + 1 || !/^\d+$/u.test(name)) return nothing;
      const index = startOf(shape, [...thing.indices, Number(name)]);
      const key = { kind: "int", value: index } as const;
      return { target: { kind: "item", object: thing.object, key }, value: view.items[index] };
    }
    case "frame":
      return variable(session, moment, thing.frame, name);
    case "globals": {
      const globals = travel.scopesAt(moment, thing.root)?.globals ?? 0;
      return part(globals, name, session.view.valuesAt(moment));
    }
    case "locals":
    case "closure":
      return variable(session, moment, thing.root, name);
    case "returnValue":
      return { target: undefined, value: travel.scopesAt(moment, thing.root)?.returnValue };
  }
}

function variable(session: TimeSession, moment: Moment, frame: number, name: string): Watched {
  const { travel } = session.view;
  const target = travel.variableTarget(moment, frame, name);
  if (target?.kind === "item") return part(target.object, name, session.view.valuesAt(moment));
  const scopes = travel.scopesAt(moment, frame);
  const value = [...(scopes?.locals ?? []), ...(scopes?.closure ?? [])].find((one) => one.name === name)?.value;
  return { target, value };
}

/** A part of an object, by the name that it has in the variables view. */
function part(object: number, name: string, source: ValueSource): Watched {
  const view = source.objectAt(object);
  if (view === undefined) return nothing;
  const attribute = view.attributes.find(([one]) => one === name);
  if (attribute !== undefined) return { target: { kind: "attribute", object, name }, value: attribute[1] };
  switch (view.kind) {
    case "module":
      return view.value?.kind === "object" ? part(view.value.object, name, source) : nothing;
    case "dict":
    case "namespace": {
      const entry = view.entries.find(
        ([key]) =>
          valueText(key, source, 200) === name ||
          (view.kind === "namespace" && key.kind === "str" && key.text === name),
      );
      return entry === undefined ? nothing : { target: { kind: "item", object, key: entry[0] }, value: entry[1] };
    }
    case "list":
    case "deque":
    case "tuple": {
      const index = Number(name);
      const value = /^\d+$/u.test(name) ? view.items[index] : undefined;
      const key = { kind: "int", value: index } as const;
      return value === undefined ? nothing : { target: { kind: "item", object, key }, value };
    }
    case "array": {
      const index = Number(name);
      const isPlain = (arrayShape(view.text).shape?.length ?? 1) === 1;
      const value = isPlain && /^\d+$/u.test(name) ? view.items[index] : undefined;
      const key = { kind: "int", value: index } as const;
      return value === undefined ? nothing : { target: { kind: "item", object, key }, value };
    }
    case "bytearray": {
      const isByte = /^\d+$/u.test(name) && Number(name) < view.bytesTotal;
      const key = { kind: "int", value: Number(name) } as const;
      return isByte ? { target: { kind: "item", object, key }, value: undefined } : nothing;
    }
    case "cell":
      return { target: { kind: "object", object }, value: view.value };
    default:
      return nothing;
  }
}

const attributePattern = /^(.+)\.\s*([\p{ID_Start}_][\p{ID_Continue}]*)$/su;
const itemPattern = /^(.+)\[\s*(.+?)\s*\]$/su;
const namePattern = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;

/** `name`, `a.b`, `a[0]`, `a['key']` and what is made of them; nothing of the program runs. */
function expression(session: TimeSession, moment: Moment, frame: number, text: string): Watched {
  if (namePattern.test(text)) return variable(session, moment, frame, text);
  const source = session.view.valuesAt(moment);
  const [, owner, attribute] = attributePattern.exec(text) ?? [];
  if (owner !== undefined && attribute !== undefined) {
    const { value } = expression(session, moment, frame, owner.trim());
    return value?.kind === "object" ? part(value.object, attribute, source) : nothing;
  }
  const [, container, key] = itemPattern.exec(text) ?? [];
  if (container === undefined || key === undefined) return nothing;
  const { value } = expression(session, moment, frame, container.trim());
  if (value?.kind !== "object") return nothing;
  const literal = /^"([^"\\']*)"$/u.exec(key)?.[1];
  const items = source.objectAt(value.object)?.items.length ?? 0;
  const name = literal === undefined ? key : `'${literal}'`;
  return part(value.object, /^-\d+$/u.test(name) ? String(items + Number(name)) : name, source);
}

/** A data id as `dataBreakpointInfo` gave it. Throws `ShapeError`. */
function parseTarget(dataId: string): DataTarget {
  const data: unknown = parsedJson(dataId);
  const reader = new JsonReader(data, "dataId.");
  const kind = reader.oneOf("kind", ["variable", "attribute", "item", "object"]);
  switch (kind) {
    case "variable":
      return { kind, frame: reader.requiredInteger("frame"), name: reader.requiredText("name") };
    case "attribute":
      return { kind, object: reader.requiredInteger("object"), name: reader.requiredText("name") };
    case "item":
      return { kind, object: reader.requiredInteger("object"), key: parseKey(reader.requiredObject("key")) };
    case "object":
      return { kind, object: reader.requiredInteger("object") };
    case undefined:
      throw new ShapeError("`dataId` must be one that dataBreakpointInfo gave");
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ShapeError("`dataId` must be one that dataBreakpointInfo gave");
  }
}

/** Keys that are texts, whole numbers, truth values or objects: others cannot be named from outside. */
function parseKey(reader: JsonReader): Value {
  const kind = reader.oneOf("kind", ["str", "int", "bool", "none", "object", "float"]);
  switch (kind) {
    case "str": {
      const text = reader.requiredText("text");
      return { kind, text, total: reader.integer("total") ?? text.length, truncated: false };
    }
    case "int":
      return { kind, value: reader.requiredInteger("value") };
    case "bool":
      return { kind, value: reader.flag("value") ?? false };
    case "none":
      return { kind };
    case "object":
      return { kind, object: reader.requiredInteger("object") };
    default:
      throw new ShapeError("`dataId` must be one that dataBreakpointInfo gave");
  }
}
