// What did an instruction work on? An expression over variables and constants, as the bytecode computes it.
import type { CodeConstant } from "./codeConstant.ts";
import type { CodeUnit } from "./codeOffset.ts";
import { floatText } from "./scalarText.ts";

/** `own`: a variable of the frame, also of an outer function; `name`: of a module or class body, else a global. */
export type VariableScope = "own" | "global" | "name";

export type Operand =
  | { readonly kind: "constant"; readonly constant: CodeConstant }
  | { readonly kind: "variable"; readonly scope: VariableScope; readonly name: string }
  | { readonly kind: "attribute"; readonly of: Operand; readonly name: string }
  | { readonly kind: "item"; readonly of: Operand; readonly key: Operand }
  | {
      readonly kind: "call";
      readonly callee: Operand;
      readonly args: readonly Operand[];
      /** Names of the last of `args`. */
      readonly keywords: readonly string[];
      /** True when arguments were spread, so that `args` are not one by one. */
      readonly isSpread: boolean;
      readonly offset: CodeUnit;
    }
  /** `operator` is Python's own sign; of one operand it stands in front. */
  | { readonly kind: "operation"; readonly operator: string; readonly operands: readonly Operand[] }
  | {
      readonly kind: "display";
      readonly open: string;
      readonly close: string;
      readonly parts: readonly Operand[];
    }
  /** What a loop gets from the iterable. */
  | { readonly kind: "element"; readonly of: Operand }
  | { readonly kind: "iterator"; readonly of: Operand }
  /** `a, b = of`; `index` -1 where a star makes it uncertain. */
  | { readonly kind: "part"; readonly of: Operand; readonly index: number }
  /** The result of `await` or `yield from`. */
  | { readonly kind: "awaited"; readonly of: Operand }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "import"; readonly name: string }
  /** What a handler caught. */
  | { readonly kind: "exception" }
  /** What `send` gave to a `yield`. */
  | { readonly kind: "sent" }
  | { readonly kind: "either"; readonly options: readonly Operand[] }
  /** The empty place of the calling convention. */
  | { readonly kind: "null" }
  /** The receiver under which a method was looked up. */
  | { readonly kind: "receiver"; readonly of: Operand }
  | { readonly kind: "unknown" };

export function constantOperand(constant: CodeConstant): Operand {
  return { kind: "constant", constant };
}

export const UNKNOWN_OPERAND: Operand = { kind: "unknown" };

export function isSameOperand(a: Operand, b: Operand): boolean {
  return a === b || (a.kind === b.kind && operandText(a) === operandText(b));
}

/** Whether its text is Python that means the same. */
export function isPlainExpression(operand: Operand): boolean {
  switch (operand.kind) {
    case "constant":
      return operand.constant.kind !== "other" && operand.constant.kind !== "bytes";
    case "variable":
      return true;
    case "attribute":
    case "receiver":
      return isPlainExpression(operand.of);
    case "part":
      return operand.index >= 0 && isPlainExpression(operand.of);
    case "item":
      return isPlainExpression(operand.of) && isPlainExpression(operand.key);
    case "call":
      return (
        !operand.isSpread && operand.keywords.length === 0 && [operand.callee, ...operand.args].every(isPlainExpression)
      );
    case "operation":
      return SIGNS.has(operand.operator) && operand.operands.every(isPlainExpression);
    case "display":
      return operand.open.length === 1 && operand.parts.length > 1 && operand.parts.every(isPlainExpression);
    default:
      return false;
  }
}

const SIGNS: ReadonlySet<string> = new Set(
  "+ - * / // % ** @ << >> & | ^ ~ not < <= == != > >= is in".split(" ").concat("is not", "not in"),
);

const LONGEST = 200;

/** As Python would write it; `…` for what is not known. */
export function operandText(operand: Operand): string {
  const text = written(operand);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function written(operand: Operand): string {
  switch (operand.kind) {
    case "constant":
      return constantText(operand.constant);
    case "variable":
      return operand.name;
    case "attribute":
      return `${tight(operand.of)}.${operand.name}`;
    case "item":
      return `${tight(operand.of)}[${written(operand.key)}]`;
    case "call":
      return `${tight(operand.callee)}(${argumentTexts(operand.args, operand.keywords, operand.isSpread)})`;
    case "operation":
      return operationText(operand.operator, operand.operands);
    case "display":
      return `${operand.open}${operand.parts.map(written).join(", ")}${operand.close}`;
    case "element":
      return `next of ${written(operand.of)}`;
    case "iterator":
    case "receiver":
      return written(operand.of);
    case "part":
      return operand.index < 0 ? `part of ${written(operand.of)}` : `${tight(operand.of)}[${operand.index}]`;
    case "awaited":
      return `await ${tight(operand.of)}`;
    case "function":
      return `<${operand.name}>`;
    case "import":
      return operand.name;
    case "exception":
      return "the exception";
    case "sent":
      return "yield";
    case "either":
      return operand.options.map(written).join(" | ");
    case "null":
    case "unknown":
      return "…";
  }
}

function argumentTexts(args: readonly Operand[], keywords: readonly string[], isSpread: boolean): string {
  if (isSpread) return args.map((arg, index) => `${index === 0 ? "*" : "**"}${tight(arg)}`).join(", ");
  const firstNamed = args.length - keywords.length;
  return args
    .map((arg, index) => (index < firstNamed ? written(arg) : `${keywords[index - firstNamed] ?? "…"}=${written(arg)}`))
    .join(", ");
}

function operationText(operator: string, operands: readonly Operand[]): string {
  const texts = operands.map(tight);
  if (texts.length !== 1) return texts.join(` ${operator} `);
  return operator === "not" ? `not ${texts[0] ?? "…"}` : `${operator}${texts[0] ?? "…"}`;
}

/** In parentheses where its parts could be taken apart. */
function tight(operand: Operand): string {
  const isLoose = operand.kind === "operation" || operand.kind === "awaited" || operand.kind === "either";
  return isLoose ? `(${written(operand)})` : written(operand);
}

function constantText(constant: CodeConstant): string {
  switch (constant.kind) {
    case "none":
      return "None";
    case "bool":
      return constant.value ? "True" : "False";
    case "int":
      return String(constant.value);
    case "float":
      return floatText(constant.value);
    case "str":
      return JSON.stringify(constant.text).replace(/^"(?<body>[^"']*)"$/u, "'$<body>'");
    case "complex":
      return `(${constant.real}+${constant.imaginary}j)`;
    case "bytes":
      return "b'…'";
    case "ellipsis":
      return "...";
    case "other":
      return `<${constant.type}>`;
  }
}
