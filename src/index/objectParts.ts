// In which blocks was a part of an object written? A search for the last write of an attribute then passes over the blocks
// in which only other parts of its object change. Parts share numbers, so that an answer may name one block too many, never
// one too few.
import type { Block } from "../recording/block.ts";
import * as f from "../wire/format.ts";
import { readString } from "../wire/value.ts";
import { Postings } from "./postings.ts";

/** All of it anew, or nobody knows. */
export const WHOLE = 0;
/** Elements moved. */
export const MOVED = 1;
/** An element came at the end. */
export const APPENDED = 2;
const FIRST_ELEMENT = 3;
/** So many numbers are shared by elements, and as many by attributes: it bounds what a block costs. */
const SHARED = 32;
const FIRST_NAME = FIRST_ELEMENT + SHARED;

/** The part that the element at an index, from 0 on, belongs to. */
export function elementPart(index: number): number {
  return FIRST_ELEMENT + (index % SHARED);
}

/** The part that an attribute belongs to. */
export function namePart(name: string): number {
  let hash = 0;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash, 31) + name.charCodeAt(at);
  return FIRST_NAME + ((hash ^ (hash >>> 15)) & (SHARED - 1));
}

export class ObjectParts {
  readonly postings = new Postings(true);
  /** Of the newest block: parts of the names in its table of strings. */
  readonly #ofNames: number[] = [];
  #block = -1;

  /** An event about an object that was made in a block before (hot). An UNKNOWN is `unknown`. */
  take(block: Block, row: number, opcode: number, object: number): void {
    const part = this.#partOf(block, row, opcode);
    if (part >= 0) this.postings.add(keyOf(object, part), block.number);
  }

  unknown(object: number, block: number): void {
    this.postings.add(keyOf(object, WHOLE), block);
  }

  /** The last block up to and including `block` in which the part may have been written; -1 for none. */
  lastAtMost(object: number, part: number, block: number): number {
    return this.postings.lastAtMost(keyOf(object, part), block);
  }

  /** The first block from `block` on; -1 for none. */
  firstAtLeast(object: number, part: number, block: number): number {
    return this.postings.firstAtLeast(keyOf(object, part), block);
  }

  /** -1 where nothing is written. */
  #partOf(block: Block, row: number, opcode: number): number {
    switch (opcode) {
      case f.OP_NEW:
      case f.OP_CELL_SET:
        return WHOLE;
      case f.OP_CONTENTS:
        return block.events.detail[row] === f.WHY_CHECKPOINT ? -1 : WHOLE;
      case f.OP_SPLICE:
      case f.OP_BYTES_SPLICE:
        return MOVED;
      case f.OP_APPEND:
        return APPENDED;
      case f.OP_ITEM_SET: {
        const cursor = block.operands(row);
        cursor.uv();
        return elementPart(cursor.uv());
      }
      case f.OP_ATTR_SET:
      case f.OP_ATTR_DEL:
        return this.#partOfName(block, row);
      default:
        return -1;
    }
  }

  #partOfName(block: Block, row: number): number {
    if (block.number !== this.#block) {
      this.#block = block.number;
      this.#ofNames.length = 0;
    }
    const cursor = block.operands(row);
    cursor.uv();
    const start = cursor.pos;
    const entry = cursor.uv();
    const known = entry === 0 ? undefined : this.#ofNames[entry];
    if (known !== undefined) return known;
    cursor.pos = start;
    const part = namePart(readString(cursor, block.events.strings));
    if (entry > 0) this.#ofNames[entry] = part;
    return part;
  }
}

/** A number below 2^32. */
function keyOf(object: number, part: number): number {
  const mixed = Math.imul(object * 2 + 1, 0x9e37_79b1) ^ Math.imul(part + 1, 0x85eb_ca6b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
