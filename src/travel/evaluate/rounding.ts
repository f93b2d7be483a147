// `round`: to the nearest, halves to even, by the exact value of a float.
import { indexOf } from "./args.ts";
import { raise, refuse, typeError, valueError } from "./failures.ts";
import { fixed, scaledDigits } from "./floatFormat.ts";
import { refuseOwn } from "./compare.ts";
import { floorModulo, numberOf } from "./numbers.ts";
import { typeName } from "./types.ts";
import { float, int, type Py } from "./values.ts";

export function round(value: Py, digits: Py | undefined): Py {
  const number = numberOf(value);
  if (number === undefined || number.kind === "complex") {
    refuseOwn(value, "__round__");
    return typeError(`type ${typeName(value)} doesn't define __round__ method`);
  }
  const places = digits === undefined || digits.kind === "none" ? undefined : indexOf(digits);
  if (number.kind === "int")
    return int(places === undefined || places >= 0n ? number.value : roundInt(number.value, -places));
  return places === undefined ? roundWhole(number.value) : float(roundFloat(number.value, places));
}

function roundInt(value: bigint, zeros: bigint): bigint {
  if (zeros > 10_000n) return refuse("These are too many digits.");
  const unit = 10n ** zeros;
  const rest = floorModulo(value, unit);
  const down = value - rest;
  const isUp = rest * 2n > unit || (rest * 2n === unit && floorModulo(down / unit, 2n) === 1n);
  return isUp ? down + unit : down;
}

function roundWhole(value: number): Py {
  if (Number.isNaN(value)) return valueError("cannot convert float NaN to integer");
  if (!Number.isFinite(value)) return raise("OverflowError", "cannot convert float infinity to integer");
  const size = scaledDigits(Math.abs(value), 0);
  return int(value < 0 ? -size : size);
}

function roundFloat(value: number, places: bigint): number {
  if (!Number.isFinite(value) || places > 323n) return value;
  const isNegative = value < 0 || Object.is(value, -0);
  const zero = isNegative ? -0 : 0;
  if (places < -308n) return zero;
  const size = Math.abs(value);
  const text = places >= 0n ? fixed(size, Number(places)) : `${scaledDigits(size, Number(places))}e${-places}`;
  const rounded = Number(text);
  if (!Number.isFinite(rounded)) return raise("OverflowError", "rounded value too large to represent");
  return isNegative ? -rounded : rounded;
}
