// `hindsight walk`: goes through a recording by a script, by keys in a terminal, or by lines of standard input.
import { createInterface, emitKeypressEvents } from "node:readline";
import type { TimeTravel } from "../travel/timeTravel.ts";
import { UsageError } from "./commandLine.ts";
import { helpText, walkKeys } from "./help.ts";
import { makeStyle, momentText, type Style } from "./momentText.ts";
import { sourceLines, viewMoment, type MomentView } from "./momentView.ts";
import { valueTextsOf, type ValueTexts } from "./valueTexts.ts";
import { failureOrEnd, parseScript, parseStride, questions, take, type Standpoint, type Stride } from "./walk.ts";

const titles: { readonly [kind in Stride["kind"]]: string } = {
  stepBack: "step back",
  stepBackInto: "back into",
  stepBackOut: "back out",
  next: "next",
  stepIn: "step into",
  stepOut: "out",
  reverseTo: "reverse to line",
  continueTo: "continue to line",
  goTo: "go to step",
  help: "",
  quit: "",
};

/** A walk in progress: where it stands and what it showed last. */
class Walk {
  readonly #travel: TimeTravel;
  readonly #texts: ValueTexts;
  readonly #style: Style;
  readonly #write: (text: string) => void;
  #here: Standpoint;
  #shown: MomentView | undefined;

  constructor(travel: TimeTravel, start: Standpoint, style: Style, write: (text: string) => void) {
    this.#travel = travel;
    this.#here = start;
    this.#texts = valueTextsOf(travel);
    this.#style = style;
    this.#write = write;
  }

  show(title: string): void {
    const { moment, thread, note } = this.#here;
    const view = viewMoment(this.#travel, this.#texts, moment, thread);
    const source = this.#travel.stackAt(moment, thread)[0]?.source ?? 0;
    const heading = `step ${moment.step} of ${this.#travel.last.step}${title === "" ? "" : ` · ${title}`}`;
    this.#write(`\n${this.#style.bold(`== ${heading}`)}${note === undefined ? "" : ` · ${note}`}\n`);
    this.#write(momentText(view, sourceLines(this.#travel, source), this.#style, this.#shown));
    this.#shown = view;
  }

  /** Carries out one command and shows where it led; false when the walk is over. */
  go(stride: Stride): boolean {
    if (stride.kind === "quit") return false;
    if (stride.kind === "help") {
      this.#write(helpText("walk"));
      return true;
    }
    this.#here = take(this.#travel, this.#here, stride);
    this.show(titles[stride.kind]);
    return true;
  }

  /** The same for what a person typed: a command that makes no sense says so, and the walk goes on. */
  obey(key: string, word: string | undefined): boolean {
    try {
      return this.go(parseStride(key, word));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.#write(`${this.#style.red(error.message)}\n`);
      return true;
    }
  }
}

/** Commands as lines: what a pipe gives. */
async function followLines(walk: Walk): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    for (const stride of parseScript(line)) {
      if (!walk.go(stride)) return;
    }
  }
}

function ask(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  return new Promise((resolve) => {
    reader.question(`${question}: `, (answer) => {
      reader.close();
      resolve(answer.trim());
    });
  });
}

interface Key {
  readonly name?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly sequence?: string | undefined;
}

function nextKey(): Promise<Key> {
  process.stdin.setRawMode(true);
  process.stdin.resume();
  return new Promise((resolve) => {
    process.stdin.once("keypress", (_text: string | undefined, key: Key) => {
      process.stdin.setRawMode(false);
      resolve(key);
    });
  });
}

/** Keys of a terminal, one at a time. */
async function followKeys(walk: Walk): Promise<void> {
  emitKeypressEvents(process.stdin);
  try {
    for (;;) {
      process.stdout.write(`\n${walkKeys} > `);
      const key = await nextKey();
      if (key.ctrl === true && (key.name === "c" || key.name === "d")) return;
      const letter = key.sequence ?? "";
      process.stdout.write(`${letter.trim()}\n`);
      if (letter.trim() === "") continue;
      const question = questions.get(letter);
      if (!walk.obey(letter, question === undefined ? undefined : await ask(question))) return;
    }
  } finally {
    process.stdout.write("\n");
    process.stdin.pause();
  }
}

/** Runs a walk to its end. Throws `UsageError` for a script that makes no sense. */
export async function runWalk(
  travel: TimeTravel,
  start: Standpoint | undefined,
  script: string | undefined,
  write: (text: string) => void,
): Promise<void> {
  const strides = script === undefined ? undefined : parseScript(script);
  const style = makeStyle(process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "");
  const walk = new Walk(travel, start ?? failureOrEnd(travel), style, write);
  walk.show("");
  if (strides !== undefined) {
    for (const stride of strides) {
      if (!walk.go(stride)) return;
    }
  } else if (process.stdin.isTTY && process.stdout.isTTY) await followKeys(walk);
  else await followLines(walk);
}
