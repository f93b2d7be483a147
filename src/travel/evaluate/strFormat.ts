// `template.format(…)` and `format_map`: replacement fields with attributes, items, conversions and nested fields.
import { attributeOf } from "./attributes.ts";
import { raise, refuse, valueError } from "./failures.ts";
import { format } from "./formatSpec.ts";
import type { Machine } from "./machine.ts";
import { ascii, repr, text } from "./repr.ts";
import { subscript } from "./subscript.ts";
import { int, str, type Py } from "./values.ts";

/** Where fields take their values from. */
export interface FieldSource {
  readonly positional: readonly Py[];
  readonly byName: (name: string) => Py;
  /** `format_map` has no positional arguments at all. */
  readonly hasPositional: boolean;
}

export function formatTemplate(machine: Machine, template: string, source: FieldSource): string {
  return new TemplateFormatter(machine, source).format(template, 2);
}

class TemplateFormatter {
  readonly #machine: Machine;
  readonly #source: FieldSource;
  #next = 0;
  #numbering: "unknown" | "automatic" | "manual" = "unknown";

  constructor(machine: Machine, source: FieldSource) {
    this.#machine = machine;
    this.#source = source;
  }

  format(template: string, depth: number): string {
    if (depth === 0) return valueError("Max string recursion exceeded");
    let out = "";
    let at = 0;
    while (at < template.length) {
      const character = template.charAt(at);
      const next = template.charAt(at + 1);
      if (character === "{" && next === "{") {
        out += "{";
        at += 2;
      } else if (character === "}" && next === "}") {
        out += "}";
        at += 2;
      } else if (character === "}") return valueError("Single '}' encountered in format string");
      else if (character === "{") {
        if (next === "") return valueError("Single '{' encountered in format string");
        const end = this.#endOfField(template, at + 1);
        out += this.#field(template.slice(at + 1, end), depth);
        at = end + 1;
      } else {
        out += character;
        at++;
      }
    }
    return out;
  }

  #endOfField(template: string, from: number): number {
    let depth = 1;
    let inBrackets = false;
    let inSpec = false;
    for (let at = from; at < template.length; at++) {
      const character = template.charAt(at);
      if (character === "[" && !inSpec) inBrackets = true;
      else if (character === "]" && inBrackets) inBrackets = false;
      else if (inBrackets) continue;
      else if (character === ":" || character === "!") inSpec = true;
      else if (character === "{") depth++;
      else if (character === "}") {
        depth--;
        if (depth === 0) return at;
      }
    }
    return valueError("expected '}' before end of string");
  }

  #field(field: string, depth: number): string {
    const found = /^(?<name>(?:[^[:!]|\[[^\]]*\]?)*)(?:!(?<conversion>[\s\S]?))?(?<spec>[\s\S]*)$/u.exec(field);
    const { name = "", conversion, spec = "" } = found?.groups ?? {};
    if (name.includes("{") || name.includes("}")) return refuse("This format is not read in the past.");
    if (conversion === "") return valueError("unmatched '{' in format spec");
    if (spec !== "" && !spec.startsWith(":")) return valueError("expected ':' after conversion specifier");
    const value = this.#value(name);
    const converted = conversion === undefined ? value : str(this.#converted(value, conversion));
    const inner = spec.slice(1);
    const expanded = inner.includes("{") || inner.includes("}") ? this.format(inner, depth - 1) : inner;
    return format(this.#machine, converted, expanded);
  }

  #converted(value: Py, conversion: string): string {
    switch (conversion) {
      case "r":
        return repr(this.#machine, value);
      case "s":
        return text(this.#machine, value);
      case "a":
        return ascii(this.#machine, value);
      default: {
        const code = conversion.codePointAt(0) ?? 0;
        return valueError(
          code > 32 && code < 127
            ? `Unknown conversion specifier ${conversion}`
            : `Unknown conversion specifier \\x${code.toString(16)}`,
        );
      }
    }
  }

  #value(name: string): Py {
    const first = /^[^.[]*/u.exec(name)?.[0] ?? "";
    let value = this.#first(first);
    let at = first.length;
    while (at < name.length) {
      if (name.charAt(at) === ".") {
        const attribute = /^[^.[]*/u.exec(name.slice(at + 1))?.[0] ?? "";
        if (attribute === "") return valueError("Empty attribute in format string");
        value = attributeOf(this.#machine, value, attribute);
        at += attribute.length + 1;
      } else {
        const end = name.indexOf("]", at);
        if (name.charAt(at) !== "[") return valueError("Only '.' or '[' may follow ']' in format field specifier");
        if (end === -1) return valueError("Missing ']' in format string");
        const key = name.slice(at + 1, end);
        if (key === "") return valueError("Empty attribute in format string");
        value = subscript(this.#machine, value, /^\d+$/u.test(key) ? int(BigInt(key)) : str(key));
        at = end + 1;
      }
    }
    return value;
  }

  #first(name: string): Py {
    if (name !== "" && !/^\d+$/u.test(name)) return this.#source.byName(name);
    const kind = name === "" ? "automatic" : "manual";
    if (this.#numbering !== "unknown" && this.#numbering !== kind)
      return valueError(
        kind === "manual"
          ? "cannot switch from automatic field numbering to manual field specification"
          : "cannot switch from manual field specification to automatic field numbering",
      );
    this.#numbering = kind;
    const index = name === "" ? this.#next++ : Number(name);
    if (!this.#source.hasPositional) return valueError("Format string contains positional fields");
    const value = this.#source.positional[index];
    return value ?? raise("IndexError", `Replacement index ${index} out of range for positional args tuple`);
  }
}
