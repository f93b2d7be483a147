// `npm run check [NAME…]`: types, lint, format and dead code of both languages. Says all findings, not only the first.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { cacheFolder } from "./support/cache.ts";
import { runJob, type Job } from "./support/job.ts";

const tools = path.join(cacheFolder(), "venv");
const pythonConfig = "pytracer/pyproject.toml";
const pythonFolders = ["pytracer", "test/pytracer"].filter((folder) => existsSync(folder));

const testFiles = existsSync("test/pytracer")
  ? readdirSync("test/pytracer")
      .filter((file) => file.endsWith(".py"))
      .map((file) => path.join("test/pytracer", file))
  : [];

function local(tool: string, ...args: string[]): string[] {
  return [path.join("node_modules", ".bin", tool), ...args];
}

function python(tool: string, ...args: string[]): string[] {
  return [path.join(tools, "bin", tool), ...args];
}

const checks: readonly Job[] = [
  { name: "types", command: local("tsc") },
  { name: "lint", command: local("oxlint") },
  { name: "format", command: local("oxfmt", "--check") },
  { name: "dead code", command: local("knip", "--no-progress") },
  { name: "ruff", command: python("ruff", "check", "--quiet", "--config", pythonConfig, ...pythonFolders) },
  { name: "ruff format", command: python("ruff", "format", "--check", "--config", pythonConfig, ...pythonFolders) },
  { name: "mypy", command: python("mypy", "--config-file", pythonConfig, "-p", "pytracer") },
  // Tests say what they mean by their asserts: the calls that they make are checked, annotations are not demanded.
  {
    name: "mypy of tests",
    command: [
      "env",
      "MYPYPATH=.",
      ...python(
        "mypy",
        "--config-file=",
        "--explicit-package-bases",
        "--ignore-missing-imports",
        "--follow-imports=silent",
        "--check-untyped-defs",
        "--disable-error-code=arg-type",
        "--disable-error-code=var-annotated",
        "--disable-error-code=attr-defined",
        "--disable-error-code=union-attr",
        "--disable-error-code=call-overload",
      ),
    ].concat(testFiles),
  },
];

async function main(names: readonly string[]): Promise<number> {
  execFileSync("sh", ["test/setup/pythonTools.sh", tools], { stdio: "inherit" });
  const chosen = names.length === 0 ? checks : checks.filter((job) => names.includes(job.name));
  if (chosen.length === 0) {
    process.stdout.write(`no such check; there are: ${checks.map((job) => job.name).join(", ")}\n`);
    return 2;
  }
  let failed = 0;
  for (const job of chosen) {
    const result = await runJob(job);
    const passed = result.code === 0;
    if (!passed) failed++;
    if (!passed) process.stdout.write(`${result.output.trimEnd()}\n`);
    process.stdout.write(`${passed ? "ok    " : "FAILED"} ${job.name} (${result.seconds.toFixed(1)} s)\n`);
  }
  process.stdout.write(`${chosen.length - failed} of ${chosen.length} checks clean\n`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
