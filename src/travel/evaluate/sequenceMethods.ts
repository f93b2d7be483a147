// Methods of list, tuple, deque, range and slice that change nothing.
import { between, noArguments, oneArgument, type Args } from "./args.ts";
import { boundsOf } from "./subscript.ts";
import { contains, equal } from "./compare.ts";
import { refuse, unsure, valueError } from "./failures.ts";
import { eachOf, list, tuple } from "./iterate.ts";
import type { Machine } from "./machine.ts";
import { numberOf } from "./numbers.ts";
import { repr } from "./repr.ts";
import { indexOf } from "./args.ts";
import { int, type Py, type PyRange, type PySequence, type PySlice } from "./values.ts";

type Receiver = PySequence | PyRange | PySlice;

export function sequenceMethod(machine: Machine, receiver: Receiver, name: string, args: Args): Py {
  const title = `${receiver.kind}.${name}`;
  switch (name) {
    case "copy":
      noArguments(title, args);
      if (receiver.kind === "list") return list(receiver.items.all());
      return refuse("This is not copied in the past.");
    case "count": {
      const wanted = oneArgument(title, args);
      if (receiver.kind === "range" && numberOf(wanted)?.kind === "int")
        return int(contains(machine, receiver, wanted) ? 1 : 0);
      let found = 0;
      for (const one of eachOf(machine, receiver)) if (same(machine, one, wanted)) found++;
      return int(found);
    }
    case "index":
      return index(machine, receiver, args);
    case "indices": {
      const length = oneArgument(title, args);
      if (receiver.kind !== "slice") return refuse("Only a slice has indices.");
      const total = indexOf(length);
      if (total < 0n) return valueError("length should not be negative");
      const { start, stop, step } = boundsOf(machine, receiver, total, true);
      const part = machine.minor < 10 ? sameBool : (_: Py, value: bigint): Py => int(value);
      return tuple([part(receiver.start, start), part(receiver.stop, stop), part(receiver.step, step)]);
    }
    default:
      return refuse(`${title} is not called in the past.`);
  }
}

/** A bool that needs no change stays a bool, before 3.10. */
function sameBool(given: Py, value: bigint): Py {
  return given.kind === "bool" && value === (given.value ? 1n : 0n) ? given : int(value);
}

/** As containers compare: the same object is equal to itself. */
function same(machine: Machine, a: Py, b: Py): boolean {
  if (a.kind === "float" && b.kind === "float" && Number.isNaN(a.value) && Number.isNaN(b.value))
    return refuse("Whether two nans are one object is not recorded.");
  return (a === b && a.kind !== "unknown") || equal(machine, a, b);
}

function index(machine: Machine, receiver: Receiver, args: Args): Py {
  if (receiver.kind === "slice") return refuse("A slice has no index.");
  if (receiver.kind === "range") {
    const wanted = oneArgument("range.index", args);
    const number = numberOf(wanted);
    if (number?.kind !== "int" || wanted.kind === "float") return unsure("range.index looks for an int");
    if (contains(machine, receiver, wanted)) return int((number.value - receiver.start) / receiver.step);
    return valueError(machine.minor >= 14 ? "range.index(x): x not in range" : `${number.value} is not in range`);
  }
  const [wanted, from, to] = between("index", args, 1, 3);
  if (wanted === undefined) return unsure("index needs an argument");
  const items = receiver.items.all();
  function bound(one: Py | undefined, otherwise: number): number {
    if (one === undefined) return otherwise;
    const number = numberOf(one);
    if (number?.kind !== "int") return unsure("slice indices must be integers");
    const at = number.value < 0n ? number.value + BigInt(items.length) : number.value;
    return Number(at < 0n ? 0n : at > BigInt(items.length) ? BigInt(items.length) : at);
  }
  const [start, stop] = [bound(from, 0), bound(to, items.length)];
  for (let at = start; at < stop; at++) {
    const item = items[at];
    if (item !== undefined && same(machine, item, wanted)) return int(at);
  }
  if (receiver.kind === "tuple") return valueError("tuple.index(x): x not in tuple");
  if (receiver.kind === "list" && machine.minor >= 14) return valueError("list.index(x): x not in list");
  if (receiver.kind === "deque" && machine.minor >= 14) return unsure("it is not in the deque");
  return valueError(`${repr(machine, wanted)} is not in ${receiver.kind}`);
}
