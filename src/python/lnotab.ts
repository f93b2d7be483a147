// `co_lnotab`, the line table before 3.10: pairs of (offset increment, line increment).
// An offset increment is an unsigned byte, a line increment a signed one; a line change takes effect at the offset
// reached so far, and larger steps are spread over pairs with a zero on one side.
// See Objects/lnotab_notes.txt and PyCode_Addr2Line in CPython 3.9.
import { LineTable } from "./lineTable.ts";
import { TableReader } from "./tableVarint.ts";

/** `codeSize` in bytes: the last range reaches up to it. Throws `WireError` on an odd number of bytes. */
export function decodeLnotab(bytes: Uint8Array, firstLine: number, codeSize: number): LineTable {
  return LineTable.of(ranges(bytes, firstLine, codeSize));
}

function* ranges(bytes: Uint8Array, firstLine: number, codeSize: number): Generator<{ size: number; line: number }> {
  const reader = new TableReader(bytes);
  let offset = 0;
  let line = firstLine;
  while (!reader.atEnd) {
    // The optimizer leaves line numbers past the end of the code.
    const size = Math.min(reader.byte(), codeSize - offset);
    yield { size, line };
    offset += size;
    line += reader.signedByte();
  }
  yield { size: codeSize - offset, line };
}
