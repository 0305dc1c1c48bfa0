"""The house: a name stands for one thing; no class and no file is called as another one is."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("chain", "market", "strategies", "experiments")
EXAMPLES = ROOT / "experiments" / "examples"  # what a user would write

CLASSES_IN_TWO_ROLES = {
    "Truthful": "a strategy's class is called after the strategy: the buyer and the builder `truthful`",
}
FILES_IN_SEVERAL_ROOMS = {
    "__init__.py": "the face of a package",
    "__main__.py": "what `python -m` runs",
    "errors.py": "what a package refuses, and why: the chain, the market, a user's input",
    "truthful.py": "a strategy's file is called after the strategy: the buyer and the builder `truthful`",
}

Places = dict[str, list[str]]


def sources() -> list[Path]:
    found = (file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py")))
    return [file for file in found if EXAMPLES not in file.parents]


def grouped(named: Iterable[tuple[str, str]]) -> Places:
    """Where each name stands, of those that stand in several places."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for name, place in named:
        places[name].append(place)
    return {name: where for name, where in places.items() if len(where) > 1}


def classes_in(text: str, place: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            yield node.name, f"{place}:{node.lineno}"


def told(places: Places) -> str:
    return "\n".join(f"{name}: {', '.join(where)}" for name, where in sorted(places.items()))


def test_a_class_name_stands_for_one_class():
    found = grouped(
        pair for file in sources() for pair in classes_in(file.read_text("utf-8"), str(file.relative_to(ROOT)))
    )
    assert found.keys() == CLASSES_IN_TWO_ROLES.keys(), told(found)


def test_a_file_name_stands_for_one_noun():
    found = grouped((file.name, str(file.relative_to(ROOT))) for file in sources())
    assert found.keys() == FILES_IN_SEVERAL_ROOMS.keys(), told(found)


def test_a_class_that_shares_its_name_would_be_seen():
    one = classes_in("class Book: ...", "market/book.py")
    other = classes_in("def f():\n    class Book: ...", "market/other.py")
    assert grouped([*one, *other]) == {"Book": ["market/book.py:1", "market/other.py:2"]}
