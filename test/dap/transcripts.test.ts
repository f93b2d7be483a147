// Whole sessions, as a person sees them.
import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { DebugRun } from "../support/debugRun.ts";
import { interpreters } from "../support/interpreters.ts";
import { Transcript } from "../support/transcript.ts";

const isFull = process.env["HINDSIGHT_FULL"] === "1";
const all = interpreters();
const chosen = isFull ? all : [all[0], all.at(-1)].filter((one) => one !== undefined);
const runs: DebugRun[] = [];

afterEach(() => {
  for (const run of runs.splice(0)) run.client.kill();
});

interface Session {
  readonly name: string;
  readonly title: string;
  readonly program: string;
  readonly breakpoints?: readonly number[];
  readonly launch?: { readonly [name: string]: unknown };
  readonly commands: readonly string[];
}

const bank = `class Account:
    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance

def transfer(source, target, amount):
    source.balance -= amount
    if target is not None:
        target.balance += amount

ann = Account("Ann", 100)
ben = Account("Ben")
for amount, target in [(30, ben), (20, None)]:
    transfer(ann, target, amount)
total = ann.balance + ben.balance
assert total == 100, total
`;

const sessions: readonly Session[] = [
  {
    name: "failure",
    title: "A failed assertion, walked back to its cause.",
    program: bank,
    commands: [
      "? total",
      "? ann.balance",
      "stepBack",
      "stepBack",
      "stepBack",
      "hindsight/stepBackInto",
      "? target",
      "hindsight/stepBackOut",
      "? target",
      "reverseContinue",
    ],
  },
  {
    name: "presentAndPast",
    title: "Stop at a breakpoint, go back, come back to the present, go on.",
    program: bank,
    breakpoints: [7],
    commands: [
      "next",
      "stepBack",
      "hindsight/stepBackOut",
      "continue",
      "? ben.balance + 1",
      "continue",
      "? target",
      "stepOut",
      "continue",
    ],
  },
  {
    name: "generators",
    title: "Stepping follows a generator over its suspensions.",
    program: `def numbers(limit):
    n = 0
    while n < limit:
        got = yield n
        n += 1
    return "done"

def outer():
    result = yield from numbers(2)
    yield result

items = list(outer())
print(items)
`,
    breakpoints: [4],
    commands: ["next", "next", "next", "stepBack", "hindsight/stepBackOut", "continue", "continue"],
  },
  {
    name: "output",
    title: "Travelling never repeats output; the result of a call has a scope of its own.",
    program: `def shout(word):
    print(word.upper())
    return word + "!"

first = shout("one")
second = shout("two")
`,
    breakpoints: [3],
    commands: [
      "stepOut",
      "reverseContinue",
      "continue",
      "continue",
      "reverseContinue",
      "reverseContinue",
      "continue",
      "continue",
    ],
  },
];

test.each(
  sessions.flatMap((session) =>
    chosen.map((python) => ({ session, python, name: session.name, version: python.version })),
  ),
)("$name on Python $version", async ({ session, python }) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "hindsight-test-"));
  const file = path.join(folder, "app.py");
  writeFileSync(file, session.program);
  const run = new DebugRun();
  runs.push(run);
  const stop = await run.begin(
    { program: file, python: python.path, ...session.launch },
    { [file]: session.breakpoints ?? [] },
  );
  const transcript = new Transcript(run, session.program, folder);
  await transcript.begin(session.title, stop);
  for (const command of session.commands) await transcript.say(command);
  const { text, golden } = transcript.withGolden(session.name);
  expect(text).toBe(golden);
  expect(await run.finish()).toBe(0);
});
