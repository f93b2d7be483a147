// What do the names of a test hold in one frame, event by event through a block, and does the test hold then?
import type { Block } from "../../recording/block.ts";
import * as f from "../../wire/format.ts";
import type { NamespaceScalars } from "./namespaceScalars.ts";
import { afterNumber, scalarIn, unsigned } from "./scalarBytes.ts";
import type { Scalar, ScalarTest } from "./scalarTest.ts";

/** Where a frame's names stand. */
export interface FrameNames {
  /** Slots of the test's names; -1 for a name in none. */
  readonly slots: readonly number[];
  /** Where names are that are in no slot; undefined where none is, or where nobody looks. */
  readonly namespace: NamespaceScalars | undefined;
  /** At module level the namespace has a name while its slot, a comprehension's variable, is unbound. */
  readonly isModule: boolean;
}

const UNBOUND = Uint8Array.of(f.TAG_UNBOUND);

export class FrameScalars {
  readonly #test: ScalarTest;
  readonly #names: FrameNames;
  /** By place in the test's names. */
  readonly #own: Scalar[];
  readonly #isBound: boolean[];
  readonly #seenNow: Scalar[] = [];
  #version = -1;
  #isFresh = false;
  #holds: boolean | undefined;

  constructor(test: ScalarTest, names: FrameNames) {
    this.#test = test;
    this.#names = names;
    this.#own = names.slots.map(() => undefined);
    this.#isBound = names.slots.map(() => false);
  }

  /** A slot holds the value at a position. */
  hold(slot: number, payload: Uint8Array, position: number, strings: ArrayLike<number>): void {
    const { slots } = this.#names;
    for (let index = 0; index < slots.length; index++) {
      if (slots[index] !== slot) continue;
      const isBound = payload[position] !== f.TAG_UNBOUND;
      this.#isBound[index] = isBound;
      this.#own[index] = isBound ? scalarIn(payload, position, strings) : undefined;
      this.#isFresh = false;
    }
  }

  /** A WRITE, DELETE or WRITE_IN of the frame. Hot: reads a slot of one byte, as nearly all are, where it stands. */
  write({ payload, events }: Block, row: number, opcode: number): void {
    let at = (events.at[row] ?? 0) + 1;
    if (opcode === f.OP_WRITE_IN) at = afterNumber(payload, at);
    const first = payload[at] ?? 0;
    const slot = first < 0x80 ? first : unsigned(payload, at);
    if (!this.#names.slots.includes(slot)) return;
    if (opcode === f.OP_DELETE) this.hold(slot, UNBOUND, 0, []);
    else this.hold(slot, payload, afterNumber(payload, at), events.strings);
  }

  /** After the event; undefined where scalars cannot tell (hot). */
  holdsAt(event: number): boolean | undefined {
    const { namespace } = this.#names;
    if (namespace !== undefined) {
      namespace.settle(event);
      if (namespace.version !== this.#version) this.#isFresh = false;
    }
    if (!this.#isFresh) {
      this.#isFresh = true;
      this.#holds = this.#test.holds(namespace === undefined ? this.#own : this.#seen(namespace));
    }
    return this.#holds;
  }

  #seen(namespace: NamespaceScalars): readonly Scalar[] {
    const { slots, isModule } = this.#names;
    this.#version = namespace.version;
    for (let index = 0; index < slots.length; index++) {
      const isGlobal = slots[index] === -1 || (isModule && this.#isBound[index] !== true);
      this.#seenNow[index] = isGlobal ? namespace.scalars[index] : this.#own[index];
    }
    return this.#seenNow;
  }
}
