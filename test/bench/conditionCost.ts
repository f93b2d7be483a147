// How many steps a second does a search for a condition pass that never holds? Each time over a recording that was just
// opened, so that every block is met cold. CPU time of one process; medians.
import { rmSync } from "node:fs";
import path from "node:path";
import { openRecordingFile } from "../../src/node/openFile.ts";
import type { Breakpoint, TimeTravel } from "../../src/travel/timeTravel.ts";
import type { Interpreter } from "../support/interpreters.ts";
import { hasNative } from "../support/nativeBuild.ts";
import { median, timeCommand } from "./measure.ts";
import { folder } from "./recordingCost.ts";

export interface ConditionCost {
  readonly condition: string;
  readonly steps: number;
  /** Millions of steps a second. */
  readonly forward: number;
  readonly backward: number;
}

const program = path.resolve("test", "bench", "conditions.py");
/** Two steps a round. */
const rounds = 2_500_000;
/** Lines of `total += i & 3`. */
const lines = { local: 12, global: 21 };

function microseconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Throws unless the line is a loop's. */
function checkLine(travel: TimeTravel, line: number): void {
  if (travel.past.countOn(program, line) < 1000) throw new Error(`line ${line} of ${program} is not in the loop`);
}

function search(travel: TimeTravel, line: number, condition: string, isForward: boolean): void {
  const breakpoint: Breakpoint = { id: 1, place: { kind: "line", file: program, line }, condition };
  const movement = isForward
    ? travel.continueForward(travel.first, [breakpoint])
    : travel.continueBackward(travel.last, [breakpoint]);
  if (movement.reason.kind === "breakpoint") throw new Error(`${condition} holds`);
}

export function measureConditions(interpreter: Interpreter, runs: number): readonly ConditionCost[] {
  return (["local", "global"] as const).flatMap((where) => {
    const file = path.join(folder, `conditions-${interpreter.version}-${where}.hindsight`);
    rmSync(file, { force: true });
    const recorder = hasNative(interpreter) ? "native" : "auto";
    const record = [interpreter.path, "-m", "pytracer", "record", "--recorder", recorder, "-o", file];
    timeCommand([...record, program, String(hasNative(interpreter) ? rounds : rounds / 10), where]);
    const line = lines[where];
    return ["i == -1", "0 < i < -1 or total < 0"].map((condition): ConditionCost => {
      const speeds = { forward: [] as number[], backward: [] as number[] };
      let steps = 0;
      for (let run = 0; run < runs; run++) {
        for (const direction of ["forward", "backward"] as const) {
          const travel = openRecordingFile(file);
          ({ steps } = travel.summary);
          checkLine(travel, line);
          const time = microseconds(() => search(travel, line, condition, direction === "forward"));
          speeds[direction].push(steps / time);
          travel.close();
        }
      }
      return {
        condition: `${condition} on a ${where}`,
        steps,
        forward: median(speeds.forward),
        backward: median(speeds.backward),
      };
    });
  });
}
