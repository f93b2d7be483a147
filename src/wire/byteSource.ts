// Where the bytes of a recording come from, and the two functions of the platform that reading them needs.
// The core imports no platform: `src/node` has the implementations.

/** A file that may grow at its end while it is read. */
export interface ByteSource {
  /** Bytes now. */
  size(): number;
  /** Exactly the bytes asked for, or fewer at the end of the file. The caller may keep them. */
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

export interface Codecs {
  /** Raw deflate; throws when the input is damaged or its output would be longer than `maxLength`. */
  inflate(bytes: Uint8Array, maxLength: number): Uint8Array;
  /** The beginning of what `inflate` would give: at least `length` bytes if there are so many. Throws when it is damaged. */
  inflateStart(bytes: Uint8Array, length: number): Uint8Array;
  /** The checksum of zlib and PNG, as an unsigned number. */
  crc32(bytes: Uint8Array): number;
}
