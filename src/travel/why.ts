// Why did a line not run in a call? The last branch that went the other way, by the control flow of the bytecode; or
// the exception, or the return, that came before.
import { firstAtLeast } from "../base/bisect.ts";
import { brand } from "../base/brand.ts";
import type { CodeObjectWrapper } from "../python/codeObject.ts";
import type { CodeUnit } from "../python/codeOffset.ts";
import { operandText } from "../python/operand.ts";
import type { Branch, CodeOperands } from "../python/symbolicStack.ts";
import * as f from "../wire/format.ts";
import type { Exceptions } from "./exceptions.ts";
import type { History } from "./history.ts";
import type { OperandValues, Seeing } from "./operandValues.ts";
import { leavesOf, type SeenOperand } from "./origin.ts";
import type { Site, Sites } from "./sites.ts";
import type { Value } from "./timeTravel.ts";

export interface Reason {
  readonly kind: "ran" | "branch" | "raised" | "left" | "elsewhere";
  readonly text: string;
  readonly site: Site | undefined;
  readonly operands: readonly SeenOperand[];
}

export class Why {
  readonly #history: History;
  readonly #sites: Sites;
  readonly #values: OperandValues;
  readonly #exceptions: Exceptions;

  constructor(history: History, sites: Sites, values: OperandValues, exceptions: Exceptions) {
    this.#history = history;
    this.#sites = sites;
    this.#values = values;
    this.#exceptions = exceptions;
  }

  /** `event`: any at which the frame is known. The whole call counts. */
  of(event: number, frame: number, line: number): Reason {
    const code = this.#values.codeOf(event, frame);
    const operands = code === undefined ? undefined : this.#values.operandsOf(code);
    if (code === undefined || operands === undefined || !code.lineTable.lines().includes(line)) {
      return { kind: "elsewhere", text: `line ${line} is no part of this function`, site: undefined, operands: [] };
    }
    const ran = this.#lastStep(frame, code, line);
    if (ran >= 0) return this.#told("ran", `line ${line} ran`, ran);
    return this.#branch(code, operands, frame, line) ?? this.#left(frame, line);
  }

  /** Event number of the frame's last step on the line; -1 for none. */
  #lastStep(frame: number, code: CodeObjectWrapper, line: number): number {
    const { lineKeys, history: steps } = this.#history.recording;
    const { lines, calls } = this.#history.index;
    const key = lineKeys.keysAt(code.fields.fileName, line).find((one) => lineKeys.place(one)?.code === code);
    if (key === undefined) return -1;
    const called = Math.max(calls.callOf(frame), 0);
    const end = calls.endOf(frame);
    const first = steps.blockOfEvent(called);
    let number = lines.lastAtMost(key, steps.blockOfEvent(end < 0 ? this.#history.lastEvent : end));
    for (; number >= Math.max(first, 0); number = lines.lastAtMost(key, number - 1)) {
      const { events, firstEvent } = this.#history.recording.block(number);
      for (let row = events.count - 1; row >= 0; row--) {
        const isHere = events.kind[row] === f.OP_LINE_AT && events.detail[row] === key && events.subject[row] === frame;
        if (isHere) return firstEvent + row;
      }
    }
    return -1;
  }

  /** Event number of the frame's last step; -1 for none. */
  #lastOf(frame: number): number {
    const end = this.#history.index.calls.endOf(frame);
    return this.#history.findBackward(
      this.#history.index.frames,
      frame,
      end < 0 ? this.#history.lastEvent + 1 : end,
      ({ kind, subject }, row) => kind[row] === f.OP_LINE_AT && subject[row] === frame,
    );
  }

  #branch(code: CodeObjectWrapper, operands: CodeOperands, frame: number, line: number): Reason | undefined {
    const flow = new Flow(operands);
    let targets = new Set(offsetsOn(code, operands, line));
    const seen = new Set<Branch>();
    for (;;) {
      const deciding = flow.decidingFor(targets).filter(({ branch }) => !seen.has(branch));
      if (deciding.length === 0) return undefined;
      const executed = deciding.flatMap((one) => {
        const at = this.#lastStep(frame, code, code.lineForOffset(one.branch.offset) ?? -1);
        return at < 0 ? [] : [{ ...one, at }];
      });
      const last = executed.toSorted((a, b) => b.at - a.at)[0];
      if (last !== undefined) return this.#decided(code, flow, frame, last, seen);
      for (const { branch } of deciding) seen.add(branch);
      targets = new Set(deciding.map(({ branch }) => branch.offset));
    }
  }

  /** Of several tests on the line (`a and b`) the first that went the other way. */
  #decided(
    code: CodeObjectWrapper,
    flow: Flow,
    frame: number,
    last: Deciding & { readonly at: number },
    seen: Set<Branch>,
  ): Reason | undefined {
    const seeing = { frame, event: last.at, begin: last.at };
    const line = code.lineForOffset(last.branch.offset);
    const chain: Deciding[] = [last];
    for (let targets = new Set([last.branch.offset]); ;) {
      const one = flow
        .decidingFor(targets)
        .find(
          ({ branch }) => code.lineForOffset(branch.offset) === line && !chain.some((two) => two.branch === branch),
        );
      if (one === undefined || seen.has(one.branch)) break;
      chain.unshift(one);
      targets = new Set([one.branch.offset]);
    }
    const away = chain.find(({ branch, wanted }) => {
      const truth = this.#truth(branch, seeing);
      return truth !== undefined && truth !== wanted;
    });
    const isSure = chain.some(({ branch }) => this.#truth(branch, seeing) === undefined);
    const chosen = away ?? (isSure ? chain[chain.length - 1] : undefined);
    return chosen === undefined ? undefined : this.#branchReason(chosen, last.at, seeing);
  }

  #branchReason({ branch, wanted }: Deciding, at: number, seeing: Seeing): Reason {
    const text = operandText(branch.test);
    const operands = leavesOf(branch.test).map((leaf) => ({
      text: operandText(leaf),
      value: this.#values.valueOf(leaf, seeing),
    }));
    return { kind: "branch", text: branchText(branch.kind, text, wanted), site: this.#sites.atLine(at), operands };
  }

  #truth({ kind, test }: Branch, seeing: Seeing): boolean | undefined {
    if (kind !== "if") return undefined;
    const value = this.#values.valueOf({ kind: "operation", operator: "not", operands: [test] }, seeing);
    return value?.kind === "bool" ? !value.value : undefined;
  }

  #left(frame: number, line: number): Reason {
    const end = this.#history.index.calls.endOf(frame);
    const raised = this.#exceptions.lastIn(frame, end < 0 ? this.#history.lastEvent + 1 : end + 1);
    const lastStep = this.#lastOf(frame);
    if (raised >= 0) {
      const value: Value = this.#exceptions.valueOf(raised);
      const operands = [{ text: "the exception", value }];
      return {
        kind: "raised",
        text: `an exception left the way to line ${line}`,
        site: this.#sites.of(raised),
        operands,
      };
    }
    if (lastStep < 0) return { kind: "left", text: "no line of this call ran", site: undefined, operands: [] };
    const way = end < 0 ? "had not ended when the recording did" : "ended here, and nothing led to the line";
    return this.#told("left", `the call ${way}`, lastStep);
  }

  #told(kind: Reason["kind"], text: string, event: number): Reason {
    return { kind, text, site: this.#sites.atLine(event), operands: [] };
  }
}

function branchText(kind: Branch["kind"], test: string, wanted: boolean): string {
  if (kind === "for") return `the loop over ${test} ${wanted ? "had no element left" : "did not end"}`;
  return `\`${test}\` was ${wanted ? "false" : "true"}`;
}

/** A branch one way of which always leads to the targets; `wanted` is the test's value there. */
interface Deciding {
  readonly branch: Branch;
  readonly wanted: boolean;
}

function offsetsOn(code: CodeObjectWrapper, { instructions }: CodeOperands, line: number): readonly number[] {
  return instructions.filter(({ offset }) => code.lineForOffset(offset) === line).map(({ offset }) => offset);
}

const LEAVES = /^(?:RETURN_VALUE|RETURN_CONST|RAISE_VARARGS|RERAISE)$/u;
const JUMPS_ALWAYS = /^JUMP_(?:FORWARD|ABSOLUTE|BACKWARD\w*)$/u;

/** Which way leads where, exceptions apart. */
class Flow {
  readonly #branches: readonly Branch[];
  readonly #before = new Map<number, number[]>();
  readonly #exits: number[] = [];

  constructor({ instructions, branches }: CodeOperands) {
    const offsets = instructions.map(({ offset }) => offset);
    const [end] = offsets.slice(-1);
    // A jump can lead to an extended argument: the instruction itself stands behind.
    function skipped(offset: number): number {
      return offsets[firstAtLeast(offsets, offset)] ?? end ?? 0;
    }
    this.#branches = branches.map((branch) => ({
      ...branch,
      ifTrue: brand<CodeUnit>(skipped(branch.ifTrue)),
      ifFalse: brand<CodeUnit>(skipped(branch.ifFalse)),
    }));
    for (const { offset, next, name, target } of instructions) {
      if (LEAVES.test(name)) this.#exits.push(offset);
      else if (!JUMPS_ALWAYS.test(name)) this.#lead(offset, skipped(next));
      if (target !== undefined && !name.startsWith("SETUP_")) this.#lead(offset, skipped(target));
    }
  }

  /** Branches one way of which cannot miss the targets, while the other can. */
  decidingFor(targets: ReadonlySet<number>): readonly Deciding[] {
    const missing = this.#canMiss(targets);
    return this.#branches.flatMap((branch) => {
      const [onTrue, onFalse] = [missing.has(branch.ifTrue), missing.has(branch.ifFalse)];
      return onTrue === onFalse ? [] : [{ branch, wanted: !onTrue }];
    });
  }

  /** Instructions from which an exit can be reached around the targets. */
  #canMiss(targets: ReadonlySet<number>): ReadonlySet<number> {
    const reached = new Set(this.#exits.filter((exit) => !targets.has(exit)));
    const waiting = [...reached];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      for (const before of this.#before.get(at) ?? []) {
        if (reached.has(before) || targets.has(before)) continue;
        reached.add(before);
        waiting.push(before);
      }
    }
    return reached;
  }

  #lead(from: number, to: number): void {
    const known = this.#before.get(to);
    if (known === undefined) this.#before.set(to, [from]);
    else known.push(from);
  }
}
