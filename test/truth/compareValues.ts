// Does the tree of variables that the adapter shows equal what the settrace oracle saw?
//
// Questions go out side by side, and each reference is asked for once in each stop: where two paths lead to one object,
// both are compared with the one answer.
import { isJson, listOf, numberOf, textOf, type AdapterProcess, type Json } from "./adapterProcess.ts";

/** Differences as `path: oracle, adapter`. */
export class Comparison {
  readonly differences: string[] = [];
  readonly #adapter: AdapterProcess;
  /** Children by reference, of the stop at which the view is. */
  readonly #answers = new Map<number, Promise<readonly Json[]>>();

  constructor(adapter: AdapterProcess) {
    this.#adapter = adapter;
  }

  /** The view is at another stop: references are new. */
  moved(): void {
    this.#answers.clear();
  }

  /** Variables by name, in any order; names in `ignored` may be there or not. */
  async variables(path: string, seen: Json, reference: number): Promise<void> {
    const shown = await this.#children(reference);
    const byName = new Map(shown.map((variable) => [textOf(variable, "name"), variable]));
    await this.#named(path, seen, byName);
    for (const name of byName.keys()) {
      if (!(name in seen) && !isHidden(name)) this.#differ(`${path}.${name}`, undefined, byName.get(name));
    }
  }

  async value(path: string, seen: unknown, shown: Json): Promise<void> {
    if (seen === "...") return;
    if (typeof seen === "string") {
      if (seen !== textOf(shown, "value")) this.#differ(path, seen, shown);
      return;
    }
    if (!isJson(seen)) return;
    const type = textOf(seen, "type");
    if (shortType(textOf(shown, "type")) !== type) {
      this.#differ(`${path} (type)`, type, shown);
      return;
    }
    const reference = numberOf(shown, "variablesReference");
    const children = reference > 0 ? await this.#children(reference) : [];
    const elements = children.filter((child) => isElement(textOf(child, "name")));
    if (seen["items"] !== undefined) await this.#items(path, seen, elements, type);
    if (seen["entries"] !== undefined) await this.#entries(path, seen, children);
    if (seen["members"] !== undefined) this.#members(path, seen, elements);
    if (seen["attributes"] !== undefined) await this.#attributes(path, seen["attributes"], children);
  }

  async #items(path: string, seen: Json, elements: readonly Json[], type: string): Promise<void> {
    const items = seen["items"];
    // A range, a slice and a bytearray are shown by their repr alone.
    if (!Array.isArray(items) || ["range", "slice", "bytearray"].includes(type)) return;
    if (items.length !== elements.length) this.#differ(`${path} (length)`, items.length, elements);
    await Promise.all(elements.map((element, index) => this.value(`${path}[${index}]`, items[index], element)));
  }

  async #entries(path: string, seen: Json, children: readonly Json[]): Promise<void> {
    const entries: unknown = seen["entries"];
    if (!Array.isArray(entries)) return;
    const attributes = isJson(seen["attributes"]) ? Object.keys(seen["attributes"]) : [];
    const shown = children.filter(
      (child) => !isHidden(textOf(child, "name")) && !attributes.includes(textOf(child, "name")),
    );
    if (entries.length !== shown.length) this.#differ(`${path} (length)`, entries.length, shown);
    const values = entries.map(async (entry: unknown, index) => {
      const child = shown[index];
      if (child === undefined || !Array.isArray(entry)) return;
      const key: unknown = entry[0];
      if (typeof key === "string" && key !== textOf(child, "name")) this.#differ(`${path} (key ${index})`, key, child);
      await this.value(`${path}[${String(key)}]`, entry[1], child);
    });
    await Promise.all(values);
  }

  #members(path: string, seen: Json, elements: readonly Json[]): void {
    const members: unknown = seen["members"];
    if (!Array.isArray(members)) return;
    if (members.length !== elements.length) this.#differ(`${path} (length)`, members, elements);
    const scalars = members.every((member) => typeof member === "string" && member.startsWith('"'));
    const shown = elements.map((element) => textOf(element, "value"));
    const wanted = members.map((member): unknown => JSON.parse(String(member)));
    if (scalars && !sameTexts(shown, wanted.map(String))) this.#differ(path, wanted, elements);
  }

  async #attributes(path: string, seen: unknown, children: readonly Json[]): Promise<void> {
    if (!isJson(seen)) return;
    await this.#named(path, seen, new Map(children.map((child) => [textOf(child, "name"), child])));
  }

  async #named(path: string, seen: Json, shown: ReadonlyMap<string, Json>): Promise<void> {
    const values = Object.entries(seen).map(async ([name, value]) => {
      const child = shown.get(name);
      if (child === undefined) this.#differ(`${path}.${name}`, value, undefined);
      else await this.value(`${path}.${name}`, value, child);
    });
    await Promise.all(values);
  }

  #children(reference: number): Promise<readonly Json[]> {
    const known = this.#answers.get(reference);
    if (known !== undefined) return known;
    const asked = this.#adapter
      .request("variables", { variablesReference: reference })
      .then((body) => listOf(body, "variables"));
    this.#answers.set(reference, asked);
    return asked;
  }

  #differ(path: string, seen: unknown, shown: unknown): void {
    const text = isJson(shown) ? `${textOf(shown, "value")} (${textOf(shown, "type")})` : JSON.stringify(shown);
    this.differences.push(`${path}: oracle ${JSON.stringify(seen)}, adapter ${text}`);
  }
}

/** Module dunders and groups of our own are not variables of the program. */
function isHidden(name: string): boolean {
  return (
    (name.startsWith("__") && name.endsWith("__")) ||
    /^(special variables|function variables|class variables|len\(\))$/u.test(name)
  );
}

function isElement(name: string): boolean {
  return /^\[?\d+\]?$/u.test(name);
}

/** `package.Class #12`: the class without its module and the object's number. */
function shortType(type: string): string {
  return type.replace(/ #\d+$/u, "").replace(/^.*\./u, "");
}

/** Equal as multisets. */
function sameTexts(left: readonly string[], right: readonly string[]): boolean {
  return left.toSorted(byText).join("\n") === right.toSorted(byText).join("\n");
}

function byText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
