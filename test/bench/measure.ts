// Statistics and tables of the benchmark.
import { spawnSync } from "node:child_process";

/** The value below which `share` (0 to 1) of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** The number at `key` of parsed JSON; throws when there is none. */
export function numberField(json: unknown, key: string): number {
  const value: unknown =
    typeof json === "object" && json !== null ? Object.entries(json).find(([name]) => name === key)?.[1] : undefined;
  if (typeof value !== "number") throw new Error(`no number ${key}`);
  return value;
}

/** Runs a command to its end and returns its wall time in seconds; throws when it fails. */
export function timeCommand(command: readonly string[], env: NodeJS.ProcessEnv = {}): number {
  const [file = "", ...args] = command;
  const started = performance.now();
  const result = spawnSync(file, args, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...env } });
  if (result.status !== 0) throw new Error(`${command.join(" ")}: ${result.stderr.toString()}`);
  return (performance.now() - started) / 1000;
}

/** Standard output of a command; throws when it fails. */
export function outputOf(command: readonly string[]): string {
  const [file = "", ...args] = command;
  const result = spawnSync(file, args, { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
  if (result.status !== 0) throw new Error(`${command.join(" ")}: ${result.stderr}`);
  return result.stdout;
}

/** Columns of text, the first to the left and the others to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  "),
  );
  lines.splice(1, 0, widths.map((width) => "-".repeat(width)).join("  "));
  return `${lines.join("\n")}\n`;
}
