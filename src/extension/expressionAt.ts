// Which expression stands under the cursor, so that the debugger may be asked for its value?
//
// Only names and dotted paths of names, up to the name that is pointed at; never a part of something else, as its
// value would be another one: not after a call or subscript (`f().x`), not in a string or comment, not the name of a
// keyword argument (`f(x=1)`). Replacement fields of f-strings are code.

export interface Expression {
  readonly text: string;
  /** Offsets into the source text, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** The path that ends in the name at `offset`; undefined when none stands there. */
export function expressionAt(source: string, offset: number): Expression | undefined {
  const [start, end] = nameAround(source, offset);
  if (start === end || startsWithDigit(source, start)) return undefined;
  const word = source.slice(start, end);
  if (keywords.has(word)) return undefined;
  const place = placeOf(source, start);
  if (place.kind === "text") return undefined;
  if (place.inCall && isKeywordArgument(source, start, end)) return undefined;
  const pathStart = startOfPath(source, start);
  if (pathStart === undefined) return undefined;
  return { text: source.slice(pathStart, end).replaceAll(/\s/g, ""), start: pathStart, end };
}

const namePart = /[\p{ID_Continue}_]/u;

function nameAround(source: string, offset: number): readonly [start: number, end: number] {
  let start = offset;
  let end = offset;
  while (start > 0 && namePart.test(source.charAt(start - 1))) start--;
  while (end < source.length && namePart.test(source.charAt(end))) end++;
  return [start, end];
}

function startsWithDigit(source: string, start: number): boolean {
  return /\d/.test(source.charAt(start));
}

/** Goes left over `name.name.`; undefined when the path begins with anything but a name. */
function startOfPath(source: string, nameStart: number): number | undefined {
  let start = nameStart;
  for (;;) {
    const dot = beforeSpaces(source, start);
    if (source.charAt(dot - 1) !== ".") return start;
    const [ownerStart, ownerEnd] = nameAround(source, beforeSpaces(source, dot - 1));
    if (ownerStart === ownerEnd || startsWithDigit(source, ownerStart)) return undefined;
    if (keywords.has(source.slice(ownerStart, ownerEnd))) return undefined;
    start = ownerStart;
  }
}

/** The offset after the last character before `offset` that is no space; lines are not crossed. */
function beforeSpaces(source: string, offset: number): number {
  let at = offset;
  while (at > 0 && (source.charAt(at - 1) === " " || source.charAt(at - 1) === "\t")) at--;
  return at;
}

/** Inside the parentheses of a call, a name before a single `=` that follows `(` or `,` names a parameter. */
function isKeywordArgument(source: string, start: number, end: number): boolean {
  const before = source.slice(0, start).trimEnd().at(-1);
  return (before === "(" || before === ",") && /^\s*=(?!=)/.test(source.slice(end));
}

type Place = { readonly kind: "code"; readonly inCall: boolean } | { readonly kind: "text" };

interface Nesting {
  /** What closes it: a bracket, or for a string its quotes. */
  readonly closer: string;
  readonly kind: "bracket" | "field" | "string" | "formatted";
}

/** Reads the source from its start, as Python's tokenizer would, for as long as it takes to know the place. O(offset). */
function placeOf(source: string, offset: number): Place {
  const open: Nesting[] = [];
  let at = 0;
  while (at < offset) {
    const inner = open.at(-1);
    if (inner?.kind === "string" || inner?.kind === "formatted") at = afterTextPiece(source, at, inner, open);
    else if (source.charAt(at) === "#") {
      const lineEnd = source.indexOf("\n", at);
      at = lineEnd === -1 ? source.length : lineEnd;
      if (at >= offset) return { kind: "text" };
    } else at = afterCodePiece(source, at, open);
  }
  const inner = open.at(-1);
  if (inner?.kind === "string" || inner?.kind === "formatted") return { kind: "text" };
  return { kind: "code", inCall: inner?.kind === "bracket" && inner.closer === ")" };
}

const brackets: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

const stringStart = /(?<prefix>[rR][bBfFtT]?|[bBfFtT][rR]?|[uU]|)(?<quotes>'''|"""|'|")/y;

function afterCodePiece(source: string, at: number, open: Nesting[]): number {
  const character = source.charAt(at);
  if (!namePart.test(source.charAt(at - 1)) || character === "'" || character === '"') {
    stringStart.lastIndex = at;
    const groups = stringStart.exec(source)?.groups;
    const prefix = groups?.["prefix"]?.toLowerCase();
    const quotes = groups?.["quotes"];
    if (prefix !== undefined && quotes !== undefined) {
      const kind = prefix.includes("f") || prefix.includes("t") ? "formatted" : "string";
      open.push({ closer: quotes, kind });
      return at + prefix.length + quotes.length;
    }
  }
  const closer = brackets.get(character);
  if (closer !== undefined) open.push({ closer, kind: "bracket" });
  else if (character === open.at(-1)?.closer) open.pop();
  return at + 1;
}

function afterTextPiece(source: string, at: number, inner: Nesting, open: Nesting[]): number {
  const character = source.charAt(at);
  if (character === "\\") return at + 2;
  if (source.startsWith(inner.closer, at)) {
    open.pop();
    return at + inner.closer.length;
  }
  // A string of one line that is not closed ends with its line: the source is being edited.
  if (character === "\n" && inner.closer.length === 1) open.pop();
  if (inner.kind === "formatted" && character === "{") {
    if (source.charAt(at + 1) === "{") return at + 2;
    open.push({ closer: "}", kind: "field" });
  }
  return at + 1;
}

const keywords: ReadonlySet<string> = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global " +
    "if import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);
