// The commands that ask about the past: of a variable, of a line, of the whole run. Answers stand in the results view.
import * as vscode from "vscode";
import type {
  ExceptionsResponse,
  ExecutionsArguments,
  ExecutionsResponse,
  HistoryArguments,
  HistoryResponse,
  LastWriteArguments,
  LastWriteResponse,
  OriginResponse,
  OutputResponse,
  PageArguments,
  WhyArguments,
  WhyResponse,
  WriteInHistory,
} from "../protocol/historyRequests.ts";
import { Answer } from "./answer.ts";
import { exceptionsPage, executionsPage, historyPage, originItems, outputPage, whyItem } from "./resultItems.ts";
import type { ResultsView } from "./resultsView.ts";
import { inSession } from "./timeCommands.ts";
import { lineOf, subjectOf, type FileLine, type Subject } from "./subjects.ts";

const pageSize = 100;

type Session = vscode.DebugSession;

/** Registers the commands. */
export function registerPastCommands(results: ResultsView): vscode.Disposable {
  return vscode.Disposable.from(
    aboutSubject("hindsight.showHistory", async (session, subject) => await showHistory(results, session, subject)),
    aboutSubject("hindsight.goToLastWrite", goToLastWrite),
    aboutSubject("hindsight.showOrigin", async (session, subject) => await showOrigin(results, session, subject)),
    aboutLine(
      "hindsight.showExecutions",
      async (session, line) => await showExecutions(results, session, line, "line"),
    ),
    aboutLine("hindsight.showCalls", async (session, line) => await showExecutions(results, session, line, "function")),
    aboutLine("hindsight.whyNot", async (session, line) => await whyNot(results, session, line)),
    command("hindsight.showExceptions", async (session) => await showExceptions(results, session)),
    command("hindsight.showOutput", async (session) => await showOutput(results, session)),
  );
}

function command(name: string, ask: (session: Session, context: unknown) => Promise<void>): vscode.Disposable {
  return vscode.commands.registerCommand(
    name,
    async (context: unknown) => await inSession(async (session) => await ask(session, context)),
  );
}

function aboutSubject(name: string, ask: (session: Session, subject: Subject) => Promise<void>): vscode.Disposable {
  return command(name, async (session, context) => {
    const subject = await subjectOf(context);
    if (subject !== undefined) await ask(session, subject);
  });
}

function aboutLine(name: string, ask: (session: Session, line: FileLine) => Promise<void>): vscode.Disposable {
  return command(name, async (session, context) => {
    const line = lineOf(context);
    if (line === undefined) void vscode.window.showInformationMessage("Put the cursor on a line of Python code.");
    else await ask(session, line);
  });
}

async function showHistory(results: ResultsView, session: Session, { name, args }: Subject): Promise<void> {
  await results.ask(session, {
    title: `History of ${name}`,
    icon: "history",
    async page(from) {
      const wanted: HistoryArguments = { ...args, ...pageFrom(from) };
      return historyPage(new Answer<HistoryResponse>(await session.customRequest("hindsight/history", wanted)));
    },
  });
}

/** A value that was there before anybody looked has no write: the session says so. */
async function goToLastWrite(session: Session, { name, args }: Subject): Promise<void> {
  const wanted: LastWriteArguments = { ...args, go: true };
  const answer = new Answer<LastWriteResponse>(await session.customRequest("hindsight/lastWrite", wanted));
  const write = answer.part<WriteInHistory>("write");
  const note = write?.text("note");
  const cutAt = answer.number("cutAt");
  if (write === undefined)
    void vscode.window.showInformationMessage(
      cutAt === undefined
        ? `No write of ${name} up to this moment is recorded.`
        : `${name} was written before step ${cutAt}, where the recording was cut (maxRecordingSize).`,
    );
  else if (note !== undefined) void vscode.window.showInformationMessage(`${name}: ${note}`);
}

async function showOrigin(results: ResultsView, session: Session, { name, args }: Subject): Promise<void> {
  await results.ask(session, {
    title: `Where ${name} came from`,
    icon: "references",
    async page() {
      const answer = new Answer<OriginResponse>(await session.customRequest("hindsight/origin", args));
      return { items: originItems(answer), next: undefined };
    },
  });
}

async function showExecutions(
  results: ResultsView,
  session: Session,
  { path, line }: FileLine,
  what: ExecutionsArguments["what"],
): Promise<void> {
  const place = `${path.split(/[\\/]/).at(-1)}:${line}`;
  await results.ask(session, {
    title: what === "line" ? `Executions of ${place}` : `Calls of the function at ${place}`,
    icon: what === "line" ? "list-ordered" : "symbol-method",
    async page(from) {
      const args: ExecutionsArguments = { path, line, what, ...pageFrom(from) };
      return executionsPage(new Answer<ExecutionsResponse>(await session.customRequest("hindsight/executions", args)));
    },
  });
}

async function whyNot(results: ResultsView, session: Session, { path, line }: FileLine): Promise<void> {
  const item = vscode.debug.activeStackItem;
  const frame = item instanceof vscode.DebugStackFrame ? { frameId: item.frameId } : {};
  const args: WhyArguments = { path, line, ...frame };
  await results.ask(session, {
    title: `Why did line ${line} not run?`,
    icon: "question",
    async page() {
      const answer = new Answer<WhyResponse>(await session.customRequest("hindsight/why", args));
      return { items: [whyItem(answer)], next: undefined };
    },
  });
}

async function showExceptions(results: ResultsView, session: Session): Promise<void> {
  await results.ask(session, {
    title: "Exceptions",
    icon: "warning",
    async page(from) {
      const answer: unknown = await session.customRequest("hindsight/exceptions", pageFrom(from));
      return exceptionsPage(new Answer<ExceptionsResponse>(answer));
    },
  });
}

async function showOutput(results: ResultsView, session: Session): Promise<void> {
  await results.ask(session, {
    title: "Output",
    icon: "output",
    async page(from) {
      const answer: unknown = await session.customRequest("hindsight/output", pageFrom(from));
      return outputPage(new Answer<OutputResponse>(answer));
    },
  });
}

function pageFrom(from: number | undefined): PageArguments {
  return from === undefined ? { count: pageSize } : { count: pageSize, from };
}
