// The requests about what happened when: each reads its arguments, asks the recording, and tells the answer.
import type {
  CallTreeResponse,
  ExceptionsResponse,
  ExecutionsResponse,
  HistoryResponse,
  LastWriteResponse,
  ObjectResponse,
  OriginResponse,
  OutputResponse,
  WhyResponse,
} from "../protocol/historyRequests.ts";
import type { Call } from "../travel/calls.ts";
import type { Page } from "../travel/past.ts";
import type { Write } from "../travel/placeWrites.ts";
import type { Value } from "../travel/timeTravel.ts";
import type { CommandContext, Reply } from "./commands.ts";
import type { JsonReader } from "./jsonReader.ts";
import { momentOf, PastPresentation } from "./pastPresentation.ts";
import { requiredPlace, type Subject, subjectOf } from "./pastSubjects.ts";
import { valueText } from "./presentation/valueText.ts";
import type { TimeSession } from "./timeSession.ts";
import { userError } from "./userErrors.ts";

const defaultCount = 50;
const mostCount = 1000;
/** Calls whose values are looked at for one page of a search. */
const searchedCalls = 100_000;
const searchedText = 2000;

function countOf(args: JsonReader): number {
  return Math.min(Math.max(args.integer("count") ?? defaultCount, 1), mostCount);
}

function nextPart(next: number | undefined): { readonly next?: number } {
  return next === undefined ? {} : { next };
}

export function history({ session }: CommandContext, args: JsonReader): Reply {
  const subject = subjectOf(session, args);
  const presentation = new PastPresentation(session.view);
  const page = writesOf(session, subject, args.integer("from"), countOf(args));
  const body: HistoryResponse = {
    subject: subject.text,
    writes: page.entries.map((write) => presentation.write(write)),
    ...nextPart(page.next),
    ...(page.next === undefined ? cutPart(session) : {}),
  };
  return { body };
}

/** Where the history begins, when it began earlier once. */
function cutPart(session: TimeSession): { readonly cutAt?: number } {
  const { step } = session.view.travel.first;
  return step > 0 ? { cutAt: step } : {};
}

/** Of an expression that is no place by itself: what changed its value. */
function writesOf(session: TimeSession, subject: Subject, from: number | undefined, count: number): Page<Write> {
  const { past } = session.view.travel;
  const { moment, frame, place, text } = subject;
  const isComputed = place === undefined && !subject.isReturnValue && subject.value !== undefined;
  return isComputed
    ? past.expressionWrites(moment, frame, text, from, count)
    : past.writes(moment, requiredPlace(subject), from, count);
}

export function lastWrite({ session }: CommandContext, args: JsonReader): Reply {
  const subject = subjectOf(session, args);
  const [write] = writesOf(session, subject, undefined, 1).entries;
  const presentation = new PastPresentation(session.view);
  const body: LastWriteResponse = {
    subject: subject.text,
    ...(write === undefined ? cutPart(session) : { write: presentation.write(write) }),
  };
  if (args.flag("go") !== true || write === undefined) return { body };
  const afterwards = session.goTo(write.site.moment, "goto");
  session.announceMovement();
  return { body, afterwards };
}

export function origin({ session }: CommandContext, args: JsonReader): Reply {
  const subject = subjectOf(session, args);
  const { past } = session.view.travel;
  const hops = subject.isReturnValue
    ? past.originOfReturn(subject.moment, countOf(args))
    : past.origin(subject.moment, requiredPlace(subject), countOf(args));
  const presentation = new PastPresentation(session.view);
  const body: OriginResponse = { subject: subject.text, hops: hops.map((hop) => presentation.hop(hop)) };
  return { body };
}

/** `what` names the form that lists; the form with `path` alone counts. */
export function listedExecutions({ session, firstLine }: CommandContext, args: JsonReader): Reply {
  const { view } = session;
  const { past } = view.travel;
  const files = view.recordedNames(args.requiredText("path"));
  const line = args.requiredInteger("line") + 1 - firstLine;
  const isBackward = args.flag("backward") ?? false;
  const presentation = new PastPresentation(view);
  if (args.oneOf("what", ["line", "function"]) === "function") {
    const inOrder = past.callsAt(files, line);
    const all = isBackward ? inOrder.toReversed() : inOrder;
    const { entries, next } = slicePage(all, args);
    const calls = entries.flatMap((frame) => past.call(frame) ?? []);
    const body: ExecutionsResponse = {
      total: all.length,
      executions: calls.map((call) => ({ at: presentation.place(call.site), call: presentation.call(call) })),
      ...nextPart(next),
    };
    return { body };
  }
  const [file = ""] = files;
  const page = past.stepsOn(file, line, args.integer("from"), isBackward, countOf(args));
  const body: ExecutionsResponse = {
    total: past.countOn(file, line),
    executions: page.entries.flatMap(({ site, frame }) => {
      const call = past.call(frame);
      return call === undefined ? [] : [{ at: presentation.place(site), call: presentation.call(call) }];
    }),
    ...nextPart(page.next),
  };
  return { body };
}

/** A page of a list that is there as a whole: `from` is an index. */
function slicePage<T>(all: readonly T[], args: JsonReader): { readonly entries: readonly T[]; readonly next?: number } {
  const from = Math.max(args.integer("from") ?? 0, 0);
  const end = from + countOf(args);
  return { entries: all.slice(from, end), ...nextPart(end < all.length ? end : undefined) };
}

export function callTree({ session }: CommandContext, args: JsonReader): Reply {
  session.requireStop();
  const { past } = session.view.travel;
  const presentation = new PastPresentation(session.view);
  const frame = args.integer("frame") ?? 0;
  if (args.flag("path") === true) {
    const calls = past.callPath(session.moment).flatMap((one) => past.call(one) ?? []);
    return { body: { calls: calls.map((call) => presentation.call(call)) } satisfies CallTreeResponse };
  }
  const search = new CallSearch(session, args);
  if (search.isEmpty) {
    const all = past.childrenOf(frame);
    const { entries, next } = slicePage(all, args);
    const calls = entries.flatMap((one) => past.call(one) ?? []).map((call) => presentation.call(call));
    return { body: { total: all.length, calls, ...nextPart(next) } satisfies CallTreeResponse };
  }
  const { calls, next } = search.page(past.callsBelow(frame));
  return {
    body: { calls: calls.map((call) => presentation.call(call)), ...nextPart(next) } satisfies CallTreeResponse,
  };
}

/** Calls by function, argument, result and exception; all that is given must fit. */
class CallSearch {
  readonly #session: TimeSession;
  readonly #from: number;
  readonly #count: number;
  readonly #function: string | undefined;
  readonly #argument: string | undefined;
  readonly #result: string | undefined;
  readonly #exception: string | undefined;

  constructor(session: TimeSession, args: JsonReader) {
    this.#session = session;
    this.#from = args.integer("from") ?? 0;
    this.#count = countOf(args);
    this.#function = args.text("function")?.toLowerCase();
    this.#argument = args.text("argument")?.toLowerCase();
    this.#result = args.text("result")?.toLowerCase();
    this.#exception = args.text("exception")?.toLowerCase();
  }

  get isEmpty(): boolean {
    return [this.#function, this.#argument, this.#result, this.#exception].every((one) => one === undefined);
  }

  page(frames: readonly number[]): { readonly calls: readonly Call[]; readonly next: number | undefined } {
    const { past } = this.#session.view.travel;
    const calls: Call[] = [];
    const end = Math.min(frames.length, this.#from + searchedCalls);
    for (let index = this.#from; index < end; index++) {
      const frame = frames[index] ?? 0;
      if (!this.#hasName(past.nameOf(frame))) continue;
      const call = past.call(frame);
      if (call === undefined || !this.#fits(call)) continue;
      if (calls.length === this.#count) return { calls, next: index };
      calls.push(call);
    }
    return { calls, next: end < frames.length ? end : undefined };
  }

  #hasName(name: string): boolean {
    return this.#function === undefined || name.toLowerCase().includes(this.#function);
  }

  #fits(call: Call): boolean {
    const { end } = call;
    const argument = this.#argument;
    const hasArgument =
      argument === undefined || call.arguments.some(({ value }) => this.#text(value, call.moment).includes(argument));
    return hasArgument && this.#ended(end, "returned", this.#result) && this.#raised(end);
  }

  /** By the text of the exception, or by the name of its class or of a base. */
  #raised(end: Call["end"]): boolean {
    const wanted = this.#exception;
    if (wanted === undefined || this.#ended(end, "raised", wanted)) return true;
    if (end.kind !== "raised") return false;
    const { past } = this.#session.view.travel;
    return past.classNames(end.moment, end.value).some((name) => name.toLowerCase().includes(wanted));
  }

  #ended(end: Call["end"], kind: "returned" | "raised", wanted: string | undefined): boolean {
    if (wanted === undefined) return true;
    return end.kind === kind && this.#text(end.value, end.moment).includes(wanted);
  }

  #text(value: Value, moment: Call["moment"]): string {
    return valueText(value, this.#session.view.valuesAt(moment), searchedText).toLowerCase();
  }
}

export function exceptions({ session }: CommandContext, args: JsonReader): Reply {
  const { view } = session;
  const { past } = view.travel;
  const presentation = new PastPresentation(view);
  const search = args.text("search")?.toLowerCase();
  const page = past.exceptions(args.integer("from"), countOf(args), (one) => {
    if (search === undefined || one.type.toLowerCase().includes(search)) return true;
    const classes = past.classNames(past.momentOf(one.event), one.value);
    if (classes.some((name) => name.toLowerCase().includes(search))) return true;
    return valueText(one.value, view.valuesAt(past.momentOf(one.event)), searchedText)
      .toLowerCase()
      .includes(search);
  });
  const body: ExceptionsResponse = {
    exceptions: page.entries.map(({ event, site, value, type, handledAt }) => ({
      at: presentation.place(site),
      type,
      value: presentation.value(value, past.momentOf(event), site.frame?.frame ?? 0),
      ...(handledAt === undefined ? {} : { handledAt: presentation.place(handledAt) }),
      uncaught: past.isUncaught(value),
    })),
    ...nextPart(page.next),
  };
  return { body };
}

export function output({ session }: CommandContext, args: JsonReader): Reply {
  const { travel } = session.view;
  const presentation = new PastPresentation(session.view);
  const search = args.text("search");
  const all = travel
    .output(travel.first, travel.last)
    .filter(({ text }) => text !== "" && (search === undefined || text.includes(search)));
  const { entries, next } = slicePage(all, args);
  const body: OutputResponse = {
    outputs: entries.map(({ moment, stream, text }) => ({
      at: presentation.place(travel.past.siteOf(moment)),
      stream,
      text,
    })),
    ...nextPart(next),
  };
  return { body };
}

export function why({ session, firstLine }: CommandContext, args: JsonReader): Reply {
  session.requireStop();
  const { view } = session;
  const frameId = args.integer("frameId");
  const handle = frameId === undefined ? undefined : view.frame(frameId);
  const [top] = view.travel.stackAt(session.moment, session.thread);
  const frame = handle?.frame ?? top?.frame;
  if (frame === undefined) throw userError("cannotEvaluate", { problem: "No frame runs at this moment." });
  const line = args.requiredInteger("line") + 1 - firstLine;
  const reason = view.travel.past.why(handle?.moment ?? session.moment, frame, line);
  const presentation = new PastPresentation(view);
  const { site } = reason;
  const body: WhyResponse = {
    kind: reason.kind,
    text: reason.text,
    ...(site === undefined ? {} : { at: presentation.place(site) }),
    operands: reason.operands.map((one) => presentation.operand(one, site?.moment ?? session.moment, frame)),
  };
  return { body };
}

export function object({ session }: CommandContext, args: JsonReader): Reply {
  session.requireStop();
  const { view } = session;
  const { past } = view.travel;
  const number = args.integer("object");
  const subject = number === undefined ? subjectOf(session, args) : undefined;
  const { moment, value } = subject ?? {
    moment: session.moment,
    value: { kind: "object", object: number ?? 0 } as const,
  };
  if (value?.kind !== "object") {
    throw userError("cannotEvaluate", { problem: `${subject?.text ?? "It"} is no object with an identity.` });
  }
  const presentation = new PastPresentation(view);
  const source = view.valuesAt(moment);
  const shared = { object: value.object, type: source.objectAt(value.object)?.type ?? "" };
  switch (args.oneOf("what", ["holders", "changes", "life"]) ?? "life") {
    case "holders": {
      const { holders } = past.holders(moment, value.object);
      const { entries, next } = slicePage(holders, args);
      const told = entries.map(({ kind, path, object: holder, frame }) => {
        const text = path.map((part) => (typeof part === "string" ? part : valueText(part, source, 200))).join("");
        const within = frame === undefined ? undefined : view.travel.frameAt(moment, frame)?.name;
        const shown =
          holder === undefined ? undefined : presentation.value({ kind: "object", object: holder }, moment, 0);
        const owner = within ?? shown?.type ?? "";
        return {
          kind,
          text: kind === "variable" ? `${text} in ${within ?? "a module"}` : `${text} of ${owner}`,
          ...(shown === undefined ? {} : { holder: shown }),
          ...(frame === undefined ? {} : { frame }),
        };
      });
      return { body: { ...shared, holders: told, ...nextPart(next) } satisfies ObjectResponse };
    }
    case "changes": {
      const page = past.changes(moment, value.object, args.integer("from"), countOf(args));
      const changes = page.entries.map((change) => {
        const then = view.valuesAt(change.moment);
        const parts = change.parts.map((part) => (typeof part === "string" ? part : valueText(part, then, 200)));
        return { at: presentation.place(change.site), written: momentOf(change.moment), text: parts.join("") };
      });
      return { body: { ...shared, changes, ...nextPart(page.next) } satisfies ObjectResponse };
    }
    case "life": {
      const { created, died } = past.life(value.object);
      const body: ObjectResponse = {
        ...shared,
        ...(created === undefined ? {} : { created: presentation.place(created) }),
        ...(died === undefined ? {} : { died: presentation.place(died) }),
      };
      return { body };
    }
  }
}
