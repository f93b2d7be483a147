// Are the expressions of a breakpoint Python? Said when it is set, not only where it would stop.
import { parseLogMessage } from "../travel/breakpoints/logMessage.ts";
import { compileExpression } from "../travel/evaluate/evaluate.ts";
import type { BreakpointSettings } from "./breakpointSettings.ts";
import type { TimeSession } from "./timeSession.ts";

interface Asked {
  readonly what: "condition" | "log message";
  readonly expression: string;
}

/** A running program's own Python has the last word. */
export async function withCheckedExpressions<Wanted extends { readonly settings: BreakpointSettings }>(
  session: TimeSession,
  wanted: readonly Wanted[],
): Promise<readonly Wanted[]> {
  const checked: Wanted[] = [];
  for (const one of wanted) {
    const problem = one.settings.problem ?? (await firstProblem(session, one.settings));
    checked.push({ ...one, settings: { ...one.settings, problem } });
  }
  return checked;
}

async function firstProblem(session: TimeSession, settings: BreakpointSettings): Promise<string | undefined> {
  for (const { what, expression } of expressionsOf(settings)) {
    const problem = await problemOf(session, expression);
    if (problem !== undefined) return `The ${what} cannot be compiled: \`${expression}\`: ${problem}`;
  }
  return undefined;
}

function expressionsOf({ condition, message }: BreakpointSettings): readonly Asked[] {
  const parts = message === undefined ? [] : parseLogMessage(message);
  return [
    ...(condition === undefined ? [] : [{ what: "condition", expression: condition } as const]),
    ...parts.flatMap((part) =>
      part.kind === "expression" ? [{ what: "log message", expression: part.expression } as const] : [],
    ),
  ];
}

/** Python is asked about what our own parser refuses: it may be newer. */
async function problemOf(session: TimeSession, expression: string): Promise<string | undefined> {
  const compiled = compileExpression(expression);
  if (compiled.kind === "compiled") return undefined;
  const [answer] = (await session.live?.syntaxProblems([expression])) ?? [];
  if (answer === "") return undefined;
  return answer ?? `SyntaxError: ${compiled.message}`;
}
