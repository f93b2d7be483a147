// A program that is recorded with a limit, under the debugger: its beginning goes while it runs, and nothing else is
// shown in the place of what has gone.
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { interpreters } from "../support/interpreters.ts";
import { recordersOf } from "../support/nativeBuild.ts";
import { DebugRun, folderWith } from "../support/debugRun.ts";

const program = `import random

rng = random.Random(1)
kept = ["from the beginning", [1, 2]]

def texts():
    for part in range(12):
        noise = "%x" % rng.getrandbits(8000)
    return noise

def main():
    for number in range(1001):
        texts()
        if number % 250 == 0:
            seen = number
    return kept

main()
`;

const all = interpreters();
const python = all.find(({ minor }) => minor === 12) ?? all.at(-1);
const running: DebugRun[] = [];

afterEach(() => {
  for (const run of running.splice(0)) run.client.kill();
});

describe.each(python === undefined ? [] : recordersOf(python))("recorded by %s", (recorder) => {
  test("a bounded recording drops its beginning and says so", { timeout: 120_000 }, async () => {
    const file = path.join(folderWith({ "app.py": program }), "app.py");
    const run = new DebugRun();
    running.push(run);
    const settings = { program: file, python: python?.path, recorder, maxRecordingSize: 2 };
    await run.begin(settings, { [file]: [15] });
    expect(await run.locals()).toBe("number=0");
    const frameId = await run.frameId();
    const locals = (await run.scopes()).get("Locals") ?? 0;
    const firstSteps = [(await run.moment()).firstStep];

    for (const number of [250, 500, 750, 1000]) {
      expect((await run.move("continue")).reason).toBe("breakpoint");
      expect(await run.locals()).toBe(`number=${number}, seen=${number - 250}`);
      expect(await run.evaluate("kept[1][1]", "hover")).toBe("2");
      firstSteps.push((await run.moment()).firstStep);
      const { step } = await run.moment();
      expect((await run.move("stepBack")).reason).toBe("step");
      expect(await run.locals()).toBe(`number=${number}, seen=${number - 250}`);
      await run.seek(step, "last");
    }
    expect(firstSteps[0]).toBe(0);
    expect(firstSteps.slice(1)).toEqual(firstSteps.slice(1).toSorted((a, b) => a - b));
    const first = firstSteps.at(-1) ?? 0;
    expect(first).toBeGreaterThan(firstSteps[2] ?? 0);

    for (const [command, args] of [
      ["scopes", { frameId }],
      ["variables", { variablesReference: locals }],
      ["evaluate", { expression: "number", frameId }],
    ] as const)
      expect((await run.client.ask(command, args)).message).toMatch(/is not in the recording any more/u);
    expect((await run.client.ask("hindsight/seek", { step: 3 })).message).toContain(`it has the steps ${first} to `);

    await run.setBreakpoints(file, []);
    const start = await run.move("reverseContinue");
    expect(start).toMatchObject({ reason: "entry", description: "The recording was cut here (maxRecordingSize)" });
    expect((await run.moment()).step).toBe(first);
    expect(await run.evaluate("kept", "watch")).toBe("['from the beginning', [1, 2]]");
    expect((await run.move("stepBack")).reason).toBe("entry");
    expect(run.client.output("important").match(/The recording was cut/gu)).toHaveLength(1);
    expect((await run.move("next")).reason).toBe("step");
  });
});
