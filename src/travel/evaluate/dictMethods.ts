// Methods of dict and of its views that change nothing.
import { between, noArguments, oneArgument, type Args } from "./args.ts";
import { refuse, unsure } from "./failures.ts";
import { eachOf } from "./iterate.ts";
import type { Machine } from "./machine.ts";
import { DictTable } from "./tables.ts";
import { bool, none, type Py, type PyDict, type PyDictView } from "./values.ts";

export function dictMethod(machine: Machine, dict: PyDict, name: string, args: Args): Py {
  const title = `dict.${name}`;
  switch (name) {
    case "get": {
      const [key, fallback = none] = keyArguments(args);
      return key === undefined ? unsure("get needs a key") : (dict.table.find(key)?.value ?? fallback);
    }
    case "keys":
    case "values":
    case "items":
      noArguments(title, args);
      if (dict.type === "collections.OrderedDict") return refuse("Views of an OrderedDict are not made in the past.");
      return { kind: "dictView", of: `dict_${name}`, dict };
    case "copy":
      noArguments(title, args);
      if (dict.type !== "dict") return refuse("Only a plain dict is copied in the past.");
      return { kind: "dict", type: "dict", table: DictTable.of(machine, dict.table.all()), object: 0 };
    default:
      return refuse(`${title} is not called in the past.`);
  }
}

function keyArguments(args: Args): readonly Py[] {
  if (args.keywords.size > 0) return unsure("get takes no keyword arguments");
  return between("get", args, 1, 2);
}

export function fromKeys(machine: Machine, args: Args): Py {
  if (args.keywords.size > 0) return unsure("fromkeys takes no keyword arguments");
  const [source, value = none] = between("fromkeys", args, 1, 2);
  if (source === undefined) return unsure("fromkeys needs keys");
  const keys = [...eachOf(machine, source)];
  const table = DictTable.of(
    machine,
    keys.map((key) => ({ key, value })),
  );
  return { kind: "dict", type: "dict", table, object: 0 };
}

export function viewMethod(machine: Machine, view: PyDictView, name: string, args: Args): Py {
  if (name !== "isdisjoint" || view.of !== "dict_keys") return refuse(`${view.of}.${name} is not called in the past.`);
  const other = oneArgument(`${view.of}.${name}`, args);
  for (const one of eachOf(machine, other, "any")) if (view.dict.table.find(one) !== undefined) return bool(false);
  return bool(true);
}
