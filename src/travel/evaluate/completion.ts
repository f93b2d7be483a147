// Which names can stand where an expression ends? Variables and builtins, or the attributes of what stands before the dot.
import { builtinFunctions } from "./builtinNames.ts";
import type { Environment } from "./environment.ts";
import { compileExpression, evaluateWith } from "./evaluate.ts";
import { methodsOf } from "./methodNames.ts";
import { builtinTypes, typeName } from "./types.ts";
import type { Machine } from "./machine.ts";
import type { Py } from "./values.ts";

export interface Completion {
  readonly name: string;
  readonly kind: "variable" | "function" | "class" | "property" | "method" | "keyword";
}

export interface Completions {
  /** UTF-16 offset where the name begins that is completed. */
  readonly from: number;
  readonly names: readonly Completion[];
}

const keywords = "and else False for if in is lambda None not or True".split(" ");

/** What can be completed at the end of `text`. */
export function completionsOf(text: string, environment: Environment, inScope: readonly string[]): Completions {
  const prefix = /[\p{ID_Start}_][\p{ID_Continue}]*$/u.exec(text)?.[0] ?? "";
  const from = text.length - prefix.length;
  const before = text.slice(0, from);
  const names = before.endsWith(".")
    ? attributes(ownerOf(before.slice(0, -1)), environment)
    : [...inScope.map((name): Completion => ({ name, kind: "variable" })), ...builtins()];
  const seen = new Set<string>();
  return {
    from,
    names: names.filter(({ name }) => {
      const isNew = name.startsWith(prefix) && (prefix !== "" || !name.startsWith("_")) && !seen.has(name);
      seen.add(name);
      return isNew;
    }),
  };
}

/** The expression that ends where the dot stands: names, attributes, subscripts and literals without spaces. */
function ownerOf(text: string): string {
  return (
    /(?:[\p{ID_Start}_][\p{ID_Continue}]*|"[^"]*"|'[^']*'|\]|\))(?:\.[\p{ID_Start}_][\p{ID_Continue}]*|\[[^[\]]*\])*$/u.exec(
      text,
    )?.[0] ?? ""
  );
}

function builtins(): readonly Completion[] {
  return [
    ...keywords.map((name): Completion => ({ name, kind: "keyword" })),
    ...builtinFunctions().map((name): Completion => ({ name, kind: "function" })),
    ...builtinTypes().map((name): Completion => ({ name, kind: "class" })),
  ];
}

function attributes(owner: string, environment: Environment): readonly Completion[] {
  const compiled = compileExpression(owner);
  if (compiled.kind === "syntaxProblem") return [];
  const found = evaluateWith(compiled, environment, namesIn);
  return "kind" in found ? [] : found;
}

function namesIn(value: Py, machine: Machine): readonly Completion[] {
  if (value.kind !== "recorded") {
    const type = value.kind === "type" ? value.name : typeName(value);
    return methodsOf(type, machine.minor).map((name) => ({ name, kind: "method" }));
  }
  const { view } = value;
  const own = view.attributes.map(([name]): Completion => ({ name, kind: "property" }));
  if (view.kind !== "module" || view.value?.kind !== "object") return own;
  const namespace = machine.environment.objectAt(view.value.object);
  return (namespace?.entries ?? []).flatMap(([key]): readonly Completion[] =>
    key.kind === "str" ? [{ name: key.text, kind: "variable" }] : [],
  );
}
