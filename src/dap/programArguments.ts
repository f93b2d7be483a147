// What arguments does a program get when they are written as one line, as for a shell?
import process from "node:process";
import { parse } from "shell-quote";
import { ShapeError, type JsonReader } from "./jsonReader.ts";

type Environment = { readonly [name: string]: string | null };

/**
 * A setting that is a list of strings, or one string that is split as a shell splits it: quotes, escapes and
 * `$NAME` of the environment; patterns stay as they are. What only a shell can do throws a `ShapeError`.
 */
export function readArguments(reader: JsonReader, name: string, env: Environment): readonly string[] {
  if (!reader.isText(name)) return reader.texts(name);
  function valueOf(variable: string): string {
    return env[variable] ?? process.env[variable] ?? "";
  }
  const escape = process.platform === "win32" ? "^" : "\\";
  return parse(reader.requiredText(name), valueOf, { escape }).map((part) => {
    if (typeof part === "string") return part;
    if ("op" in part && part.op === "glob") return part.pattern;
    const found = "op" in part ? part.op : "#";
    throw new ShapeError(`\`${name}\` has \`${found}\`, which is for a shell: quote it, or give a list of strings`);
  });
}
