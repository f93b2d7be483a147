// Which expression of a call became a parameter's value? Names of keywords and bound methods are not in the bytecode
// that is recorded, so the values that the callee got decide.
import type { CodeObjectWrapper } from "../python/codeObject.ts";
import type { Operand } from "../python/operand.ts";
import { isSameValue } from "./places.ts";
import type { Value } from "./timeTravel.ts";

type Call = Extract<Operand, { readonly kind: "call" }>;

/** Undefined for a default, and for what stars collect. */
export function argumentOf(
  call: Call,
  callee: CodeObjectWrapper,
  name: string,
  write: { readonly value: Value | undefined },
  valueOf: (operand: Operand) => Value | undefined,
): Operand | undefined {
  const { value } = write;
  const index = callee.fields.variableNames.indexOf(name);
  if (call.isSpread || value === undefined || index < 0) return undefined;
  const positional = call.args;
  const candidates: (Operand | undefined)[] = [];
  const isMethod = call.callee.kind === "attribute";
  if (index < callee.fields.argumentCount) {
    // A method's and a class's first parameter is not among the arguments.
    candidates.push(
      positional[index],
      index > 0 ? positional[index - 1] : isMethod ? receiverOf(call.callee) : undefined,
    );
  }
  candidates.push(...call.args);
  const exact = candidates.find((one) => {
    const seen = one === undefined ? undefined : valueOf(one);
    return seen !== undefined && isSameValue(seen, value);
  });
  if (exact !== undefined) return exact;
  // The value of a nested call or a computation cannot always be had.
  if (call.keywords.length > 0) return undefined;
  const byPlace = isMethod || isBoundByClass(callee) ? positional[index - 1] : positional[index];
  return byPlace !== undefined && valueOf(byPlace) === undefined ? byPlace : undefined;
}

function receiverOf(callee: Operand): Operand | undefined {
  return callee.kind === "attribute" ? callee.of : undefined;
}

function isBoundByClass(callee: CodeObjectWrapper): boolean {
  return callee.fields.name === "__init__" || callee.fields.name === "__new__";
}
