// What does an expression look like? One kind for each form of Python's expressions; spans are UTF-16 offsets.
import type { Py } from "./values.ts";

export interface Span {
  readonly from: number;
  readonly to: number;
}

export type UnaryOperator = "-" | "+" | "~" | "not";
export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**" | "@" | "<<" | ">>" | "&" | "|" | "^";
export type CompareOperator = "<" | "<=" | ">" | ">=" | "==" | "!=" | "in" | "not in" | "is" | "is not";

/** One thing in a list, tuple, set or call: `*x` is starred. */
export interface Element {
  readonly value: Expression;
  readonly isStarred: boolean;
}

export type DictEntry =
  | { readonly kind: "pair"; readonly key: Expression; readonly value: Expression }
  | { readonly kind: "spread"; readonly value: Expression };

export type Keyword =
  | { readonly kind: "named"; readonly name: string; readonly value: Expression }
  | { readonly kind: "spread"; readonly value: Expression };

export type Target =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "several"; readonly targets: readonly Target[]; readonly star: number | undefined };

/** `for target in source if … if …` */
export interface Loop {
  readonly target: Target;
  readonly source: Expression;
  readonly conditions: readonly Expression[];
}

export interface Parameters {
  readonly positional: readonly Parameter[];
  readonly positionalOnly: number;
  readonly rest: string | undefined;
  readonly keywordOnly: readonly Parameter[];
  readonly keywords: string | undefined;
}

export interface Parameter {
  readonly name: string;
  readonly fallback: Expression | undefined;
}

export type Conversion = "r" | "s" | "a";

export type StringPart =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "replacement";
      readonly value: Expression;
      readonly conversion: Conversion | undefined;
      readonly spec: readonly StringPart[] | undefined;
    };

export type Expression = Span &
  (
    | { readonly kind: "constant"; readonly value: Py }
    | { readonly kind: "name"; readonly name: string }
    | { readonly kind: "attribute"; readonly of: Expression; readonly name: string }
    | { readonly kind: "subscript"; readonly of: Expression; readonly key: Expression }
    | {
        readonly kind: "slice";
        readonly start: Expression | undefined;
        readonly stop: Expression | undefined;
        readonly step: Expression | undefined;
      }
    | {
        readonly kind: "call";
        readonly callee: Expression;
        readonly positional: readonly Element[];
        readonly keywords: readonly Keyword[];
      }
    | { readonly kind: "unary"; readonly operator: UnaryOperator; readonly operand: Expression }
    | {
        readonly kind: "binary";
        readonly operator: BinaryOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly kind: "boolean"; readonly operator: "and" | "or"; readonly operands: readonly Expression[] }
    | {
        readonly kind: "compare";
        readonly first: Expression;
        readonly rest: readonly { readonly operator: CompareOperator; readonly value: Expression }[];
      }
    | {
        readonly kind: "conditional";
        readonly test: Expression;
        readonly body: Expression;
        readonly otherwise: Expression;
      }
    | { readonly kind: "lambda"; readonly parameters: Parameters; readonly body: Expression }
    | { readonly kind: "walrus"; readonly name: string; readonly value: Expression }
    | { readonly kind: "list" | "tuple" | "set"; readonly elements: readonly Element[] }
    | { readonly kind: "dict"; readonly entries: readonly DictEntry[] }
    | {
        readonly kind: "comprehension";
        readonly of: "list" | "set" | "generator";
        readonly element: Expression;
        readonly loops: readonly Loop[];
      }
    | {
        readonly kind: "dictComprehension";
        readonly key: Expression;
        readonly value: Expression;
        readonly loops: readonly Loop[];
      }
    | { readonly kind: "formatted"; readonly parts: readonly StringPart[] }
  );
