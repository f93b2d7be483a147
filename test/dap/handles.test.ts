// The numbers that a client hands back: a long session must not pile them up.
import { expect, test } from "vitest";
import { Handles, MOST_HANDLES } from "../../src/dap/handles.ts";

test("the newest handles are kept, and no number is given twice", () => {
  const handles = new Handles();
  const stops = MOST_HANDLES * 2;
  function locals(step: number): Parameters<Handles["reference"]>[0] {
    return { kind: "locals", moment: { step, event: 0 }, root: 1 };
  }
  for (let step = 1; step <= stops; step++) {
    expect(handles.reference(locals(step))).toBe(step);
    expect(handles.reference(locals(step))).toBe(step);
  }
  for (const step of [stops, stops - MOST_HANDLES / 2 + 1]) {
    expect(handles.expandable(step)).toEqual(locals(step));
    expect(handles.reference(locals(step))).toBe(step);
  }
  for (const step of [1, stops - MOST_HANDLES]) expect(handles.expandable(step)).toBeUndefined();
  // What is shown again has a new number.
  expect(handles.reference(locals(1))).toBe(stops + 1);
  expect(handles.expandable(stops + 1)).toEqual(locals(1));
});
