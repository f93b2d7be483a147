// `a + b`, `-a`: what each pair of builtin types does, and the exceptions of the others.
import { raise, refuse, typeError } from "./failures.ts";
import { isSet, refuseOwn, wholeBytes } from "./compare.ts";
import { list, tuple } from "./iterate.ts";
import { SetTable, DictTable } from "./tables.ts";
import type { BinaryOperator, UnaryOperator } from "./ast.ts";
import type { Machine } from "./machine.ts";
import { complexOperation, floatOf, floatOperation, intOperation, numberOf, power, type PyNumber } from "./numbers.ts";
import { percentFormat } from "./percentFormat.ts";
import { typeName } from "./types.ts";
import { bool, bytes, complex, float, int, str, type Py, type PySet } from "./values.ts";

export function binary(machine: Machine, operator: BinaryOperator, a: Py, b: Py): Py {
  refuseOwn(a, "operators");
  refuseOwn(b, "operators");
  const [x, y] = [numberOf(a), numberOf(b)];
  const result =
    x !== undefined && y !== undefined ? numbers(machine, operator, a, b, x, y) : others(machine, operator, a, b);
  if (result === undefined && machine.minor < 10 && (a.kind === "complex" || b.kind === "complex")) {
    if (operator === "//") return typeError("can't take floor of complex number.");
    if (operator === "%") return typeError("can't mod complex numbers.");
  }
  return result ?? unsupported(operator, a, b);
}

function unsupported(operator: BinaryOperator, a: Py, b: Py): never {
  const shown = operator === "**" ? "** or pow()" : operator;
  return typeError(`unsupported operand type(s) for ${shown}: '${typeName(a)}' and '${typeName(b)}'`);
}

function numbers(machine: Machine, operator: BinaryOperator, a: Py, b: Py, x: PyNumber, y: PyNumber): Py | undefined {
  if (operator === "**") return power(machine, x, y);
  if (a.kind === "bool" && b.kind === "bool") {
    if (operator === "&") return bool(a.value && b.value);
    if (operator === "|") return bool(a.value || b.value);
    if (operator === "^") return bool(a.value !== b.value);
  }
  if (x.kind === "complex" || y.kind === "complex") return complexOperation(machine, operator, x, y);
  if (x.kind === "int" && y.kind === "int") return intOperation(machine, operator, x.value, y.value);
  if (!"+ - * / // %".split(" ").includes(operator)) return undefined;
  return floatOperation(machine, operator, floatOf(x), floatOf(y));
}

function others(machine: Machine, operator: BinaryOperator, a: Py, b: Py): Py | undefined {
  switch (operator) {
    case "+":
      return joined(machine, a, b);
    case "*":
      return repeated(machine, a, b);
    case "%":
      if (a.kind === "str") return str(percentFormat(machine, a.text, b));
      if (a.kind === "bytes" || a.kind === "bytearray") return refuse("Bytes are not formatted in the past.");
      return undefined;
    case "|":
    case "&":
    case "-":
    case "^":
      return unions(machine, operator, a, b);
    default:
      return undefined;
  }
}

function joined(machine: Machine, a: Py, b: Py): Py | undefined {
  const other = typeName(b);
  switch (a.kind) {
    case "str":
      if (b.kind !== "str") return typeError(`can only concatenate str (not "${other}") to str`);
      machine.room((a.text.length + b.text.length) / 8);
      return str(joinedText(a.text, b.text));
    case "bytes":
    case "bytearray": {
      if (b.kind !== "bytes" && b.kind !== "bytearray") return typeError(`can't concat ${other} to ${a.kind}`);
      const whole = bytes([...wholeBytes(a), ...wholeBytes(b)]);
      return a.kind === "bytes"
        ? whole
        : { kind: "bytearray", bytes: whole.bytes, total: whole.bytes.length, object: 0 };
    }
    case "list":
    case "tuple": {
      if (b.kind !== a.kind) return typeError(`can only concatenate ${a.kind} (not "${other}") to ${a.kind}`);
      const items = [...a.items.all(), ...b.items.all()];
      machine.room(items.length);
      return a.kind === "list" ? list(items) : tuple(items);
    }
    case "deque":
      return refuse("Deques are not joined in the past.");
    case "dict":
      return a.type === "dict" ? undefined : refuse("These dicts are not joined in the past.");
    default:
      return b.kind === "dict" && b.type !== "dict" ? refuse("These dicts are not joined in the past.") : undefined;
  }
}

/** Two lone halves of a pair would become one character, which they are not in Python. */
export function joinedText(a: string, b: string): string {
  if (/[\ud800-\udbff]$/u.test(a) && /^[\udc00-\udfff]/u.test(b)) return refuse("This text cannot be kept apart here.");
  return a + b;
}

function repeated(machine: Machine, a: Py, b: Py): Py | undefined {
  if (isRepeatable(a)) {
    const count = numberOf(b);
    if (count?.kind === "int") return repeat(machine, a, count.value);
    return typeError(`can't multiply sequence by non-int of type '${typeName(b)}'`);
  }
  if (!isRepeatable(b)) return undefined;
  const count = numberOf(a);
  if (count?.kind === "int") return repeat(machine, b, count.value);
  return typeError(`can't multiply sequence by non-int of type '${typeName(a)}'`);
}

type Repeatable = Extract<Py, { kind: "str" | "bytes" | "bytearray" | "list" | "tuple" | "deque" }>;

function isRepeatable(value: Py): value is Repeatable {
  return ["str", "bytes", "bytearray", "list", "tuple", "deque"].includes(value.kind);
}

function repeat(machine: Machine, value: Repeatable, count: bigint): Py {
  if (count !== BigInt.asIntN(64, count)) {
    raise("OverflowError", "cannot fit 'int' into an index-sized integer");
  }
  const times = count > 0n ? count : 0n;
  switch (value.kind) {
    case "str":
      machine.room(times * BigInt(value.text.length));
      return str(times > 0n ? value.text.repeat(Number(times)) : "");
    case "bytes": {
      machine.room(times * BigInt(value.bytes.length));
      return bytes(Array.from({ length: Number(times) }, () => [...value.bytes]).flat());
    }
    case "bytearray":
    case "deque":
      return refuse(`A ${typeName(value)} is not repeated in the past.`);
    case "list":
    case "tuple": {
      machine.room(times * BigInt(value.items.total));
      const items = value.items.all();
      const all = Array.from({ length: items.length === 0 ? 0 : Number(times) }, () => items).flat();
      return value.kind === "list" ? list(all) : tuple(all);
    }
  }
}

/** A set that the evaluation makes: its order is not known. */
export function makeSet(machine: Machine, kind: "set" | "frozenset", elements: Iterable<Py>): PySet {
  return { kind, table: SetTable.of(machine, elements), isOrdered: false, object: 0 };
}

function unions(machine: Machine, operator: "|" | "&" | "-" | "^", a: Py, b: Py): Py | undefined {
  if (isSet(a) && isSet(b)) return setOperation(machine, operator, a, b);
  if (a.kind === "dictView" || b.kind === "dictView") return refuse("Views of dicts are not combined in the past.");
  if (operator !== "|") {
    if (isCounter(a) || isCounter(b)) return refuse("Counters are not combined in the past.");
    return undefined;
  }
  if (a.kind === "dict" && b.kind === "dict") {
    if (a.type !== "dict" || b.type !== "dict") return refuse("These dicts are not combined in the past.");
    return {
      kind: "dict",
      type: "dict",
      table: DictTable.of(machine, [...a.table.all(), ...b.table.all()]),
      object: 0,
    };
  }
  if (isTypeLike(a) || isTypeLike(b)) return refuse("Unions of types are not made in the past.");
  return isCounter(a) || isCounter(b) ? refuse("Counters are not combined in the past.") : undefined;
}

function isCounter(value: Py): boolean {
  return value.kind === "dict" && value.type !== "dict";
}

function isTypeLike(value: Py): boolean {
  return value.kind === "type" || (value.kind === "recorded" && value.view.kind === "class");
}

export function setOperation(machine: Machine, operator: "|" | "&" | "-" | "^", a: PySet, b: PySet): PySet {
  const [x, y] = [a.table.all(), b.table.all()];
  machine.work(x.length + y.length);
  switch (operator) {
    case "|":
      return makeSet(machine, a.kind, [...x, ...y]);
    case "&":
      // Python keeps the elements of the smaller set, the right one's where both are as large.
      return y.length > x.length
        ? makeSet(
            machine,
            a.kind,
            x.filter((element) => b.table.has(element)),
          )
        : makeSet(
            machine,
            a.kind,
            y.filter((element) => a.table.has(element)),
          );
    case "-":
      return makeSet(
        machine,
        a.kind,
        x.filter((element) => !b.table.has(element)),
      );
    case "^":
      return makeSet(machine, a.kind, [
        ...x.filter((element) => !b.table.has(element)),
        ...y.filter((element) => !a.table.has(element)),
      ]);
  }
}

export function unary(operator: Exclude<UnaryOperator, "not">, value: Py): Py {
  refuseOwn(value, "operators");
  const number = numberOf(value);
  if (number !== undefined) {
    if (operator === "+") return number;
    if (operator === "-") return negated(number);
    if (number.kind === "int") return int(~number.value);
  }
  if (isCounter(value)) return refuse("Counters are not combined in the past.");
  return typeError(`bad operand type for unary ${operator}: '${typeName(value)}'`);
}

function negated(number: PyNumber): Py {
  switch (number.kind) {
    case "int":
      return int(-number.value);
    case "float":
      return float(-number.value);
    case "complex":
      return complex(-number.real, -number.imaginary);
  }
}
