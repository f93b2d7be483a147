// Which debug sessions are ours, and where does each stand in its history?
//
// A view changes only with what the adapter sends: `stopped` asks for the moment, `continued` says that the program runs.
import * as vscode from "vscode";
import type { MomentResponse, SeekArguments } from "../protocol/customRequests.ts";
import { isRecord, parseMoment } from "./answers.ts";
import { logPointHit } from "./logPointHits.ts";
import type { LogPointHit } from "./resultItems.ts";

export const debugType = "hindsight";

export type SessionView =
  | { readonly kind: "none" }
  | { readonly kind: "running"; readonly session: vscode.DebugSession }
  | { readonly kind: "stopped"; readonly session: vscode.DebugSession; readonly moment: MomentResponse };

/** Requests that run the program on when they are made at the live edge. */
const forward: ReadonlySet<unknown> = new Set(["continue", "next", "stepIn", "stepOut"]);

/** A step is over sooner than anybody could read that the program runs. */
const runningAfterMs = 300;

/** The focused session when it is ours: other debuggers' sessions are none of our business. */
export function focusedSession(): vscode.DebugSession | undefined {
  const session = vscode.debug.activeDebugSession;
  return session?.type === debugType ? session : undefined;
}

/** Travels to a moment. Rejects when the session refuses. */
export async function seekIn(session: vscode.DebugSession, to: SeekArguments): Promise<void> {
  await session.customRequest("hindsight/seek", { step: to.step, event: to.event ?? 0 } satisfies SeekArguments);
}

/** Messages of log points come in quick succession: they are handed on together. */
const logPauseMs = 100;

/** What log points of a session have said since the last time. */
export interface LogPointHits {
  readonly session: vscode.DebugSession;
  readonly hits: readonly LogPointHit[];
}

/** Follows all sessions of the debug type; `onDidChange` fires when the view of the focused one may be different. */
export class Sessions implements vscode.DebugAdapterTrackerFactory, vscode.Disposable {
  readonly #views = new Map<string, SessionView>();
  readonly #changed = new vscode.EventEmitter<SessionView>();
  readonly #logged = new vscode.EventEmitter<LogPointHits>();
  readonly #waitingHits = new Map<string, LogPointHit[]>();
  readonly #subscriptions: vscode.Disposable[];
  readonly onDidChange = this.#changed.event;
  readonly onDidLog = this.#logged.event;

  constructor() {
    this.#subscriptions = [
      this.#changed,
      this.#logged,
      vscode.debug.registerDebugAdapterTrackerFactory(debugType, this),
      vscode.debug.onDidChangeActiveDebugSession(() => this.#changed.fire(this.focused)),
      vscode.debug.onDidTerminateDebugSession((session) => {
        if (this.#views.delete(session.id)) this.#changed.fire(this.focused);
      }),
    ];
  }

  get focused(): SessionView {
    const session = focusedSession();
    return (session === undefined ? undefined : this.#views.get(session.id)) ?? { kind: "none" };
  }

  createDebugAdapterTracker(session: vscode.DebugSession): vscode.DebugAdapterTracker {
    this.#set(session, { kind: "running", session });
    return {
      onWillReceiveMessage: (message: unknown) => this.#followRequest(session, message),
      onDidSendMessage: (message: unknown) => this.#follow(session, message),
    };
  }

  /** A plain Continue is answered without a `continued` event. */
  #followRequest(session: vscode.DebugSession, message: unknown): void {
    if (!isRecord(message) || message["type"] !== "request" || !forward.has(message["command"])) return;
    const view = this.#views.get(session.id);
    if (view?.kind !== "stopped" || !view.moment.atLiveEdge) return;
    setTimeout(() => {
      if (this.#views.get(session.id) === view) this.#set(session, { kind: "running", session });
    }, runningAfterMs);
  }

  #follow(session: vscode.DebugSession, message: unknown): void {
    if (!isRecord(message) || message["type"] !== "event") return;
    if (message["event"] === "continued") this.#set(session, { kind: "running", session });
    if (message["event"] === "stopped") void this.#askMoment(session);
    if (message["event"] === "output") this.#collect(session, logPointHit(message["body"]));
  }

  #collect(session: vscode.DebugSession, hit: LogPointHit | undefined): void {
    if (hit === undefined) return;
    const waiting = this.#waitingHits.get(session.id);
    if (waiting !== undefined) {
      waiting.push(hit);
      return;
    }
    const hits = [hit];
    this.#waitingHits.set(session.id, hits);
    setTimeout(() => {
      this.#waitingHits.delete(session.id);
      this.#logged.fire({ session, hits });
    }, logPauseMs);
  }

  async #askMoment(session: vscode.DebugSession): Promise<void> {
    const before = this.#views.get(session.id);
    let answer: unknown;
    try {
      answer = await session.customRequest("hindsight/moment");
    } catch {
      // The session ended meanwhile, or runs again: its next event says so.
      return;
    }
    const moment = parseMoment(answer);
    const overtaken = this.#views.get(session.id) !== before;
    if (moment !== undefined && !overtaken) this.#set(session, { kind: "stopped", session, moment });
  }

  #set(session: vscode.DebugSession, view: SessionView): void {
    this.#views.set(session.id, view);
    if (vscode.debug.activeDebugSession?.id === session.id) this.#changed.fire(view);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
