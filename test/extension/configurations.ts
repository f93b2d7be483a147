// How a session comes to be: activation, launch without a configuration, the interpreter, what is refused.
import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import { isRecord } from "../../src/extension/answers.ts";
import { cleanUp, extension, record, see, seePlace, start, testPython, workspaceFile } from "./session.ts";

export function defineConfigurationTests(): void {
  describe("configurations", () => {
    afterEach(cleanUp);

    it("a Python file alone does not start the extension", async () => {
      await vscode.window.showTextDocument(workspaceFile("shop.py"), { preview: false });
      assert.equal(extension().isActive, false);
    });

    it("a launch configuration names the interpreter and stops on entry", async () => {
      await start({ program: workspaceFile("shop.py").fsPath, python: testPython(), stopOnEntry: true });
      await seePlace("<module>:1");
      assert.equal(extension().isActive, true);
    });

    it("without an interpreter the one on PATH is taken", async () => {
      const session = await start({ program: workspaceFile("shop.py").fsPath, stopOnEntry: true });
      await seePlace("<module>:1");
      const python: unknown = session.configuration["python"];
      assert.match(String(python), /python/);
    });

    it("an empty configuration debugs the current file", async () => {
      await vscode.window.showTextDocument(workspaceFile("shop.py"), { preview: false });
      const [folder] = vscode.workspace.workspaceFolders ?? [];
      const started = new Promise<vscode.DebugSession>((resolve) => {
        vscode.debug.onDidStartDebugSession(resolve);
      });
      // What VS Code hands in when a debugger was picked and there is no launch.json.
      const empty: unknown = { type: "hindsight" };
      assert.ok(isConfiguration(empty));
      assert.equal(await vscode.debug.startDebugging(folder, empty), true);
      const { configuration } = await started;
      const program: unknown = configuration["program"];
      assert.equal(program, workspaceFile("shop.py").fsPath);
      assert.equal(configuration.name, "Python: time travel");
    });

    it("a recording opens as a session and needs no interpreter", async () => {
      const session = await start({ recording: record("shop.py").fsPath });
      const python: unknown = session.configuration["python"];
      assert.equal(python, undefined);
      await see("active", session.id, () => vscode.debug.activeDebugSession?.id);
    });

    it("every command of the manifest is there", async () => {
      const known = new Set(await vscode.commands.getCommands(true));
      const manifest: unknown = extension().packageJSON;
      const contributes: unknown = isRecord(manifest) ? manifest["contributes"] : undefined;
      const commands: unknown = isRecord(contributes) ? contributes["commands"] : undefined;
      assert.ok(Array.isArray(commands) && commands.length > 15);
      for (const one of commands) assert.ok(isRecord(one) && known.has(String(one["command"])), JSON.stringify(one));
    });
  });
}

function isConfiguration(value: unknown): value is vscode.DebugConfiguration {
  return typeof value === "object" && value !== null && "type" in value;
}
