import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { MomentResponse } from "../../src/protocol/customRequests.ts";
import { runningAfterMs, SessionViews, type FollowedSession, type ViewOf } from "../../src/extension/sessionViews.ts";

const continueRequest = { type: "request", command: "continue" };
const stopped = { type: "event", event: "stopped" };
const indexed = { type: "event", event: "hindsight/indexed" };
const continued = { type: "event", event: "continued" };

function moment(step: number): MomentResponse {
  return { step, event: 0, firstStep: 0, lastStep: step, atLiveEdge: true, threadId: 1, isIndexed: true };
}

interface Question {
  readonly resolve: (moment: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A session of which the test answers the questions, in their order. */
class Asked implements FollowedSession {
  readonly id = "one";
  readonly #waiting: Question[] = [];

  customRequest(): PromiseLike<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  async answer(value: MomentResponse | Error): Promise<void> {
    const first = this.#waiting.shift();
    if (value instanceof Error) first?.reject(value);
    else first?.resolve(value);
    await vi.advanceTimersByTimeAsync(0);
  }
}

function followed(): {
  readonly session: Asked;
  readonly views: SessionViews<Asked>;
  readonly seen: ViewOf<Asked>["kind"][];
} {
  const seen: ViewOf<Asked>["kind"][] = [];
  const session = new Asked();
  const views = new SessionViews<Asked>((_, view) => seen.push(view.kind));
  views.started(session);
  return { session, views, seen };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a session runs until it says where it stopped, and is forgotten at its end", async () => {
  const { session, views, seen } = followed();
  views.event(session, stopped);
  expect(views.of(session)).toEqual({ kind: "running", session });
  await session.answer(moment(5));
  expect(views.of(session)).toEqual({ kind: "stopped", session, moment: moment(5) });
  views.event(session, continued);
  expect(seen).toEqual(["running", "stopped", "running"]);
  expect(views.ended(session)).toBe(true);
  expect(views.ended(session)).toBe(false);
  expect(views.of(session)).toEqual({ kind: "none" });
});

test("a recording that is indexed while it is looked at is asked again when that is done", async () => {
  const { session, views, seen } = followed();
  views.event(session, indexed);
  expect(seen).toEqual(["running"]);
  views.event(session, stopped);
  await session.answer({ ...moment(5), isIndexed: false });
  expect(views.of(session)).toMatchObject({ kind: "stopped", moment: { isIndexed: false } });
  views.event(session, indexed);
  await session.answer(moment(5));
  expect(seen).toEqual(["running", "stopped", "stopped"]);
  expect(views.of(session)).toMatchObject({ kind: "stopped", moment: { isIndexed: true } });
});

test("a Continue shows that the program runs after a while; a step that ends before does not", async () => {
  const { session, views, seen } = followed();
  views.event(session, stopped);
  await session.answer(moment(5));
  views.request(session, continueRequest);
  views.event(session, stopped);
  await session.answer(moment(6));
  await vi.advanceTimersByTimeAsync(runningAfterMs * 2);
  expect(seen).toEqual(["running", "stopped", "stopped"]);
  views.request(session, continueRequest);
  await vi.advanceTimersByTimeAsync(runningAfterMs);
  expect(views.of(session).kind).toBe("running");
});

test("a stop is shown although its moment is known only after the while", async () => {
  const { session, views } = followed();
  views.event(session, stopped);
  await session.answer(moment(5));
  views.request(session, continueRequest);
  await vi.advanceTimersByTimeAsync(runningAfterMs - 1);
  views.event(session, stopped);
  await vi.advanceTimersByTimeAsync(runningAfterMs);
  await session.answer(moment(9));
  expect(views.of(session)).toEqual({ kind: "stopped", session, moment: moment(9) });
});

test("an answer that comes after the program runs on is not shown", async () => {
  const { session, views } = followed();
  views.event(session, stopped);
  await session.answer(moment(5));
  views.event(session, stopped);
  views.request(session, continueRequest);
  await session.answer(moment(6));
  await vi.advanceTimersByTimeAsync(runningAfterMs);
  expect(views.of(session).kind).toBe("running");
  views.event(session, stopped);
  views.event(session, continued);
  await session.answer(moment(7));
  expect(views.of(session).kind).toBe("running");
});

test("a refused question leaves the view", async () => {
  const { session, views } = followed();
  views.event(session, stopped);
  await session.answer(moment(5));
  views.event(session, stopped);
  await session.answer(new Error("the program runs"));
  expect(views.of(session)).toEqual({ kind: "stopped", session, moment: moment(5) });
});
