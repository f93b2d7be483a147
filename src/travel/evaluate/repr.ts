// How does Python write a value? `repr`, `str` and `ascii`, where that runs no code of the program.
import { arrayItems, isPlainArray, refuseForeignArray, typecode } from "./arrays.ts";
import { bytesText, complexText, floatText, strText } from "../../python/scalarText.ts";
import { classOf, className, orderOf } from "./classes.ts";
import { builtinBase, definedBy } from "./classLookup.ts";
import { isSet, wholeBytes } from "./compare.ts";
import { refuse, valueError } from "./failures.ts";
import type { Machine } from "./machine.ts";
import { isExceptionType, typeName } from "./types.ts";
import type { Py, PyDict, PyRecorded, PySet } from "./values.ts";

const maxDigits = 4300;

/** Decimal digits of an int; raises for one that is too long, as Python does. */
export function intDigits(machine: Machine, value: bigint): string {
  const text = value.toString();
  if (text.length - (value < 0n ? 1 : 0) > maxDigits)
    valueError(
      `Exceeds the limit (${maxDigits}${machine.minor >= 11 ? " digits" : ""}) for integer string conversion; ` +
        "use sys.set_int_max_str_digits() to increase the limit",
    );
  return text;
}

export function repr(machine: Machine, value: Py): string {
  return new ReprWriter(machine).text(value);
}

/** `str(value)`. */
export function text(machine: Machine, value: Py): string {
  if (value.kind === "str") return value.text;
  if (value.kind === "recorded" && value.view.kind === "exception") return exceptionText(machine, value);
  if (value.kind === "recorded" && value.view.kind === "repr")
    return refuse(`Of a ${value.view.type} its repr was recorded, not its str.`);
  return repr(machine, value);
}

/** `ascii(value)`. */
export function ascii(machine: Machine, value: Py): string {
  let escaped = "";
  for (const character of repr(machine, value)) {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    if (code < 0x80) escaped += character;
    else if (code <= 0xff) escaped += `\\x${hex.padStart(2, "0")}`;
    else escaped += code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
  }
  return escaped;
}

/** Exceptions whose `str` is that of their arguments. */
function hasPlainText(type: string): boolean {
  return (
    (isExceptionType(type) &&
      !/^(?:OS|Unicode|Syntax|Import|ModuleNotFound|Indentation|Tab|File|Is|Not|Permission|Process|Timeout|Broken|Connection|Blocking|Child|Interrupted)/u.test(
        type,
      )) ||
    type === "NotImplementedError"
  );
}

function exceptionText(machine: Machine, exception: PyRecorded): string {
  const { items, completeness } = exception.view;
  const order = orderOf(machine, classOf(machine, exception));
  const type = builtinBase(order);
  if (!hasPlainText(type) || definedBy(order, ["__str__"]) !== undefined)
    return refuse(`${exception.view.type} may define how it is written.`);
  if (completeness.kind !== "complete") return refuse("Not all of the exception was recorded.");
  const args = items.map((item) => machine.wrap(item));
  const [first] = args;
  if (first === undefined) return "";
  if (args.length > 1) return new ReprWriter(machine).joined("(", args, ")");
  return type === "KeyError" ? repr(machine, first) : text(machine, first);
}

class ReprWriter {
  readonly #machine: Machine;
  /** Containers that are being written: meeting one again is a cycle. */
  readonly #open = new Set<Py>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  text(value: Py): string {
    const machine = this.#machine;
    machine.work(1);
    switch (value.kind) {
      case "none":
        return "None";
      case "ellipsis":
        return "Ellipsis";
      case "notImplemented":
        return "NotImplemented";
      case "bool":
        return value.value ? "True" : "False";
      case "int":
        return intDigits(machine, value.value);
      case "float":
        return floatText(value.value);
      case "complex":
        return complexText(value.real, value.imaginary);
      case "str":
        machine.work(value.text.length);
        return strText(value.text, machine.printable);
      case "bytes":
        return bytesText(value.bytes);
      case "bytearray":
        return `bytearray(${bytesText(wholeBytes(value), Infinity, true)})`;
      case "list":
        return this.#once(value, "[...]", () => this.joined("[", value.items.all(), "]"));
      case "tuple":
        return this.#once(value, "(...)", () =>
          this.joined("(", value.items.all(), value.items.total === 1 ? ",)" : ")"),
        );
      case "dict":
        return this.#dict(value);
      case "set":
      case "frozenset":
        return this.#set(value);
      case "range": {
        const step = value.step === 1n ? "" : `, ${value.step}`;
        return `range(${value.start}, ${value.stop}${step})`;
      }
      case "slice":
        return this.joined("slice(", [value.start, value.stop, value.step], ")");
      case "dictView":
        return this.#dictView(value);
      case "type":
        return `<class '${value.name}'>`;
      case "builtin":
        return `<built-in function ${value.name}>`;
      case "recorded":
        return this.#recorded(value);
      case "unknown":
        return refuse(`It is not known here: ${value.reason}.`);
      case "deque":
        return refuse("A deque is not written out in the past.");
      case "method":
      case "bound":
      case "lambda":
      case "iterator":
        return refuse(`How a ${typeName(value)} is written names its address.`);
    }
  }

  joined(open: string, items: readonly Py[], close: string): string {
    return `${open}${items.map((item) => this.text(item)).join(", ")}${close}`;
  }

  #once(value: Py, cycle: string, body: () => string): string {
    if (this.#open.has(value)) return cycle;
    this.#open.add(value);
    const written = this.#machine.deeper(body);
    this.#open.delete(value);
    return written;
  }

  #dict(value: PyDict): string {
    if (value.type !== "dict") return refuse(`A ${value.type} is not written out in the past.`);
    return this.#once(value, "{...}", () => {
      const pairs = value.table.all().map((entry) => `${this.text(entry.key)}: ${this.text(entry.value)}`);
      return `{${pairs.join(", ")}}`;
    });
  }

  #set(value: PySet): string {
    if (value.table.total === 0) return `${value.kind}()`;
    if (!value.isOrdered && value.table.total > 1)
      return refuse("The order of a set that is made in the past is not known.");
    return this.#once(value, `${value.kind}(...)`, () => {
      const body = this.joined("{", value.table.all(), "}");
      return isSet(value) && value.kind === "frozenset" ? `frozenset(${body})` : body;
    });
  }

  #dictView(value: Extract<Py, { kind: "dictView" }>): string {
    const parts = value.dict.table.all().map(({ key, value: held }) => {
      if (value.of === "dict_keys") return this.text(key);
      return value.of === "dict_values" ? this.text(held) : `(${this.text(key)}, ${this.text(held)})`;
    });
    return `${value.of}([${parts.join(", ")}])`;
  }

  #array(value: PyRecorded): string {
    const code = typecode(value);
    const items = arrayItems(this.#machine, value)?.all() ?? [];
    if (items.length === 0) return `array('${code}')`;
    const texts = items.flatMap((item) => (item.kind === "str" ? [item.text] : []));
    if (texts.length === 0) return this.joined(`array('${code}', [`, items, "])");
    return `array('${code}', ${strText(texts.join(""), this.#machine.printable)})`;
  }

  #recorded(value: PyRecorded): string {
    const { view } = value;
    if (view.kind === "class" && view.type === "type" && view.value?.kind === "str")
      return `<class '${view.value.text === "builtins" ? "" : `${view.value.text}.`}${view.text ?? ""}'>`;
    if (view.kind === "exception" && view.completeness.kind === "complete") {
      const cls = classOf(this.#machine, value);
      const order = orderOf(this.#machine, cls);
      if (isExceptionType(builtinBase(order)) && definedBy(order, ["__repr__"]) === undefined) {
        const args = view.items.map((item) => this.#machine.wrap(item));
        return this.#once(value, `${className(cls)}(...)`, () => this.joined(`${className(cls)}(`, args, ")"));
      }
    }
    if (view.kind === "repr" && view.value === undefined && view.text !== undefined) {
      // Whether it is a capital letter is told by the thread's context.
      if (view.type === "decimal.Decimal" && /E[+-]/u.test(view.text))
        return refuse("How the exponent of a Decimal is written depends on the context.");
      return view.text;
    }
    if (isPlainArray(value)) return this.#array(value);
    refuseForeignArray(value);
    return refuse(`How ${typeName(value)} is written is the program's own, and the past runs no code of it.`);
  }
}
