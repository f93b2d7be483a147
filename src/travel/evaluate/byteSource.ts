// Bytes from whatever gives numbers between 0 and 255.
import { indexOf } from "./args.ts";
import { refuseOwn, wholeBytes } from "./compare.ts";
import { valueError } from "./failures.ts";
import { eachOf } from "./iterate.ts";
import type { Machine } from "./machine.ts";
import type { Py } from "./values.ts";

export function bytesFrom(machine: Machine, source: Py, type: "bytes" | "bytearray" = "bytes"): Uint8Array {
  if (source.kind === "bytes" || source.kind === "bytearray") return wholeBytes(source);
  refuseOwn(source, "__bytes__");
  function message(name: string): string {
    return `cannot convert '${name}' object to bytes`;
  }
  const numbers = Array.from(eachOf(machine, source, "exact", message), (one) => {
    const byte = indexOf(one);
    if (byte >= 0n && byte <= 255n) return Number(byte);
    return valueError(type === "bytes" ? "bytes must be in range(0, 256)" : "byte must be in range(0, 256)");
  });
  return Uint8Array.from(numbers);
}
