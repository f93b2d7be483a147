// Bundles the programs of Hindsight into dist/: one file each, no node_modules needed at run time.
// Everything there is CommonJS (VS Code's `main` and plain `node` both take it); dist/package.json says so.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { build, context } from "esbuild";

const programs = {
  extension: "src/extension/extension.ts",
  adapter: "src/dap/adapterMain.ts",
  server: "src/language/serverMain.ts",
  hindsight: "src/cli/main.ts",
  indexer: "src/node/indexWorker.ts",
};

const shared = {
  bundle: true,
  outdir: "dist",
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  // The libraries' "module" builds come with CommonJS wrappers that only "main" has right.
  mainFields: ["module", "main"],
  sourcemap: "linked",
  legalComments: "none",
  logLevel: "warning",
};

/** Writes a file so that a program which starts meanwhile sees the old one or the new one, never a part. */
function replaceFile(file, contents) {
  if (existsSync(file) && readFileSync(file).equals(contents)) return;
  const fresh = `${file}.${process.pid}.new`;
  writeFileSync(fresh, contents);
  renameSync(fresh, file);
}

async function buildAtOnce(options) {
  const { outputFiles } = await build({ ...options, write: false });
  for (const file of outputFiles) replaceFile(file.path, Buffer.from(file.contents));
}

// One build for each program, so that one which fails does not keep the others from being written.
const builds = Object.entries(programs).map(([name, file]) => ({ ...shared, entryPoints: { [name]: file } }));

mkdirSync("dist", { recursive: true });
replaceFile("dist/package.json", Buffer.from('{ "type": "commonjs" }\n'));

if (process.argv.includes("--watch")) {
  for (const options of builds) await (await context(options)).watch();
} else {
  const results = await Promise.allSettled(builds.map((options) => buildAtOnce(options)));
  const names = builds.flatMap((options, at) =>
    results[at]?.status === "fulfilled" ? Object.keys(options.entryPoints).map((name) => `dist/${name}.js`) : [],
  );
  process.stdout.write(`built ${names.join(", ") || "nothing"}\n`);
  if (names.length < builds.length) process.exitCode = 1;
}
