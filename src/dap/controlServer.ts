// The adapter's end of the control channel: a loopback socket, single-use tokens, one JSON message a line.
import { randomBytes } from "node:crypto";
import net from "node:net";
import type { FromPython, ToPython } from "../protocol/controlChannel.ts";
import { parseFromPython } from "./controlMessages.ts";

/** One connection of Python, after its token was checked. */
export interface Connection {
  readonly hello: Extract<FromPython, { type: "hello" }>;
  readonly send: (message: ToPython) => Promise<void>;
  /** Messages that came before are handed over at once. */
  readonly listen: (onMessage: (message: FromPython) => void, onClose: () => void) => void;
  readonly close: () => void;
}

const longestHello = 65_536;

/** A single-use secret of 128 bits. */
export function newToken(): string {
  return randomBytes(16).toString("hex");
}

class LineConnection {
  readonly #socket: net.Socket;
  #text = "";
  #onLine: (line: string) => void;
  #onClose: () => void = () => undefined;
  #isClosed = false;
  /** Whoever has shown no token yet may not make us keep much. */
  #longest = longestHello;

  constructor(socket: net.Socket, onLine: (line: string) => void) {
    this.#socket = socket;
    this.#onLine = onLine;
    socket.setEncoding("utf8");
    socket.setNoDelay(true);
    socket.on("data", (text: string) => this.#receive(text));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#isClosed = true;
      this.#onClose();
    });
  }

  /** From now on messages may have any length. */
  trust(): void {
    this.#longest = Infinity;
  }

  setHandlers(onLine: (line: string) => void, onClose: () => void): void {
    this.#onLine = onLine;
    this.#onClose = onClose;
    if (this.#isClosed) onClose();
  }

  write(line: string): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.write(`${line}\n`, () => resolve());
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(text: string): void {
    this.#text += text;
    for (;;) {
      const end = this.#text.indexOf("\n");
      if (end < 0) break;
      const line = this.#text.slice(0, end);
      this.#text = this.#text.slice(end + 1);
      this.#onLine(line);
    }
    if (this.#text.length > this.#longest) this.#socket.destroy();
  }
}

/** Waits for Python's connections, each known by its token. */
export class ControlServer {
  readonly #server: net.Server;
  readonly #awaited = new Map<string, (connection: Connection) => void>();

  constructor() {
    this.#server = net.createServer((socket) => this.#accept(socket));
  }

  /** Listens on a free loopback port and tells which. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, "127.0.0.1", () => {
        const address = this.#server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  }

  /** The connection that says hello with `token`; only the first one counts. */
  expect(token: string): Promise<Connection> {
    return new Promise((resolve) => {
      this.#awaited.set(token, resolve);
    });
  }

  /** No further connections; those that there are stay. */
  stopListening(): void {
    this.#server.close();
  }

  #accept(socket: net.Socket): void {
    const lines = new LineConnection(socket, (line) => this.#welcome(lines, line));
  }

  #welcome(lines: LineConnection, line: string): void {
    const hello = parsed(line);
    const resolve = hello?.type === "hello" ? this.#awaited.get(hello.token) : undefined;
    if (hello?.type !== "hello" || resolve === undefined) {
      lines.close();
      return;
    }
    this.#awaited.delete(hello.token);
    lines.trust();
    const early: string[] = [];
    lines.setHandlers(
      (next) => early.push(next),
      () => undefined,
    );
    function listen(onMessage: (message: FromPython) => void, onClose: () => void): void {
      function receive(next: string): void {
        const message = parsed(next);
        if (message === undefined) lines.close();
        else onMessage(message);
      }
      for (const next of early) receive(next);
      lines.setHandlers(receive, onClose);
    }
    resolve({ hello, listen, send: (message) => lines.write(JSON.stringify(message)), close: () => lines.close() });
  }
}

function parsed(line: string): FromPython | undefined {
  try {
    return parseFromPython(line);
  } catch {
    return undefined;
  }
}
