// `setBreakpoints` and `breakpointLocations`: judges each line by the tables of the code objects, and tells Python before
// it answers.
import path from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { linesOnDisk, type SourceBreakpoint, type WantedLine } from "./breakpointBook.ts";
import { readSettings } from "./breakpointSettings.ts";
import type { Reply } from "./commands.ts";
import { withCheckedExpressions } from "./expressionCheck.ts";
import type { JsonReader } from "./jsonReader.ts";
import type { CodeLines } from "./lineVerdict.ts";
import { fileKey } from "./sources.ts";
import type { TimeSession } from "./timeSession.ts";
import { userError } from "./userErrors.ts";

export async function setBreakpoints(session: TimeSession, args: JsonReader, firstLine: 0 | 1): Promise<Reply> {
  const file = wantedFile(session, args.requiredObject("source"), "setBreakpoints");
  const read = args.objects("breakpoints").map((one): WantedLine => ({
    line: one.requiredInteger("line") + 1 - firstLine,
    mode: one.oneOf("mode", ["line", "return"]) ?? "line",
    settings: readSettings(one),
  }));
  const wanted = await withCheckedExpressions(session, read);
  const code = await codeLines(session, file);
  const judged = session.breakpoints.replace(file, wanted, code, recordedLines(session, file) ?? linesOnDisk(file));
  await session.breakpointsChanged();
  return { body: { breakpoints: judged.map((one) => answer(one, firstLine)) } };
}

/** Where a breakpoint may be set: whole lines. */
export async function breakpointLocations(session: TimeSession, args: JsonReader, firstLine: 0 | 1): Promise<Reply> {
  const file = wantedFile(session, args.requiredObject("source"), "breakpointLocations");
  const first = args.requiredInteger("line") + 1 - firstLine;
  const last = (args.integer("endLine") ?? args.requiredInteger("line")) + 1 - firstLine;
  const code = await codeLines(session, file);
  const lines = code?.lines.filter((line) => line >= first && line <= last) ?? [];
  return { body: { breakpoints: lines.map((line) => ({ line: line - 1 + firstLine })) } };
}

/** Judges anew what could not be judged when it was set; gives what has changed. */
export async function judgeAgain(session: TimeSession, firstLine: 0 | 1): Promise<readonly DebugProtocol.Breakpoint[]> {
  const changed: DebugProtocol.Breakpoint[] = [];
  for (const { file, breakpoints } of session.breakpoints.unjudgedFiles()) {
    const code = await codeLines(session, file);
    if (code === undefined) continue;
    const wanted = breakpoints.map(({ wantedLine, mode, settings }) => ({ line: wantedLine, mode, settings }));
    const text = recordedLines(session, file) ?? linesOnDisk(file);
    changed.push(...session.breakpoints.replace(file, wanted, code, text).map((one) => answer(one, firstLine)));
  }
  if (changed.length > 0) await session.breakpointsChanged();
  return changed;
}

function wantedFile(session: TimeSession, source: JsonReader, command: string): string {
  const reference = source.integer("sourceReference") ?? 0;
  const recorded = reference > 0 && session.isOpen ? session.view.travel.sourceText(reference)?.file : undefined;
  const file = recorded ?? source.text("path");
  if (file === undefined) throw userError("badRequest", { command, problem: "`source.path` is missing." });
  return file.startsWith("<") ? file : fileKey(file, path.resolve("."));
}

function answer(breakpoint: SourceBreakpoint, firstLine: 0 | 1): DebugProtocol.Breakpoint {
  const line = (breakpoint.line ?? breakpoint.wantedLine) - 1 + firstLine;
  const { id, isVerified: verified, message } = breakpoint;
  return { id, verified, line, ...(message === undefined ? {} : { message }) };
}

/** Recorded text of a file, as lines; undefined when it is not in the recording. */
function recordedLines(session: TimeSession, file: string): readonly string[] | undefined {
  if (!session.isOpen) return undefined;
  const { view } = session;
  for (const name of view.recordedNames(file)) {
    const source = view.travel.sourceOf(name);
    const text = source === undefined ? undefined : view.travel.sourceText(source)?.text;
    if (text !== undefined) return text.split(/\r\n|\r|\n/u);
  }
  return undefined;
}

/** undefined: nobody can say yet. The program's own Python knows best, as long as the file is what it runs. */
async function codeLines(session: TimeSession, file: string): Promise<CodeLines | undefined> {
  if (!session.isOpen) return undefined;
  const { view, live } = session;
  const names = view.recordedNames(file);
  const isUnchanged = names.every((name) => view.sources.matchesDisk(name));
  const compiled = isUnchanged && !file.startsWith("<") ? await session.compiledLines(file) : undefined;
  if (compiled !== undefined) return compiled;
  const lines = [...new Set(names.flatMap((name) => view.travel.breakableLines(name)))].toSorted((a, b) => a - b);
  const mayStillLoad = live !== undefined && live.state !== "ended" && lines.length === 0;
  return mayStillLoad ? undefined : { lines, isWhole: false };
}
