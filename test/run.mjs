// Runs a TypeScript program of the project's own: `node test/run.mjs FILE [arguments]`.
// Node 20 does not read TypeScript, so the file is bundled into test/out/ first.
import { spawnSync } from "node:child_process";
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
const child = spawnSync(process.execPath, ["--enable-source-maps", outfile, ...args], { stdio: "inherit" });
process.exit(child.status ?? 1);
