// Conditions and log messages, asked of the recording: the evaluator of the past, with the names of one frame.
import { scopesEnvironment } from "../evaluate/environment.ts";
import {
  compileExpression,
  evaluateText,
  evaluateTruth,
  type Compiled,
  type Environment,
  type NoValue,
} from "../evaluate/evaluate.ts";
import type { History } from "../history.ts";
import type { ScopesView, Value } from "../timeTravel.ts";
import type { Views } from "../views.ts";
import type { Asker, Question } from "./condition.ts";
import { scalarTest, type ScalarTest } from "./scalarTest.ts";

type Failed = { readonly kind: "failed"; readonly message: string };

export function recordedAsker(history: History, views: Views): Asker {
  return (expression) => {
    const compiled = compileExpression(expression);
    if (compiled.kind === "compiled") return new RecordedQuestion(history, views, compiled);
    const failed: Failed = { kind: "failed", message: `SyntaxError: ${compiled.message}` };
    return { scalars: undefined, truth: () => failed, text: () => failed };
  };
}

class RecordedQuestion implements Question {
  readonly scalars: ScalarTest | undefined;
  readonly #history: History;
  readonly #views: Views;
  readonly #compiled: Compiled;
  #last: Environment | undefined;

  constructor(history: History, views: Views, compiled: Compiled) {
    this.#history = history;
    this.#views = views;
    this.#compiled = compiled;
    this.scalars = scalarTest(compiled.expression);
  }

  truth(event: number, frame: number | undefined, names: ReadonlyMap<string, Value>): ReturnType<Question["truth"]> {
    const answer = evaluateTruth(this.#compiled, this.#environment(event, frame, names));
    if (answer.kind !== "truth") return failed(answer);
    return { kind: answer.value ? "true" : "false" };
  }

  text(event: number, frame: number | undefined, names: ReadonlyMap<string, Value>): ReturnType<Question["text"]> {
    const answer = evaluateText(this.#compiled, this.#environment(event, frame, names));
    return answer.kind === "text" ? answer : failed(answer);
  }

  #environment(event: number, frame: number | undefined, names: ReadonlyMap<string, Value>): Environment {
    const scopes = frame === undefined ? undefined : this.#views.scopes(event, frame);
    const { python } = this.#history.recording.meta;
    // What depends on the Python version alone is made once.
    const parts = this.#last === undefined ? {} : { printable: this.#last.printable };
    const own = scopesEnvironment(scopes ?? noScopes, (object) => this.#views.object(event, object), python, parts);
    this.#last ??= own;
    if (names.size === 0) return own;
    return {
      minor: own.minor,
      get printable() {
        return own.printable;
      },
      objectAt: (object) => own.objectAt(object),
      nextObject: () => own.nextObject(),
      name: (name) => {
        const value = names.get(name);
        return value === undefined ? own.name(name) : { kind: "value", value };
      },
    };
  }
}

const noScopes: ScopesView = {
  locals: [],
  closure: [],
  unbound: [],
  globals: 0,
  localsAreGlobals: false,
  returnValue: undefined,
};

function failed(answer: NoValue): Failed {
  if (answer.kind === "refused") return { kind: "failed", message: answer.reason };
  return { kind: "failed", message: answer.text === "" ? answer.type : `${answer.type}: ${answer.text}` };
}
