// Asks a real debug session about the past, and counts: nobody should need more than five questions.
import path from "node:path";
import type { ExceptionsArguments, ObjectArguments, OriginArguments } from "../../src/protocol/historyRequests.ts";
import { DebugRun } from "../support/debugRun.ts";
import { json, list, type Json } from "../support/dapClient.ts";

/** A line that an answer names, by its text. */
export interface Clue {
  readonly kind: string;
  readonly line: string;
  readonly text: string;
  readonly value: string;
  readonly step: number;
  readonly operands: ReadonlyMap<string, string>;
}

export class Detective {
  readonly #run = new DebugRun();
  #questions = 0;

  /** Runs a program of this folder up to its visible failure, which ends it. */
  async arrive(program: string, python: string): Promise<void> {
    const file = path.join(import.meta.dirname, "programs", `${program}.py`);
    const stop = await this.#run.begin({ program: file, python });
    if (stop.reason !== "exception" && stop.reason !== "exit") throw new Error(`${program} stopped by ${stop.reason}`);
  }

  get questions(): number {
    return this.#questions;
  }

  async leave(): Promise<void> {
    await this.#run.finish();
  }

  /** Hops to where the value of an expression came from, newest first. */
  async origin(expression: string): Promise<readonly Clue[]> {
    return list((await this.#ask("origin", { expression } satisfies OriginArguments))["hops"]).map(clueOf);
  }

  async history(expression: string): Promise<readonly Clue[]> {
    return list((await this.#ask("history", { expression }))["writes"]).map(clueOf);
  }

  /** Changes of an object, newest first. */
  async changes(expression: string): Promise<readonly Clue[]> {
    const about = { expression, what: "changes" } satisfies ObjectArguments;
    return list((await this.#ask("object", about))["changes"]).map(clueOf);
  }

  async holders(expression: string): Promise<readonly string[]> {
    const { holders } = await this.#ask("object", { expression, what: "holders" });
    return list(holders).map((one) => String(one["text"]));
  }

  /** All exceptions; `line` is where each was handled. */
  async exceptions(): Promise<readonly Clue[]> {
    return list((await this.#ask("exceptions", { count: 100 } satisfies ExceptionsArguments))["exceptions"]).map(
      (one) => ({
        ...clueOf({ ...one, at: one["handledAt"] }),
        kind: String(one["type"]),
      }),
    );
  }

  /** Calls of functions with that name; `text` is the line that called, `value` what came of it. */
  async calls(name: string): Promise<readonly Clue[]> {
    return list((await this.#ask("callTree", { function: name }))["calls"]).map((one) => ({
      ...clueOf({ ...one, value: json(one["end"])["value"] }),
      kind: String(one["function"]),
      text: String(json(one["calledAt"])["text"]),
      operands: new Map(list(one["arguments"]).map((arg) => [String(arg["name"]), shown(arg)])),
    }));
  }

  async why(line: number): Promise<Clue> {
    return clueOf(await this.#ask("why", { line }));
  }

  /** Travels to where a clue points. */
  async goTo({ step }: Clue): Promise<void> {
    this.#questions++;
    await this.#run.seek(step);
  }

  async #ask(question: string, args: Json): Promise<Json> {
    this.#questions++;
    return this.#run.client.must(`hindsight/${question}`, args);
  }
}

function shown(one: Json): string {
  return String(json(one["value"])["value"]);
}

function clueOf(one: Json): Clue {
  const at = json(one["at"]);
  return {
    kind: String(one["kind"]),
    line: String(at["text"]),
    text: String(one["text"]),
    value: shown(one),
    step: Number(at["step"]),
    operands: new Map(list(one["operands"]).map((operand) => [String(operand["expression"]), shown(operand)])),
  };
}
