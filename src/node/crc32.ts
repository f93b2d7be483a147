// The checksum of zlib and PNG. The platform's own is used where there is one: VS Code's runtimes had none before 1.94.
import * as zlib from "node:zlib";

const polynomial = 0xedb8_8320;

function tableEntry(byte: number): number {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  return value >>> 0;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => tableEntry(byte));

/** The same as the platform's, in plain JavaScript. */
export function plainCrc32(bytes: Uint8Array): number {
  let value = 0xffff_ffff;
  for (const byte of bytes) value = (value >>> 8) ^ (table[(value ^ byte) & 0xff] ?? 0);
  return (value ^ 0xffff_ffff) >>> 0;
}

/** CRC-32 as an unsigned number. */
export const crc32: (bytes: Uint8Array) => number =
  typeof zlib.crc32 === "function" ? (bytes) => zlib.crc32(bytes) : plainCrc32;
