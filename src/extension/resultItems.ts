// How the answers about the past read in a list: one line each, with what it expands to and where a click goes.
import type {
  ArgumentInHistory,
  CallInHistory,
  ExceptionInHistory,
  ExceptionsResponse,
  ExecutionInHistory,
  ExecutionsResponse,
  HistoryResponse,
  MomentOfHistory,
  OriginHop,
  OriginKind,
  OriginOperand,
  OriginResponse,
  OutputResponse,
  PlaceInHistory,
  ValueInHistory,
  WhyResponse,
  WriteInHistory,
} from "../protocol/historyRequests.ts";
import type { Answer } from "./answer.ts";
import { grouped } from "./momentTexts.ts";

export interface ResultItem {
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  /** Name of a product icon. */
  readonly icon: string;
  /** Where a click goes. */
  readonly moment: MomentOfHistory | undefined;
  readonly children: readonly ResultItem[];
  /** The `variablesReference` of what it expands to besides; 0 for nothing. */
  readonly expands: number;
}

/** A page of a list; `next` asks for the one behind it. */
export interface ResultPage {
  readonly items: readonly ResultItem[];
  readonly next: number | undefined;
}

const none: Pick<ResultItem, "moment" | "children" | "expands"> = { moment: undefined, children: [], expands: 0 };

/** `hindsight/history`: the values, newest first. */
export function historyPage(answer: Answer<HistoryResponse>): ResultPage {
  const cutAt = answer.number("cutAt");
  const writes = answer.list<WriteInHistory>("writes").map(writeItem);
  return { items: cutAt === undefined ? writes : [...writes, cutItem(cutAt)], next: answer.number("next") };
}

/** What was before it is gone. */
function cutItem(step: number): ResultItem {
  const text = `The recording was cut at step ${step} (maxRecordingSize)`;
  return { label: text, description: "", tooltip: text, icon: "ellipsis", ...none, moment: { step, event: 0 } };
}

const writeIcons: ReadonlyMap<string, string> = new Map([
  ["assigned", "edit"],
  ["argument", "symbol-parameter"],
  ["created", "add"],
  ["seen", "eye"],
  ["deleted", "trash"],
  ["unknown", "question"],
]);

const writeNotes: ReadonlyMap<string, string> = new Map([
  ["argument", "handed in by the caller"],
  ["created", "created with its object"],
  ["seen", "there before its object was first seen"],
]);

/** One value that was written. */
export function writeItem(write: Answer<WriteInHistory>): ResultItem {
  const kind = write.text("kind") ?? "unknown";
  const at = write.part<PlaceInHistory>("at");
  const value = write.part<ValueInHistory>("value");
  const label = value?.text("value") ?? (kind === "deleted" ? "deleted" : "not recorded");
  const note = write.text("note") ?? writeNotes.get(kind);
  return {
    label,
    description: joined(lineText(at), note, placeText(at), stepText(at)),
    tooltip: lines(label, typeLine(value), note, codeLine(at), placeText(at), stepText(at)),
    icon: writeIcons.get(kind) ?? "edit",
    moment: momentOf(at),
    children: [],
    expands: value?.number("variablesReference") ?? 0,
  };
}

const originIcons: Readonly<Record<OriginKind, string>> = {
  variable: "symbol-variable",
  attribute: "symbol-field",
  item: "symbol-array",
  argument: "symbol-parameter",
  return: "reply",
  element: "sync",
  moved: "arrow-swap",
  literal: "symbol-constant",
  computation: "symbol-operator",
  input: "sign-in",
  creation: "add",
  unknown: "question",
};

/** `hindsight/origin`: hop after hop, each with the operands that it saw. */
export function originItems(answer: Answer<OriginResponse>): readonly ResultItem[] {
  return answer.list<OriginHop>("hops").map((hop) => {
    const at = hop.part<PlaceInHistory>("at");
    const value = hop.part<ValueInHistory>("value");
    const text = hop.text("text") ?? "";
    const kind = Object.entries(originIcons).find(([name]) => name === hop.text("kind"));
    return {
      label: text,
      description: joined(valueText(value), placeText(at), stepText(at)),
      tooltip: lines(text, valueText(value), typeLine(value), codeLine(at), placeText(at), stepText(at)),
      icon: kind?.[1] ?? "question",
      moment: momentOf(at),
      children: hop.list<OriginOperand>("operands").map(operandItem),
      expands: value?.number("variablesReference") ?? 0,
    };
  });
}

function operandItem(operand: Answer<OriginOperand>): ResultItem {
  const expression = operand.text("expression") ?? "";
  return valueItem(expression, operand.part<ValueInHistory>("value"), "symbol-variable");
}

function valueItem(label: string, value: Answer<ValueInHistory> | undefined, icon: string): ResultItem {
  const text = valueText(value) ?? "not recorded";
  return {
    ...none,
    label,
    description: text,
    tooltip: lines(`${label} ${text}`, typeLine(value)),
    icon,
    expands: value?.number("variablesReference") ?? 0,
  };
}

/** `hindsight/executions` of a line: each with the call that it belongs to; of a function: its calls. */
export function executionsPage(answer: Answer<ExecutionsResponse>): ResultPage {
  const items = answer.list<ExecutionInHistory>("executions").map(executionItem);
  return { items, next: answer.number("next") };
}

function executionItem(execution: Answer<ExecutionInHistory>): ResultItem {
  const at = execution.part<PlaceInHistory>("at");
  const call = execution.part<CallInHistory>("call");
  const item = callItem(call);
  return {
    ...item,
    description: joined(item.description, stepText(at)),
    tooltip: lines(item.label, item.description, codeLine(at), placeText(at), stepText(at)),
    moment: momentOf(at),
  };
}

/** One call: its arguments, how it ended, and where it was called. */
export function callItem(call: Answer<CallInHistory> | undefined): ResultItem {
  const end = endOf(call);
  const calledAt = call?.part<PlaceInHistory>("calledAt");
  const label = callText(call);
  const called: readonly ResultItem[] =
    calledAt === undefined
      ? []
      : [
          {
            ...none,
            label: "called at",
            description: joined(lineText(calledAt), placeText(calledAt)) ?? "",
            tooltip: lines(codeLine(calledAt), placeText(calledAt), stepText(calledAt)),
            icon: "call-incoming",
            moment: momentOf(calledAt),
          },
        ];
  const values = call?.list<ArgumentInHistory>("arguments") ?? [];
  return {
    label,
    description: end.text,
    tooltip: lines(label, end.text, stepsText(call)),
    icon: end.icon,
    moment: momentOf(call?.part<PlaceInHistory>("at")),
    children: [
      ...values.map((one) => valueItem(one.text("name") ?? "", one.part("value"), "symbol-parameter")),
      ...(end.item === undefined ? [] : [end.item]),
      ...called,
    ],
    expands: 0,
  };
}

/** `total(prices=[12, 30], discount=2)`. */
export function callText(call: Answer<CallInHistory> | undefined): string {
  const values = call?.list<ArgumentInHistory>("arguments") ?? [];
  const texts = values.map((one) => `${one.text("name") ?? ""}=${one.part<ValueInHistory>("value")?.text("value")}`);
  const name = call?.text("function") ?? "";
  return texts.length === 0 && name.startsWith("<") ? name : `${name}(${texts.join(", ")})`;
}

/** "3 steps, 40 with the calls that it made". */
export function stepsText(call: Answer<CallInHistory> | undefined): string | undefined {
  const self = call?.number("selfSteps");
  const total = call?.number("totalSteps");
  if (self === undefined || total === undefined) return undefined;
  const own = self === 1 ? "1 step" : `${grouped(self)} steps`;
  return self === total ? own : `${own}, ${grouped(total)} with the calls that it made`;
}

interface CallEnd {
  readonly text: string;
  readonly icon: string;
  readonly item: ResultItem | undefined;
}

type AnyEnd = Extract<CallInHistory["end"], { readonly moment: MomentOfHistory }>;

/** How a call ended, in a few words. */
export function endOf(call: Answer<CallInHistory> | undefined): CallEnd {
  const end = call?.part<AnyEnd>("end");
  const value = end?.part<ValueInHistory>("value");
  const moment = momentOf(end?.part("moment"));
  const text = value?.text("value") ?? "";
  switch (end?.text("kind")) {
    case "returned":
      return {
        text: `→ ${text}`,
        icon: "symbol-method",
        item: { ...valueItem("returned", value, "reply"), moment },
      };
    case "raised":
      return { text: `raised ${text}`, icon: "error", item: { ...valueItem("raised", value, "error"), moment } };
    default:
      return { text: "not ended", icon: "symbol-method", item: undefined };
  }
}

const whyIcons: ReadonlyMap<string, string> = new Map([
  ["ran", "check"],
  ["branch", "git-branch"],
  ["raised", "error"],
  ["left", "reply"],
  ["elsewhere", "info"],
]);

/** `hindsight/why`: one answer, with the values that decided. */
export function whyItem(answer: Answer<WhyResponse>): ResultItem {
  const at = answer.part<PlaceInHistory>("at");
  const text = answer.text("text") ?? "";
  return {
    label: text,
    description: joined(lineText(at), placeText(at)),
    tooltip: lines(text, codeLine(at), placeText(at), stepText(at)),
    icon: whyIcons.get(answer.text("kind") ?? "") ?? "question",
    moment: momentOf(at),
    children: answer.list<OriginOperand>("operands").map(operandItem),
    expands: 0,
  };
}

/** `hindsight/exceptions`: what was raised, and what became of it. */
export function exceptionsPage(answer: Answer<ExceptionsResponse>): ResultPage {
  const items = answer.list<ExceptionInHistory>("exceptions").map((exception): ResultItem => {
    const at = exception.part<PlaceInHistory>("at");
    const handledAt = exception.part<PlaceInHistory>("handledAt");
    const value = exception.part<ValueInHistory>("value");
    const label = value?.text("value") ?? exception.text("type") ?? "";
    const fate = exception.flag("uncaught") ? "uncaught" : handledAt === undefined ? "not handled here" : "handled";
    return {
      label,
      description: joined(fate, lineText(at), placeText(at), stepText(at)),
      tooltip: lines(label, fate, codeLine(at), placeText(at), stepText(at)),
      icon: exception.flag("uncaught") ? "error" : "warning",
      moment: momentOf(at),
      children:
        handledAt === undefined
          ? []
          : [
              {
                ...none,
                label: "handled at",
                description: joined(lineText(handledAt), placeText(handledAt)),
                tooltip: lines(codeLine(handledAt), placeText(handledAt), stepText(handledAt)),
                icon: "check",
                moment: momentOf(handledAt),
              },
            ],
      expands: value?.number("variablesReference") ?? 0,
    };
  });
  return { items, next: answer.number("next") };
}

type OutputInHistory = OutputResponse["outputs"][number];

/** `hindsight/output`: what the program wrote, with the line that wrote it. */
export function outputPage(answer: Answer<OutputResponse>): ResultPage {
  const items = answer.list<OutputInHistory>("outputs").map((output): ResultItem => {
    const at = output.part<PlaceInHistory>("at");
    const text = output.text("text") ?? "";
    return {
      ...none,
      label: text.trimEnd() === "" ? "(empty line)" : text.trimEnd(),
      description: joined(
        output.text("stream") === "stderr" ? "stderr" : undefined,
        lineText(at),
        placeText(at),
        stepText(at),
      ),
      tooltip: lines(text, codeLine(at), placeText(at), stepText(at)),
      icon: output.text("stream") === "stderr" ? "warning" : "output",
      moment: momentOf(at),
    };
  });
  return { items, next: answer.number("next") };
}

/** A message of a log point, as it stands in an `output` event. */
export interface LogPointHit {
  readonly text: string;
  readonly moment: MomentOfHistory;
  readonly place: string;
}

/** One message of a log point. */
export function logItem({ text, moment, place }: LogPointHit): ResultItem {
  const step = `step ${grouped(moment.step)}`;
  return {
    ...none,
    label: text,
    description: joined(place, step),
    tooltip: lines(text, place, step),
    icon: "debug-breakpoint-log",
    moment,
  };
}

/** The moment that is in an answer; undefined when there is none. */
export function momentOf(answer: Answer<MomentOfHistory> | undefined): MomentOfHistory | undefined {
  const step = answer?.number("step");
  const event = answer?.number("event");
  return step === undefined || event === undefined ? undefined : { step, event };
}

function valueText(value: Answer<ValueInHistory> | undefined): string | undefined {
  const text = value?.text("value");
  return text === undefined ? undefined : `= ${text}`;
}

function typeLine(value: Answer<ValueInHistory> | undefined): string | undefined {
  return value?.text("type");
}

function lineText(at: Answer<PlaceInHistory> | undefined): string | undefined {
  return at?.text("text");
}

/** For a tooltip, in which the line of code stands out. */
function codeLine(at: Answer<PlaceInHistory> | undefined): string | undefined {
  const text = lineText(at);
  return text === undefined ? undefined : `    ${text}`;
}

/** `total, shop.py:7`. */
function placeText(at: Answer<PlaceInHistory> | undefined): string | undefined {
  const name = at?.part<NonNullable<PlaceInHistory["source"]>>("source")?.text("name");
  const line = at?.number("line");
  const file = name === undefined || line === undefined ? undefined : `${name}:${line}`;
  const parts = [at?.text("function"), file].filter((part) => part !== undefined && part !== "");
  return parts.length === 0 ? undefined : parts.join(", ");
}

function stepText(at: Answer<PlaceInHistory> | undefined): string | undefined {
  const step = at?.number("step");
  return step === undefined ? undefined : `step ${grouped(step)}`;
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}

function lines(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join("\n");
}
