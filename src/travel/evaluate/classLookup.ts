// What do the classes of an object say about a name? The first that has it, and what kind of descriptor it is.
import { classOf, moduleOf, orderOf, type PyClass, type PyRecordedClass } from "./classes.ts";
import { notRecorded, refuse } from "./failures.ts";
import type { Machine } from "./machine.ts";
import { hasMethod } from "./methodNames.ts";
import { isExceptionType } from "./types.ts";
import type { Py, PyRecorded } from "./values.ts";

export type Lookup =
  | { readonly kind: "absent" }
  /** An attribute of a recorded class. */
  | { readonly kind: "recorded"; readonly value: Py; readonly cls: PyRecordedClass }
  /** An attribute of a builtin type; `isData`: it goes before what the instance holds. */
  | { readonly kind: "builtin"; readonly type: string; readonly isData: boolean }
  /** A class of which not all attributes are recorded may have it; it is no data descriptor there. */
  | { readonly kind: "unsure"; readonly cls: PyClass };

const inObject: ReadonlySet<string> = new Set(
  (
    "__delattr__ __dir__ __eq__ __format__ __ge__ __getattribute__ __getstate__ __gt__ __hash__ __init__ " +
    "__init_subclass__ __le__ __lt__ __ne__ __new__ __reduce__ __reduce_ex__ __repr__ __setattr__ __sizeof__ __str__ " +
    "__subclasshook__"
  ).split(" "),
);

const dataOf: Readonly<Record<string, string>> = {
  int: "real imag numerator denominator",
  float: "real imag",
  complex: "real imag",
  type: "mro",
  slice: "start stop step",
  range: "start stop step",
  BaseException: "args with_traceback add_note",
  StopIteration: "value",
  SystemExit: "code",
  OSError: "errno strerror filename filename2 characters_written winerror",
  ImportError: "msg name path name_from",
  NameError: "name",
  AttributeError: "name obj",
  SyntaxError: "msg filename lineno offset text end_lineno end_offset print_file_and_line",
  UnicodeError: "encoding object start end reason",
  UnicodeDecodeError: "encoding object start end reason",
  UnicodeEncodeError: "encoding object start end reason",
  UnicodeTranslateError: "encoding object start end reason",
};

export function isSpecial(name: string): boolean {
  return name.startsWith("__") && name.endsWith("__");
}

function inBuiltin(type: string, name: string, minor: number): "data" | "method" | "unsure" | undefined {
  if (name === "__class__" || name === "__dict__" || name === "__doc__") return type === "object" ? "data" : undefined;
  if (type === "object") return inObject.has(name) ? "method" : undefined;
  if (hasMethod(type, name, minor)) return "method";
  if (Object.hasOwn(dataOf, type) && (dataOf[type] ?? "").split(" ").includes(name)) return "data";
  if (isSpecial(name)) return "unsure";
  const isKnown = hasMethod(type, "copy", minor) || Object.hasOwn(dataOf, type) || isExceptionType(type);
  return isKnown || ["str", "bytes", "tuple", "bool", "frozenset"].includes(type) ? undefined : "unsure";
}

function checkRecorded({ view: { completeness, text } }: PyRecordedClass): void {
  if (completeness.kind === "notRecorded")
    notRecorded(`${text ?? "a class"} since step ${completeness.sinceStep}: ${completeness.reason}`);
}

/** Goes through the classes in their order. */
export function lookUp(machine: Machine, order: readonly PyClass[], name: string): Lookup {
  let unsure: Lookup | undefined;
  for (const cls of order) {
    if (cls.kind === "type") {
      const found = inBuiltin(cls.name, name, machine.minor);
      if (found === "unsure") unsure ??= { kind: "unsure", cls };
      else if (found !== undefined) return unsure ?? { kind: "builtin", type: cls.name, isData: found === "data" };
      continue;
    }
    const { view } = cls;
    checkRecorded(cls);
    const held = view.attributes.find(([attribute]) => attribute === name);
    if (held !== undefined) return unsure ?? { kind: "recorded", value: machine.wrap(held[1]), cls };
    if (view.attributes.length < view.attributesTotal || name === "__doc__" || name === "__module__")
      unsure ??= { kind: "unsure", cls };
  }
  return unsure ?? { kind: "absent" };
}

/**
 * What the classes' own code decides, such as `__bool__`: the class that defines it, undefined when only the builtin
 * types do. These names are kept of every recorded class.
 */
export function definedBy(order: readonly PyClass[], names: readonly string[]): PyRecordedClass | undefined {
  for (const cls of order) {
    if (cls.kind === "type") continue;
    checkRecorded(cls);
    if (cls.view.attributes.some(([name]) => names.includes(name))) return cls;
  }
  return undefined;
}

/** The first builtin type of the order: what its instances are underneath. */
export function builtinBase(order: readonly PyClass[]): string {
  return order.find((cls) => cls.kind === "type")?.name ?? "object";
}

export type Descriptor =
  /** Reads as itself. */
  | "plain"
  | "function"
  | "static method"
  | "class method"
  | "property"
  /** A slot of the instance. */
  | "slot"
  /** A field of a named tuple. */
  | "field"
  /** `name` and `value` of an enumeration's members. */
  | "enum"
  /** What runs code when it is read. */
  | "other";

const slots: ReadonlySet<string> = new Set(["member_descriptor", "getset_descriptor"]);
const callables: ReadonlySet<string> = new Set(["method_descriptor", "wrapper_descriptor", "classmethod_descriptor"]);

/** What an attribute of a class does when it is read. */
export function descriptorOf(machine: Machine, value: Py): { readonly kind: Descriptor; readonly isData: boolean } {
  if (value.kind !== "recorded") return { kind: "plain", isData: false };
  const { view } = value;
  if (view.kind === "function") return { kind: "function", isData: false };
  if (view.cls === undefined) {
    if (view.type === "staticmethod") return { kind: "static method", isData: false };
    if (view.type === "classmethod") return { kind: "class method", isData: false };
    if (view.type === "property") return { kind: "property", isData: true };
    if (slots.has(view.type)) return { kind: view.type === "member_descriptor" ? "slot" : "other", isData: true };
    if (callables.has(view.type)) return { kind: "other", isData: false };
    if (view.kind !== "instance") return { kind: "plain", isData: false };
  }
  if (view.type === "collections._tuplegetter") return { kind: "field", isData: true };
  const order = orderOf(machine, classOf(machine, value));
  const isData = definedBy(order, ["__set__", "__delete__"]) !== undefined;
  const isEnum = view.type === "enum.property" || view.type === "types.DynamicClassAttribute";
  if (isEnum) return { kind: "enum", isData };
  if (builtinBase(order) === "property") return { kind: "property", isData: true };
  if (builtinBase(order) === "staticmethod") return { kind: "static method", isData };
  if (builtinBase(order) === "classmethod") return { kind: "class method", isData };
  return { kind: isData || definedBy(order, ["__get__"]) !== undefined ? "other" : "plain", isData };
}

/** What a static or class method wraps. */
export function wrapped(machine: Machine, { view }: PyRecorded): Py {
  const found = view.attributes.find(([name]) => name === "__func__");
  return found === undefined ? refuse("What this method wraps is not recorded.") : machine.wrap(found[1]);
}

/** The members of an enumeration by name, or undefined for what is none. */
export function enumMember(machine: Machine, cls: PyRecordedClass, name: string): Py | undefined {
  const map = cls.view.attributes.find(([attribute]) => attribute === "_member_map_");
  const members = map === undefined ? undefined : machine.wrap(map[1]);
  if (members?.kind !== "dict") return undefined;
  return members.table.find({ kind: "str", text: name })?.value;
}

/** True where the class of the classes is the standard library's for enumerations. */
export function isEnumeration(machine: Machine, cls: PyRecordedClass): boolean {
  return orderOf(machine, classOf(machine, cls)).some(
    (one) =>
      one.kind === "recorded" &&
      (one.view.text === "EnumMeta" || one.view.text === "EnumType") &&
      moduleOf(one) === "enum",
  );
}
