// Methods of set and frozenset that change nothing.
import { noArguments, noKeywords, oneArgument, type Args } from "./args.ts";
import { isSet, isSubset } from "./compare.ts";
import { refuse } from "./failures.ts";
import { eachOf } from "./iterate.ts";
import type { Machine } from "./machine.ts";
import { makeSet, setOperation } from "./operators.ts";
import { bool, type Py, type PySet } from "./values.ts";

export function setMethod(machine: Machine, set: PySet, name: string, args: Args): Py {
  const title = `${set.kind}.${name}`;
  function asSet(value: Py): PySet {
    return isSet(value) ? value : makeSet(machine, "set", eachOf(machine, value, "any"));
  }
  switch (name) {
    case "copy":
      noArguments(title, args);
      return set.kind === "frozenset" ? set : makeSet(machine, "set", set.table.all());
    case "isdisjoint": {
      const other = oneArgument(title, args);
      for (const one of eachOf(machine, other, "any")) if (set.table.has(one)) return bool(false);
      return bool(true);
    }
    case "issubset":
      return bool(isContained(machine, set, oneArgument(title, args)));
    case "issuperset":
      return bool(isSuperset(machine, set, oneArgument(title, args)));
    case "symmetric_difference":
      return setOperation(machine, "^", set, asSet(oneArgument(title, args)));
    case "union":
    case "intersection":
    case "difference": {
      noKeywords(title, args);
      const operator = name === "union" ? "|" : name === "intersection" ? "&" : "-";
      let result = makeSet(machine, set.kind, set.table.all());
      for (const other of args.positional)
        result =
          operator === "&" && !isSet(other)
            ? intersection(machine, result, other)
            : setOperation(machine, operator, result, asSet(other));
      return result;
    }
    default:
      return refuse(`${title} is not called in the past.`);
  }
}

/** From 3.11 on Python stops at the first element that is missing. */
function isSuperset(machine: Machine, set: PySet, other: Py): boolean {
  if (isSet(other)) return isSubset(other, set);
  if (machine.minor < 11) return isSubset(makeSet(machine, "set", eachOf(machine, other, "any")), set);
  for (const one of eachOf(machine, other, "any")) if (!set.table.has(one)) return false;
  return true;
}

/** The elements of an iterable that are in the set: they are looked up, not put into a set first. */
function intersection(machine: Machine, set: PySet, other: Py): PySet {
  const elements = [...eachOf(machine, other, "any")];
  return makeSet(
    machine,
    set.kind,
    elements.filter((one) => set.table.has(one, "hash")),
  );
}

function isContained(machine: Machine, set: PySet, other: Py): boolean {
  if (isSet(other)) return isSubset(set, other);
  return intersection(machine, set, other).table.total === set.table.total;
}
