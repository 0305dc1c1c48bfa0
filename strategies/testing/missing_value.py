"""What was None where an exception says that something was: by the line that raised it, and what stands in it."""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Iterator
from types import FrameType, TracebackType

from chain.interruption import CALLED, traceback_of
from chain.wording import one_line

OURS = ("chain", "market", "strategies", "experiments")
MEANS = {
    "ask_gwei": "where nobody asks",
    "bid_gwei": "where nobody bids",
    "block": "for a ticket without a date",
    "builder": "while nobody has bought the building of its block",
    "capture": "in markets without shares of rewards",
    "cost": "for a block that it cannot exploit, or not yet knows its cost of",
    "drawn_for": "while a ticket is not drawn",
    "haircut": "where the protocol takes no tickets back",
    "informed": "without signals of its own",
    "last_price_gwei": "before the first resale",
    "maturity": "where tickets never expire",
    "price": "where the protocol posts no price",
    "reward_gwei": "before block 0",
    "room": "where there is no cap of an owner",
    "series": "for a block without a ticket",
    "ticket": "where a block is sold, not a ticket",
    "volatility": "before block 0, and in markets without shares of rewards",
}
"""When what views, the setup and their parts show is None."""
TELLS = "help(strategies.View), help(strategies.Setup) and the page Strategies say what may be None"
ANY = f"; something was None: {TELLS}"
LAST_NAME = re.compile(r"(\w+)(?:\([^()]*\))?\W*$")


def remedy_of_none(error: BaseException) -> str:
    """`; self.setup.maturity is None where tickets never expire: …`, as far as the line says it."""
    parts = [part for part in traceback_of(error) if is_own(part.tb_frame)]
    if not parts:
        return ANY
    found = dict.fromkeys(nones_in(parts[-1]))
    return f"; {' and '.join(found)}: ask `is None` first; {TELLS}" if found else ANY


def is_own(frame: FrameType) -> bool:
    """Whether a frame is of a user's own file, or of another one that is none of the testbed's."""
    module = frame.f_globals
    return CALLED in module or not is_of_testbed(module.get("__name__"))


def is_of_testbed(module: object) -> bool:
    """Whether a module of this name is one of the testbed's; what was executed without one is not."""
    return str(module).partition(".")[0] in OURS


def nones_in(part: TracebackType) -> list[str]:
    """What is None of what the operation speaks of that raised; where nothing that has a name is, what may be."""
    try:
        tree = ast.parse(source_of(part), mode="eval")
    except (SyntaxError, ValueError):
        return []
    nodes = list(tops(tree.body))
    missing = [way for node in nodes if is_way(node) and (way := missing_in(node, part.tb_frame)) is not None]
    if missing:
        return [told(way, part) for way in missing]
    answers = [(one_line(ast.unparse(node)), MEANS[name]) for node in nodes if (name := name_of(node)) in MEANS]
    verb = "is" if len(answers) == 1 else "may be"
    return [f"{text} {verb} None {when}" for text, when in answers]


def name_of(node: ast.expr) -> str:
    """The last name of what is asked or called; nothing for a way, which is known."""
    asked = node.func if isinstance(node, ast.Call) else node
    return asked.attr if isinstance(asked, ast.Attribute) and not is_way(node) else ""


def source_of(part: TracebackType) -> str:
    """The text of the operation at which a frame has stopped; nothing, where it is not known."""
    code = part.tb_frame.f_code
    line, end, first, last = list(code.co_positions())[part.tb_lasti // 2]
    if line is None or end is None:
        return ""
    lines = [text.encode() for text in linecache.getlines(code.co_filename)[line - 1 : end]]
    if not lines:
        return ""
    lines[-1] = lines[-1][:last]
    lines[0] = lines[0][first:]
    return f"({b''.join(lines).decode()})"


def tops(node: ast.AST) -> Iterator[ast.expr]:
    """The names, ways and calls in an expression, each whole; what stands in a function of its own left out."""
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, (ast.Name, ast.Attribute, ast.Call)):
        yield node
    if isinstance(node, ast.expr) and is_way(node):
        return
    for child in ast.iter_child_nodes(node):
        yield from tops(child)


def is_way(node: ast.expr) -> bool:
    """Whether it is a name, or a way from one by attributes."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def missing_in(node: ast.expr, frame: FrameType) -> str | None:
    """The beginning of a way that is None where the frame is; None, where there is none."""
    way = ast.unparse(node).split(".")
    places = frame.f_locals if way[0] in frame.f_locals else frame.f_globals
    if way[0] not in places:
        return None
    here = places[way[0]]
    for length, name in enumerate(way[1:], 1):
        if here is None:
            return ".".join(way[:length])
        here = asked(here, name)
    return ".".join(way) if here is None else None


def asked(value: object, name: str) -> object:
    """An attribute, asked for without running code of the user's own; what has none of that name itself."""
    if is_of_testbed(type(value).__module__):
        return getattr(value, name, value)
    return getattr(value, "__dict__", {}).get(name, value)


def told(way: str, part: TracebackType) -> str:
    """What is None, what it was set to where it is a name of the function's own, and when that is so."""
    origin = assigned(way, part) if way.isidentifier() else ""
    last = LAST_NAME.search(origin or way)
    when = MEANS.get(last[1], "here") if last else "here"
    return f"{way}{f' ({origin})' if origin else ''} is None {when}"


def assigned(name: str, part: TracebackType) -> str:
    """What a name was last set to above the line, in so many words; nothing, where that is not seen."""
    code = part.tb_frame.f_code
    above = linecache.getlines(code.co_filename)[code.co_firstlineno : part.tb_lineno - 1]
    found = [match[1].strip() for line in above if (match := re.match(rf"\s*{name}\s*=(?!=)(.+)", line))]
    return one_line(found[-1], 60) if found else ""
