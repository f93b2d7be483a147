// A history of which every block was passed once, now or when its index was saved.
import type { ColumnReader, ColumnWriter } from "../base/columnStream.ts";
import type { PagedFile } from "../base/pagedFile.ts";
import { HistoryIndex } from "../index/historyIndex.ts";
import { type Disk, Recording } from "../recording/recording.ts";
import type { ByteSource, Codecs } from "../wire/byteSource.ts";
import { History } from "./history.ts";

export class IndexedHistory extends History {
  readonly #index: HistoryIndex;

  /** `disk`: where what grows with the recording goes. */
  constructor(file: ByteSource, tails: readonly ByteSource[], codecs: Codecs, disk?: Disk) {
    const index: HistoryIndex = new HistoryIndex({
      block: (number) => recording.block(number),
      threadIndex: (thread) => recording.threadIndex(thread),
    });
    const recording = new Recording(file, tails, codecs, index, disk);
    super(recording, index);
    this.#index = index;
  }

  /** What was derived from the file, which has no tail. */
  save(to: ColumnWriter, pages: PagedFile): void {
    this.recording.save(to, pages);
    this.#index.save(to);
  }

  /** Takes over what was saved, before the first `refresh`. Throws WireError when it is not about this file. */
  load(from: ColumnReader, pages: PagedFile): void {
    this.recording.load(from, pages);
    this.#index.load(from, pages);
  }
}
