// Which part of Python can be evaluated over a recording? Names, attributes, subscripts and literals.
// The parser refuses everything else by name; nothing is evaluated here.

export type Literal =
  | { readonly kind: "none" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "str"; readonly text: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "ellipsis" };

export type PathExpression =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "literal"; readonly value: Literal }
  | { readonly kind: "tuple"; readonly items: readonly PathExpression[] }
  | { readonly kind: "attribute"; readonly of: PathExpression; readonly name: string }
  | { readonly kind: "subscript"; readonly of: PathExpression; readonly key: PathExpression };

/** The expression is not a path; the message says what was found. */
export class NotAPathError extends Error {
  override readonly name = "NotAPathError";
}

type Token =
  | { readonly kind: "name"; readonly text: string }
  | { readonly kind: "literal"; readonly value: Literal }
  | { readonly kind: "mark"; readonly text: string }
  | { readonly kind: "end" };

const keywords: ReadonlySet<string> = new Set(
  (
    "and as assert async await break class continue def del elif else except finally for from global if import in is " +
    "lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

const constants: ReadonlyMap<string, Literal> = new Map([
  ["None", { kind: "none" }],
  ["True", { kind: "bool", value: true }],
  ["False", { kind: "bool", value: false }],
]);

const patterns = {
  space: /\s+/uy,
  string: /(?<prefix>[bBrRuU]{0,2})(?<quote>'|")(?<body>(?:\\[\s\S]|(?!\k<quote>)[^\\\n])*)\k<quote>/uy,
  number:
    /(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*)?\.\d[\d_]*(?:[eE][+-]?\d+)?|\d[\d_]*\.?(?:[eE][+-]?\d+)?)/uy,
  name: /[\p{ID_Start}_][\p{ID_Continue}]*/uy,
  ellipsis: /\.\.\./uy,
  mark: /[-+.,()[\]]/uy,
} as const;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const escape =
  /\\(?:x(?<x>[\da-fA-F]{2})|u(?<u>[\da-fA-F]{4})|U(?<U>[\da-fA-F]{8})|(?<octal>[0-7]{1,3})|(?<simple>[\s\S]))/gu;

function unescaped(body: string, isBytes: boolean): string {
  return body.replaceAll(
    escape,
    (whole: string, x?: string, u?: string, long?: string, octal?: string, simple?: string) => {
      if (x !== undefined) return String.fromCharCode(Number.parseInt(x, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      const unicode = u ?? long;
      if (unicode !== undefined) {
        if (isBytes) return whole;
        const code = Number.parseInt(unicode, 16);
        if (code > 0x10_ffff) throw new NotAPathError("an impossible character");
        return String.fromCodePoint(code);
      }
      if (simple === "N" && !isBytes) throw new NotAPathError("a character by name");
      return simpleEscapes[simple ?? ""] ?? whole;
    },
  );
}

function stringLiteral(prefix: string, body: string): Literal {
  const letters = prefix.toLowerCase();
  const isBytes = letters.includes("b");
  const text = letters.includes("r") ? body : unescaped(body, isBytes);
  if (!isBytes) return { kind: "str", text };
  return { kind: "bytes", bytes: Uint8Array.from(text, (character) => character.charCodeAt(0)) };
}

function numberLiteral(text: string): Literal {
  const plain = text.replaceAll("_", "");
  if (/^0[xXoObB]/u.test(plain) || /^\d+$/u.test(plain)) return { kind: "int", value: BigInt(plain) };
  return { kind: "float", value: Number(plain) };
}

function tokenAt(text: string, at: number): { readonly token: Token; readonly end: number } {
  if (at >= text.length) return { token: { kind: "end" }, end: at };
  const string = matchAt(patterns.string, text, at);
  if (string !== undefined) {
    if (text.startsWith('""', at + 1) || text.startsWith("''", at + 1))
      if (text[at] === text[at + 1] && text[at] === text[at + 2]) throw new NotAPathError("a triple-quoted string");
    const value = stringLiteral(string.groups?.["prefix"] ?? "", string.groups?.["body"] ?? "");
    return { token: { kind: "literal", value }, end: at + string[0].length };
  }
  const name = matchAt(patterns.name, text, at);
  if (name !== undefined) return { token: { kind: "name", text: name[0] }, end: at + name[0].length };
  const ellipsis = matchAt(patterns.ellipsis, text, at);
  if (ellipsis !== undefined) return { token: { kind: "literal", value: { kind: "ellipsis" } }, end: at + 3 };
  const number = matchAt(patterns.number, text, at);
  if (number !== undefined)
    return { token: { kind: "literal", value: numberLiteral(number[0]) }, end: at + number[0].length };
  const mark = matchAt(patterns.mark, text, at);
  if (mark !== undefined) return { token: { kind: "mark", text: mark[0] }, end: at + 1 };
  throw new NotAPathError(`"${text.slice(at, at + 1)}"`);
}

class Parser {
  readonly #text: string;
  #at = 0;
  #token: Token = { kind: "end" };

  constructor(text: string) {
    this.#text = text;
    this.#advance();
  }

  whole(): PathExpression {
    const path = this.#path();
    if (this.#token.kind === "end") return path;
    throw new NotAPathError(this.#found());
  }

  #advance(): void {
    this.#at += matchAt(patterns.space, this.#text, this.#at)?.[0].length ?? 0;
    const { token, end } = tokenAt(this.#text, this.#at);
    this.#token = token;
    this.#at = end;
  }

  #found(): string {
    switch (this.#token.kind) {
      case "end":
        return "the end of the expression";
      case "literal":
        return "a literal";
      default:
        return this.#token.text === "(" ? "a call" : `"${this.#token.text}"`;
    }
  }

  #isMark(text: string): boolean {
    return this.#token.kind === "mark" && this.#token.text === text;
  }

  #expect(text: string): void {
    if (!this.#isMark(text)) throw new NotAPathError(this.#found());
    this.#advance();
  }

  #path(): PathExpression {
    let path = this.#atom();
    for (;;) {
      if (this.#isMark(".")) path = this.#attribute(path);
      else if (this.#isMark("[")) path = this.#subscript(path);
      else return path;
    }
  }

  #attribute(of: PathExpression): PathExpression {
    this.#advance();
    if (this.#token.kind !== "name") throw new NotAPathError(this.#found());
    const name = this.#token.text.normalize("NFKC");
    this.#advance();
    return { kind: "attribute", of, name };
  }

  #subscript(of: PathExpression): PathExpression {
    this.#advance();
    const key = this.#list("]");
    this.#expect("]");
    return { kind: "subscript", of, key };
  }

  /** One expression, or a tuple without parentheses. */
  #list(close: string): PathExpression {
    const first = this.#path();
    if (!this.#isMark(",")) return first;
    const items = [first];
    while (this.#isMark(",")) {
      this.#advance();
      if (this.#isMark(close)) break;
      items.push(this.#path());
    }
    return { kind: "tuple", items };
  }

  #atom(): PathExpression {
    const token = this.#token;
    if (token.kind === "literal") return this.#literal(token.value);
    if (token.kind === "name") return this.#name(token.text);
    if (this.#isMark("-")) return this.#negative();
    if (this.#isMark("(")) return this.#parenthesised();
    throw new NotAPathError(this.#isMark("[") ? "a list" : this.#found());
  }

  #literal(value: Literal): PathExpression {
    this.#advance();
    return { kind: "literal", value };
  }

  #name(text: string): PathExpression {
    if (keywords.has(text)) throw new NotAPathError(`"${text}"`);
    this.#advance();
    const constant = constants.get(text);
    return constant === undefined
      ? { kind: "name", name: text.normalize("NFKC") }
      : { kind: "literal", value: constant };
  }

  #negative(): PathExpression {
    this.#advance();
    if (this.#token.kind === "literal") {
      const { value } = this.#token;
      if (value.kind === "int") return this.#literal({ kind: "int", value: -value.value });
      if (value.kind === "float") return this.#literal({ kind: "float", value: -value.value });
    }
    throw new NotAPathError('"-"');
  }

  #parenthesised(): PathExpression {
    this.#advance();
    if (this.#isMark(")")) {
      this.#advance();
      return { kind: "tuple", items: [] };
    }
    const inner = this.#list(")");
    this.#expect(")");
    return inner;
  }
}

/** Throws `NotAPathError`. */
export function parsePath(text: string): PathExpression {
  return new Parser(text).whole();
}
