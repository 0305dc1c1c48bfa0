"""Files of the user's own that are experiments: they are answered, not checked."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from chain.wording import one_line
from experiments.lab.config.errors import InputError


def refuse_experiment(name: str) -> None:
    """Raises `InputError` where `name` is the file of an experiment, or `path.py:NAME` of the experiment in it or
    of its answer."""
    place, _, attribute = name.partition(":")
    if not place.endswith(".py"):
        return
    names = set(names_of_experiment(Path(place)))
    if names and attribute in {"", *names}:
        place = one_line(place)
        raise InputError(
            f"{one_line(name)}: is an experiment, which is not checked but answered: et-testbed experiments "
            f"{place}; a strategy or a rule in it is checked by its name, {place}:NAME"
        )


def names_of_experiment(file: Path) -> Iterator[str]:
    """What `experiment = Experiment(__file__, __doc__, answer)` at the top of a file names; nothing where it has
    no such line, or cannot be read."""
    try:
        lines = ast.parse(file.read_text(encoding="utf-8")).body
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
        return
    for line in lines:
        if isinstance(line, ast.Assign) and is_made(line.value):
            yield from own_names(line)


def is_made(value: ast.expr) -> bool:
    """Whether an expression makes an experiment."""
    if not isinstance(value, ast.Call):
        return False
    name = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", None)
    return name == "Experiment"


def own_names(line: ast.Assign) -> Iterator[str]:
    """The names in a line that the file has given to something."""
    for part in ast.walk(line):
        if isinstance(part, ast.Name) and not part.id.startswith("__") and part.id != "Experiment":
            yield part.id
