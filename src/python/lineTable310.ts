// `co_linetable` of 3.10 (PEP 626): pairs of (size of the range in bytes, line increment).
// The increment applies to the range itself, not to the next one; -128 marks a range that belongs to no line.
// See Objects/lnotab_notes.txt in CPython 3.10.
import { LineTable } from "./lineTable.ts";
import { TableReader } from "./tableVarint.ts";

const NO_LINE = -128;

/** Throws `WireError` on an odd number of bytes. */
export function decodeLineTable310(bytes: Uint8Array, firstLine: number): LineTable {
  return LineTable.of(ranges(bytes, firstLine));
}

function* ranges(bytes: Uint8Array, firstLine: number): Generator<{ size: number; line: number | undefined }> {
  const reader = new TableReader(bytes);
  let line = firstLine;
  while (!reader.atEnd) {
    const size = reader.byte();
    const increment = reader.signedByte();
    if (increment !== NO_LINE) line += increment;
    yield { size, line: increment === NO_LINE ? undefined : line };
  }
}
