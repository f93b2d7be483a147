// How is a tree of the parser walked? Children without comments, and what reads expressions out of nodes.
import type { SyntaxNode } from "@lezer/common";
import type { Expression } from "./ast.ts";

/** Reads nodes of one text. */
export interface Reader {
  readonly text: (node: SyntaxNode) => string;
  readonly expression: (node: SyntaxNode) => Expression;
  /** `a, *b` without brackets: a tuple, else the one expression. */
  readonly bare: (nodes: readonly SyntaxNode[]) => Expression;
}

export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (child.name !== "Comment") found.push(child);
  return found;
}
