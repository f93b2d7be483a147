// Which code objects does the recording know? One wrapper for each, for ever: equal ids give the same wrapper.
import { CodeObjectWrapper, type CodeId, type CodeObjectFields } from "./codeObject.ts";

/** Grows as CODE frames are read; nothing is ever removed. */
export class CodeObjectRegistry {
  readonly #byId = new Map<CodeId, CodeObjectWrapper>();
  readonly #byFile = new Map<string, CodeObjectWrapper[]>();
  readonly #byHash = new Map<string, CodeObjectWrapper[]>();

  get size(): number {
    return this.#byId.size;
  }

  /** The wrapper of the code object with this id. A second record of the same id changes nothing: the first one stands. */
  add(fields: CodeObjectFields): CodeObjectWrapper {
    const known = this.#byId.get(fields.id);
    if (known !== undefined) return known;
    const wrapper = new CodeObjectWrapper(fields);
    this.#byId.set(fields.id, wrapper);
    append(this.#byFile, fields.fileName, wrapper);
    append(this.#byHash, fields.hash, wrapper);
    return wrapper;
  }

  get(id: CodeId): CodeObjectWrapper | undefined {
    return this.#byId.get(id);
  }

  /** All code objects, in the order in which they were recorded. */
  all(): IterableIterator<CodeObjectWrapper> {
    return this.#byId.values();
  }

  /** File names as recorded, in the order in which they first came. */
  files(): readonly string[] {
    return [...this.#byFile.keys()];
  }

  byFile(fileName: string): readonly CodeObjectWrapper[] {
    return this.#byFile.get(fileName) ?? [];
  }

  /** Code objects that are equal to each other: a function compiled again, a lambda of a module loaded twice. */
  byHash(hash: string): readonly CodeObjectWrapper[] {
    return this.#byHash.get(hash) ?? [];
  }
}

function append(index: Map<string, CodeObjectWrapper[]>, key: string, wrapper: CodeObjectWrapper): void {
  const wrappers = index.get(key);
  if (wrappers === undefined) index.set(key, [wrapper]);
  else wrappers.push(wrapper);
}
