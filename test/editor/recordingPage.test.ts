import { expect, test } from "vitest";
import { parseExecutions, parseMoment, parseSummary } from "../../src/extension/answers.ts";
import { recordingPage, type PageFrame } from "../../src/extension/recordingPage.ts";

const frame: PageFrame = {
  fileName: "run.hindsight",
  trusted: true,
  source: "https://assets.example",
  styleSheet: "https://assets.example/recording.css",
  nonce: "n1",
};

const summary = {
  steps: 12345,
  events: 60000,
  threads: 2,
  recorder: "monitoring",
  python: "3.12.1",
  complete: true,
  exitCode: 1,
  argv: ["app.py", "<b>&"],
  cwd: undefined,
  notes: ["Something is <missing>."],
};

/** What a person reads, one line for each element. */
function textOf(html: string): string[] {
  const body = html.slice(html.indexOf("<body>"), html.indexOf("<script"));
  return body
    .replaceAll(/<\/?code>/g, "")
    .replaceAll("</dt><dd>", ": ")
    .replaceAll(/<[^>]*>/g, "\n")
    .split("\n")
    .filter((line) => line.trim() !== "");
}

test("the page says what was recorded", () => {
  expect(textOf(recordingPage({ kind: "summary", summary }, frame))).toEqual([
    "run.hindsight",
    "A recorded run of a Python program",
    "Program: app.py &lt;b&gt;&amp;",
    "Python: 3.12.1",
    "Recorded by: sys.monitoring",
    "Steps: 12,345",
    "Events: 60,000",
    "Threads: 2",
    "End: Exit code 1",
    "Something is &lt;missing&gt;.",
    "Travel Through It",
  ]);
});

test("scripts need the nonce, and nothing is loaded from elsewhere", () => {
  const html = recordingPage({ kind: "summary", summary }, frame);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
  expect(policy).toBe("default-src &#39;none&#39;; style-src https://assets.example; script-src &#39;nonce-n1&#39;");
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html).toContain('<script nonce="n1">');
});

test("without trust the page shows the summary and offers no session", () => {
  const html = recordingPage({ kind: "summary", summary }, { ...frame, trusted: false });
  expect(html).toContain("12,345");
  expect(html).not.toContain('id="start"');
  expect(html).toContain('id="trust"');
});

test("a recording that cannot be read says why", () => {
  const html = recordingPage({ kind: "failure", message: "not a recording: <x>" }, frame);
  expect(html).toContain("not a recording: &lt;x&gt;");
  expect(html).not.toContain('id="start"');
});

test("answers of another shape are not believed", () => {
  expect(parseSummary({ steps: 1 })).toBeUndefined();
  expect(parseSummary(JSON.parse(JSON.stringify(summary)))).toEqual(summary);
  expect(parseSummary({ ...summary, threads: [{ id: 1, name: "MainThread" }] })?.threads).toBe(1);
  expect(
    parseMoment({ step: 1, event: 0, firstStep: 0, lastStep: "2", atLiveEdge: true, threadId: 1, isIndexed: true }),
  ).toBeUndefined();
  expect(parseExecutions([])).toBeUndefined();
});
