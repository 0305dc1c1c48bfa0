"""Own costs that are asked for by the number of a block in the source of a strategy.

`view.costs_gwei` begins with the present slot: what stands at the place 40 of it is no cost of block 40.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from chain.wording import one_line
from strategies.base import Strategy
from strategies.testing.own_source import OwnSource, own_sources

COSTS = "costs_gwei"
BLOCK = re.compile(r"(^|_)(block|slot|drawn_for)$")
"""What is called so is the number of one."""

Values = dict[str, list[ast.expr]]
"""What names stand for, somewhere in a file."""


def misread_costs(kind: type[Strategy]) -> list[str]:
    """A line for each place: `mine.py:14 costs_gwei[lot.block]: …`."""
    return list(dict.fromkeys(line for source in own_sources(kind) for line in lines_in(source)))


def lines_in(source: OwnSource) -> Iterator[str]:
    """The same for one file."""
    nodes = list(source.nodes())
    values = values_of(nodes)
    for node in nodes:
        if isinstance(node, ast.Subscript) and is_costs(node.value, values) and is_block(node.slice, values):
            block, costs = ast.unparse(node.slice), ast.unparse(node.value)
            way = f"{costs.removesuffix(COSTS) if costs.endswith(f'.{COSTS}') else 'view.'}cost({block})"
            said = f"{costs}[{block}]: its first is the cost of the present slot; write {way}"
            yield one_line(f"{source.called}:{node.lineno} {said}")


def values_of(nodes: list[ast.AST]) -> Values:
    """What the names of a file are set to, those of a loop over a range to its first."""
    found: Values = {}
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.NamedExpr(ast.Name(id=name), value):
                found.setdefault(name, []).append(value)
            case (ast.For() | ast.comprehension()) as loop:
                name, value = counted(loop)
                found.setdefault(name, []).append(value)
    return found


def counted(loop: ast.For | ast.comprehension) -> tuple[str, ast.expr]:
    """What a loop counts by, and where it begins; nothing in particular where that is not known."""
    match loop.target, loop.iter:
        case ast.Name(id=name), ast.Call(func=ast.Name(id="range"), args=[first, _, *_]):
            return name, first
        case (ast.Name(id=name), ast.Call(func=ast.Name(id="range"))) | (
            ast.Tuple(elts=[ast.Name(id=name), *_]),
            ast.Call(func=ast.Name(id="enumerate")),
        ):
            return name, ast.Constant(0)
    return "", ast.Constant(0)


def is_costs(node: ast.expr, values: Values) -> bool:
    """Whether it is the sequence, or a name that stands for it."""
    if isinstance(node, ast.Name):
        return any(is_costs(value, {}) for value in values.get(node.id, ()))
    return isinstance(node, ast.Attribute) and node.attr == COSTS


def is_block(index: ast.expr, values: Values) -> bool:
    """Whether a place is the number of a block, of which nothing is taken off: not how far ahead that is."""
    parts = list(ast.walk(index))
    if isinstance(index, ast.Slice) or any(isinstance(part, ast.Sub) for part in parts):
        return False
    return any(names_block(part, values) for part in parts)


def names_block(node: ast.AST, values: Values) -> bool:
    """Whether a name is that of a block, by what it is set to, or else by itself."""
    if isinstance(node, ast.Attribute):
        return BLOCK.search(node.attr) is not None
    if not isinstance(node, ast.Name):
        return False
    if set_to := values.get(node.id):
        return any(is_block(value, {}) for value in set_to)
    return BLOCK.search(node.id) is not None
