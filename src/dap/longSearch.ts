// Searches that may take long: they run in slices, so that `pause` and `cancel` get their turn, and tell how far they are.
import type { Searching } from "../travel/timeTravel.ts";

const sliceMilliseconds = 12;
const patienceMilliseconds = 500;
const reportMilliseconds = 250;

export type SearchEnd<Result> = { readonly kind: "found"; readonly result: Result } | { readonly kind: "left" };

/** What a search is told to whoever watches it. `position` counts in events of the recording. */
export interface SearchReports {
  readonly begins: () => void;
  readonly comesTo: (position: number) => void;
  readonly ends: () => void;
}

/** One search at a time. */
export class LongSearches {
  #leave: (() => void) | undefined;

  get isSearching(): boolean {
    return this.#leave !== undefined;
  }

  /** Ends the search that runs, without a result. */
  leave(): void {
    this.#leave?.();
  }

  async run<Result>(searching: Searching<Result>, reports: SearchReports): Promise<SearchEnd<Result>> {
    let isLeft = false;
    this.#leave = () => {
      isLeft = true;
    };
    const started = performance.now();
    let reported: number | undefined;
    try {
      let slice = started;
      for (;;) {
        const step = searching.next();
        if (step.done === true) return { kind: "found", result: step.value };
        const now = performance.now();
        if (now - slice < sliceMilliseconds) continue;
        if (reported === undefined && now - started >= patienceMilliseconds) {
          reports.begins();
          reported = now;
        } else if (reported !== undefined && now - reported >= reportMilliseconds) {
          reports.comesTo(step.value);
          reported = now;
        }
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        if (isLeft) return { kind: "left" };
        slice = performance.now();
      }
    } finally {
      this.#leave = undefined;
      if (reported !== undefined) reports.ends();
    }
  }
}
