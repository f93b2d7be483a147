// String literals that stand side by side, with the replacement fields of f-strings.
import type { SyntaxNode } from "@lezer/common";
import type { Conversion, Expression, StringPart } from "./ast.ts";
import { plainString, problem, stringToken, unescaped } from "./literals.ts";
import { childrenOf, type Reader } from "./syntaxTree.ts";
import { bytes, str } from "./values.ts";

export function stringExpression(reader: Reader, node: SyntaxNode): Expression {
  const span = { from: node.from, to: node.to };
  const tokens = node.name === "ContinuedString" ? childrenOf(node) : [node];
  if (tokens.some((token) => token.name === "FormatString")) {
    const parts = tokens.flatMap((token) => partsOf(reader, token));
    return { kind: "formatted", parts, ...span };
  }
  const values = tokens.map((token) => plainString(reader.text(token)));
  const texts = values.flatMap((value) => (value.kind === "str" ? [value.text] : []));
  const raw = values.flatMap((value) => (value.kind === "bytes" ? [...value.bytes] : []));
  if (texts.length === values.length) return { kind: "constant", value: str(texts.join("")), ...span };
  if (texts.length > 0) return problem("Text and bytes stand side by side.");
  return { kind: "constant", value: bytes(raw), ...span };
}

function partsOf(reader: Reader, token: SyntaxNode): readonly StringPart[] {
  const text = reader.text(token);
  if (token.name !== "FormatString") {
    const value = plainString(text);
    return value.kind === "str" ? [{ kind: "text", text: value.text }] : problem("Text and bytes stand side by side.");
  }
  const { isRaw, from, to } = stringToken(text);
  return pieces(reader, token, token.from + from, token.from + to, isRaw, false);
}

/** Text and replacement fields between two places of the source. */
function pieces(
  reader: Reader,
  node: SyntaxNode,
  from: number,
  to: number,
  isRaw: boolean,
  isSpec: boolean,
): readonly StringPart[] {
  const parts: StringPart[] = [];
  let at = from;
  function textUntil(end: number): void {
    const raw = source(reader, node, at, end);
    if (!isSpec && /(?:^|[^}])(?:\}\})*\}(?:$|[^}])/u.test(raw)) problem("A single } stands in an f-string.");
    const unbraced = isSpec ? raw : raw.replaceAll("{{", "{").replaceAll("}}", "}");
    if (unbraced !== "") parts.push({ kind: "text", text: isRaw ? unbraced : unescaped(unbraced, false) });
  }
  for (const field of childrenOf(node).filter((child) => child.name === "FormatReplacement")) {
    textUntil(field.from);
    parts.push(...replacement(reader, field, isRaw));
    at = field.to;
  }
  textUntil(to);
  return parts;
}

function source(reader: Reader, node: SyntaxNode, from: number, to: number): string {
  return reader.text(node).slice(from - node.from, to - node.from);
}

function conversionOf(text: string): Conversion {
  const letter = text.slice(1).trim();
  if (letter === "r" || letter === "s" || letter === "a") return letter;
  return problem("An f-string converts with !r, !s or !a.");
}

function replacement(reader: Reader, field: SyntaxNode, isRaw: boolean): readonly StringPart[] {
  const inside = childrenOf(field).slice(1, -1);
  function isMark(node: SyntaxNode): boolean {
    return node.name === "FormatConversion" || node.name === "FormatSpec" || node.name === "FormatSelfDoc";
  }
  const value = reader.bare(inside.filter((node) => !isMark(node)));
  const selfDoc = inside.find((node) => node.name === "FormatSelfDoc");
  const spec = inside.find((node) => node.name === "FormatSpec");
  const marked = inside.find((node) => node.name === "FormatConversion");
  const explicit = marked === undefined ? undefined : conversionOf(reader.text(marked));
  const conversion = explicit ?? (selfDoc !== undefined && spec === undefined ? "r" : undefined);
  const part: StringPart = {
    kind: "replacement",
    value,
    conversion,
    spec: spec === undefined ? undefined : pieces(reader, spec, spec.from + 1, spec.to, isRaw, true),
  };
  if (selfDoc === undefined) return [part];
  const next = inside[inside.indexOf(selfDoc) + 1];
  const end = next?.from ?? field.to - 1;
  return [{ kind: "text", text: source(reader, field, field.from + 1, end) }, part];
}
