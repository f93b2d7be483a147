// The summary of a recording as a page: everything that comes out of the recording is escaped, scripts need the nonce.
import type { RecordingSummary } from "./answers.ts";
import { grouped } from "./momentTexts.ts";
import type { Summarised } from "./programs.ts";

export interface PageFrame {
  readonly fileName: string;
  /** Without trust nothing is started, and the page says so. */
  readonly trusted: boolean;
  /** `webview.cspSource`. */
  readonly source: string;
  readonly styleSheet: string;
  readonly nonce: string;
}

/** What the page's buttons say. */
export type PageMessage = "start" | "trust";

/** The whole page. */
export function recordingPage(summarised: Summarised, frame: PageFrame): string {
  const policy = `default-src 'none'; style-src ${frame.source}; script-src 'nonce-${frame.nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${escaped(frame.styleSheet)}">
<title>${escaped(frame.fileName)}</title>
</head>
<body>
<h1>${escaped(frame.fileName)}</h1>
<p class="what">A recorded run of a Python program</p>
${summarised.kind === "summary" ? summaryBody(summarised.summary, frame.trusted) : failureBody(summarised.message)}
<script nonce="${frame.nonce}">${pageScript}</script>
</body>
</html>`;
}

function summaryBody(summary: RecordingSummary, trusted: boolean): string {
  const rows = summaryRows(summary).map(([term, text]) => `<dt>${escaped(term)}</dt><dd>${text}</dd>`);
  const notes = summary.notes.map((note) => `<p class="note">${escaped(note)}</p>`);
  return `<dl>${rows.join("\n")}</dl>
${notes.join("\n")}
${trusted ? startButton : trustNotice}`;
}

const startButton = `<button id="start">Travel Through It</button>`;

const trustNotice = `<p class="note">This workspace is not trusted: the summary is all that is shown here.</p>
<button id="trust">Manage Workspace Trust</button>`;

function failureBody(message: string): string {
  return `<p class="failure">${escaped(message)}</p>`;
}

/** The second of each pair is HTML. */
function summaryRows(summary: RecordingSummary): (readonly [term: string, html: string])[] {
  const rows: (readonly [string, string])[] = [];
  if (summary.argv.length > 0) rows.push(["Program", `<code>${escaped(summary.argv.join(" "))}</code>`]);
  if (summary.cwd !== undefined) rows.push(["Folder", `<code>${escaped(summary.cwd)}</code>`]);
  rows.push(["Python", escaped(summary.python)], ["Recorded by", escaped(recorderName(summary.recorder))]);
  rows.push(["Steps", grouped(summary.steps)], ["Events", grouped(summary.events)]);
  rows.push(["Threads", grouped(summary.threads)], ["End", escaped(endText(summary))]);
  return rows;
}

/** The recording names its event source as the launch configuration does. */
function recorderName(recorder: string): string {
  return recorder === "monitoring" || recorder === "settrace" ? `sys.${recorder}` : recorder;
}

function endText(summary: RecordingSummary): string {
  if (!summary.complete) return "Not recorded: the program was killed, or still runs.";
  return summary.exitCode === undefined ? "Recorded" : `Exit code ${summary.exitCode}`;
}

const pageScript = `
const editor = acquireVsCodeApi();
for (const id of ["start", "trust"])
  document.getElementById(id)?.addEventListener("click", () => editor.postMessage(id));
`;

/** Text as HTML, in elements and in quoted attributes. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
