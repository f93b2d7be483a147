// Where does the session stand: at which moment, in the past or at the live edge, and what moves it?
//
// The past never runs the program: a movement that begins in the past is answered from the recording alone.
// At the live edge, and only there, continue and step run Python; its reports come back through the same queue as
// the client's requests, so that nothing overtakes anything.
import type { Breakpoints, LoggedMessage, Moment, Movement, Searching, TimeTravel } from "../travel/timeTravel.ts";
import { NotIndexedYet } from "../base/errors.ts";
import type { Indexing } from "../node/openInBackground.ts";
import { cutNote } from "../travel/summary.ts";
import type { StepKind } from "../protocol/controlChannel.ts";
import { BreakpointBook } from "./breakpointBook.ts";
import { judgeAgain } from "./breakpointRequest.ts";
import { BreakpointSync } from "./breakpointSync.ts";
import { functionAnswer } from "./codeBreakpointRequests.ts";
import { IndexWait } from "./indexWait.ts";
import type { CodeLines } from "./lineVerdict.ts";
import type { LiveMessage, LiveProgram, ProgramEnd, ProgramStop } from "./liveProgram.ts";
import { LongSearches, type SearchEnd } from "./longSearch.ts";
import { isBefore, isSame } from "./moments.ts";
import {
  atRaise,
  isDecidedLater,
  movementKind,
  raiseThatEndedProgram,
  raiseThatEnds,
  type BackwardMove,
  type ForwardMove,
} from "./movements.ts";
import type { PythonProcess } from "./pythonProcess.ts";
import { RecordingView, type ClientCounting } from "./recordingView.ts";
import {
  beginningStop,
  breakpointStop,
  endStop,
  exceptionStop,
  killedText,
  movementStop,
  stopBody,
  type Present,
  type StopText,
} from "./stops.ts";
import { userError } from "./userErrors.ts";

export type SearchReport = { readonly kind: "begins" | "ends" } | { readonly kind: "comesTo"; readonly share: number };

/** The client as the session sees it. */
export interface Client {
  readonly event: (name: string, body?: object) => void;
  /** A search takes long; `share` of the recording, from 0 to 1. */
  readonly progress: (report: SearchReport) => void;
  /** A movement waits for the index. */
  readonly waitsForIndex: () => void;
  /** The number of a file's first line. */
  readonly firstLine: () => 0 | 1;
  /** Whether it asks for variables again when it is told to. */
  readonly canInvalidate: () => boolean;
  /** Puts a job into the session's queue. */
  readonly enqueue: (job: () => Promise<void>) => void;
}

/** What follows a response: the `stopped` of a movement, sent after it. */
export type Afterwards = () => void | Promise<void>;

const pausePatienceMilliseconds = 300;

export class TimeSession {
  readonly breakpoints = new BreakpointBook();
  readonly #sync = new BreakpointSync(this.breakpoints);
  readonly #searches = new LongSearches();
  readonly #index: IndexWait;
  /** Ids of breakpoints on functions that had not run when the client was told last. */
  readonly #unfoundFunctions = new Set<number>();
  readonly #client: Client;
  readonly #compiledLines = new Map<string, CodeLines>();
  #view: RecordingView | undefined;
  #live: LiveProgram | undefined;
  #process: PythonProcess | undefined;
  #moment: Moment = { step: 0, event: 0 };
  #thread = 0;
  /** What the client shows: nothing yet, a running program, or a stop. */
  #display: "nothing" | "running" | "stopped" = "nothing";
  /** Where Python stopped last: what the debugger changes there belongs to that stop. */
  #liveStop: Moment | undefined;
  /** From where the program ran last; undefined: from its start. */
  #ranFrom: Moment | undefined;
  #lastExceptionStop: Moment | undefined;
  #onExit: "stay" | "end" = "stay";
  #isOver = false;
  #hasToldOfTheCut = false;
  #hasToldNotes = false;
  /** Where an opened recording is shown that is not indexed yet, and what would have stopped before. */
  #opening: { readonly moment: Moment; readonly stops: Breakpoints } | undefined;
  #pauseTimer: NodeJS.Timeout | undefined;

  constructor(client: Client) {
    this.#client = client;
    this.#index = new IndexWait(client.enqueue, () => client.enqueue(() => this.#indexTaken()), client.waitsForIndex);
  }

  // What there is.

  get isOpen(): boolean {
    return this.#view !== undefined;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get live(): LiveProgram | undefined {
    return this.#live;
  }

  get view(): RecordingView {
    if (this.#view === undefined) throw userError(this.#isOver ? "ended" : "notLaunched");
    return this.#view;
  }

  get #travel(): TimeTravel {
    return this.view.travel;
  }

  get moment(): Moment {
    return this.#moment;
  }

  get thread(): number {
    return this.#thread;
  }

  /** Throws unless the client shows a stop: most questions make sense only then. */
  requireStop(): void {
    if (this.#isOver) throw userError("ended");
    if (this.#view === undefined) throw userError("notLaunched");
    if (this.#display === "running") throw userError("programRuns");
    if (this.#display === "nothing") throw userError("emptyHistory");
  }

  requireThread(thread: number): void {
    const known = this.#travel.threadsAt(this.#moment).some((one) => one.thread === thread);
    if (!known && !this.#travel.isIndexed) throw new NotIndexedYet();
    if (!known) throw userError("unknownThread", { id: thread });
  }

  get #isAlive(): boolean {
    return this.#live !== undefined && this.#live.state !== "ended";
  }

  get isAtLiveEdge(): boolean {
    return this.#isAlive && this.#display !== "nothing" && isSame(this.#moment, this.#travel.last);
  }

  /** True for a moment at which Python stands still now: it can be asked there. */
  isLive(moment: Moment): boolean {
    return this.#live?.state === "stopped" && isSame(moment, this.#travel.last);
  }

  get present(): Present {
    if (this.#live === undefined) return "recording";
    return this.#isAlive ? "running" : "ended";
  }

  /** Where code is as the program's Python compiles the file; remembered when it has ended. */
  async compiledLines(file: string): Promise<CodeLines | undefined> {
    const answer = await this.#live?.breakableLines(file);
    if (answer !== undefined)
      this.#compiledLines.set(
        file,
        "error" in answer ? { lines: [], isWhole: true, problem: answer.error } : { lines: answer, isWhole: true },
      );
    return this.#compiledLines.get(file);
  }

  #stops(): Breakpoints {
    return this.#sync.stops(this.view.sources);
  }

  /** After a change of breakpoints, before it is answered: the running program uses them from now on. */
  async breakpointsChanged(): Promise<void> {
    // Log points print when all of their moments are known.
    if (this.#view === undefined || this.#isOver || !this.#travel.isIndexed) return;
    await this.#sync.changed({
      travel: this.#travel,
      sources: this.view.sources,
      live: this.#live,
      search: async (begin) => {
        const end = await this.#search(begin);
        return end.kind === "found" ? end.result : undefined;
      },
      print: (message) => this.#printLogged(message),
      requireOpen: () => {
        void this.view;
      },
    });
  }

  #printLogged({ id, text, moment, thread }: LoggedMessage): void {
    const place = this.breakpoints.placeOf(id);
    const where =
      place === undefined ? {} : { source: { path: place.file }, line: place.line - 1 + this.#client.firstLine() };
    this.#client.event("output", {
      category: "console",
      output: `${text}\n`,
      ...where,
      data: { breakpointId: id, threadId: thread, moment },
    });
  }

  /** A log point's message from the running program. */
  programLogged({ breakpoint, thread, step, event, text }: LiveMessage): void {
    this.#printLogged({ id: breakpoint, text, thread, moment: { step, event } });
  }

  // Long searches.

  /** Where the search needs more than is known yet, it begins again when the recording is indexed. */
  async #search<Result>(begin: () => Searching<Result>): Promise<SearchEnd<Result>> {
    const { events } = this.#travel.summary;
    const end = await this.#index.answer(() =>
      this.#searches.run(begin(), {
        begins: () => this.#client.progress({ kind: "begins" }),
        comesTo: (position) => this.#client.progress({ kind: "comesTo", share: position / Math.max(events, 1) }),
        ends: () => this.#client.progress({ kind: "ends" }),
      }),
    );
    return end.kind === "found" ? end.result : end;
  }

  /** Overtakes the queue: a search that runs, or waits for the index, ends without a result. */
  leaveSearch(): void {
    this.#searches.leave();
    this.#index.leave();
  }

  // Beginning.

  /** `indexing`: what is on its way for a recording that is looked at before it is indexed. */
  open(travel: TimeTravel, counting: ClientCounting, indexing?: Indexing): void {
    this.#view = new RecordingView(travel, counting, this.#client.canInvalidate);
    this.#moment = travel.first;
    if (indexing !== undefined) this.#index.begin(indexing);
  }

  setProcess(process: PythonProcess): void {
    this.#process = process;
    if (this.#isOver) process.kill();
  }

  setLive(live: LiveProgram, onExit: "stay" | "end"): void {
    this.#live = live;
    this.#onExit = onExit;
  }

  /** The first start of a program. */
  async runFirst(live: LiveProgram): Promise<void> {
    await this.#judgeBreakpointsAgain();
    await this.breakpointsChanged();
    this.#display = "running";
    await live.run();
  }

  /** Opening a recording does what running the program does: it stops at the first breakpoint, else at the end. */
  async showOpened(stopOnEntry: boolean): Promise<void> {
    const travel = this.#travel;
    await this.#judgeBreakpointsAgain();
    if (travel.isIndexed) this.#tellNotes();
    if (travel.summary.steps === 0) {
      this.#client.event("output", { category: "important", output: "This recording holds no step.\n" });
      this.#end();
      return;
    }
    this.#moment = travel.first;
    const stops = this.#stops();
    if (!stopOnEntry && !travel.isIndexed && stops.every(isDecidedLater)) {
      // Left when the index says that an exception ended a thread before.
      this.#stopAtKnownEnd();
      this.#opening = { moment: this.#moment, stops };
      return;
    }
    this.#display = "running";
    const end = await this.#index.answer(() => this.#showFirst(stopOnEntry, stops));
    if (end.kind === "left") this.#stopAt(travel.isIndexed ? travel.first : travel.last, { reason: "pause" });
  }

  async #showFirst(stopOnEntry: boolean, stops: Breakpoints): Promise<void> {
    const travel = this.#travel;
    if (stopOnEntry) {
      this.#stopAt(travel.first, beginningStop(this.#isCut));
      return;
    }
    const here = travel.breakpointsAt(travel.first, stops);
    if (here.ids.length > 0) {
      this.#stopAt(travel.first, breakpointStop(here.ids, here.problems, this.breakpoints.reasonOf(here.ids)));
      return;
    }
    const end = await this.#search(() => travel.moving("continueForward", travel.first, 0, stops));
    if (end.kind === "left") this.#stopAt(travel.isIndexed ? travel.first : travel.last, { reason: "pause" });
    else if (end.result.reason.kind === "end") this.#stopAtKnownEnd();
    else this.#land(end.result, "forward");
  }

  #tellNotes(): void {
    if (this.#hasToldNotes) return;
    this.#hasToldNotes = true;
    for (const note of this.#travel.summary.notes)
      this.#client.event("output", { category: "important", output: `${note}\n` });
  }

  /** At the newest moment, as long as nobody knows whether an exception ended the program. */
  #stopAtKnownEnd(): void {
    try {
      this.#stopAtEnd();
    } catch (error) {
      if (!(error instanceof NotIndexedYet)) throw error;
      this.#stopAt(this.#travel.last, endStop(this.present));
    }
  }

  /** Everything can be asked from here on: what was left open is made up for. */
  async #indexTaken(): Promise<void> {
    if (this.#isOver || this.#view === undefined) return;
    const { view } = this;
    this.#tellNotes();
    await this.#judgeBreakpointsAgain();
    await this.breakpointsChanged();
    await this.#openAgain();
    if (view.isIncomplete) this.#client.event("invalidated", { areas: ["variables"] });
    view.isIncomplete = false;
    this.#client.event("hindsight/indexed", {});
  }

  /** Shows what opening the indexed recording would have shown, unless somebody has moved since. */
  async #openAgain(): Promise<void> {
    const travel = this.#travel;
    const opening = this.#opening;
    this.#opening = undefined;
    const isGone = this.#display === "stopped" && isBefore(travel.last, this.#moment);
    if (!isGone && opening === undefined) return;
    const end = await this.#search(() => travel.moving("continueForward", travel.first, 0, opening?.stops ?? []));
    if (end.kind === "left") return;
    const movement = end.result.reason.kind === "end" ? raiseThatEndedProgram(travel) : end.result;
    const target = movement?.moment ?? travel.last;
    if (isSame(target, this.#moment)) return;
    this.announceMovement();
    if (movement === undefined) this.#stopAt(travel.last, endStop(this.present));
    else this.#land(movement, "forward");
  }

  /** What could not be said about a breakpoint when it was set may be known now. */
  async #judgeBreakpointsAgain(): Promise<void> {
    for (const breakpoint of await judgeAgain(this, this.#client.firstLine()))
      this.#client.event("breakpoint", { reason: "changed", breakpoint });
    for (const one of this.breakpoints.others("function")) {
      const breakpoint = functionAnswer(this, one);
      if (breakpoint.verified && this.#unfoundFunctions.delete(one.id))
        this.#client.event("breakpoint", { reason: "changed", breakpoint });
      else if (!breakpoint.verified) this.#unfoundFunctions.add(one.id);
    }
  }

  // Movements. Each returns what is to be sent after its response.

  async moveForward(kind: ForwardMove, thread: number): Promise<Afterwards> {
    this.requireStop();
    this.requireThread(thread);
    this.#opening = undefined;
    if (this.#live !== undefined && this.isAtLiveEdge) {
      await this.#runLive(this.#live, kind, thread);
      return () => undefined;
    }
    return () => this.#travelTo(kind, thread, "forward");
  }

  moveBackward(kind: BackwardMove, thread: number): Afterwards {
    this.requireStop();
    this.requireThread(thread);
    this.#opening = undefined;
    return () => this.#travelTo(kind, thread, "backward");
  }

  /** Nothing else is answered meanwhile; a search that is left ends where it began. */
  async #travelTo(kind: ForwardMove | BackwardMove, thread: number, direction: "forward" | "backward"): Promise<void> {
    const from = this.#moment;
    const end = await this.#search(() => this.#travel.moving(movementKind(kind), from, thread, this.#stops()));
    const landed = end.kind === "found" ? await this.#index.answer(() => this.#land(end.result, direction)) : end;
    if (landed.kind === "left") this.#stopAt(from, { reason: "pause", description: "The search was left" }, thread);
  }

  /** Travels to a moment that the user named. */
  goTo(moment: Moment, reason: string): Afterwards {
    this.requireStop();
    this.#opening = undefined;
    return async () => {
      const [from, thread] = [this.#moment, this.#thread];
      const end = await this.#index.answer(() => this.#stopAt(moment, { reason }));
      if (end.kind === "left") this.#stopAt(from, { reason: "pause" }, thread);
    };
  }

  /** The movements of custom requests are not implied by the protocol: they are announced. */
  announceMovement(): void {
    this.#client.event("continued", { threadId: this.#thread, allThreadsContinued: true });
  }

  #land(movement: Movement, direction: "forward" | "backward"): void {
    const { moment, thread, reason } = movement;
    const isException = reason.kind === "exception";
    const exception = isException ? this.view.exceptionText(moment, thread) : undefined;
    const breakpoint = reason.kind === "breakpoint" ? this.breakpoints.reasonOf(reason.ids) : "breakpoint";
    const texts = { exception, breakpoint, isCut: this.#isCut };
    this.#stopAt(moment, movementStop(reason, direction, this.present, texts), thread);
    if (reason.kind === "start" && this.#isCut) this.#tellOfTheCut();
    if (isException) this.#lastExceptionStop = moment;
  }

  get #isCut(): boolean {
    return this.#travel.first.step > 0;
  }

  /** Once, however often the beginning is looked at. An opened recording says it in its notes. */
  #tellOfTheCut(): void {
    if (this.#hasToldOfTheCut || this.#live === undefined) return;
    this.#hasToldOfTheCut = true;
    const { firstStep, maxRecordingSize } = this.#travel.summary;
    this.#client.event("output", { category: "important", output: `${cutNote(firstStep, maxRecordingSize)}\n` });
  }

  #stopAt(moment: Moment, stop: StopText, thread = this.#travel.threadAt(moment)): void {
    if (this.#isOver) return;
    this.#moment = moment;
    this.#thread = thread;
    this.#display = "stopped";
    for (const problem of stop.problems ?? [])
      this.#client.event("output", { category: "important", output: `Condition: ${problem}\n` });
    this.#client.event("stopped", stopBody(stop, thread));
  }

  // The live edge.

  async #runLive(live: LiveProgram, kind: ForwardMove, thread: number): Promise<void> {
    const [top] = this.#travel.stackAt(this.#moment, thread);
    this.#display = "running";
    this.#ranFrom = this.#travel.last;
    this.#liveStop = undefined;
    await (kind === "continue" ? live.run() : live.step(stepKind(kind), thread, top?.frame ?? 0));
  }

  /** Overtakes the queue: the program is told at once. */
  async pause(): Promise<void> {
    if (this.#isOver) throw userError("ended");
    if (this.#searches.isSearching || this.#index.isWaited) {
      this.leaveSearch();
      return;
    }
    const live = this.#live;
    if (this.#display !== "running" || live === undefined || live.state !== "running") throw userError("notRunning");
    await live.pause();
    clearTimeout(this.#pauseTimer);
    this.#pauseTimer = setTimeout(() => this.#client.enqueue(() => this.#showBusy(live)), pausePatienceMilliseconds);
  }

  /** Python has not come to a recorded line since the pause: the newest recorded moment is shown meanwhile. */
  async #showBusy(live: LiveProgram): Promise<void> {
    if (this.#isOver || this.#display !== "running" || live.state !== "running" || !live.isPausePending) return;
    await live.drain();
    this.#travel.refresh();
    if (this.#travel.summary.steps === 0) return;
    const description = "Paused: Python is busy in code that is not recorded";
    this.#stopAt(this.#travel.last, { reason: "pause", description });
  }

  /** Python stands still. */
  programStopped(live: LiveProgram, stop: ProgramStop): void {
    this.#client.enqueue(async () => {
      if (this.#isOver || this.#live !== live) return;
      const wasAtEdge = this.isAtLiveEdge;
      await live.drain();
      this.#travel.refresh();
      const landing = this.#decided(stop);
      if (landing === "none") {
        await live.goOn();
        return;
      }
      this.#liveStop = this.#travel.last;
      await this.#judgeBreakpointsAgain();
      if (this.#display === "stopped") {
        // Paused while Python was busy, or let go by a signal. Whoever looks at the past is left alone.
        if (!wasAtEdge) return;
        if (isSame(this.#moment, this.#travel.last)) return;
        this.announceMovement();
      }
      if (landing !== undefined) {
        this.#land(landing, "forward");
        return;
      }
      this.#stopAt(this.#travel.last, this.#liveStopText(stop), stop.thread);
      if (stop.reason === "exception") this.#lastExceptionStop = this.#travel.last;
    });
  }

  /**
   * Where a stop belongs that Python cannot decide: what has changed, and which exceptions leave the user's code, the
   * recording says. "none": nowhere; undefined: Python has decided.
   */
  #decided(stop: ProgramStop): Movement | "none" | undefined {
    const travel = this.#travel;
    const from = this.#ranFrom ?? travel.first;
    switch (stop.reason) {
      case "change": {
        const changes = this.#stops().filter(({ place }) => place.kind === "data");
        const movement = travel.continueForward(from, changes);
        return movement.reason.kind === "breakpoint" ? movement : "none";
      }
      case "uncaught":
        return this.#decidedRaise(stop, raiseThatEnds(travel, stop.thread)?.moment);
      case "escaped": {
        const raised = travel.escapedExceptions().findLast(({ knownFrom }) => isBefore(from, knownFrom))?.raised;
        return raised === undefined ? "none" : this.#decidedRaise(stop, raised);
      }
      default:
        return undefined;
    }
  }

  #decidedRaise(stop: ProgramStop, moment: Moment | undefined): Movement | "none" | undefined {
    if (moment === undefined) return undefined;
    const travel = this.#travel;
    const wanted = this.#stops().filter((one) => isDecidedLater(one) && stop.breakpointIds.includes(one.id));
    const { ids, problems } = travel.breakpointsAt(moment, wanted.map(atRaise));
    if (ids.length === 0) return "none";
    const uncaught = stop.reason === "uncaught";
    return { moment, thread: travel.threadAt(moment), reason: { kind: "exception", uncaught, ids, problems } };
  }

  #liveStopText(stop: ProgramStop): StopText {
    switch (stop.reason) {
      case "breakpoint":
        return breakpointStop(stop.breakpointIds, stop.problems, this.breakpoints.reasonOf(stop.breakpointIds));
      case "exception":
      case "uncaught":
      case "escaped":
        return exceptionStop(stop.reason === "uncaught", this.view.exceptionText(this.#travel.last, stop.thread), stop);
      case "change":
        return { reason: "data breakpoint" };
      default:
        return { reason: stop.reason };
    }
  }

  /** A signal took the program out of its stop. */
  programResumed(): void {
    this.#client.enqueue(() => {
      const isShown = this.isAtLiveEdge && this.#display === "stopped";
      if (isShown && this.#live?.state === "running") {
        this.#display = "running";
        this.announceMovement();
      }
      return Promise.resolve();
    });
  }

  /**
   * After the debugger itself ran something at the live edge: the stop goes on to the newest moment.
   * `announce`: views are told. Not after a watch, which every such notice evaluates again.
   */
  afterEvaluation(announce: boolean): void {
    const from = this.#liveStop;
    this.#travel.refresh();
    if (from === undefined || isSame(from, this.#travel.last)) return;
    this.view.extendStop(from, this.#travel.last);
    if (!isBefore(this.#moment, from)) this.#moment = this.#travel.last;
    if (announce) this.#client.event("invalidated", { areas: ["variables"] });
  }

  // The end.

  programEnded(end: ProgramEnd): void {
    this.#client.enqueue(() => {
      if (!this.#isOver) this.#showProgramEnd(end);
      return Promise.resolve();
    });
  }

  #showProgramEnd(end: ProgramEnd): void {
    const wasInThePast = this.#display === "stopped" && !isSame(this.#moment, this.#travel.last);
    this.#travel.refresh();
    const killed = killedText(end);
    if (killed !== undefined) this.#client.event("output", { category: "important", output: `${killed}\n` });
    this.#client.event("exited", { exitCode: end.reported ?? end.process.exitCode ?? 1 });
    if (this.#onExit === "end" || this.#travel.summary.steps === 0) this.#end();
    else if (wasInThePast) this.#client.event("output", { category: "console", output: "The program has ended.\n" });
    else if (killed === undefined) this.#stopAtEnd();
    else this.#stopAt(this.#travel.last, { reason: "exit", description: killed });
  }

  /** At the raise of the exception that ended the program, else at the newest moment. */
  #stopAtEnd(): void {
    const raise = raiseThatEndedProgram(this.#travel);
    const isNews =
      raise !== undefined && (this.#lastExceptionStop === undefined || !isSame(raise.moment, this.#lastExceptionStop));
    if (raise !== undefined && isNews) this.#land(raise, "forward");
    else this.#stopAt(this.#travel.last, endStop(this.present));
  }

  /** A plain program (`noDebug`) has ended. */
  plainProgramEnded(exitCode: number): void {
    if (this.#isOver) return;
    this.#client.event("exited", { exitCode });
    this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#client.event("terminated");
  }

  /** Ends the program and the session, at once. */
  terminate(): void {
    this.leaveSearch();
    this.#process?.kill();
    this.#end();
    this.close();
  }

  /** Ends the program and frees what is open; nothing is sent. */
  close(): void {
    this.#isOver = true;
    this.#searches.leave();
    this.#index.forget();
    clearTimeout(this.#pauseTimer);
    this.#process?.kill();
    this.#view?.travel.close();
    this.#view = undefined;
  }
}

function stepKind(kind: Exclude<ForwardMove, "continue">): StepKind {
  return kind;
}
