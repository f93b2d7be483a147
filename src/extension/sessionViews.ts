// Where does each session stand in its history?
//
// A view changes only with what the adapter sends: `stopped` asks for the moment, `continued` says that the program runs,
// `hindsight/indexed` that everything about a large recording can be asked from now on.
import type { MomentResponse } from "../protocol/customRequests.ts";
import { isRecord, parseMoment } from "./answers.ts";

/** What is followed of a session of VS Code. */
export interface FollowedSession {
  readonly id: string;
  customRequest(command: string): PromiseLike<unknown>;
}

export type ViewOf<Session> =
  | { readonly kind: "none" }
  | { readonly kind: "running"; readonly session: Session }
  | { readonly kind: "stopped"; readonly session: Session; readonly moment: MomentResponse };

/** Requests that run the program on when they are made at the live edge. */
const forward: ReadonlySet<unknown> = new Set(["continue", "next", "stepIn", "stepOut"]);

/** A step is over sooner than anybody could read that the program runs. */
export const runningAfterMs = 300;

interface Standing<Session> {
  readonly view: ViewOf<Session>;
}

/** Views by session; `changed` is called when one has another view. */
export class SessionViews<Session extends FollowedSession> {
  readonly #changed: (session: Session, view: ViewOf<Session>) => void;
  /** A new object with each thing heard: what was begun before it, a timer or a question, finds another and is too late. */
  readonly #standings = new Map<string, Standing<Session>>();

  constructor(changed: (session: Session, view: ViewOf<Session>) => void) {
    this.#changed = changed;
  }

  of(session: Session): ViewOf<Session> {
    return this.#standings.get(session.id)?.view ?? { kind: "none" };
  }

  started(session: Session): void {
    this.#set(session, { kind: "running", session });
  }

  /** False when the session was not followed. */
  ended(session: Session): boolean {
    return this.#standings.delete(session.id);
  }

  /** A message to the adapter. A plain Continue is answered without a `continued` event. */
  request(session: Session, message: unknown): void {
    if (!isRecord(message) || message["type"] !== "request" || !forward.has(message["command"])) return;
    const view = this.of(session);
    if (view.kind !== "stopped" || !view.moment.atLiveEdge) return;
    const standing = this.#hear(session, view);
    setTimeout(() => {
      if (this.#standings.get(session.id) === standing) this.#set(session, { kind: "running", session });
    }, runningAfterMs);
  }

  /** A message from the adapter. */
  event(session: Session, message: unknown): void {
    if (!isRecord(message) || message["type"] !== "event") return;
    if (message["event"] === "continued") this.#set(session, { kind: "running", session });
    const isStopped = message["event"] === "hindsight/indexed" && this.of(session).kind === "stopped";
    if (message["event"] === "stopped" || isStopped) void this.#askMoment(session);
  }

  async #askMoment(session: Session): Promise<void> {
    const standing = this.#hear(session, this.of(session));
    let answer: unknown;
    try {
      answer = await session.customRequest("hindsight/moment");
    } catch {
      // The session ended meanwhile, or runs again: its next event says so.
      return;
    }
    const moment = parseMoment(answer);
    const overtaken = this.#standings.get(session.id) !== standing;
    if (moment !== undefined && !overtaken) this.#set(session, { kind: "stopped", session, moment });
  }

  #set(session: Session, view: ViewOf<Session>): void {
    this.#hear(session, view);
    this.#changed(session, view);
  }

  #hear(session: Session, view: ViewOf<Session>): Standing<Session> {
    const standing = { view };
    this.#standings.set(session.id, standing);
    return standing;
  }
}
