// `locations` and `hindsight/tasks`: where a value was made or a variable is declared, and which tasks there are.
import type { TasksResponse } from "../protocol/historyRequests.ts";
import type { CommandContext, Reply } from "./commands.ts";
import { find } from "./dataBreakpointRequests.ts";
import { JsonReader } from "./jsonReader.ts";
import { subjectOf } from "./pastSubjects.ts";
import { userError } from "./userErrors.ts";

/** In space: a function's or class's definition, else the line that wrote the value; or the variable's first binding. */
export function locations({ session }: CommandContext, args: JsonReader): Reply {
  const { view } = session;
  const { what, reference, name } = view.location(args.requiredInteger("locationReference"));
  const { past } = view.travel;
  const subject = new JsonReader({ variablesReference: reference, name });
  const { moment, place } = subjectOf(session, subject);
  const { value } = find(session, subject, name);
  const defined = what === "value" && value !== undefined ? past.definitionOf(moment, value) : undefined;
  const declared = what === "declaration" && place?.kind === "variable" ? past.declarationOf(moment, place) : undefined;
  const written = place === undefined ? undefined : past.lastWrite(moment, place)?.site.frame;
  const frame = defined ?? declared ?? written;
  if (frame === undefined) throw userError("noSource");
  const { source, line, column, endLine, endColumn } = view.placeOf(frame);
  const columns = column === undefined ? {} : { column, ...(endLine === undefined ? {} : { endLine, endColumn }) };
  return { body: { source, line, ...columns } };
}

/** Tasks of the current moment. */
export function tasks({ session }: CommandContext): Reply {
  session.requireStop();
  const { view, moment } = session;
  const found = view.travel.past.tasks(moment);
  const body: TasksResponse = {
    tasks: found.map(({ name, object, frames, isRunning, thread }) => ({
      name: name ?? frames[0]?.name ?? "",
      ...(object === 0 ? {} : { object }),
      frame: frames[0]?.frame ?? 0,
      state: isRunning ? "running" : "suspended",
      threadId: thread,
      stackFrames: frames.toReversed().map((frame) => view.stackFrameOf(moment, thread, frame)),
    })),
  };
  return { body };
}
