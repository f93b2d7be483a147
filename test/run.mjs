// Runs a TypeScript program of the project's own: `node test/run.mjs FILE [arguments]`.
// Node 20 does not read TypeScript, so the file is bundled into test/out/ first.
import { spawn } from "node:child_process";
import path from "node:path";
import { build } from "esbuild";

const [file, ...args] = process.argv.slice(2);
const outfile = path.join("test/out/run", `${file.replaceAll(/[/.]/g, "_")}.mjs`);
await build({
  entryPoints: [file],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "external",
  sourcemap: "inline",
  logLevel: "warning",
});
const child = spawn(process.execPath, ["--enable-source-maps", outfile, ...args], { stdio: "inherit" });
// Who stops this stops the program: a spawnSync would leave it running.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (status) => process.exit(status ?? 1));
