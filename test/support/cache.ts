// Where the machine's test tools live: interpreters, VS Code host, ruff and mypy. `test/setup` fills it.
import { homedir } from "node:os";
import path from "node:path";

/** `${XDG_CACHE_HOME:-~/.cache}/hindsight-test`. */
export function cacheFolder(): string {
  const base = process.env["XDG_CACHE_HOME"];
  return path.join(base !== undefined && base !== "" ? base : path.join(homedir(), ".cache"), "hindsight-test");
}
