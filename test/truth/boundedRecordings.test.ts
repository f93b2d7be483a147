// A bounded recording tells the truth: at every moment that it keeps, threads, stacks, variables and everything that can
// be reached from them are what the recording of the same program without a limit says. So do its two files each alone.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openRecordingFile } from "../../src/node/openFile.ts";
import type { Breakpoints, Moment, ObjectView, TimeTravel, Value, Variable } from "../../src/travel/timeTravel.ts";
import { interpreters, type Interpreter } from "../support/interpreters.ts";
import { recordersOf } from "../support/nativeBuild.ts";

/** Its values are large, so that few steps fill a part. Nothing in it depends on time or addresses. */
const PROGRAM = `
import collections, random

rng = random.Random(4)

class Account:
    kind = "plain"

    def __init__(self, name):
        self.name = name
        self.balance = 0
        self.log = collections.deque(maxlen=20)

    def deposit(self, amount):
        self.balance += amount
        self.log.append(amount)
        return self.balance

class Special(Account):
    __slots__ = ("extra",)

class Other(Account):
    pass

def numbers(first):
    number = first
    while True:
        number += 1
        yield number

def outer(start):
    count = start
    def inner(step):
        nonlocal count
        count += step
        return count
    return inner

def deep(n, seen):
    seen.append(n)
    if n == 0:
        fill(3)
        return 0
    return deep(n - 1, seen) + 1

def fail(number):
    try:
        raise ValueError(number, [number])
    except ValueError as error:
        return error

class Body:
    early = [1, 2]

def fill(rounds):
    for turn in range(rounds):
        noise = "%x" % rng.getrandbits(12000)
    return len(noise)

accounts = [Account(str(i)) for i in range(3)]
accounts.append(Special("special"))
old = {"never": ["changed", (1, 2.5, None)], b"bytes": bytearray(b"abc")}
sleeping = numbers(1000)
next(sleeping)
unborn = numbers(5)
dead = numbers(7)
next(dead)
dead.close()
slow = numbers(0)
counter = outer(10)
index = {}
caught = None
temporary = {}

def work(rounds):
    global caught
    total = 0
    for i in range(rounds):
        account = accounts[i % 4]
        total += account.deposit(i)
        fill(2)
        if i % 9 == 0:
            index[i % 70] = next(slow)
            counter(i)
        if i % 13 == 0:
            caught = fail(i)
        if i % 50 == 0:
            deep(20, [])
        if i % 17 == 0:
            account.__dict__["key%d" % (i % 5)] = {i}
            temporary[i] = Account("temporary")
            if len(temporary) > 4:
                del temporary[min(temporary)]
        if i % 97 == 0:
            accounts[0].__class__ = Other if i % 2 else Account
    return total

try:
    work(900)
    raise KeyError("end")
except KeyError as error:
    last = error
print(next(sleeping))
`;

const here = import.meta.dirname;
const root = path.join(here, "..", "..");
const scratch = mkdtempSync(path.join(tmpdir(), "hindsight-bounded-"));
const isFull = process.env["HINDSIGHT_FULL"] === "1";
const all = interpreters();
const few = new Set([all[0], all.find(({ minor }) => minor === 12), all.at(-1)].filter((one) => one !== undefined));
const chosen = isFull ? all : [...few];

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A value without what depends on where blocks begin. */
function plain(value: Value): unknown {
  if (value.kind === "notRecorded") return { kind: value.kind, reason: value.reason };
  return value.kind === "int" ? { kind: "int", value: String(value.value) } : value;
}

function variables(list: readonly Variable[], hasSteps: boolean): unknown {
  return list.map(({ name, value, writtenAt }) => [name, plain(value), hasSteps ? writtenAt : undefined]);
}

function contents(view: ObjectView): object {
  const { kind, type, itemsTotal, attributesTotal, text, bytes, bytesTotal, alive, completeness } = view;
  return {
    kind,
    type,
    items: view.items.map(plain),
    entries: view.entries.map(([key, value]) => [plain(key), plain(value)]),
    attributes: view.attributes.map(([name, value]) => [name, plain(value)]),
    value: view.value === undefined ? undefined : plain(view.value),
    completeness: completeness.kind === "notRecorded" ? { ...completeness, sinceStep: 0 } : completeness,
    itemsTotal,
    attributesTotal,
    text,
    bytes,
    bytesTotal,
    alive,
  };
}

function valuesIn(view: ObjectView): readonly Value[] {
  const parts = [view.items, view.entries.flat(), view.attributes.map(([, value]) => value)];
  return [...parts.flat(), ...(view.value === undefined ? [] : [view.value])];
}

/** Everything that can be seen at a moment, objects by their numbers. */
function seenAt(travel: TimeTravel, moment: Moment): unknown {
  const objects = new Map<number, unknown>();
  const waiting: number[] = [];
  const frames: unknown[] = [];
  const shown = new Set<number>();
  function meet(value: Value): void {
    if (value.kind === "object") waiting.push(value.object);
  }
  function frameAt(frame: number): unknown {
    if (shown.has(frame)) return frame;
    shown.add(frame);
    const scopes = travel.scopesAt(moment, frame);
    if (scopes === undefined) return undefined;
    for (const { value } of [...scopes.locals, ...scopes.closure]) meet(value);
    meet({ kind: "object", object: scopes.globals });
    const isMapped = scopes.unbound.length === 0 && scopes.closure.length === 0;
    return {
      locals: variables(scopes.locals, !isMapped),
      closure: variables(scopes.closure, true),
      unbound: scopes.unbound,
      globals: scopes.globals,
      returnValue: scopes.returnValue,
    };
  }
  const threads = travel.threadsAt(moment).map(({ thread, name, alive }) => {
    const stack = travel.stackAt(moment, thread);
    return { thread, name, alive, stack: stack.map((frame) => ({ ...frame, contents: frameAt(frame.frame) })) };
  });
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    if (objects.has(object) || object === 0) continue;
    const view = travel.objectAt(moment, object);
    const generator = travel.generatorAt(moment, object);
    objects.set(object, view === undefined ? undefined : { ...contents(view), generator });
    if (view !== undefined) valuesIn(view).forEach(meet);
    // What a frame held when it ended is gone with the part that it ended in.
    if (generator !== undefined && generator.frame > 0 && generator.state !== "CLOSED")
      frames.push([generator.frame, frameAt(generator.frame)]);
  }
  return { threads, frames, objects: [...objects].toSorted(([a], [b]) => a - b) };
}

function record(python: string, source: string, program: string, name: string, ...options: readonly string[]): string {
  const file = path.join(scratch, `${name}.hindsight`);
  const command = ["-m", "pytracer", "record", "--recorder", source, ...options, "-o", file, "--", program];
  const env = { ...process.env, PYTHONPATH: root, PYTHONHASHSEED: "0" };
  execFileSync(python, command, { env, stdio: ["ignore", "ignore", "inherit"] });
  return file;
}

/** The first moments that are kept, the last ones, those beside the change of files, and some between. */
function momentsOf(travel: TimeTravel, boundaries: readonly number[]): readonly Moment[] {
  const { first, last } = travel;
  const near = [first.step, last.step - 10, ...boundaries].flatMap((step) =>
    Array.from({ length: 25 }, (_, offset) => step + offset - 8),
  );
  const spread = Array.from({ length: 60 }, (_, part) =>
    Math.round(first.step + ((last.step - first.step) * part) / 60),
  );
  const steps = [...new Set([...near, ...spread])].filter((step) => step >= first.step && step <= last.step);
  return steps.flatMap((step) => [{ step, event: 0 }, travel.endOf(step)]);
}

function compare(kept: TimeTravel, whole: TimeTravel, boundaries: readonly number[]): number {
  // A part that is looked at alone may end in the middle of its last step.
  const isWholeEnd = kept.last.step === whole.last.step;
  const moments = momentsOf(kept, boundaries).filter(
    ({ step, event }) => event === 0 || step < kept.last.step || isWholeEnd,
  );
  for (const moment of moments) {
    const isEnd = moment.event > 0;
    const same = isEnd ? whole.endOf(moment.step) : moment;
    expect({ moment, seen: seenAt(kept, moment) }).toEqual({ moment, seen: seenAt(whole, same) });
  }
  return moments.length;
}

const none: Breakpoints = [];

/** Movements one after the other, in both; all that the whole one finds in what is kept is found. */
function walk(kept: TimeTravel, whole: TimeTravel): void {
  const { first, last } = kept;
  for (const kind of ["stepBack", "stepBackInto", "stepBackOut", "next", "stepIn", "stepOut"] as const) {
    const isForward = !kind.startsWith("stepBack");
    for (let round = 0; round < 40; round++) {
      const from = { step: Math.round(first.step + ((last.step - first.step) * round) / 40), event: 0 };
      const here = kept[kind](from, 1, none);
      const there = whole[kind](from, 1, none);
      const isKept = isForward ? there.moment.step < last.step : there.moment.step >= first.step;
      if (isKept && there.reason.kind !== "end")
        expect({ kind, from, step: here.moment.step, reason: here.reason }).toEqual({
          kind,
          from,
          step: there.moment.step,
          reason: there.reason,
        });
      else if (!isForward)
        expect({ kind, from, here }).toMatchObject({ here: { moment: first, reason: { kind: "start" } } });
    }
  }
}

/** The best recorder and the best in Python; HINDSIGHT_FULL=1 takes all. */
function sourcesOf(python: Interpreter): readonly string[] {
  return recordersOf(python).slice(0, isFull ? undefined : 2);
}

describe.each(chosen)("on Python $version", (python) => {
  test.each(sourcesOf(python))("%s keeps what was", { timeout: 300_000 }, (source) => {
    const program = path.join(scratch, "program.py");
    writeFileSync(program, PROGRAM);
    const name = `${python.version}-${source}`;
    const wholeFile = record(python.path, source, program, `${name}-whole`);
    const file = record(python.path, source, program, name, "--max-recording-size", "2");
    expect(statSync(wholeFile).size).toBeGreaterThan(3_000_000);
    expect(statSync(file).size + statSync(`${file}.next`).size).toBeLessThan(2_000_000);
    expect(existsSync(`${file}.tail`)).toBe(false);

    const whole = openRecordingFile(wholeFile);
    const both = openRecordingFile(file);
    const alone = path.join(scratch, `${name}-older.hindsight`);
    copyFileSync(file, alone);
    const older = openRecordingFile(alone);
    const newer = openRecordingFile(`${file}.next`);
    expect(both.first.step).toBeGreaterThan(1000);
    expect(older.first).toEqual(both.first);
    expect(newer.first.step).toBeGreaterThan(both.first.step);
    expect(both.last.step).toBe(whole.last.step);
    expect(newer.last.step).toBe(whole.last.step);
    expect(both.summary.notes.join()).toContain("was cut (maxRecordingSize: 2 MB)");

    const boundaries = [newer.first.step];
    for (const kept of [both, older, newer]) {
      // How much a part holds is the machine's: a slow one ends blocks by their age.
      expect(compare(kept, whole, boundaries)).toBeGreaterThan(20);
      walk(kept, whole);
    }
    for (const travel of [whole, both, older, newer]) travel.close();
  });
});
