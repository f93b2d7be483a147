// Which history is answered from, while a bounded recording drops its beginning? The one over both parts. Beside it grows
// one over the newer part alone, which takes its place when the older part is gone: nothing has to be read again then.
import { UserError } from "../base/errors.ts";
import type { ByteSource } from "../wire/byteSource.ts";
import { PartedFile } from "../wire/partedFile.ts";
import type { History } from "./history.ts";

export class RecordedParts {
  readonly #historyOf: (bytes: ByteSource) => History;
  /** Undefined for bytes that do not come from files with parts. */
  #files: PartedFile | undefined;
  /** Why the history is not all that the files hold; undefined when it is. */
  #loss: string | undefined;
  #next: { readonly history: History; readonly files: PartedFile } | undefined;

  /** `file`: what the history that is answered from first reads. */
  constructor(file: ByteSource, historyOf: (bytes: ByteSource) => History) {
    this.#files = file instanceof PartedFile ? file : undefined;
    this.#historyOf = historyOf;
  }

  get loss(): string | undefined {
    return this.#loss;
  }

  /** The history to answer from now: `history`, or the one that takes its place; then `history` is closed. */
  follow(history: History): History {
    const oldest = this.#files?.oldestPart();
    if (this.#files === undefined || oldest === undefined) return history;
    const { meta, newestPart, damage } = history.recording;
    const isCutOff = damage !== undefined && meta.part === newestPart && this.#files.newestPart > newestPart;
    if (isCutOff) this.#loss = `The older part of the recording is damaged and left out. ${damage.sentence}`;
    if (oldest > meta.part || isCutOff) return this.#replaced(history, isCutOff ? newestPart + 1 : oldest);
    if (newestPart > meta.part) this.#follows();
    return history;
  }

  close(): void {
    this.#next?.history.recording.close();
    this.#next = undefined;
  }

  #follows(): void {
    const files = this.#next === undefined ? this.#files?.newestAlone() : undefined;
    if (files !== undefined) this.#next = { files, history: this.#historyOf(files) };
    this.#next?.history.refresh();
  }

  #replaced(history: History, part: number): History {
    if (this.#next === undefined) this.#follows();
    const next = this.#next?.history.recording.meta.part === part ? this.#next : this.#openedAgain();
    if (next === undefined) return history;
    if (next !== this.#next) this.close();
    this.#next = undefined;
    this.#files = next.files;
    next.history.refresh();
    history.recording.close();
    return next.history;
  }

  #openedAgain(): { readonly history: History; readonly files: PartedFile } | undefined {
    try {
      const files = this.#files?.reopened();
      return files === undefined ? undefined : { files, history: this.#historyOf(files) };
    } catch (error) {
      // It went away or is written at this moment: what is open serves until the next look.
      if (error instanceof UserError || (error instanceof Error && "code" in error)) return undefined;
      throw error;
    }
  }
}
