// Which code objects does the recording know? One wrapper for each, for ever: equal ids give the same wrapper.
import { CodeObjectWrapper, type CodeId, type CodeObjectFields } from "./codeObject.ts";

/** Grows as CODE frames are read; nothing is ever removed. */
export class CodeObjectRegistry {
  readonly #byId = new Map<CodeId, CodeObjectWrapper>();
  /** Those that are read when somebody asks for them. */
  readonly #unread = new Map<CodeId, () => CodeObjectFields>();
  /** All that were to be read later, in the order in which they were recorded. */
  readonly #announced: CodeId[] = [];
  readonly #byFile = new Map<string, CodeObjectWrapper[]>();
  readonly #byHash = new Map<string, CodeObjectWrapper[]>();

  get size(): number {
    return this.#byId.size + this.#unread.size;
  }

  /** The wrapper of the code object with this id. A second record of the same id changes nothing: the first one stands. */
  add(fields: CodeObjectFields): CodeObjectWrapper {
    const known = this.#byId.get(fields.id);
    if (known !== undefined) return known;
    const wrapper = new CodeObjectWrapper(fields);
    this.#put(wrapper);
    return wrapper;
  }

  /** The same for one that is read when somebody asks for it; who asks gets what `read` throws. */
  addLater(id: CodeId, read: () => CodeObjectFields): void {
    if (this.#byId.has(id) || this.#unread.has(id)) return;
    this.#unread.set(id, read);
    this.#announced.push(id);
  }

  get(id: CodeId): CodeObjectWrapper | undefined {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const read = this.#unread.get(id);
    if (read === undefined) return undefined;
    const wrapper = this.add(read());
    this.#unread.delete(id);
    return wrapper;
  }

  /** All code objects, in the order in which they were recorded. */
  all(): IterableIterator<CodeObjectWrapper> {
    this.#readAll();
    return this.#byId.values();
  }

  /** File names as recorded, in the order in which they first came. */
  files(): readonly string[] {
    this.#readAll();
    return [...this.#byFile.keys()];
  }

  byFile(fileName: string): readonly CodeObjectWrapper[] {
    this.#readAll();
    return this.#byFile.get(fileName) ?? [];
  }

  /** Code objects that are equal to each other: a function compiled again, a lambda of a module loaded twice. */
  byHash(hash: string): readonly CodeObjectWrapper[] {
    this.#readAll();
    return this.#byHash.get(hash) ?? [];
  }

  /** Whichever were asked for before: all stand in the order in which they were recorded then. */
  #readAll(): void {
    if (this.#unread.size === 0) return;
    const wrappers = this.#announced.flatMap((id) => this.get(id) ?? []);
    for (const known of [this.#byId, this.#byFile, this.#byHash]) known.clear();
    for (const wrapper of wrappers) this.#put(wrapper);
  }

  #put(wrapper: CodeObjectWrapper): void {
    const { id, fileName, hash } = wrapper.fields;
    this.#byId.set(id, wrapper);
    append(this.#byFile, fileName, wrapper);
    append(this.#byHash, hash, wrapper);
  }
}

function append(index: Map<string, CodeObjectWrapper[]>, key: string, wrapper: CodeObjectWrapper): void {
  const wrappers = index.get(key);
  if (wrappers === undefined) index.set(key, [wrapper]);
  else wrappers.push(wrapper);
}
