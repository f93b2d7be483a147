// Places that code names: the steps on a line, the first steps of a function's activations, its returns.
import type { CodeObjectWrapper } from "../../python/codeObject.ts";
import type { Block } from "../../recording/block.ts";
import { OP_RETURN } from "../../wire/format.ts";
import type { History } from "../history.ts";
import type { Views } from "../views.ts";
import { RETURN_NAME } from "./breakpoint.ts";
import { isNamed } from "./functionNames.ts";
import { firstOf, lastOf, noLineKeys, NO_NAMES, type Place, type PlaceContext } from "./place.ts";

/** The steps on a line of a file. */
export class LinePlace implements Place {
  readonly isDecidedLater = false;
  readonly #history: History;
  readonly #file: string;
  readonly #line: number;

  constructor(history: History, file: string, line: number) {
    this.#history = history;
    this.#file = file;
    this.#line = line;
  }

  firstBlock(block: number): number {
    return firstOf(this.#history.index.lines, this.#keys(), block);
  }

  lastBlock(block: number): number {
    return lastOf(this.#history.index.lines, this.#keys(), block);
  }

  rows({ events }: Block): readonly number[] {
    const keys = this.#keys();
    const [first] = keys;
    const rows: number[] = [];
    for (const row of events.steps) {
      const key = events.detail[row] ?? 0;
      if (key === first || (keys.length > 1 && keys.includes(key))) rows.push(row);
    }
    return rows;
  }

  contextOf(block: Block, row: number): PlaceContext {
    return { frame: block.events.subject[row], names: NO_NAMES };
  }

  readonly lineKeys = (): ReadonlySet<number> => new Set(this.#keys());

  /** One for each code object that ran there so far. */
  #keys(): readonly number[] {
    return this.#history.recording.lineKeys.keysAt(this.#file, this.#line);
  }
}

/** Code objects that a breakpoint means, among those that are known: more come while a program runs. */
class Codes {
  readonly #history: History;
  readonly #test: (code: CodeObjectWrapper) => boolean;
  readonly #ids = new Set<number>();
  #seen = 0;

  constructor(history: History, test: (code: CodeObjectWrapper) => boolean) {
    this.#history = history;
    this.#test = test;
  }

  ids(): ReadonlySet<number> {
    const { registry } = this.#history.recording;
    if (registry.size > this.#seen) {
      let position = 0;
      for (const code of registry.all()) {
        if (position++ >= this.#seen && code.kind !== "body" && this.#test(code)) this.#ids.add(code.id);
      }
      this.#seen = registry.size;
    }
    return this.#ids;
  }
}

/** The first step of each activation of the functions of a name. */
export class FunctionPlace implements Place {
  readonly isDecidedLater = false;
  readonly lineKeys = noLineKeys;
  readonly #history: History;
  readonly #codes: Codes;

  constructor(history: History, name: string) {
    this.#history = history;
    this.#codes = new Codes(history, ({ fields }) => isNamed(fields.fileName, fields.qualifiedName, name));
  }

  firstBlock(block: number): number {
    return firstOf(this.#history.index.activations.starts, [...this.#codes.ids()], block);
  }

  lastBlock(block: number): number {
    return lastOf(this.#history.index.activations.starts, [...this.#codes.ids()], block);
  }

  rows(block: Block): readonly number[] {
    const { index, recording } = this.#history;
    const codes = this.#codes.ids();
    const { steps, detail } = block.events;
    return [...steps].filter((row) => {
      const place = recording.lineKeys.place(detail[row] ?? 0);
      return place !== undefined && codes.has(place.code.id) && index.activations.isFirstStep(block, row);
    });
  }

  contextOf(block: Block, row: number): PlaceContext {
    return { frame: block.events.subject[row], names: NO_NAMES };
  }
}

/** The returns of the functions of a name, or of the innermost function that a line belongs to. */
export class ReturnPlace implements Place {
  readonly isDecidedLater = false;
  readonly lineKeys = noLineKeys;
  readonly #history: History;
  readonly #views: Views;
  readonly #codes: Codes;

  constructor(history: History, views: Views, test: (code: CodeObjectWrapper) => boolean) {
    this.#history = history;
    this.#views = views;
    this.#codes = new Codes(history, test);
  }

  static ofName(history: History, views: Views, name: string): ReturnPlace {
    return new ReturnPlace(history, views, ({ fields }) => isNamed(fields.fileName, fields.qualifiedName, name));
  }

  static at(history: History, views: Views, file: string, line: number): ReturnPlace {
    return new ReturnPlace(history, views, (code) => {
      if (code.fields.fileName !== file || code.fields.name.startsWith("<")) return false;
      const text = history.recording.source(code.fields.source)?.text.split(/\r\n|\r|\n/u)[line - 1];
      return ownsLine(code, line, text);
    });
  }

  firstBlock(block: number): number {
    return firstOf(this.#history.index.activations.returns, [...this.#codes.ids()], block);
  }

  lastBlock(block: number): number {
    return lastOf(this.#history.index.activations.returns, [...this.#codes.ids()], block);
  }

  rows({ events }: Block): readonly number[] {
    const codes = this.#codes.ids();
    const rows: number[] = [];
    for (let row = 0; row < events.count; row++) {
      if (events.kind[row] === OP_RETURN && codes.has(events.detail[row] ?? 0)) rows.push(row);
    }
    return rows;
  }

  contextOf(block: Block, row: number): PlaceContext {
    const value = this.#views.operand(block.firstEvent + row, (cursor) => cursor.uv());
    return { frame: block.events.subject[row], names: new Map([[RETURN_NAME, value]]) };
  }
}

const definition = /^\s*(?:@|(?:async\s+)?def\b|class\b)/u;

/**
 * Whether a function is the innermost one at a line: the line is in its head, or holds code of it that does not begin
 * another function. `text`: the line's, when it is known.
 */
function ownsLine(code: CodeObjectWrapper, line: number, text: string | undefined): boolean {
  const lines = code.lineTable.lines();
  const { firstLine } = code.fields;
  const firstOfBody = lines.find((one) => one > firstLine) ?? firstLine + 1;
  if (line >= firstLine && line < firstOfBody) return true;
  return lines.includes(line) && !(text !== undefined && definition.test(text));
}
