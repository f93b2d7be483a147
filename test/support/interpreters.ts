// Which Pythons this machine has. Tests run on all of them and say which they found.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { cacheFolder } from "./cache.ts";

export interface Interpreter {
  readonly path: string;
  /** For example "3.12.1". */
  readonly version: string;
  readonly minor: number;
}

function candidates(): string[] {
  const named = (process.env["HINDSIGHT_PYTHONS"] ?? "").split(path.delimiter).filter((one) => one !== "");
  if (named.length > 0) return named;
  const pyenv = path.join(homedir(), ".pyenv", "versions");
  const cached = path.join(cacheFolder(), "pythons", "bin");
  const found = existsSync(pyenv)
    ? readdirSync(pyenv).map((version) => path.join(pyenv, version, "bin", "python3"))
    : [];
  for (let minor = 9; minor <= 15; minor++) {
    found.push(path.join(cached, `python3.${minor}`));
    for (const folder of (process.env["PATH"] ?? "").split(path.delimiter))
      found.push(path.join(folder, `python3.${minor}`));
  }
  return found.filter((one) => existsSync(one) && !one.includes("/shims/"));
}

/** Every CPython from 3.9 on, oldest first, one for each exact version. */
export function interpreters(): readonly Interpreter[] {
  const byVersion = new Map<string, Interpreter>();
  for (const one of candidates()) {
    try {
      const version = execFileSync(one, ["-S", "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
      const minor = Number(version.split(".")[1]);
      if (version.startsWith("3.") && minor >= 9 && !byVersion.has(version))
        byVersion.set(version, { path: one, version, minor });
    } catch {
      // A broken candidate is not an interpreter.
    }
  }
  return [...byVersion.values()].toSorted((a, b) => a.minor - b.minor || a.version.localeCompare(b.version));
}

/**
 * Whether an interpreter stands for others in tests that would take too long on all: the oldest, the newest, and the last
 * patch of the first with each recorder of its own (3.11, 3.12) and of 3.13.
 */
export function takesAll(one: Interpreter, all: readonly Interpreter[]): boolean {
  if (one === all[0] || one === all.at(-1)) return true;
  return one.minor >= 11 && one.minor <= 13 && one === all.findLast(({ minor }) => minor === one.minor);
}
