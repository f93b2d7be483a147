// How answers about the past read in the results view, and where a click goes.
import { expect, test } from "vitest";
import { Answer } from "../../src/extension/answer.ts";
import { logPointHit } from "../../src/extension/logPointHits.ts";
import {
  callItem,
  executionsPage,
  exceptionsPage,
  historyPage,
  originItems,
  whyItem,
} from "../../src/extension/resultItems.ts";
import type {
  CallInHistory,
  ExceptionsResponse,
  ExecutionsResponse,
  HistoryResponse,
  OriginResponse,
  PlaceInHistory,
  WhyResponse,
} from "../../src/protocol/historyRequests.ts";

function place(step: number, line: number, text: string): PlaceInHistory {
  return {
    step,
    event: 0,
    threadId: 1,
    function: "total",
    source: { name: "shop.py", path: "/shop/shop.py" },
    line,
    text,
  };
}

const call: CallInHistory = {
  frame: 3,
  function: "total",
  at: place(9, 5, "result = 0"),
  calledAt: { ...place(8, 15, "amount = total(prices, discount)"), function: "report" },
  arguments: [
    { name: "prices", value: { value: "[12, 30]", type: "list #4", variablesReference: 7 } },
    { name: "discount", value: { value: "2", type: "int", variablesReference: 0 } },
  ],
  end: { kind: "returned", moment: { step: 14, event: 1 }, value: { value: "40", variablesReference: 0 } },
  selfSteps: 1200,
  totalSteps: 3400,
  children: 0,
};

test("a write reads as its value, with the line that made it, and leads there", () => {
  const response: HistoryResponse = {
    subject: "result",
    writes: [
      {
        kind: "assigned",
        at: place(12, 7, "result += price"),
        written: { step: 12, event: 2 },
        value: { value: "42", type: "int", variablesReference: 0 },
      },
      { kind: "deleted", at: place(11, 8, "del result"), written: { step: 11, event: 1 } },
      {
        kind: "unknown",
        at: place(4, 2, "load()"),
        written: { step: 4, event: 0 },
        note: "not recorded from step 4 on",
      },
    ],
    next: 17,
  };
  const { items, next } = historyPage(new Answer(response));
  expect(next).toBe(17);
  expect(items.map(({ label, description }) => [label, description])).toEqual([
    ["42", "result += price · total, shop.py:7 · step 12"],
    ["deleted", "del result · total, shop.py:8 · step 11"],
    ["not recorded", "load() · not recorded from step 4 on · total, shop.py:2 · step 4"],
  ]);
  expect(items.map(({ moment }) => moment?.step)).toEqual([12, 11, 4]);
});

test("a call reads as Python writes it, with what it returned; its arguments expand", () => {
  const item = callItem(new Answer(call));
  expect(item.label).toBe("total(prices=[12, 30], discount=2)");
  expect(item.description).toBe("→ 40");
  expect(item.tooltip).toContain("1,200 steps, 3,400 with the calls that it made");
  expect(item.children.map(({ label, expands, moment }) => [label, expands, moment?.step])).toEqual([
    ["prices", 7, undefined],
    ["discount", 0, undefined],
    ["returned", 0, 14],
    ["called at", 0, 8],
  ]);
});

test("a call that raised or has not ended says so", () => {
  const raised: CallInHistory = {
    ...call,
    end: { kind: "raised", moment: { step: 3, event: 1 }, value: { value: "KeyError('ada')", variablesReference: 0 } },
  };
  expect(callItem(new Answer(raised)).description).toBe("raised KeyError('ada')");
  expect(callItem(new Answer({ ...call, end: { kind: "unfinished" } })).description).toBe("not ended");
});

test("an execution leads to its line, not to the beginning of its call", () => {
  const response: ExecutionsResponse = { total: 1, executions: [{ at: place(13, 8, "return result"), call }] };
  const [item] = executionsPage(new Answer(response)).items;
  expect(item?.moment?.step).toBe(13);
  expect(item?.description).toBe("→ 40 · step 13");
});

test("a hop of an origin shows what its operands were", () => {
  const response: OriginResponse = {
    subject: "amount",
    hops: [
      {
        kind: "computation",
        at: place(13, 8, "return result - discount"),
        text: "result - discount",
        value: { value: "40", variablesReference: 0 },
        operands: [{ expression: "result", value: { value: "42", variablesReference: 0 } }, { expression: "discount" }],
      },
    ],
  };
  const [item] = originItems(new Answer(response));
  expect([item?.label, item?.description]).toEqual(["result - discount", "= 40 · total, shop.py:8 · step 13"]);
  expect(item?.children.map(({ label, description }) => [label, description])).toEqual([
    ["result", "= 42"],
    ["discount", "not recorded"],
  ]);
});

test("why a line did not run reads as a sentence with the branch and what it saw", () => {
  const response: WhyResponse = {
    kind: "branch",
    text: "`if amount < 0` was false",
    at: place(5, 3, "if amount < 0:"),
    operands: [{ expression: "amount", value: { value: "3", variablesReference: 0 } }],
  };
  const item = whyItem(new Answer(response));
  expect([item.label, item.moment?.step, item.children.length]).toEqual(["`if amount < 0` was false", 5, 1]);
});

test("an exception says what became of it", () => {
  const response: ExceptionsResponse = {
    exceptions: [
      {
        at: place(5, 5, "amount = paid[name]"),
        type: "KeyError",
        value: { value: "KeyError('ada')", variablesReference: 0 },
        handledAt: place(6, 9, "except KeyError:"),
        uncaught: false,
      },
      {
        at: place(7, 5, "amount = paid[name]"),
        type: "KeyError",
        value: { value: "KeyError('eve')", variablesReference: 0 },
        uncaught: true,
      },
    ],
  };
  const { items } = exceptionsPage(new Answer(response));
  expect(items.map(({ label, description }) => `${label}: ${description.split(" · ")[0]}`)).toEqual([
    "KeyError('ada'): handled",
    "KeyError('eve'): uncaught",
  ]);
  expect(items[0]?.children.map(({ moment }) => moment?.step)).toEqual([6]);
});

test("an answer of another shape shows less, never nonsense", () => {
  expect(historyPage(new Answer({ writes: "none", next: "x" }))).toEqual({ items: [], next: undefined });
  expect(callItem(new Answer(undefined)).label).toBe("()");
  expect(originItems(new Answer({ hops: [{}] }))[0]?.moment).toBeUndefined();
});

test("messages of log points are told from other output", () => {
  const data = { breakpointId: 2, threadId: 1, moment: { step: 12, event: 0 } };
  const body = { output: "price 30\n", source: { path: "/shop/shop.py" }, line: 7, data };
  expect(logPointHit(body)).toEqual({ text: "price 30", moment: { step: 12, event: 0 }, place: "shop.py:7" });
  expect(logPointHit({ output: "price 30\n" })).toBeUndefined();
  expect(logPointHit({ ...body, data: { breakpointId: 2 } })).toBeUndefined();
});
