// `node dist/adapter.js`: the debug adapter on standard input and output; `--port N`: on a loopback socket.
import net from "node:net";
import { HindsightDebugSession } from "./hindsightDebugSession.ts";

/** The exit code is 0 only when the client said goodbye or closed its end. */
function serveStandardStreams(): void {
  const session = new HindsightDebugSession(() => leave());
  // Whoever ends the adapter ends the program with it.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => session.shutdown());
  session.start(process.stdin, process.stdout);
}

/** Leaves once the last messages are written. */
function leave(): void {
  process.stdout.write("", () => process.exit(0));
}

/** Each connection is a session of its own. */
function serveSocket(port: number): void {
  const server = net.createServer((socket) => {
    const session = new HindsightDebugSession(() => socket.end());
    session.setRunAsServer(true);
    session.start(socket, socket);
  });
  server.on("error", (error) => {
    process.stderr.write(`hindsight: cannot listen on port ${port}: ${error.message}\n`);
    process.exit(1);
  });
  server.listen(port, "127.0.0.1", () => {
    const address = server.address();
    if (typeof address === "object" && address !== null)
      process.stdout.write(`listening on 127.0.0.1:${address.port}\n`);
  });
}

/** `--port N` or `--port=N`; undefined for standard streams. */
function portOf(args: readonly string[]): number | undefined {
  const index = args.findIndex((arg) => arg === "--port" || arg.startsWith("--port="));
  if (index < 0) return undefined;
  const text = args[index]?.split("=")[1] ?? args[index + 1] ?? "";
  const port = Number(text);
  if (/^\d+$/u.test(text) && port < 65_536) return port;
  process.stderr.write(`hindsight: --port takes a port number, not ${JSON.stringify(text)}\n`);
  return process.exit(2);
}

const port = portOf(process.argv.slice(2));
if (port === undefined) serveStandardStreams();
else serveSocket(port);
