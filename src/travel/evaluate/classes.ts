// Of which class is a value, and in which order are its bases asked? By the builtin types, and by the recorded classes.
import { notRecorded, refuse, Refusal } from "./failures.ts";
import type { Machine } from "./machine.ts";
import { basesOf, isBuiltinType, lastName, typeName } from "./types.ts";
import type { Py, PyRecorded, PyType } from "./values.ts";
import type { ObjectView } from "../timeTravel.ts";

/** A builtin type, or a class as it was recorded. */
export type PyRecordedClass = PyRecorded & { readonly view: { readonly kind: "class" } };
export type PyClass = PyType | PyRecordedClass;

function builtin(name: string): PyType {
  return { kind: "type", name };
}

export function isClass(value: Py): value is PyClass {
  return value.kind === "type" || (value.kind === "recorded" && value.view.kind === "class");
}

export function isSameClass(a: PyClass, b: PyClass): boolean {
  return a.kind === "type" ? b.kind === "type" && a.name === b.name : a === b;
}

/** `type(value)`; refuses where the class is not in the recording. */
export function classOf(machine: Machine, value: Py): PyClass {
  switch (value.kind) {
    case "iterator":
      return value.type === "generator" || isBuiltinType(value.type)
        ? builtin(value.type)
        : refuse("Types of iterators are not computed with in the past.");
    case "dict":
    case "deque":
      return value.kind === "dict" && value.type === "dict"
        ? builtin("dict")
        : (namedClass(machine, machine.environment.objectAt(value.object)) ??
            refuse(`The class ${typeName(value)} is not in the recording as an object.`));
    case "unknown":
      return isBuiltinType(value.type) ? builtin(value.type) : refuse("The type is not recorded.");
    case "recorded":
      return recordedClass(machine, value.view);
    case "lambda":
    case "bound":
      return builtin(typeName(value));
    default:
      return builtin(typeName(value));
  }
}

/** The class that the log names for an object. */
function namedClass(machine: Machine, view: ObjectView | undefined): PyClass | undefined {
  if (view?.cls === undefined) return undefined;
  const cls = machine.wrap({ kind: "object", object: view.cls });
  return isClass(cls) ? cls : undefined;
}

function recordedClass(machine: Machine, view: ObjectView): PyClass {
  const named = namedClass(machine, view);
  if (named !== undefined) return named;
  // The log names every class but those of `builtins`.
  if (!view.type.includes(".") && view.kind !== "instance" && !isProxy(view.type)) return builtin(view.type);
  return refuse(`The class ${view.type} is not in the recording as an object.`);
}

/** What says that it is of another class than it is. */
function isProxy(type: string): boolean {
  return type === "weakproxy" || type === "weakcallableproxy";
}

/** The class and its bases in the order of `__mro__`; refuses where they are not in the recording. */
export function orderOf(machine: Machine, cls: PyClass): readonly PyClass[] {
  if (cls.kind === "type") return basesOf(cls.name).map(builtin);
  const { view } = cls;
  if (view.completeness.kind === "notRecorded")
    return notRecorded(
      `${view.text ?? "the class"} since step ${view.completeness.sinceStep}: ${view.completeness.reason}`,
    );
  if (view.items.length === 0 || view.items.length < view.itemsTotal)
    return refuse(`The bases of ${view.text ?? "the class"} are not recorded.`);
  return view.items.map((item) => {
    const base = machine.wrap(item);
    return isClass(base) ? base : refuse(`The bases of ${view.text ?? "the class"} are not recorded.`);
  });
}

/** The classes of a value; undefined where they are not in the recording. */
export function knownOrder(machine: Machine, value: Py): readonly PyClass[] | undefined {
  try {
    return orderOf(machine, classOf(machine, value));
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** `cls.__module__`, where it is recorded. */
export function moduleOf({ view }: PyRecorded): string {
  return view.value?.kind === "str" ? view.value.text : "";
}

/** `cls.__name__`. */
export function className(cls: PyClass): string {
  return cls.kind === "type" ? lastName(cls.name) : (cls.view.name ?? lastName(cls.view.text ?? ""));
}
