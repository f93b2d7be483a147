// What do a code object's `co_flags` say? Names and values are CPython's (Include/cpython/code.h).

/** Flags of `co_flags` on any version from 3.9 on. */
export const CodeFlag = {
  OPTIMIZED: 0x1,
  NEWLOCALS: 0x2,
  VARARGS: 0x4,
  VARKEYWORDS: 0x8,
  NESTED: 0x10,
  GENERATOR: 0x20,
  /** Before 3.11 only. */
  NOFREE: 0x40,
  COROUTINE: 0x80,
  ITERABLE_COROUTINE: 0x100,
  ASYNC_GENERATOR: 0x200,
  /** 3.13 and later. */
  HAS_DOCSTRING: 0x400_0000,
  /** 3.14 and later: a function defined in a class body. */
  METHOD: 0x800_0000,
} as const;

/** `body`: a module, a class body or `exec`, whose locals are a mapping instead of slots. */
export type CodeKind = "body" | "function" | "generator" | "coroutine" | "asyncGenerator";

/** A generator made awaitable by `types.coroutine` (ITERABLE_COROUTINE) stays a generator. */
export function codeKind(flags: number): CodeKind {
  if ((flags & CodeFlag.ASYNC_GENERATOR) !== 0) return "asyncGenerator";
  if ((flags & CodeFlag.COROUTINE) !== 0) return "coroutine";
  if ((flags & CodeFlag.GENERATOR) !== 0) return "generator";
  return (flags & CodeFlag.OPTIMIZED) === 0 ? "body" : "function";
}
