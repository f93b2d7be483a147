// The values of one recording at one moment, in the form that texts and expressions are made from.
import { minorVersion } from "../../travel/evaluate/environment.ts";
import type { Moment, ObjectView, TimeTravel } from "../../travel/timeTravel.ts";
import { PrintableCharacters } from "../../python/printable.ts";
import type { ValueSource } from "./valueText.ts";

/** Makes `ValueSource`s; each remembers the objects that it was asked for. */
export class MomentValues {
  readonly #travel: TimeTravel;
  readonly #printable: PrintableCharacters;
  readonly #minor: number;

  constructor(travel: TimeTravel) {
    this.#travel = travel;
    this.#minor = minorVersion(travel.summary.python);
    this.#printable = new PrintableCharacters(this.#minor);
  }

  at(moment: Moment): ValueSource {
    const travel = this.#travel;
    const seen = new Map<number, ObjectView | undefined>();
    return {
      objectAt: (object) => {
        if (!seen.has(object)) seen.set(object, travel.objectAt(moment, object));
        return seen.get(object);
      },
      generatorAt: (object) => travel.generatorAt(moment, object),
      printable: this.#printable,
      minor: this.#minor,
    };
  }
}
