// Lines that ran, as dense numbers: one key for each (code object, line). A step needs one array access to find its key.
import { brand } from "../base/brand.ts";
import type { ColumnReader, ColumnWriter } from "../base/columnStream.ts";
import type { CodeId, CodeObjectWrapper } from "../python/codeObject.ts";
import type { CodeObjectRegistry } from "../python/codeObjectRegistry.ts";
import type { CodeUnit } from "../python/codeOffset.ts";

export interface LinePlace {
  readonly code: CodeObjectWrapper;
  /** 0 for code that belongs to no line. */
  readonly line: number;
}

const NO_KEYS = new Uint32Array(0);

/** Keys count from 0 and are never taken back. */
export class LineKeys {
  readonly #registry: CodeObjectRegistry;
  readonly #places: LinePlace[] = [];
  /** By code id: key plus one by offset, 0 where none was asked for. */
  readonly #byOffset = new Map<number, Uint32Array>();
  readonly #byFile = new Map<string, Map<number, number[]>>();
  readonly #isAhead: boolean;
  readonly #whole = new Set<string>();

  /** `isAhead`: all lines of a file have keys as soon as it is asked for, whether they ran or not. */
  constructor(registry: CodeObjectRegistry, isAhead = false) {
    this.#registry = registry;
    this.#isAhead = isAhead;
  }

  /** Undefined when the code object is not known. Amortised O(1). */
  keyOf(code: number, offset: number): number | undefined {
    const keys = this.#byOffset.get(code);
    const known = keys?.[offset];
    return known === undefined || known === 0 ? this.#firstKeyOf(code, offset) : known - 1;
  }

  /** Key plus one by offset, 0 where `keyOf` was not asked yet: a view that `keyOf` fills. Empty for unknown code. */
  keysOf(code: number): Uint32Array {
    const known = this.#byOffset.get(code);
    if (known !== undefined) return known;
    const wrapper = this.#registry.get(brand<CodeId>(code));
    if (wrapper === undefined) return NO_KEYS;
    const keys = new Uint32Array(Math.ceil(wrapper.fields.bytecode.length / 2));
    this.#byOffset.set(code, keys);
    return keys;
  }

  place(key: number): LinePlace | undefined {
    return this.#places[key];
  }

  /** Keys of a line of a file: one for each code object that ran there. */
  keysAt(file: string, line: number): readonly number[] {
    this.#makeAhead(file);
    return this.#byFile.get(file)?.get(line) ?? [];
  }

  /** Lines of a file that ran, with their keys, in no order. */
  linesOf(file: string): ReadonlyMap<number, readonly number[]> {
    this.#makeAhead(file);
    return this.#byFile.get(file) ?? new Map<number, number[]>();
  }

  #makeAhead(file: string): void {
    if (!this.#isAhead || this.#whole.has(file)) return;
    this.#whole.add(file);
    for (const code of this.#registry.byFile(file))
      for (const line of [0, ...code.lineTable.lines()]) this.#keyAt(code, line);
  }

  save(to: ColumnWriter): void {
    to.u32s(this.#places.map(({ code }) => code.id));
    to.u32s(this.#places.map(({ line }) => line));
  }

  /** Gives the keys that were saved to the code objects, which must all be known. */
  load(from: ColumnReader): void {
    const codes = from.u32s();
    const lines = from.u32s();
    for (const [key, code] of codes.entries()) {
      const wrapper = this.#registry.get(brand<CodeId>(code));
      if (wrapper === undefined || this.#keyAt(wrapper, lines[key] ?? 0) !== key) throw from.error();
    }
  }

  #firstKeyOf(code: number, offset: number): number | undefined {
    const wrapper = this.#registry.get(brand<CodeId>(code));
    if (wrapper === undefined) return undefined;
    const keys = this.keysOf(code);
    const line = wrapper.lineForOffset(brand<CodeUnit>(offset)) ?? 0;
    const key = this.#keyAt(wrapper, line);
    if (offset < keys.length) keys[offset] = key + 1;
    return key;
  }

  #keyAt(code: CodeObjectWrapper, line: number): number {
    const lines = this.#byFile.get(code.fields.fileName) ?? new Map<number, number[]>();
    this.#byFile.set(code.fields.fileName, lines);
    const keys = lines.get(line) ?? [];
    lines.set(line, keys);
    const known = keys.find((key) => this.#places[key]?.code === code);
    if (known !== undefined) return known;
    keys.push(this.#places.push({ code, line }) - 1);
    return this.#places.length - 1;
  }
}
