// The view "Time Travel Results": what was asked about the past, list after list, each line a moment that a click goes to.
import * as vscode from "vscode";
import { Answer } from "./answer.ts";
import { isRecord, messageOf } from "./answers.ts";
import { logItem, type LogPointHit, type ResultItem, type ResultPage } from "./resultItems.ts";
import { seekIn, type Sessions } from "./sessions.ts";

export const resultsViewId = "hindsight.results";

/** One question and its answers, a page at a time. */
interface ResultList {
  readonly kind: "list";
  readonly session: vscode.DebugSession;
  readonly title: string;
  readonly icon: string;
  items: readonly ItemNode[];
  /** Asks for the page that begins with `next`. */
  readonly more: (next: number) => Promise<ResultPage>;
  next: number | undefined;
}

interface ItemNode {
  readonly kind: "item";
  readonly list: ResultList;
  readonly parent: ResultNode;
  readonly item: ResultItem;
}

interface MoreNode {
  readonly kind: "more";
  readonly list: ResultList;
}

/** A part of a value, as in the variables view. */
interface VariableNode {
  readonly kind: "variable";
  readonly list: ResultList;
  readonly parent: ResultNode;
  readonly name: string;
  readonly value: string;
  readonly type: string | undefined;
  readonly expands: number;
}

type ResultNode = ResultList | ItemNode | MoreNode | VariableNode;

/** What a new list is about; `page` asks for the answers from `from` on. */
export interface Question {
  readonly title: string;
  readonly icon: string;
  readonly page: (from: number | undefined) => Promise<ResultPage>;
}

const mostLists = 20;
/** Parts of a value that are shown: more are looked at in the variables view, at the moment itself. */
const mostVariables = 200;

export class ResultsView implements vscode.TreeDataProvider<ResultNode>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<ResultNode | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<ResultNode>;
  readonly #subscriptions: readonly vscode.Disposable[];
  readonly #logs = new Map<string, LogList>();
  #lists: readonly ResultList[] = [];

  constructor(sessions: Sessions) {
    this.#view = vscode.window.createTreeView(resultsViewId, { treeDataProvider: this, showCollapseAll: true });
    this.#subscriptions = [
      this.#changed,
      this.#view,
      this.#view.onDidChangeVisibility(({ visible }) => {
        if (visible) this.#view.badge = undefined;
      }),
      sessions.onDidLog(({ session, hits }) => this.#addHits(session, hits)),
      vscode.debug.onDidTerminateDebugSession((session) => this.#forget((list) => list.session.id === session.id)),
      vscode.commands.registerCommand("hindsight.results.clear", () => this.#forget(() => true)),
      vscode.commands.registerCommand("hindsight.results.dismiss", (node: unknown) =>
        this.#forget((list) => list === node),
      ),
      vscode.commands.registerCommand("hindsight.results.open", async (node: unknown) => await this.#open(node)),
      vscode.commands.registerCommand("hindsight.showLogPointMessages", async () => await this.#showLogs(sessions)),
    ];
  }

  /** Asks, puts the answers on top, and shows them. Rejects when the session refuses. */
  async ask(session: vscode.DebugSession, { title, icon, page }: Question): Promise<void> {
    const { items, next } = await page(undefined);
    const list: ResultList = { kind: "list", session, title, icon, items: [], more: page, next };
    list.items = itemsOf(list, items);
    this.#add(list);
    await this.#reveal(list);
  }

  #add(list: ResultList): void {
    const same = this.#lists.filter((one) => one.session.id !== list.session.id || one.title !== list.title);
    this.#lists = [list, ...same].slice(0, mostLists);
    this.#changed.fire(undefined);
  }

  async #reveal(list: ResultList): Promise<void> {
    await this.#view.reveal(list, { expand: true, select: true, focus: false });
  }

  #forget(isOver: (list: ResultList) => boolean): void {
    for (const [id, { list }] of this.#logs) if (isOver(list)) this.#logs.delete(id);
    const left = this.#lists.filter((list) => !isOver(list));
    if (left.length === this.#lists.length) return;
    this.#lists = left;
    this.#view.badge = undefined;
    this.#changed.fire(undefined);
  }

  /** Messages come one after the other while the program runs, and all at once for a run that is over. */
  #addHits(session: vscode.DebugSession, hits: readonly LogPointHit[]): void {
    const known = this.#logs.get(session.id);
    const logs = known ?? logList(session);
    logs.hits = [...logs.hits, ...hits].toSorted(byMoment);
    const shown = Math.max(logs.list.items.length, logPage);
    const page = pageOfLogs(logs, 0, shown);
    logs.list.items = itemsOf(logs.list, page.items);
    logs.list.next = page.next;
    this.#logs.set(session.id, logs);
    if (this.#lists.includes(logs.list)) this.#changed.fire(logs.list);
    else this.#add(logs.list);
    if (!this.#view.visible) this.#view.badge = { value: logs.hits.length, tooltip: "Messages of log points" };
  }

  async #showLogs(sessions: Sessions): Promise<void> {
    const view = sessions.focused;
    const list = view.kind === "none" ? undefined : this.#logs.get(view.session.id)?.list;
    if (list === undefined) {
      const hint = "No log point has said anything yet: add one at a line, also to a run that is over.";
      void vscode.window.showInformationMessage(hint);
      return;
    }
    this.#add(list);
    await this.#reveal(list);
  }

  async #open(node: unknown): Promise<void> {
    if (!isRecord(node)) return;
    const list = this.#lists.find((one) => one === node["list"]);
    if (list === undefined) return;
    try {
      if (node["kind"] === "more") await this.#loadMore(list);
      const item = findItem(list.items, node);
      if (item?.moment !== undefined) await seekIn(list.session, item.moment);
    } catch (error) {
      void vscode.window.showErrorMessage(messageOf(error));
    }
  }

  async #loadMore(list: ResultList): Promise<void> {
    if (list.next === undefined) return;
    const page = await list.more(list.next);
    list.items = [...list.items, ...itemsOf(list, page.items)];
    list.next = page.next;
    this.#changed.fire(list);
  }

  getParent(node: ResultNode): ResultNode | undefined {
    switch (node.kind) {
      case "list":
        return undefined;
      case "more":
        return node.list;
      case "item":
      case "variable":
        return node.parent;
    }
  }

  async getChildren(node?: ResultNode): Promise<ResultNode[]> {
    if (node === undefined) return [...this.#lists];
    switch (node.kind) {
      case "list":
        return node.next === undefined ? [...node.items] : [...node.items, { kind: "more", list: node }];
      case "more":
        return [];
      case "item": {
        const { item, list } = node;
        return [...itemsOf(list, item.children, node), ...(await variablesOf(list, node, item.expands))];
      }
      case "variable":
        return [...(await variablesOf(node.list, node, node.expands))];
    }
  }

  getTreeItem(node: ResultNode): vscode.TreeItem {
    switch (node.kind) {
      case "list":
        return listItem(node);
      case "more": {
        const item = new vscode.TreeItem("More…");
        item.iconPath = new vscode.ThemeIcon("ellipsis");
        item.command = opening(node);
        return item;
      }
      case "item":
        return itemItem(node);
      case "variable":
        return variableItem(node);
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** Items that stand in a list, or below one of its items. */
function itemsOf(list: ResultList, items: readonly ResultItem[], parent: ResultNode = list): readonly ItemNode[] {
  return items.map((item) => ({ kind: "item", list, parent, item }));
}

interface LogList {
  readonly list: ResultList;
  /** In the order of their moments. */
  hits: readonly LogPointHit[];
}

const logPage = 500;

function logList(session: vscode.DebugSession): LogList {
  const list: ResultList = {
    kind: "list",
    session,
    title: "Log point messages",
    icon: "debug-breakpoint-log",
    items: [],
    more: async (next) => await Promise.resolve(pageOfLogs(logs, next, next + logPage)),
    next: undefined,
  };
  const logs: LogList = { list, hits: [] };
  return logs;
}

function pageOfLogs({ hits }: LogList, start: number, end: number): ResultPage {
  return { items: hits.slice(start, end).map(logItem), next: end < hits.length ? end : undefined };
}

function byMoment({ moment: a }: LogPointHit, { moment: b }: LogPointHit): number {
  return a.step - b.step || a.event - b.event;
}

/** Commands get the node itself back: its item is one of the list's, or below one. */
function findItem(items: readonly ItemNode[], node: Readonly<Record<string, unknown>>): ResultItem | undefined {
  const inside = items.flatMap(({ item }) => [item, ...item.children]);
  return inside.find((item) => item === node["item"]);
}

async function variablesOf(list: ResultList, parent: ResultNode, reference: number): Promise<readonly VariableNode[]> {
  if (reference === 0) return [];
  const args = { variablesReference: reference, start: 0, count: mostVariables };
  const answer = new Answer<VariablesBody>(await list.session.customRequest("variables", args));
  return answer.list<VariableBody>("variables").map((one) => ({
    kind: "variable",
    list,
    parent,
    name: one.text("name") ?? "",
    value: one.text("value") ?? "",
    type: one.text("type"),
    expands: one.number("variablesReference") ?? 0,
  }));
}

interface VariablesBody {
  readonly variables: unknown;
}

interface VariableBody {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  readonly variablesReference: number;
}

function listItem(list: ResultList): vscode.TreeItem {
  const item = new vscode.TreeItem(list.title, vscode.TreeItemCollapsibleState.Expanded);
  const count = list.items.length.toLocaleString("en-US");
  item.description = list.items.length === 0 ? "nothing" : list.next === undefined ? count : `${count} or more`;
  item.iconPath = new vscode.ThemeIcon(list.icon);
  item.contextValue = "list";
  return item;
}

function itemItem(node: ItemNode): vscode.TreeItem {
  const { label, description, tooltip, icon, moment, children, expands } = node.item;
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(label, children.length > 0 || expands > 0 ? Collapsed : None);
  item.description = description;
  item.tooltip = tooltip;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.contextValue = moment === undefined ? "value" : "moment";
  if (moment !== undefined) item.command = opening(node);
  return item;
}

function variableItem({ name, value, type, expands }: VariableNode): vscode.TreeItem {
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(name, expands > 0 ? Collapsed : None);
  item.description = `= ${value}`;
  item.tooltip = type === undefined ? `${name} = ${value}` : `${name} = ${value}\n${type}`;
  item.contextValue = "value";
  return item;
}

function opening(node: ResultNode): vscode.Command {
  return { command: "hindsight.results.open", title: "Go to This Moment", arguments: [node] };
}
