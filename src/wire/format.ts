// The numbers of FORMAT.md, in the order of its tables. test/architecture.test.ts holds them against it.

export const FILE_MAGIC = [0x89, 0x48, 0x53, 0x49, 0x47, 0x48, 0x54, 0x0a] as const;
export const TAIL_MAGIC = [0x89, 0x48, 0x53, 0x54, 0x41, 0x49, 0x4c, 0x0a] as const;
export const FRAME_MAGIC = [0x48, 0x53, 0x46, 0x31] as const;
export const MAJOR_VERSION = 1;
export const FILE_HEADER_LENGTH = 16;
export const FRAME_HEADER_LENGTH = 48;
export const TAIL_HEADER_LENGTH = 64;
export const MAX_RAW_LENGTH = 64 * 1024 * 1024;
/** Longer strings do not enter a block's string table. */
export const MAX_TABLE_STRING = 128;

export const CODEC_STORED = 0;
export const CODEC_DEFLATE = 1;

export const FRAME_META = 1;
export const FRAME_BLOCK = 2;
export const FRAME_CODE = 3;
export const FRAME_SOURCE = 4;
export const FRAME_BLOB = 5;
export const FRAME_STATE = 6;

export const OP_LINE_AT = 0x01;
export const OP_CALL = 0x02;
export const OP_RETURN = 0x03;
export const OP_YIELD = 0x04;
export const OP_RESUME = 0x05;
export const OP_THROW = 0x06;
export const OP_UNWIND = 0x07;
export const OP_RAISE = 0x08;
export const OP_HANDLED = 0x09;
export const OP_WRITE = 0x0a;
export const OP_DELETE = 0x0b;
export const OP_WRITE_IN = 0x0c;
export const OP_FRAME = 0x0d;
export const OP_THREAD = 0x0e;
export const OP_THREAD_START = 0x0f;
export const OP_THREAD_END = 0x10;
export const OP_NEW = 0x11;
export const OP_CONTENTS = 0x12;
export const OP_ITEM_SET = 0x13;
export const OP_APPEND = 0x14;
export const OP_SPLICE = 0x15;
export const OP_LENGTH = 0x16;
export const OP_ATTR_SET = 0x17;
export const OP_ATTR_DEL = 0x18;
export const OP_BYTES_SPLICE = 0x19;
export const OP_TYPE = 0x1a;
export const OP_UNKNOWN = 0x1b;
export const OP_KNOWN = 0x1c;
export const OP_DEAD = 0x1d;
export const OP_OUTPUT = 0x1e;
export const OP_GAP = 0x1f;
export const OP_END = 0x20;
export const OP_CHILD = 0x21;
export const OP_EVALUATE = 0x22;
export const OP_GENERATOR = 0x23;
export const OP_DROPPED = 0x24;
export const OP_CELL_SET = 0x25;
export const OP_CLASS = 0x26;
export const OP_UNKNOWN_SINCE = 0x27;
export const OP_TASK = 0x28;
/** LINE with a relative offset: opcodes from here on. */
export const LINE_BASE = 0x80;
/** The opcode of a LINE that does not move. */
export const LINE_ZERO = 0xc0;

export const TAG_UNBOUND = 0;
export const TAG_NONE = 1;
export const TAG_FALSE = 2;
export const TAG_TRUE = 3;
export const TAG_INT = 4;
export const TAG_BIGINT = 5;
export const TAG_FLOAT = 6;
export const TAG_COMPLEX = 7;
export const TAG_STR = 8;
export const TAG_STR_CUT = 9;
export const TAG_BYTES = 10;
export const TAG_BYTES_CUT = 11;
export const TAG_OBJECT = 12;
export const TAG_ELLIPSIS = 13;
export const TAG_NOT_IMPLEMENTED = 14;
export const TAG_NOT_RECORDED = 15;
export const TAG_BLOB = 16;
export const TAG_INT_CUT = 17;
export const TAG_TEXT = 18;

/** CONTENTS that only repeats what is known, so that no reader has to go far back. */
export const WHY_CHECKPOINT = 1;
/** RAISE that came out of a call. */
export const RAISE_FROM_CALL = 1;
/** A frame's flag: generator, coroutine or async generator. */
export const FRAME_IS_GENERATOR = 1;
/** END by an exception that nobody caught. */
export const END_UNCAUGHT = 1;

export const PART_ITEMS = 1;
export const PART_ATTRIBUTES = 2;
export const PART_TEXT = 4;
export const PART_VALUE = 8;
export const PART_BYTES = 16;
export const PART_CLASS = 32;
export const PART_NAME = 64;

const KINDS = {
  KIND_LIST: 1,
  KIND_TUPLE: 2,
  KIND_DICT: 3,
  KIND_SET: 4,
  KIND_FROZENSET: 5,
  KIND_DEQUE: 6,
  KIND_BYTEARRAY: 7,
  KIND_RANGE: 8,
  KIND_INSTANCE: 9,
  KIND_CELL: 10,
  KIND_NAMESPACE: 11,
  KIND_CLASS: 12,
  KIND_MODULE: 13,
  KIND_FUNCTION: 14,
  KIND_GENERATOR: 15,
  KIND_COROUTINE: 16,
  KIND_ASYNC_GENERATOR: 17,
  KIND_SCALAR: 18,
  KIND_EXCEPTION: 19,
  KIND_OPAQUE: 20,
  KIND_METHOD: 21,
  KIND_SLICE: 22,
  KIND_ARRAY: 23,
  KIND_REPR: 24,
} as const;

export type ObjectKind =
  | "list"
  | "tuple"
  | "dict"
  | "set"
  | "frozenset"
  | "deque"
  | "bytearray"
  | "range"
  | "instance"
  | "cell"
  | "namespace"
  | "class"
  | "module"
  | "function"
  | "generator"
  | "coroutine"
  | "asyncGenerator"
  | "scalar"
  | "exception"
  | "opaque"
  | "method"
  | "slice"
  | "array"
  | "repr";

const KIND_NAMES: ReadonlyMap<number, ObjectKind> = new Map([
  [KINDS.KIND_LIST, "list"],
  [KINDS.KIND_TUPLE, "tuple"],
  [KINDS.KIND_DICT, "dict"],
  [KINDS.KIND_SET, "set"],
  [KINDS.KIND_FROZENSET, "frozenset"],
  [KINDS.KIND_DEQUE, "deque"],
  [KINDS.KIND_BYTEARRAY, "bytearray"],
  [KINDS.KIND_RANGE, "range"],
  [KINDS.KIND_INSTANCE, "instance"],
  [KINDS.KIND_CELL, "cell"],
  [KINDS.KIND_NAMESPACE, "namespace"],
  [KINDS.KIND_CLASS, "class"],
  [KINDS.KIND_MODULE, "module"],
  [KINDS.KIND_FUNCTION, "function"],
  [KINDS.KIND_GENERATOR, "generator"],
  [KINDS.KIND_COROUTINE, "coroutine"],
  [KINDS.KIND_ASYNC_GENERATOR, "asyncGenerator"],
  [KINDS.KIND_SCALAR, "scalar"],
  [KINDS.KIND_EXCEPTION, "exception"],
  [KINDS.KIND_OPAQUE, "opaque"],
  [KINDS.KIND_METHOD, "method"],
  [KINDS.KIND_SLICE, "slice"],
  [KINDS.KIND_ARRAY, "array"],
  [KINDS.KIND_REPR, "repr"],
]);

/** Undefined for a number that the format does not know. */
export function objectKind(number: number): ObjectKind | undefined {
  return KIND_NAMES.get(number);
}

/** Kinds whose items are pairs of key and value. */
export function hasEntries(kind: ObjectKind): boolean {
  return kind === "dict" || kind === "namespace";
}

/** By number of a kind: whether its entries are pairs; undefined where no kind has the number. */
export const PAIRS: readonly (boolean | undefined)[] = Array.from({ length: 256 }, (_, number) => {
  const kind = objectKind(number);
  return kind === undefined ? undefined : hasEntries(kind);
});

const REASONS: ReadonlyMap<number, string> = new Map([
  [1, "a call with unknown effects could reach more than is compared"],
  [2, "the recursion limit was reached"],
  [3, "an exception of the program interrupted the recorder"],
  [4, "the recorder failed here"],
  [5, "a thread without events"],
  [6, "the recording could not be written"],
  [7, "another tool took the trace function"],
  [8, "this Python does not show the variables of a comprehension here"],
  [9, "its type keeps this in C, where it is not read"],
  [10, "its memory belongs to something that changes without being seen"],
  [11, "it was dropped with the beginning of the recording"],
  [12, "it belongs to the recorder"],
]);

/** A GAP's or UNKNOWN's reason in words. */
export function gapReason(number: number): string {
  return REASONS.get(number) ?? `reason ${number}`;
}
