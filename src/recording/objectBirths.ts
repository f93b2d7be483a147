// Where was an object made, and of which kind is it, in a recording of which only the frames' headers are known? Objects
// are numbered in the order in which they come, so the block that made one is found by the directories of a few others.
// What is found is certain: the NEW itself was read. What is not found after a bounded number of blocks waits for the index.
import { NotIndexedYet } from "../base/errors.ts";
import { SerialColumn } from "../base/serialColumn.ts";
import type { Directory } from "../wire/directory.ts";
import { OP_NEW } from "../wire/format.ts";
import type { Block } from "./block.ts";

/** Blocks that are read to find one object, and all objects. More would take as long as indexing. */
const READS_FOR_ONE = 96;
const READS = 1500;
/** Blocks that are decoded because one of them needs another one. */
const DEPTH = 48;

export interface BirthBlocks {
  /** Of all that is in the file. */
  count(): number;
  /** Throws WireError. */
  directory(number: number): Directory;
  /** Decoded now or before; its NEWs are known then. */
  block(number: number): Block;
}

/** Numbers of the objects that a decoded block makes. */
interface Made {
  readonly block: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Ends the decoding of a block that is only wanted for one object. */
const KIND_IS_KNOWN = new Error("the kind of the object is known");

/** Kinds of objects; one that is not known yet is looked for. */
class FoundKinds extends SerialColumn {
  readonly #find: (object: number) => void;
  /** Whose kind ends what is going on; -1 for none. */
  wanted = -1;

  constructor(find: (object: number) => void) {
    super();
    this.#find = find;
  }

  /** Throws NotIndexedYet. */
  override get(object: number): number {
    const known = super.get(object);
    if (known > 0) return known;
    this.#find(object);
    const found = super.get(object);
    if (found === 0) throw new NotIndexedYet();
    return found;
  }

  override set(object: number, kind: number): void {
    super.set(object, kind);
    if (object === this.wanted) throw KIND_IS_KNOWN;
  }
}

export class ObjectBirths {
  readonly #kinds = new FoundKinds((object) => {
    this.#find(object);
  });
  /** By object whose kind was looked for: the block that makes it. */
  readonly #births = new Map<number, number>();
  readonly #blocks: BirthBlocks;
  readonly #directories = new Map<number, Directory>();
  readonly #made: Made[] = [];
  /** Blocks that are being decoded: each is needed for the one before. */
  readonly #decoding: number[] = [];
  readonly #notFound = new Set<number>();
  #reads = 0;
  #readsForOne = 0;

  constructor(blocks: BirthBlocks) {
    this.#blocks = blocks;
  }

  get kinds(): SerialColumn {
    return this.#kinds;
  }

  /** Decodes a block; `decode` may ask for kinds of objects that were made in blocks before. Throws NotIndexedYet. */
  decoding(number: number, decode: () => Block): Block {
    if (this.#decoding.length === 0) this.#readsForOne = 0;
    this.#countRead();
    if (this.#decoding.length >= DEPTH) throw new NotIndexedYet();
    this.#decoding.push(number);
    try {
      const block = decode();
      this.#noteMade(block);
      return block;
    } finally {
      this.#decoding.pop();
    }
  }

  /** Number of the block with the object's NEW. Throws NotIndexedYet. */
  birthOf(object: number): number {
    const known = this.#births.get(object);
    if (known !== undefined) return known;
    const around = this.#made.find(({ lowest, highest }) => object >= lowest && object <= highest);
    const birth = around?.block ?? this.#birthBefore(object, this.#blocks.count());
    const block = this.#blocks.block(birth);
    const isMade = block.rowsOfObject(object).some((row) => block.events.kind[row] === OP_NEW);
    if (!isMade) throw new NotIndexedYet();
    this.#births.set(object, birth);
    return birth;
  }

  /** Throws NotIndexedYet, WireError. */
  directory(number: number): Directory {
    const known = this.#directories.get(number);
    if (known !== undefined) return known;
    this.#countRead();
    const directory = this.#blocks.directory(number);
    this.#directories.set(number, directory);
    return directory;
  }

  #countRead(): void {
    if (++this.#reads > READS || ++this.#readsForOne > READS_FOR_ONE) throw new NotIndexedYet();
  }

  #noteMade(block: Block): void {
    if (this.#made.some((made) => made.block === block.number)) return;
    const { kind, subject, count } = block.events;
    let [lowest, highest, made] = [Infinity, -1, 0];
    for (let row = kind.indexOf(OP_NEW); row !== -1 && row < count; row = kind.indexOf(OP_NEW, row + 1)) {
      const object = subject[row] ?? 0;
      if (object < lowest) lowest = object;
      if (object > highest) highest = object;
      made++;
    }
    // An object that is told anew after a failure of the recorder was made elsewhere.
    if (made > 0 && highest - lowest < made) this.#made.push({ block: block.number, lowest, highest });
  }

  /** Decodes the block that makes the object, up to there, if it can be found. */
  #find(object: number): void {
    if (this.#notFound.has(object)) throw new NotIndexedYet();
    if (this.#decoding.length === 0) this.#readsForOne = 0;
    const below = this.#decoding.at(-1) ?? this.#blocks.count();
    try {
      const birth = this.#birthBefore(object, below);
      if (this.directory(birth).backOf(object) !== 0) throw new NotIndexedYet();
      this.#decodeFor(object, birth);
      this.#births.set(object, birth);
    } catch (error) {
      if (error instanceof NotIndexedYet) this.#notFound.add(object);
      throw error;
    }
  }

  #decodeFor(object: number, birth: number): void {
    const before = this.#kinds.wanted;
    this.#kinds.wanted = object;
    try {
      this.#blocks.block(birth);
    } catch (error) {
      if (error !== KIND_IS_KNOWN) throw error;
    } finally {
      this.#kinds.wanted = before;
    }
  }

  /** The block before `below` in which the object is made, if it is made there. */
  #birthBefore(object: number, below: number): number {
    // It is made after `before`, at the latest in `last`.
    let before = -1;
    let last = below - 1;
    for (const { block, lowest, highest } of this.#made) {
      if (highest < object) before = Math.max(before, block);
      else if (lowest > object) last = Math.min(last, block - 1);
    }
    for (const [number, { highest, makesObjects }] of this.#directories) {
      if (number >= below) continue;
      if (highest >= object) last = Math.min(last, number);
      else if (makesObjects) before = Math.max(before, number);
    }
    for (let tries = 0; last - before > 1; tries++) {
      const place = this.#tellingBlock(object, before, last, this.#guess(object, before, last, tries));
      if (place === undefined) break;
      if (this.directory(place).highest >= object) last = place;
      else before = place;
    }
    if (last <= before || last < 0) throw new NotIndexedYet();
    return last;
  }

  /** Objects come about evenly; where they do not, every other try takes the middle. */
  #guess(object: number, after: number, before: number, tries: number): number {
    const middle = Math.floor((after + before) / 2);
    const [low, high] = [after < 0 ? 0 : this.directory(after).highest, this.directory(before).highest];
    if (tries % 2 === 1 || high <= low) return middle;
    const place = after + Math.round(((object - low) / (high - low)) * (before - after));
    return Math.min(Math.max(place, after + 1), before - 1);
  }

  /** A block between two others, near a third, that tells on which side of it the object is made. */
  #tellingBlock(object: number, after: number, before: number, middle: number): number | undefined {
    for (let distance = 0; distance < before - after; distance = Math.max(1, distance * 2)) {
      for (const place of [middle - distance, middle + distance]) {
        if (place <= after || place >= before) continue;
        const directory = this.directory(place);
        if (directory.highest >= object || directory.makesObjects) return place;
      }
    }
    return undefined;
  }
}
