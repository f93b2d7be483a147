// What is read of a program that is being recorded, with blocks in both tails, is what its recording says at the end.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { fileBytes, openRecordingFile, tailPaths } from "../../src/node/openFile.ts";
import type { Moment, TimeTravel } from "../../src/travel/timeTravel.ts";
import type { ByteSource } from "../../src/wire/byteSource.ts";
import { readTails } from "../../src/wire/tail.ts";
import { interpreters } from "../support/interpreters.ts";
import { hasNative } from "../support/nativeBuild.ts";

/** It goes on until it is told to stop, and rests now and then: reading takes longer than recording. */
const PROGRAM = `
import os, sys, time
def work(number):
    items = [number]
    for part in range(30):
        items.append(part * number)
    return items

kept = {}
number = 0
began = first = time.monotonic()
while number % 1000 or not (os.path.exists(sys.argv[1]) or began - first > 120):
    kept[number % 20] = work(number)
    if number % 1000 == 0:
        print(number)
        time.sleep(0.06 + 2 * (time.monotonic() - began))
        began = time.monotonic()
    number += 1
`;
const ENOUGH = { scenes: 30, withBothTails: 4 } as const;
/** On a machine that is too busy to see enough. */
const MOST_MILLISECONDS = 60_000;

function sceneOf(travel: TimeTravel, moment: Moment): unknown {
  const thread = travel.threadAt(moment);
  const stack = travel.stackAt(moment, thread);
  const scopes = stack.map(({ frame }) => travel.scopesAt(moment, frame));
  const objects = [1, 5, 20, 100].map((object) => travel.objectAt(moment, object));
  return { stack, scopes, objects, output: travel.output(travel.first, moment) };
}

function tailsOf(file: string): ByteSource[] {
  return tailPaths(file).flatMap((name) => {
    try {
      return [fileBytes(name)];
    } catch {
      return [];
    }
  });
}

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "hindsight-"));
  writeFileSync(path.join(folder, "program.py"), PROGRAM);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const python = interpreters().findLast((one) => hasNative(one));

it.skipIf(python === undefined)("nothing that was read meanwhile changes", { timeout: 180_000 }, async () => {
  const file = path.join(folder, "live.hindsight");
  const stop = path.join(folder, "stop");
  const command = ["pytracer", "record", "-o", file, path.join(folder, "program.py"), stop];
  const child = spawn(python?.path ?? "", command, { stdio: "ignore" });
  const ended = once(child, "exit");
  onTestFinished(() => void child.kill("SIGKILL"));
  const seen: { readonly moment: Moment; readonly scene: unknown }[] = [];
  let bothRead = 0;
  let travel: TimeTravel | undefined;
  const began = performance.now();
  while (child.exitCode === null && child.signalCode === null) {
    await setTimeout(3);
    const isEnough = seen.length >= ENOUGH.scenes && bothRead >= ENOUGH.withBothTails;
    if (isEnough || performance.now() - began > MOST_MILLISECONDS) writeFileSync(stop, "");
    if (tailsOf(file).length === 0) continue;
    travel ??= openRecordingFile(file);
    travel.refresh();
    // Before its first step not even its header may be there.
    if (travel.summary.steps === 0) continue;
    const notes = travel.summary.notes.filter((note) => !note.includes("still runs") && !note.includes("waited"));
    expect(notes).toEqual([]);
    const { last } = travel;
    expect(last.step).toBeGreaterThanOrEqual(seen.at(-1)?.moment.step ?? 0);
    for (const moment of [last, { step: Math.max(0, last.step - 9000), event: 0 }])
      seen.push({ moment, scene: sceneOf(travel, moment) });
    const tails = tailsOf(file);
    bothRead += readTails(tails).length === 2 ? 1 : 0;
    for (const tail of tails) tail.close();
  }
  await ended;
  expect(child.exitCode).toBe(0);
  travel?.refresh();
  const whole = openRecordingFile(file);
  expect(whole.summary.complete).toBe(true);
  expect(travel?.summary).toEqual(whole.summary);
  expect(seen.length).toBeGreaterThanOrEqual(ENOUGH.scenes);
  expect(bothRead).toBeGreaterThanOrEqual(ENOUGH.withBothTails);
  for (const { moment, scene } of seen) expect(sceneOf(whole, moment)).toEqual(scene);
  travel?.close();
  whole.close();
});
