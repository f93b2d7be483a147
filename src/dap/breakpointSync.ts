// After a change of breakpoints: the running program is told, hits of the past are counted for it, and log points print
// what the past has for them. Each message of a log point is printed once, by the adapter for what is recorded already,
// by Python for what comes.
import type { Breakpoints, LoggedMessage, LogPoint, Moment, Searching, TimeTravel } from "../travel/timeTravel.ts";
import type { BreakpointBook } from "./breakpointBook.ts";
import type { LiveProgram } from "./liveProgram.ts";
import type { Sources } from "./sources.ts";

export interface SyncHost {
  readonly travel: TimeTravel;
  readonly sources: Sources;
  readonly live: LiveProgram | undefined;
  /** Undefined when the search was left. */
  readonly search: <Result>(begin: () => Searching<Result>) => Promise<Result | undefined>;
  readonly print: (message: LoggedMessage) => void;
  /** Throws when the session has ended and its recording is closed. */
  readonly requireOpen: () => void;
}

export class BreakpointSync {
  readonly #book: BreakpointBook;
  /** By what a log point is: up to where it has printed. */
  readonly #printed = new Map<string, Moment>();
  #active: readonly LogPoint[] = [];

  constructor(book: BreakpointBook) {
    this.#book = book;
  }

  /** For movements. */
  stops(sources: Sources): Breakpoints {
    return this.#book.breakpoints(sources).stops;
  }

  async changed(host: SyncHost): Promise<void> {
    const { travel, live } = host;
    const runs = live !== undefined && live.state !== "ended";
    if (runs) {
      await live.setBreakpoints(this.#book.orders());
      // While Python was asked the session may have ended.
      host.requireOpen();
      travel.refresh();
      // Python has printed for these up to now.
      for (const point of this.#active) this.#printed.set(keyOf(point), travel.last);
    }
    const { stops, logs } = this.#book.breakpoints(host.sources);
    if (runs) await live.setHits(await this.#hits(host, [...stops, ...logs]));
    this.#active = logs;
    for (const point of logs) await this.#printPast(host, point);
  }

  async #printPast(host: SyncHost, point: LogPoint): Promise<void> {
    const key = keyOf(point);
    const { travel } = host;
    const to = travel.last;
    if (travel.summary.steps > 0) {
      const messages = await host.search(() => travel.logged(point, this.#printed.get(key), to));
      if (messages === undefined) return;
      for (const message of messages) host.print(message);
      this.#printed.set(key, to);
    }
  }

  /** Breakpoints of one id stand under all names that the recording has for a file. */
  async #hits(host: SyncHost, breakpoints: Breakpoints): Promise<readonly (readonly [id: number, count: number])[]> {
    const { travel } = host;
    const counts = new Map<number, number>();
    for (const one of breakpoints) {
      if (one.hitCondition === undefined || travel.summary.steps === 0) continue;
      const count = await host.search(() => travel.hitCount(one, travel.last));
      counts.set(one.id, (counts.get(one.id) ?? 0) + (count ?? 0));
    }
    return [...counts];
  }
}

function keyOf({ id, place, condition, hitCondition, message }: LogPoint): string {
  return JSON.stringify([id, place, condition, hitCondition, message]);
}
