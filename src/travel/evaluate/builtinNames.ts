// Which functions does `builtins` hold?
const functions: ReadonlySet<string> = new Set(
  (
    "abs all any ascii bin breakpoint callable chr compile delattr dir divmod eval exec exit format getattr globals " +
    "hasattr hash help hex id input isinstance issubclass iter len license locals max min next oct open ord pow print " +
    "quit repr round setattr sorted sum vars __import__ __build_class__ copyright credits"
  ).split(" "),
);

export function isBuiltinFunction(name: string, minor: number): boolean {
  return functions.has(name) || (minor >= 10 && (name === "aiter" || name === "anext"));
}

export function builtinFunctions(): readonly string[] {
  return [...functions];
}
