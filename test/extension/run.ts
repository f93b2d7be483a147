// `npm run test:extension`: the suite inside the extension host, through @vscode/test-electron.
// Where test/setup/install.sh put a scriptable VS Code that one is taken, else a desktop VS Code is downloaded.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { interpreters } from "../support/interpreters.ts";
import { installedBrowser, installedHost } from "../vscodeHost/host.ts";

const suite = path.resolve("test/out/extension/suite.cjs");

async function main(): Promise<number> {
  const python = interpreters().at(-1);
  if (python === undefined) throw new Error("no Python from 3.9 on was found");
  process.stdout.write(`with Python ${python.version}\n`);
  await build({
    entryPoints: ["test/extension/suite.ts"],
    outfile: suite,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode", "mocha"],
    sourcemap: "inline",
    logLevel: "warning",
  });
  const workspace = path.join(mkdtempSync(path.join(tmpdir(), "hindsight-")), "shop");
  cpSync("test/ui/workspace", workspace, { recursive: true });
  const scriptable = installedHost() !== undefined && installedBrowser() !== undefined;
  try {
    return await runTests({
      ...(scriptable ? { vscodeExecutablePath: path.resolve("test/vscodeHost/codeShim.mjs") } : {}),
      extensionDevelopmentPath: path.resolve(process.env["HINDSIGHT_EXTENSION"] ?? "."),
      extensionTestsPath: suite,
      launchArgs: ["--disable-extensions", workspace],
      extensionTestsEnv: { HINDSIGHT_TEST_PYTHON: python.path },
    });
  } finally {
    rmSync(path.dirname(workspace), { recursive: true, force: true });
  }
}

process.exitCode = await main();
