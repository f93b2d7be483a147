// Recordings of real programs hold together: what the events of a block make of the frames is what the next block's
// keyframe says, a checkpoint repeats what is known, and every object that a variable names is there.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileBytes, nodeCodecs, openRecordingFile } from "../../src/node/openFile.ts";
import type { LiveFrame } from "../../src/recording/blockFrames.ts";
import type { ObjectContents } from "../../src/recording/objectReplay.ts";
import { valueAt } from "../../src/recording/values.ts";
import { IndexedHistory } from "../../src/travel/indexedHistory.ts";
import type { TimeTravel, Value } from "../../src/travel/timeTravel.ts";
import { OP_CONTENTS, WHY_CHECKPOINT } from "../../src/wire/format.ts";
import type { FrameRecord } from "../../src/wire/keyframe.ts";
import { interpreters } from "../support/interpreters.ts";
import { frameDifferences, objectDifferences } from "../support/sameBlocks.ts";

/** Long enough for several blocks; objects change in some of them only. */
const PROGRAM = `
import threading, time

class Account:
    def __init__(self, name):
        self.name = name
        self.balance = 0
        self.log = []

    def deposit(self, amount):
        self.balance += amount
        if amount % 100 == 0:
            self.log.append(amount)
        return self.balance

def numbers(n):
    for i in range(n):
        got = yield i
        if got:
            n = got

def deep(n, seen):
    seen.append(n)
    return n if n == 0 else deep(n - 1, seen) + 1

accounts = [Account(str(i)) for i in range(3)]
slow = numbers(1000000)
index = {}

def work():
    total = 0
    for i in range(5000):
        account = accounts[i % 3]
        total += account.deposit(i)
        if i % 500 == 0:
            index[i] = next(slow)
            deep(30, [])
    return total

worker = threading.Thread(target=lambda: [time.sleep(0.3), index.update(done=True)], name="worker")
worker.start()
try:
    work()
    worker.join()
    raise ValueError(len(index))
except ValueError as error:
    caught = error
print(len(index))
`;

function valuesOf(history: IndexedHistory, refs: readonly number[]): Value[] {
  return refs.map((ref) => valueAt(history.recording, ref, 0));
}

/** A frame as it counts: slots that are missing at the end are unbound. */
function frameOf(history: IndexedHistory, frame: LiveFrame | FrameRecord): unknown {
  const values = valuesOf(history, frame.slots);
  const used = values.findLastIndex(({ kind }) => kind !== "unbound") + 1;
  const { code, offset, line1, globals, mapping } = frame;
  return { frame: frame.frame, code, offset, line1, globals, mapping, values: values.slice(0, used) };
}

function contentsOf(history: IndexedHistory, contents: ObjectContents | undefined): unknown {
  if (contents === undefined) return undefined;
  const { items, keys, attributes, names, itemsTotal, bytes, text } = contents;
  const [all, allKeys, allAttributes] = [items, keys, attributes].map((refs) => valuesOf(history, refs));
  return { all, allKeys, allAttributes, names, itemsTotal, bytes, text };
}

function differences(history: IndexedHistory): string[] {
  const { recording } = history;
  const found: string[] = [];
  for (let number = 1; number < recording.history.blocks; number++) {
    const { keyframe, events, firstEvent } = recording.block(number);
    for (const { thread, frames } of keyframe.threads) {
      const replayed = history.stack(firstEvent - 1, recording.threadIndex(thread));
      const [before, after] = [replayed, frames].map((stack) => stack.map((frame) => frameOf(history, frame)));
      if (!isDeepStrictEqual(before, after)) {
        found.push(`block ${number}: ${JSON.stringify(before)} became ${JSON.stringify(after)}`);
      }
    }
    for (let row = 0; row < events.count; row++) {
      if (events.kind[row] !== OP_CONTENTS || events.detail[row] !== WHY_CHECKPOINT) continue;
      const object = events.subject[row] ?? 0;
      const before = contentsOf(history, history.contentsAt(firstEvent + row - 1, object));
      const after = contentsOf(history, history.contentsAt(firstEvent + row, object));
      if (!isDeepStrictEqual(before, after)) found.push(`block ${number}: the checkpoint of object ${object} differs`);
    }
  }
  return found;
}

/** Where what is read of a block is not what all of it says. */
function partDifferences({ recording }: IndexedHistory): string[] {
  return Array.from({ length: recording.history.blocks }, (_, number) => {
    const { count } = recording.block(number).events;
    const rows = Array.from({ length: Math.ceil(count / 53) }, (_row, index) => count - 1 - index * 53);
    return [...frameDifferences(recording, number, rows.toReversed()), ...objectDifferences(recording, number)];
  }).flat();
}

/** Variables whose object nobody recorded. */
function missingObjects(travel: TimeTravel): string[] {
  const stride = Math.max(1, Math.floor(travel.summary.steps / 200));
  const missing: string[] = [];
  for (let step = 0; step < travel.summary.steps; step += stride) {
    const moment = { step, event: 0 };
    for (const { thread } of travel.threadsAt(moment)) {
      for (const { frame, qualifiedName } of travel.stackAt(moment, thread)) {
        const scopes = travel.scopesAt(moment, frame);
        for (const { name, value } of [...(scopes?.locals ?? []), ...(scopes?.closure ?? [])]) {
          if (value.kind === "object" && travel.objectAt(moment, value.object) === undefined) {
            missing.push(`${name} in ${qualifiedName} at step ${step}`);
          }
        }
      }
    }
  }
  return missing;
}

describe("a recording of a real program", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "hindsight-"));
    writeFileSync(path.join(folder, "program.py"), PROGRAM);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const { version, path: python } of interpreters()) {
    it(`holds together on Python ${version}`, () => {
      const file = path.join(folder, `${version}.hindsight`);
      const output = execFileSync(python, ["pytracer", "record", "-o", file, path.join(folder, "program.py")], {
        encoding: "utf8",
      });
      expect(output).toBe("11\n");
      const history = new IndexedHistory(fileBytes(file), [], nodeCodecs);
      history.refresh();
      expect(history.recording.history.blocks).toBeGreaterThan(2);
      expect(differences(history)).toEqual([]);
      expect(partDifferences(history)).toEqual([]);
      history.recording.close();
      const travel = openRecordingFile(file);
      expect(travel.summary.notes).toEqual([]);
      expect(travel.summary.threads.map(({ name }) => name)).toEqual(["MainThread", "worker"]);
      expect(
        travel
          .output(travel.first, travel.last)
          .map((entry) => entry.text)
          .join(""),
      ).toBe("11\n");
      expect(missingObjects(travel)).toEqual([]);
      travel.close();
    });
  }

  it("was looked for on at least one interpreter", () => {
    expect(interpreters().length).toBeGreaterThan(0);
  });
});
