// Reads an answer of the debug session field by field: `Shape` is its type in src/protocol, what came is `unknown`.
// What is missing or of another type becomes nothing, so that a session of another version shows less, never nonsense.
import { isRecord } from "./answers.ts";

type Key<Shape> = Shape extends unknown ? Extract<keyof Shape, string> : never;

export class Answer<Shape> {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    this.#fields = isRecord(value) ? value : {};
  }

  has(name: Key<Shape>): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null;
  }

  text(name: Key<Shape>): string | undefined {
    const value = this.#fields[name];
    return typeof value === "string" ? value : undefined;
  }

  number(name: Key<Shape>): number | undefined {
    const value = this.#fields[name];
    return typeof value === "number" ? value : undefined;
  }

  flag(name: Key<Shape>): boolean {
    return this.#fields[name] === true;
  }

  part<Part>(name: Key<Shape>): Answer<Part> | undefined {
    const value = this.#fields[name];
    return isRecord(value) ? new Answer<Part>(value) : undefined;
  }

  list<Item>(name: Key<Shape>): readonly Answer<Item>[] {
    const value = this.#fields[name];
    return Array.isArray(value) ? value.filter(isRecord).map((one) => new Answer<Item>(one)) : [];
  }
}
