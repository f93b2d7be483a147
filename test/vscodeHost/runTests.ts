// Runs an extension's tests inside the VS Code of host.ts, and exits as they do (124: no answer in time, 125: no start).
//   node test/run.mjs test/vscodeHost/runTests.ts --ext DIR --tests FILE --workspace DIR [--shot PNG]
import { format, parseArgs } from "node:util";
import { startHost, type Host } from "./host.ts";

const { values: options } = parseArgs({
  options: {
    ext: { type: "string", default: "." },
    tests: { type: "string", default: "" },
    workspace: { type: "string", default: "." },
    shot: { type: "string" },
    seconds: { type: "string", default: "600" },
  },
});

/** What VS Code itself says while it starts, and what does not concern the tests. */
const noise =
  /^(Resolv|Creating a socket|Updating additional|Ignoring fetching|\[reconnection-grace|Timed out waiting for auth|Error: Could not locate the bindings|Cannot find module '.\/build\/Release\/watchdog'|\[Agent|\[Chat|\[Account|ChatSession|\[Service Worker\])/;

async function run(host: Host): Promise<number> {
  const { page } = host;
  const ended = new Promise<number>((resolve, reject) => {
    page.exposeFunction("codeAutomationExit", (code: number) => resolve(code)).catch(reject);
  });
  // Every console line of the workbench and of the extension host arrives here.
  await page.exposeFunction("codeAutomationLog", (_type: string, args: unknown[]) => {
    const line = format(...args);
    if (!noise.test(line)) process.stdout.write(`${line}\n`);
  });
  await page.goto(
    host.url([
      ["extensionDevelopmentPath", host.remote(options.ext)],
      ["extensionTestsPath", host.remote(options.tests)],
      ["skipWelcome", "true"],
    ]),
  );
  const late = new Promise<number>((resolve) => {
    setTimeout(() => resolve(124), Number(options.seconds) * 1000).unref();
  });
  const code = await Promise.race([ended, late]);
  if (options.shot !== undefined) await page.screenshot({ path: options.shot });
  return code;
}

let host: Host | undefined;
try {
  // Without this flag a built workbench ignores the development paths.
  host = await startHost({ workspace: options.workspace, serverArguments: ["--enable-smoke-test-driver"] });
  process.exitCode = await run(host);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 125;
} finally {
  await host?.stop();
}
