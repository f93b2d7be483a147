// `npm run test:ui`: installs the .vsix in a real VS Code and drives the screen. Pictures go to test/out/ui.
//   node test/run.mjs test/ui/run.ts [--vsix FILE] [--window TITLE]
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { present } from "../../src/base/assert.ts";
import { interpreters } from "../support/interpreters.ts";
import { startHost } from "../vscodeHost/host.ts";
import { Screen } from "./screen.ts";
import { windows, type OtherExtension, type WindowScenes } from "./scenes.ts";

const { values: options } = parseArgs({ options: { vsix: { type: "string" }, window: { type: "string" } } });
const out = path.resolve("test/out/ui");

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function packed(folder: string, file: string): string {
  const vsix = path.join(out, file);
  const vsce = path.resolve("node_modules/.bin/vsce");
  const args = [
    "package",
    "--no-dependencies",
    "--no-rewrite-relative-links",
    "--allow-missing-repository",
    "--skip-license",
    "-o",
    vsix,
  ];
  const result = spawnSync(vsce, args, { cwd: folder, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`${folder} was not packed: ${result.stdout}${result.stderr}`);
  return vsix;
}

/** A copy of the workspace in a folder of a plain name, with a recording that was made without an editor. */
function prepareWorkspace(python: string): string {
  const workspace = path.join(mkdtempSync(path.join(tmpdir(), "hindsight-")), "shop");
  cpSync("test/ui/workspace", workspace, { recursive: true });
  const args = [path.resolve("pytracer"), "record", "-o", "run.hindsight", "--", "shop.py"];
  const recorded = spawnSync(python, args, { cwd: workspace, encoding: "utf8" });
  if (recorded.status !== 0) say(`no recording was made: ${recorded.stdout}${recorded.stderr}`);
  writeFileSync(path.join(workspace, "damaged.hindsight"), "this is not a recording");
  return workspace;
}

interface Tools {
  readonly vsix: string;
  readonly others: ReadonlyMap<OtherExtension, string>;
  /** The interpreter of this run, called python3. */
  readonly python: string;
}

/** Plays one window. After a scene that failed the rest cannot be reached: they count as failed. */
async function playWindow(window: WindowScenes, tools: Tools): Promise<number> {
  const searchPath =
    window.withoutPython === true ? out : `${path.dirname(tools.python)}${path.delimiter}${process.env["PATH"]}`;
  const workspace = prepareWorkspace(tools.python);
  const host = await startHost({
    workspace,
    settings: window.settings ?? {},
    vsix: [tools.vsix, ...(window.others ?? []).map((other) => present(tools.others.get(other), other))],
    environment: { PATH: searchPath, HINDSIGHT_TEST_PYTHON: tools.python },
  });
  const screen = new Screen(host.page, out);
  let passed = 0;
  try {
    await host.page.goto(host.url());
    for (const scene of window.scenes) {
      await scene.play(screen);
      say(`  ok      ${window.title}: ${scene.name}`);
      passed++;
    }
  } catch (error) {
    const [failed, ...rest] = window.scenes.slice(passed);
    say(`  FAILED  ${window.title}: ${failed?.name}\n${error instanceof Error ? error.stack : String(error)}`);
    for (const scene of rest) say(`  FAILED  ${window.title}: ${scene.name} (not reached)`);
    say(await screen.report().catch(String));
    await screen.shot(`failure-${window.title.replaceAll(" ", "-")}`).catch(() => undefined);
  } finally {
    await host.stop();
    rmSync(path.dirname(workspace), { recursive: true, force: true });
  }
  return passed;
}

/** A browser on a busy machine loses a click or a page now and then: what fails gets one more try, from the start. */
async function playWindowTwiceAtMost(window: WindowScenes, tools: Tools): Promise<number> {
  const passed = await playWindow(window, tools);
  if (passed === window.scenes.length) return passed;
  say(`once more: ${window.title}`);
  return await playWindow(window, tools);
}

async function main(): Promise<number> {
  mkdirSync(out, { recursive: true });
  const python = interpreters().at(-1);
  if (python === undefined) throw new Error("no Python from 3.9 on was found");
  say(`with Python ${python.version}`);
  const tools: Tools = {
    vsix: options.vsix ?? packed(".", "hindsight.vsix"),
    others: new Map([
      ["otherDebugger", packed("test/ui/otherDebugger", "other-debugger.vsix")],
      ["pythonExtension", packed("test/ui/pythonExtension", "python-extension.vsix")],
    ]),
    python: python.path,
  };
  const chosen = windows.filter(({ title }) => options.window === undefined || title === options.window);
  let passed = 0;
  for (const window of chosen) passed += await playWindowTwiceAtMost(window, tools);
  const failed = chosen.reduce((sum, { scenes }) => sum + scenes.length, 0) - passed;
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

process.exitCode = await main();
