// Which line made an event? The line that stood in the innermost frame before it, at the moment before that line ran.
import type { LiveFrame } from "../recording/blockFrames.ts";
import * as f from "../wire/format.ts";
import type { History } from "./history.ts";
import type { FrameView, Moment } from "./timeTravel.ts";
import type { Views } from "./views.ts";

/** A line of the program in its frame, before it runs. */
export interface Site {
  readonly event: number;
  readonly moment: Moment;
  readonly thread: number;
  /** Undefined where no recorded code stood on the thread's stack. */
  readonly frame: FrameView | undefined;
}

export class Sites {
  readonly #history: History;
  readonly #views: Views;

  constructor(history: History, views: Views) {
    this.#history = history;
    this.#views = views;
  }

  /** The line that made the event; of a CALL the caller's, of a thread's first CALL the first line of what is called. */
  of(event: number): Site {
    const threadIndex = this.#history.threadIndexAt(event);
    const top = this.#history.stack(event - 1, threadIndex).at(-1);
    if (top === undefined) {
      const first = this.#history.kindAt(event) === f.OP_CALL ? this.firstLineOf(this.frameAt(event)) : -1;
      return first < 0 ? this.#nowhere(event, threadIndex) : this.atLine(first);
    }
    const line = this.#history.lineEvent(top.line1 - 1);
    return line < 0 ? this.#beforeFirstLine(event, top) : this.atLine(line);
  }

  /** The line at which an object was first seen; undefined for one that was there before the history begins. */
  ofBirth(object: number): Site | undefined {
    if (this.#history.recording.isEarlierObject(object)) return undefined;
    const number = this.#history.index.objects.firstAtLeast(object, 0);
    if (number < 0) return undefined;
    const block = this.#history.recording.block(number);
    return this.of(block.firstEvent + (block.rowsOfObject(object)[0] ?? 0));
  }

  /** A LINE event. */
  atLine(event: number): Site {
    return this.at(event, this.frameAt(event));
  }

  /** A frame as it stands at an event. */
  at(event: number, frame: number): Site {
    return {
      event,
      moment: this.#history.momentOf(event),
      thread: this.#threadId(this.#history.threadIndexAt(event)),
      frame: this.#views.frame(event, frame),
    };
  }

  /** The frame that an event is about. */
  frameAt(event: number): number {
    const block = this.#history.blockAt(event);
    return block.events.subject[event - block.firstEvent] ?? 0;
  }

  /** Event number of the frame's first LINE; -1 for none. */
  firstLineOf(frame: number): number {
    return this.#history.findForward(
      this.#history.index.frames,
      frame,
      -1,
      ({ kind, subject }, row) => subject[row] === frame && kind[row] === f.OP_LINE_AT,
    );
  }

  /** A frame that has run no line that is kept: its generator was made, or its arguments were bound. */
  #beforeFirstLine(event: number, top: LiveFrame): Site {
    return this.at(event - 1, top.frame);
  }

  #nowhere(event: number, threadIndex: number): Site {
    return {
      event,
      moment: this.#history.momentOf(event),
      thread: this.#threadId(threadIndex),
      frame: undefined,
    };
  }

  #threadId(threadIndex: number): number {
    return this.#history.recording.threads[threadIndex] ?? 0;
  }
}
