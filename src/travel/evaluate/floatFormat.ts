// Decimal digits of a float: exact, rounded half to even, in the forms e, f, g and r.
import { floatText } from "../../python/scalarText.ts";
import { exactFloat } from "./numbers.ts";

/** value * 10^places, rounded half to even; value is finite and not negative. */
export function scaledDigits(value: number, places: number): bigint {
  const { digits, exponent } = exactFloat(value);
  let top = digits;
  let bottom = 1n;
  if (places >= 0) top *= 10n ** BigInt(places);
  else bottom *= 10n ** BigInt(-places);
  if (exponent >= 0) top <<= BigInt(exponent);
  else bottom <<= BigInt(-exponent);
  const whole = top / bottom;
  const twice = (top % bottom) * 2n;
  return twice > bottom || (twice === bottom && (whole & 1n) === 1n) ? whole + 1n : whole;
}

export function fixed(value: number, places: number): string {
  const text = scaledDigits(value, places)
    .toString()
    .padStart(places + 1, "0");
  return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
}

interface Scientific {
  /** One digit, and `places` more. */
  readonly digits: string;
  readonly exponent: number;
}

function scientific(value: number, places: number): Scientific {
  if (value === 0) return { digits: "0".repeat(places + 1), exponent: 0 };
  let exponent = Number(value.toExponential().split("e")[1] ?? "0");
  let digits = scaledDigits(value, places - exponent).toString();
  if (digits.length > places + 1) {
    exponent += 1;
    digits = digits.slice(0, -1);
  }
  return { digits, exponent };
}

function exponentText(exponent: number): string {
  return `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function withPoint(digits: string, isAlternate: boolean): string {
  const rest = digits.slice(1);
  return `${digits.slice(0, 1)}${rest === "" && !isAlternate ? "" : "."}${rest}`;
}

export interface FloatStyle {
  /** `r`: as `repr`. */
  readonly type: "e" | "f" | "g" | "r";
  readonly precision: number;
  /** `#`: the point stays, trailing zeros stay. */
  readonly isAlternate: boolean;
  /** A point and a zero follow a whole number. */
  readonly needsPoint: boolean;
}

/** The size of a finite float in a style; without its sign. */
export function formatSize(value: number, style: FloatStyle): string {
  const { type, precision, isAlternate } = style;
  switch (type) {
    case "f":
      return `${fixed(value, precision)}${isAlternate && precision === 0 ? "." : ""}`;
    case "e": {
      const { digits, exponent } = scientific(value, precision);
      return withPoint(digits, isAlternate) + exponentText(exponent);
    }
    case "g":
      return general(value, Math.max(precision, 1), style);
    case "r": {
      const shortest = floatText(value);
      return style.needsPoint || !shortest.endsWith(".0") ? shortest : shortest.slice(0, -2);
    }
  }
}

function general(value: number, precision: number, { isAlternate, needsPoint }: FloatStyle): string {
  const { digits, exponent } = scientific(value, precision - 1);
  const kept = isAlternate ? digits : digits.slice(0, 1) + digits.slice(1).replace(/0+$/u, "");
  if (exponent < -4 || exponent >= precision - (needsPoint ? 1 : 0))
    return withPoint(kept, isAlternate) + exponentText(exponent);
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${kept}`;
  const whole = kept.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const rest = kept.slice(exponent + 1);
  if (rest !== "") return `${whole}.${rest}`;
  if (needsPoint) return `${whole}.0`;
  return isAlternate ? `${whole}.` : whole;
}
