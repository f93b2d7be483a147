// Which methods do the builtin types have? Also those that change their object: they exist, but nothing changes here.
const text =
  "capitalize center count endswith expandtabs find index isalnum isalpha isascii isdigit islower isspace istitle " +
  "isupper join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition " +
  "rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill";
const set = "copy difference intersection isdisjoint issubset issuperset symmetric_difference union";
const numbers = "as_integer_ratio conjugate";
const int = `${numbers} bit_length from_bytes to_bytes`;

const names: Readonly<Record<string, string>> = {
  int,
  bool: int,
  float: `${numbers} fromhex hex is_integer`,
  complex: "conjugate",
  str: `${text} casefold encode format format_map isdecimal isidentifier isnumeric isprintable`,
  bytes: `${text} decode fromhex hex`,
  bytearray: `${text} append clear copy decode extend fromhex hex insert pop remove reverse`,
  list: "append clear copy count extend index insert pop remove reverse sort",
  tuple: "count index",
  deque: "append appendleft clear copy count extend extendleft index insert pop popleft remove reverse rotate",
  dict: "clear copy fromkeys get items keys pop popitem setdefault update values",
  set: `${set} add clear difference_update discard intersection_update pop remove symmetric_difference_update update`,
  frozenset: set,
  range: "count index",
  slice: "indices",
  dict_keys: "isdisjoint",
  dict_items: "isdisjoint",
};

/** Methods that came later, with the first minor version. */
const later: Readonly<Record<string, readonly (readonly [name: string, minor: number])[]>> = {
  int: [
    ["bit_count", 10],
    ["is_integer", 12],
  ],
  bool: [
    ["bit_count", 10],
    ["is_integer", 12],
  ],
  float: [["from_number", 14]],
  complex: [["from_number", 14]],
  bytearray: [
    ["resize", 14],
    ["take_bytes", 15],
  ],
};

export function methodsOf(type: string, minor: number): readonly string[] {
  const early = Object.hasOwn(names, type) ? (names[type] ?? "").split(" ") : [];
  const late = Object.hasOwn(later, type) ? (later[type] ?? []) : [];
  return [...early, ...late.filter(([, since]) => since <= minor).map(([name]) => name)];
}

export function hasMethod(type: string, name: string, minor: number): boolean {
  return methodsOf(type, minor).includes(name);
}

const changing: ReadonlySet<string> = new Set(
  (
    "append appendleft clear extend extendleft insert pop popleft popitem remove reverse rotate sort setdefault update " +
    "add discard difference_update intersection_update symmetric_difference_update resize take_bytes"
  ).split(" "),
);

/** True for methods that change their object. */
export function changesObject(type: string, name: string): boolean {
  return changing.has(name) && type !== "str" && type !== "bytes";
}
