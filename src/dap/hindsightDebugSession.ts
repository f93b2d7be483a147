// The debug session as DAP sees it: every request comes through one place here and gets exactly one response.
import { setImmediate as nextRound } from "node:timers/promises";
import { DebugSession, Event } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { NotIndexedYet, UserError } from "../base/errors.ts";
import { capabilities } from "./capabilities.ts";
import { commands, refusedCommands, type Reply } from "./commands.ts";
import { JobQueue } from "./jobQueue.ts";
import { JsonReader, ShapeError } from "./jsonReader.ts";
import {
  parseLaunchArguments,
  type LaunchArguments,
  type OpenArguments,
  type RunArguments,
} from "./launchArguments.ts";
import type { LiveProgram, ProgramListener } from "./liveProgram.ts";
import { openFinished, openTravel } from "./openTravel.ts";
import type { Indexing } from "../node/openInBackground.ts";
import type { ClientCounting } from "./recordingView.ts";
import { startPlain, startProgram, type LaunchHost } from "./startProgram.ts";
import { TimeSession, type SearchReport } from "./timeSession.ts";
import { userError } from "./userErrors.ts";

/** Requests whose failure a user has not asked for a value with: it is shown. */
const shownFailures: ReadonlySet<string> = new Set([
  "launch",
  "attach",
  "continue",
  "reverseContinue",
  "next",
  "stepBack",
  "stepIn",
  "stepOut",
  "pause",
  "goto",
  "restartFrame",
  "hindsight/seek",
  "hindsight/stepBackInto",
  "hindsight/stepBackOut",
]);

const terminalTimeout = 60_000;

interface OpeningProgress {
  readonly follow: (indexing: Indexing) => void;
  /** Takes it away, when the client names it by its id; returns whether it did. */
  readonly leave: (progressId: string) => boolean;
  /** Shows it again when it was left. */
  readonly returns: () => void;
  readonly end: () => void;
}

export class HindsightDebugSession extends DebugSession {
  readonly #queue = new JobQueue();
  /** Requests without a response. */
  readonly #unanswered = new Set<DebugProtocol.Request>();
  /** Of these, those that are asked again when the recording is indexed. */
  readonly #deferred = new Set<DebugProtocol.Request>();
  readonly #session: TimeSession;
  #counting: ClientCounting = { firstLine: 1, firstColumn: 1 };
  #canRunInTerminal = false;
  #canInvalidate = false;
  #canShowProgress = false;
  /** Whether questions may have to wait for the index. */
  #isIndexing = false;
  #searches = 0;
  #opening: OpeningProgress | undefined;
  #launched: LaunchArguments | undefined;
  /** Ends what is being opened. */
  readonly #closing = new AbortController();
  /** What `configurationDone` starts. */
  #start: (() => Promise<void>) | undefined;
  readonly #onClosed: () => void;

  /** `onClosed` is called once the client is gone and everything is ended. */
  constructor(onClosed: () => void) {
    super();
    this.#onClosed = onClosed;
    this.#session = new TimeSession({
      firstLine: () => this.#counting.firstLine,
      canInvalidate: () => this.#canInvalidate,
      event: (name, body) => this.#event(name, body),
      progress: (report) => this.#progress(report),
      waitsForIndex: () => this.#opening?.returns(),
      enqueue: (job) => this.#queue.add(() => this.#guarded(job)),
    });
    this.on("close", () => this.#close());
    this.on("error", () => this.#close());
  }

  // One response to every request.

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    this.#unanswered.add(request);
    switch (request.command) {
      case "pause":
        void this.#answer(request, () => this.#pause());
        break;
      case "cancel":
        void this.#answer(request, (args) => this.#cancel(args));
        break;
      case "terminate":
        void this.#answer(request, () => this.#terminate());
        break;
      case "disconnect":
        void this.#answer(request, () => this.#disconnect(request));
        break;
      default:
        this.#enqueue(request);
    }
  }

  #enqueue(request: DebugProtocol.Request): void {
    this.#queue.add(
      () => this.#answer(request, (args) => this.#perform(request.command, args)),
      request.seq,
      () => this.#failCancelled(request),
    );
  }

  #failCancelled(request: DebugProtocol.Request): void {
    this.#fail(request, "cancelled", { id: 0, format: "cancelled", showUser: false });
  }

  async #answer(request: DebugProtocol.Request, perform: (args: JsonReader) => Reply | Promise<Reply>): Promise<void> {
    let reply: Reply;
    try {
      const args: unknown = request.arguments;
      reply = await perform(new JsonReader(args));
    } catch (error) {
      if (error instanceof NotIndexedYet && this.#isIndexing) this.#deferred.add(request);
      else this.#failWith(request, error);
      return;
    }
    this.#respond(request, { success: true, ...(reply.body === undefined ? {} : { body: reply.body }) });
    await this.#guarded(() => Promise.resolve(reply.afterwards?.()));
  }

  #respond(
    request: DebugProtocol.Request,
    rest: { readonly success: boolean; readonly message?: string; readonly body?: object },
  ): void {
    if (!this.#unanswered.delete(request)) return;
    this.sendResponse({ type: "response", seq: 0, request_seq: request.seq, command: request.command, ...rest });
  }

  #failWith(request: DebugProtocol.Request, error: unknown): void {
    const known = knownError(error, request.command);
    if (known === undefined) this.#report(error);
    const { id, message } = known ?? userError("internal", { problem: messageOf(error) });
    const showUser = shownFailures.has(request.command);
    // A brace in the text would be taken for a placeholder.
    const shown = message.includes("{") ? { format: "{text}", variables: { text: message } } : { format: message };
    this.#fail(request, message, { id, showUser, ...shown });
  }

  #fail(request: DebugProtocol.Request, message: string, error: DebugProtocol.Message): void {
    this.#respond(request, { success: false, message, body: { error } });
  }

  /** A failure that no request waits for. */
  async #guarded(job: () => Promise<void>): Promise<void> {
    try {
      await job();
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#event("output", { category: "console", output: `Hindsight failed: ${text}\n` });
  }

  #event(name: string, body?: object): void {
    if (name === "invalidated" && !this.#canInvalidate) return;
    this.sendEvent(new Event(name, body));
  }

  #progress(report: SearchReport): void {
    if (!this.#canShowProgress) return;
    if (report.kind === "begins") this.#searches++;
    const progressId = `search ${this.#searches}`;
    switch (report.kind) {
      case "begins":
        this.#event("progressStart", { progressId, title: "Searching the recording", cancellable: true });
        return;
      case "comesTo":
        this.#event("progressUpdate", { progressId, percentage: Math.round(report.share * 100) });
        return;
      case "ends":
        this.#event("progressEnd", { progressId });
    }
  }

  // Requests.

  #perform(command: string, args: JsonReader): Reply | Promise<Reply> {
    switch (command) {
      case "initialize":
        return this.#initialize(args);
      case "launch":
        return this.#launch(args);
      case "configurationDone":
        return this.#configurationDone();
      default: {
        const refusal = refusedCommands.get(command);
        if (refusal !== undefined) throw userError("unsupported", { problem: refusal });
        const known = commands.get(command);
        if (known === undefined) throw userError("unknownCommand", { command });
        return known({ session: this.#session, ...this.#counting }, args);
      }
    }
  }

  #initialize(args: JsonReader): Reply {
    this.#counting = {
      firstLine: args.flag("linesStartAt1") === false ? 0 : 1,
      firstColumn: args.flag("columnsStartAt1") === false ? 0 : 1,
    };
    this.#canRunInTerminal = args.flag("supportsRunInTerminalRequest") ?? false;
    this.#canInvalidate = args.flag("supportsInvalidatedEvent") ?? false;
    this.#canShowProgress = args.flag("supportsProgressReporting") ?? false;
    return { body: capabilities };
  }

  async #launch(args: JsonReader): Promise<Reply> {
    if (this.#session.isOver) throw userError("ended");
    if (this.#launched !== undefined) throw userError("alreadyLaunched");
    const launched = parseLaunchArguments(args.value);
    this.#launched = launched;
    try {
      if (launched.kind === "open") await this.#openRecording(launched);
      else if (launched.noDebug) this.#start = () => this.#runPlain(launched);
      else await this.#run(launched);
    } catch (error) {
      this.#launched = undefined;
      throw error;
    }
    return { afterwards: () => this.#event("initialized") };
  }

  /** A large recording without an index takes seconds, in which others are answered. */
  async #openRecording(launched: OpenArguments): Promise<void> {
    const progress = this.#showOpening();
    this.#opening = progress;
    let indexing: Indexing | undefined;
    try {
      const opened = await openFinished(launched.recording, this.#closing.signal);
      if (this.#session.isOver) {
        opened.travel.close();
        throw userError("ended");
      }
      ({ indexing } = opened);
      this.#isIndexing = indexing !== undefined;
      this.#session.open(opened.travel, this.#counting, indexing);
    } finally {
      if (indexing === undefined) progress.end();
      else void this.#followIndexing(indexing, progress);
    }
    this.#start = () => this.#session.showOpened(launched.stopOnEntry);
  }

  /** The session, which waits for it too, has put taking over the index into the queue before. */
  async #followIndexing(indexing: Indexing, progress: OpeningProgress): Promise<void> {
    progress.follow(indexing);
    await indexing.ended;
    progress.end();
    this.#queue.add(() => {
      this.#isIndexing = false;
      for (const request of this.#deferred) this.#enqueue(request);
      this.#deferred.clear();
      return Promise.resolve();
    });
  }

  /** Shown when it takes long, up to the index. */
  #showOpening(): OpeningProgress {
    let indexing: Indexing | undefined;
    let times = 0;
    let shown: string | undefined;
    let wasLeft = false;
    const show = (): void => {
      if (!this.#canShowProgress || this.#session.isOver) return;
      times++;
      const progressId = times === 1 ? openingProgress : `${openingProgress} ${times}`;
      shown = progressId;
      const cancellable = indexing !== undefined;
      this.#event("progressStart", { progressId, title: "Indexing the recording", cancellable });
      timer = setInterval(() => {
        if (indexing === undefined) return;
        this.#event("progressUpdate", { progressId, percentage: Math.round(indexing.share() * 100) });
      }, openingReportMilliseconds);
    };
    const hide = (): void => {
      clearTimeout(timer);
      if (shown !== undefined && !this.#session.isOver) this.#event("progressEnd", { progressId: shown });
      shown = undefined;
    };
    let timer = setTimeout(show, openingPatienceMilliseconds);
    return {
      follow: (one) => {
        indexing = one;
      },
      leave: (progressId) => {
        if (progressId !== shown) return false;
        wasLeft = true;
        hide();
        return true;
      },
      returns: () => {
        if (!wasLeft) return;
        wasLeft = false;
        show();
      },
      end: () => {
        wasLeft = false;
        hide();
      },
    };
  }

  async #run(launched: RunArguments): Promise<void> {
    let live: LiveProgram | undefined;
    const listener: ProgramListener = {
      onStopped: (stop) => {
        if (live !== undefined) this.#session.programStopped(live, stop);
      },
      onLogged: (message) => this.#session.programLogged(message),
      onResumed: () => this.#session.programResumed(),
      onWarning: (text) => this.#event("output", { category: "important", output: `${text}\n` }),
      onEnded: (end) => this.#session.programEnded(end),
    };
    const { program, recordingPath } = await startProgram(launched, this.#launchHost(listener));
    live = program;
    if (this.#session.isOver) throw userError("ended");
    this.#session.setLive(program, launched.onExit);
    this.#session.open(openTravel(recordingPath), this.#counting);
    this.#event("output", { category: "console", output: `Recording to ${recordingPath}\n` });
    if (program.note !== "") this.#event("output", { category: "console", output: `${program.note}\n` });
    this.#start = () => this.#session.runFirst(program);
  }

  async #runPlain(launched: RunArguments): Promise<void> {
    const process = await startPlain(launched, this.#launchHost(quietListener)).catch((error: unknown) => {
      this.#event("output", { category: "important", output: `${messageOf(error)}\n` });
      this.#session.plainProgramEnded(1);
    });
    // A terminal keeps a plain program to itself.
    if (process === undefined) this.#session.plainProgramEnded(0);
    else void process.gone.then((end) => this.#session.plainProgramEnded(end.exitCode ?? 1));
  }

  #launchHost(listener: ProgramListener): LaunchHost {
    return {
      listener,
      onOutput: (category, output) => this.#event("output", { category, output }),
      onStarted: (process) => this.#session.setProcess(process),
      runInTerminal: this.#canRunInTerminal ? (kind, cwd, args) => this.#runInTerminal(kind, cwd, args) : undefined,
    };
  }

  #runInTerminal(kind: "integrated" | "external", cwd: string, args: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const title = "Python: time travel";
      this.runInTerminalRequest({ kind, title, cwd, args: [...args] }, terminalTimeout, (response) => {
        if (response.success) resolve();
        else reject(new Error(response.message ?? "the client opened none"));
      });
    });
  }

  #configurationDone(): Reply {
    if (this.#launched === undefined) throw userError("notLaunched");
    const start = this.#start;
    this.#start = undefined;
    return { afterwards: () => void this.#guarded(async () => start?.()) };
  }

  // What overtakes the queue.

  async #pause(): Promise<Reply> {
    await this.#session.pause();
    return {};
  }

  #cancel(args: JsonReader): Reply {
    const id = args.integer("requestId");
    if (id !== undefined) this.#queue.cancel(id);
    for (const request of this.#deferred)
      if (request.seq === id && this.#deferred.delete(request)) this.#failCancelled(request);
    const progress = args.text("progressId");
    if (progress === `search ${this.#searches}`) this.#session.leaveSearch();
    if (progress !== undefined && this.#opening?.leave(progress) === true) this.#leaveIndexing();
    return {};
  }

  /** The index is made all the same: nobody waits for it any more. */
  #leaveIndexing(): void {
    this.#session.leaveSearch();
    for (const request of this.#deferred) this.#failCancelled(request);
    this.#deferred.clear();
  }

  #terminate(): Reply {
    return {
      afterwards: () => {
        this.#session.terminate();
        this.#closing.abort();
      },
    };
  }

  /** What waits has no other answer any more: the adapter leaves as soon as the client knows. */
  async #disconnect(request: DebugProtocol.Request): Promise<Reply> {
    // What can be answered at once still is.
    await nextRound();
    for (const waiting of this.#unanswered) if (waiting !== request) this.#failWith(waiting, userError("ended"));
    return {
      afterwards: () => {
        this.#session.terminate();
        this.#close();
      },
    };
  }

  override shutdown(): void {
    this.#close();
  }

  #close(): void {
    this.#closing.abort();
    this.#session.close();
    this.#onClosed();
  }
}

const openingPatienceMilliseconds = 500;
const openingReportMilliseconds = 250;
const openingProgress = "open";

const quietListener: ProgramListener = {
  onStopped: () => undefined,
  onLogged: () => undefined,
  onResumed: () => undefined,
  onWarning: () => undefined,
  onEnded: () => undefined,
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function knownError(error: unknown, command: string): UserError | undefined {
  if (error instanceof UserError) return error;
  if (error instanceof ShapeError) return userError("badRequest", { command, problem: `${error.message}.` });
  return undefined;
}
