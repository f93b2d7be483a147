// How can an evaluation end without a value? With an exception of Python, or with a refusal that names its reason.

/** An exception that Python would have raised: `text` is what `str` of it gives. */
export class PythonError extends Error {
  override readonly name = "PythonError";
  readonly type: string;
  readonly text: string;

  constructor(type: string, text: string) {
    super(`${type}: ${text}`);
    this.type = type;
    this.text = text;
  }
}

/** The past has no answer. `notRecorded`: the value exists, but is not in the recording. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly kind: "notRecorded" | "refused";

  constructor(kind: "notRecorded" | "refused", message: string) {
    super(message);
    this.kind = kind;
  }
}

export function raise(type: string, text: string): never {
  throw new PythonError(type, text);
}

export function typeError(text: string): never {
  return raise("TypeError", text);
}

export function valueError(text: string): never {
  return raise("ValueError", text);
}

export function refuse(message: string): never {
  throw new Refusal("refused", message);
}

export function notRecorded(message: string): never {
  throw new Refusal("notRecorded", `not recorded: ${message}`);
}

/** It certainly fails in Python, but how the recording's version says so is not known here. */
export function unsure(what: string): never {
  return refuse(`This fails in Python (${what}); the exact exception is not known here.`);
}
