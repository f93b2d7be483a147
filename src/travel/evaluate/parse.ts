// From text to an expression: the tree of Lezer's Python grammar becomes our own, and everything that is no
// expression of Python is refused by name.
import type { SyntaxNode } from "@lezer/common";
import { parser } from "@lezer/python";
import type {
  BinaryOperator,
  CompareOperator,
  DictEntry,
  Element,
  Expression,
  Keyword,
  Loop,
  Parameter,
  Parameters,
  Target,
} from "./ast.ts";
import { numberLiteral, problem } from "./literals.ts";
import { stringExpression } from "./parseStrings.ts";
import { childrenOf, type Reader } from "./syntaxTree.ts";
import { bool, ellipsis, none, type Py } from "./values.ts";

const constants: Readonly<Record<string, Py>> = { None: none, True: bool(true), False: bool(false) };

const binaryOperators: ReadonlySet<string> = new Set([
  "+",
  "-",
  "*",
  "/",
  "//",
  "%",
  "**",
  "@",
  "<<",
  ">>",
  "&",
  "|",
  "^",
] satisfies BinaryOperator[]);

function isBinary(text: string): text is BinaryOperator {
  return binaryOperators.has(text);
}

const compareOperators: ReadonlySet<string> = new Set([
  "<",
  "<=",
  ">",
  ">=",
  "==",
  "!=",
  "in",
  "not in",
  "is",
  "is not",
] satisfies CompareOperator[]);

function isCompare(text: string): text is CompareOperator {
  return compareOperators.has(text);
}

/** Throws `SyntaxProblemError`. */
export function parseExpression(text: string): Expression {
  const script = parser.parse(text).topNode;
  const statements = childrenOf(script);
  const [statement, second] = statements;
  if (statement === undefined) return problem("There is no expression.");
  checkWhole(script, text);
  if (second !== undefined) return problem("This is more than one statement; only an expression has a value.");
  if (statement.name !== "ExpressionStatement")
    return problem("This is a statement, not an expression: the past cannot be changed, and nothing runs in it.");
  return new TreeReader(text).bare(childrenOf(statement).filter((node) => node.name !== ";"));
}

/** Statements of Python that are no expressions: what a console can still run at the live edge. */
export function isStatement(text: string): boolean {
  const script = parser.parse(text).topNode;
  const [first, second] = childrenOf(script);
  return second !== undefined || (first !== undefined && first.name !== "ExpressionStatement");
}

function checkWhole(script: SyntaxNode, text: string): void {
  script.cursor().iterate((node) => {
    if (!node.type.isError) return;
    // The grammar does not know the mark of positional-only parameters.
    if (node.node.parent?.name === "ParamList" && text.slice(node.from, node.to) === "/") return;
    const found = text.slice(node.from).trimStart().slice(0, 10);
    problem(found === "" ? "The expression is not complete." : `This is not an expression: invalid syntax at ${found}`);
  });
}

class TreeReader implements Reader {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  text(node: SyntaxNode): string {
    return this.#source.slice(node.from, node.to);
  }

  bare(nodes: readonly SyntaxNode[]): Expression {
    const [first] = nodes;
    const last = nodes.at(-1);
    if (first === undefined || last === undefined) return problem("There is no expression.");
    if (nodes.length === 1) return this.expression(first);
    if (!nodes.some((node) => node.name === ",")) return problem("This is not one expression.");
    return { kind: "tuple", elements: this.#elements(nodes), from: first.from, to: last.to };
  }

  expression(node: SyntaxNode): Expression {
    const span = { from: node.from, to: node.to };
    switch (node.name) {
      case "VariableName":
        return { kind: "name", name: this.text(node).normalize("NFKC"), ...span };
      case "Number":
        return { kind: "constant", value: numberLiteral(this.text(node)), ...span };
      case "None":
      case "Boolean":
        return { kind: "constant", value: constants[this.text(node)] ?? none, ...span };
      case "Ellipsis":
        return { kind: "constant", value: ellipsis, ...span };
      case "String":
      case "FormatString":
      case "ContinuedString":
        return stringExpression(this, node);
      case "ParenthesizedExpression":
        return this.#inner(node);
      case "MemberExpression":
        return this.#member(node);
      case "CallExpression":
        return this.#call(node);
      case "UnaryExpression":
        return this.#unary(node);
      case "BinaryExpression":
        return this.#binary(node);
      case "ConditionalExpression": {
        const [then, , test, , otherwise] = childrenOf(node);
        return {
          kind: "conditional",
          test: this.#required(test),
          body: this.#required(then),
          otherwise: this.#required(otherwise),
          ...span,
        };
      }
      case "LambdaExpression":
        return this.#lambda(node);
      case "NamedExpression":
        return this.#walrus(childrenOf(node), node);
      case "ArrayExpression":
        return { kind: "list", elements: this.#elements(this.#inBrackets(node)), ...span };
      case "TupleExpression":
        return { kind: "tuple", elements: this.#elements(this.#inBrackets(node)), ...span };
      case "SetExpression":
        return { kind: "set", elements: this.#elements(this.#inBrackets(node)), ...span };
      case "DictionaryExpression":
        return { kind: "dict", entries: this.#entries(this.#inBrackets(node)), ...span };
      case "ArrayComprehensionExpression":
        return this.#comprehension("list", this.#inBrackets(node), node);
      case "SetComprehensionExpression":
        return this.#comprehension("set", this.#inBrackets(node), node);
      case "ComprehensionExpression":
        return this.#comprehension("generator", this.#inBrackets(node), node);
      case "DictionaryComprehensionExpression":
        return this.#dictComprehension(this.#inBrackets(node), node);
      case "AwaitExpression":
        return problem("Nothing can be awaited in the past: no code runs there.");
      case "YieldExpression":
        return problem("Nothing can be yielded here.");
      default:
        return problem(`This is not an expression: ${this.text(node).slice(0, 40)}`);
    }
  }

  #required(node: SyntaxNode | undefined): Expression {
    return node === undefined ? problem("The expression is not complete.") : this.expression(node);
  }

  #inBrackets(node: SyntaxNode): readonly SyntaxNode[] {
    return childrenOf(node).slice(1, -1);
  }

  #inner(node: SyntaxNode): Expression {
    const [only, second] = this.#inBrackets(node);
    if (second !== undefined || only?.name === "*") return problem("This is not one expression.");
    return this.#required(only);
  }

  #elements(nodes: readonly SyntaxNode[]): readonly Element[] {
    return separated(nodes).map((group) => {
      const [first, second] = group;
      if (first?.name === "*") return { isStarred: true, value: this.#required(second) };
      const walrus = group.length === 3 && second?.name === "AssignOp" && this.text(second) === ":=";
      if (group.length > 1 && !walrus) return problem("This is not a list of expressions.");
      return { isStarred: false, value: walrus ? this.#walrus(group, first) : this.#required(first) };
    });
  }

  #entries(nodes: readonly SyntaxNode[]): readonly DictEntry[] {
    return separated(nodes).map(([first, second, third]) => {
      if (first?.name === "**") return { kind: "spread", value: this.#required(second) };
      if (second?.name !== ":") return problem("A dict needs pairs of key and value.");
      return { kind: "pair", key: this.#required(first), value: this.#required(third) };
    });
  }

  #member(node: SyntaxNode): Expression {
    const [of, mark, ...rest] = childrenOf(node);
    const span = { from: node.from, to: node.to };
    if (mark?.name === ".") {
      const [name] = rest;
      if (name === undefined) return problem("The expression is not complete.");
      return { kind: "attribute", of: this.#required(of), name: this.text(name).normalize("NFKC"), ...span };
    }
    const inside = rest.slice(0, -1);
    const groups = separated(inside);
    const keys = groups.map((group) => this.#key(group));
    const [only] = keys;
    if (only === undefined) return problem("A subscript is empty.");
    const isTuple = inside.some((part) => part.name === ",");
    const [from, to] = [inside[0]?.from ?? node.from, inside.at(-1)?.to ?? node.to];
    const elements = keys.map((value) => ({ value, isStarred: false }));
    const key: Expression = isTuple ? { kind: "tuple", elements, from, to } : only;
    return { kind: "subscript", of: this.#required(of), key, ...span };
  }

  #key(group: readonly SyntaxNode[]): Expression {
    const colons = group.flatMap((node, index) => (node.name === ":" ? [index] : []));
    const [first] = group;
    if (first === undefined) return problem("A subscript is empty.");
    if (colons.length === 0) {
      if (first.name === "*") return problem("A starred subscript is not evaluated here.");
      return group.length === 1 ? this.expression(first) : problem("A subscript is not one expression.");
    }
    if (colons.length > 2) return problem("A slice has too many colons.");
    const [one = group.length, two = group.length] = colons;
    const part = (from: number, to: number): Expression | undefined => {
      const nodes = group.slice(from, to);
      return nodes.length === 0 ? undefined : this.bare(nodes);
    };
    const start = part(0, one);
    const stop = part(one + 1, two);
    const step = part(two + 1, group.length);
    return { kind: "slice", start, stop, step, from: first.from, to: group.at(-1)?.to ?? first.to };
  }

  #call(node: SyntaxNode): Expression {
    const [callee, list] = childrenOf(node);
    const span = { from: node.from, to: node.to };
    if (list === undefined) return problem("The expression is not complete.");
    const inside = this.#inBrackets(list);
    if (inside.some((part) => part.name === "for")) {
      const generator = this.#comprehension("generator", inside, list);
      const positional = [{ value: generator, isStarred: false }];
      return { kind: "call", callee: this.#required(callee), positional, keywords: [], ...span };
    }
    const positional: Element[] = [];
    const keywords: Keyword[] = [];
    const names = new Set<string>();
    for (const group of separated(inside)) {
      const [first, second, third] = group;
      if (first?.name === "**") keywords.push({ kind: "spread", value: this.#required(second) });
      else if (second?.name === "AssignOp" && this.text(second) === "=" && first !== undefined) {
        const name = this.text(first);
        if (first.name !== "VariableName") problem("A keyword argument needs a name.");
        if (names.has(name)) problem(`The keyword argument ${name} is there twice.`);
        names.add(name);
        keywords.push({ kind: "named", name, value: this.#required(third) });
      } else {
        const elements = this.#elements(group);
        const isStarred = elements.every((element) => element.isStarred);
        if (keywords.some(({ kind }) => kind === "spread") || (keywords.length > 0 && !isStarred))
          problem("A positional argument follows a keyword argument.");
        positional.push(...elements);
      }
    }
    return { kind: "call", callee: this.#required(callee), positional, keywords, ...span };
  }

  #unary(node: SyntaxNode): Expression {
    const [mark, operand] = childrenOf(node);
    const operator = mark === undefined ? "" : this.text(mark);
    if (operator !== "-" && operator !== "+" && operator !== "~" && operator !== "not")
      return problem(`This is not an operator: ${operator}`);
    return { kind: "unary", operator, operand: this.#required(operand), from: node.from, to: node.to };
  }

  #binary(node: SyntaxNode): Expression {
    const parts = childrenOf(node);
    const [left, right] = [parts[0], parts.at(-1)];
    const operator = parts
      .slice(1, -1)
      .map((part) => this.text(part))
      .join(" ");
    const span = { from: node.from, to: node.to };
    if (operator === "and" || operator === "or") {
      const operands = [this.#required(left), this.#required(right)];
      return { kind: "boolean", operator, operands, ...span };
    }
    if (isBinary(operator))
      return { kind: "binary", operator, left: this.#required(left), right: this.#required(right), ...span };
    if (!isCompare(operator)) return problem(`This is not an operator: ${operator}`);
    const first = this.#required(left);
    const last = { operator, value: this.#required(right) };
    const isChain = first.kind === "compare" && left?.name === "BinaryExpression";
    return isChain
      ? { ...first, rest: [...first.rest, last], to: span.to }
      : { kind: "compare", first, rest: [last], ...span };
  }

  #walrus(parts: readonly SyntaxNode[], node: SyntaxNode | undefined): Expression {
    const [name, , value] = parts;
    if (name?.name !== "VariableName" || node === undefined) return problem("Only a name can be assigned with :=.");
    return {
      kind: "walrus",
      name: this.text(name),
      value: this.#required(value),
      from: node.from,
      to: parts.at(-1)?.to ?? node.to,
    };
  }

  #lambda(node: SyntaxNode): Expression {
    const parts = childrenOf(node);
    const list = parts.find((part) => part.name === "ParamList");
    const parameters = this.#parameters(list === undefined ? [] : childrenOf(list));
    return { kind: "lambda", parameters, body: this.#required(parts.at(-1)), from: node.from, to: node.to };
  }

  #parameters(nodes: readonly SyntaxNode[]): Parameters {
    const positional: Parameter[] = [];
    const keywordOnly: Parameter[] = [];
    const names = new Set<string>();
    let positionalOnly = 0;
    let rest: string | undefined;
    let keywords: string | undefined;
    let isAfterStar = false;
    const named = (node: SyntaxNode | undefined): string => {
      const name = node === undefined ? "" : this.text(node);
      if (node?.name !== "VariableName" || names.has(name)) return problem("The parameters of a lambda are not right.");
      names.add(name);
      return name;
    };
    for (const [first, second, third] of separated(nodes)) {
      if (first?.type.isError === true) positionalOnly = positional.length;
      else if (first?.name === "*") {
        isAfterStar = true;
        if (second !== undefined) rest = named(second);
      } else if (first?.name === "**") keywords = named(second);
      else {
        const parameter = { name: named(first), fallback: second === undefined ? undefined : this.#required(third) };
        (isAfterStar ? keywordOnly : positional).push(parameter);
      }
    }
    return { positional, positionalOnly, rest, keywordOnly, keywords };
  }

  #comprehension(of: "list" | "set" | "generator", nodes: readonly SyntaxNode[], node: SyntaxNode): Expression {
    const at = nodes.findIndex((part) => part.name === "for" || part.name === "async");
    const element = this.#elements(nodes.slice(0, at));
    const [only] = element;
    if (only === undefined || element.length > 1 || only.isStarred) return problem("A comprehension has one element.");
    const loops = this.#loops(nodes.slice(at));
    return { kind: "comprehension", of, element: only.value, loops, from: node.from, to: node.to };
  }

  #dictComprehension(nodes: readonly SyntaxNode[], node: SyntaxNode): Expression {
    const [key, , value, ...rest] = nodes;
    const loops = this.#loops(rest);
    return {
      kind: "dictComprehension",
      key: this.#required(key),
      value: this.#required(value),
      loops,
      from: node.from,
      to: node.to,
    };
  }

  #loops(nodes: readonly SyntaxNode[]): readonly Loop[] {
    const loops: { target: Target; source: Expression; conditions: Expression[] }[] = [];
    let at = 0;
    while (at < nodes.length) {
      const node = nodes[at];
      if (node?.name === "async") return problem("No asynchronous loop runs in the past.");
      if (node?.name === "for") {
        const end = nodes.findIndex((part, index) => index > at && part.name === "in");
        const target = this.#target(nodes.slice(at + 1, end));
        loops.push({ target, source: this.#required(nodes[end + 1]), conditions: [] });
        at = end + 2;
      } else if (node?.name === "if") {
        loops.at(-1)?.conditions.push(this.#required(nodes[at + 1]));
        at += 2;
      } else return problem("The comprehension is not complete.");
    }
    return loops;
  }

  #target(nodes: readonly SyntaxNode[]): Target {
    const [first] = nodes;
    if (nodes.length === 1 && first !== undefined) {
      if (first.name === "VariableName") return { kind: "name", name: this.text(first) };
      if (first.name === "TupleExpression" || first.name === "ArrayExpression")
        return this.#targets(this.#inBrackets(first));
      if (first.name === "ParenthesizedExpression") return this.#target(this.#inBrackets(first));
      return problem("Only names can be loop variables in the past.");
    }
    return this.#targets(nodes);
  }

  #targets(nodes: readonly SyntaxNode[]): Target {
    let star: number | undefined;
    const targets = separated(nodes).map((group, index) => {
      if (group[0]?.name !== "*") return this.#target(group);
      if (star !== undefined) problem("Two starred names stand in one loop variable.");
      star = index;
      return this.#target(group.slice(1));
    });
    return { kind: "several", targets, star };
  }
}

/** Groups between commas; a comma at the end is allowed. */
function separated(nodes: readonly SyntaxNode[]): readonly (readonly SyntaxNode[])[] {
  const groups: SyntaxNode[][] = [];
  let group: SyntaxNode[] = [];
  for (const node of nodes)
    if (node.name === ",") {
      if (group.length === 0) problem("A comma stands alone.");
      groups.push(group);
      group = [];
    } else group.push(node);
  if (group.length > 0) groups.push(group);
  return groups;
}
