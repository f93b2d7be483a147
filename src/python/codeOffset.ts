// Two ways to name a place in bytecode, made two types: CPython's own tables count bytes, a recording counts code units.
import { brand, type Brand } from "../base/brand.ts";

/** Offset into `co_code` in bytes, as in `co_lines()` and `f_lasti`; always even. */
export type ByteOffset = Brand<number, "ByteOffset">;

/** Offset into `co_code` in code units of two bytes, as in a recording and in the exception table. */
export type CodeUnit = Brand<number, "CodeUnit">;

/** The code unit that holds the byte. */
export function toCodeUnit(offset: ByteOffset): CodeUnit {
  return brand<CodeUnit>(Math.floor(offset / 2));
}

/** The first byte of the code unit. */
export function toByteOffset(unit: CodeUnit): ByteOffset {
  return brand<ByteOffset>(unit * 2);
}
