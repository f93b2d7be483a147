// The peers as tables: what each costs on each program and holds of it, then one line a tool.
import { geometricMean, median, table } from "../measure.ts";
import type { PeerCost } from "./peerCost.ts";
import type { PeerProbe } from "./peerProbe.ts";
import type { Missing } from "./tools.ts";

function percent(share: number | undefined): string {
  if (share === undefined) return "-";
  const hundred = share * 100;
  if (hundred === 0) return "0 %";
  // What is not all must not look like all, nor what is there like nothing.
  if (hundred < 1) return hundred < 0.1 ? "<0.1 %" : `${hundred.toFixed(1)} %`;
  return hundred > 99 && hundred < 100 ? `${(Math.floor(hundred * 10) / 10).toFixed(1)} %` : `${hundred.toFixed(0)} %`;
}

function cell(cost: PeerCost | undefined): string {
  if (cost === undefined) return "";
  const times = cost.ratio === undefined ? "failed" : cost.ratio.toFixed(cost.ratio < 100 ? 2 : 0);
  return cost.held === undefined ? times : `${times} (${percent(cost.held.share)})`;
}

function mine(costs: readonly PeerCost[], program: string, tool: string): PeerCost | undefined {
  return costs.find((one) => one.program === program && one.tool === tool);
}

/** Times slower, and in brackets how much of the run the output holds. */
export function peerProgramTable(costs: readonly PeerCost[]): string {
  const tools = [...new Set(costs.map((one) => one.tool))];
  const names = [...new Set(costs.map((one) => one.program))];
  return table(
    ["program", ...tools],
    names.map((program) => [program, ...tools.map((tool) => cell(mine(costs, program, tool)))]),
  );
}

interface Row {
  readonly tool: string;
  readonly costs: readonly PeerCost[];
  readonly probe: PeerProbe | undefined;
}

function times(values: readonly (number | undefined)[]): string {
  const known = values.filter((one) => one !== undefined);
  return known.length === 0 ? "-" : geometricMean(known).toFixed(1);
}

function heldText({ costs }: Row): readonly [median: string, least: string] {
  const held = costs.flatMap((one) => (one.held === undefined ? [] : [one.held]));
  const [first] = held;
  if (first === undefined) return ["-", "-"];
  const shares = held.map((one) => one.share);
  return [`${percent(median(shares))} of ${first.what}`, percent(Math.min(...shares))];
}

function saidText({ costs }: Row): string {
  const said = costs.flatMap((one) => (one.held?.said === undefined ? [] : [one.held.said]));
  if (said.length === 0) return "";
  const [dropped, all] = said.reduce<readonly [number, number]>(
    (sum, text) => {
      const [first = 0, second = 0] = (text.match(/\d+/gu) ?? []).map(Number);
      return [sum[0] + first, sum[1] + second];
    },
    [0, 0],
  );
  return all === 0 ? `${said.length} overflows` : `${percent(dropped / all)} dropped`;
}

function line(row: Row): readonly string[] {
  const found = row.probe?.found;
  const worst = Math.max(0, ...row.costs.map((one) => one.ratio ?? 0));
  const cost = [times(row.costs.map((one) => one.ratio)), worst === 0 ? "-" : worst.toFixed(1)];
  const whole = times(row.costs.map((one) => one.wholeRatio));
  const bytes = row.costs.flatMap((one) => (one.held === undefined ? [] : [one.held.bytesPerStep]));
  const size = bytes.length === 0 ? "-" : median(bytes).toPrecision(2);
  const held = [...heldText(row), saidText(row)];
  if (found === undefined) return [row.tool, ...cost, whole, size, ...held, ...Array<string>(9).fill("-")];
  const values = [percent(found.locals), found.list, found.attribute, found.item, found.hasIdentity ? "yes" : "no"];
  const ran = found.steps === 0 && found.calls > 0 ? `${percent(found.calls)} of calls` : percent(found.steps);
  const left = [percent(found.afterExit), percent(found.afterKill), percent(found.whileRunning)];
  return [row.tool, ...cost, whole, size, ...held, ran, ...values, ...left];
}

/** One line a tool: its cost, what it recorded, what it lost. */
export function peerTable(
  costs: readonly PeerCost[],
  probes: readonly PeerProbe[],
  missing: readonly Missing[],
): string {
  const tools = [...new Set(probes.map((one) => one.tool))];
  const rows = tools.map((tool) =>
    line({ tool, costs: costs.filter((one) => one.tool === tool), probe: probes.find((one) => one.tool === tool) }),
  );
  const header = ["", "times", "worst", "whole", "bytes/step", "held", "least", "says it lost"];
  const probed = ["steps", "locals", "list", "attribute", "item 1500", "identity", "os._exit", "kill -9", "running"];
  const absent = missing.map(({ name, problem }) => `${name}: ${problem}\n`);
  return `${table([...header, ...probed], rows)}${absent.join("")}`;
}

/** What the columns mean, and the settings of each row. */
export function peerLegend(costs: readonly PeerCost[], probes: readonly PeerProbe[]): string {
  const problems = costs.flatMap((one) =>
    one.problem === undefined ? [] : [`${one.tool} on ${one.program}: ${one.problem}`],
  );
  const probing = probes.flatMap((one) => {
    const all = Object.entries(one.found?.problems ?? {});
    return [...new Set(all.map(([, problem]) => problem))].map((problem) => {
      const ends = all.filter(([, other]) => other === problem).map(([end]) => end);
      return `${one.tool}, probe.py (${ends.join(", ")}): ${problem}`;
    });
  });
  return [
    "times: geometric mean of CPU time of main() against plain; whole: of the process's wall time, with start and end",
    "held: what the output holds of the programs' steps (or calls, where it knows only these), median and least;",
    "  a step is a line event of a plain trace function",
    "steps to running: on probe.py. locals: moments of a loop with the true values of three local variables;",
    "  list, attribute, item 1500: the true contents before and after a called function changed them;",
    "  identity: one list under two names can be told from two equal lists;",
    "  os._exit, kill -9, running: steps (or calls) readable after such an end in the middle, and while it runs",
    ...probes.map((one) => `${one.tool}: ${one.how}`),
    ...new Set([...problems, ...probing]),
    "",
  ].join("\n");
}
