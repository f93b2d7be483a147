// What is an expression's value? Walks the expression in Python's order of evaluation.
import type { Args } from "./args.ts";
import type { DictEntry, Element, Expression, Keyword, Loop, StringPart, Target } from "./ast.ts";
import { attributeOf } from "./attributes.ts";
import { call } from "./calls.ts";
import { contains, equal, identical, ordered } from "./compare.ts";
import type { Environment } from "./environment.ts";
import { notRecorded, raise, refuse, typeError, valueError } from "./failures.ts";
import { format } from "./formatSpec.ts";
import { eachOf, guarded, iterator, iteratorOver, list, tuple } from "./iterate.ts";
import { bindParameters } from "./lambdas.ts";
import { Machine } from "./machine.ts";
import { binary, makeSet, unary } from "./operators.ts";
import { ascii, repr, text } from "./repr.ts";
import { Scope } from "./scope.ts";
import { subscript } from "./subscript.ts";
import { DictTable, type Entry } from "./tables.ts";
import { truth } from "./truth.ts";
import { isBuiltinType, typeName } from "./types.ts";
import { bool, none, str, type Py, type PyIterator, type PyLambda } from "./values.ts";
import type { CompareOperator } from "./ast.ts";
import { isBuiltinFunction } from "./builtinNames.ts";

const labels = { list: "<listcomp>", set: "<setcomp>", generator: "<genexpr>" } as const;

export class Evaluator {
  readonly machine: Machine;
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.machine = new Machine(environment, (callee, positional) =>
      this.#call(callee, { positional, keywords: new Map() }),
    );
  }

  /** Throws `PythonError` and `Refusal`. */
  evaluate(expression: Expression, scope: Scope): Py {
    this.machine.work(1);
    switch (expression.kind) {
      case "constant":
        return expression.value;
      case "name":
        return this.#scoped(expression.name, scope);
      case "attribute":
        return attributeOf(this.machine, this.#inner(expression.of, scope), expression.name);
      case "subscript":
        return subscript(this.machine, this.#inner(expression.of, scope), this.#inner(expression.key, scope));
      case "slice": {
        const part = (one: Expression | undefined): Py => (one === undefined ? none : this.#inner(one, scope));
        return {
          kind: "slice",
          start: part(expression.start),
          stop: part(expression.stop),
          step: part(expression.step),
          object: 0,
        };
      }
      case "call":
        return this.#callExpression(expression, scope);
      case "unary": {
        const value = this.#inner(expression.operand, scope);
        return expression.operator === "not" ? bool(!truth(this.machine, value)) : unary(expression.operator, value);
      }
      case "binary": {
        const left = this.#inner(expression.left, scope);
        return binary(this.machine, expression.operator, left, this.#inner(expression.right, scope));
      }
      case "boolean":
        return this.#boolean(expression.operator, expression.operands, scope);
      case "compare":
        return this.#compare(expression, scope);
      case "conditional":
        return truth(this.machine, this.#inner(expression.test, scope))
          ? this.#inner(expression.body, scope)
          : this.#inner(expression.otherwise, scope);
      case "lambda":
        return this.#lambda(expression, scope);
      case "walrus": {
        const value = this.#inner(expression.value, scope);
        scope.bindWalrus(expression.name, value);
        return value;
      }
      case "list":
        return list(this.#elements(expression.elements, scope));
      case "tuple":
        return tuple(this.#elements(expression.elements, scope));
      case "set":
        return makeSet(this.machine, "set", this.#setElements(expression.elements, scope));
      case "dict":
        return this.#dict(DictTable.of(this.machine, this.#entries(expression.entries, scope)));
      case "comprehension":
        return this.#comprehension(expression, scope);
      case "dictComprehension": {
        const pairs = this.#rounds("<dictcomp>", expression.loops, scope, (inner) => ({
          key: this.#inner(expression.key, inner),
          value: this.#inner(expression.value, inner),
        }));
        return this.#dict(DictTable.of(this.machine, pairs));
      }
      case "formatted":
        return str(this.#formatted(expression.parts, scope));
    }
  }

  #inner(expression: Expression, scope: Scope): Py {
    if (expression.kind === "name" || expression.kind === "constant") return this.evaluate(expression, scope);
    return this.machine.deeper(() => this.evaluate(expression, scope));
  }

  #scoped(name: string, scope: Scope): Py {
    const found = scope.find(name);
    if (found === undefined) return this.#name(name);
    if (found === "unbound") return this.#unbound(name, false);
    return found === "free" ? refuse(`${name} has no value yet; how this fails is not known here.`) : found;
  }

  #name(name: string): Py {
    const found = this.#environment.name(name);
    switch (found.kind) {
      case "value":
        return this.machine.wrap(found.value);
      case "unbound":
        return this.#unbound(name, found.isFree);
      case "notRecorded":
        return notRecorded(found.reason);
      case "ambiguous":
        return refuse(`${name} has no value in this frame at this moment, unless the global of this name is meant.`);
      case "absent":
        return this.#builtin(name);
    }
  }

  #unbound(name: string, isFree: boolean): never {
    const isNew = this.machine.minor >= 11;
    if (isFree)
      return raise(
        "NameError",
        isNew
          ? `cannot access free variable '${name}' where it is not associated with a value in enclosing scope`
          : `free variable '${name}' referenced before assignment in enclosing scope`,
      );
    return raise(
      "UnboundLocalError",
      isNew
        ? `cannot access local variable '${name}' where it is not associated with a value`
        : `local variable '${name}' referenced before assignment`,
    );
  }

  #builtin(name: string): Py {
    if (isBuiltinType(name)) {
      if (name === "ExceptionGroup" && this.machine.minor < 11)
        return raise("NameError", `name '${name}' is not defined`);
      return { kind: "type", name };
    }
    if (name === "NotImplemented") return { kind: "notImplemented" };
    if (name === "Ellipsis") return { kind: "ellipsis" };
    if (name === "__debug__") return refuse("Whether Python ran with -O is not recorded.");
    if (isBuiltinFunction(name, this.machine.minor)) return { kind: "builtin", name };
    return raise("NameError", `name '${name}' is not defined`);
  }

  #dict(table: DictTable): Py {
    return { kind: "dict", type: "dict", table, object: 0 };
  }

  #boolean(operator: "and" | "or", operands: readonly Expression[], scope: Scope): Py {
    let value: Py = none;
    for (const [index, operand] of operands.entries()) {
      value = this.#inner(operand, scope);
      if (index < operands.length - 1 && truth(this.machine, value) === (operator === "or")) return value;
    }
    return value;
  }

  #compare(expression: Extract<Expression, { kind: "compare" }>, scope: Scope): Py {
    let left = this.#inner(expression.first, scope);
    for (const { operator, value } of expression.rest) {
      const right = this.#inner(value, scope);
      if (!this.#holds(operator, left, right)) return bool(false);
      left = right;
    }
    return bool(true);
  }

  #holds(operator: CompareOperator, left: Py, right: Py): boolean {
    const { machine } = this;
    switch (operator) {
      case "==":
        return equal(machine, left, right);
      case "!=":
        return !equal(machine, left, right);
      case "is":
        return identical(machine, left, right);
      case "is not":
        return !identical(machine, left, right);
      case "in":
        return contains(machine, right, left);
      case "not in":
        return !contains(machine, right, left);
      default:
        return ordered(machine, operator, left, right);
    }
  }

  #elements(elements: readonly Element[], scope: Scope): readonly Py[] {
    return elements.flatMap(({ value, isStarred }) => {
      const one = this.#inner(value, scope);
      if (!isStarred) return [one];
      return [...eachOf(this.machine, one, "exact", (type) => `Value after * must be an iterable, not ${type}`)];
    });
  }

  /** As Python builds a set: what stands before the first star is evaluated before anything is put in. */
  *#setElements(elements: readonly Element[], scope: Scope): Generator<Py> {
    const star = elements.findIndex(({ isStarred }) => isStarred);
    const first = star === -1 ? elements : elements.slice(0, star);
    yield* first.map(({ value }) => this.#inner(value, scope));
    for (const { value, isStarred } of elements.slice(first.length)) {
      const one = this.#inner(value, scope);
      if (isStarred) yield* eachOf(this.machine, one, "any");
      else yield one;
    }
  }

  /** As Python builds a dict: all pairs up to the next `**` are evaluated before one is put in. */
  *#entries(entries: readonly DictEntry[], scope: Scope): Generator<Entry> {
    let waiting: Entry[] = [];
    for (const entry of entries) {
      if (entry.kind === "pair") {
        const key = this.#inner(entry.key, scope);
        waiting.push({ key, value: this.#inner(entry.value, scope) });
      } else {
        yield* waiting;
        waiting = [];
        yield* this.#spread(this.#inner(entry.value, scope));
      }
    }
    yield* waiting;
  }

  #spread(value: Py): readonly Entry[] {
    if (value.kind === "dict") return value.table.all();
    if (value.kind === "recorded" || value.kind === "unknown")
      return refuse(`${typeName(value)} is not spread in the past.`);
    return typeError(`'${typeName(value)}' object is not a mapping`);
  }

  // Comprehensions.

  #comprehension(expression: Extract<Expression, { kind: "comprehension" }>, scope: Scope): Py {
    const rounds = this.#rounds(labels[expression.of], expression.loops, scope, (inner) =>
      this.#inner(expression.element, inner),
    );
    switch (expression.of) {
      case "list":
        return list([...rounds]);
      case "set":
        return makeSet(this.machine, "set", rounds);
      case "generator":
        return iterator("generator", guarded(rounds));
    }
  }

  /** The source of the first loop is evaluated at once, in the scope around; the rest when it is asked for. */
  #rounds<T>(label: string, loops: readonly Loop[], scope: Scope, body: (scope: Scope) => T): Generator<T> {
    const [first] = loops;
    const source = first === undefined ? none : this.#inner(first.source, scope);
    const outermost = iteratorOver(this.machine, source);
    const inner = new Scope(scope, label);
    for (const { target } of loops) declare(target, inner);
    return this.#round(loops, 0, outermost, inner, body);
  }

  *#round<T>(
    loops: readonly Loop[],
    at: number,
    source: PyIterator,
    scope: Scope,
    body: (scope: Scope) => T,
  ): Generator<T> {
    const loop = loops[at];
    if (loop === undefined) return;
    for (let item = source.next(); item !== undefined; item = source.next()) {
      this.machine.work(1);
      this.#assign(loop.target, item, scope);
      if (!loop.conditions.every((condition) => truth(this.machine, this.#inner(condition, scope)))) continue;
      const next = loops[at + 1];
      if (next === undefined) yield body(scope);
      else yield* this.#round(loops, at + 1, iteratorOver(this.machine, this.#inner(next.source, scope)), scope, body);
    }
  }

  #assign(target: Target, value: Py, scope: Scope): void {
    if (target.kind === "name") {
      scope.bind(target.name, value);
      return;
    }
    const { targets, star } = target;
    function message(type: string): string {
      return `cannot unpack non-iterable ${type} object`;
    }
    const wanted = targets.length;
    const values: Py[] = [];
    for (const one of eachOf(this.machine, value, "exact", message)) {
      if (star === undefined && values.length === wanted) this.#tooMany(value, wanted);
      values.push(one);
    }
    if (star === undefined) {
      if (values.length < wanted) valueError(`not enough values to unpack (expected ${wanted}, got ${values.length})`);
      for (const [index, one] of targets.entries()) this.#assign(one, values[index] ?? none, scope);
      return;
    }
    const after = wanted - star - 1;
    if (values.length < wanted - 1)
      valueError(`not enough values to unpack (expected at least ${wanted - 1}, got ${values.length})`);
    for (const [index, one] of targets.entries()) {
      if (index < star) this.#assign(one, values[index] ?? none, scope);
      else if (index === star) this.#assign(one, list(values.slice(star, values.length - after)), scope);
      else this.#assign(one, values[values.length - wanted + index] ?? none, scope);
    }
  }

  #tooMany(value: Py, wanted: number): never {
    if (this.machine.minor >= 14 && (value.kind === "list" || value.kind === "tuple"))
      return valueError(`too many values to unpack (expected ${wanted}, got ${value.items.total})`);
    if (this.machine.minor >= 14 && value.kind === "dict")
      return valueError(`too many values to unpack (expected ${wanted}, got ${value.table.total})`);
    return valueError(`too many values to unpack (expected ${wanted})`);
  }

  // Calls.

  #lambda(expression: Extract<Expression, { kind: "lambda" }>, scope: Scope): PyLambda {
    const fallbacks = new Map<string, Py>();
    const { parameters, body } = expression;
    for (const { name, fallback } of [...parameters.positional, ...parameters.keywordOnly])
      if (fallback !== undefined) fallbacks.set(name, this.#inner(fallback, scope));
    return { kind: "lambda", parameters, fallbacks, body, scope };
  }

  #callExpression(expression: Extract<Expression, { kind: "call" }>, scope: Scope): Py {
    const callee = this.#inner(expression.callee, scope);
    const positional = expression.positional.flatMap(({ value, isStarred }) => {
      const one = this.#inner(value, scope);
      return isStarred ? this.#spreadArguments(callee, one, expression.positional.length === 1) : [one];
    });
    const keywords = this.#keywords(callee, expression.keywords, scope);
    return this.#call(callee, { positional, keywords });
  }

  #calleeName(callee: Py): string {
    if (callee.kind === "builtin" || callee.kind === "type") return `${callee.name}()`;
    if (callee.kind === "method") return `${callee.type}.${callee.name}()`;
    return refuse("How this call fails is not known here.");
  }

  #spreadArguments(callee: Py, value: Py, isOnly: boolean): readonly Py[] {
    const message = (type: string): string =>
      this.machine.minor >= 15 || !isOnly
        ? `Value after * must be an iterable, not ${type}`
        : `${this.#calleeName(callee)} argument after * must be an iterable, not ${type}`;
    return [...eachOf(this.machine, value, "exact", message)];
  }

  #keywords(callee: Py, keywords: readonly Keyword[], scope: Scope): ReadonlyMap<string, Py> {
    const values = new Map<string, Py>();
    for (const keyword of keywords) {
      const value = this.#inner(keyword.value, scope);
      if (keyword.kind === "named") {
        values.set(keyword.name, value);
        continue;
      }
      if (value.kind !== "dict") {
        if (value.kind === "recorded" || value.kind === "unknown") refuse("This is not spread in the past.");
        const type = typeName(value);
        typeError(
          this.machine.minor >= 15
            ? `Value after ** must be a mapping, not ${type}`
            : `${this.#calleeName(callee)} argument after ** must be a mapping, not ${type}`,
        );
      }
      for (const entry of value.table.all()) {
        if (entry.key.kind !== "str") return typeError("keywords must be strings");
        if (values.has(entry.key.text))
          return typeError(`${this.#calleeName(callee)} got multiple values for keyword argument '${entry.key.text}'`);
        values.set(entry.key.text, entry.value);
      }
    }
    return values;
  }

  #call(callee: Py, args: Args): Py {
    this.machine.work(1);
    if (callee.kind !== "lambda") return this.machine.deeper(() => call(this.machine, callee, args));
    const scope = new Scope(callee.scope, "<lambda>");
    for (const [name, value] of bindParameters(this.machine, callee, args)) scope.bind(name, value);
    return this.#inner(callee.body, scope);
  }

  // Texts.

  #formatted(parts: readonly StringPart[], scope: Scope): string {
    let out = "";
    for (const part of parts) {
      if (part.kind === "text") out += part.text;
      else {
        const value = this.#inner(part.value, scope);
        const converted = part.conversion === undefined ? value : str(this.#converted(value, part.conversion));
        const spec = part.spec === undefined ? "" : this.#formatted(part.spec, scope);
        out += format(this.machine, converted, spec);
      }
    }
    return out;
  }

  #converted(value: Py, conversion: "r" | "s" | "a"): string {
    if (conversion === "r") return repr(this.machine, value);
    return conversion === "s" ? text(this.machine, value) : ascii(this.machine, value);
  }
}

function declare(target: Target, scope: Scope): void {
  if (target.kind === "name") scope.declare(target.name);
  else for (const one of target.targets) declare(one, scope);
}
