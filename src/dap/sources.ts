// Which text belongs to a frame: the file on disk while it is what ran, else the text in the recording.
import { readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { TimeTravel } from "../travel/timeTravel.ts";

/** The same file has the same key, however it is written: relative, through links, in other case on Windows. */
export function fileKey(file: string, folder: string): string {
  const absolute = path.resolve(folder, file);
  let real = absolute;
  try {
    real = realpathSync.native(absolute);
  } catch {
    // A file that is not there (any more) is known by its name alone.
  }
  return process.platform === "win32" ? real.toLowerCase() : real;
}

function normalLineEnds(text: string): string {
  return text.replace(/^\uFEFF/u, "").replaceAll(/\r\n?/gu, "\n");
}

function textOnDisk(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Sources of one recording. What is decided for a source holds for the whole session. */
export class Sources {
  readonly #travel: TimeTravel;
  readonly #decided = new Map<string, DebugProtocol.Source>();
  readonly #lines = new Map<number, readonly string[]>();
  readonly #keys = new Map<string, string>();

  constructor(travel: TimeTravel) {
    this.#travel = travel;
  }

  /** `source` is the recording's source id, 0 for none. */
  sourceFor(file: string, source: number): DebugProtocol.Source {
    const key = `${source} ${file}`;
    const known = this.#decided.get(key);
    if (known !== undefined) return known;
    const decided = this.#decide(file, source);
    this.#decided.set(key, decided);
    return decided;
  }

  #decide(file: string, source: number): DebugProtocol.Source {
    const name = path.basename(file);
    const absolute = this.absolute(file);
    const recorded = source === 0 ? undefined : this.#travel.sourceText(source)?.text;
    if (recorded === undefined) return file.startsWith("<") ? { name: file } : { name, path: absolute };
    const present = textOnDisk(absolute);
    if (present !== undefined && normalLineEnds(present) === normalLineEnds(recorded)) return { name, path: absolute };
    if (file.startsWith("<")) return { name: file, sourceReference: source };
    const origin = present === undefined ? "from the recording" : "from the recording: the file was changed since";
    return { name, path: absolute, sourceReference: source, origin };
  }

  absolute(file: string): string {
    return file.startsWith("<") ? file : path.resolve(this.#travel.summary.cwd, file);
  }

  /** True when the file on disk is the text that ran. */
  matchesDisk(file: string): boolean {
    const source = this.#travel.sourceOf(file);
    if (source === undefined) return true;
    return this.#decide(file, source).sourceReference === undefined;
  }

  /** Recorded text of a source reference. */
  textOf(reference: number): string | undefined {
    return this.#travel.sourceText(reference)?.text;
  }

  /** One line of a recorded text; lines count from 1. */
  line(source: number, line: number): string | undefined {
    let lines = this.#lines.get(source);
    if (lines === undefined) {
      lines = (this.textOf(source) ?? "").split(/\r\n|\r|\n/u);
      this.#lines.set(source, lines);
    }
    return lines[line - 1];
  }

  /** Names under which the recording knows the file that the client calls `file`. */
  recordedNames(file: string): readonly string[] {
    const wanted = fileKey(file, this.#travel.summary.cwd);
    return this.#travel.files().filter((name) => name === file || this.#keyOf(name) === wanted);
  }

  /** Files do not move during a session. */
  #keyOf(name: string): string {
    const known = this.#keys.get(name) ?? fileKey(name, this.#travel.summary.cwd);
    this.#keys.set(name, known);
    return known;
  }
}
