// Travelling through VS Code's own commands: what its buttons and keys run.
import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import { isRecord } from "../../src/extension/answers.ts";
import { breakAt, cleanUp, locals, record, see, seePlace, start, testPython, workspaceFile } from "./session.ts";

export function defineTravelTests(): void {
  describe("travelling", () => {
    afterEach(cleanUp);

    async function stoppedInTotal(): Promise<vscode.DebugSession> {
      const file = workspaceFile("shop.py");
      breakAt(file, 8);
      const session = await start({ program: file.fsPath, python: testPython() });
      await seePlace("total:8");
      return session;
    }

    it("Step Back and Reverse show the variables as they were", async () => {
      await stoppedInTotal();
      assert.deepEqual(await locals(), { prices: "[12, 30]", discount: "2", result: "42", price: "30" });
      await vscode.commands.executeCommand("workbench.action.debug.stepBack");
      await seePlace("total:6");
      await vscode.commands.executeCommand("workbench.action.debug.stepBack");
      await seePlace("total:7");
      assert.deepEqual(await locals(), { prices: "[12, 30]", discount: "2", result: "12", price: "30" });
      await vscode.commands.executeCommand("workbench.action.debug.reverseContinue");
      await seePlace("<module>:1");
    });

    it("Step Back Out goes to the call, Step Back Into to the step before it", async () => {
      await stoppedInTotal();
      await vscode.commands.executeCommand("hindsight.stepBackOut");
      await seePlace("report:15");
      await vscode.commands.executeCommand("hindsight.stepBackInto");
      await seePlace("report:14");
    });

    it("the cursor follows the moment", async () => {
      await stoppedInTotal();
      await vscode.commands.executeCommand("workbench.action.debug.stepBack");
      // The statement is selected; on some versions that of a loop has more than one line.
      await see("cursor", 6, () => (vscode.window.activeTextEditor?.selection.start.line ?? -1) + 1);
    });

    it("a seek travels, and one outside the history is refused with a reason", async () => {
      const session = await stoppedInTotal();
      await session.customRequest("hindsight/seek", { step: 0 });
      await seePlace("<module>:1");
      await assert.rejects(async () => await session.customRequest("hindsight/seek", { step: 1e9 }), /./);
      const moment: unknown = await session.customRequest("hindsight/moment");
      assert.ok(isRecord(moment));
      assert.equal(moment["step"], 0);
      assert.equal(moment["atLiveEdge"], false);
    });

    it("an opened recording is travelled through like a live run", async () => {
      breakAt(workspaceFile("shop.py"), 8);
      await start({ recording: record("shop.py").fsPath });
      await seePlace("total:8");
      assert.equal((await locals())["result"], "42");
      await vscode.commands.executeCommand("workbench.action.debug.continue");
      await see("result", "21", async () => (await locals())["result"]);
      await vscode.commands.executeCommand("workbench.action.debug.reverseContinue");
      await see("result", "42", async () => (await locals())["result"]);
      await seePlace("total:8");
    });
  });
}
