// The arguments of a call to a builtin, and the messages when they are not right.
import { refuse, typeError, unsure } from "./failures.ts";
import { refuseOwn } from "./compare.ts";
import { numberOf } from "./numbers.ts";
import { typeName } from "./types.ts";
import type { Machine } from "./machine.ts";
import { truth } from "./truth.ts";
import type { Py } from "./values.ts";

export interface Args {
  readonly positional: readonly Py[];
  readonly keywords: ReadonlyMap<string, Py>;
}

export function noKeywords(name: string, args: Args): void {
  if (args.keywords.size > 0) typeError(`${name}() takes no keyword arguments`);
}

function plural(count: number): string {
  return `${count} argument${count === 1 ? "" : "s"}`;
}

/** Exactly one argument, for functions that take just one object. */
export function oneArgument(name: string, args: Args): Py {
  noKeywords(name, args);
  const [only] = args.positional;
  if (only === undefined || args.positional.length > 1)
    return typeError(`${name}() takes exactly one argument (${args.positional.length} given)`);
  return only;
}

export function noArguments(name: string, args: Args): void {
  noKeywords(name, args);
  if (args.positional.length > 0) typeError(`${name}() takes no arguments (${args.positional.length} given)`);
}

/** From `least` to `most` positional arguments. */
export function between(name: string, args: Args, least: number, most: number): readonly Py[] {
  const { length } = args.positional;
  if (length >= least && length <= most) return args.positional;
  if (least === most) return typeError(`${name} expected ${plural(least)}, got ${length}`);
  return length < least
    ? typeError(`${name} expected at least ${plural(least)}, got ${length}`)
    : typeError(`${name} expected at most ${plural(most)}, got ${length}`);
}

/** Arguments by position or by name; fails without knowing the words when they are not right. */
export function named(function_: string, args: Args, names: readonly string[], least = 0): readonly (Py | undefined)[] {
  if (args.positional.length > names.length) return unsure(`${function_} takes at most ${plural(names.length)}`);
  const values: (Py | undefined)[] = [...args.positional];
  for (const [name, value] of args.keywords) {
    const at = names.indexOf(name);
    if (at === -1 || values[at] !== undefined) return unsure(`${function_} does not take the argument ${name}`);
    values[at] = value;
  }
  for (let index = 0; index < least; index++)
    if (values[index] === undefined) return unsure(`${function_} needs the argument ${names[index] ?? ""}`);
  return values;
}

/** The int that an argument is, as `operator.index` takes it. */
export function indexOf(value: Py): bigint {
  const number = numberOf(value);
  if (number?.kind === "int") return number.value;
  refuseOwn(value, "__index__");
  return typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
}

/** A flag that older versions read as an int. */
export function flagOf(machine: Machine, value: Py): boolean {
  if (machine.minor >= 12) return truth(machine, value);
  const number = numberOf(value);
  if (number?.kind === "int") return number.value !== 0n;
  return intArgument(machine, value) !== 0n;
}

/** An int of C. */
export function intArgument(machine: Machine, value: Py): bigint {
  if (machine.minor >= 10 || numberOf(value)?.kind === "int") return indexOf(value);
  refuseOwn(value, "__index__");
  return typeError(
    value.kind === "float"
      ? "integer argument expected, got float"
      : `an integer is required (got type ${typeName(value)})`,
  );
}

/** An index that fits a size of C. */
export function sizeOf(value: Py): number {
  const size = indexOf(value);
  if (size !== BigInt.asIntN(63, size)) return refuse("This number is too large here.");
  return Number(size);
}
