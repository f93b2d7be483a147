// VS Code's screen as a person uses it: reads what stands there, clicks and types. Nothing waits for a time, all for a state.
import { isDeepStrictEqual, inspect } from "node:util";
import type { FrameLocator, Locator, Page } from "playwright-core";

const patience = 40_000;

export class Screen {
  readonly page: Page;
  readonly #shots: string;

  constructor(page: Page, shots: string) {
    this.page = page;
    this.#shots = shots;
    page.setDefaultTimeout(patience);
  }

  get #editor(): Locator {
    return this.page.locator(".editor-group-container.active .monaco-editor").first();
  }

  /** A picture in test/out/ui. */
  async shot(name: string): Promise<void> {
    await this.page.screenshot({ path: `${this.#shots}/${name}.png` });
  }

  /** A picture of a smaller window without the panel, as README.md shows it. */
  async smallShot(name: string): Promise<void> {
    await this.press("Control+J");
    await this.page.locator(".panel").first().waitFor({ state: "hidden" });
    await this.shotOfSize(name, 1260, 690);
    await this.press("Control+J");
  }

  /** A picture of a smaller window. */
  async shotOfSize(name: string, width: number, height: number): Promise<void> {
    const size = this.page.viewportSize();
    await this.page.setViewportSize({ width, height });
    await this.page.mouse.move(200, 15);
    // The layout follows the new size with an animation.
    await this.page.waitForTimeout(800);
    await this.shot(name);
    if (size !== null) await this.page.setViewportSize(size);
  }

  /** Waits until `read` answers `wanted`; what was read last is in the error. */
  async see<T>(what: string, wanted: T, read: () => Promise<T>): Promise<void> {
    const end = Date.now() + patience;
    let seen: unknown;
    while (Date.now() < end) {
      try {
        seen = await read();
        if (isDeepStrictEqual(seen, wanted)) return;
      } catch (error) {
        seen = error;
      }
      await this.page.waitForTimeout(50);
    }
    throw new Error(`${what}: wanted ${inspect(wanted)}, saw ${inspect(seen)}`);
  }

  /** Double clicks until the file's tab is there: a banner that comes above the rows moves them under the pointer. */
  async openFile(name: string): Promise<void> {
    const tab = this.page.locator(".tab.active", { hasText: name }).first();
    for (let tries = 0; !(await tab.isVisible()); tries++) {
      if (tries === 5) throw new Error(`${name} did not open`);
      await this.page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }).dblclick();
      await tab.waitFor({ timeout: 5000 }).catch(() => undefined);
    }
  }

  /** What stands on the screen, for the report of a failure: tabs, notifications and the text of the pages in editors. */
  async report(): Promise<string> {
    const parts = [
      ["tabs", await this.page.locator(".tab").allInnerTexts()],
      ["notifications", await this.page.locator(".notification-toast").allInnerTexts()],
      ["instead of a file", await this.page.locator(".monaco-editor-pane-placeholder").allInnerTexts()],
    ] as const;
    const frames = this.page.frames().filter((frame) => frame.url().includes("/fake.html"));
    const pages = await Promise.all(
      frames.map(async (frame) => {
        const text = await frame.evaluate("document.body?.innerText ?? ''").catch(String);
        return String(text).slice(0, 500);
      }),
    );
    return [...parts.map(([what, texts]) => `${what}: ${inspect(texts)}`), `pages: ${inspect(pages)}`].join("\n");
  }

  /**
   * Opens a recording in our editor. VS Code takes up an extension's contributions one after the other while it starts;
   * until it has come to editors, it says instead that it cannot show the file: then a person closes the tab and opens
   * the file once more.
   */
  async openRecording(name: string): Promise<void> {
    // The session that starts may cover the page with the program's file.
    const opened = this.page.locator("iframe.webview, .debug-toolbar");
    const cannotShow = this.page.locator(".monaco-editor-pane-placeholder");
    const end = Date.now() + patience;
    while (Date.now() < end) {
      await this.openFile(name);
      await opened.or(cannotShow).first().waitFor({ state: "attached" });
      if (!(await cannotShow.isVisible())) return;
      await this.page.locator('.tab.active .tab-actions [aria-label^="Close"]').click();
      await this.page.locator(".tab", { hasText: name }).waitFor({ state: "detached" });
      await cannotShow.waitFor({ state: "detached" });
    }
    throw new Error(`${name} opens in no editor of ours`);
  }

  /** Opens a Python file and waits until the extensions are known, ours too: before that a gutter click does nothing. */
  async openPython(name: string): Promise<void> {
    await this.openFile(name);
    await this.page.locator(".statusbar-item", { hasText: /^Python$/ }).waitFor();
    await this.runButton.waitFor();
  }

  /** Our button in the title of a Python file's editor. */
  get runButton(): Locator {
    return this.page.locator('.editor-actions [aria-label^="Time-Travel Debug Python File"]').first();
  }

  /** Clicks left of the line number until the dot is there. */
  async setBreakpoint(line: number): Promise<void> {
    const dots = this.#editor.locator(".codicon-debug-breakpoint");
    const before = await dots.count();
    for (let tries = 0; (await dots.count()) === before; tries++) {
      if (tries === 5) throw new Error(`no breakpoint on line ${line}`);
      const number = await this.#lineNumber(line).boundingBox();
      const margin = await this.#editor.locator(".margin-view-overlays").boundingBox();
      if (number === null || margin === null) throw new Error(`line ${line} is not on the screen`);
      await this.page.mouse.click(margin.x + 10, number.y + number.height / 2);
      await dots
        .nth(before)
        .waitFor({ timeout: 2000 })
        .catch(() => undefined);
    }
  }

  #lineNumber(line: number): Locator {
    return this.#editor.locator(".margin-view-overlays .line-numbers", { hasText: new RegExp(`^${line}$`) }).first();
  }

  /** The line number at the height of the first of the elements; 0 when there is none. */
  async #lineBeside(elements: Locator): Promise<number> {
    const heights = await elements.evaluateAll((found) =>
      found.map((one) => one.getBoundingClientRect().y + one.getBoundingClientRect().height / 2),
    );
    const [height] = heights;
    const numbers = await this.#editor.locator(".margin-view-overlays .line-numbers").evaluateAll((found) =>
      found.map((one) => ({
        line: Number(one.textContent),
        height: one.getBoundingClientRect().y + one.getBoundingClientRect().height / 2,
      })),
    );
    return numbers.find((one) => height !== undefined && Math.abs(one.height - height) < 4)?.line ?? 0;
  }

  /** The yellow arrow and the yellow band stand on this line. */
  async seeStoppedAt(line: number): Promise<void> {
    await this.see(`stopped at line ${line}`, [line, line], async () => [
      await this.#lineBeside(this.#editor.locator(".codicon-debug-stackframe")),
      await this.#lineBeside(this.#editor.locator(".debug-top-stack-frame-line")),
    ]);
  }

  /** The named rows of the Variables view, as far as they are on the screen. */
  async seeVariables(wanted: Readonly<Record<string, string>>): Promise<void> {
    await this.#expandLocals();
    await this.see("variables", wanted, async () => {
      const rows = await this.page.locator(".debug-variables .monaco-list-row .expression").evaluateAll((elements) =>
        elements.map((row) => ({
          name: (row.querySelector(".name")?.textContent ?? "").replace(/\s*[=:]\s*$/, "").trim(),
          value: (row.querySelector(".value")?.textContent ?? "").trim(),
        })),
      );
      const shown = rows.filter(({ name }) => name in wanted).map(({ name, value }) => [name, value] as const);
      return Object.fromEntries(shown);
    });
  }

  /** Which scope VS Code expands by itself differs from version to version. */
  async #expandLocals(): Promise<void> {
    const locals = this.page.locator(".debug-variables .monaco-list-row", { hasText: "Locals" }).first();
    await locals.waitFor();
    if ((await locals.getAttribute("aria-expanded")) === "false") await locals.click();
  }

  /** Names of functions in the Call Stack view, innermost first. */
  async seeStack(wanted: readonly string[]): Promise<void> {
    await this.see("call stack", wanted, () =>
      this.page.locator(".debug-call-stack .monaco-list-row .stack-frame .label").allInnerTexts(),
    );
  }

  /** A button of the debug toolbar, by the beginning of its label. */
  toolbarButton(label: string): Locator {
    return this.page.locator(`.debug-toolbar .action-label[aria-label^="${label}"]`);
  }

  async clickToolbar(label: string): Promise<void> {
    await this.toolbarButton(label).first().click();
  }

  async seeToolbar(shown: boolean): Promise<void> {
    await this.page.locator(".debug-toolbar").waitFor({ state: shown ? "visible" : "hidden" });
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  /** The text of our status bar item; undefined while it is hidden. */
  async status(): Promise<string | undefined> {
    const item = this.page.locator('.statusbar-item[id*="hindsight.moment"]');
    if ((await item.count()) === 0 || !(await item.first().isVisible())) return undefined;
    return (await item.first().innerText()).trim();
  }

  async seeStatus(wanted: RegExp): Promise<string> {
    await this.see(`status bar ${String(wanted)}`, true, async () => wanted.test((await this.status()) ?? ""));
    return (await this.status()) ?? "";
  }

  async clickStatus(): Promise<void> {
    await this.page.locator('.statusbar-item[id*="hindsight.moment"] a').first().click();
  }

  get quickInput(): Locator {
    return this.page.locator(".quick-input-widget input");
  }

  /** Evaluates in the debug console and returns what it answers. */
  async evaluate(expression: string): Promise<string> {
    const input = this.page.locator(".repl-input-wrapper .monaco-editor").first();
    // The key shows the console, and hides it when it has the focus.
    if (!(await input.isVisible())) await this.press("Control+Shift+Y");
    const answers = this.page.locator(".repl .evaluation-result, .repl .output.expression.value-and-source");
    const before = await answers.count();
    await input.click();
    await this.page.keyboard.type(expression);
    await this.press("Escape");
    await this.press("Enter");
    await answers.nth(before).waitFor();
    return (await answers.nth(before).innerText()).trim();
  }

  /** Points at a word of a line, as for its value. */
  async hoverOver(line: number, word: string): Promise<void> {
    await (await this.#wordOn(line, word)).hover();
  }

  async #wordOn(line: number, word: string): Promise<Locator> {
    const row = this.#editor.locator(".view-line", { hasText: word });
    const number = await this.#lineNumber(line).boundingBox();
    for (const one of await row.all()) {
      const box = await one.boundingBox();
      if (box !== null && number !== null && Math.abs(box.y - number.y) <= 4) return one.getByText(word).first();
    }
    throw new Error(`${word} is not on line ${line}`);
  }

  // Menus, values beside lines, our views.

  /** A right click on a variable of the variables view. */
  async openVariableMenu(name: string): Promise<void> {
    await this.#expandLocals();
    const rows = this.page.locator(".debug-variables .monaco-list-row .expression .name");
    await rows
      .filter({ hasText: new RegExp(`^${name}\\s*[=:]?\\s*$`) })
      .first()
      .click({ button: "right" });
    await this.#menuItems.first().waitFor();
  }

  /** A right click on a watch. */
  async openWatchMenu(name: string): Promise<void> {
    const row = this.page.locator(".debug-watch .monaco-list-row .expression .name", { hasText: name });
    await row.first().click({ button: "right" });
    await this.#menuItems.first().waitFor();
  }

  /** A right click on a word of a line. */
  async openEditorMenu(line: number, word: string): Promise<void> {
    await (await this.#wordOn(line, word)).click({ button: "right" });
    await this.#menuItems.first().waitFor();
  }

  /** A right click on a line's number. */
  async openLineMenu(line: number): Promise<void> {
    await this.#lineNumber(line).click({ button: "right" });
    await this.#menuItems.first().waitFor();
  }

  get #menuItems(): Locator {
    return this.page.locator(".context-view .monaco-menu .action-label, .monaco-menu-container .action-label");
  }

  /** A menu that has just opened takes no click yet. */
  async clickMenu(...labels: readonly string[]): Promise<void> {
    for (const label of labels) await this.#menuItems.filter({ hasText: label }).first().hover();
    const item = this.#menuItems.filter({ hasText: labels.at(-1) ?? "" }).first();
    await this.see("menu closed", false, async () => {
      if (await item.isVisible()) await item.click();
      await this.page.waitForTimeout(200);
      return await item.isVisible();
    });
  }

  /** The text behind a line. */
  async seeBeside(line: number, wanted: string): Promise<void> {
    await this.see(`beside line ${line}`, true, async () =>
      (await this.#lineText(line)).replaceAll("\u00a0", " ").includes(wanted),
    );
  }

  async #lineText(line: number): Promise<string> {
    const number = await this.#lineNumber(line).boundingBox();
    for (const row of await this.#editor.locator(".view-line").all()) {
      const box = await row.boundingBox();
      if (box !== null && number !== null && Math.abs(box.y - number.y) <= 4) return await row.innerText();
    }
    return "";
  }

  /** The rows of the results view. */
  get #results(): Locator {
    return this.page.locator(".panel .pane-body .monaco-list-row");
  }

  /** Labels of the answers below a question, as far as they are on the screen. */
  async seeResults(title: string, wanted: readonly string[]): Promise<void> {
    await this.see(`results of ${title}`, wanted, async () => {
      const rows = await this.#rowsOf(this.#results);
      const start = rows.findIndex(({ label }) => label === title);
      const behind = start === -1 ? [] : rows.slice(start + 1);
      const end = behind.findIndex(({ level }) => level === 1);
      const list = end === -1 ? behind : behind.slice(0, end);
      return list.filter(({ level }) => level === 2).map(({ label }) => label);
    });
  }

  async #rowsOf(rows: Locator): Promise<readonly { readonly label: string; readonly level: number }[]> {
    return await rows.evaluateAll((elements) =>
      elements.map((row) => ({
        label: (row.querySelector(".label-name")?.textContent ?? "").trim(),
        level: Number(row.getAttribute("aria-level")),
      })),
    );
  }

  /** At least one answer stands below a question. */
  async seeResultsBegin(title: string): Promise<void> {
    await this.see(`results of ${title}`, [1, 2], async () => {
      const rows = await this.#rowsOf(this.#results);
      const start = rows.findIndex(({ label }) => label === title);
      return start === -1 ? [] : rows.slice(start, start + 2).map(({ level }) => level);
    });
  }

  async clickResult(label: string): Promise<void> {
    await this.#results
      .filter({ has: this.page.getByText(label, { exact: true }) })
      .first()
      .click();
  }

  get #calls(): Locator {
    return this.page.locator('.pane:has(.pane-header[aria-label*="Call Tree"]) .pane-body .monaco-list-row');
  }

  /** The call tree, opened when it is not. */
  async openCallTree(): Promise<void> {
    const header = this.page.locator('.pane-header[aria-label*="Call Tree"]').first();
    if ((await header.getAttribute("aria-expanded")) !== "true") await header.click();
    await this.#calls.first().waitFor();
  }

  /** Calls on the screen, each behind as many spaces as it is deep. */
  async seeCalls(wanted: readonly string[]): Promise<void> {
    await this.see("call tree", wanted, async () =>
      (await this.#rowsOf(this.#calls)).map(({ label, level }) => " ".repeat(level - 1) + label),
    );
  }

  /** The call with the arrow: where the debugger stands. */
  async seeCurrentCall(wanted: string): Promise<void> {
    const arrow = this.page.locator(".codicon-debug-stackframe");
    await this.see("current call", [wanted], async () => {
      const rows = await this.#rowsOf(this.#calls.filter({ has: arrow }));
      return rows.map(({ label }) => label);
    });
  }

  async searchCalls(text: string): Promise<void> {
    await this.runCommand("Hindsight: Search Calls");
    await this.quickInput.fill(text);
    await this.press("Enter");
  }

  /** The button in the view's title, which shows while the pointer is there. */
  async clearCallSearch(): Promise<void> {
    const header = this.page.locator('.pane-header[aria-label*="Call Tree"]').first();
    await header.hover();
    await header.locator('.action-label[aria-label^="Clear Search"]').click();
  }

  /** A command of the palette. */
  async runCommand(name: string): Promise<void> {
    await this.press("F1");
    await this.quickInput.fill(`>${name}`);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().waitFor();
    await this.press("Enter");
  }

  /** By the menu of the line's number. */
  async addLogPoint(line: number, message: string): Promise<void> {
    await this.openLineMenu(line);
    await this.clickMenu("Add Logpoint");
    await this.page.locator(".breakpoint-widget .monaco-editor.focused").first().waitFor();
    await this.page.keyboard.type(message);
    await this.press("Enter");
  }

  async clickCall(label: string): Promise<void> {
    await this.#calls.filter({ hasText: label }).first().click();
  }

  /** The page inside the editor of a recording. */
  get recordingPage(): FrameLocator {
    return this.page.frameLocator("iframe.webview").frameLocator("iframe#active-frame");
  }
}
