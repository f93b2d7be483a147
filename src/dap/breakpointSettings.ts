// What a client says about a breakpoint besides its place: condition, count, message; checked.
import type { JsonReader } from "./jsonReader.ts";
import { parseHitCondition, type HitCondition } from "../travel/breakpoints/hitCondition.ts";

export interface BreakpointSettings {
  readonly condition: string | undefined;
  readonly hitCondition: HitCondition | undefined;
  /** What a log point prints; undefined for a breakpoint that stops. */
  readonly message: string | undefined;
  /** Why it cannot be set. */
  readonly problem: string | undefined;
}

/** Blank texts count as absent, as clients send them for fields that were cleared. */
export function readSettings(reader: JsonReader): BreakpointSettings {
  const hits = filled(reader.text("hitCondition"));
  const hitCondition = hits === undefined ? undefined : parseHitCondition(hits);
  const isWrong = hits !== undefined && hitCondition === undefined;
  return {
    condition: filled(reader.text("condition")),
    hitCondition,
    message: filled(reader.text("logMessage")),
    problem: isWrong
      ? `A hit count is a number, or one of >=, >, <=, <, ==, % and a number: not \`${hits}\`.`
      : undefined,
  };
}

export const noSettings: BreakpointSettings = {
  condition: undefined,
  hitCondition: undefined,
  message: undefined,
  problem: undefined,
};

function filled(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text.trim();
}

const typeName = String.raw`[\p{ID_Start}_][\p{ID_Continue}]*(?:\.[\p{ID_Start}_][\p{ID_Continue}]*)*`;
const typesPattern = new RegExp(String.raw`^(${typeName}(?:\s*,\s*${typeName})*)\s*,?(?:\s+if\s+(.+))?$`, "su");

/**
 * The condition of an exception breakpoint: names of classes (`KeyError, shop.Refused`), an expression, or both
 * (`KeyError if __exception__.args[0] == 'x'`). One name that is no class's by its looks is an expression.
 */
export function readExceptionCondition(text: string | undefined): {
  readonly types: readonly string[] | undefined;
  readonly condition: string | undefined;
} {
  const wanted = filled(text);
  const match = wanted === undefined ? null : typesPattern.exec(wanted);
  const names = match?.[1]?.split(",").map((one) => one.trim()) ?? [];
  if (match === null || !names.every((one) => looksLikeClass(one))) return { types: undefined, condition: wanted };
  return { types: names, condition: match[2] };
}

function looksLikeClass(name: string): boolean {
  const last = name.split(".").at(-1) ?? "";
  return last !== "True" && last !== "False" && last !== "None" && /^_*\p{Lu}/u.test(last);
}
