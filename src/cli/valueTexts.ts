// The text of a value in a terminal: the debugger's own value texts, for one recording.
import { PrintableCharacters } from "../python/printable.ts";
import { valueText } from "../dap/presentation/valueText.ts";
import type { Moment, TimeTravel, Value } from "../travel/timeTravel.ts";

/** Text of a value as it was at a moment. */
export type ValueTexts = (moment: Moment, value: Value) => string;

/** Value texts as the recorded Python would write them. */
export function valueTextsOf(travel: TimeTravel): ValueTexts {
  const minor = Number(travel.summary.python.split(".")[1] ?? 0);
  const printable = new PrintableCharacters(minor);
  return (moment, value) =>
    valueText(value, {
      objectAt: (object) => travel.objectAt(moment, object),
      generatorAt: (object) => travel.generatorAt(moment, object),
      printable,
      minor,
    });
}
