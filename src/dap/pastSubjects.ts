// What is a question about the past about? A child in the variables view, or an expression in a frame: a place.
import { compileExpression, environmentAt, evaluate } from "../travel/evaluate/evaluate.ts";
import type { Place } from "../travel/places.ts";
import type { DataTarget, Moment, Value } from "../travel/timeTravel.ts";
import { find } from "./dataBreakpointRequests.ts";
import type { JsonReader } from "./jsonReader.ts";
import type { TimeSession } from "./timeSession.ts";
import { userError } from "./userErrors.ts";

export interface Subject {
  readonly text: string;
  readonly moment: Moment;
  /** The frame in which an expression is meant. */
  readonly frame: number;
  /** Undefined for what is no place of its own: a returned value, a computation. */
  readonly place: Place | undefined;
  readonly value: Value | undefined;
  readonly isReturnValue: boolean;
}

/** Throws UserError when nothing is there. */
export function subjectOf(session: TimeSession, args: JsonReader): Subject {
  session.requireStop();
  const reference = args.integer("variablesReference") ?? 0;
  const text = reference > 0 ? args.requiredText("name") : args.requiredText("expression").trim();
  const { target, value: found } = find(session, args, text);
  const thing = reference > 0 ? session.view.thing(reference) : undefined;
  const frameId = args.integer("frameId");
  const moment = thing?.moment ?? (frameId === undefined ? session.moment : session.view.frame(frameId).moment);
  const frame = frameId === undefined ? topFrame(session, moment) : session.view.frame(frameId).frame;
  if (target === undefined && reference === 0) {
    const inherited = classAttribute(session, args, text, moment, frame);
    if (inherited !== undefined) return { text, moment, frame, ...inherited, isReturnValue: false };
  }
  const place = target === undefined ? undefined : placeOf(session, target, moment);
  const value = found ?? (reference > 0 ? undefined : evaluated(session, text, moment, frame));
  return { text, moment, frame, place, value, isReturnValue: thing?.kind === "returnValue" };
}

function topFrame(session: TimeSession, moment: Moment): number {
  return session.view.travel.stackAt(moment, session.thread)[0]?.frame ?? 0;
}

/** `obj.name` where the name is the class's. */
function classAttribute(
  session: TimeSession,
  args: JsonReader,
  text: string,
  moment: Moment,
  frame: number,
): Pick<Subject, "place" | "value"> | undefined {
  const { owner, name } = /^(?<owner>.+)\.\s*(?<name>[\p{ID_Start}_][\p{ID_Continue}]*)$/su.exec(text)?.groups ?? {};
  if (owner === undefined || name === undefined) return undefined;
  const { value } = find(session, args, owner.trim());
  return value === undefined ? undefined : session.view.travel.past.attribute(moment, frame, value, name);
}

/** What an expression that names no place comes to. */
function evaluated(session: TimeSession, text: string, moment: Moment, frame: number): Value | undefined {
  const { travel } = session.view;
  const environment = environmentAt(travel, moment, frame);
  const compiled = compileExpression(text);
  if (environment === undefined || compiled.kind !== "compiled") return undefined;
  const outcome = evaluate(compiled, environment);
  return outcome.kind === "value" ? outcome.value : undefined;
}

/** The place of a subject; throws UserError for one that has none. */
export function requiredPlace(subject: Subject): Place {
  if (subject.place === undefined) {
    const problem = `${subject.text} is no variable, attribute or item of recorded code at this moment.`;
    throw userError("cannotEvaluate", { problem });
  }
  return subject.place;
}

function placeOf(session: TimeSession, target: DataTarget, moment: Moment): Place {
  switch (target.kind) {
    case "object":
      return { kind: "contents", object: target.object };
    case "item": {
      const { object, key } = target;
      const kind = session.view.travel.objectAt(moment, object)?.kind;
      const isEntry = kind === "dict" || kind === "namespace" || key.kind !== "int";
      return isEntry ? { kind: "entry", object, key } : { kind: "item", object, index: Number(key.value) };
    }
    default:
      return target;
  }
}
