// What do `info`, `steps` and `show` print?
import path from "node:path";
import type { Moment, TimeTravel } from "../travel/timeTravel.ts";
import type { MomentChoice } from "./commandLine.ts";
import { UsageError } from "./commandLine.ts";
import { makeStyle, momentText } from "./momentText.ts";
import { sourceLines, viewMoment } from "./momentView.ts";
import { valueTextsOf } from "./valueTexts.ts";

type Write = (text: string) => void;

function plural(count: number, word: string): string {
  return `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
}

function endText(travel: TimeTravel): string {
  const { complete, exitCode } = travel.summary;
  if (!complete) return "the program's end was not recorded";
  return exitCode === undefined ? "the program ended" : `the program ended with exit code ${exitCode}`;
}

/** `hindsight info`. */
export function reportInfo(travel: TimeTravel, json: boolean, write: Write): void {
  const { summary } = travel;
  if (json) {
    write(`${JSON.stringify(summary)}\n`);
    return;
  }
  const threads = summary.threads.map((thread) => thread.name).join(", ");
  if (summary.argv.length > 0) write(`${summary.argv.join(" ")}\n`);
  write(`  ${plural(summary.steps, "step")}, ${plural(summary.events, "event")}; ${endText(travel)}\n`);
  if (threads !== "") write(`  ${plural(summary.threads.length, "thread")}: ${threads}\n`);
  if (summary.python !== "") {
    write(`  Python ${summary.python}, recorded with ${summary.recorder}, in ${summary.cwd}\n`);
  }
  for (const note of summary.notes) write(`  note: ${note}\n`);
}

interface ListedStep {
  readonly step: number;
  readonly thread: number;
  readonly frame: number;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly text: string | undefined;
}

/** The first step is above 0 when the recording was cut. Throws `UsageError` when there is none. */
function keptSteps({ summary, first, last }: TimeTravel): { readonly first: number; readonly last: number } {
  if (summary.steps === 0) throw new UsageError("The recording has no steps.");
  return { first: first.step, last: last.step };
}

/** The numbers of steps that a range asks for; from 0 means from the first one that is kept. Throws `UsageError` when it lies outside the recording. */
function rangeOf(travel: TimeTravel, from: number, to: number | undefined): readonly [from: number, to: number] {
  const { first, last } = keptSteps(travel);
  if (from > last || (from < first && from > 0))
    throw new UsageError(`--from ${from} is not in the recording: it has steps ${first} to ${last}.`);
  return [Math.max(from, first), Math.min(to ?? last, last)];
}

/** `hindsight steps`. */
export function reportSteps(
  travel: TimeTravel,
  range: { readonly from: number; readonly to: number | undefined },
  json: boolean,
  write: Write,
): void {
  const [from, to] = rangeOf(travel, range.from, range.to);
  const texts = new Map<number, readonly string[] | undefined>();
  function textOf(source: number, line: number): string | undefined {
    if (!texts.has(source)) texts.set(source, sourceLines(travel, source));
    return texts.get(source)?.[line - 1];
  }
  const width = String(to).length;
  for (let step = from; step <= to; step++) {
    const moment = { step, event: 0 };
    const thread = travel.threadAt(moment);
    const top = travel.stackAt(moment, thread)[0];
    if (top === undefined) continue;
    const { line } = top.position;
    const text = textOf(top.source, line);
    const listed: ListedStep = { step, thread, frame: top.frame, name: top.qualifiedName, file: top.file, line, text };
    write(json ? `${JSON.stringify(listed)}\n` : stepText(listed, width, travel.summary.threads.length > 1));
  }
}

function stepText(listed: ListedStep, width: number, showThread: boolean): string {
  const thread = showThread ? ` [${listed.thread}]` : "";
  const place = `${path.basename(listed.file)}:${listed.line}`;
  return (
    `${String(listed.step).padStart(width)}${thread}  ${place}  ${listed.name}  ${(listed.text ?? "").trim()}`.trimEnd() +
    "\n"
  );
}

/** The moment that a user named. Throws `UsageError` when it is not in the recording. */
export function momentOf(travel: TimeTravel, choice: MomentChoice): Moment {
  const { first, last } = keptSteps(travel);
  if (choice.step < first || choice.step > last) {
    throw new UsageError(`Step ${choice.step} is not in the recording: it has steps ${first} to ${last}.`);
  }
  const end = travel.endOf(choice.step);
  if (choice.event === "last") return end;
  if (choice.event > end.event) {
    throw new UsageError(`Step ${choice.step} has events 0 to ${end.event}, so there is no event ${choice.event}.`);
  }
  return { step: choice.step, event: choice.event };
}

/** `hindsight show`. */
export function reportMoment(travel: TimeTravel, choice: MomentChoice, json: boolean, write: Write): void {
  const moment = momentOf(travel, choice);
  const thread = travel.threadAt(moment);
  const view = viewMoment(travel, valueTextsOf(travel), moment, thread);
  if (json) {
    write(`${JSON.stringify(view)}\n`);
    return;
  }
  const source = travel.stackAt(moment, thread)[0]?.source ?? 0;
  write(`step ${moment.step} of ${travel.last.step}${moment.event === 0 ? "" : `, event ${moment.event}`}\n`);
  const isColoured = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "";
  write(momentText(view, sourceLines(travel, source), makeStyle(isColoured)));
}
