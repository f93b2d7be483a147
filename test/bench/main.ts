// `npm run bench [-- --quick --runs N --samples N --python VERSION… --only SECTION… --recorder NAME… --program NAME…]`:
// what recording costs and how fast the past answers. Prints tables, and everything as JSON to
// test/out/bench/results.json. Sections: recorders, sessions, steps, fetches, queries, requests, conditions, scale (with
// --millions N for shorter recordings than 100 and 200 million steps), peers.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { interpreters, type Interpreter } from "../support/interpreters.ts";
import { measureCodeFetches } from "./codeFetches.ts";
import { measureConditions } from "./conditionCost.ts";
import { table } from "./measure.ts";
import { measureQueries } from "./queryCost.ts";
import { measureRecorders, summarise, type RecorderName } from "./recorderCost.ts";
import { programTable, summaryTable } from "./recorderReport.ts";
import { hasNative } from "../support/nativeBuild.ts";
import { measureScale } from "./scaleCost.ts";
import { scaleTable } from "./scaleReport.ts";
import { measurePeerCosts } from "./peers/peerCost.ts";
import { probeTool, type PeerProbe } from "./peers/peerProbe.ts";
import { peerLegend, peerProgramTable, peerTable } from "./peers/peerReport.ts";
import { toolsFor } from "./peers/tools.ts";
import { measureRequests, type RequestCosts } from "./requestCost.ts";
import { measureSessions } from "./sessionCost.ts";
import { folder, measureRecording, measureStepCost, type RecordingCost } from "./recordingCost.ts";

interface Plan {
  readonly interpreters: readonly Interpreter[];
  readonly runs: number;
  readonly samples: number;
  /** Share of each program's size. */
  readonly scale: number;
  readonly recorders: readonly RecorderName[];
  readonly programs: readonly string[];
  /** Steps of the shorter of the long recordings. */
  readonly millions: number;
  readonly has: (section: string) => boolean;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function matching(versions: readonly string[]): readonly Interpreter[] {
  return interpreters().filter((one) => versions.some((version) => `${one.version}.`.startsWith(`${version}.`)));
}

/** Without a choice: the first that has sys.monitoring, and the newest; else the newest. */
function chosenInterpreters(versions: readonly string[]): readonly Interpreter[] {
  if (versions.length > 0) return matching(versions);
  const all = interpreters();
  const chosen = [all.find((one) => one.minor >= 12), all.at(-1)];
  return [...new Set(chosen)].filter((one) => one !== undefined);
}

function parsePlan(): Plan {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      runs: { type: "string" },
      samples: { type: "string" },
      python: { type: "string", multiple: true, default: [] },
      only: { type: "string", multiple: true, default: [] },
      recorder: { type: "string", multiple: true, default: [] },
      program: { type: "string", multiple: true, default: [] },
      millions: { type: "string", default: "100" },
    },
  });
  const names = ["floor", "native", "python"] as const;
  const asked = names.filter((name) => values.recorder.length === 0 || values.recorder.includes(name));
  return {
    interpreters: chosenInterpreters(values.python),
    runs: Number(values.runs ?? (values.quick ? 1 : 5)),
    samples: Number(values.samples ?? (values.quick ? 100 : 500)),
    scale: values.quick ? 0.25 : 1,
    recorders: asked,
    programs: values.program,
    millions: Number(values.millions),
    has: (section) => values.only.length === 0 || values.only.includes(section),
  };
}

function recorders(plan: Plan): object {
  say(`What the recorders cost: CPU time of main() against plain Python, medians of ${plan.runs} pairs of runs`);
  let last = "";
  const costs = plan.interpreters.flatMap((one) =>
    measureRecorders(one, { runs: plan.runs, scale: plan.scale }, plan.recorders, plan.programs, (cost) => {
      if (process.stderr.isTTY && cost.program !== last) process.stderr.write(`  ${cost.python} ${cost.program}\n`);
      last = cost.program;
    }),
  );
  say(programTable(costs));
  const summaries = summarise(costs);
  say(summaryTable(summaries));
  return { programs: costs, summaries };
}

async function sessions(plan: Plan): Promise<object> {
  const interpreter = plan.interpreters.find((one) => hasNative(one)) ?? plan.interpreters[0];
  if (interpreter === undefined) return [];
  const programs = plan.programs.length > 0 ? plan.programs : ["machine", "swaps", "exceptions", "recursion"];
  say(
    `In a debug session, ${interpreter.version}: CPU time of main() against plain Python, medians of ${plan.runs} runs in turns`,
  );
  const costs = await measureSessions(interpreter, programs, plan.runs, plan.scale / 10);
  const names = [...new Set(costs.map(({ wish }) => wish))];
  const rows = names.map((name) => [
    name,
    ...programs.map((program) => {
      const cost = costs.find((one) => one.program === program && one.wish === name);
      return cost === undefined ? "?" : cost.times.toFixed(1);
    }),
  ]);
  say(table(["it waits for", ...programs], rows));
  return costs;
}

function steps(plan: Plan): object {
  say(`The cost of a step beside a list that does not change, medians of ${plan.runs} runs`);
  const costs = plan.interpreters.flatMap((one) => measureStepCost(one, plan.runs));
  const rows = costs.map((one) => [
    `${one.python} ${one.source}`,
    `${one.besideTen.toFixed(2)} us`,
    `${one.besideMillion.toFixed(2)} us`,
  ]);
  say(table(["Python, recorder", "10 ints", "1,000,000 ints"], rows));
  return costs;
}

function fetches(plan: Plan): object {
  say("Attribute fetches on code objects per million events");
  const counts = plan.interpreters.map((one) => measureCodeFetches(one));
  const rows = counts.map((one) => [one.python, one.withRegistry.toFixed(1), one.without.toLocaleString("en")]);
  say(table(["Python", "with the registry", "without"], rows));
  return counts;
}

function recordings(plan: Plan): readonly RecordingCost[] {
  say(`Recording a program of a million steps, medians of ${plan.runs} runs taken in turns`);
  const costs = plan.interpreters.flatMap((one) => measureRecording(one, plan.runs));
  const rows = costs.map((one) => [
    `${one.python} ${one.source}`,
    `${one.plainSeconds.toFixed(2)} s`,
    `${one.recordedSeconds.toFixed(2)} s`,
    one.ratio.toFixed(1),
    one.steps.toLocaleString("en"),
    one.events.toLocaleString("en"),
    one.bytesPerStep.toFixed(2),
  ]);
  say(table(["Python, recorder", "plain", "recorded", "times", "steps", "events", "bytes/step"], rows));
  return costs;
}

async function queries(plan: Plan, costs: readonly RecordingCost[]): Promise<object> {
  say("Questions to the adapter about that recording");
  const answers = [];
  for (const one of costs) {
    const cost = await measureQueries(one.recording, plan.samples);
    answers.push({ python: one.python, source: one.source, ...cost });
  }
  const rows = answers.map((one) => [
    `${one.python} ${one.source}`,
    `${one.openMs.toFixed(0)} ms`,
    `${one.stepBackMedianMs.toFixed(2)} ms`,
    `${one.stepBackP99Ms.toFixed(2)} ms`,
    `${one.reverseContinueMs.toFixed(1)} ms`,
    one.reverseContinueSteps.toLocaleString("en"),
    one.adapterMegabytes === undefined ? "?" : `${one.adapterMegabytes.toFixed(0)} MB`,
  ]);
  say(table(["Python, recorder", "open", "step back", "p99", "reverse", "over steps", "memory"], rows));
  say("step back: stepBack, stackTrace, scopes and variables together, at random moments; reverse: reverseContinue");
  return answers;
}

async function requests(plan: Plan): Promise<object> {
  const interpreter = plan.interpreters[0];
  if (interpreter === undefined) return [];
  const sizes = plan.scale < 1 ? [1] : [1, 10];
  const costs: RequestCosts[] = [];
  for (const size of sizes) costs.push(await measureRequests(interpreter, size, Math.ceil(plan.samples / 20)));
  const [first] = costs;
  const header = costs.map(({ steps }) => `${steps.toLocaleString("en")} steps`);
  say(`Questions about the past, ${interpreter.version}: median milliseconds, and nine of ten within`);
  const rows = (first?.requests ?? []).map(({ request }, row) => [
    request,
    ...costs.map((cost) => {
      const one = cost.requests[row];
      return one === undefined ? "?" : `${one.medianMs.toFixed(2)} (${one.p90Ms.toFixed(2)})`;
    }),
  ]);
  say(table(["request", ...header], rows));
  return costs;
}

function conditions(plan: Plan): object {
  const interpreter = plan.interpreters[0];
  if (interpreter === undefined) return [];
  const costs = measureConditions(interpreter, plan.runs);
  say(
    `Conditional search, ${interpreter.version}: million steps a second, medians of ${plan.runs} runs, all blocks cold`,
  );
  const rows = costs.map(({ condition, steps: count, forward, backward }) => [
    condition,
    count.toLocaleString("en"),
    forward.toFixed(1),
    backward.toFixed(1),
  ]);
  say(table(["condition", "steps", "forward", "backward"], rows));
  return costs;
}

async function scale(plan: Plan): Promise<object> {
  const interpreter = plan.interpreters.find((one) => hasNative(one));
  if (interpreter === undefined) {
    say("Long recordings: no interpreter here has the native recorder that makes them");
    return [];
  }
  const { runs, samples, millions } = plan;
  say(`A recording of ${millions} million steps, ${interpreter.version}: medians of at least ${runs} runs`);
  const rows = await measureScale(interpreter, { runs, samples, millions }, (text) => {
    if (process.stderr.isTTY) process.stderr.write(`  ${text}\n`);
  });
  say(scaleTable(rows));
  say("CPU: of the adapter's main thread; of the 99th percentile where the goal is about that");
  return rows;
}

async function peers(plan: Plan): Promise<object> {
  const interpreter = plan.interpreters[0];
  if (interpreter === undefined) return {};
  const { tools, missing } = toolsFor(interpreter);
  const { runs, programs } = plan;
  say(
    `The peers, ${interpreter.version}: times slower, medians of ${runs} pairs of runs (share of the run that is held)`,
  );
  const probes: PeerProbe[] = [];
  for (const tool of tools) probes.push(await probeTool(tool, interpreter));
  const timedTools = tools.filter((tool) => tool.isTimed);
  const costs = await measurePeerCosts(timedTools, interpreter, plan, programs, (cost) => {
    if (process.stderr.isTTY) process.stderr.write(`  ${cost.program} ${cost.tool}\n`);
  });
  say(peerProgramTable(costs));
  say(peerTable(costs, probes, missing));
  say(peerLegend(costs, probes));
  return { python: interpreter.version, costs, probes, missing };
}

async function main(): Promise<number> {
  const plan = parsePlan();
  if (plan.interpreters.length === 0) {
    say("no such interpreter was found");
    return 1;
  }
  mkdirSync(folder, { recursive: true });
  const results: { [section: string]: unknown } = { runs: plan.runs, samples: plan.samples, scale: plan.scale };
  if (plan.has("recorders")) results["recorders"] = recorders(plan);
  if (plan.has("sessions")) results["sessions"] = await sessions(plan);
  if (plan.has("steps")) results["stepCosts"] = steps(plan);
  if (plan.has("fetches")) results["codeFetches"] = fetches(plan);
  if (plan.has("queries")) {
    const costs = recordings(plan);
    results["recordings"] = costs;
    results["queries"] = await queries(plan, costs);
  }
  if (plan.has("requests")) results["requests"] = await requests(plan);
  if (plan.has("conditions")) results["conditions"] = conditions(plan);
  if (plan.has("scale")) results["scale"] = await scale(plan);
  if (plan.has("peers")) results["peers"] = await peers(plan);
  const file = path.join(folder, "results.json");
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  say(`\nas JSON: ${file}`);
  return 0;
}

process.exitCode = await main();
