// Arithmetic of int, float and complex, to the last bit and with Python's exceptions.
import { raise, refuse, valueError } from "./failures.ts";
import { largest, type Machine } from "./machine.ts";
import { complex, float, int, type Py, type PyComplex, type PyFloat, type PyInt } from "./values.ts";

export type PyNumber = PyInt | PyFloat | PyComplex;

/** The number that a bool, int, float or complex is. */
export function numberOf(value: Py): PyNumber | undefined {
  switch (value.kind) {
    case "bool":
      return int(value.value ? 1n : 0n);
    case "int":
    case "float":
    case "complex":
      return value;
    default:
      return undefined;
  }
}

/** Rounds to the nearest float as Python does; raises where there is none. */
export function floatOfInt(value: bigint): number {
  const result = Number(value);
  if (!Number.isFinite(result)) return raise("OverflowError", "int too large to convert to float");
  return result;
}

export function floatOf(value: PyInt | PyFloat): number {
  return value.kind === "int" ? floatOfInt(value.value) : value.value;
}

function zeroDivision(machine: Machine, text: string, since11 = text, since13 = since11): never {
  const { minor } = machine;
  const older = minor >= 13 ? since13 : minor >= 11 ? since11 : text;
  return raise("ZeroDivisionError", minor >= 14 ? "division by zero" : older);
}

export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

export function floorModulo(a: bigint, b: bigint): bigint {
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
}

export function bitLength(value: bigint): number {
  const size = value < 0n ? -value : value;
  if (size === 0n) return 0;
  const hex = size.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex.slice(0, 1), 16)));
}

/** The nearest float to a / b. */
export function trueDivide(machine: Machine, a: bigint, b: bigint): number {
  if (b === 0n) return zeroDivision(machine, "division by zero");
  const [x, y] = [Number(a), Number(b)];
  if (Number.isSafeInteger(x) && Number.isSafeInteger(y)) return x / y;
  const isNegative = a < 0n !== b < 0n;
  const [top, bottom] = [a < 0n ? -a : a, b < 0n ? -b : b];
  if (top === 0n) return isNegative ? -0 : 0;
  const size = quotient(top, bottom);
  if (size === Infinity) return raise("OverflowError", "integer division result too large for a float");
  return isNegative ? -size : size;
}

/** Correctly rounded: 66 bits and a sticky bit decide. */
function quotient(top: bigint, bottom: bigint): number {
  const shift = bitLength(top) - bitLength(bottom) - 66;
  if (shift > 1100) return Infinity;
  if (shift < -1300) return 0;
  const [n, d] = shift < 0 ? [top << BigInt(-shift), bottom] : [top, bottom << BigInt(shift)];
  let digits = n / d;
  if (n % d !== 0n) digits |= 1n;
  return scaled(digits, shift);
}

/** digits * 2^exponent, rounded once; digits has at least 60 bits, its lowest is sticky. */
export function scaled(digits: bigint, exponent: number): number {
  const bits = bitLength(digits);
  const lowest = Math.max(bits + exponent - 53, -1074);
  const drop = lowest - exponent;
  if (drop <= 0) return Number(digits) * 2 ** exponent;
  const half = 1n << BigInt(drop - 1);
  const kept = digits >> BigInt(drop);
  const rest = digits & ((1n << BigInt(drop)) - 1n);
  const up = rest > half || (rest === half && (kept & 1n) === 1n);
  const mantissa = Number(up ? kept + 1n : kept);
  if (lowest > 971) return Infinity;
  return lowest < -1022 ? mantissa * 2 ** -1022 * 2 ** (lowest + 1022) : mantissa * 2 ** lowest;
}

function floatFloorParts(a: number, b: number): { readonly quotient: number; readonly rest: number } {
  let rest = a % b;
  let quotientNumber = (a - rest) / b;
  if (rest !== 0) {
    if (b < 0 !== rest < 0) {
      rest += b;
      quotientNumber -= 1;
    }
  } else rest = b < 0 ? -0 : 0;
  if (quotientNumber === 0) return { quotient: a / b < 0 || Object.is(a / b, -0) ? -0 : 0, rest };
  const floor = Math.floor(quotientNumber);
  return { quotient: quotientNumber - floor > 0.5 ? floor + 1 : floor, rest };
}

export function floatFloor(machine: Machine, a: number, b: number): number {
  if (b === 0) return zeroDivision(machine, "float floor division by zero");
  return floatFloorParts(a, b).quotient;
}

export function floatModulo(machine: Machine, a: number, b: number): number {
  if (b === 0) return zeroDivision(machine, "float modulo", "float modulo", "float modulo by zero");
  return floatFloorParts(a, b).rest;
}

/** `divmod` of two real numbers. */
export function divideModulo(machine: Machine, a: PyInt | PyFloat, b: PyInt | PyFloat): readonly [Py, Py] {
  if (a.kind === "int" && b.kind === "int") {
    if (b.value === 0n) return zeroDivision(machine, "integer division or modulo by zero");
    return [int(floorDivide(a.value, b.value)), int(floorModulo(a.value, b.value))];
  }
  const [x, y] = [floatOf(a), floatOf(b)];
  if (y === 0) return zeroDivision(machine, "float divmod()");
  const parts = floatFloorParts(x, y);
  return [float(parts.quotient), float(parts.rest)];
}

export function intPower(machine: Machine, base: bigint, exponent: bigint): bigint {
  const isSmall = base >= -1n && base <= 1n;
  if (!isSmall && exponent * BigInt(bitLength(base)) > BigInt(largest)) return refuse("The result would be too large.");
  machine.room(isSmall ? 1n : exponent);
  if (isSmall) return base === -1n ? (exponent % 2n === 0n ? 1n : -1n) : exponent === 0n ? 1n : base;
  return base ** exponent;
}

function zeroPower(machine: Machine): never {
  return raise(
    "ZeroDivisionError",
    machine.minor >= 14 ? "zero to a negative power" : "0.0 cannot be raised to a negative power",
  );
}

function floatPower(machine: Machine, a: number, b: number): Py {
  if (b === 0 || a === 1) return float(1);
  if (a === -1 && (b === Infinity || b === -Infinity)) return float(1);
  if (a === 0 && b < 0) return zeroPower(machine);
  if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b))
    return refuse("A negative number to a broken power is not computed in the past.");
  const result = a ** b;
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b))
    return raise("OverflowError", "(34, 'Numerical result out of range')");
  return exactPower(a, b, result);
}

/** Powers differ in the last bit between mathematical libraries: only exact ones are sure. */
function exactPower(a: number, b: number, result: number): Py {
  if (!Number.isFinite(a) || !Number.isFinite(b) || result === 0) return float(result);
  if (b === 1) return float(a);
  if (b === 0.5 && a >= 0) return float(Math.sqrt(a));
  if (b === -1) return float(1 / a);
  if (Number.isInteger(b) && Math.abs(b) <= 64) return float(nearestPower(a, b));
  return refuse("The last digit of this power depends on the machine that made the recording.");
}

/** a ** b for a whole b, correctly rounded through exact integers. */
function nearestPower(a: number, b: number): number {
  const { digits, exponent } = exactFloat(a);
  const count = BigInt(Math.abs(b));
  const power = digits ** count;
  const size = power < 0n ? -power : power;
  const shift = exponent * Math.abs(b);
  const found = b > 0 ? withSticky(size, shift) : inverse(size, -shift);
  return power < 0n ? -found : found;
}

function withSticky(size: bigint, shift: number): number {
  const up = Math.max(0, 70 - bitLength(size));
  return scaled(size << BigInt(up), shift - up);
}

function inverse(size: bigint, shift: number): number {
  const precision = bitLength(size) + 70;
  const one = 1n << BigInt(precision);
  let digits = one / size;
  if (one % size !== 0n) digits |= 1n;
  return scaled(digits, shift - precision);
}

/** A finite float as digits * 2^exponent, exactly. */
export function exactFloat(value: number): { readonly digits: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const raw = view.getBigUint64(0);
  const biased = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xf_ffff_ffff_ffffn;
  const size = biased === 0 ? fraction : fraction | (1n << 52n);
  return { digits: raw >> 63n === 1n ? -size : size, exponent: biased === 0 ? -1074 : biased - 1075 };
}

/** `a ** b` and `pow(a, b)`. */
export function power(machine: Machine, a: PyNumber, b: PyNumber): Py {
  if (a.kind === "complex" || b.kind === "complex") return refuse("Powers of complex numbers are not computed here.");
  if (a.kind === "int" && b.kind === "int") {
    if (b.value >= 0n) return int(intPower(machine, a.value, b.value));
    if (a.value === 0n) return zeroPower(machine);
  }
  return floatPower(machine, floatOf(a), floatOf(b));
}

/** `pow(a, b, modulus)` for ints. */
export function modularPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  if (modulus === 0n) return valueError("pow() 3rd argument cannot be 0");
  const size = modulus < 0n ? -modulus : modulus;
  let factor = floorModulo(base, size);
  let left = exponent;
  if (left < 0n) {
    factor = modularInverse(factor, size);
    left = -left;
  }
  let result = 1n % size;
  for (; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * factor) % size;
    factor = (factor * factor) % size;
  }
  return floorModulo(result, modulus);
}

function modularInverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value, modulus, 1n, 0n];
  while (b !== 0n) {
    const q = a / b;
    [a, b] = [b, a - q * b];
    [x, y] = [y, x - q * y];
  }
  if (a !== 1n) return valueError("base is not invertible for the given modulus");
  return floorModulo(x, modulus);
}

/** Operators on two ints; undefined for one that ints do not have. */
export function intOperation(machine: Machine, operator: string, a: bigint, b: bigint): Py | undefined {
  switch (operator) {
    case "+":
      return int(a + b);
    case "-":
      return int(a - b);
    case "*":
      machine.room((bitLength(a) + bitLength(b)) / 8);
      return int(a * b);
    case "/":
      return float(trueDivide(machine, a, b));
    case "//":
      return b === 0n ? zeroDivision(machine, "integer division or modulo by zero") : int(floorDivide(a, b));
    case "%":
      return b === 0n
        ? zeroDivision(machine, "integer division or modulo by zero", "integer modulo by zero")
        : int(floorModulo(a, b));
    case "<<":
    case ">>":
      return int(shifted(machine, a, b, operator));
    case "&":
      return int(a & b);
    case "|":
      return int(a | b);
    case "^":
      return int(a ^ b);
    default:
      return undefined;
  }
}

function shifted(machine: Machine, a: bigint, b: bigint, operator: "<<" | ">>"): bigint {
  if (b < 0n) return valueError("negative shift count");
  if (a === 0n) return 0n;
  if (operator === ">>") return b > BigInt(largest) ? (a < 0n ? -1n : 0n) : a >> b;
  if (b >= 1n << 63n) return raise("OverflowError", "too many digits in integer");
  machine.room(b / 8n);
  return a << b;
}

export function floatOperation(machine: Machine, operator: string, a: number, b: number): Py | undefined {
  switch (operator) {
    case "+":
      return float(a + b);
    case "-":
      return float(a - b);
    case "*":
      return float(a * b);
    case "/":
      return b === 0 ? zeroDivision(machine, "float division by zero") : float(a / b);
    case "//":
      return float(floatFloor(machine, a, b));
    case "%":
      return float(floatModulo(machine, a, b));
    default:
      return undefined;
  }
}

/** The parts of a number, as complex arithmetic sees it. */
function partsOf(value: PyNumber): PyComplex {
  return value.kind === "complex" ? value : complex(floatOf(value), 0);
}

export function complexOperation(machine: Machine, operator: string, left: PyNumber, right: PyNumber): Py | undefined {
  const [a, b] = [partsOf(left), partsOf(right)];
  // From 3.14 on a real number has no imaginary part to compute with.
  const isMixed = left.kind !== "complex" || right.kind !== "complex";
  const mayDiffer = machine.minor >= 14 && isMixed;
  switch (operator) {
    case "+":
      if (mayDiffer)
        return left.kind === "complex" ? complex(a.real + b.real, a.imaginary) : complex(a.real + b.real, b.imaginary);
      return complex(a.real + b.real, a.imaginary + b.imaginary);
    case "-":
      if (mayDiffer)
        return left.kind === "complex" ? complex(a.real - b.real, a.imaginary) : complex(a.real - b.real, -b.imaginary);
      return complex(a.real - b.real, a.imaginary - b.imaginary);
    case "*":
      if (mayDiffer)
        return left.kind === "complex"
          ? complex(a.real * b.real, a.imaginary * b.real)
          : complex(a.real * b.real, a.real * b.imaginary);
      return complex(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real);
    case "/":
      return complexQuotient(machine, a, b, mayDiffer ? right : undefined);
    default:
      return undefined;
  }
}

function complexQuotient(machine: Machine, a: PyComplex, b: PyComplex, real: PyNumber | undefined): Py {
  if (b.real === 0 && b.imaginary === 0) return zeroDivision(machine, "complex division by zero");
  if (real !== undefined && real.kind !== "complex") return complex(a.real / b.real, a.imaginary / b.real);
  if (![a.real, a.imaginary, b.real, b.imaginary].every(Number.isFinite) || real !== undefined)
    return refuse("This division of complex numbers is not computed in the past.");
  if (Math.abs(b.real) >= Math.abs(b.imaginary)) {
    const ratio = b.imaginary / b.real;
    const scale = b.real + b.imaginary * ratio;
    return complex((a.real + a.imaginary * ratio) / scale, (a.imaginary - a.real * ratio) / scale);
  }
  const ratio = b.real / b.imaginary;
  const scale = b.real * ratio + b.imaginary;
  return complex((a.real * ratio + a.imaginary) / scale, (a.imaginary * ratio - a.real) / scale);
}
