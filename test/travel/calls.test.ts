// Calls, exceptions and holders on random recordings, against what a walk over all events says.
import { describe, expect, it } from "vitest";
import { nodeCodecs } from "../../src/node/openFile.ts";
import { openRecording } from "../../src/travel/openRecording.ts";
import type { TimeTravel, Value } from "../../src/travel/timeTravel.ts";
import { bytesOf } from "../support/byteSources.ts";
import { NaiveReplayer } from "../support/naiveReplayer.ts";
import { CODES, randomProgram } from "../support/randomProgram.ts";
import { RecordingBuilder } from "../support/recordingBuilder.ts";

interface NaiveCall {
  readonly code: number;
  readonly parent: number;
  readonly thread: number;
  end: number | undefined;
  selfSteps: number;
  totalSteps: number;
  children: number;
}

/** Every frame's call, counted event by event with the stacks as they are. */
function naiveCalls(naive: NaiveReplayer): Map<number, NaiveCall> {
  const calls = new Map<number, NaiveCall>();
  naive.rows.forEach(({ event, thread, frame, state }, index) => {
    const stack = state.stacks.get(thread) ?? [];
    if (event.op === "call") {
      const parent = stack.at(-2) ?? 0;
      const { code } = event;
      calls.set(event.frame, { code, parent, thread, end: undefined, selfSteps: 0, totalSteps: 0, children: 0 });
      const caller = calls.get(parent);
      if (caller !== undefined) caller.children++;
    } else if (event.op === "line") {
      for (const one of new Set(stack)) {
        const call = calls.get(one);
        if (call !== undefined) call.totalSteps++;
      }
      const top = calls.get(stack.at(-1) ?? 0);
      if (top !== undefined) top.selfSteps++;
    } else if ((event.op === "return" || event.op === "unwind") && frame !== undefined) {
      const call = calls.get(frame);
      if (call !== undefined) call.end = index;
    }
  });
  return calls;
}

function builtFrom(seed: number, length: number, blockEvents: number): { travel: TimeTravel; naive: NaiveReplayer } {
  const builder = new RecordingBuilder({ codes: CODES, blockEvents, share: seed % 3 !== 0 });
  builder.addAll(randomProgram(seed, length));
  const isTailed = seed % 2 === 0;
  if (!isTailed) builder.seal();
  // The last sealed block may still be on its way into the file.
  const file = seed % 4 === 0 ? builder.fileWhileSealing(0.5) : builder.file;
  const travel = openRecording(bytesOf(file), nodeCodecs, isTailed ? { tails: builder.tails.map(bytesOf) } : {});
  // What is read anew must not be counted twice.
  if (isTailed) travel.refresh();
  return { travel, naive: new NaiveReplayer(builder.events, CODES) };
}

function bare(value: Value): Value {
  return value.kind === "notRecorded" ? { ...value, sinceStep: 0 } : value;
}

const SIZES = [
  { blockEvents: 5, length: 200, seeds: 10 },
  { blockEvents: 40, length: 400, seeds: 8 },
  { blockEvents: 1000, length: 400, seeds: 4 },
];

describe.each(SIZES)("in blocks of $blockEvents events", ({ blockEvents, length, seeds }) => {
  it("every call has its caller, its end, its steps and its children", () => {
    let compared = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const { travel, naive } = builtFrom(seed, length, blockEvents);
      for (const [frame, expected] of naiveCalls(naive)) {
        const where = `seed ${seed}, frame ${frame}`;
        const call = travel.past.call(frame);
        expect(call, where).toBeDefined();
        const { selfSteps, totalSteps, children } = call ?? {};
        expect({ selfSteps, totalSteps, children }, where).toEqual({
          selfSteps: expected.selfSteps,
          totalSteps: expected.totalSteps,
          children: expected.children,
        });
        const end = call?.end;
        const endIndex = end === undefined || end.kind === "unfinished" ? undefined : naive.indexOf(end.moment);
        if (expected.end === undefined || naive.momentOf(expected.end).step > 0)
          expect(endIndex, where).toBe(expected.end);
        expect(travel.past.childrenOf(expected.parent), where).toContain(frame);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(50);
  });

  it("all exceptions are found in their order, with their values", () => {
    let compared = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const { travel, naive } = builtFrom(seed, length, blockEvents);
      const expected = naive.rows.flatMap(({ event }) =>
        event.op === "raise" && !event.fromCall ? [bare(event.value)] : [],
      );
      const { entries } = travel.past.exceptions(undefined, 10_000, () => true);
      expect(
        entries.map(({ value }) => bare(value)),
        `seed ${seed}`,
      ).toEqual(expected);
      compared += expected.length;
    }
    expect(compared).toBeGreaterThan(5);
  });

  it("every step on a line is listed, forward and backward", () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const { travel, naive } = builtFrom(seed, length, blockEvents);
      for (const { file, lines } of CODES) {
        for (const line of new Set(lines)) {
          const expected = naive.executions(file, line);
          const forward = travel.past.stepsOn(file, line, undefined, false, 10_000).entries;
          expect(
            forward.map(({ site }) => site.moment),
            `seed ${seed}, ${file}:${line}`,
          ).toEqual(expected);
          const backward = travel.past.stepsOn(file, line, undefined, true, 10_000).entries;
          expect(
            backward.map(({ site }) => site.moment),
            `seed ${seed}, ${file}:${line}`,
          ).toEqual(expected.toReversed());
        }
      }
    }
  });

  it("every variable of a running frame that refers to an object is among its holders", () => {
    let compared = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const { travel, naive } = builtFrom(seed, length, blockEvents);
      for (const moment of naive.moments().filter((_, index) => index % 17 === 0)) {
        const row = naive.rows[naive.indexOf(moment)];
        for (const frame of new Set([...(row?.state.stacks.values() ?? [])].flat())) {
          const variables = naive.variablesAt(moment, frame);
          for (const { name, value } of [...(variables?.locals ?? []), ...(variables?.closure ?? [])]) {
            if (value.kind !== "object" || row?.state.frames.get(frame)?.mapping !== 0) continue;
            const { holders } = travel.past.holders(moment, value.object);
            const found = holders.some((one) => one.frame === frame && one.path[0] === name);
            expect(found, `seed ${seed}, moment ${moment.step}.${moment.event}, ${name} of frame ${frame}`).toBe(true);
            compared++;
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(0);
  });
});
