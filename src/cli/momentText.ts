// How does a moment look in a terminal? Stack, the line with its neighbours, the variables and what changed.
import path from "node:path";
import type { MomentView, ShownVariable, StackLine } from "./momentView.ts";

/** Wraps text in terminal colours, or leaves it as it is. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
}

/** Colours for a terminal; plain text for files, pipes and where NO_COLOR is set. */
export function makeStyle(isColoured: boolean): Style {
  function wrap(code: number): (text: string) => string {
    return (text) => (isColoured ? `\u001B[${code}m${text}\u001B[0m` : text);
  }
  return { bold: wrap(1), dim: wrap(2), red: wrap(31), yellow: wrap(33) };
}

const contextLines = 2;
const widestValue = 100;

/** One line of a value; long ones are cut for the screen only, with a mark. */
function oneLine(text: string): string {
  const points = Array.from(text);
  return points.length <= widestValue ? text : `${points.slice(0, widestValue).join("")}…`;
}

function place(line: StackLine): string {
  return `${line.name} (${path.basename(line.file)}:${line.line})`;
}

/** Outermost call first, as a traceback reads; the middle of a deep stack is left out. */
function stackText(stack: readonly StackLine[], style: Style): string {
  const outermostFirst = stack.toReversed();
  const deep = outermostFirst.length > 8;
  const shown = deep ? [...outermostFirst.slice(0, 3), undefined, ...outermostFirst.slice(-4)] : outermostFirst;
  const left = deep ? `… ${outermostFirst.length - 7} more …` : "";
  const texts = shown.map((line, at) => {
    if (line === undefined) return style.dim(left);
    return at === shown.length - 1 ? style.bold(place(line)) : place(line);
  });
  return texts.join(" > ");
}

function sourceText(top: StackLine, lines: readonly string[] | undefined, style: Style): readonly string[] {
  if (lines === undefined) return [style.dim(`  (the recording has no text of ${top.file})`)];
  const first = Math.max(1, top.line - contextLines);
  const last = Math.min(lines.length, top.line + contextLines);
  const width = String(last).length;
  const texts: string[] = [];
  for (let line = first; line <= last; line++) {
    const text = `${String(line).padStart(width)} | ${lines[line - 1] ?? ""}`.trimEnd();
    texts.push(line === top.line ? style.yellow(`-> ${text}`) : style.dim(`   ${text}`));
  }
  return texts;
}

function isEarlier(view: MomentView, than: MomentView): boolean {
  return view.step < than.step || (view.step === than.step && view.event < than.event);
}

function variableText(
  variable: ShownVariable,
  before: MomentView | undefined,
  when: "later" | "earlier",
  width: number,
  style: Style,
): string[] {
  const was = before?.variables.find((one) => one.name === variable.name);
  function changed(now: string, then: string | undefined): string {
    const text = oneLine(now);
    return then === undefined || then === now
      ? text
      : `${style.bold(text)}  ${style.dim(`(${when} ${oneLine(then)})`)}`;
  }
  const lines = [`   ${variable.name.padEnd(width)} = ${changed(variable.value, was?.value)}`];
  for (const attribute of variable.attributes) {
    const then = was?.attributes.find((one) => one.name === attribute.name)?.value;
    lines.push(`   ${" ".repeat(width)}   .${attribute.name} = ${changed(attribute.value, then)}`);
  }
  return lines;
}

/** The innermost frame of another stop, when it is the same activation: only then can variables be compared. */
function comparable(view: MomentView, before: MomentView | undefined): MomentView | undefined {
  return before?.stack[0]?.frame === view.stack[0]?.frame ? before : undefined;
}

/**
 * Draws a moment. `lines` are the lines of the innermost frame's file; `before` is the stop that one comes from:
 * values that were different there say so.
 */
export function momentText(
  view: MomentView,
  lines: readonly string[] | undefined,
  style: Style,
  before?: MomentView,
): string {
  const top = view.stack[0];
  if (top === undefined) return `${style.dim("   (nothing runs here in this thread)")}\n`;
  const when = before !== undefined && isEarlier(view, before) ? "later" : "earlier";
  const width = Math.max(0, ...view.variables.map((one) => one.name.length));
  const texts = [
    `   ${stackText(view.stack, style)}`,
    ...sourceText(top, lines, style),
    ...(view.exception === undefined ? [] : [style.red(`   ${view.exception}`)]),
    ...(view.returnValue === undefined ? [] : [`   returned ${oneLine(view.returnValue)}`]),
    ...view.variables.flatMap((one) => variableText(one, comparable(view, before), when, width, style)),
  ];
  return `${texts.join("\n")}\n`;
}
