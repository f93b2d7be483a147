// Which values did an expression take in a frame? It is evaluated, and what it read is noted; before the newest change
// of that it is evaluated again. Nothing in between can have changed its value.
import { scopesEnvironment, type Environment } from "./evaluate/environment.ts";
import { compileExpression, evaluate, type Outcome } from "./evaluate/evaluate.ts";
import type { History } from "./history.ts";
import { isSameValue } from "./places.ts";
import type { PlaceWrites, Write } from "./placeWrites.ts";
import type { Sites } from "./sites.ts";
import type { Value } from "./timeTravel.ts";
import type { Views } from "./views.ts";

/** Evaluations for one page. */
const MOST_EVALUATIONS = 20_000;

interface Evaluated {
  readonly outcome: Outcome;
  /** Event number of the newest change of anything that was read; -1 for none. */
  readonly changed: number;
}

export class ExpressionHistory {
  readonly #history: History;
  readonly #views: Views;
  readonly #sites: Sites;
  readonly #writes: PlaceWrites;

  constructor(history: History, views: Views, sites: Sites, writes: PlaceWrites) {
    this.#history = history;
    this.#views = views;
    this.#sites = sites;
    this.#writes = writes;
  }

  /** Newest first, from the event back to where the frame began; ends where the expression has no value. */
  *upTo(event: number, frame: number, text: string): Generator<Write> {
    let at = event;
    let now = this.#evaluated(at, frame, text);
    for (let count = 0; now !== undefined && count < MOST_EVALUATIONS; count++) {
      const value = valueOf(now.outcome);
      if (value === undefined || now.changed < 0) return;
      const before = this.#evaluated(now.changed - 1, frame, text);
      const wasAlive = before !== undefined && this.#history.liveFrame(now.changed - 1, frame) !== undefined;
      const old = before === undefined || !wasAlive ? undefined : valueOf(before.outcome);
      if (old === undefined || !isSameValue(old, value)) yield this.#write(now.changed, value);
      if (!wasAlive) return;
      at = now.changed - 1;
      now = before;
    }
  }

  #write(event: number, value: Value): Write {
    const moment = this.#history.momentOf(event);
    return { kind: "assigned", event, moment, site: this.#sites.of(event), value, gap: undefined };
  }

  #evaluated(event: number, frame: number, text: string): Evaluated | undefined {
    const scopes = event < 0 ? undefined : this.#views.scopes(event, frame);
    const compiled = compileExpression(text);
    if (scopes === undefined || compiled.kind !== "compiled") return undefined;
    const names = new Set<string>();
    const objects = new Set<number>();
    const environment = scopesEnvironment(
      scopes,
      (object) => {
        objects.add(object);
        return this.#views.object(event, object);
      },
      this.#history.recording.meta.python,
    );
    const outcome = evaluate(compiled, noting(environment, names));
    return { outcome, changed: this.#newestChange(event, frame, names, objects) };
  }

  #newestChange(event: number, frame: number, names: ReadonlySet<string>, objects: ReadonlySet<number>): number {
    let newest = -1;
    for (const name of names) {
      const write = this.#writes.last(event, { kind: "variable", frame, name });
      if (write !== undefined) newest = Math.max(newest, write.event);
    }
    const globals = this.#views.scopes(event, frame)?.globals ?? 0;
    for (const object of objects) {
      // The globals were only looked into for a name, whose own writes count.
      if (object > 0 && object !== globals) newest = Math.max(newest, this.#history.objectEventBackward(event, object));
    }
    return newest;
  }
}

/** Notes the names that have a value. A name that is bound nowhere is a builtin's, and counts as always having been. */
function noting(environment: Environment, names: Set<string>): Environment {
  return {
    minor: environment.minor,
    get printable() {
      return environment.printable;
    },
    name: (name) => {
      const found = environment.name(name);
      if (found.kind === "value") names.add(name);
      return found;
    },
    objectAt: (object) => environment.objectAt(object),
    nextObject: () => environment.nextObject(),
  };
}

/** Undefined for an exception, a refusal, and an object that is made anew by each evaluation. */
function valueOf(outcome: Outcome): Value | undefined {
  if (outcome.kind !== "value") return undefined;
  return outcome.value.kind === "object" && outcome.value.object < 0 ? undefined : outcome.value;
}
