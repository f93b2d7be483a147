// Which debug sessions are ours, and what do they say?
import * as vscode from "vscode";
import type { SeekArguments } from "../protocol/customRequests.ts";
import { isRecord } from "./answers.ts";
import { logPointHit } from "./logPointHits.ts";
import type { LogPointHit } from "./resultItems.ts";
import { SessionViews, type ViewOf } from "./sessionViews.ts";

export const debugType = "hindsight";

export type SessionView = ViewOf<vscode.DebugSession>;

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
  readonly #views = new SessionViews<vscode.DebugSession>((session, view) => {
    if (vscode.debug.activeDebugSession?.id === session.id) this.#changed.fire(view);
  });
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
        if (this.#views.ended(session)) this.#changed.fire(this.focused);
      }),
    ];
  }

  get focused(): SessionView {
    const session = focusedSession();
    return session === undefined ? { kind: "none" } : this.#views.of(session);
  }

  createDebugAdapterTracker(session: vscode.DebugSession): vscode.DebugAdapterTracker {
    this.#views.started(session);
    return {
      onWillReceiveMessage: (message: unknown) => this.#views.request(session, message),
      onDidSendMessage: (message: unknown) => {
        this.#views.event(session, message);
        if (isRecord(message) && message["type"] === "event" && message["event"] === "output")
          this.#collect(session, logPointHit(message["body"]));
      },
    };
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

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
