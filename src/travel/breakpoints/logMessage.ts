// The message of a log point: text and `{expressions}`.

export type MessagePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "expression"; readonly expression: string };

/** `{{` and `}}` stand for braces. Braces and quotes inside an expression are its own; one that is not closed is text. */
export function parseLogMessage(message: string): readonly MessagePart[] {
  const parts: MessagePart[] = [];
  let text = "";
  for (let at = 0; at < message.length; at++) {
    const character = message[at] ?? "";
    if ((character === "{" || character === "}") && message[at + 1] === character) {
      text += character;
      at++;
      continue;
    }
    const end = character === "{" ? endOfExpression(message, at + 1) : -1;
    const expression = end < 0 ? "" : message.slice(at + 1, end).trim();
    if (expression === "") {
      text += character;
      continue;
    }
    if (text !== "") parts.push({ kind: "text", text });
    text = "";
    parts.push({ kind: "expression", expression });
    at = end;
  }
  if (text !== "") parts.push({ kind: "text", text });
  return parts;
}

/** Index of the brace that closes an expression; -1 for none. */
function endOfExpression(message: string, start: number): number {
  let depth = 0;
  let quote = "";
  for (let at = start; at < message.length; at++) {
    const character = message[at] ?? "";
    if (quote !== "") {
      if (character === "\\") at++;
      else if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "{" || character === "[" || character === "(") depth++;
    else if (character === "}" && depth === 0) return at;
    else if (character === "}" || character === "]" || character === ")") depth--;
  }
  return -1;
}
