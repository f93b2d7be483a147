// Brings the peers into the tests' cache, each into a folder of its own: `peers/3.12/coverage-7.17.5` and so on.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { cacheFolder } from "../../support/cache.ts";
import type { Interpreter } from "../../support/interpreters.ts";

export type PeerName = "debugpy" | "coverage" | "viztracer" | "py-tt-debug" | "codetracer";

/** The folder to put on PYTHONPATH, or why there is none. */
export type Installed = { readonly folder: string } | { readonly problem: string };

/** packages.txt: a peer a line, with the packages that it needs behind it. */
function requirements(name: PeerName): readonly string[] {
  const lines = readFileSync(path.join("test", "bench", "peers", "packages.txt"), "utf8").split("\n");
  return lines.find((line) => line.startsWith(name))?.split(" ") ?? [];
}

/** Installs unless it is there; wheels only, as pip would choose them for that interpreter. */
export function installPeer(name: PeerName, interpreter: Interpreter): Installed {
  const needed = requirements(name);
  const version = `3.${interpreter.minor}`;
  const folder = path.join(cacheFolder(), "peers", version, (needed[0] ?? name).replace("==", "-"));
  if (existsSync(folder)) return { folder };
  const fresh = `${folder}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const pip = path.join(cacheFolder(), "venv", "bin", "pip");
  // The pip of another Python refuses what needs a newer one, whatever --python-version says; the wheels' tags decide.
  const options = ["--only-binary=:all:", "--no-deps", "--ignore-requires-python", "--python-version", version];
  const quietly = ["--quiet", "--disable-pip-version-check", "--no-warn-script-location"];
  const done = spawnSync(pip, ["install", ...quietly, ...options, "--target", fresh, ...needed], { encoding: "utf8" });
  if (done.error !== undefined) return { problem: "no pip in the tests' cache (test/setup/install.sh brings it)" };
  if (done.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    return { problem: `no build of ${needed.join(" ")} for Python ${version}` };
  }
  renameSync(fresh, folder);
  return { folder };
}
