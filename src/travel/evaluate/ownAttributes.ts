// `value.name` where the classes of the program decide: data descriptors first, then what the object holds, then the
// rest of its classes, as `object.__getattribute__` and `type.__getattribute__` go. Code of the program does not run.
import { classOf, className, moduleOf, orderOf, type PyClass, type PyRecordedClass } from "./classes.ts";
import {
  builtinBase,
  definedBy,
  descriptorOf,
  enumMember,
  isEnumeration,
  isSpecial,
  lookUp,
  wrapped,
  type Lookup,
} from "./classLookup.ts";
import { notRecorded, raise, refuse } from "./failures.ts";
import { tuple } from "./iterate.ts";
import type { Machine } from "./machine.ts";
import { hasMethod } from "./methodNames.ts";
import type { ObjectView } from "../timeTravel.ts";
import { basesOf } from "./types.ts";
import { none, str, type Py, type PyRecorded } from "./values.ts";

type Found = Extract<Lookup, { readonly kind: "recorded" }>;

function heldBy(machine: Machine, { view }: PyRecorded, name: string): Py | undefined {
  const held = view.attributes.find(([attribute]) => attribute === name);
  return held === undefined ? undefined : machine.wrap(held[1]);
}

/** What was left out may be the attribute that is asked for. */
function checkAllKept({ attributes, attributesTotal }: ObjectView, owner: string, name: string): void {
  if (attributes.length < attributesTotal) leftOut(attributes.length, attributesTotal, owner, name);
}

function leftOut(kept: number, total: number, owner: string, name: string): never {
  return notRecorded(
    `${name} may be one of the ${total - kept} attributes of ${owner} that were left out (${kept} kept)`,
  );
}

/** A class of which not all is known. */
function mayHave(cls: PyClass, name: string): never {
  const isCut = cls.kind === "recorded" && cls.view.attributes.length < cls.view.attributesTotal && !isSpecial(name);
  if (isCut) leftOut(cls.view.attributes.length, cls.view.attributesTotal, `the class ${className(cls)}`, name);
  return refuse(`${name} may come from ${className(cls)}, whose attributes are not recorded.`);
}

function wouldRun(cls: PyClass, name: string, what: string): never {
  return refuse(`${className(cls)}.${name} is ${what}, and the past runs no code of the program.`);
}

/** Refuses where a class looks its attributes up itself. */
function checkLookup(order: readonly PyClass[], what: string): void {
  const own = definedBy(order, ["__getattribute__"]);
  // The standard library's classes in C name `object`'s own lookup among their attributes.
  const isOrdinary = own === undefined || ["collections", "datetime", "decimal", "itertools"].includes(moduleOf(own));
  if (!isOrdinary) wouldRun(own, "__getattribute__", `how ${what} are looked up`);
}

/** An attribute of an instance of a recorded class, or of a kind that has no class in the log. */
export function instanceAttribute(machine: Machine, value: PyRecorded, name: string): Py {
  const { view } = value;
  const held = heldBy(machine, value, name);
  if (view.cls === undefined && !isBuiltinException(view.type, view.kind)) {
    if (held !== undefined) return held;
    if (name === "__class__") return classOf(machine, value);
    checkAllKept(view, view.type, name);
    return refuse(`${view.type} has no recorded attribute ${name}: its class is not in the recording.`);
  }
  const cls = classOf(machine, value);
  const order = orderOf(machine, cls);
  checkLookup(order, "attributes");
  const found = lookUp(machine, order, name);
  const data = dataAttribute(machine, value, name, found, held);
  if (data !== undefined) return data;
  if (held !== undefined) return held;
  checkAllKept(view, className(cls), name);
  switch (found.kind) {
    case "recorded":
      return readThrough(machine, found, name, value, cls);
    case "builtin":
      if (isSpecial(name)) return refuse(`${name} is not looked up on builtin types in the past.`);
      return hasMethod(found.type, name, machine.minor)
        ? { kind: "method", receiver: value, type: found.type, name }
        : refuse(`${found.type}.${name} is not looked up in the past.`);
    case "unsure":
      return mayHave(found.cls, name);
    case "absent": {
      const maker = definedBy(order, ["__getattr__"]);
      if (maker !== undefined) return wouldRun(maker, "__getattr__", `asked for ${name}`);
      return raise("AttributeError", `'${className(cls)}' object has no attribute '${name}'`);
    }
  }
}

function isBuiltinException(type: string, kind: string): boolean {
  return kind === "exception" && basesOf(type).includes("BaseException");
}

/** What goes before the instance's own attributes; undefined for nothing. */
function dataAttribute(
  machine: Machine,
  value: PyRecorded,
  name: string,
  found: Lookup,
  held: Py | undefined,
): Py | undefined {
  if (found.kind === "builtin") return found.isData ? builtinData(machine, value, name, found.type) : undefined;
  if (found.kind !== "recorded") return undefined;
  const { kind, isData } = descriptorOf(machine, found.value);
  if (!isData) return undefined;
  switch (kind) {
    case "slot":
      return held ?? noSlot(machine, value, name);
    case "field":
      return fieldOf(machine, value, name, found.cls);
    case "enum":
      if (found.cls.view.text === "Enum" && moduleOf(found.cls) === "enum" && (name === "name" || name === "value")) {
        const inner = heldBy(machine, value, `_${name}_`);
        if (inner !== undefined) return inner;
      }
      return wouldRun(found.cls, name, "a property");
    case "property":
      return wouldRun(found.cls, name, "a property");
    default:
      return wouldRun(found.cls, name, "a descriptor");
  }
}

/** With the module, but for those that are never named. */
function fullName(cls: PyClass): string {
  if (cls.kind === "type") return cls.name;
  const [module, text] = [moduleOf(cls), cls.view.text ?? ""];
  return module === "" || module === "__main__" ? text : `${module}.${text}`;
}

function noSlot(machine: Machine, value: PyRecorded, name: string): Py {
  const cls = classOf(machine, value);
  const maker = definedBy(orderOf(machine, cls), ["__getattr__"]);
  if (maker !== undefined) return wouldRun(maker, "__getattr__", `asked for ${name}`);
  // A slot of the recorder's own reading: what is bound is among the attributes.
  checkAllKept(value.view, className(cls), name);
  if (machine.minor < 10) return raise("AttributeError", name);
  const shown = machine.minor < 13 ? className(cls) : fullName(cls);
  return raise("AttributeError", `'${shown}' object has no attribute '${name}'`);
}

function fieldOf(machine: Machine, value: PyRecorded, name: string, cls: PyRecordedClass): Py {
  const fields = heldBy(machine, cls, "_fields");
  const names = fields?.kind === "tuple" ? fields.items.all() : [];
  const index = names.findIndex((one) => one.kind === "str" && one.text === name);
  const item = value.view.items[index];
  return item === undefined ? refuse(`Which item ${name} names is not recorded.`) : machine.wrap(item);
}

function builtinData(machine: Machine, value: PyRecorded, name: string, type: string): Py {
  const { view } = value;
  if (name === "__class__") return classOf(machine, value);
  if (view.kind === "exception") {
    if (name === "args" && view.items.length === view.itemsTotal)
      return tuple(view.items.map((item) => machine.wrap(item)));
    if (name === "value" && type === "StopIteration" && view.cls === undefined)
      return view.items[0] === undefined ? none : machine.wrap(view.items[0]);
  }
  return refuse(`${type}.${name} is not looked up in the past.`);
}

/** What an attribute of a class gives when it is read through an instance, or through a class (`self` undefined). */
function readThrough(machine: Machine, found: Found, name: string, self: Py | undefined, cls: PyClass): Py {
  const { value } = found;
  const { kind } = descriptorOf(machine, value);
  if (value.kind !== "recorded" || kind === "plain") return value;
  switch (kind) {
    case "function":
      return self === undefined ? value : { kind: "bound", function: value, self };
    case "static method":
      return wrapped(machine, value);
    case "class method": {
      const inner = wrapped(machine, value);
      return inner.kind === "recorded" && inner.view.kind === "function"
        ? { kind: "bound", function: inner, self: cls }
        : refuse(`What the class method ${name} wraps is no plain function.`);
    }
    case "property":
    case "slot":
    case "field":
      return self === undefined ? value : wouldRun(found.cls, name, "a property");
    case "enum": {
      const member = self === undefined && cls.kind === "recorded" ? enumMember(machine, cls, name) : undefined;
      return member ?? wouldRun(found.cls, name, "a property");
    }
    case "other":
      return wouldRun(found.cls, name, "a descriptor");
  }
}

/** An attribute of a recorded class. */
export function classAttribute(machine: Machine, value: PyRecordedClass, name: string): Py {
  const { view } = value;
  const meta = classOf(machine, value);
  const metaOrder = orderOf(machine, meta);
  checkLookup(metaOrder, "attributes of the class");
  const above = lookUp(machine, metaOrder, name);
  if (above.kind === "recorded" && descriptorOf(machine, above.value).isData)
    return wouldRun(above.cls, name, "a property of the class");
  const own = partOfType(machine, value, meta, name);
  if (own !== undefined) return own;
  if (view.items.length === 0) return refuse(`The class ${view.text ?? ""} has no recorded attribute ${name}.`);
  const order = orderOf(machine, value);
  const found = lookUp(machine, order, name);
  if (found.kind === "recorded") return readThrough(machine, found, name, undefined, value);
  if (found.kind === "unsure") return mayHave(found.cls, name);
  if (found.kind === "builtin") {
    if (isSpecial(name) || !hasMethod(found.type, name, machine.minor))
      return refuse(`${found.type}.${name} is not looked up in the past.`);
    return { kind: "method", receiver: undefined, type: found.type, name };
  }
  return throughMeta(machine, value, name, meta, above);
}

/** What `type` itself says of a class. */
function partOfType(machine: Machine, value: PyRecordedClass, meta: PyClass, name: string): Py | undefined {
  const { view } = value;
  switch (name) {
    case "__name__":
      return str(className(value));
    case "__qualname__":
      return view.text === undefined ? undefined : str(view.text);
    case "__module__":
      return view.value?.kind === "str" ? machine.wrap(view.value) : refuse("The module is not recorded.");
    case "__mro__":
      return tuple(orderOf(machine, value));
    case "__class__":
      return meta;
    case "__dict__":
    case "__doc__":
    case "__bases__":
    case "__base__":
    case "__annotations__":
    case "__annotate__":
    case "__type_params__":
    case "__abstractmethods__":
    case "__flags__":
    case "__basicsize__":
    case "__itemsize__":
    case "__dictoffset__":
    case "__weakrefoffset__":
    case "__text_signature__":
      return refuse(`${name} of a class is not looked up in the past.`);
    default:
      return undefined;
  }
}

/** What no class of the order has: the class of the class may have it. */
function throughMeta(machine: Machine, value: PyRecordedClass, name: string, meta: PyClass, above: Lookup): Py {
  if (above.kind === "recorded") return readThrough(machine, above, name, value, meta);
  if (above.kind === "unsure") return mayHave(above.cls, name);
  if (above.kind === "builtin") return refuse(`type.${name} is not looked up in the past.`);
  const maker = definedBy(orderOf(machine, meta), ["__getattr__"]);
  if (maker !== undefined) {
    const member =
      isEnumeration(machine, value) && moduleOf(maker) === "enum" ? enumMember(machine, value, name) : undefined;
    return member ?? wouldRun(maker, "__getattr__", `asked for ${name}`);
  }
  if (isSpecial(name) && builtinBase(orderOf(machine, meta)) !== "type")
    return refuse(`${name} of a class is not looked up in the past.`);
  return raise("AttributeError", `type object '${className(value)}' has no attribute '${name}'`);
}
