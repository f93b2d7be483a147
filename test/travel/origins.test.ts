// What must hold of every origin and every last write, on real recordings of the programs of test/bugs: the last write
// gives the value that is seen, a value stays the same from hop to hop, and hops go back in time.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openRecordingFile } from "../../src/node/openFile.ts";
import { isSameValue, type Place } from "../../src/travel/places.ts";
import type { Moment, TimeTravel, Value } from "../../src/travel/timeTravel.ts";
import { interpreters } from "../support/interpreters.ts";

const programs = path.resolve("test/bugs/programs");

/** HINDSIGHT_FULL=1 takes all interpreters, else the oldest, one in the middle and the newest with a final release. */
function chosen(): ReturnType<typeof interpreters> {
  const all = interpreters();
  if (process.env["HINDSIGHT_FULL"] !== undefined) return all;
  return [...new Set([all[0], all.find(({ minor }) => minor === 12), all.findLast(({ minor }) => minor < 15)])].filter(
    (one) => one !== undefined,
  );
}

function recorded(python: string, program: string, folder: string): TimeTravel {
  const file = path.join(folder, `${program}.hindsight`);
  const command = ["-m", "pytracer", "record", "-o", file, path.join(programs, program)];
  try {
    execFileSync(python, command, { stdio: "ignore" });
  } catch {
    // They all end in their failure.
  }
  return openRecordingFile(file);
}

/** Places that can be seen at a moment: variables of all frames, and one level into their objects. */
function placesAt(travel: TimeTravel, moment: Moment): (readonly [Place, Value])[] {
  const found: (readonly [Place, Value])[] = [];
  for (const { frame } of travel.stackAt(moment, travel.threadAt(moment)).slice(0, 5)) {
    const scopes = travel.scopesAt(moment, frame);
    for (const { name, value } of [...(scopes?.locals ?? []), ...(scopes?.closure ?? [])]) {
      if (name.startsWith("__")) continue;
      found.push([{ kind: "variable", frame, name }, value]);
      const view = value.kind === "object" ? travel.objectAt(moment, value.object) : undefined;
      if (view === undefined) continue;
      const { object } = view;
      view.items.slice(0, 3).forEach((item, index) => {
        if (view.kind === "list") found.push([{ kind: "item", object, index }, item]);
      });
      if (view.kind === "dict")
        for (const [key, item] of view.entries) found.push([{ kind: "entry", object, key }, item]);
      if (view.kind === "instance")
        for (const [attribute, item] of view.attributes)
          found.push([{ kind: "attribute", object, name: attribute }, item]);
    }
  }
  return found;
}

describe.each(chosen())("on Python $version", ({ path: python }) => {
  it("every last write and every origin lead to the value that is seen", () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "hindsight-test-"));
    let compared = 0;
    for (const program of readdirSync(programs).filter((name) => name.endsWith(".py"))) {
      const travel = recorded(python, program, folder);
      for (let step = 0; step <= Math.min(travel.last.step, 60); step++) {
        const moment = { step, event: 0 };
        for (const [place, value] of placesAt(travel, moment)) {
          const where = `${program}, step ${step}, ${JSON.stringify(place)}`;
          const write = travel.past.lastWrite(moment, place);
          expect(write?.value !== undefined && isSameValue(write.value, value), where).toBe(true);
          const hops = travel.past.origin(moment, place, 30);
          expect(hops.length, where).toBeGreaterThan(0);
          for (const [index, hop] of hops.entries()) {
            const before = hops[index + 1];
            const isSame = hop.value === undefined || isSameValue(hop.value, value);
            expect(isSame, `${where}, hop ${index}: ${hop.text}`).toBe(true);
            if (before !== undefined) expect(before.event, where).toBeLessThanOrEqual(hop.event);
          }
          compared++;
        }
      }
      travel.close();
    }
    expect(compared).toBeGreaterThan(500);
  }, 300_000);
});
