// The wait for the index of a recording that is looked at meanwhile. It is taken over between two requests, or by the one
// that waits for it: no request sees a part of its answer without it and another part with it.
import { NotIndexedYet } from "../base/errors.ts";
import type { Indexing } from "../node/openInBackground.ts";
import type { SearchEnd } from "./longSearch.ts";

export class IndexWait {
  readonly #enqueue: (job: () => Promise<void>) => void;
  readonly #taken: () => void;
  readonly #waits: () => void;
  #indexing: Indexing | undefined;
  #isTaken = false;
  #leave: (() => void) | undefined;

  /**
   * `enqueue` puts a job between requests; `taken` is called when everything can be asked, `waits` when a movement begins
   * to wait.
   */
  constructor(enqueue: (job: () => Promise<void>) => void, taken: () => void, waits: () => void) {
    this.#enqueue = enqueue;
    this.#taken = taken;
    this.#waits = waits;
  }

  begin(indexing: Indexing): void {
    this.#indexing = indexing;
    void this.#takeLater(indexing);
  }

  async #takeLater(indexing: Indexing): Promise<void> {
    const isDone = await indexing.ended;
    if (!isDone) return;
    this.#enqueue(() => {
      this.#take();
      return Promise.resolve();
    });
  }

  /** Whether a movement stands still because of it. */
  get isWaited(): boolean {
    return this.#leave !== undefined;
  }

  /** Asks once what needs no index, and again when there is one. */
  async answer<Answer>(ask: () => Answer | Promise<Answer>): Promise<SearchEnd<Answer>> {
    try {
      return { kind: "found", result: await ask() };
    } catch (error) {
      if (!(error instanceof NotIndexedYet)) throw error;
    }
    return (await this.#whole()) ? { kind: "found", result: await ask() } : { kind: "left" };
  }

  /** Ends a wait without the index. */
  leave(): void {
    this.#leave?.();
  }

  /** The session is over: nothing is taken over any more. */
  forget(): void {
    this.#indexing = undefined;
    this.leave();
  }

  async #whole(): Promise<boolean> {
    const indexing = this.#indexing;
    // A search that began before may meet its end now.
    if (indexing === undefined) return this.#isTaken;
    const left = new Promise<boolean>((resolve) => {
      this.#leave = () => resolve(false);
    });
    this.#waits();
    const isDone = await Promise.race([indexing.ended, left]);
    this.#leave = undefined;
    if (isDone) this.#take();
    return isDone;
  }

  #take(): void {
    const indexing = this.#indexing;
    if (indexing === undefined) return;
    this.#indexing = undefined;
    indexing.complete();
    this.#isTaken = true;
    this.#taken();
  }
}
