// What a person does with Hindsight in VS Code, scene by scene; the scenes of one window build on each other.
import { strict as assert } from "node:assert";
import { power } from "./powerScenes.ts";
import type { Screen } from "./screen.ts";

export interface Scene {
  readonly name: string;
  readonly play: (screen: Screen) => Promise<void>;
}

/** Another debugger for Python, as most users have one; the Python extension with a chosen interpreter. */
export type OtherExtension = "otherDebugger" | "pythonExtension";

/** One window of VS Code: how it is set up, and what is done in it. */
export interface WindowScenes {
  readonly title: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The extension's environment has no Python. */
  readonly withoutPython?: boolean;
  /** Installed beside ours: small extensions of the test's own. */
  readonly others?: readonly OtherExtension[];
  readonly scenes: readonly Scene[];
}

const debugging: WindowScenes = {
  title: "debugging",
  others: ["otherDebugger"],
  settings: { "debug.toolBarLocation": "floating", "editor.minimap.enabled": false },
  scenes: [
    {
      name: "a click in the gutter sets a breakpoint",
      async play(screen) {
        await screen.openPython("shop.py");
        await screen.setBreakpoint(8);
        await screen.shot("01-breakpoint");
      },
    },
    {
      name: "F5 without a launch configuration asks, and Python: time travel stops at the breakpoint",
      async play(screen) {
        await screen.press("F5");
        const choice = screen.page.locator(".quick-input-list .monaco-list-row", { hasText: "Python: time travel" });
        await choice.first().waitFor();
        await screen.page.locator(".quick-input-list", { hasText: "Python: another debugger" }).waitFor();
        await screen.shot("02-picker");
        await choice.first().click();
        await screen.seeToolbar(true);
        await screen.seeStoppedAt(8);
        await screen.seeVariables({ discount: "2", price: "30", prices: "[12, 30]", result: "42" });
        await screen.seeStack(["total", "report", "<module>"]);
        await screen.shot("03-stopped");
      },
    },
    {
      name: "Step Back shows the line before, with the variables as they were",
      async play(screen) {
        await screen.clickToolbar("Step Back (");
        await screen.seeStoppedAt(6);
        await screen.clickToolbar("Step Back (");
        await screen.seeStoppedAt(7);
        await screen.seeVariables({ discount: "2", price: "30", prices: "[12, 30]", result: "12" });
        await screen.seeStack(["total", "report", "<module>"]);
        await screen.shot("04-stepped-back");
        await screen.smallShot("step-back");
        await screen.press("Control+F10");
        await screen.seeStoppedAt(6);
        await screen.seeVariables({ price: "12", result: "12" });
      },
    },
    {
      name: "the status bar follows, and the past is not the present",
      async play(screen) {
        const before = stepOf(await screen.seeStatus(/^step \d+ of \d+$/));
        await screen.press("F10");
        await screen.seeStoppedAt(7);
        await screen.see("status", before + 1, async () => stepOf((await screen.status()) ?? ""));
      },
    },
    {
      name: "pointing at a name shows its value of then",
      async play(screen) {
        await screen.hoverOver(7, "result");
        await screen.see("hover", true, async () =>
          (await screen.page.locator(".debug-hover-widget").innerText()).includes("12"),
        );
        await screen.shot("05-hover");
        await screen.page.mouse.move(700, 880);
      },
    },
    {
      name: "the debug console answers from the past, and says what it cannot do there",
      async play(screen) {
        assert.equal(await screen.evaluate("prices[1]"), "30");
        assert.match(await screen.evaluate("prices.append(1)"), /past|recorded/i);
        await screen.shot("06-console");
      },
    },
    {
      name: "Continue goes to the breakpoint in history, then runs the program on, and Reverse comes back",
      async play(screen) {
        await screen.clickToolbar("Continue");
        await screen.seeStoppedAt(8);
        await screen.seeVariables({ result: "42" });
        await screen.clickToolbar("Continue");
        await screen.seeVariables({ discount: "3", prices: "[7, 7, 7]", result: "21" });
        await screen.seeStoppedAt(8);
        await screen.seeStatus(/, now$/);
        await screen.clickToolbar("Reverse");
        await screen.seeVariables({ discount: "2", prices: "[12, 30]", result: "42" });
        await screen.seeStoppedAt(8);
        await screen.shot("07-reversed");
        await screen.clickToolbar("Continue");
        await screen.seeVariables({ result: "21" });
      },
    },
    {
      name: "Step Back Out goes to the call, Step Back Into into the call before it",
      async play(screen) {
        await screen.clickToolbar("Step Back Out");
        await screen.seeStoppedAt(15);
        await screen.seeStack(["report", "<module>"]);
        await screen.seeVariables({ amount: "40", discount: "3" });
        for (const line of [14, 13, 16]) {
          await screen.clickToolbar("Step Back (");
          await screen.seeStoppedAt(line);
        }
        await screen.clickToolbar("Step Back Into");
        await screen.seeStack(["total", "report", "<module>"]);
        await screen.seeStoppedAt(8);
        await screen.seeVariables({ result: "42" });
        await screen.shot("08-back-into");
        await screen.press("Control+Shift+F11");
        await screen.seeStoppedAt(15);
        await screen.press("Control+F11");
        await screen.seeStoppedAt(14);
      },
    },
    {
      name: "functions that ran say how often",
      async play(screen) {
        const lenses = screen.page.locator(".codelens-decoration");
        await screen.see("lenses", ["ran 2 times", "ran once"], async () => {
          const texts = await lenses.allInnerTexts();
          return texts.map((text) => text.trim()).filter((text) => text !== "");
        });
        await screen.shot("09-lenses");
      },
    },
    {
      name: "Go to Moment opens from the status bar, refuses what is outside the history, and travels",
      async play(screen) {
        await screen.clickStatus();
        await screen.quickInput.waitFor();
        await screen.quickInput.fill("99999");
        await screen.page.locator(".quick-input-message", { hasText: "The history has the steps 0 to" }).waitFor();
        await screen.shot("10-go-to-moment");
        await screen.quickInput.fill("0");
        await screen.press("Enter");
        await screen.seeStatus(/^step 0 of \d+$/);
        await screen.seeStoppedAt(1);
        await screen.clickStatus();
        await screen.quickInput.fill("last");
        await screen.press("Enter");
        await screen.seeStatus(/, now$/);
        await screen.seeStoppedAt(8);
      },
    },
    {
      name: "when the program ends the session stays, and steps back from the end",
      async play(screen) {
        await screen.clickToolbar("Continue");
        await screen.seeStoppedAt(21);
        await screen.seeStatus(/^step (\d+) of \1$/);
        await screen.seeVariables({ __doc__: "'What each customer of a small shop pays.'" });
        await screen.shot("11-ended");
        await screen.clickToolbar("Reverse");
        await screen.seeStoppedAt(8);
        await screen.seeVariables({ result: "21" });
        await screen.press("Shift+F5");
        await screen.seeToolbar(false);
        await screen.see("status", undefined, () => screen.status());
      },
    },
    {
      name: "the run button in the editor's title starts at once",
      async play(screen) {
        await screen.runButton.click();
        await screen.seeStoppedAt(8);
        await screen.seeVariables({ result: "42" });
        await screen.press("Shift+F5");
        await screen.seeToolbar(false);
      },
    },
  ],
};

const recordings: WindowScenes = {
  title: "recordings",
  scenes: [
    {
      name: "a double click on a recording shows its summary and starts a session",
      async play(screen) {
        await screen.openPython("shop.py");
        await screen.openRecording("run.hindsight");
        await screen.seeToolbar(true);
        await screen.seeStatus(/^step \d+ of \d+/);
        await screen.page.locator(".tab", { hasText: "run.hindsight" }).first().click();
        await screen.recordingPage.locator("dl").waitFor();
        const summary = await screen.recordingPage.locator("dl").innerText();
        assert.match(summary, /shop\.py/);
        assert.match(summary, /Exit code 0/);
        assert.equal(await screen.recordingPage.locator(".note").count(), 0, "nothing is missing");
        await screen.shot("12-recording");
      },
    },
    {
      name: "a window reload brings the summary back, without a session",
      async play(screen) {
        await screen.press("Shift+F5");
        await screen.seeToolbar(false);
        await screen.page.reload();
        await screen.page.locator(".tab", { hasText: "run.hindsight" }).first().click();
        await screen.recordingPage.locator("dl").waitFor();
        // The page asks for a session as soon as it is there, so a second one would show within moments.
        await screen.page.waitForTimeout(3000);
        assert.equal(await screen.page.locator(".debug-toolbar").isVisible(), false);
        await screen.shot("13-reloaded");
      },
    },
    {
      name: "its button starts another session",
      async play(screen) {
        await screen.recordingPage.locator("#start").click();
        await screen.seeToolbar(true);
        await screen.press("Shift+F5");
        await screen.seeToolbar(false);
      },
    },
    {
      name: "a file that is no recording says so",
      async play(screen) {
        await screen.press("Control+Shift+E");
        await screen.openRecording("damaged.hindsight");
        await screen.recordingPage.locator(".failure").waitFor();
        assert.match(await screen.recordingPage.locator(".failure").innerText(), /recording/i);
        await screen.shot("14-no-recording");
      },
    },
  ],
};

const untrusted: WindowScenes = {
  title: "untrusted workspace",
  settings: { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" },
  scenes: [
    {
      name: "an untrusted workspace gets the summary alone",
      async play(screen) {
        await screen.openPython("shop.py");
        await screen.openRecording("run.hindsight");
        await screen.recordingPage.locator("#trust").waitFor();
        assert.match(await screen.recordingPage.locator("dl").innerText(), /shop\.py/);
        assert.equal(await screen.recordingPage.locator("#start").count(), 0);
        await screen.page.waitForTimeout(2000);
        assert.equal(await screen.page.locator(".debug-toolbar").isVisible(), false);
        await screen.shot("15-untrusted");
      },
    },
  ],
};

const withoutPython: WindowScenes = {
  title: "no Python",
  withoutPython: true,
  scenes: [
    {
      name: "without any Python the message says what to do",
      async play(screen) {
        await screen.openPython("shop.py");
        await screen.setBreakpoint(8);
        await screen.press("F5");
        const message = screen.page.locator(".notification-toast, .monaco-dialog-box", {
          hasText: "No Python was found",
        });
        await message.waitFor();
        await screen.shot("16-no-python");
        assert.match(await message.innerText(), /Install Python 3\.9 or later/);
      },
    },
  ],
};

const chosenPython: WindowScenes = {
  title: "chosen Python",
  withoutPython: true,
  others: ["pythonExtension"],
  scenes: [
    {
      name: "the interpreter is the Python extension's choice",
      async play(screen) {
        await screen.openPython("refund.py");
        await screen.setBreakpoint(9);
        await screen.press("F5");
        await screen.seeStoppedAt(9);
        await screen.press("F9");
      },
    },
    {
      name: "an uncaught exception stops where it was raised, and the past before it is there",
      async play(screen) {
        await screen.clickToolbar("Continue");
        await screen.seeStoppedAt(5);
        await screen.see("exception", true, async () =>
          (await screen.page.locator(".exception-widget").innerText()).includes("KeyError"),
        );
        await screen.seeVariables({ name: "'grace'", paid: "{'ada': 40}" });
        await screen.shot("17-exception");
        await screen.clickToolbar("Step Back Out");
        await screen.seeStoppedAt(11);
        await screen.press("Shift+F5");
        await screen.seeToolbar(false);
      },
    },
  ],
};

export const windows: readonly WindowScenes[] = [debugging, power, recordings, untrusted, withoutPython, chosenPython];

function stepOf(status: string): number {
  return Number(/^step ([\d,]+) of/.exec(status)?.[1]?.replaceAll(",", "") ?? Number.NaN);
}
