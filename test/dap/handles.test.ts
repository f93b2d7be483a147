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

test("what is given again is kept as long as what is new", () => {
  const handles = new Handles();
  function locals(step: number): Parameters<Handles["reference"]>[0] {
    return { kind: "locals", moment: { step, event: 0 }, root: 1 };
  }
  for (let step = 1; step <= MOST_HANDLES; step++) handles.reference(locals(step));
  // An early moment is looked at once more, and so are many others before its variables are asked for.
  for (const step of [7, MOST_HANDLES / 2 + 7]) {
    const again = handles.reference(locals(step));
    for (let more = 1; more < MOST_HANDLES / 2; more++) handles.reference(locals(step * MOST_HANDLES + more));
    expect(handles.expandable(again)).toEqual(locals(step));
  }
});
