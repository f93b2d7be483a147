// Dicts and sets by Python's equality of keys: 1, 1.0 and True are one key, insertion order is kept.
import { notRecorded } from "./failures.ts";
import { isOwn, keyOf, refuseOwnEquality, type KeyUse } from "./keys.ts";
import type { Machine } from "./machine.ts";
import type { Py } from "./values.ts";

export interface Entry {
  readonly key: Py;
  readonly value: Py;
}

interface Loaded {
  readonly entries: ReadonlyMap<string, Entry>;
  /** A key of the program's own type: its `__eq__` could match anything. */
  readonly hasOwnKeys: boolean;
}

export class DictTable {
  /** True length, also where entries were left out. */
  readonly total: number;
  readonly #machine: Machine;
  readonly #load: () => readonly Entry[];
  #loaded: Loaded | undefined;

  /** A recorded dict, whose keys are known to differ; `load` may refuse. */
  constructor(machine: Machine, total: number, load: () => readonly Entry[]) {
    this.#machine = machine;
    this.total = total;
    this.#load = load;
  }

  /** Later entries replace the values of earlier ones with an equal key, as in Python. */
  static of(machine: Machine, pairs: Iterable<Entry>, use: KeyUse = "a dict key"): DictTable {
    const entries = new Map<string, Entry>();
    let hasOwnKeys = false;
    for (const { key, value } of pairs) {
      machine.work(1);
      const name = keyOf(machine, key, use);
      const known = entries.get(name);
      const isOne = isOwn(key);
      if ((isOne || hasOwnKeys) && known === undefined && entries.size > 0) refuseOwnEquality(key);
      hasOwnKeys ||= isOne;
      entries.set(name, { key: known?.key ?? key, value });
    }
    const table = new DictTable(machine, entries.size, () => [...entries.values()]);
    table.#loaded = { entries, hasOwnKeys };
    return table;
  }

  #table(): Loaded {
    if (this.#loaded === undefined) {
      const entries = new Map<string, Entry>();
      let hasOwnKeys = false;
      for (const entry of this.#load()) {
        hasOwnKeys ||= isOwn(entry.key);
        // A nan is equal to nothing, so that there may be several.
        let name = keyOf(this.#machine, entry.key, "a dict key", true);
        while (entries.has(name)) name += "'";
        entries.set(name, entry);
      }
      this.#loaded = { entries, hasOwnKeys };
    }
    return this.#loaded;
  }

  /** The entry of a key; undefined when there certainly is none. */
  find(key: Py, use: KeyUse = "a dict key"): Entry | undefined {
    const name = keyOf(this.#machine, key, use);
    if (this.total === 0) return undefined;
    const { entries, hasOwnKeys } = this.#table();
    const found = entries.get(name);
    if (found !== undefined) return found;
    if (entries.size < this.total)
      return notRecorded(`it may be one of the ${this.total - entries.size} entries that were left out`);
    if (hasOwnKeys || isOwn(key)) refuseOwnEquality(key);
    return undefined;
  }

  all(): readonly Entry[] {
    const kept = this.total === 0 ? [] : [...this.#table().entries.values()];
    if (kept.length < this.total) notRecorded(`only the first ${kept.length} of ${this.total} entries were kept`);
    return kept;
  }
}

export class SetTable {
  readonly #table: DictTable;

  constructor(table: DictTable) {
    this.#table = table;
  }

  /** The first of equal elements stays, as in Python. */
  static of(machine: Machine, elements: Iterable<Py>): SetTable {
    function* entries(): Generator<Entry> {
      for (const key of elements) yield { key, value: key };
    }
    return new SetTable(DictTable.of(machine, entries(), "a set element"));
  }

  get total(): number {
    return this.#table.total;
  }

  has(element: Py, use: KeyUse = "a set element"): boolean {
    return this.#table.find(element, use) !== undefined;
  }

  all(): readonly Py[] {
    return this.#table.all().map(({ key }) => key);
  }
}
