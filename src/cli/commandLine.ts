// What did the user ask for? Words of the command line -> one command, or one clear sentence.
import { parseArgs, type ParseArgsConfig } from "node:util";

/** A command line that makes no sense: its sentence is shown, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A moment as a user writes it: the step, and the event in it or "last". */
export interface MomentChoice {
  readonly step: number;
  readonly event: number | "last";
}

export type Command =
  | { readonly kind: "help"; readonly topic: Topic | undefined }
  | { readonly kind: "info"; readonly file: string; readonly json: boolean }
  | {
      readonly kind: "steps";
      readonly file: string;
      readonly json: boolean;
      readonly from: number;
      /** The last step that is listed; undefined is the end of the recording. */
      readonly to: number | undefined;
    }
  | { readonly kind: "show"; readonly file: string; readonly json: boolean; readonly at: MomentChoice }
  | {
      readonly kind: "walk";
      readonly file: string;
      readonly at: MomentChoice | undefined;
      /** Commands to carry out without asking; undefined reads keys, or lines when there is no terminal. */
      readonly script: string | undefined;
    };

export type Topic = "info" | "steps" | "show" | "walk";

const topics: readonly Topic[] = ["info", "steps", "show", "walk"];

const options = {
  help: { type: "boolean", short: "h" },
  json: { type: "boolean" },
  from: { type: "string" },
  to: { type: "string" },
  at: { type: "string" },
  event: { type: "string" },
  script: { type: "string" },
} as const satisfies ParseArgsConfig["options"];

type OptionName = keyof typeof options;

const optionsOf: { readonly [topic in Topic]: readonly OptionName[] } = {
  info: ["json"],
  steps: ["json", "from", "to"],
  show: ["json", "at", "event"],
  walk: ["at", "event", "script"],
};

/** `--from -3` as `--from=-3`: what is wrong with it is the number. */
function withNegativeNumbers(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const option = joined.at(-1) ?? "";
    if (/^-\d+$/u.test(word) && option.startsWith("--") && !option.includes("="))
      joined.splice(-1, 1, `${option}=${word}`);
    else joined.push(word);
  }
  return joined;
}

function parseWords(words: readonly string[]) {
  try {
    return parseArgs({ args: withNegativeNumbers(words), options, allowPositionals: true });
  } catch (error) {
    const sentence = error instanceof Error ? (error.message.split(/\.\s/u)[0] ?? "") : String(error);
    throw new UsageError(`${sentence}. Try --help.`);
  }
}

function topicOf(word: string | undefined): Topic | undefined {
  return topics.find((topic) => topic === word);
}

/** A step number that a user wrote; throws `UsageError` unless it is a whole number from 0 on. */
export function parseStep(text: string, what: string): number {
  const step = /^\d+$/u.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(step)) throw new UsageError(`${what} must be a whole number from 0 on, not "${text}".`);
  return step;
}

function parseEvent(text: string | undefined): number | "last" {
  if (text === undefined) return 0;
  return text === "last" ? "last" : parseStep(text, "--event");
}

/** Parses what follows `hindsight` on the command line. Throws `UsageError`. */
export function parseCommandLine(words: readonly string[]): Command {
  const { values, positionals } = parseWords(words);
  const [first, second, ...rest] = positionals;
  if (first === "help") return { kind: "help", topic: topicOf(second) };
  if (values.help === true || first === undefined) return { kind: "help", topic: topicOf(first) };
  const topic = topicOf(first);
  if (topic === undefined) throw new UsageError(`There is no command "${first}": use ${topics.join(", ")}.`);
  if (second === undefined) throw new UsageError(`Which recording? Usage: hindsight ${topic} FILE.`);
  if (rest.length > 0) throw new UsageError(`One recording at a time, please: "${rest.join(" ")}" is too much.`);
  for (const name of Object.keys(values)) {
    if (!optionsOf[topic].some((known) => known === name)) {
      throw new UsageError(`"${topic}" has no option --${name}. Try: hindsight ${topic} --help.`);
    }
  }
  const json = values.json === true;
  const at =
    values.at === undefined ? undefined : { step: parseStep(values.at, "--at"), event: parseEvent(values.event) };
  if (at === undefined && values.event !== undefined) throw new UsageError("--event needs --at STEP.");
  switch (topic) {
    case "info":
      return { kind: "info", file: second, json };
    case "steps": {
      const from = parseStep(values.from ?? "0", "--from");
      const to = values.to === undefined ? undefined : parseStep(values.to, "--to");
      if (to !== undefined && to < from) throw new UsageError(`--to ${to} comes before --from ${from}.`);
      return { kind: "steps", file: second, json, from, to };
    }
    case "show":
      if (at === undefined) throw new UsageError("Which moment? Usage: hindsight show FILE --at STEP.");
      return { kind: "show", file: second, json, at };
    case "walk":
      return { kind: "walk", file: second, at, script: values.script };
  }
}
