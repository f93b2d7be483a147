// What is a question about the past about? A child in the variables view, or an expression in a frame: a place.
import type { Place } from "../travel/places.ts";
import type { DataTarget, Moment, Value } from "../travel/timeTravel.ts";
import { find } from "./dataBreakpointRequests.ts";
import type { JsonReader } from "./jsonReader.ts";
import type { TimeSession } from "./timeSession.ts";
import { userError } from "./userErrors.ts";

export interface Subject {
  readonly text: string;
  readonly moment: Moment;
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
  const { target, value } = find(session, args, text);
  const thing = reference > 0 ? session.view.thing(reference) : undefined;
  const frameId = args.integer("frameId");
  const moment = thing?.moment ?? (frameId === undefined ? session.moment : session.view.frame(frameId).moment);
  const place = target === undefined ? undefined : placeOf(session, target, moment);
  return { text, moment, place, value, isReturnValue: thing?.kind === "returnValue" };
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
