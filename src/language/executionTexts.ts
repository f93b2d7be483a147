// How execution counts read in the editor: a code lens over each function that ran, a sentence on hover.
// Lines of the recording are one-based, those of the language server protocol zero-based.
import type { CodeLens, Hover } from "vscode-languageserver";
import type { ExecutionCountsResponse } from "../protocol/customRequests.ts";

/** One lens for each function that ran, at its first line; functions that share a line share a lens. */
export function codeLenses(counts: ExecutionCountsResponse): CodeLens[] {
  const callsByLine = new Map<number, { readonly name: string; readonly calls: number }[]>();
  for (const { name, line, calls } of counts.functions) {
    if (calls === 0 || line < 1) continue;
    const here = callsByLine.get(line);
    if (here === undefined) callsByLine.set(line, [{ name, calls }]);
    else here.push({ name, calls });
  }
  return [...callsByLine].map(([line, functions]) => ({
    range: { start: { line: line - 1, character: 0 }, end: { line: line - 1, character: 0 } },
    command: { title: lensTitle(functions), command: "" },
  }));
}

function lensTitle(functions: readonly { readonly name: string; readonly calls: number }[]): string {
  const [first] = functions;
  if (first !== undefined && functions.length === 1) return `ran ${times(first.calls)}`;
  return functions.map(({ name, calls }) => `${name} ran ${times(calls)}`).join(", ");
}

/** Undefined where the line has no code that ran. */
export function hoverAtLine(counts: ExecutionCountsResponse, zeroBasedLine: number): Hover | undefined {
  const entry = counts.lines.find(({ line }) => line === zeroBasedLine + 1);
  if (entry === undefined || entry.count === 0) return undefined;
  return { contents: { kind: "markdown", value: `This line ran ${times(entry.count)}.` } };
}

/** "once", "42 times", "1,000,000 times". */
export function times(count: number): string {
  return count === 1 ? "once" : `${count.toLocaleString("en-US")} times`;
}
