// `hindsight/inlineValues`: what can stand beside each line of a frame's code? Values are those of the variables view:
// nothing of the program runs.
import type { InlineValuesResponse } from "../protocol/customRequests.ts";
import type { CommandContext, Reply } from "./commands.ts";
import type { JsonReader } from "./jsonReader.ts";
import type { Page, RecordingView } from "./recordingView.ts";

const everything: Page = { filter: undefined, start: 0, count: 0 };

/** What a name is that was defined or imported, nobody wants to read again at each use. */
const definitions: ReadonlySet<string> = new Set(["function", "type", "module", "builtin_function_or_method"]);

export function inlineValues({ session, firstLine }: CommandContext, args: JsonReader): Reply {
  session.requireStop();
  const { view } = session;
  const frameId = args.requiredInteger("frameId");
  const { moment, frame } = view.frame(frameId);
  const shown = view.travel.frameAt(moment, frame);
  const values = valuesOf(view, frameId);
  const lines = [...view.travel.past.variablesByLine(frame)].flatMap(([line, names]) => {
    const here = [...names].flatMap((name) => {
      const value = values.get(name);
      return value === undefined ? [] : [{ name, value }];
    });
    return here.length === 0 ? [] : [{ line: line - 1 + firstLine, values: here }];
  });
  const sourceMatches = shown !== undefined && view.sources.matchesDisk(shown.file);
  return { body: { sourceMatches, lines } satisfies InlineValuesResponse };
}

/** By name; a variable of the frame itself hides one of the function around it. */
function valuesOf(view: RecordingView, frameId: number): ReadonlyMap<string, string> {
  const scopes = view.scopes(frameId).filter(({ name }) => name === "Closure" || name === "Locals");
  const values = new Map<string, string>();
  for (const { variablesReference } of scopes.toReversed())
    for (const { name, value, type } of view.variables(variablesReference, everything, () => true))
      if (!definitions.has((type ?? "").replace(/ #\d+$/u, ""))) values.set(name, value);
  return values;
}
