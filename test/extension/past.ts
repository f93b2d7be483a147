// Questions about the past through the commands that menus run, and the values beside the lines.
import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import { isRecord } from "../../src/extension/answers.ts";
import { breakAt, cleanUp, locals, record, see, seePlace, start, workspaceFile } from "./session.ts";

export function definePastTests(): void {
  describe("the past", () => {
    afterEach(cleanUp);

    /** At the return of the second order: the result is 7 + 7 + 7. */
    async function recordingAtReturn(): Promise<vscode.DebugSession> {
      const file = workspaceFile("shop.py");
      await vscode.window.showTextDocument(file, { preview: false });
      breakAt(file, 8);
      const session = await start({ recording: record("shop.py").fsPath });
      await seePlace("total:8");
      await vscode.commands.executeCommand("workbench.action.debug.continue");
      await see("result", "21", async () => (await locals())["result"]);
      return session;
    }

    /** What the menu of the variables view hands in for a local. */
    async function menuContext(name: string): Promise<object> {
      const item = vscode.debug.activeStackItem;
      assert.ok(item instanceof vscode.DebugStackFrame);
      const answer: unknown = await item.session.customRequest("scopes", { frameId: item.frameId });
      const scopes: unknown = isRecord(answer) ? answer["scopes"] : undefined;
      assert.ok(Array.isArray(scopes));
      const container: unknown = scopes.find((one) => isRecord(one) && one["name"] === "Locals");
      return { sessionId: item.session.id, container, variable: { name, value: "", variablesReference: 0 } };
    }

    it("a variable's menu goes to the write that made its value", async () => {
      await recordingAtReturn();
      await vscode.commands.executeCommand("hindsight.goToLastWrite", await menuContext("result"));
      await seePlace("total:7");
      await see("result", "14", async () => (await locals())["result"]);
      await vscode.commands.executeCommand("hindsight.goToLastWrite", await menuContext("result"));
      await see("result", "7", async () => (await locals())["result"]);
      await seePlace("total:7");
    });

    it("the expression under the cursor is asked about where there is no menu", async () => {
      const session = await recordingAtReturn();
      const editor = vscode.window.activeTextEditor;
      assert.ok(editor !== undefined);
      // `discount` in the last line of the function: an argument, written by the call.
      const at = new vscode.Position(7, 24);
      editor.selection = new vscode.Selection(at, at);
      await vscode.commands.executeCommand("hindsight.goToLastWrite");
      await see("moved", false, async () => {
        const moment: unknown = await session.customRequest("hindsight/moment");
        return isRecord(moment) && moment["step"] === 28;
      });
      await seePlace("report:15");
    });

    it("every question of the menus is answered without an error", async () => {
      const session = await recordingAtReturn();
      const before: unknown = await session.customRequest("hindsight/moment");
      const context = await menuContext("result");
      for (const name of ["showHistory", "showOrigin"])
        await vscode.commands.executeCommand(`hindsight.${name}`, context);
      const line = { lineNumber: 7, uri: workspaceFile("shop.py") };
      for (const name of ["showExecutions", "showCalls", "whyNot"])
        await vscode.commands.executeCommand(`hindsight.${name}`, line);
      for (const name of ["showExceptions", "showOutput"]) await vscode.commands.executeCommand(`hindsight.${name}`);
      assert.deepEqual(await session.customRequest("hindsight/moment"), before, "asking moves nothing");
    });

    it("values stand beside the lines up to the current one, as they are at the moment", async () => {
      await recordingAtReturn();
      const file = workspaceFile("shop.py");
      const item = vscode.debug.activeStackItem;
      assert.ok(item instanceof vscode.DebugStackFrame);
      const context = { frameId: item.frameId, stoppedLocation: new vscode.Range(7, 0, 7, 0) };
      const shown = await vscode.commands.executeCommand<vscode.InlineValue[]>(
        "vscode.executeInlineValueProvider",
        file,
        new vscode.Range(0, 0, 22, 0),
        context,
      );
      const texts = shown.map((one) => ("text" in one ? `${one.range.start.line + 1}: ${one.text}` : ""));
      assert.deepEqual(texts, [
        "5: result = 21",
        "6: prices = [7, 7, 7], price = 7",
        "7: result = 21, price = 7",
        "8: result = 21, discount = 3",
      ]);
    });

    it("without a session nothing stands beside the lines", async () => {
      const file = workspaceFile("shop.py");
      await vscode.window.showTextDocument(file, { preview: false });
      const shown = await vscode.commands.executeCommand<vscode.InlineValue[]>(
        "vscode.executeInlineValueProvider",
        file,
        new vscode.Range(0, 0, 22, 0),
        { frameId: 1, stoppedLocation: new vscode.Range(7, 0, 7, 0) },
      );
      assert.deepEqual(shown, []);
    });
  });
}
