// Frames, cells and the states of generators.
import { describe, expect, test } from "vitest";
import { brand } from "../../src/base/brand.ts";
import { bound, UNBOUND } from "../../src/python/cell.ts";
import { CodeObjectWrapper } from "../../src/python/codeObject.ts";
import type { CodeUnit } from "../../src/python/codeOffset.ts";
import { Frame } from "../../src/python/frame.ts";
import { type GenEvent, type GenState, nextGenState } from "../../src/python/generatorState.ts";
import { EMPTY_FIELDS } from "./describedCode.ts";

/** Unit 0: line 7, columns 4 to 9. Unit 1: line 7, columns 8 to 9. Unit 2: no line. */
const CODE = new CodeObjectWrapper({
  ...EMPTY_FIELDS,
  firstLine: 7,
  variableNames: ["shared", "own"],
  cellNames: ["shared", "late"],
  freeNames: ["outer"],
  lineTable: Uint8Array.of(0x80, 0x45, 0x88, 0x01, 0xf8),
});

describe("a frame", () => {
  const slots = [bound("s"), bound("o"), UNBOUND, bound("f")];
  const caller = new Frame({ code: CODE, caller: undefined, lastInstruction: brand<CodeUnit>(1), slots, globals: 3 });
  const frame = new Frame({
    code: CODE,
    caller,
    lastInstruction: brand<CodeUnit>(0),
    slots: slots.slice(0, 1),
    globals: 3,
  });

  test("tells locals, cells and free variables apart, bound or not", () => {
    expect(caller.locals()).toEqual([{ name: "own", contents: { kind: "bound", value: "o" } }]);
    expect(caller.cells()).toEqual([
      { name: "shared", contents: { kind: "bound", value: "s" } },
      { name: "late", contents: { kind: "unbound" } },
    ]);
    expect(caller.freeVariables()).toEqual([{ name: "outer", contents: { kind: "bound", value: "f" } }]);
  });

  test("has unbound variables where fewer slots were recorded than it has", () => {
    expect(frame.locals()).toEqual([{ name: "own", contents: UNBOUND }]);
    expect(frame.freeVariables()).toEqual([{ name: "outer", contents: UNBOUND }]);
  });

  test("highlights its statement when it is innermost and its call when it waits for one", () => {
    expect(frame.caller).toBe(caller);
    expect(frame.line).toBe(7);
    expect(caller.range(true)).toEqual({ line: 7, endLine: 7, column: 4, endColumn: 9 });
    expect(caller.range(false)).toEqual({ line: 7, endLine: 7, column: 8, endColumn: 9 });
  });

  test("stands on the first line before its first instruction, and on none where the code has none", () => {
    const fresh = new Frame({ code: CODE, caller: undefined, lastInstruction: undefined, slots: [], globals: 0 });
    expect([fresh.line, fresh.range(true)]).toEqual([7, undefined]);
    const nowhere = new Frame({
      code: CODE,
      caller: undefined,
      lastInstruction: brand<CodeUnit>(2),
      slots: [],
      globals: 0,
    });
    expect([nowhere.line, nowhere.range(true), nowhere.range(false)]).toEqual([undefined, undefined, undefined]);
  });
});

describe("a generator's state", () => {
  const events: readonly GenEvent[] = ["RESUME", "THROW", "YIELD", "RETURN", "UNWIND", "DROPPED"];

  test.each<[GenState, string]>([
    ["CREATED", "RESUME RUNNING, THROW RUNNING, DROPPED CLOSED"],
    ["RUNNING", "YIELD SUSPENDED, RETURN CLOSED, UNWIND CLOSED"],
    ["SUSPENDED", "RESUME RUNNING, THROW RUNNING, DROPPED CLOSED"],
    ["CLOSED", ""],
  ])("%s goes on to: %s", (state, expected) => {
    const legal = events.flatMap((event) => {
      const next = nextGenState(state, event);
      return next === undefined ? [] : [`${event} ${next}`];
    });
    expect(legal.join(", ")).toBe(expected);
  });
});
