// What does an instance get from its class? Found through the classes that are in the recording, refused elsewhere.
import { refuse } from "./failures.ts";
import type { Machine } from "./machine.ts";
import { isBuiltinType, typeName } from "./types.ts";
import type { Py } from "./values.ts";
import type { ObjectView } from "../timeTravel.ts";

/** `first`: goes before what the instance holds. `second`: after it. */
export type ClassLookup =
  | { readonly kind: "first" | "second"; readonly value: Py }
  | { readonly kind: "absent" }
  | { readonly kind: "unknown"; readonly reason: string };

/** What the class of a recorded instance says about a name; `isHeld`: the instance itself holds it. */
export function classAttribute(machine: Machine, view: ObjectView, name: string, isHeld: boolean): ClassLookup {
  void machine;
  void isHeld;
  return {
    kind: "unknown",
    reason: `only what the object itself holds is recorded, and ${name} may come from ${view.type}.`,
  };
}

/** `type(value)`. */
export function classOf(machine: Machine, value: Py): Py {
  void machine;
  switch (value.kind) {
    case "iterator":
      return value.type === "generator" || isBuiltinType(value.type)
        ? { kind: "type", name: value.type }
        : refuse("Types of iterators are not computed with in the past.");
    case "dict":
      return value.type === "collections.Counter"
        ? refuse(`The class ${value.type} is not in the recording as an object.`)
        : { kind: "type", name: value.type };
    case "unknown":
      return isBuiltinType(value.type) ? { kind: "type", name: value.type } : refuse("The type is not recorded.");
    case "recorded":
      return recordedClass(value.view);
    default:
      return { kind: "type", name: typeName(value) };
  }
}

function recordedClass(view: ObjectView): Py {
  if (view.kind === "exception" && isBuiltinType(view.type)) return { kind: "type", name: view.type };
  if (["function", "module", "method", "generator", "coroutine"].includes(view.kind) && !view.type.includes("."))
    return { kind: "type", name: view.type };
  return refuse(`The class ${view.type} is not in the recording as an object.`);
}

/** The instance's class and its bases in their order; undefined when they are not in the recording. */
export function classChain(machine: Machine, view: ObjectView): readonly Py[] | undefined {
  void machine;
  void view;
  return undefined;
}
