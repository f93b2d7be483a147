// Which calls does a person look for? `total`, `argument:ada`, `result:40`, `exception:KeyError`, several together.
import type { CallTreeArguments } from "../protocol/historyRequests.ts";

export type CallSearch = Pick<CallTreeArguments, "function" | "argument" | "result" | "exception">;

const part = /(?:(?<field>function|argument|result|exception):\s*)?(?:"(?<quoted>[^"]*)"|(?<word>[^\s"]+))/giu;

/** What stands without a field is a function's name. Undefined when nothing is looked for. */
export function parseCallSearch(typed: string): CallSearch | undefined {
  let search: CallSearch = {};
  for (const { groups } of typed.matchAll(part)) {
    const text = groups?.["quoted"] ?? groups?.["word"] ?? "";
    if (text === "") continue;
    search = withPart(search, groups?.["field"]?.toLowerCase(), text);
  }
  return Object.keys(search).length === 0 ? undefined : search;
}

function withPart(search: CallSearch, field: string | undefined, text: string): CallSearch {
  switch (field) {
    case "argument":
      return { ...search, argument: text };
    case "result":
      return { ...search, result: text };
    case "exception":
      return { ...search, exception: text };
    default:
      return { ...search, function: search.function === undefined ? text : `${search.function} ${text}` };
  }
}

/** "function total, result 40". */
export function searchText(search: CallSearch): string {
  return Object.entries(search)
    .map(([field, text]) => `${field} ${text}`)
    .join(", ");
}
