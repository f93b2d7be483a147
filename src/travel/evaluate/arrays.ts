// What does an expression know of a recorded array? An exact `array.array` is a sequence of its elements; for NumPy's
// arrays and views of memory NumPy and Python would have to run, so they are refused.
import { arrayShape } from "../arrayShape.ts";
import { refuse } from "./failures.ts";
import { Items } from "./items.ts";
import type { Machine } from "./machine.ts";
import type { Py, PyRecorded } from "./values.ts";

/** Elements of an exact `array.array`; undefined for anything else. */
export function arrayItems(machine: Machine, value: Py): Items | undefined {
  if (value.kind !== "recorded" || !isPlainArray(value)) return undefined;
  const { view } = value;
  return Items.recorded(view.itemsTotal, () => {
    machine.work(view.items.length);
    return view.items.map((item) => machine.wrap(item));
  });
}

export function isPlainArray(value: Py): boolean {
  return value.kind === "recorded" && value.view.kind === "array" && value.view.type === "array.array";
}

/** Refuses arrays whose operations are not Python's own. */
export function refuseForeignArray(value: Py): void {
  if (value.kind !== "recorded" || value.view.kind !== "array" || isPlainArray(value)) return;
  refuse(`${value.view.type} is not computed with in the past: its elements can be seen by expanding it.`);
}

export function typecode({ view }: PyRecorded): string {
  return arrayShape(view.text).element;
}
