// `npm run bench [-- --runs N --samples N --python VERSION…]`: what recording costs and how fast the past answers.
// Prints tables, and everything as JSON to test/out/bench/results.json.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { interpreters, type Interpreter } from "../support/interpreters.ts";
import { measureCodeFetches } from "./codeFetches.ts";
import { table } from "./measure.ts";
import { measureQueries } from "./queryCost.ts";
import { folder, measureRecording, measureStepCost } from "./recordingCost.ts";

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Without a choice: the first that has sys.monitoring, and the newest; else the newest. */
function chosenInterpreters(versions: readonly string[]): readonly Interpreter[] {
  const all = interpreters();
  if (versions.length > 0)
    return all.filter((one) => versions.some((version) => `${one.version}.`.startsWith(`${version}.`)));
  const chosen = [all.find((one) => one.minor >= 12), all.at(-1)];
  return [...new Set(chosen)].filter((one) => one !== undefined);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "3" },
      samples: { type: "string", default: "500" },
      python: { type: "string", multiple: true, default: [] },
    },
  });
  const runs = Number(values.runs);
  const chosen = chosenInterpreters(values.python);
  if (chosen.length === 0) {
    say("no such interpreter was found");
    return 1;
  }
  mkdirSync(folder, { recursive: true });

  say(`Recording a program of a million steps, medians of ${runs} runs taken in turns`);
  const recordings = chosen.flatMap((one) => measureRecording(one, runs));
  const recordingRows = recordings.map((one) => [
    `${one.python} ${one.source}`,
    `${one.plainSeconds.toFixed(2)} s`,
    `${one.recordedSeconds.toFixed(2)} s`,
    one.ratio.toFixed(1),
    one.steps.toLocaleString("en"),
    one.events.toLocaleString("en"),
    one.bytesPerStep.toFixed(2),
  ]);
  say(table(["Python, event source", "plain", "recorded", "times", "steps", "events", "bytes/step"], recordingRows));

  say(`The cost of a step beside a list that does not change, medians of ${runs} runs`);
  const stepCosts = chosen.flatMap((one) => measureStepCost(one, runs));
  const stepRows = stepCosts.map((one) => [
    `${one.python} ${one.source}`,
    `${one.besideTen.toFixed(2)} us`,
    `${one.besideMillion.toFixed(2)} us`,
  ]);
  say(table(["Python, event source", "10 ints", "1,000,000 ints"], stepRows));

  say("Attribute fetches on code objects per million events");
  const fetches = chosen.map((one) => measureCodeFetches(one));
  const fetchRows = fetches.map((one) => [one.python, one.withRegistry.toFixed(1), one.without.toLocaleString("en")]);
  say(table(["Python", "with the registry", "without"], fetchRows));

  say("Questions to the adapter about that recording");
  const queries = [];
  for (const one of recordings) {
    const cost = await measureQueries(one.recording, Number(values.samples));
    queries.push({ python: one.python, source: one.source, ...cost });
  }
  const queryRows = queries.map((one) => [
    `${one.python} ${one.source}`,
    `${one.openMs.toFixed(0)} ms`,
    `${one.stepBackMedianMs.toFixed(2)} ms`,
    `${one.stepBackP99Ms.toFixed(2)} ms`,
    `${one.reverseContinueMs.toFixed(1)} ms`,
    one.reverseContinueSteps.toLocaleString("en"),
    one.adapterMegabytes === undefined ? "?" : `${one.adapterMegabytes.toFixed(0)} MB`,
  ]);
  const queryHeader = ["Python, event source", "open", "step back", "p99", "reverse", "over steps", "memory"];
  say(table(queryHeader, queryRows));
  say("step back: stepBack, stackTrace, scopes and variables together, at random moments; reverse: reverseContinue");

  const file = path.join(folder, "results.json");
  const results = { runs, samples: Number(values.samples), recordings, stepCosts, codeFetches: fetches, queries };
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  say(`\nas JSON: ${file}`);
  return 0;
}

process.exitCode = await main();
