// The oracle of breakpoints: looks at every event of a history, one by one, and says which breakpoints stop there.
import type { Breakpoint, DataTarget } from "../../src/travel/timeTravel.ts";
import type { NaiveObject, Row } from "./naiveReplayer.ts";
import type { RecordedEvent, TestCode } from "./recordedEvents.ts";

export interface NaiveHistory {
  readonly rows: readonly Row[];
  readonly codes: ReadonlyMap<number, TestCode>;
  /** Indexes of the first events of blocks: changes of two blocks are told apart. */
  readonly seals: ReadonlySet<number>;
  /** Indexes of the raises of exceptions that ended the program or a thread. */
  readonly uncaught: readonly number[];
  /** What was found for a place. */
  readonly known: Map<string, readonly number[]>;
}

/** Indexes at which a breakpoint stops, ascending. Conditions are not asked. */
export function naiveHits(history: NaiveHistory, breakpoint: Breakpoint): readonly number[] {
  const key = JSON.stringify(breakpoint.place);
  const places = history.known.get(key) ?? [...new Set(placesOf(history, breakpoint))].toSorted((a, b) => a - b);
  history.known.set(key, places);
  const wanted = breakpoint.hitCondition;
  if (wanted === undefined) return places;
  return places.filter((_, index) => {
    const number = index + 1;
    const { operator, count } = wanted;
    const answers = {
      "==": number === count,
      ">=": number >= count,
      ">": number > count,
      "<=": number <= count,
      "<": number < count,
      "%": number % count === 0,
    };
    return answers[operator];
  });
}

function placesOf(history: NaiveHistory, { place }: Breakpoint): readonly number[] {
  const { rows, uncaught } = history;
  const indexes = rows.map((_, index) => index);
  switch (place.kind) {
    case "line":
      return indexes.filter((index) => isOn(history, index, place.file, place.line));
    case "function":
      return indexes.filter((index) => isFirstStep(history, index) && isCalled(codeAt(history, index), place.name));
    case "return":
      return indexes.filter(
        (index) => rows[index]?.event.op === "return" && isCalled(codeAt(history, index), place.name),
      );
    case "returnAt":
      return [];
    case "exception":
      if (place.when === "uncaught") return uncaught;
      return place.when === "userUncaught" ? escapes(history) : indexes.filter((index) => isOrigin(rows[index]?.event));
    case "data":
      return changes(history, place.target);
  }
}

function isOn(history: NaiveHistory, index: number, file: string, line: number): boolean {
  const event = history.rows[index]?.event;
  const code = codeAt(history, index);
  return event?.op === "line" && code?.file === file && code.lines[event.offset] === line;
}

/** The code of the frame that an event is about: of a RETURN the one that left. */
function codeAt({ rows, codes }: NaiveHistory, index: number): TestCode | undefined {
  const frame = rows[index]?.frame;
  const call = rows.find(({ event }) => event.op === "call" && event.frame === frame)?.event;
  return frame === undefined || call?.op !== "call" ? undefined : codes.get(call.code);
}

function isFirstStep({ rows }: NaiveHistory, index: number): boolean {
  const row = rows[index];
  if (row?.event.op !== "line") return false;
  return !rows.slice(0, index).some(({ event, frame }) => event.op === "line" && frame === row.frame);
}

/** The code objects of the tests that are functions; their names are dotted by hand. */
function isCalled(code: TestCode | undefined, name: string): boolean {
  if (code === undefined || code.name === "<module>") return false;
  const dotted = `.${code.file.replace(".py", "").replaceAll("/", ".")}.${code.name}`;
  return dotted.endsWith(`.${name}`);
}

function isOrigin(event: RecordedEvent | undefined): boolean {
  return event?.op === "raise" && !event.fromCall;
}

const control = new Set(["line", "call", "return", "yield", "resume", "throw", "unwind", "raise", "handled"]);

/** Raises of exceptions that left a frame after which its thread went on in another way. */
function escapes({ rows }: NaiveHistory): readonly number[] {
  return rows.flatMap((row, index) => {
    if (row.event.op !== "unwind" || row.event.value.kind !== "object") return [];
    const { object } = row.event.value;
    const next = rows
      .slice(index + 1)
      .find(
        ({ event, thread }) =>
          (control.has(event.op) && thread === row.thread) ||
          (event.op === "threadEnd" && event.thread === row.thread) ||
          (event.op === "end" && thread === row.thread),
      )?.event;
    if (next === undefined) return [];
    const comesBack = next.op === "raise" || next.op === "unwind";
    if (comesBack && next.value.kind === "object" && next.value.object === object) return [];
    const raise = rows.findLastIndex(
      ({ event }, place) =>
        place < index &&
        event.op === "raise" &&
        !event.fromCall &&
        event.value.kind === "object" &&
        event.value.object === object,
    );
    return [raise < 0 ? index : raise];
  });
}

const changing = new Set([
  "write",
  "delete",
  "writeIn",
  "itemSet",
  "append",
  "splice",
  "length",
  "attributeSet",
  "attributeDelete",
  "bytesSplice",
  "type",
  "class",
  "unknown",
  "cellSet",
]);
const silent = new Set(["new", "frame", "known", "dead", "generator"]);

function isChanging(event: RecordedEvent | undefined): boolean {
  if (event === undefined) return false;
  return changing.has(event.op) || (event.op === "contents" && event.why !== 1);
}

function isSilent(event: RecordedEvent | undefined): boolean {
  return event !== undefined && (silent.has(event.op) || (event.op === "contents" && event.why === 1));
}

/** The ends of the runs of changes of which one touches the target. */
function changes(history: NaiveHistory, target: DataTarget): readonly number[] {
  const { rows, seals } = history;
  return rows.flatMap((_, index) => {
    if (!touches(history, index, target)) return [];
    let end = index;
    for (let next = index + 1; next < rows.length && !seals.has(next); next++) {
      const event = rows[next]?.event;
      if (isChanging(event)) end = next;
      else if (!isSilent(event)) break;
    }
    return [end];
  });
}

function touches(history: NaiveHistory, index: number, target: DataTarget): boolean {
  const { event, frame } = history.rows[index] ?? {};
  if (event === undefined) return false;
  if (target.kind === "variable") {
    const written =
      event.op === "writeIn" ? event : event.op === "write" || event.op === "delete" ? { ...event, frame } : undefined;
    if (written?.frame !== target.frame) return false;
    const call = history.rows.find((row) => row.event.op === "call" && row.event.frame === target.frame)?.event;
    const code = call?.op === "call" ? history.codes.get(call.code) : undefined;
    return [...(code?.slots ?? []), ...(code?.free ?? [])][written.slot] === target.name;
  }
  if (!("object" in event) || event.object !== target.object || event.op === "new") return false;
  if (target.kind === "object") return isChanging(event);
  const before = history.rows[index - 1]?.state.objects.get(target.object);
  const after = history.rows[index]?.state.objects.get(target.object);
  return before !== undefined && partOf(before, target) !== partOf(after, target);
}

function partOf(object: NaiveObject | undefined, target: DataTarget): string {
  if (object === undefined) return "";
  if (target.kind === "attribute") return text(object.attributes.find(([name]) => name === target.name)?.[1]);
  if (target.kind !== "item") return "";
  if (object.kind === "dict" || object.kind === "namespace")
    return text(object.items.find(({ key }) => text(key) === text(target.key))?.value);
  const index = target.key.kind === "int" ? Number(target.key.value) : -1;
  return object.bytes === undefined ? text(object.items[index]?.value) : String(object.bytes[index]);
}

/** `sinceStep` of a value that was not recorded says where it stands, not what it is. */
function text(value: object | undefined): string {
  return (
    JSON.stringify(value, (key, one: unknown) =>
      key === "sinceStep" ? undefined : typeof one === "bigint" ? String(one) : one,
    ) ?? ""
  );
}
