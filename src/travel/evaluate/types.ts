// Of which type is a value? Names as Python's messages write them, and the builtin types' bases.
import type { Py } from "./values.ts";

const exceptionBases: Readonly<Record<string, string>> = {
  BaseException: "object",
  Exception: "BaseException",
  GeneratorExit: "BaseException",
  KeyboardInterrupt: "BaseException",
  SystemExit: "BaseException",
  ArithmeticError: "Exception",
  AssertionError: "Exception",
  AttributeError: "Exception",
  BufferError: "Exception",
  EOFError: "Exception",
  ImportError: "Exception",
  LookupError: "Exception",
  MemoryError: "Exception",
  NameError: "Exception",
  OSError: "Exception",
  ReferenceError: "Exception",
  RuntimeError: "Exception",
  StopAsyncIteration: "Exception",
  StopIteration: "Exception",
  SyntaxError: "Exception",
  SystemError: "Exception",
  TypeError: "Exception",
  ValueError: "Exception",
  Warning: "Exception",
  FloatingPointError: "ArithmeticError",
  OverflowError: "ArithmeticError",
  ZeroDivisionError: "ArithmeticError",
  ModuleNotFoundError: "ImportError",
  IndexError: "LookupError",
  KeyError: "LookupError",
  UnboundLocalError: "NameError",
  BlockingIOError: "OSError",
  ChildProcessError: "OSError",
  ConnectionError: "OSError",
  FileExistsError: "OSError",
  FileNotFoundError: "OSError",
  InterruptedError: "OSError",
  IsADirectoryError: "OSError",
  NotADirectoryError: "OSError",
  PermissionError: "OSError",
  ProcessLookupError: "OSError",
  TimeoutError: "OSError",
  BrokenPipeError: "ConnectionError",
  ConnectionAbortedError: "ConnectionError",
  ConnectionRefusedError: "ConnectionError",
  ConnectionResetError: "ConnectionError",
  NotImplementedError: "RuntimeError",
  RecursionError: "RuntimeError",
  IndentationError: "SyntaxError",
  TabError: "IndentationError",
  UnicodeError: "ValueError",
  UnicodeDecodeError: "UnicodeError",
  UnicodeEncodeError: "UnicodeError",
  UnicodeTranslateError: "UnicodeError",
  BytesWarning: "Warning",
  DeprecationWarning: "Warning",
  FutureWarning: "Warning",
  ImportWarning: "Warning",
  PendingDeprecationWarning: "Warning",
  ResourceWarning: "Warning",
  RuntimeWarning: "Warning",
  SyntaxWarning: "Warning",
  UnicodeWarning: "Warning",
  UserWarning: "Warning",
};

const plainTypes: ReadonlySet<string> = new Set(
  (
    "object int float complex str bytes bytearray list tuple dict set frozenset range slice type " +
    "enumerate zip map filter reversed memoryview property staticmethod classmethod super"
  ).split(" "),
);

export function isBuiltinType(name: string): boolean {
  return name === "bool" || plainTypes.has(name) || isExceptionType(name);
}

export function builtinTypes(): readonly string[] {
  return ["bool", ...plainTypes, ...Object.keys(exceptionBases)];
}

export function isExceptionType(name: string): boolean {
  return Object.hasOwn(exceptionBases, name);
}

/** The builtin type's bases, itself first, `object` last. */
export function basesOf(name: string): readonly string[] {
  if (name === "object") return ["object"];
  if (name === "bool") return ["bool", "int", "object"];
  const base = isExceptionType(name) ? exceptionBases[name] : undefined;
  if (name === "BaseException") return ["BaseException", "object"];
  return base === undefined ? [name, "object"] : [name, ...basesOf(base)];
}

export function lastName(qualified: string): string {
  return qualified.slice(qualified.lastIndexOf(".") + 1);
}

/** Types made in C outside `builtins`, whose names Python writes with their module. */
const namedWithModule: ReadonlySet<string> = new Set([
  "collections.deque",
  "collections.OrderedDict",
  "collections.defaultdict",
]);

/** As error messages name the type. */
export function typeName(value: Py): string {
  switch (value.kind) {
    case "none":
      return "NoneType";
    case "notImplemented":
      return "NotImplementedType";
    case "dict":
      return namedWithModule.has(value.type) ? value.type : lastName(value.type);
    case "deque":
      return "collections.deque";
    case "dictView":
      return value.of;
    case "iterator":
    case "unknown":
      return value.type;
    case "builtin":
      return "builtin_function_or_method";
    case "method":
      return value.receiver === undefined ? "method_descriptor" : "builtin_function_or_method";
    case "lambda":
      return "function";
    case "bound":
      return "method";
    case "recorded":
      return lastName(value.view.type);
    default:
      return value.kind;
  }
}

/** As messages about arguments name it: None is no type there. */
export function argumentType(value: Py): string {
  return value.kind === "none" ? "None" : typeName(value);
}
