// `setFunctionBreakpoints` and `setExceptionBreakpoints`.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { BreakpointPlace } from "../travel/timeTravel.ts";
import type { OtherBreakpoint } from "./breakpointBook.ts";
import { noSettings, readExceptionCondition, readSettings, type BreakpointSettings } from "./breakpointSettings.ts";
import type { Reply } from "./commands.ts";
import { withCheckedExpressions } from "./expressionCheck.ts";
import type { JsonReader } from "./jsonReader.ts";
import type { TimeSession } from "./timeSession.ts";
import { userError } from "./userErrors.ts";

interface Wanted {
  readonly place: BreakpointPlace;
  readonly settings: BreakpointSettings;
}

const returnPattern = /^return\s+(\S+)$/u;
const namePattern = /^[\p{ID_Start}_<][\p{ID_Continue}>]*(?:\.[\p{ID_Start}_<][\p{ID_Continue}>]*)*$/u;

/** A name, `Class.name`, `module.name`; with `return ` before it: where it returns. */
export async function setFunctionBreakpoints(session: TimeSession, args: JsonReader): Promise<Reply> {
  const read = args.objects("breakpoints").map((one): Wanted => {
    const name = one.requiredText("name").trim().replace(/\(\)$/u, "");
    const returned = returnPattern.exec(name)?.[1];
    const settings = readSettings(one);
    const problem = namePattern.test(returned ?? name) ? settings.problem : `\`${name}\` is no name of a function.`;
    const place =
      returned === undefined ? ({ kind: "function", name } as const) : ({ kind: "return", name: returned } as const);
    return { place, settings: { ...settings, problem } };
  });
  const set = session.breakpoints.replaceOthers("function", await withCheckedExpressions(session, read));
  await session.breakpointsChanged();
  return { body: { breakpoints: set.map((one) => functionAnswer(session, one)) } };
}

/** A function is found when it runs: before that nobody knows whether it exists. */
export function functionAnswer(
  session: TimeSession,
  { id, place, settings }: OtherBreakpoint,
): DebugProtocol.Breakpoint {
  if (settings.problem !== undefined) return { id, verified: false, message: settings.problem };
  const isKnown =
    (place.kind === "function" || place.kind === "return") &&
    session.isOpen &&
    session.view.travel.hasFunction(place.name);
  return isKnown ? { id, verified: true } : { id, verified: false, message: "No function of this name has run yet." };
}

const filters = ["raised", "uncaught", "userUncaught"] as const;

export async function setExceptionBreakpoints(session: TimeSession, args: JsonReader): Promise<Reply> {
  const plain = args.texts("filters").map((filter) => exceptionPlace(filter, undefined, noSettings));
  const conditional = args
    .objects("filterOptions")
    .map((one) => exceptionPlace(one.requiredText("filterId"), one.text("condition"), readSettings(one)));
  const options = args.objects("exceptionOptions").flatMap((one) => exceptionOption(one));
  const wanted = await withCheckedExpressions(session, [...plain, ...conditional, ...options]);
  const set = session.breakpoints.replaceOthers("exception", wanted);
  await session.breakpointsChanged();
  const answers = set.map(({ id, settings: { problem } }) => ({
    id,
    verified: problem === undefined,
    ...(problem === undefined ? {} : { message: problem }),
  }));
  return { body: { breakpoints: answers } };
}

function exceptionPlace(filter: string, text: string | undefined, settings: BreakpointSettings): Wanted {
  const when = filters.find((one) => one === filter);
  if (when === undefined)
    throw userError("badRequest", { command: "setExceptionBreakpoints", problem: `there is no filter ${filter}.` });
  const { types, condition } = readExceptionCondition(text);
  return { place: { kind: "exception", when, types }, settings: { ...settings, condition, message: undefined } };
}

/** `path`: the last segment names the classes; those before it are groups, which Python does not have. */
function exceptionOption(option: JsonReader): readonly Wanted[] {
  const mode = option.oneOf("breakMode", ["never", "always", "unhandled", "userUnhandled"]) ?? "never";
  if (mode === "never") return [];
  const names = option.objects("path").at(-1)?.texts("names") ?? [];
  const when = { always: "raised", unhandled: "uncaught", userUnhandled: "userUncaught" } as const;
  return [
    {
      place: { kind: "exception", when: when[mode], types: names.length === 0 ? undefined : names },
      settings: noSettings,
    },
  ];
}
