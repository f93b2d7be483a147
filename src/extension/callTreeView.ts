// The view "Call Tree" in the debug side bar: every call of the run with arguments and result. It follows the moment,
// can be searched, and a click goes to a call's first line.
import * as vscode from "vscode";
import type { MomentOfHistory, PlaceInHistory } from "../protocol/historyRequests.ts";
import { isRecord, messageOf } from "./answers.ts";
import { parseCallSearch, searchText, type CallSearch } from "./callSearch.ts";
import { CallTree, type CallNode, type CallTreeNode } from "./callTree.ts";
import { beingIndexed } from "./momentTexts.ts";
import { callText, endOf, momentOf, stepsText } from "./resultItems.ts";
import { seekIn, type Sessions, type SessionView } from "./sessions.ts";

const viewId = "hindsight.callTree";
const searchingKey = "hindsight.callTree.isSearched";

/** Each level is a question to the session: the end of a deep recursion is not unfolded at every stop. */
const deepestShown = 60;

interface ShownTree {
  readonly session: vscode.DebugSession;
  /** How much was recorded when it was asked: calls end, and others come. */
  readonly lastStep: number;
  readonly tree: CallTree;
}

export class CallTreeView implements vscode.TreeDataProvider<CallTreeNode>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #sessions: Sessions;
  readonly #view: vscode.TreeView<CallTreeNode>;
  readonly #subscriptions: readonly vscode.Disposable[];
  #shown: ShownTree | undefined;
  #search: CallSearch | undefined;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
    this.#view = vscode.window.createTreeView(viewId, { treeDataProvider: this, showCollapseAll: true });
    const open = async (node: unknown): Promise<void> => await this.#open(node);
    this.#subscriptions = [
      this.#changed,
      this.#view,
      sessions.onDidChange(async (view) => await this.#follow(view)),
      this.#view.onDidChangeVisibility(async ({ visible }) => {
        if (visible) await this.#follow(sessions.focused);
      }),
      vscode.commands.registerCommand("hindsight.callTree.open", open),
      vscode.commands.registerCommand("hindsight.callTree.goToCall", async (node) => await this.#travel(node, "call")),
      vscode.commands.registerCommand("hindsight.callTree.goToEnd", async (node) => await this.#travel(node, "end")),
      vscode.commands.registerCommand("hindsight.callTree.search", async () => await this.#askSearch()),
      vscode.commands.registerCommand("hindsight.callTree.clearSearch", async () => await this.#searchFor(undefined)),
    ];
  }

  /** Nothing is asked while nobody looks. */
  async #follow(view: SessionView): Promise<void> {
    if (view.kind === "none") this.#set(undefined);
    this.#say(view);
    if (view.kind !== "stopped" || !this.#view.visible) return;
    const { session, moment } = view;
    if (!moment.isIndexed) {
      // Its answer would come when the index is there: the view is followed again then.
      this.#set(undefined);
      return;
    }
    const known = this.#shown;
    const isSame = known?.session.id === session.id && known.lastStep === moment.lastStep;
    const tree = isSame ? known.tree : this.#treeOf(session);
    try {
      await tree.follow();
    } catch {
      // The program runs again, or the session has ended: its next stop says so.
      return;
    }
    if (this.#sessions.focused !== view) return;
    this.#set({ session, lastStep: moment.lastStep, tree });
    const current = tree.currentWithin(deepestShown);
    if (current !== undefined && this.#search === undefined && this.#view.visible)
      await this.#view.reveal(current, { select: true, focus: false, expand: false });
  }

  /** What stands above the calls: why there are none, or what was searched for. */
  #say(view: SessionView): void {
    const isWaiting = view.kind === "stopped" && !view.moment.isIndexed;
    const searched = this.#search === undefined ? "" : `Calls with ${searchText(this.#search)}`;
    this.#view.message = isWaiting ? beingIndexed : searched;
  }

  #treeOf(session: vscode.DebugSession): CallTree {
    return new CallTree(async (args) => await session.customRequest("hindsight/callTree", args), this.#search);
  }

  #set(shown: ShownTree | undefined): void {
    if (shown === undefined && this.#shown === undefined) return;
    this.#shown = shown;
    this.#changed.fire(undefined);
  }

  async #askSearch(): Promise<void> {
    const typed = await vscode.window.showInputBox({
      title: "Search calls",
      prompt: 'A function, or argument:, result:, exception: with a text. Several must all fit. "" holds spaces.',
      placeHolder: "total  argument:ada  result:40  exception:KeyError",
    });
    if (typed !== undefined) await this.#searchFor(parseCallSearch(typed));
  }

  async #searchFor(search: CallSearch | undefined): Promise<void> {
    this.#search = search;
    await vscode.commands.executeCommand("setContext", searchingKey, search !== undefined);
    this.#shown = undefined;
    await this.#follow(this.#sessions.focused);
  }

  async #open(node: unknown): Promise<void> {
    const shown = this.#shown;
    if (!isTreeNode(node) || shown === undefined) return;
    if (node.kind === "call") {
      await this.#seek(momentOf(node.call.part<PlaceInHistory>("at")));
      return;
    }
    await guarded(async () => {
      await shown.tree.loadMore(node.parent);
      this.#changed.fire(undefined);
    });
  }

  async #travel(node: unknown, to: "call" | "end"): Promise<void> {
    if (!isTreeNode(node) || node.kind !== "call") return;
    const { call } = node;
    const moment = to === "call" ? momentOf(call.part<PlaceInHistory>("calledAt")) : endOf(call).item?.moment;
    if (moment === undefined) {
      const hint = to === "call" ? "Nothing that is recorded made this call." : "This call has not ended.";
      void vscode.window.showInformationMessage(hint);
    } else await this.#seek(moment);
  }

  async #seek(moment: MomentOfHistory | undefined): Promise<void> {
    const session = this.#shown?.session;
    if (session === undefined || moment === undefined) return;
    await guarded(async () => await seekIn(session, moment));
  }

  getParent(node: CallTreeNode): CallTreeNode | undefined {
    return node.parent;
  }

  async getChildren(node?: CallTreeNode): Promise<CallTreeNode[]> {
    const shown = this.#shown;
    if (shown === undefined || node?.kind === "more") return [];
    try {
      return [...(await shown.tree.childrenOf(node))];
    } catch {
      return [];
    }
  }

  getTreeItem(node: CallTreeNode): vscode.TreeItem {
    const command = { command: "hindsight.callTree.open", title: "Go to This Call", arguments: [node] };
    if (node.kind === "more") {
      const left = node.left === undefined ? "More…" : `${node.left.toLocaleString("en-US")} more…`;
      const item = new vscode.TreeItem(left);
      item.id = `more ${node.parent?.frame}`;
      item.iconPath = new vscode.ThemeIcon("ellipsis");
      item.command = command;
      return item;
    }
    return this.#callItem(node, command);
  }

  #callItem(node: CallNode, command: vscode.Command): vscode.TreeItem {
    const { call, frame } = node;
    const { Collapsed, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(callText(call), (call.number("children") ?? 0) > 0 ? Collapsed : None);
    const end = endOf(call);
    item.id = `${node.parent === undefined ? "outer" : "inner"} ${frame}`;
    item.description = end.text;
    item.tooltip = tooltipOf(call);
    item.iconPath = this.#icon(node, end.icon);
    item.contextValue = "call";
    item.command = command;
    return item;
  }

  #icon(node: CallNode, icon: string): vscode.ThemeIcon {
    const tree = this.#shown?.tree;
    if (tree?.current?.frame === node.frame)
      return new vscode.ThemeIcon("debug-stackframe", new vscode.ThemeColor("debugIcon.continueForeground"));
    return new vscode.ThemeIcon(tree?.isOnStack(node) === true ? "debug-stackframe-focused" : icon);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function tooltipOf(call: CallInTree): string {
  const at = call.part<PlaceInHistory>("at");
  const file = at?.part<NonNullable<PlaceInHistory["source"]>>("source")?.text("name");
  const place = file === undefined ? undefined : `${file}:${at?.number("line")}, step ${at?.number("step")}`;
  return [callText(call), endOf(call).text, stepsText(call), place].filter((line) => line !== undefined).join("\n");
}

type CallInTree = CallNode["call"];

function isTreeNode(node: unknown): node is CallTreeNode {
  return isRecord(node) && (node["kind"] === "call" || node["kind"] === "more");
}

async function guarded(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    void vscode.window.showErrorMessage(messageOf(error));
  }
}
