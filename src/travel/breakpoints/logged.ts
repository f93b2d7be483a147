// What does a log point say? Its message at each of its moments, with its expressions answered from the recording.
import type { Block } from "../../recording/block.ts";
import type { History } from "../history.ts";
import type { LogPoint } from "./breakpoint.ts";
import type { Asker, Question } from "./condition.ts";
import type { HitList, Searching } from "./hitList.ts";
import { parseLogMessage } from "./logMessage.ts";

type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "question"; readonly question: Question };

/** From after the event `after` up to and including `end`, oldest first. */
export function* logged(
  history: History,
  asker: Asker,
  list: HitList,
  point: LogPoint,
  after: number,
  end: number,
): Searching<readonly { readonly event: number; readonly text: string }[]> {
  const { recording } = history;
  const parts = parseLogMessage(point.message).map((part): Part => {
    return part.kind === "text" ? part : { kind: "question", question: asker(part.expression) };
  });
  const messages: { readonly event: number; readonly text: string }[] = [];
  if (after >= end) return messages;
  const last = recording.history.blockOfEvent(end);
  let number = list.place.firstBlock(Math.max(recording.history.blockOfEvent(after + 1), 0));
  while (number <= last) {
    for (const { row, problem } of yield* list.inBlock(number)) {
      const block = recording.block(number);
      const event = block.firstEvent + row;
      if (event <= after || event > end) continue;
      const text = messageAt(list, parts, block, row);
      messages.push({ event, text: problem === undefined ? text : `${text} (condition: ${problem})` });
      if (messages.length % 100 === 0) yield event;
    }
    yield recording.history.firstEventOf(number);
    number = list.place.firstBlock(number + 1);
  }
  return messages;
}

function messageAt(list: HitList, parts: readonly Part[], block: Block, row: number): string {
  const { frame, names } = list.place.contextOf(block, row);
  return parts
    .map((part) => {
      if (part.kind === "text") return part.text;
      const answer = part.question.text(block.firstEvent + row, frame, names);
      return answer.kind === "text" ? answer.text : `<${answer.message}>`;
    })
    .join("");
}
