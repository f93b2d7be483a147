// The five kinds of failure. "No answer" is not one of them: queries return `undefined` or a named outcome.

/** A user can act on it: shown with its number, its sentence and what to do next. */
export class UserError extends Error {
  override readonly name = "UserError";
  /** Stable number, documented in README.md. */
  readonly id: number;

  constructor(id: number, message: string) {
    super(message);
    this.id = id;
  }
}

/** A recording is malformed or newer than this reader; `offset` is the byte where it was noticed. */
export class WireError extends Error {
  override readonly name = "WireError";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} (at byte ${offset})`);
    this.offset = offset;
  }
}

/** A bug of ours: caught only at the edge of a session, which answers the request and logs the stack. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** A recording that is not indexed yet cannot answer this: the same question has an answer once it is. */
export class NotIndexedYet extends Error {
  override readonly name = "NotIndexedYet";

  constructor() {
    super("the recording is being indexed");
  }
}
