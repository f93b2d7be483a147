// How are moments, values and calls of the past told? As the requests of `protocol/historyRequests.ts` say.
import type {
  CallInHistory,
  MomentOfHistory,
  OriginHop,
  OriginOperand,
  PlaceInHistory,
  ValueInHistory,
  WriteInHistory,
} from "../protocol/historyRequests.ts";
import type { Call } from "../travel/calls.ts";
import type { Hop, SeenOperand } from "../travel/origin.ts";
import type { Write } from "../travel/placeWrites.ts";
import type { Site } from "../travel/sites.ts";
import type { Moment, Value } from "../travel/timeTravel.ts";
import type { RecordingView } from "./recordingView.ts";

const shortLimit = 300;

export class PastPresentation {
  readonly #view: RecordingView;

  constructor(view: RecordingView) {
    this.#view = view;
  }

  place({ moment, thread, frame }: Site): PlaceInHistory {
    const { step, event } = moment;
    if (frame === undefined) return { step, event, threadId: thread, function: "", line: 0 };
    const text = frame.source === 0 ? undefined : this.#view.sources.line(frame.source, frame.position.line)?.trim();
    return {
      step,
      event,
      threadId: thread,
      function: frame.name,
      ...this.#view.placeOf(frame),
      ...(text === undefined ? {} : { text }),
    };
  }

  /** `root`: the frame to which paths in it belong; 0 for none. */
  value(value: Value, moment: Moment, root: number): ValueInHistory {
    const handle = { moment, thread: 0, frame: root, isLive: false };
    const shown = this.#view.show(value, handle, undefined, shortLimit);
    return {
      value: shown.text,
      ...(shown.type === undefined ? {} : { type: shown.type }),
      variablesReference: shown.reference,
      ...(shown.named > 0 ? { namedVariables: shown.named } : {}),
      ...(shown.indexed > 0 ? { indexedVariables: shown.indexed } : {}),
    };
  }

  write({ kind, site, moment, value, gap }: Write): WriteInHistory {
    const note = gap === undefined ? {} : { note: `not recorded from step ${gap.sinceStep} on: ${gap.reason}` };
    return {
      kind,
      at: this.place(site),
      written: momentOf(moment),
      ...(value === undefined ? {} : { value: this.value(value, moment, site.frame?.frame ?? 0) }),
      ...note,
    };
  }

  hop({ kind, site, event, text, value, operands }: Hop): OriginHop {
    const moment = this.#view.travel.past.momentOf(event);
    const root = site.frame?.frame ?? 0;
    return {
      kind,
      at: this.place(site),
      text,
      ...(value === undefined ? {} : { value: this.value(value, moment, root) }),
      operands: operands.map((operand) => this.operand(operand, moment, root)),
    };
  }

  operand({ text, value }: SeenOperand, moment: Moment, root: number): OriginOperand {
    return { expression: text, ...(value === undefined ? {} : { value: this.value(value, moment, root) }) };
  }

  call(call: Call): CallInHistory {
    const { end } = call;
    return {
      frame: call.frame,
      function: call.name,
      at: this.place(call.site),
      ...(call.calledAt === undefined ? {} : { calledAt: this.place(call.calledAt) }),
      arguments: call.arguments.map(({ name, value }) => ({ name, value: this.value(value, call.moment, call.frame) })),
      end:
        end.kind === "unfinished"
          ? { kind: "unfinished" }
          : { kind: end.kind, moment: momentOf(end.moment), value: this.value(end.value, end.moment, call.frame) },
      selfSteps: call.selfSteps,
      totalSteps: call.totalSteps,
      children: call.children,
    };
  }
}

export function momentOf({ step, event }: Moment): MomentOfHistory {
  return { step, event };
}
