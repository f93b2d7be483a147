// What does a name of a frame stand for, when its changes are watched? A slot of the activation, or a name of a namespace.
import { brand } from "../../base/brand.ts";
import type { CodeId } from "../../python/codeObject.ts";
import type { History } from "../history.ts";
import type { Views } from "../views.ts";
import type { DataTarget } from "./breakpoint.ts";

/** The frame's own variables come first, then the names of a module or a class body, then globals. */
export function variableTarget(
  history: History,
  views: Views,
  event: number,
  frame: number,
  name: string,
): DataTarget | undefined {
  const live = views.liveNear(event, frame);
  const code = live === undefined ? undefined : history.recording.registry.get(brand<CodeId>(live.code));
  if (live === undefined || code === undefined) return undefined;
  const { globals, mapping } = live;
  if (mapping > 0 && hasName(views, event, mapping, name)) return named(mapping, name);
  if (code.slots.some((slot) => slot.name === name)) return { kind: "variable", frame, name };
  if (globals > 0 && hasName(views, event, globals, name)) return named(globals, name);
  return undefined;
}

function hasName(views: Views, event: number, namespace: number, name: string): boolean {
  const entries = views.object(event, namespace)?.entries ?? [];
  return entries.some(([key]) => key.kind === "str" && key.text === name);
}

function named(object: number, name: string): DataTarget {
  return { kind: "item", object, key: { kind: "str", text: name, total: Array.from(name).length, truncated: false } };
}
