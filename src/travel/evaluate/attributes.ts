// `value.name`: what a recorded object holds, and what builtin types have.
import { raise, refuse } from "./failures.ts";
import { tuple } from "./iterate.ts";
import type { Machine } from "./machine.ts";
import { hasMethod } from "./methodNames.ts";
import { classAttribute, classOf } from "./classes.ts";
import { checkKnown } from "./recorded.ts";
import { isBuiltinType, isExceptionType, lastName, typeName } from "./types.ts";
import { float, int, none, str, type Py, type PyRecorded } from "./values.ts";
import type { ObjectView, Value } from "../timeTravel.ts";

/** Raises AttributeError where Python does; refuses where code would run or nothing is recorded. */
export function attributeOf(machine: Machine, value: Py, name: string): Py {
  switch (value.kind) {
    case "recorded":
      return recordedAttribute(machine, value, name);
    case "unknown":
      return refuse(`It is not known here: ${value.reason}.`);
    case "type":
      return typeAttribute(value.name, name);
    default:
      return builtinAttribute(machine, value, name);
  }
}

function absent(type: string, name: string): never {
  return raise("AttributeError", `'${type}' object has no attribute '${name}'`);
}

function isSpecial(name: string): boolean {
  return name.startsWith("__") && name.endsWith("__");
}

function builtinAttribute(machine: Machine, value: Py, name: string): Py {
  if (name === "__class__") return classOf(machine, value);
  const data = dataAttribute(machine, value, name);
  if (data !== undefined) return data;
  if (name === "__doc__") return refuse("Documentation is not recorded.");
  const type = value.kind === "dictView" ? value.of : value.kind === "bool" ? "int" : value.kind;
  if (hasMethod(type, name, machine.minor)) return { kind: "method", receiver: value, type, name };
  if (isSpecial(name)) return refuse(`${name} is not looked up on builtin types in the past.`);
  if (value.kind === "iterator" || (value.kind === "dict" && value.type !== "dict"))
    return refuse(`Attributes of ${typeName(value)} are not known in the past.`);
  return absent(typeName(value), name);
}

function dataAttribute(machine: Machine, value: Py, name: string): Py | undefined {
  switch (value.kind) {
    case "bool":
    case "int":
      return intAttribute(value.kind === "int" ? value.value : value.value ? 1n : 0n, name);
    case "float":
      return name === "real" ? value : name === "imag" ? float(0) : undefined;
    case "complex":
      return name === "real" ? float(value.real) : name === "imag" ? float(value.imaginary) : undefined;
    case "range":
    case "slice": {
      if (name !== "start" && name !== "stop" && name !== "step") return undefined;
      const part = value[name];
      return typeof part === "bigint" ? int(part) : part;
    }
    case "dictView":
      return name === "mapping" && machine.minor >= 10
        ? refuse("A proxy of a dict is not made in the past.")
        : undefined;
    case "builtin":
      return name === "__name__" || name === "__qualname__" ? str(value.name) : undefined;
    case "lambda":
      return name === "__name__" || name === "__qualname__" ? str("<lambda>") : undefined;
    case "deque":
      return name === "maxlen" ? refuse("Its greatest length is shown when it is expanded.") : undefined;
    default:
      return undefined;
  }
}

function intAttribute(value: bigint, name: string): Py | undefined {
  switch (name) {
    case "real":
    case "numerator":
      return int(value);
    case "imag":
      return int(0);
    case "denominator":
      return int(1);
    default:
      return undefined;
  }
}

function typeAttribute(type: string, name: string): Py {
  if (name === "__name__" || name === "__qualname__") return str(lastName(type));
  if (name === "__module__" && isBuiltinType(type)) return str("builtins");
  if (hasMethod(type, name, 9))
    return { kind: "method", receiver: undefined, type: type === "bool" ? "int" : type, name };
  if (isSpecial(name) || name === "mro" || hasMethod(type, name, 99) || isExceptionType(type) || hasData(type, name))
    return refuse(`${type}.${name} is not looked up in the past.`);
  return raise("AttributeError", `type object '${type}' has no attribute '${name}'`);
}

/** Names of members that are no methods, for the types themselves. */
function hasData(type: string, name: string): boolean {
  const numbers = ["real", "imag", "numerator", "denominator"];
  if (type === "int" || type === "bool" || type === "float" || type === "complex") return numbers.includes(name);
  if (type === "range" || type === "slice") return ["start", "stop", "step"].includes(name);
  return !["object", "str", "bytes", "list", "tuple", "dict", "set", "frozenset"].includes(type);
}

function known(machine: Machine, value: Value): Py {
  return machine.wrap(value);
}

function recordedAttribute(machine: Machine, value: PyRecorded, name: string): Py {
  const { view } = value;
  checkKnown(view);
  const part = kindAttribute(machine, value, name);
  if (part !== undefined) return part;
  const own = view.attributes.find(([attribute]) => attribute === name);
  if (view.kind === "class") return ofClass(machine, value, name);
  if (view.kind === "module") return ofModule(machine, view, name);
  const inherited = classAttribute(machine, view, name, own !== undefined);
  if (inherited.kind === "first") return inherited.value;
  if (own !== undefined) return known(machine, own[1]);
  if (inherited.kind === "second") return inherited.value;
  if (view.attributes.length < view.attributesTotal)
    return refuse(`${name} may be one of the attributes of ${view.type} that were left out.`);
  if (inherited.kind === "unknown")
    return refuse(`${view.type} has no recorded attribute ${name}: ${inherited.reason}`);
  return absent(lastName(view.type), name);
}

/** Attributes that are parts of an object's kind. */
function kindAttribute(machine: Machine, { view }: PyRecorded, name: string): Py | undefined {
  switch (view.kind) {
    case "method": {
      const item = view.items[["__func__", "__self__"].indexOf(name)];
      return item === undefined ? undefined : known(machine, item);
    }
    case "cell":
      return name === "cell_contents" && view.value !== undefined && view.value.kind !== "unbound"
        ? known(machine, view.value)
        : undefined;
    case "function":
    case "generator":
    case "coroutine":
    case "asyncGenerator":
      return name === "__qualname__" && view.text !== undefined && view.kind !== "function"
        ? str(view.text)
        : undefined;
    case "exception":
      return exceptionAttribute(machine, view, name);
    default:
      return undefined;
  }
}

function exceptionAttribute(machine: Machine, view: ObjectView, name: string): Py | undefined {
  if (!isExceptionType(view.type)) return undefined;
  function items(): readonly Py[] {
    return view.items.map((item) => known(machine, item));
  }
  if (name === "args" && view.items.length === view.itemsTotal) return tuple(items());
  if (name === "value" && view.type === "StopIteration") return items()[0] ?? none;
  if ((name === "__cause__" || name === "__context__") && !view.attributes.some(([one]) => one === name)) return none;
  return undefined;
}

function ofClass(machine: Machine, value: PyRecorded, name: string): Py {
  const { view } = value;
  if (name === "__qualname__" && view.text !== undefined) return str(view.text);
  if (name === "__module__" && view.value?.kind === "str") return known(machine, view.value);
  if (name === "__mro__") return refuse("The order of bases is not looked up in the past.");
  const own = view.attributes.find(([attribute]) => attribute === name);
  if (own !== undefined && view.type === "type") {
    const held = known(machine, own[1]);
    if (isPlain(held)) return held;
    return refuse(`${name} of the class ${view.text ?? ""} may be a descriptor, and the past runs no code.`);
  }
  return refuse(`The class ${view.text ?? ""} has no recorded attribute ${name} of its own.`);
}

/** True for what is no descriptor: a value that reads as itself through a class. */
function isPlain(value: Py): boolean {
  return value.kind !== "recorded" || value.view.kind === "function" || value.view.kind === "class";
}

function ofModule(machine: Machine, view: ObjectView, name: string): Py {
  if (view.value?.kind !== "object") return refuse(`The names of the module ${view.text ?? ""} are not recorded.`);
  const namespace = machine.wrap(view.value);
  if (namespace.kind !== "dict") return refuse(`The names of the module ${view.text ?? ""} are not recorded.`);
  const found = namespace.table.find(str(name));
  if (found !== undefined) return found.value;
  if (namespace.table.find(str("__getattr__")) !== undefined)
    return refuse(`The module ${view.text ?? ""} may make ${name} when it is asked: the past runs no code.`);
  if (isSpecial(name)) return refuse(`${name} of a module is not looked up in the past.`);
  return raise("AttributeError", `module '${view.text ?? ""}' has no attribute '${name}'`);
}
