// Reads what a client or Python sent: `unknown` becomes typed values, and each wrong one is named.

/** Something in a message is not what it must be; the text names it. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

type Fields = { readonly [name: string]: unknown };

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A JSON object whose members are read one by one. null counts as absent. */
export class JsonReader {
  readonly #fields: Fields;
  readonly #path: string;

  constructor(value: unknown, path = "") {
    if (value !== undefined && !isFields(value)) throw new ShapeError(`${path === "" ? "it" : path} must be an object`);
    this.#fields = value ?? {};
    this.#path = path;
  }

  /** The object itself, for a reader of its own. */
  get value(): unknown {
    return this.#fields;
  }

  has(name: string): boolean {
    const value = this.#fields[name];
    return value !== undefined && value !== null;
  }

  names(): readonly string[] {
    return Object.keys(this.#fields);
  }

  text(name: string): string | undefined {
    const value = this.#present(name);
    if (value === undefined) return undefined;
    if (typeof value !== "string") throw this.#wrong(name, "a string");
    return value;
  }

  requiredText(name: string): string {
    return this.text(name) ?? this.#missing(name);
  }

  flag(name: string): boolean | undefined {
    const value = this.#present(name);
    if (value === undefined) return undefined;
    if (typeof value !== "boolean") throw this.#wrong(name, "true or false");
    return value;
  }

  integer(name: string): number | undefined {
    const value = this.#present(name);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isSafeInteger(value)) throw this.#wrong(name, "a whole number");
    return value;
  }

  requiredInteger(name: string): number {
    return this.integer(name) ?? this.#missing(name);
  }

  oneOf<const T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.#present(name);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw this.#wrong(name, `one of ${choices.join(", ")}`);
    return found;
  }

  texts(name: string): readonly string[] {
    return this.#list(name).map((value) => {
      if (typeof value !== "string") throw this.#wrong(name, "a list of strings");
      return value;
    });
  }

  integers(name: string): readonly number[] {
    return this.#list(name).map((value) => {
      if (typeof value !== "number" || !Number.isSafeInteger(value)) throw this.#wrong(name, "a list of whole numbers");
      return value;
    });
  }

  objects(name: string): readonly JsonReader[] {
    return this.#list(name).map((value) => new JsonReader(value, `${this.#path}${name}[]`));
  }

  object(name: string): JsonReader | undefined {
    const value = this.#present(name);
    return value === undefined ? undefined : new JsonReader(value, this.#path + name);
  }

  requiredObject(name: string): JsonReader {
    return this.object(name) ?? this.#missing(name);
  }

  /** A string, or null where the member is null. */
  textOrNull(name: string): string | null {
    if (this.#fields[name] === null) return null;
    return this.requiredText(name);
  }

  isText(name: string): boolean {
    return typeof this.#fields[name] === "string";
  }

  #present(name: string): unknown {
    const value = this.#fields[name];
    return value === null ? undefined : value;
  }

  #list(name: string): readonly unknown[] {
    const value = this.#present(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw this.#wrong(name, "a list");
    return value;
  }

  #wrong(name: string, expected: string): ShapeError {
    return new ShapeError(`\`${this.#path}${name}\` must be ${expected}`);
  }

  #missing(name: string): never {
    throw new ShapeError(`\`${this.#path}${name}\` is missing`);
  }
}
