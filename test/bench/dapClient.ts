// A small debug client on an adapter's standard streams, for measuring: one request at a time.
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";

interface Message {
  readonly type: string;
  readonly command: string;
  readonly event: string;
  readonly requestSeq: number;
  readonly success: boolean;
  readonly text: string;
  readonly body: unknown;
}

/** The value of `key` when `value` is an object; undefined otherwise. */
export function field(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

function textField(value: unknown, key: string): string {
  const text = field(value, key);
  return typeof text === "string" ? text : "";
}

function parseMessage(json: unknown): Message {
  return {
    type: textField(json, "type"),
    command: textField(json, "command"),
    event: textField(json, "event"),
    requestSeq: Number(field(json, "request_seq") ?? 0),
    success: field(json, "success") === true,
    text: textField(json, "message"),
    body: field(json, "body"),
  };
}

/** Talks DAP to an adapter: `node dist/adapter.js` unless another command is given. */
export class DapClient {
  readonly #child: ChildProcessWithoutNullStreams;
  #received: Buffer = Buffer.alloc(0);
  #seq = 0;
  readonly #responses = new Map<number, (message: Message) => void>();
  readonly #events = new Map<string, ((message: Message) => void)[]>();
  readonly #listeners = new Map<string, (body: unknown) => void>();

  constructor(command: readonly string[] = [process.execPath, "dist/adapter.js"], env: NodeJS.ProcessEnv = {}) {
    const [file = "", ...args] = command;
    this.#child = spawn(file, args, { stdio: "pipe", env: { ...process.env, ...env } });
    this.#child.stdout.on("data", (chunk: Buffer) => this.#take(chunk));
  }

  get processId(): number {
    return this.#child.pid ?? 0;
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const end = this.#received.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/u.exec(this.#received.toString("latin1", 0, end))?.[1]);
      const start = end + 4;
      if (this.#received.length < start + length) return;
      const parsed: unknown = JSON.parse(this.#received.toString("utf8", start, start + length));
      this.#received = this.#received.subarray(start + length);
      this.#deliver(parseMessage(parsed));
    }
  }

  #deliver(message: Message): void {
    if (message.type === "response") {
      this.#responses.get(message.requestSeq)?.(message);
      this.#responses.delete(message.requestSeq);
    } else {
      this.#listeners.get(message.event)?.(message.body);
      for (const resolve of this.#events.get(message.event)?.splice(0) ?? []) resolve(message);
    }
  }

  /** Resolves with the response's body; rejects with the adapter's message. */
  request(command: string, args: object = {}): Promise<unknown> {
    const seq = ++this.#seq;
    const json = JSON.stringify({ seq, type: "request", command, arguments: args });
    return new Promise((resolve, reject) => {
      this.#responses.set(seq, (message) => {
        if (message.success) resolve(message.body);
        else reject(new Error(`${command}: ${message.text}`));
      });
      this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
    });
  }

  /** The next event of that name. */
  event(name: string): Promise<unknown> {
    return new Promise((resolve) => {
      const waiting = this.#events.get(name) ?? [];
      waiting.push((message) => resolve(message.body));
      this.#events.set(name, waiting);
    });
  }

  /** Calls back at every event of that name, from now on. */
  listen(name: string, callback: (body: unknown) => void): void {
    this.#listeners.set(name, callback);
  }

  /** A request that ends in a stop: resolves with the `stopped` event's body. */
  async travel(command: string, args: object): Promise<unknown> {
    const stopped = this.event("stopped");
    await this.request(command, args);
    return stopped;
  }

  async close(args: object = {}): Promise<void> {
    const ended = new Promise((resolve) => {
      this.#child.once("exit", resolve);
    });
    await this.request("disconnect", args);
    this.#child.stdin.end();
    await ended;
  }
}
