import { expect, test } from "vitest";
import { momentText, typedMoment } from "../../src/extension/momentTexts.ts";

const now = { step: 1041, event: 0, firstStep: 0, lastStep: 2000, atLiveEdge: false, threadId: 1, isIndexed: true };

test("a moment reads as its step and the newest one", () => {
  expect(momentText(now)).toBe("step 1,041 of 2,000");
});

test("a number is a step, a signed number a distance", () => {
  expect(typedMoment("12", now)).toEqual({ kind: "seek", to: { step: 12 } });
  expect(typedMoment(" 1,500 ", now)).toEqual({ kind: "seek", to: { step: 1500 } });
  expect(typedMoment("+10", now)).toEqual({ kind: "seek", to: { step: 1051 } });
  expect(typedMoment("-41", now)).toEqual({ kind: "seek", to: { step: 1000 } });
});

test("the ends have names; the last moment is after the effects of the last step", () => {
  expect(typedMoment("first", now)).toEqual({ kind: "seek", to: { step: 0 } });
  expect(typedMoment("Last", now)).toEqual({ kind: "seek", to: { step: 2000, event: "last" } });
});

test("what is no step of the history is refused with the history's bounds", () => {
  const outside = { kind: "invalid", message: "The history has the steps 0 to 2,000." };
  expect(typedMoment("2001", now)).toEqual(outside);
  expect(typedMoment("-1042", now)).toEqual(outside);
  expect(typedMoment("soon", now)).toMatchObject({ kind: "invalid" });
  expect(typedMoment("", now)).toMatchObject({ kind: "invalid" });
  expect(typedMoment("1.5", now)).toMatchObject({ kind: "invalid" });
});
