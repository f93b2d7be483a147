// Which asyncio tasks are there at an event, and what are they called? Coroutines that the log names as a task's own, or
// that no other recorded coroutine awaits: the event loop, which is not recorded, resumes them. A coroutine that awaits
// another suspends right after it, on the same thread.
import * as f from "../wire/format.ts";
import type { History } from "./history.ts";
import type { FrameView } from "./timeTravel.ts";
import type { Views } from "./views.ts";

export interface Task {
  /** As asyncio has it at the event; undefined where the recording does not tell. */
  readonly name: string | undefined;
  /** The task itself; 0 where the recording does not tell. */
  readonly object: number;
  /** Outermost first: each awaits the next one. */
  readonly frames: readonly FrameView[];
  readonly isRunning: boolean;
  /** Where it runs, or ran last. */
  readonly thread: number;
}

interface Coroutine {
  readonly frame: number;
  /** Its last coming or going at or before the event. */
  readonly last: number;
  readonly isSuspended: boolean;
}

const KEPT_BLOCKS = 256;

export class Tasks {
  readonly #history: History;
  readonly #views: Views;
  /** By block: the tasks that began there. */
  readonly #begun = new Map<number, ReadonlyMap<number, number>>();

  constructor(history: History, views: Views) {
    this.#history = history;
    this.#views = views;
  }

  at(event: number): readonly Task[] {
    const coroutines = this.#coroutinesAt(event);
    const byFrame = new Map(coroutines.map((one) => [one.frame, one]));
    const awaited = new Map<number, number>();
    for (const one of coroutines) {
      const awaiter = this.#awaiterOf(one, event);
      if (awaiter !== undefined && byFrame.has(awaiter)) awaited.set(one.frame, awaiter);
    }
    const roots = coroutines.filter(({ frame }) => !awaited.has(frame));
    const innerOf = new Map([...awaited].map(([inner, outer]) => [outer, inner]));
    return roots.map((root) => this.#task(event, root, innerOf));
  }

  #task(event: number, root: Coroutine, innerOf: ReadonlyMap<number, number>): Task {
    const frames: FrameView[] = [];
    for (let frame: number | undefined = root.frame; frame !== undefined; frame = innerOf.get(frame)) {
      const view = this.#views.frame(event, frame);
      if (view !== undefined) frames.push(view);
    }
    const thread = this.#history.recording.threads[this.#history.threadIndexAt(root.last)] ?? 0;
    const object = this.#taskOf(root.frame);
    return { name: this.#nameOf(event, object), object, frames, isRunning: !root.isSuspended, thread };
  }

  /** The task whose own coroutine a frame is; 0 for none. */
  #taskOf(frame: number): number {
    const { recording, index } = this.#history;
    const stated = recording.statedTask(frame);
    const number = stated === 0 ? index.frames.birthOf(frame) : -1;
    if (number < 0) return stated;
    let tasks = this.#begun.get(number);
    if (tasks === undefined) {
      tasks = this.#history.tasksBegunIn(number);
      if (this.#begun.size >= KEPT_BLOCKS) this.#begun.clear();
      if (recording.isFinal(number)) this.#begun.set(number, tasks);
    }
    return tasks.get(frame) ?? 0;
  }

  /** A task in C has it as what `get_name()` gives, one in Python in `_name`. */
  #nameOf(event: number, object: number): string | undefined {
    const view = object === 0 ? undefined : this.#views.object(event, object);
    if (view === undefined || view.completeness.kind === "notRecorded") return undefined;
    const name = view.attributes.find(([one]) => one === "get_name()" || one === "_name")?.[1];
    return name?.kind === "str" ? name.text : undefined;
  }

  /** Coroutines that have begun and not ended. */
  #coroutinesAt(event: number): readonly Coroutine[] {
    const { calls } = this.#history.index;
    const { registry } = this.#history.recording;
    const codes = new Set<number>([...registry.all()].filter(({ kind }) => kind === "coroutine").map(({ id }) => id));
    if (codes.size === 0) return [];
    return calls.frames.flatMap((frame) => {
      if (!codes.has(calls.codeOf(frame))) return [];
      const last = this.#history.frameEventBackward(event + 1, frame);
      if (last < 0) return [];
      const kind = this.#history.kindAt(last);
      if (kind === f.OP_RETURN || kind === f.OP_UNWIND || kind === f.OP_DROPPED) return [];
      return [{ frame, last, isSuspended: kind === f.OP_YIELD }];
    });
  }

  /** Below it on the stack while it runs; of a suspended one the frame that suspended right after it. */
  #awaiterOf({ frame, last, isSuspended }: Coroutine, event: number): number | undefined {
    // A task that begins at once stands on the stack of the one that made it.
    if (this.#taskOf(frame) !== 0) return undefined;
    const at = isSuspended ? last : event;
    const threadIndex = this.#history.threadIndexAt(isSuspended ? last : this.#lastOn(frame, event));
    const stack = this.#history.stack(at, threadIndex);
    if (!isSuspended) {
      const depth = stack.findIndex((live) => live.frame === frame);
      return depth > 0 ? stack[depth - 1]?.frame : undefined;
    }
    // After its YIELD the one that awaits it is on top, and yields next.
    const outer = stack.at(-1)?.frame;
    if (outer === undefined) return undefined;
    const next = this.#history.frameEventBackward(event + 1, outer);
    return next > last && this.#history.kindAt(next) === f.OP_YIELD ? outer : undefined;
  }

  #lastOn(frame: number, event: number): number {
    return this.#history.frameEventBackward(event + 1, frame);
  }
}
