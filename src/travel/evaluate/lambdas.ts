// Which argument is which parameter of a lambda? With CPython's messages where they do not fit.
import type { Args } from "./args.ts";
import { refuse, typeError } from "./failures.ts";
import { tuple } from "./iterate.ts";
import { DictTable } from "./tables.ts";
import type { Machine } from "./machine.ts";
import { str, type Py, type PyLambda } from "./values.ts";

function quoted(names: readonly string[]): string {
  const all = names.map((one) => `'${one}'`);
  if (all.length <= 1) return all.join("");
  if (all.length === 2) return all.join(" and ");
  return `${all.slice(0, -1).join(", ")}, and ${all.at(-1) ?? ""}`;
}

function missing(name: string, names: readonly string[], kind: string): never {
  return typeError(
    `${name} missing ${names.length} required ${kind} argument${names.length === 1 ? "" : "s"}: ${quoted(names)}`,
  );
}

export function bindParameters(machine: Machine, lambda: PyLambda, args: Args): ReadonlyMap<string, Py> {
  const { parameters, fallbacks } = lambda;
  const name = `${lambda.scope.lambdaName(machine.minor)}()`;
  const { positional, keywordOnly, rest, keywords, positionalOnly } = parameters;
  const bound = new Map<string, Py>();
  for (const [index, { name: parameter }] of positional.entries()) {
    const value = args.positional[index];
    if (value !== undefined) bound.set(parameter, value);
  }
  const byName = new Set([...positional.slice(positionalOnly), ...keywordOnly].map((one) => one.name));
  const others = new Map<string, Py>();
  for (const [key, value] of args.keywords) {
    if (byName.has(key)) {
      if (bound.has(key)) typeError(`${name} got multiple values for argument '${key}'`);
      bound.set(key, value);
    } else others.set(key, value);
  }
  if (others.size > 0 && keywords === undefined) unexpected(name, lambda, others);
  if (args.positional.length > positional.length && rest === undefined) tooMany(name, lambda, args, bound);
  for (const [key, value] of fallbacks) if (!bound.has(key)) bound.set(key, value);
  const absent = positional.filter((one) => !bound.has(one.name)).map((one) => one.name);
  if (absent.length > 0) missing(name, absent, "positional");
  const absentKeywords = keywordOnly.filter((one) => !bound.has(one.name)).map((one) => one.name);
  if (absentKeywords.length > 0) missing(name, absentKeywords, "keyword-only");
  if (rest !== undefined) bound.set(rest, tuple(args.positional.slice(positional.length)));
  if (keywords !== undefined) bound.set(keywords, keywordDict(machine, others));
  return bound;
}

function unexpected(name: string, { parameters }: PyLambda, others: ReadonlyMap<string, Py>): never {
  const only = parameters.positional.slice(0, parameters.positionalOnly).map((one) => one.name);
  const misplaced = only.filter((one) => others.has(one));
  if (misplaced.length > 0)
    return misplaced.length === others.size
      ? typeError(`${name} got some positional-only arguments passed as keyword arguments: '${misplaced.join(", ")}'`)
      : refuse("How this call fails is not known here.");
  const [first = ""] = others.keys();
  const known = [...parameters.positional, ...parameters.keywordOnly].map((one) => one.name);
  // Newer versions suggest a name that is similar.
  if (known.some((one) => one.length > 1 && first.length > 1)) return refuse("How this call fails is not known here.");
  return typeError(`${name} got an unexpected keyword argument '${first}'`);
}

function tooMany(name: string, { parameters, fallbacks }: PyLambda, args: Args, bound: ReadonlyMap<string, Py>): never {
  const most = parameters.positional.length;
  const least = parameters.positional.filter((one) => !fallbacks.has(one.name)).length;
  const given = args.positional.length;
  if (parameters.keywordOnly.some((one) => bound.has(one.name)))
    return refuse("How this call fails is not known here.");
  const takes = least < most ? `from ${least} to ${most}` : String(most);
  const isPlural = least < most || most !== 1;
  return typeError(
    `${name} takes ${takes} positional argument${isPlural ? "s" : ""} but ${given} ${given === 1 ? "was" : "were"} given`,
  );
}

function keywordDict(machine: Machine, values: ReadonlyMap<string, Py>): Py {
  const entries = Array.from(values, ([key, value]) => ({ key: str(key), value }));
  return { kind: "dict", type: "dict", table: DictTable.of(machine, entries), object: 0 };
}
