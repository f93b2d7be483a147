// A debug session as a person would tell it: commands in, what is then on the screen out, as text.
// Kept under test/golden/transcripts; UPDATE_GOLDEN=1 writes them anew.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { DebugRun, SeenVariable, Stop } from "./debugRun.ts";

const goldenFolder = path.join(import.meta.dirname, "..", "golden", "transcripts");

const movements: ReadonlySet<string> = new Set([
  "continue",
  "reverseContinue",
  "next",
  "stepBack",
  "stepIn",
  "stepOut",
  "hindsight/stepBackInto",
  "hindsight/stepBackOut",
]);

export class Transcript {
  readonly #run: DebugRun;
  readonly #sourceLines: readonly string[];
  readonly #folder: string;
  readonly #lines: string[] = [];
  #heard = 0;

  /** `folder` is where the program lies: the transcript calls it FOLDER. */
  constructor(run: DebugRun, source: string, folder: string) {
    this.#run = run;
    this.#folder = folder;
    this.#sourceLines = source.split("\n");
  }

  /** Writes the first stop. */
  async begin(title: string, stop: Stop): Promise<void> {
    this.#lines.push(title);
    await this.#show(stop);
  }

  /** One command: a movement, `seek N`, `? expression`, or `threads`. */
  async say(command: string): Promise<void> {
    this.#lines.push("", `> ${command}`);
    if (command.startsWith("? ")) this.#lines.push(`  ${await this.#run.evaluate(command.slice(2))}`);
    else if (command === "threads") await this.#threads();
    else if (command.startsWith("seek ")) await this.#show(await this.#run.seek(Number(command.slice(5))));
    else if (movements.has(command)) await this.#show(await this.#run.move(command));
    else throw new Error(`unknown command ${command}`);
  }

  /** This session and the kept one of that name, to be compared; keeps this one when asked to. */
  withGolden(name: string): { readonly text: string; readonly golden: string } {
    const file = path.join(goldenFolder, `${name}.txt`);
    const text = stable(`${this.#lines.join("\n")}\n`, this.#folder);
    if (process.env["UPDATE_GOLDEN"] === "1") {
      mkdirSync(goldenFolder, { recursive: true });
      writeFileSync(file, text);
    }
    const golden = existsSync(file) ? readFileSync(file, "utf8") : `(no ${name}.txt: run with UPDATE_GOLDEN=1)`;
    return { text, golden };
  }

  async #show(stop: Stop): Promise<void> {
    this.#events();
    const moment = await this.#run.moment();
    const edge = moment.atLiveEdge ? "the present" : "the past";
    const why = [stop.reason, stop.description].filter((one) => one !== "").join(": ");
    this.#lines.push(`  [${why}] step ${moment.step}${moment.event > 0 ? "+" : ""} of ${moment.lastStep}, ${edge}`);
    const frames = await this.#run.frames();
    for (const [depth, frame] of frames.entries()) {
      const line = Number(frame["line"]);
      const mark = depth === 0 ? "->" : "  ";
      this.#lines.push(`  ${mark} ${String(frame["name"])}:${line}  ${(this.#sourceLines[line - 1] ?? "").trim()}`);
    }
    for (const scope of ["Return value", "Locals", "Closure"]) await this.#variables(scope);
  }

  /** What came besides stops and answers; pieces of one stream are put together. */
  #events(): void {
    const { heard } = this.#run.client;
    const printed = { stdout: "", stderr: "", important: "" };
    const rest: string[] = [];
    for (const { event, body } of heard.slice(this.#heard)) {
      const { category, output } = body;
      if (event === "output" && (category === "stdout" || category === "stderr" || category === "important"))
        printed[category] += String(output);
      else if (event === "exited") rest.push(`  exited ${String(body["exitCode"])}`);
      else if (event === "continued" || event === "terminated") rest.push(`  ${event}`);
    }
    this.#heard = heard.length;
    for (const [category, text] of Object.entries(printed))
      for (const line of text.split("\n").filter((one) => /[^\s^~]/u.test(one)))
        this.#lines.push(`  ${category}: ${line}`);
    this.#lines.push(...rest);
  }

  async #variables(scope: string): Promise<void> {
    const variables = await this.#run.variables(scope);
    const shown = [...variables.values()].filter((one) => !isDefinition(one));
    if (shown.length > 0)
      this.#lines.push(`     ${scope}: ${shown.map((one) => `${one.name} = ${one.value}`).join(", ")}`);
  }

  async #threads(): Promise<void> {
    const body = await this.#run.client.must("threads");
    const threads: unknown = body["threads"];
    if (!Array.isArray(threads)) return;
    for (const one of threads)
      if (typeof one === "object" && one !== null && "name" in one) this.#lines.push(`  ${String(one.name)}`);
  }
}

function isDefinition({ value }: SeenVariable): boolean {
  return /^<(?:function|class|module) /u.test(value);
}

/** Without what differs from run to run and from version to version: folders, and the numbers of objects. */
function stable(text: string, folder: string): string {
  const numbers = new Map<string, string>();
  return text.replaceAll(folder, "FOLDER").replaceAll(/#\d+/gu, (number) => {
    const known = numbers.get(number) ?? `#${String.fromCodePoint(0x41 + numbers.size)}`;
    numbers.set(number, known);
    return known;
  });
}
