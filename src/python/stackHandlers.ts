// What does each instruction do to the symbolic stack? One handler by name; an instruction without one forgets it all.
import { CALL_HANDLERS } from "./stackCalls.ts";
import { FLOW_HANDLERS } from "./stackFlow.ts";
import { NAME_HANDLERS } from "./stackNames.ts";
import { OBJECT_HANDLERS, operatorHandler } from "./stackObjects.ts";
import type { Handler } from "./symbolicStack.ts";

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ...NAME_HANDLERS,
  ...OBJECT_HANDLERS,
  ...CALL_HANDLERS,
  ...FLOW_HANDLERS,
]);

/** Undefined for an instruction that is not known. */
export function handlerOf(name: string): Handler | undefined {
  return HANDLERS.get(name) ?? operatorHandler(name);
}
