"""Print the variables that a function's text works on, by line: by syntax tree and symbol table."""

from __future__ import annotations

import ast
import json
import symtable
import sys


def own_names(table: symtable.SymbolTable) -> set[str]:
    """Return what is a variable of the block or of a function around it."""
    return {one.get_name() for one in table.get_symbols() if one.is_local() or one.is_free()}


def tables(table: symtable.SymbolTable) -> list[symtable.SymbolTable]:
    """Return the block and all blocks in it."""
    return [table] + [inner for child in table.get_children() for inner in tables(child)]


class Names(ast.NodeVisitor):
    """Collect names outside of functions inside."""

    def __init__(self) -> None:
        self.lines: dict[int, set[str]] = {}

    def add(self, line: int, name: str) -> None:
        """Note a name."""
        self.lines.setdefault(line, set()).add(name)

    def visit_Name(self, node: ast.Name) -> None:
        """Note it."""
        self.add(node.lineno, node.id)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Note the name that is bound; its body is another block."""
        self.add(node.lineno, node.name)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Another block."""


def main(file: str, function: str) -> None:
    """Print one object: names by line."""
    with open(file, encoding="utf8") as source:
        text = source.read()
    found = [one for one in ast.walk(ast.parse(text)) if getattr(one, "name", "") == function]
    blocks = tables(symtable.symtable(text, file, "exec"))
    own = own_names(next(one for one in blocks if one.get_name() == function))
    names = Names()
    for node in found:
        for statement in getattr(node, "body", []):
            names.visit(statement)
    lines = {str(line): sorted(used & own) for line, used in names.lines.items()}
    print(json.dumps({line: used for line, used in lines.items() if used}))


if __name__ == "__main__":
    main(*sys.argv[1:])
