// `completions`: what can be written next in the debug console, at the moment that is shown.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { completionsOf, type Completion } from "../travel/evaluate/completion.ts";
import type { CommandContext, Reply } from "./commands.ts";
import { moduleFrame } from "./evaluateRequest.ts";
import type { JsonReader } from "./jsonReader.ts";

const types: Readonly<Record<Completion["kind"], DebugProtocol.CompletionItemType>> = {
  variable: "variable",
  function: "function",
  class: "class",
  property: "property",
  method: "method",
  keyword: "keyword",
};

export function completions({ session, firstColumn }: CommandContext, args: JsonReader): Reply {
  session.requireStop();
  const line = textUntilCursor(args, firstColumn);
  const frameId = args.integer("frameId");
  const handle = frameId === undefined ? moduleFrame(session) : session.view.frame(frameId);
  if (handle === undefined) return { body: { targets: [] } };
  const { view } = session;
  const found = completionsOf(line, view.environment(handle), view.namesInScope(handle));
  const targets = found.names.map(({ name, kind }) => ({
    label: name,
    type: types[kind],
    start: found.from + firstColumn,
    length: line.length - found.from,
  }));
  return { body: { targets } };
}

/** `column` is where the cursor stands, in UTF-16 units of the line. */
function textUntilCursor(args: JsonReader, firstColumn: 0 | 1): string {
  const text = args.requiredText("text");
  const row = (args.integer("line") ?? 1) - 1;
  const line = text.split("\n")[Math.max(row, 0)] ?? text;
  return line.slice(0, Math.max(args.requiredInteger("column") - firstColumn, 0));
}
