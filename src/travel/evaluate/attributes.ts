// `value.name`: what a recorded object holds, and what builtin types have.
import { raise, refuse } from "./failures.ts";
import type { Machine } from "./machine.ts";
import { hasMethod } from "./methodNames.ts";
import { classOf, isClass } from "./classes.ts";
import { isSpecial } from "./classLookup.ts";
import { classAttribute, instanceAttribute } from "./ownAttributes.ts";
import { checkKnown } from "./recorded.ts";
import { isBuiltinType, isExceptionType, lastName, typeName } from "./types.ts";
import { float, int, str, type Py, type PyRecorded } from "./values.ts";
import type { ObjectView } from "../timeTravel.ts";

/** Raises AttributeError where Python does; refuses where code would run or nothing is recorded. */
export function attributeOf(machine: Machine, value: Py, name: string): Py {
  switch (value.kind) {
    case "recorded":
      return recordedAttribute(machine, value, name);
    case "unknown":
      return refuse(`It is not known here: ${value.reason}.`);
    case "type":
      return typeAttribute(value.name, name);
    case "bound":
      if (name === "__self__") return value.self;
      return name === "__func__" ? value.function : refuse(`${name} of a method is not looked up in the past.`);
    default:
      return builtinAttribute(machine, value, name);
  }
}

function absent(type: string, name: string): never {
  return raise("AttributeError", `'${type}' object has no attribute '${name}'`);
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

function recordedAttribute(machine: Machine, value: PyRecorded, name: string): Py {
  checkKnown(value.view);
  const part = kindAttribute(machine, value, name);
  if (part !== undefined) return part;
  if (value.view.kind === "module") return ofModule(machine, value.view, name);
  return isClass(value) ? classAttribute(machine, value, name) : instanceAttribute(machine, value, name);
}

/** Attributes that are parts of an object's kind. */
function kindAttribute(machine: Machine, { view }: PyRecorded, name: string): Py | undefined {
  switch (view.kind) {
    case "method": {
      const item = view.items[["__func__", "__self__"].indexOf(name)];
      return item === undefined ? undefined : machine.wrap(item);
    }
    case "cell":
      return name === "cell_contents" && view.value !== undefined && view.value.kind !== "unbound"
        ? machine.wrap(view.value)
        : undefined;
    case "generator":
    case "coroutine":
    case "asyncGenerator":
      return name === "__qualname__" && view.text !== undefined ? str(view.text) : undefined;
    default:
      return undefined;
  }
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
