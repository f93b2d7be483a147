// `setBreakpoints`: judges each line by the tables of the code objects, and tells Python before it answers.
import path from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { linesOnDisk, type Breakpoint, type CodeLines } from "./breakpointBook.ts";
import type { Reply } from "./commands.ts";
import type { JsonReader } from "./jsonReader.ts";
import { fileKey } from "./sources.ts";
import type { TimeSession } from "./timeSession.ts";
import { userError } from "./userErrors.ts";

/** Settings of a source breakpoint that this version does not have. */
const unsupported = ["condition", "hitCondition", "logMessage"] as const;

export async function setBreakpoints(session: TimeSession, args: JsonReader, firstLine: 0 | 1): Promise<Reply> {
  const file = wantedFile(session, args.requiredObject("source"));
  const wanted = args.objects("breakpoints");
  const refused = wanted.map((one) => unsupported.find((name) => one.has(name)));
  const lines = wanted.map((one) => one.requiredInteger("line") + 1 - firstLine);
  const judged = session.breakpoints.replace(
    file,
    lines.filter((_, index) => refused[index] === undefined),
    await codeLines(session, file),
    recordedLines(session, file) ?? linesOnDisk(file),
  );
  await session.live?.setBreakpoints(session.breakpoints.places());
  const standing = [...judged];
  const answers = refused.map((name, index) => {
    const breakpoint = name === undefined ? standing.shift() : undefined;
    return breakpoint === undefined ? refusal(name ?? "", lines[index] ?? 1, firstLine) : answer(breakpoint, firstLine);
  });
  return { body: { breakpoints: answers } };
}

/** Judges anew what could not be judged when it was set; gives what has changed. */
export async function judgeAgain(session: TimeSession, firstLine: 0 | 1): Promise<readonly DebugProtocol.Breakpoint[]> {
  const changed: DebugProtocol.Breakpoint[] = [];
  for (const { file, breakpoints } of session.breakpoints.unjudgedFiles()) {
    const code = await codeLines(session, file);
    if (code === undefined) continue;
    const lines = breakpoints.map((one) => one.wantedLine);
    const text = recordedLines(session, file) ?? linesOnDisk(file);
    changed.push(...session.breakpoints.replace(file, lines, code, text).map((one) => answer(one, firstLine)));
  }
  if (changed.length > 0) await session.live?.setBreakpoints(session.breakpoints.places());
  return changed;
}

function wantedFile(session: TimeSession, source: JsonReader): string {
  const reference = source.integer("sourceReference") ?? 0;
  const recorded = reference > 0 && session.isOpen ? session.view.travel.sourceText(reference)?.file : undefined;
  const file = recorded ?? source.text("path");
  if (file === undefined)
    throw userError("badRequest", { command: "setBreakpoints", problem: "`source.path` is missing." });
  return file.startsWith("<") ? file : fileKey(file, path.resolve("."));
}

function answer(breakpoint: Breakpoint, firstLine: 0 | 1): DebugProtocol.Breakpoint {
  const line = (breakpoint.line ?? breakpoint.wantedLine) - 1 + firstLine;
  const { id, isVerified: verified, message } = breakpoint;
  return { id, verified, line, ...(message === undefined ? {} : { message }) };
}

function refusal(name: string, line: number, firstLine: 0 | 1): DebugProtocol.Breakpoint {
  return { verified: false, line: line - 1 + firstLine, message: `Breakpoints with \`${name}\` are not supported.` };
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
