// The calls of a run as a tree: which are known so far, what stands on the stack now. Asks for them a page at a time.
import type { CallInHistory, CallTreeArguments, CallTreeResponse } from "../protocol/historyRequests.ts";
import { Answer } from "./answer.ts";
import type { CallSearch } from "./callSearch.ts";

export interface CallNode {
  readonly kind: "call";
  /** Its number in the recording. */
  readonly frame: number;
  readonly call: Answer<CallInHistory>;
  /** Undefined for an outermost call, and for one that a search found. */
  readonly parent: CallNode | undefined;
}

/** Stands for the calls that were not asked for yet. */
export interface MoreCalls {
  readonly kind: "more";
  readonly parent: CallNode | undefined;
  readonly left: number | undefined;
}

export type CallTreeNode = CallNode | MoreCalls;

interface Children {
  calls: readonly CallNode[];
  next: number | undefined;
  total: number | undefined;
}

export type AskCalls = (args: CallTreeArguments) => Promise<unknown>;

const pageSize = 100;

export class CallTree {
  readonly #ask: AskCalls;
  readonly #search: CallSearch | undefined;
  /** By the frame whose calls they are; 0 for the outermost ones, or for what was found. */
  readonly #children = new Map<number, Promise<Children>>();
  #path: readonly CallNode[] = [];

  constructor(ask: AskCalls, search: CallSearch | undefined) {
    this.#ask = ask;
    this.#search = search;
  }

  /** The innermost call of the current moment. */
  get current(): CallNode | undefined {
    return this.#path.at(-1);
  }

  /** The current call, or where the stack is deeper than that, the call of it at this depth (from 1). */
  currentWithin(depth: number): CallNode | undefined {
    return this.#path[Math.min(this.#path.length, depth) - 1];
  }

  isOnStack(node: CallNode): boolean {
    return this.#path.some(({ frame }) => frame === node.frame);
  }

  /** Asks which calls stand on the stack now. */
  async follow(): Promise<void> {
    const answer = await this.#page({ path: true, count: 1000 });
    const path: CallNode[] = [];
    for (const call of answer.list<CallInHistory>("calls")) path.push(nodeOf(call, path.at(-1)));
    this.#path = path;
  }

  async childrenOf(parent: CallNode | undefined): Promise<readonly CallTreeNode[]> {
    const key = parent?.frame ?? 0;
    const asked = this.#children.get(key) ?? this.#first(parent);
    this.#children.set(key, asked);
    const { calls, next, total } = await asked;
    const rest: readonly MoreCalls[] =
      next === undefined
        ? []
        : [{ kind: "more", parent, left: total === undefined ? undefined : total - calls.length }];
    return [...calls, ...rest, ...this.#onStackBehind(parent, calls)];
  }

  /** The call that is on the stack must be there to be shown, also when it stands pages away. */
  #onStackBehind(parent: CallNode | undefined, calls: readonly CallNode[]): readonly CallNode[] {
    if (this.#search !== undefined) return [];
    const here = this.#path.find((node) => node.parent?.frame === parent?.frame);
    return here === undefined || calls.some(({ frame }) => frame === here.frame) ? [] : [here];
  }

  /** Asks for the next page of a call's calls. */
  async loadMore(parent: CallNode | undefined): Promise<void> {
    const children = await this.#children.get(parent?.frame ?? 0);
    if (children?.next === undefined) return;
    const more = await this.#ofPage(parent, children.next);
    children.calls = [...children.calls, ...more.calls];
    children.next = more.next;
  }

  async #first(parent: CallNode | undefined): Promise<Children> {
    return await this.#ofPage(parent, undefined);
  }

  async #ofPage(parent: CallNode | undefined, from: number | undefined): Promise<Children> {
    const args: CallTreeArguments = {
      count: pageSize,
      ...(from === undefined ? {} : { from }),
      ...(parent === undefined ? this.#search : { frame: parent.frame }),
    };
    const answer = await this.#page(args);
    return {
      calls: answer.list<CallInHistory>("calls").map((call) => nodeOf(call, parent)),
      next: answer.number("next"),
      total: answer.number("total"),
    };
  }

  async #page(args: CallTreeArguments): Promise<Answer<CallTreeResponse>> {
    return new Answer<CallTreeResponse>(await this.#ask(args));
  }
}

function nodeOf(call: Answer<CallInHistory>, parent: CallNode | undefined): CallNode {
  return { kind: "call", frame: call.number("frame") ?? 0, call, parent };
}
