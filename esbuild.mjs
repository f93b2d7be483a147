// Bundles the programs of Hindsight into dist/: one file each, no node_modules needed at run time.
// Everything there is CommonJS (VS Code's `main` and plain `node` both take it); dist/package.json says so.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build, context } from "esbuild";

const programs = {
  extension: "src/extension/extension.ts",
  adapter: "src/dap/adapterMain.ts",
  server: "src/language/serverMain.ts",
  hindsight: "src/cli/main.ts",
};

/** Code of webviews: `src/timeline/xMain.ts` becomes `dist/x.js` for the browser. */
function webviewEntries() {
  if (!existsSync("src/timeline")) return {};
  const files = readdirSync("src/timeline").filter((file) => file.endsWith("Main.ts"));
  return Object.fromEntries(files.map((file) => [file.slice(0, -"Main.ts".length), path.join("src/timeline", file)]));
}

function present(entries) {
  return Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)));
}

const shared = {
  bundle: true,
  outdir: "dist",
  sourcemap: "linked",
  legalComments: "none",
  logLevel: "warning",
};

const forNode = {
  ...shared,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  // The libraries' "module" builds come with CommonJS wrappers that only "main" has right.
  mainFields: ["module", "main"],
};
const forBrowser = { ...shared, platform: "browser", format: "iife", target: "es2022" };

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

/** One build for each program, so that one which fails does not keep the others from being written. */
function buildsOf(entries, options) {
  return Object.entries(present(entries)).map(([name, file]) => ({ ...options, entryPoints: { [name]: file } }));
}

const builds = [...buildsOf(programs, forNode), ...buildsOf(webviewEntries(), forBrowser)];

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
