// Which open editors of recordings have started their session already? A window reload restores the editors, and must
// not start the sessions again; closing an editor forgets, so that the next double click starts one.
import * as vscode from "vscode";

const key = "hindsight.startedRecordings";

export class StartedRecordings implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #viewType: string;
  readonly #closing: vscode.Disposable;

  constructor(memory: vscode.Memento, viewType: string) {
    this.#memory = memory;
    this.#viewType = viewType;
    // Also forgets those that were closed while the extension was not active.
    void this.#keepOpen();
    this.#closing = vscode.window.tabGroups.onDidChangeTabs(async ({ closed }) => {
      if (closed.length > 0) await this.#keepOpen();
    });
  }

  /** True once for each opening of a recording. */
  async isFirstOpening(recording: vscode.Uri): Promise<boolean> {
    const started = this.#started();
    if (started.includes(recording.toString())) return false;
    await this.#memory.update(key, [...started, recording.toString()]);
    return true;
  }

  #started(): readonly string[] {
    return this.#memory.get<readonly string[]>(key, []);
  }

  async #keepOpen(): Promise<void> {
    const inputs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }): unknown => input));
    const open = new Set(inputs.map((input) => this.#recordingOf(input)));
    await this.#memory.update(
      key,
      this.#started().filter((recording) => open.has(recording)),
    );
  }

  #recordingOf(input: unknown): string | undefined {
    const ours = input instanceof vscode.TabInputCustom && input.viewType === this.#viewType;
    return ours ? input.uri.toString() : undefined;
  }

  dispose(): void {
    this.#closing.dispose();
  }
}
