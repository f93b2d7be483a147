// The recorders' costs as tables: one line a program, then one line a recorder.
import { table } from "./measure.ts";
import type { ProgramCost, RecorderSummary } from "./recorderCost.ts";

function figure(value: number | undefined, digits: number): string {
  return value === undefined ? "" : value.toFixed(digits);
}

export function programTable(costs: readonly ProgramCost[]): string {
  const header = ["program", "Python", "recorder", "times", "main thread", "ns/step plain", "recorded", "bytes/step"];
  return table(
    header,
    costs.map((one) => [
      one.program,
      one.python,
      one.recorder,
      one.ratio.toFixed(2),
      one.mainThreadRatio.toFixed(2),
      figure(one.log?.plainNanosecondsPerStep, 0),
      figure(one.log?.nanosecondsPerStep, 0),
      figure(one.log?.bytesPerStep, 2),
    ]),
  );
}

export function summaryTable(summaries: readonly RecorderSummary[]): string {
  const header = [
    "Python, recorder",
    "programs",
    "geometric mean",
    "times the floor",
    "worst",
    "",
    "bytes/step",
    "worst",
  ];
  return table(
    header,
    summaries.map((one) => [
      `${one.python} ${one.recorder}, ${one.group}`,
      String(one.programs),
      one.geometricMean.toFixed(2),
      one.recorder === "floor" ? "" : figure(one.againstFloor, 2),
      one.worst.toFixed(2),
      one.worstProgram,
      figure(one.bytesPerStepMedian, 2),
      figure(one.bytesPerStepWorst, 2),
    ]),
  );
}
