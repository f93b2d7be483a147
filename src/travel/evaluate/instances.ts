// `isinstance` and `issubclass`: by the order of bases of the builtin types and of the recorded classes.
import { classOf, isClass, isSameClass, moduleOf, orderOf, type PyClass, type PyRecordedClass } from "./classes.ts";
import { definedBy } from "./classLookup.ts";
import { refuse, typeError } from "./failures.ts";
import type { Machine } from "./machine.ts";
import type { Py } from "./values.ts";

/** From left to right, as Python asks: what comes after a match is not looked at. A tuple may hold tuples. */
function anyType(type: Py, message: string, test: (one: PyClass) => boolean): boolean {
  if (type.kind === "tuple") return type.items.all().some((one) => anyType(one, message, test));
  if (isClass(type)) return test(type);
  if (type.kind === "recorded" || type.kind === "unknown") return refuse("This type may run code to answer.");
  return typeError(message);
}

export function isInstance(machine: Machine, value: Py, type: Py): boolean {
  const message =
    machine.minor >= 10
      ? "isinstance() arg 2 must be a type, a tuple of types, or a union"
      : "isinstance() arg 2 must be a type or tuple of types";
  return anyType(type, message, (one) => {
    if (one.kind === "type" && one.name === "object") return true;
    const cls = classOf(machine, value);
    if (isSameClass(cls, one)) return true;
    const order = orderOf(machine, cls);
    const isDerived = order.some((base) => isSameClass(base, one));
    if (one.kind === "recorded") checkDecider(machine, one, "__instancecheck__", isDerived);
    if (isDerived) return true;
    const liar = order.find((base) => base.kind === "recorded" && defines(base, "__class__"));
    return liar === undefined ? false : refuse("It may say itself of which class it is, and the past runs no code.");
  });
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
    const isDerived = orderOf(machine, value).some((base) => isSameClass(base, one));
    if (one.kind === "recorded") checkDecider(machine, one, "__subclasscheck__", isDerived);
    return isDerived;
  });
}

function defines(cls: PyRecordedClass, name: string): boolean {
  return cls.view.attributes.some(([attribute]) => attribute === name);
}

/**
 * Refuses where the class of the class answers with code. That of abstract classes says yes to what is derived, unless
 * a class has a hook; to what is not, whatever was registered counts.
 */
function checkDecider(machine: Machine, cls: PyRecordedClass, method: string, isDerived: boolean): void {
  const decider = definedBy(orderOf(machine, classOf(machine, cls)), [method]);
  if (decider === undefined) return;
  const isAbstract = decider.view.text === "ABCMeta" && moduleOf(decider) === "abc";
  const hook = definedBy(orderOf(machine, cls), ["__subclasshook__"]);
  if (isAbstract && isDerived && hook === undefined) return;
  refuse(`The class ${cls.view.text ?? ""} may decide itself what is an instance, and the past runs no code.`);
}
