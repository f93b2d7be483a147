// `sorted`, `min`, `max`: by Python's own order of comparisons, so that a failing one names the same pair.
import { ordered } from "./compare.ts";
import { refuse } from "./failures.ts";
import type { Machine } from "./machine.ts";
import type { Py } from "./values.ts";

/** From this length on CPython merges runs; below, it sorts by binary insertion. */
const shortestMerge = 64;

interface Keyed {
  readonly key: Py;
  readonly value: Py;
}

/** Values whose order is not total: what comes out then depends on every comparison. */
function isPartial(value: Py): boolean {
  switch (value.kind) {
    case "float":
      return Number.isNaN(value.value);
    case "set":
    case "frozenset":
      return true;
    case "list":
    case "tuple":
      return value.items.all().some(isPartial);
    default:
      return false;
  }
}

export function sorted(machine: Machine, values: readonly Py[], key: Py | undefined, reverse: boolean): readonly Py[] {
  const keyed = values.map((value) => ({ value, key: key === undefined ? value : machine.call(key, [value]) }));
  if (keyed.length > 1 && keyed.some((one) => isPartial(one.key)))
    return refuse("Values without a total order are not sorted in the past.");
  const items = reverse ? keyed.toReversed() : keyed;
  function smaller(a: Keyed, b: Keyed): boolean {
    return ordered(machine, "<", a.key, b.key);
  }
  const result =
    items.length < shortestMerge ? insertion(items, smaller) : items.toSorted((a, b) => order(a, b, smaller));
  return (reverse ? result.toReversed() : result).map((one) => one.value);
}

function order(a: Keyed, b: Keyed, smaller: (a: Keyed, b: Keyed) => boolean): number {
  try {
    return smaller(a, b) ? -1 : smaller(b, a) ? 1 : 0;
  } catch {
    return refuse("These values have no order, or one that is not known here.");
  }
}

/** The run at the start, then binary insertion: the comparisons of CPython for short lists. */
function insertion(items: readonly Keyed[], smaller: (a: Keyed, b: Keyed) => boolean): readonly Keyed[] {
  const [first, second] = items;
  if (first === undefined || second === undefined) return items;
  const falls = smaller(second, first);
  let run = 2;
  for (; run < items.length; run++) {
    const [before, here] = [items[run - 1], items[run]];
    if (before === undefined || here === undefined || smaller(here, before) !== falls) break;
  }
  const done = falls ? items.slice(0, run).toReversed() : items.slice(0, run);
  for (const pivot of items.slice(run)) {
    let low = 0;
    let high = done.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = done[middle];
      if (other !== undefined && smaller(pivot, other)) high = middle;
      else low = middle + 1;
    }
    done.splice(low, 0, pivot);
  }
  return done;
}

/** The first of the smallest or largest values; undefined when there are none. */
export function extreme(
  machine: Machine,
  operator: "<" | ">",
  values: Iterable<Py>,
  key: Py | undefined,
): Py | undefined {
  let best: Keyed | undefined;
  for (const value of values) {
    const one = { value, key: key === undefined ? value : machine.call(key, [value]) };
    if (best === undefined || ordered(machine, operator, one.key, best.key)) best = one;
  }
  return best?.value;
}
