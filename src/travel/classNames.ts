// What are the classes of an object called? Its own and its bases', as they are at an event: `module.qualname`, and
// `qualname` alone for builtins.
import type { History } from "./history.ts";
import type { ObjectView, Value } from "./timeTravel.ts";
import type { Views } from "./views.ts";

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

/** In the order of the bases; of an object whose class the log does not name by the builtin types' bases. */
export function classNames(history: History, views: Views, event: number, value: Value): readonly string[] {
  if (value.kind !== "object") return [];
  const type = history.index.types.typeAt(value.object, event);
  // Exactly a builtin class, or a recording of version 1.0.
  const cls = views.object(event, value.object)?.cls;
  const view = cls === undefined ? undefined : views.object(event, cls);
  if (view === undefined || view.items.length === 0) return withBases(type);
  return view.items.map((base) => {
    const named = base.kind === "object" ? views.object(event, base.object) : undefined;
    return named === undefined ? "" : nameOf(named);
  });
}

function nameOf({ value, text = "" }: ObjectView): string {
  return value?.kind === "str" && value.text !== "builtins" ? `${value.text}.${text}` : text;
}

function withBases(type: string): readonly string[] {
  return [type, ...(builtinBases.get(type) ?? []).flatMap(withBases)];
}

/** `names`: as the program writes them (`KeyError`, `errors.Refused`, `shop.errors.Refused`). */
export function isCalled(classes: readonly string[], names: readonly string[]): boolean {
  return classes.some((one) => names.some((name) => `.${one}`.endsWith(`.${name}`)));
}
