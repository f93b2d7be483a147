// The running program: what it is told over the control channel, and what it reports.
// It knows nothing of the past; moments are the session's business.
import { closeSync, openSync, writeSync } from "node:fs";
import type { BreakpointOrder, FromPython, StepKind, StopReason, ToPython } from "../protocol/controlChannel.ts";
import type { Connection } from "./controlServer.ts";
import type { ProcessEnd, PythonProcess } from "./pythonProcess.ts";

export interface ProgramStop {
  readonly reason: StopReason;
  readonly thread: number;
  readonly breakpointIds: readonly number[];
  /** Why conditions have no answer. */
  readonly problems: readonly string[];
}

/** How the program ended. */
export interface ProgramEnd {
  /** What Python itself reported; undefined when it was killed or left through `os._exit`. */
  readonly reported: number | undefined;
  readonly process: ProcessEnd;
}

export interface ProgramListener {
  readonly onStopped: (stop: ProgramStop) => void;
  /** A log point was passed. */
  readonly onLogged: (message: LiveMessage) => void;
  /** The program goes on by itself: a signal handler raised while it stood still. */
  readonly onResumed: () => void;
  readonly onWarning: (text: string) => void;
  readonly onEnded: (end: ProgramEnd) => void;
}

export type LiveMessage = Extract<FromPython, { type: "logged" }>;
export type Evaluated = Extract<FromPython, { type: "evaluated" }>;

/** Byte of the tail file that makes a running Python read its socket (FORMAT.md, section 7). */
const attentionOffset = 28;
const ringAgainMilliseconds = 50;
/** How long a running program may take to answer; blocked in C it cannot. */
const answerMilliseconds = 1000;
/** How long the rest of the interpreter's shutdown may take after the log is complete. */
const shutdownMilliseconds = 5000;

interface Waiting {
  readonly resolve: (answer: FromPython | undefined) => void;
}

function timeout(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), milliseconds).unref();
  });
}

export class LiveProgram {
  readonly #process: PythonProcess;
  readonly #connection: Connection;
  readonly #tailPath: string;
  readonly #listener: ProgramListener;
  readonly #waiting = new Map<number, Waiting>();
  #state: "configuring" | "running" | "stopped" | "ended" = "configuring";
  #isPausePending = false;
  #reported: number | undefined;
  #lastId = 0;
  #bell: NodeJS.Timeout | undefined;
  #note = "";
  #onConfigured: () => void = () => undefined;

  constructor(connection: Connection, process: PythonProcess, recordingPath: string, listener: ProgramListener) {
    this.#connection = connection;
    this.#process = process;
    this.#tailPath = `${recordingPath}.tail`;
    this.#listener = listener;
    process.know(connection.hello.pid);
    connection.listen(
      (message) => this.#receive(message),
      () => void this.#disconnected(),
    );
    void process.gone.then((end) => this.#end(end));
  }

  get state(): "configuring" | "running" | "stopped" | "ended" {
    return this.#state;
  }

  /** One sentence when the native recorder could not be taken, else ""; known once it is configured. */
  get note(): string {
    return this.#note;
  }

  /** True while a pause was asked for and the program has not come to a recorded line. */
  get isPausePending(): boolean {
    return this.#isPausePending;
  }

  /** Resolves when Python is ready for breakpoints; false when it ended before. */
  async configure(stopOnEntry: boolean): Promise<boolean> {
    const configured = new Promise<boolean>((resolve) => {
      this.#onConfigured = () => resolve(true);
    });
    await this.#send({ type: "configure", stopOnEntry });
    return Promise.race([configured, this.#process.gone.then(() => false)]);
  }

  /**
   * Resolves when Python uses the new breakpoints, or cannot answer because it is blocked in C. True: it stands still
   * until `setHits`.
   */
  async setBreakpoints(breakpoints: readonly BreakpointOrder[]): Promise<boolean> {
    const answer = await this.#ask((id) => ({ type: "setBreakpoints", id, breakpoints }));
    return answer?.type === "breakpointsSet" && answer.waits;
  }

  /** How often the conditions of breakpoints held before they were set. */
  async setHits(hits: readonly (readonly [id: number, count: number])[]): Promise<void> {
    await this.#send({ type: "setHits", hits });
  }

  /** Lines that hold code, ascending, or why the file does not compile; undefined when Python cannot answer. */
  async breakableLines(file: string): Promise<readonly number[] | { readonly error: string } | undefined> {
    const answer = await this.#ask((id) => ({ type: "breakableLines", id, file }));
    if (answer?.type !== "breakableLines") return undefined;
    return answer.error === null ? answer.lines : { error: answer.error };
  }

  /** For each expression why Python does not compile it, "" if it does; undefined when Python cannot answer. */
  async syntaxProblems(expressions: readonly string[]): Promise<readonly string[] | undefined> {
    const answer = await this.#ask((id) => ({ type: "syntaxProblems", id, expressions }));
    return answer?.type === "syntaxProblems" ? answer.problems : undefined;
  }

  /** At a stop only. Waits as long as it takes: it is the user's own code that runs. */
  async evaluate(frame: number, expression: string, context: string): Promise<Evaluated | undefined> {
    const answer = await this.#ask((id) => ({ type: "evaluate", id, frame, expression, context }), Infinity);
    return answer?.type === "evaluated" ? answer : undefined;
  }

  async run(): Promise<void> {
    this.#setRunning();
    await this.#send({ type: "run" });
  }

  /** The stop was none: the program goes on as before it. */
  async goOn(): Promise<void> {
    this.#setRunning();
    await this.#send({ type: "goOn" });
  }

  async step(kind: StepKind, thread: number, frame: number): Promise<void> {
    this.#setRunning();
    await this.#send({ type: "step", kind, thread, frame });
  }

  async pause(): Promise<void> {
    this.#isPausePending = true;
    await this.#send({ type: "pause" });
  }

  /** Hands on what the program printed so far. */
  drain(): Promise<void> {
    return this.#process.drain();
  }

  kill(): void {
    this.#process.kill();
  }

  #setRunning(): void {
    if (this.#state === "ended") return;
    this.#state = "running";
    this.#isPausePending = false;
  }

  async #send(message: ToPython): Promise<void> {
    if (this.#state === "ended") return;
    await this.#connection.send(message);
    this.#ring();
  }

  /** Sends a question and waits for the answer with its id. */
  async #ask(question: (id: number) => ToPython, patience = answerMilliseconds): Promise<FromPython | undefined> {
    if (this.#state === "ended") return undefined;
    const id = ++this.#lastId;
    const answer = new Promise<FromPython | undefined>((resolve) => {
      this.#waiting.set(id, { resolve });
    });
    await this.#send(question(id));
    if (patience === Infinity || this.#state !== "running") return answer;
    return Promise.race([answer, timeout(patience)]);
  }

  /** Rings until everything that was asked is answered: a bell between Python's look and its reading could be lost. */
  #ring(): void {
    clearTimeout(this.#bell);
    if (this.#state !== "running") return;
    try {
      const descriptor = openSync(this.#tailPath, "r+");
      try {
        writeSync(descriptor, Uint8Array.of(1), 0, 1, attentionOffset);
      } finally {
        closeSync(descriptor);
      }
    } catch {
      // No tail: the log is closed, so the program is at its end.
    }
    if (this.#waiting.size > 0 || this.#isPausePending)
      this.#bell = setTimeout(() => this.#ring(), ringAgainMilliseconds).unref();
  }

  #receive(message: FromPython): void {
    switch (message.type) {
      case "configured":
        this.#note = message.note;
        this.#onConfigured();
        break;
      case "stopped":
        this.#state = "stopped";
        this.#isPausePending = false;
        this.#listener.onStopped(message);
        break;
      case "logged":
        this.#listener.onLogged(message);
        break;
      case "resumed":
        this.#resumed();
        break;
      case "warning":
        this.#listener.onWarning(message.text);
        break;
      case "ended":
        this.#reported = message.exitCode;
        void this.#finishShutdown();
        break;
      case "hello":
        break;
      default:
        this.#waiting.get(message.id)?.resolve(message);
        this.#waiting.delete(message.id);
        break;
    }
  }

  /** The answer to `run` and `step`; unasked for it means that the program has left its stop by itself. */
  #resumed(): void {
    if (this.#state !== "stopped") return;
    this.#setRunning();
    this.#listener.onResumed();
  }

  async #finishShutdown(): Promise<void> {
    const end = await Promise.race([this.#process.gone, timeout(shutdownMilliseconds)]);
    this.#end(end ?? { exitCode: undefined, signal: undefined });
  }

  /** Without its channel Python goes on unwatched until it ends; most often it is ending right now. */
  async #disconnected(): Promise<void> {
    this.#releaseWaiting();
    this.#end(await this.#process.gone);
  }

  #releaseWaiting(): void {
    for (const { resolve } of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }

  #end(end: ProcessEnd): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    clearTimeout(this.#bell);
    this.#releaseWaiting();
    this.#connection.close();
    this.#listener.onEnded({ reported: this.#reported, process: end });
  }
}
