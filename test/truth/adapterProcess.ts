// A debug adapter as any DAP client runs it: `node dist/adapter.js` on standard input and output.
import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/** Milliseconds that an event may take. */
const patience = 20_000;

/** A JSON object whose members are not known yet. */
export type Json = { readonly [name: string]: unknown };

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Member `name` as a list of objects; anything else is no element. */
export function listOf(body: Json, name: string): readonly Json[] {
  const value = body[name];
  return Array.isArray(value) ? value.filter(isJson) : [];
}

export function numberOf(body: Json, name: string): number {
  const value = body[name];
  return typeof value === "number" ? value : 0;
}

export function textOf(body: Json, name: string): string {
  const value = body[name];
  return typeof value === "string" ? value : "";
}

interface Waiting {
  readonly resolve: (body: Json) => void;
  readonly reject: (error: Error) => void;
}

/** One adapter and one session in it. */
export class AdapterProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  #buffer = Buffer.alloc(0);
  #sequence = 0;
  readonly #responses = new Map<number, Waiting>();
  readonly #events: Json[] = [];
  #eventArrived: () => void = () => undefined;

  constructor(adapter: string) {
    this.#child = spawn(process.execPath, [adapter], { stdio: ["pipe", "pipe", "inherit"] });
    this.#child.stdout.on("data", (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      this.#read();
    });
  }

  /** The body of the response; rejects with the adapter's own message. */
  request(command: string, arguments_: Json = {}): Promise<Json> {
    const seq = ++this.#sequence;
    const text = JSON.stringify({ seq, type: "request", command, arguments: arguments_ });
    // Requests that are made side by side go out together.
    this.#child.stdin.cork();
    process.nextTick(() => this.#child.stdin.uncork());
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    return new Promise((resolve, reject) => this.#responses.set(seq, { resolve, reject }));
  }

  /** The next event of one of these names that has not been taken yet; earlier ones of other names are dropped. */
  async event(...names: readonly string[]): Promise<{ readonly name: string; readonly body: Json }> {
    for (;;) {
      const next = this.#events.shift();
      if (next === undefined) {
        await new Promise<void>((resolve, reject) => {
          const late = setTimeout(() => reject(new Error(`no ${names.join(" or ")} event came`)), patience);
          this.#eventArrived = (): void => {
            clearTimeout(late);
            resolve();
          };
        });
      } else if (names.includes(textOf(next, "event"))) {
        const body = next["body"];
        return { name: textOf(next, "event"), body: isJson(body) ? body : {} };
      }
    }
  }

  end(): void {
    this.#child.kill();
  }

  #read(): void {
    for (;;) {
      const header = this.#buffer.indexOf("\r\n\r\n");
      if (header < 0) return;
      const length = Number(/Content-Length: (\d+)/u.exec(this.#buffer.toString("latin1", 0, header))?.[1] ?? 0);
      if (this.#buffer.length < header + 4 + length) return;
      const text = this.#buffer.toString("utf8", header + 4, header + 4 + length);
      this.#buffer = this.#buffer.subarray(header + 4 + length);
      const message: unknown = JSON.parse(text);
      if (isJson(message)) this.#receive(message);
    }
  }

  #receive(message: Json): void {
    if (message["type"] === "event") {
      this.#events.push(message);
      this.#eventArrived();
      return;
    }
    const waiting = this.#responses.get(numberOf(message, "request_seq"));
    if (waiting === undefined) return;
    this.#responses.delete(numberOf(message, "request_seq"));
    const body = message["body"];
    if (message["success"] === true) waiting.resolve(isJson(body) ? body : {});
    else
      waiting.reject(new Error(`${textOf(message, "command")}: ${textOf(message, "message")} ${JSON.stringify(body)}`));
  }
}
