// Is an exception of a class of that name, or of one that is derived from it?
import type { Value } from "../../wire/value.ts";
import type { History } from "../history.ts";

/** Bases of the builtin exception classes, as CPython has them (3.9 to 3.15). */
const builtinBases: ReadonlyMap<string, readonly string[]> = new Map([
  ["ArithmeticError", ["Exception"]],
  ["AssertionError", ["Exception"]],
  ["AttributeError", ["Exception"]],
  ["BaseExceptionGroup", ["BaseException"]],
  ["BlockingIOError", ["OSError"]],
  ["BrokenPipeError", ["ConnectionError"]],
  ["BufferError", ["Exception"]],
  ["BytesWarning", ["Warning"]],
  ["ChildProcessError", ["OSError"]],
  ["ConnectionAbortedError", ["ConnectionError"]],
  ["ConnectionError", ["OSError"]],
  ["ConnectionRefusedError", ["ConnectionError"]],
  ["ConnectionResetError", ["ConnectionError"]],
  ["DeprecationWarning", ["Warning"]],
  ["EOFError", ["Exception"]],
  ["EncodingWarning", ["Warning"]],
  ["Exception", ["BaseException"]],
  ["ExceptionGroup", ["BaseExceptionGroup", "Exception"]],
  ["FileExistsError", ["OSError"]],
  ["FileNotFoundError", ["OSError"]],
  ["FloatingPointError", ["ArithmeticError"]],
  ["FutureWarning", ["Warning"]],
  ["GeneratorExit", ["BaseException"]],
  ["ImportError", ["Exception"]],
  ["ImportWarning", ["Warning"]],
  ["IndentationError", ["SyntaxError"]],
  ["IndexError", ["LookupError"]],
  ["InterruptedError", ["OSError"]],
  ["IsADirectoryError", ["OSError"]],
  ["KeyError", ["LookupError"]],
  ["KeyboardInterrupt", ["BaseException"]],
  ["LookupError", ["Exception"]],
  ["MemoryError", ["Exception"]],
  ["ModuleNotFoundError", ["ImportError"]],
  ["NameError", ["Exception"]],
  ["NotADirectoryError", ["OSError"]],
  ["NotImplementedError", ["RuntimeError"]],
  ["OSError", ["Exception"]],
  ["OverflowError", ["ArithmeticError"]],
  ["PendingDeprecationWarning", ["Warning"]],
  ["PermissionError", ["OSError"]],
  ["ProcessLookupError", ["OSError"]],
  ["PythonFinalizationError", ["RuntimeError"]],
  ["RecursionError", ["RuntimeError"]],
  ["ReferenceError", ["Exception"]],
  ["ResourceWarning", ["Warning"]],
  ["RuntimeError", ["Exception"]],
  ["RuntimeWarning", ["Warning"]],
  ["StopAsyncIteration", ["Exception"]],
  ["StopIteration", ["Exception"]],
  ["SyntaxError", ["Exception"]],
  ["SyntaxWarning", ["Warning"]],
  ["SystemError", ["Exception"]],
  ["SystemExit", ["BaseException"]],
  ["TabError", ["IndentationError"]],
  ["TimeoutError", ["OSError"]],
  ["TypeError", ["Exception"]],
  ["UnboundLocalError", ["NameError"]],
  ["UnicodeDecodeError", ["UnicodeError"]],
  ["UnicodeEncodeError", ["UnicodeError"]],
  ["UnicodeError", ["ValueError"]],
  ["UnicodeTranslateError", ["UnicodeError"]],
  ["UnicodeWarning", ["Warning"]],
  ["UserWarning", ["Warning"]],
  ["ValueError", ["Exception"]],
  ["Warning", ["Exception"]],
  ["ZeroDivisionError", ["ArithmeticError"]],
]);

/** `names`: as the program writes them (`KeyError`, `errors.Refused`, `shop.errors.Refused`). */
export function isExceptionOf(history: History, exception: Value, names: readonly string[]): boolean {
  if (exception.kind !== "object") return false;
  const type = history.index.types.typeAt(exception.object, history.lastEvent);
  return withBases(type).some((one) => names.some((name) => isCalled(one, name)));
}

function isCalled(type: string, name: string): boolean {
  return `.${type}`.endsWith(`.${name}`);
}

function withBases(type: string): readonly string[] {
  return [type, ...(builtinBases.get(type) ?? []).flatMap(withBases)];
}
