// How stepping feels, on programs that a person can read. Each moment is written as `function:line`, innermost first.
import { describe, expect, it } from "vitest";
import { nodeCodecs } from "../../src/node/openFile.ts";
import { openRecording } from "../../src/travel/openRecording.ts";
import type { Breakpoints, Moment, Movement, TimeTravel } from "../../src/travel/timeTravel.ts";
import { bytesOf } from "../support/byteSources.ts";
import { int, NONE, object, type RecordedEvent, str, type TestCode } from "../support/recordedEvents.ts";
import { RecordingBuilder } from "../support/recordingBuilder.ts";

const NO_BREAKPOINTS: Breakpoints = [];

/** One code unit per line, so that an offset is a line minus the first one. */
function code(id: number, name: string, first: number, last: number): TestCode {
  const lines = Array.from({ length: last - first + 1 }, (_, unit) => first + unit);
  return { id, file: "/app.py", name, lines, slots: ["value"], free: [], source: 0 };
}

const CODES = [
  code(1, "<module>", 1, 9),
  code(2, "work", 10, 19),
  code(3, "numbers", 20, 29),
  code(4, "helper", 30, 39),
];

/** Writes events by lines of the program; each of its methods is one event. */
class Program {
  readonly events: RecordedEvent[] = [];
  readonly #firstLines: number[] = [];
  #nextFrame = 1;

  constructor() {
    this.events.push({ op: "threadStart", thread: 1, name: "MainThread" }, { op: "thread", thread: 1 });
  }

  line(line: number): this {
    return this.#add({ op: "line", offset: line - this.#first });
  }

  call(codeId: number): this {
    const frame = this.#nextFrame++;
    const isGenerator = codeId === 3;
    const call = { op: "call", callerOffset: this.#offset, frame, code: codeId, globals: 0, mapping: 0 } as const;
    this.#add({ ...call, isGenerator, values: [] });
    this.#firstLines.push(codeId === 1 ? 1 : (codeId - 1) * 10);
    return this;
  }

  end(value: number): this {
    this.#add({ op: "return", offset: this.#offset, value: int(value) });
    return this.#pop();
  }

  suspend(value: number): this {
    this.#add({ op: "yield", offset: this.#offset, value: int(value) });
    return this.#pop();
  }

  resume(frame: number, codeId: number): this {
    this.#add({ op: "resume", callerOffset: this.#offset, frame });
    this.#firstLines.push((codeId - 1) * 10);
    return this;
  }

  raise(serial: number, fromCall: boolean): this {
    return this.#add({ op: "raise", offset: this.#offset, fromCall, value: object(serial) });
  }

  unwind(serial: number): this {
    this.#add({ op: "unwind", value: object(serial) });
    return this.#pop();
  }

  event(event: RecordedEvent): this {
    return this.#add(event);
  }

  open(): TimeTravel {
    const builder = new RecordingBuilder({ codes: CODES, blockEvents: 6 }).addAll(this.events).seal();
    return openRecording(bytesOf(builder.file), nodeCodecs);
  }

  get #first(): number {
    return this.#firstLines.at(-1) ?? 1;
  }

  get #offset(): number {
    const last = this.events.findLast((event) => event.op === "line");
    return this.#firstLines.length > 0 && last?.op === "line" ? Math.min(last.offset, 8) : 0;
  }

  #add(event: RecordedEvent): this {
    this.events.push(event);
    return this;
  }

  #pop(): this {
    this.#firstLines.pop();
    return this;
  }
}

function text(travel: TimeTravel, { moment, thread, reason }: Movement): string {
  const stack = travel.stackAt(moment, thread).map(({ name, position }) => `${name}:${position.line}`);
  return `${stack.join(" < ")} (${reason.kind})`;
}

/** Repeats a movement until nothing is found any more; one text per stop. */
function walk(travel: TimeTravel, from: Moment, move: (from: Moment) => Movement): string[] {
  const stops: string[] = [];
  for (let moment = from; stops.length < 50;) {
    const movement = move(moment);
    stops.push(text(travel, movement));
    if (!["step", "breakpoint", "exception"].includes(movement.reason.kind)) break;
    moment = movement.moment;
  }
  return stops;
}

describe("a call", () => {
  // 1: work() / 10: helper() / 30, 31 / 11 / 2
  const travel = new Program()
    .call(1)
    .line(1)
    .call(2)
    .line(10)
    .call(4)
    .line(30)
    .line(31)
    .end(7)
    .line(11)
    .end(8)
    .line(2)
    .end(0)
    .event({ op: "end", uncaught: false, exitCode: 0, value: NONE })
    .open();

  it("is stepped over, forward and backward", () => {
    expect(walk(travel, travel.first, (from) => travel.next(from, 1, NO_BREAKPOINTS))).toEqual([
      "<module>:2 (step)",
      "<module>:2 (end)",
    ]);
    const inWork = { step: 1, event: 0 };
    expect(walk(travel, inWork, (from) => travel.next(from, 1, NO_BREAKPOINTS))).toEqual([
      "work:11 < <module>:1 (step)",
      "<module>:2 (step)",
      "<module>:2 (end)",
    ]);
    expect(walk(travel, travel.last, (from) => travel.stepBack(from, 1, NO_BREAKPOINTS))).toEqual([
      "<module>:2 (step)",
      "<module>:1 (step)",
      "<module>:1 (start)",
    ]);
    expect(walk(travel, { step: 4, event: 0 }, (from) => travel.stepBack(from, 1, NO_BREAKPOINTS))).toEqual([
      "work:10 < <module>:1 (step)",
      "<module>:1 (step)",
      "<module>:1 (start)",
    ]);
  });

  it("is stepped into, forward and backward", () => {
    const forward = walk(travel, travel.first, (from) => travel.stepIn(from, 1, NO_BREAKPOINTS));
    const backward = walk(travel, travel.last, (from) => travel.stepBackInto(from, 1, NO_BREAKPOINTS));
    expect(forward).toEqual([
      "work:10 < <module>:1 (step)",
      "helper:30 < work:10 < <module>:1 (step)",
      "helper:31 < work:10 < <module>:1 (step)",
      "work:11 < <module>:1 (step)",
      "<module>:2 (step)",
      "<module>:2 (end)",
    ]);
    expect(backward).toEqual([...forward.slice(0, -1).toReversed(), "<module>:1 (step)", "<module>:1 (start)"]);
  });

  it("is left where it returns, with the value", () => {
    const out = travel.stepOut({ step: 2, event: 0 }, 1, NO_BREAKPOINTS);
    expect(text(travel, out)).toBe("work:10 < <module>:1 (step)");
    expect(out.moment).toEqual({ step: 3, event: 1 });
    const [top] = travel.stackAt(out.moment, 1);
    expect(travel.scopesAt(out.moment, top?.frame ?? 0)?.returnValue).toEqual(int(7));
    expect(travel.next(out.moment, 1, NO_BREAKPOINTS).moment).toEqual({ step: 4, event: 0 });
  });

  it("is left backward at its call", () => {
    const out = travel.stepBackOut({ step: 3, event: 0 }, 1, NO_BREAKPOINTS);
    expect(text(travel, out)).toBe("work:10 < <module>:1 (step)");
    expect(out.moment).toEqual({ step: 1, event: 0 });
    expect(travel.stepBackOut(travel.first, 1, NO_BREAKPOINTS).reason.kind).toBe("start");
  });

  it("is not stepped over when a breakpoint is in it", () => {
    const breakpoints: Breakpoints = [{ id: 5, place: { kind: "line", file: "/app.py", line: 31 } }];
    const there = travel.next(travel.first, 1, breakpoints);
    expect(there).toEqual({
      moment: { step: 3, event: 0 },
      thread: 1,
      reason: { kind: "breakpoint", ids: [5], problems: [] },
    });
    expect(travel.stepBack({ step: 5, event: 0 }, 1, breakpoints)).toEqual(there);
    // Standing on it, it is behind.
    expect(travel.continueForward(there.moment, breakpoints).reason.kind).toBe("end");
    expect(travel.continueBackward(there.moment, breakpoints).reason.kind).toBe("start");
  });
});

describe("a generator", () => {
  // 1: for … in numbers() / 20, 21 yield / 2 / resumed: 22, 23 yield / 3
  const travel = new Program()
    .call(1)
    .line(1)
    .call(3)
    .line(20)
    .line(21)
    .suspend(1)
    .line(2)
    .resume(2, 3)
    .line(22)
    .line(23)
    .suspend(2)
    .line(3)
    .end(0)
    .open();

  it("is followed over its suspension, forward and backward", () => {
    expect(walk(travel, { step: 1, event: 0 }, (from) => travel.next(from, 1, NO_BREAKPOINTS)).slice(0, 3)).toEqual([
      "numbers:21 < <module>:1 (step)",
      "numbers:22 < <module>:2 (step)",
      "numbers:23 < <module>:2 (step)",
    ]);
    expect(walk(travel, { step: 5, event: 0 }, (from) => travel.stepBack(from, 1, NO_BREAKPOINTS))).toEqual([
      "numbers:22 < <module>:2 (step)",
      "numbers:21 < <module>:1 (step)",
      "numbers:20 < <module>:1 (step)",
      "<module>:1 (step)",
      "<module>:1 (start)",
    ]);
  });

  it("is stepped over by the frame that resumes it", () => {
    expect(walk(travel, travel.first, (from) => travel.next(from, 1, NO_BREAKPOINTS))).toEqual([
      "<module>:2 (step)",
      "<module>:3 (step)",
      "<module>:3 (end)",
    ]);
  });
});

describe("an exception", () => {
  // 1: work() / 10 raises / caught by nobody
  const travel = new Program()
    .call(1)
    .line(1)
    .call(2)
    .line(10)
    .event({ op: "new", object: 9, kind: "exception", type: "ValueError", contents: { items: [str("too small")] } })
    .raise(9, false)
    .unwind(9)
    .raise(9, true)
    .unwind(9)
    .event({ op: "end", uncaught: true, exitCode: 1, value: object(9) })
    .open();

  it("stops where it was raised, not where it passes", () => {
    const raised: Breakpoints = [{ id: 1, place: { kind: "exception", when: "raised", types: undefined } }];
    const expected = ["work:10 < <module>:1 (exception)", "<module>:1 (start)"];
    expect(walk(travel, travel.last, (from) => travel.continueBackward(from, raised))).toEqual(expected);
    expect(walk(travel, travel.first, (from) => travel.continueForward(from, raised))[0]).toBe(expected[0]);
  });

  it("that ends the program is known as uncaught at its raise", () => {
    const uncaught: Breakpoints = [{ id: 2, place: { kind: "exception", when: "uncaught", types: undefined } }];
    const stop = travel.continueForward(travel.first, uncaught);
    expect(stop.reason).toEqual({ kind: "exception", uncaught: true, ids: [2], problems: [] });
    expect(travel.exceptionAt(stop.moment, 1)).toEqual({
      value: object(9),
      type: "ValueError",
      text: "too small",
      uncaught: true,
    });
    expect(travel.exceptionAt(travel.first, 1)).toBeUndefined();
    expect(travel.exceptionAt(travel.last, 1)?.type).toBe("ValueError");
  });

  it("ends a step out in the caller", () => {
    const out = travel.stepOut({ step: 1, event: 0 }, 1, NO_BREAKPOINTS);
    expect(text(travel, out)).toBe("<module>:1 (step)");
    expect(travel.exceptionAt(out.moment, 1)?.type).toBe("ValueError");
  });
});

describe("the end of the program", () => {
  it("shows the last line with its variables", () => {
    const travel = new Program()
      .call(1)
      .line(1)
      .event({ op: "write", slot: 0, value: int(42) })
      .end(0)
      .event({ op: "end", uncaught: false, exitCode: 3, value: NONE })
      .open();
    const [top] = travel.stackAt(travel.last, 1);
    expect(top?.position.line).toBe(1);
    expect(travel.scopesAt(travel.last, top?.frame ?? 0)?.locals).toEqual([
      { name: "value", value: int(42), writtenAt: 0 },
    ]);
    expect(travel.summary.exitCode).toBe(3);
    expect(travel.summary.complete).toBe(true);
    expect(travel.summary.notes).toEqual([]);
  });
});
