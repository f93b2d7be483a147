// `value.method(…)`: the methods of builtin types that leave their object as it is.
import type { Args } from "./args.ts";
import { bytesMethod } from "./bytesMethods.ts";
import { dictMethod, fromKeys, viewMethod } from "./dictMethods.ts";
import { refuse, typeError } from "./failures.ts";
import type { Machine } from "./machine.ts";
import { changesObject } from "./methodNames.ts";
import { complexMethod, floatFromHex, floatMethod, intFromBytes, intMethod } from "./numberMethods.ts";
import { numberOf } from "./numbers.ts";
import { sequenceMethod } from "./sequenceMethods.ts";
import { setMethod } from "./setMethods.ts";
import { strMethod } from "./strMethods.ts";
import { typeName } from "./types.ts";
import type { Py, PyMethod } from "./values.ts";

export function callMethod(machine: Machine, { receiver, type, name }: PyMethod, args: Args): Py {
  const made = classMethod(machine, type, name, args);
  if (made !== undefined) return made;
  if (changesObject(type, name)) return refuse(`${type}.${name} changes its object, and the past does not change.`);
  if (receiver !== undefined) return boundMethod(machine, receiver, name, args);
  const [first, ...rest] = args.positional;
  if (first === undefined) return typeError(`unbound method ${type}.${name}() needs an argument`);
  if (first.kind === "recorded" || first.kind === "unknown") return refuse("This object is not computed with.");
  const isInt = (type === "int" || type === "bool") && numberOf(first)?.kind === "int";
  if (typeName(first) !== type && !isInt)
    return typeError(`descriptor '${name}' for '${type}' objects doesn't apply to a '${typeName(first)}' object`);
  return boundMethod(machine, first, name, { positional: rest, keywords: args.keywords });
}

/** Methods that belong to the type itself. */
function classMethod(machine: Machine, type: string, name: string, args: Args): Py | undefined {
  if (name === "fromkeys") return type === "dict" ? fromKeys(machine, args) : undefined;
  if (name === "from_bytes") return intFromBytes(machine, args);
  if (name === "fromhex") return type === "float" ? floatFromHex(args) : refuse("fromhex is not called in the past.");
  if (name === "maketrans") return refuse("Translation tables are not made in the past.");
  return name === "from_number" ? refuse("from_number is not called in the past.") : undefined;
}

function boundMethod(machine: Machine, receiver: Py, name: string, args: Args): Py {
  switch (receiver.kind) {
    case "bool":
      return intMethod(machine, receiver.value ? 1n : 0n, name, args, "bool");
    case "int":
      return intMethod(machine, receiver.value, name, args, "int");
    case "float":
      return floatMethod(receiver.value, name, args);
    case "complex":
      return complexMethod(receiver, name, args);
    case "str":
      return strMethod(machine, receiver.text, name, args);
    case "bytes":
    case "bytearray":
      return bytesMethod(machine, receiver, name, args);
    case "list":
    case "tuple":
    case "deque":
    case "range":
    case "slice":
      return sequenceMethod(machine, receiver, name, args);
    case "dict":
      return dictMethod(machine, receiver, name, args);
    case "dictView":
      return viewMethod(machine, receiver, name, args);
    case "set":
    case "frozenset":
      return setMethod(machine, receiver, name, args);
    default:
      return refuse(`${name} is not called in the past.`);
  }
}
