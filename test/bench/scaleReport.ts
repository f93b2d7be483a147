// The rows about a hundred million steps as a table.
import { table } from "./measure.ts";
import type { ScaleRow } from "./scaleCost.ts";

function figure(value: number | undefined): string {
  if (value === undefined) return "";
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Whether the row reaches its goal: speeds are to be higher, everything else lower. */
function isReached({ unit, goal, isAboutP99, median, p99 }: ScaleRow): boolean {
  const value = isAboutP99 ? (p99 ?? median) : median;
  return unit === "M steps" ? value >= goal : value <= goal;
}

export function scaleTable(rows: readonly ScaleRow[]): string {
  const header = ["what", "reach", "want", "median", "p99", "CPU", "unit", "samples", ""];
  return table(
    header,
    rows.map((row) => [
      row.what,
      figure(row.goal),
      figure(row.want),
      figure(row.median),
      figure(row.p99),
      figure(row.cpu),
      row.unit,
      String(row.samples),
      isReached(row) ? "reached" : "not yet",
    ]),
  );
}
