// A small DAP client of the tests' own: speaks to a real adapter process and keeps everything that it hears.
import { spawn, type ChildProcess } from "node:child_process";
import { renameSync } from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";

export type Json = { readonly [name: string]: unknown };

export interface Answer {
  readonly success: boolean;
  readonly message: string;
  readonly body: Json;
}

export interface HeardEvent {
  readonly event: string;
  readonly body: Json;
}

const bundle = path.join(import.meta.dirname, "..", "out", "adapter.cjs");
let isBuilt = false;

/** Bundles the adapter as it is now; once for each test process. */
export function adapterPath(): string {
  if (!isBuilt) {
    const fresh = `${bundle}.${process.pid}`;
    const entry = path.join(import.meta.dirname, "..", "..", "src", "dap", "adapterMain.ts");
    buildSync({
      entryPoints: [entry],
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      mainFields: ["module", "main"],
      outfile: fresh,
      logLevel: "error",
    });
    // Whoever else builds it at this moment gets a whole file too.
    renameSync(fresh, bundle);
    isBuilt = true;
  }
  return bundle;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function json(value: unknown): Json {
  return isJson(value) ? value : {};
}

export function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map((one: unknown) => json(one)) : [];
}

const patience = 30_000;

/** Fails with `what` when nothing comes for long. */
function within<T>(promise: Promise<T>, what: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came: ${what()}`)), patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export class DapClient {
  readonly #child: ChildProcess;
  #received = Buffer.alloc(0);
  #seq = 0;
  readonly #pending = new Map<number, (message: Json) => void>();
  readonly #waiting: {
    readonly test: (event: HeardEvent) => boolean;
    readonly resolve: (event: HeardEvent) => void;
  }[] = [];
  /** Everything that came, in order: events, and responses as `response COMMAND`. */
  readonly heard: HeardEvent[] = [];
  readonly responses: Json[] = [];
  #read = 0;
  /** Adapter's requests to the client. */
  onRequest: (command: string, args: Json) => Json = () => ({});

  constructor(command: readonly string[] = [process.execPath, adapterPath()]) {
    const [file = "", ...args] = command;
    this.#child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#child.stdout?.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.#child.stdin?.on("error", () => undefined);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves with the adapter's exit code. */
  exited(): Promise<number | null> {
    if (this.#child.exitCode !== null) return Promise.resolve(this.#child.exitCode);
    return within(
      new Promise((resolve) => {
        this.#child.once("exit", (code) => resolve(code));
      }),
      () => "the end of the adapter",
    );
  }

  /** The client goes away without a word. */
  hangUp(): void {
    this.#child.stdin?.end();
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Sends a request and waits for its response, successful or not. */
  ask(command: string, args?: Json): Promise<Answer> {
    const seq = ++this.#seq;
    const answer = new Promise<Answer>((resolve) => {
      this.#pending.set(seq, (message) =>
        resolve({
          success: message["success"] === true,
          message: typeof message["message"] === "string" ? message["message"] : "",
          body: json(message["body"]),
        }),
      );
    });
    this.#send({ type: "request", seq, command, ...(args === undefined ? {} : { arguments: args }) });
    return within(answer, () => `the response to ${command} (heard ${this.#tail()})`);
  }

  /** The body of a successful response; fails with the message of another. */
  async must(command: string, args?: Json): Promise<Json> {
    const answer = await this.ask(command, args);
    if (!answer.success) throw new Error(`${command}: ${answer.message}`);
    return answer.body;
  }

  /** The next event of that name that nobody has waited for yet. */
  async next(name: string): Promise<HeardEvent> {
    for (let index = this.#read; index < this.heard.length; index++) {
      const event = this.heard[index];
      if (event?.event === name) {
        this.#read = index + 1;
        return event;
      }
    }
    const event = await within(
      new Promise<HeardEvent>((resolve) => {
        this.#waiting.push({ test: (one) => one.event === name, resolve });
      }),
      () => `the event ${name} (heard ${this.#tail()})`,
    );
    this.#read = this.heard.indexOf(event) + 1;
    return event;
  }

  /** What the program and the adapter printed, by category. */
  output(category?: string): string {
    return this.heard
      .filter((one) => one.event === "output" && (category === undefined || one.body["category"] === category))
      .map((one) => String(one.body["output"]))
      .join("");
  }

  sendRaw(text: string): void {
    this.#child.stdin?.write(text);
  }

  #tail(): string {
    return this.heard
      .slice(-8)
      .map((one) => JSON.stringify(one))
      .join(" ");
  }

  #send(message: Json): void {
    const text = JSON.stringify(message);
    this.#child.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const end = this.#received.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/u.exec(this.#received.subarray(0, end).toString())?.[1]);
      if (this.#received.length < end + 4 + length) return;
      const text = this.#received.subarray(end + 4, end + 4 + length).toString();
      this.#received = this.#received.subarray(end + 4 + length);
      const message: unknown = JSON.parse(text);
      this.#dispatch(json(message));
    }
  }

  #dispatch(message: Json): void {
    if (message["type"] === "event") this.#hear({ event: String(message["event"]), body: json(message["body"]) });
    else if (message["type"] === "request") this.#serve(message);
    else {
      this.responses.push(message);
      this.heard.push({ event: `response ${String(message["command"])}`, body: message });
      const seq = Number(message["request_seq"]);
      this.#pending.get(seq)?.(message);
      this.#pending.delete(seq);
    }
  }

  #serve(message: Json): void {
    const command = String(message["command"]);
    const seq = ++this.#seq;
    const answer = { type: "response", seq, request_seq: message["seq"], command };
    try {
      this.#send({ ...answer, success: true, body: this.onRequest(command, json(message["arguments"])) });
    } catch (error) {
      this.#send({ ...answer, success: false, message: error instanceof Error ? error.message : "refused" });
    }
  }

  #hear(event: HeardEvent): void {
    this.heard.push(event);
    const index = this.#waiting.findIndex(({ test }) => test(event));
    if (index >= 0) this.#waiting.splice(index, 1)[0]?.resolve(event);
  }
}
