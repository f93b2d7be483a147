// Where in the text is something declared: a variable by its first binding, a function or class by its definition?
import type { CodeObjectWrapper } from "../python/codeObject.ts";
import type { History } from "./history.ts";
import type { OperandValues } from "./operandValues.ts";
import type { FrameView, Value } from "./timeTravel.ts";
import type { Views } from "./views.ts";

export class Declarations {
  readonly #history: History;
  readonly #views: Views;
  readonly #values: OperandValues;

  constructor(history: History, views: Views, values: OperandValues) {
    this.#history = history;
    this.#views = views;
    this.#values = values;
  }

  /** Undefined for what is not defined by code, and where several definitions have the name. */
  ofValue(event: number, value: Value): FrameView | undefined {
    const view = value.kind === "object" ? this.#views.object(event, value.object) : undefined;
    if (view === undefined) return undefined;
    if (view.kind === "method") {
      const [callee] = view.items;
      return callee === undefined ? undefined : this.ofValue(event, callee);
    }
    const isDefined = ["function", "class", "generator", "coroutine", "asyncGenerator"].includes(view.kind);
    if (!isDefined || view.text === undefined) return undefined;
    const codes = [...this.#history.recording.registry.all()].filter(
      ({ kind, fields }) => fields.qualifiedName === view.text && (kind === "body") === (view.kind === "class"),
    );
    const [code] = codes;
    return code === undefined || codes.length > 1 ? undefined : placeOn(code, code.fields.firstLine);
  }

  ofVariable(event: number, frame: number, name: string): FrameView | undefined {
    const code = this.#values.codeOf(event, frame);
    const operands = code === undefined ? undefined : this.#values.operandsOf(code);
    if (code === undefined || operands === undefined) return undefined;
    const { argumentCount, keywordOnlyCount, variableNames, firstLine } = code.fields;
    const index = variableNames.indexOf(name);
    if (index >= 0 && index < argumentCount + keywordOnlyCount) return placeOn(code, firstLine);
    const lines = operands.stores.flatMap(({ target, offset }) =>
      target.kind === "variable" && target.name === name ? [code.lineForOffset(offset) ?? Infinity] : [],
    );
    const first = Math.min(...lines);
    return Number.isFinite(first) ? placeOn(code, first) : undefined;
  }
}

function placeOn(code: CodeObjectWrapper, line: number): FrameView {
  const { name, qualifiedName, fileName, source } = code.fields;
  return {
    frame: 0,
    code: code.id,
    name,
    qualifiedName,
    file: fileName,
    source,
    module: undefined,
    position: { line, endLine: line, column: undefined, endColumn: undefined },
    isInnermost: false,
  };
}
