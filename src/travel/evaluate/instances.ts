// `isinstance` and `issubclass`: by the builtin types' bases, and by the classes that are in the recording.
import { classChain } from "./classes.ts";
import { refuse, typeError } from "./failures.ts";
import type { Machine } from "./machine.ts";
import { basesOf, isExceptionType, typeName } from "./types.ts";
import type { Py, PyRecorded } from "./values.ts";

function isClass(value: Py): boolean {
  return value.kind === "type" || (value.kind === "recorded" && value.view.kind === "class");
}

/** The types that are asked about; a tuple may hold tuples. */
function typesOf(type: Py, message: string): readonly Py[] {
  if (isClass(type)) return [type];
  if (type.kind === "tuple") return type.items.all().flatMap((one) => typesOf(one, message));
  if (type.kind === "recorded" || type.kind === "unknown") return refuse("This type may run code to answer.");
  return typeError(message);
}

export function isInstance(machine: Machine, value: Py, type: Py): boolean {
  const message =
    machine.minor >= 10
      ? "isinstance() arg 2 must be a type, a tuple of types, or a union"
      : "isinstance() arg 2 must be a type or tuple of types";
  return anyType(type, message, (one) => isOne(machine, value, one));
}

/** From left to right, as Python asks: what comes after a match is not looked at. */
function anyType(type: Py, message: string, test: (one: Py) => boolean): boolean {
  if (type.kind === "tuple") return type.items.all().some((one) => anyType(one, message, test));
  return typesOf(type, message).some(test);
}

function isOne(machine: Machine, value: Py, type: Py): boolean {
  if (type.kind === "type") return type.name === "object" || isOfBuiltin(machine, value, type.name);
  if (type.kind !== "recorded") return false;
  if (type.view.type !== "type")
    return refuse(`The class ${type.view.text ?? ""} may decide itself what is an instance.`);
  if (value.kind !== "recorded") {
    if (value.kind === "unknown") return refuse(`It is not known here: ${value.reason}.`);
    return false;
  }
  return chainOf(machine, value).includes(type);
}

function chainOf(machine: Machine, value: PyRecorded): readonly Py[] {
  return classChain(machine, value.view) ?? refuse(`The classes of ${typeName(value)} are not in the recording.`);
}

function isOfBuiltin(machine: Machine, value: Py, name: string): boolean {
  if (value.kind === "recorded") {
    const { view } = value;
    if (view.kind === "class" && view.type === "type") return name === "type";
    if (isExceptionType(view.type)) return basesOf(view.type).includes(name);
    if (
      ["function", "module", "method", "generator", "coroutine", "cell"].includes(view.kind) &&
      !view.type.includes(".")
    )
      return false;
    return chainOf(machine, value).some((one) => one.kind === "type" && one.name === name);
  }
  if (value.kind === "unknown" && value.type === "object") return refuse(`It is not known here: ${value.reason}.`);
  if (value.kind === "dict") return name === "dict";
  if (value.kind === "type") return name === "type";
  return basesOf(typeName(value)).includes(name);
}

export function isSubclass(machine: Machine, value: Py, type: Py): boolean {
  if (!isClass(value)) {
    if (value.kind === "recorded" || value.kind === "unknown") return refuse("This may run code to answer.");
    return typeError("issubclass() arg 1 must be a class");
  }
  const message =
    machine.minor >= 10
      ? "issubclass() arg 2 must be a class, a tuple of classes, or a union"
      : "issubclass() arg 2 must be a class or tuple of classes";
  return anyType(type, message, (one) => {
    if (value.kind === "type" && one.kind === "type") return basesOf(value.name).includes(one.name);
    if (value === one && one.kind === "recorded" && one.view.type === "type") return true;
    return refuse("Bases of the program's classes are not compared in the past.");
  });
}
