// What the language server shows of a recording: lenses and hovers, through VS Code's own providers.
import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import { breakAt, cleanUp, record, see, seePlace, start, testPython, workspaceFile } from "./session.ts";

export function defineCountTests(): void {
  describe("counts", () => {
    afterEach(cleanUp);

    async function lenses(file: vscode.Uri): Promise<string[]> {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", file);
      return found.map(({ range, command }) => `${range.start.line + 1}: ${command?.title}`).toSorted();
    }

    async function hover(file: vscode.Uri, line: number): Promise<string[]> {
      const found = await vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        file,
        new vscode.Position(line - 1, 8),
      );
      const contents = found.flatMap((one) => one.contents);
      return contents.map((one) => (typeof one === "string" ? one : one.value)).filter((text) => text.includes("ran"));
    }

    it("each function of a recording has a lens with how often it ran, each line a hover", async () => {
      const file = workspaceFile("shop.py");
      await vscode.window.showTextDocument(file, { preview: false });
      await start({ recording: record("shop.py").fsPath });
      await see("lenses", ["11: ran once", "4: ran 2 times"], () => lenses(file));
      assert.deepEqual(await hover(file, 7), ["This line ran 5 times."]);
      assert.deepEqual(await hover(file, 8), ["This line ran 2 times."]);
      assert.deepEqual(await hover(file, 3), []);
    });

    it("the counts of a live run grow with it", async () => {
      const file = workspaceFile("shop.py");
      await vscode.window.showTextDocument(file, { preview: false });
      breakAt(file, 8);
      await start({ program: file.fsPath, python: testPython() });
      await seePlace("total:8");
      await see("lenses", ["11: ran once", "4: ran once"], () => lenses(file));
      await vscode.commands.executeCommand("workbench.action.debug.continue");
      await see("lenses", ["11: ran once", "4: ran 2 times"], () => lenses(file));
    });

    it("an edited file has no counts, and the same text again has them", async () => {
      const file = workspaceFile("shop.py");
      const editor = await vscode.window.showTextDocument(file, { preview: false });
      await start({ recording: record("shop.py").fsPath });
      await see("lenses", 2, async () => (await lenses(file)).length);
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "# edited\n"));
      await see("lenses", [], () => lenses(file));
      await vscode.commands.executeCommand("workbench.action.files.revert");
      await see("lenses", 2, async () => (await lenses(file)).length);
    });

    it("without a session there is nothing", async () => {
      const file = workspaceFile("shop.py");
      await vscode.window.showTextDocument(file, { preview: false });
      await see("lenses", [], () => lenses(file));
      assert.deepEqual(await hover(file, 7), []);
    });
  });
}
