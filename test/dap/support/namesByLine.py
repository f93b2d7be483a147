"""Print the variables that a function's text works on, by line, as JSON: by the syntax tree and the symbol table."""

from __future__ import annotations

import ast
import json
import symtable
import sys


def own_names(table: symtable.SymbolTable) -> set[str]:
    """Return what is a variable of the block or of a function around it."""
    return {one.get_name() for one in table.get_symbols() if one.is_local() or one.is_free()}


def find_table(table: symtable.SymbolTable, name: str) -> symtable.SymbolTable:
    """Return the block of the function."""
    if table.get_name() == name:
        return table
    for child in table.get_children():
        found = find_table(child, name)
        if found is not child or child.get_name() == name:
            return found
    return table


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
    tree = ast.parse(text)
    body = next(one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == function)
    own = own_names(find_table(symtable.symtable(text, file, "exec"), function))
    names = Names()
    for statement in body.body:
        names.visit(statement)
    print(json.dumps({str(line): sorted(found & own) for line, found in names.lines.items() if found & own}))


if __name__ == "__main__":
    main(*sys.argv[1:])
