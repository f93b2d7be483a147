// How the values of a line's variables read beside it.
import type { InlineValuesResponse } from "../protocol/customRequests.ts";
import type { Answer } from "./answer.ts";

export type LineValue = InlineValuesResponse["lines"][number]["values"][number];

const longestValue = 60;
const longestLine = 200;

/** `price = 30, result = 12`; what would be too long ends with an ellipsis. */
export function inlineText(values: readonly Answer<LineValue>[]): string {
  const texts = values.map((one) => `${one.text("name") ?? ""} = ${cut(one.text("value") ?? "", longestValue)}`);
  return cut(texts.join(", "), longestLine);
}

function cut(text: string, longest: number): string {
  const line = text.replaceAll(/\s*\n\s*/g, " ");
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
