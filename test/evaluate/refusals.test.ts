// What would run the program's code, or touches what was not recorded, is refused by name, and never is a value.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { openRecordingFile } from "../../src/node/openFile.ts";
import {
  compileExpression,
  environmentAt,
  evaluate,
  evaluateText,
  evaluateTruth,
  type Environment,
} from "../../src/travel/evaluate/evaluate.ts";
import type { TimeTravel } from "../../src/travel/timeTravel.ts";
import { folderWith } from "../support/debugRun.ts";
import { interpreters } from "../support/interpreters.ts";

const root = path.join(import.meta.dirname, "..", "..");

function assignments(to: string, count: number): string {
  return Array.from({ length: count }, (_, n) => `    ${to}${n} = ${n}`).join("\n");
}

const program = `
class Money:
    def __init__(self, amount):
        self.amount = amount
    def __add__(self, other):
        return Money(self.amount + other.amount)
    def __eq__(self, other):
        return True
    def __bool__(self):
        return False
    def __len__(self):
        return 3
    def __iter__(self):
        return iter((1, 2))
    def __getitem__(self, key):
        return key
    def __contains__(self, key):
        return True
    def __format__(self, spec):
        return "money"
    @property
    def double(self):
        return self.amount * 2
    def method(self):
        return 1

class Words(list):
    def __len__(self):
        return 7

class Slots:
    __slots__ = tuple(f"s{n}" for n in range(25))

def work(limit):
    slots = Slots()
${assignments("slots.s", 24)}
    money = Money(3)
    words = Words(["a"])
    long = list(range(100))
    text = "x" * 500
    table = {n: n for n in range(100)}
    keys = {money.amount: 1, Key(): 2}
    bag = Key()
${assignments("bag.a", 25)}
${assignments("work.a", 25)}
    def inner():
        return late
    class Wide:
        a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = a8 = a9 = 1
        b0 = b1 = b2 = b3 = b4 = b5 = b6 = b7 = b8 = b9 = 2
        c0 = 3
    wide = Wide()
    done = 1
    late = 2
    return done

class Key:
    def __hash__(self):
        return 1
    def __eq__(self, other):
        return True

work(5)
`;

function record(): TimeTravel {
  const folder = folderWith({ "app.py": program });
  const file = path.join(folder, "refusals.hindsight");
  const python = interpreters().at(-1);
  if (python === undefined) throw new Error("no Python");
  const limits = ["--max-items", "20", "--max-string-length", "50"];
  const args = [
    "-m",
    "pytracer",
    "record",
    "--recorder",
    "python",
    ...limits,
    "-o",
    file,
    "--",
    path.join(folder, "app.py"),
  ];
  execFileSync(python.path, args, { env: { ...process.env, PYTHONPATH: root } });
  return openRecordingFile(file);
}

/** Before the line `late = 2`. */
function environmentInWork(travel: TimeTravel): Environment {
  const line = program.split("\n").indexOf("    late = 2") + 1;
  for (let { step } = travel.last; step >= 0; step--) {
    const moment = { step, event: 0 };
    const [top] = travel.stackAt(moment, travel.threadAt(moment));
    if (top?.name !== "work" || top.position.line !== line) continue;
    const environment = environmentAt(travel, moment, top.frame);
    if (environment !== undefined) return environment;
  }
  throw new Error("the line was not recorded");
}

const travel = record();
const environment = environmentInWork(travel);

function answer(expression: string): string {
  const compiled = compileExpression(expression);
  if (compiled.kind === "syntaxProblem") return `${compiled.isStatement ? "statement" : "syntax"}: ${compiled.message}`;
  const outcome = evaluateText(compiled, environment);
  switch (outcome.kind) {
    case "text":
      return outcome.text;
    case "raised":
      return `${outcome.type}: ${outcome.text}`;
    case "refused":
      return `${outcome.isNotRecorded ? "not recorded" : "refused"}: ${outcome.reason}`;
  }
}

test.each([
  ["money + money", /^refused: Money may define its own operators/u],
  ["money == 3", /^refused: Money may define its own equality/u],
  ["[money] == [3]", /^refused: Money may define its own equality/u],
  ["money in [1]", /^refused: Money may define its own equality/u],
  ["not money", /^refused: Money may define its own truth/u],
  ["1 if money else 2", /^refused: Money may define its own truth/u],
  ["len(money)", /^refused: Money may define its own length/u],
  ["len(words)", /^refused: Words may define its own length/u],
  ["[*money]", /^refused: Money may define its own iteration/u],
  ["money[0]", /^refused: Money may define its own subscript/u],
  ["1 in money", /^refused: Money may define its own membership/u],
  ["f'{money}'", /^refused: Money may define its own format/u],
  ["str(money)", /^refused: How Money is written is the program's own/u],
  ["money.double", /^refused: Money.double is a property/u],
  ["money.method()", /^refused: Calling Money.method would run code/u],
  ["hasattr(money, 'double')", /^refused: /u],
  ["Money(1)", /^refused: Calling Money would run code/u],
  ["inner()", /^refused: Calling .*inner would run code/u],
  ["sorted([3, 1], key=inner)", /^refused: Calling .*inner would run code/u],
  ["keys['no such key']", /^refused: A key of the program's own type/u],
  ["print(1)", /^refused: print is not called in the past/u],
  ["id(long)", /^refused: Addresses are not recorded/u],
  ["hash('a')", /^refused: The hash of this str is not recorded/u],
  ["long.append(1)", /^refused: list.append changes its object/u],
  ["'a' * 10**9", /^refused: The result would be too large/u],
  ["sum(range(10**12))", /^refused: This would take too long/u],
  ["9 ** 9 ** 9", /^refused: The result would be too large/u],
])("%s is refused with its reason", (expression, reason) => {
  expect(answer(expression)).toMatch(reason);
});

test.each([
  ["long[50]", /^not recorded: .*element 50; the first 20 of 100 were kept/u],
  ["sum(long)", /^not recorded: .*only the first 20 of 100/u],
  ["long == []", "False"],
  ["99 in long", /^not recorded: /u],
  ["table[70]", /^not recorded: .*80 entries that were left out/u],
  ["wide.a1", "1"],
  ["wide.c0", /^not recorded: .*c0 may be one of the \d+ attributes of the class Wide that were left out/u],
  ["Wide.c0", /^not recorded: .*c0 may be one of the \d+ attributes of the class Wide that were left out/u],
  ["Wide.nowhere", /^not recorded: .*nowhere may be one of/u],
  ["bag.a19", "19"],
  ["bag.a24", /^not recorded: .*a24 may be one of the 5 attributes of Key that were left out \(20 kept\)/u],
  ["bag.nowhere", /^not recorded: .*nowhere may be one of the 5 attributes/u],
  ["hasattr(bag, 'a24')", /^not recorded: .*a24 may be/u],
  ["getattr(bag, 'a24', 0)", /^not recorded: .*a24 may be/u],
  ["work.a24", /^not recorded: .*a24 may be one of the 5 attributes of function/u],
  ["slots.s19", "19"],
  ["slots.s9", /^not recorded: .*s9 may be one of the 4 attributes of Slots/u],
  ["text.upper()", /^refused: .*only the first 50 of 500/u],
  ["text + 'a'", /^refused: .*only the first 50 of 500/u],
  ["len(long)", "100"],
  ["' a b  '.split(None, 1)", "['a', 'b  ']"],
  ["' a b  '.rsplit(None, 1)", "[' a', 'b']"],
  ["len(text)", "500"],
  ["long[3]", "3"],
  ["long[-100]", "0"],
  ["table[7]", "7"],
  ["money.amount * 2", "6"],
  ["keys[3]", "1"],
  ["late", "UnboundLocalError: cannot access local variable 'late' where it is not associated with a value"],
])("%s: what was left out is not guessed", (expression, expected) => {
  if (typeof expected === "string") expect(answer(expression)).toBe(expected);
  else expect(answer(expression)).toMatch(expected);
});

test.each([
  ["x = 1", /^statement: This is a statement/u],
  ["del long", /^statement: /u],
  ["import os", /^statement: /u],
  ["1 +", /^syntax: The expression is not complete/u],
  ["(1", /^syntax: /u],
  ["", /^syntax: There is no expression/u],
  ["await inner()", /^syntax: Nothing can be awaited in the past/u],
  ["f'{'", /^syntax: /u],
])("%s is no expression", (expression, message) => {
  expect(answer(expression)).toMatch(message);
});

test("a condition that cannot be answered is no answer", () => {
  const compiled = compileExpression("money");
  if (compiled.kind !== "compiled") throw new Error("it is an expression");
  expect(evaluateTruth(compiled, environment).kind).toBe("refused");
});

test("what an evaluation makes has numbers of its own, and recorded objects keep theirs", () => {
  const compiled = compileExpression("[long, [long]]");
  const outcome = compiled.kind === "compiled" ? evaluate(compiled, environment) : undefined;
  if (outcome?.kind !== "value" || outcome.value.kind !== "object") throw new Error("no object");
  expect(outcome.value.object).toBeLessThan(0);
  const items = outcome.made.get(outcome.value.object)?.items ?? [];
  const [first, second] = items.map((item) => (item.kind === "object" ? item.object : 0));
  expect(first).toBeGreaterThan(0);
  expect(outcome.made.get(second ?? 0)?.items).toStrictEqual([{ kind: "object", object: first }]);
});
