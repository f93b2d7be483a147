// When did each thread live? From its first event to its THREAD_END; a thread's id may come again after that.

import { type ColumnReader, type ColumnWriter, writeRows } from "../base/columnStream.ts";
import type { ThreadState } from "./eventIndex.ts";

interface Life {
  readonly threadIndex: number;
  readonly first: number;
  /** Event number of THREAD_END. */
  end: number | undefined;
}

interface Name {
  readonly threadIndex: number;
  readonly event: number;
  readonly name: string;
}

/** Threads by dense index. */
export class ThreadLives {
  readonly #lives: Life[] = [];
  readonly #names: Name[] = [];
  readonly #running = new Map<number, Life>();

  /** All threads that had an event, in the order in which they first had one. */
  at(event: number): readonly ThreadState[] {
    const all = [...new Set(this.#lives.map((life) => life.threadIndex))];
    return all.map((threadIndex) => ({
      threadIndex,
      name: this.#nameAt(threadIndex, event),
      isAlive: event >= 0 && this.isAlive(threadIndex, event),
    }));
  }

  /** True from its first event on, up to its THREAD_END. */
  isAlive(threadIndex: number, event: number): boolean {
    return this.#lives.some(
      (life) => life.threadIndex === threadIndex && life.first <= event && (life.end === undefined || event < life.end),
    );
  }

  /** Index 0 stands for events before any thread is named. */
  seen(threadIndex: number, event: number): void {
    if (threadIndex === 0 || this.#running.has(threadIndex)) return;
    const life: Life = { threadIndex, first: event, end: undefined };
    this.#lives.push(life);
    this.#running.set(threadIndex, life);
  }

  started(threadIndex: number, event: number, name: string): void {
    this.seen(threadIndex, event);
    this.#names.push({ threadIndex, event, name });
  }

  ended(threadIndex: number, event: number): void {
    const life = this.#running.get(threadIndex);
    if (life === undefined) return;
    life.end = event;
    this.#running.delete(threadIndex);
  }

  save(to: ColumnWriter): void {
    writeRows(
      to,
      3,
      this.#lives.map(({ threadIndex, first, end }) => [threadIndex, first, end ?? -1]),
    );
    writeRows(
      to,
      2,
      this.#names.map(({ threadIndex, event }) => [threadIndex, event]),
    );
    for (const { name } of this.#names) to.text(name);
  }

  load(from: ColumnReader): void {
    const lives = from.rows(3, ([threadIndex = 0, first = 0, end = 0]) => ({
      threadIndex,
      first,
      end: end < 0 ? undefined : end,
    }));
    this.#lives.push(...lives);
    for (const life of lives) if (life.end === undefined) this.#running.set(life.threadIndex, life);
    const names = from.rows(2, ([threadIndex = 0, event = 0]) => ({ threadIndex, event }));
    for (const name of names) this.#names.push({ ...name, name: from.text() });
  }

  /** Takes back everything from `event` on. */
  removeFrom(event: number): void {
    while ((this.#names.at(-1)?.event ?? -1) >= event) this.#names.pop();
    while ((this.#lives.at(-1)?.first ?? -1) >= event) this.#lives.pop();
    this.#running.clear();
    for (const life of this.#lives) {
      if (life.end !== undefined && life.end >= event) life.end = undefined;
      if (life.end === undefined) this.#running.set(life.threadIndex, life);
    }
  }

  /** The newest name at `event`, else its first one; empty when it never had any. */
  #nameAt(threadIndex: number, event: number): string {
    const names = this.#names.filter((entry) => entry.threadIndex === threadIndex);
    return (names.findLast((entry) => entry.event <= event) ?? names[0])?.name ?? "";
  }
}
