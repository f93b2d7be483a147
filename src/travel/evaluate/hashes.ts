// `hash(value)`: known for numbers, and for nothing that Python mixes with a secret of the run.
import { refuse } from "./failures.ts";
import { keyOf } from "./keys.ts";
import type { Machine } from "./machine.ts";
import { exactFloat, modularPower, numberOf } from "./numbers.ts";
import { typeName } from "./types.ts";
import type { Py } from "./values.ts";

const prime = (1n << 61n) - 1n;

function settled(value: bigint): bigint {
  return value === -1n ? -2n : value;
}

function hashFloat(value: number): bigint {
  if (Number.isNaN(value)) return refuse("The hash of a nan is not recorded.");
  if (!Number.isFinite(value)) return value > 0 ? 314_159n : -314_159n;
  const { digits, exponent } = exactFloat(value);
  const size = (digits < 0n ? -digits : digits) % prime;
  const scale = modularPower(2n, BigInt(((exponent % 61) + 61) % 61), prime);
  const result = (size * scale) % prime;
  return settled(digits < 0n ? -result : result);
}

export function hash(machine: Machine, value: Py): bigint {
  const number = numberOf(value);
  if (number?.kind === "int") {
    const size = (number.value < 0n ? -number.value : number.value) % prime;
    return settled(number.value < 0n ? -size : size);
  }
  if (number?.kind === "float") return hashFloat(number.value);
  keyOf(machine, value, "hash");
  return refuse(`The hash of this ${typeName(value)} is not recorded.`);
}
