// Which `output` events are messages of log points? Those that name their breakpoint and the moment.
import { isRecord } from "./answers.ts";
import type { LogPointHit } from "./resultItems.ts";

/** Undefined for any other output. */
export function logPointHit(body: unknown): LogPointHit | undefined {
  if (!isRecord(body) || !isRecord(body["data"])) return undefined;
  const { moment, breakpointId } = body["data"];
  if (typeof breakpointId !== "number" || !isRecord(moment)) return undefined;
  const { step, event } = moment;
  if (typeof step !== "number" || typeof event !== "number") return undefined;
  const { output, line, source } = body;
  const path = isRecord(source) && typeof source["path"] === "string" ? source["path"] : undefined;
  const file = path?.split(/[\\/]/).at(-1);
  return {
    text: typeof output === "string" ? output.trimEnd() : "",
    moment: { step, event },
    place: file === undefined || typeof line !== "number" ? "" : `${file}:${line}`,
  };
}
