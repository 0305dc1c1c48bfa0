"""What is swept: the points of a grid, and the seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from operator import index
from typing import Any, NamedTuple, SupportsIndex

from chain.wording import shown
from experiments.lab.config.errors import InputError
from experiments.lab.config.overrides import read_value
from experiments.lab.config.without_numpy import without_numpy

Grid = Mapping[str, Sequence[Any]]
"""The values of each key; a key is a path in the config, like `chain.supply`."""

MOST = 1_000_000  # seeds in a range


class Point(NamedTuple):
    """One point of a grid: its number, from 0, and the value of every key of the grid."""

    number: int
    parameters: dict[str, Any]

    @property
    def overrides(self) -> list[str]:
        """The point as overrides of a config."""
        return [f"{key}={as_toml(value)}" for key, value in self.parameters.items()]


def points(grid: Grid) -> list[Point]:
    """All points, the last key running fastest; one point without parameters where the grid is empty."""
    return [Point(n, dict(zip(grid, values, strict=True))) for n, values in enumerate(product(*grid.values()))]


def read_grid(options: Iterable[str]) -> dict[str, list[Any]]:
    """`["chain.supply=8,16", "chain.draw=lottery"]` as a grid. Raises `InputError`."""
    grid: dict[str, list[Any]] = {}
    for option in options:
        key, equals, text = option.partition("=")
        key, values = key.strip(), [read_value(value) for value in split(text)]
        if not equals or not key or not values:
            raise InputError(
                f"--grid {option}: write it as key.path=value,value, e.g. --grid chain.supply=8,16,32"
            )
        if key in grid:
            raise InputError(f"--grid {option}: {key} is in the grid twice; list all its values in one --grid")
        if any(value in values[:n] for n, value in enumerate(values)):
            raise InputError(f"--grid {option}: the same value twice; list each once")
        grid[key] = values
    return grid


def split(text: str) -> list[str]:
    """The values between commas; a comma inside brackets, braces or quotes separates nothing."""
    values, depth, quote = [""], 0, ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        depth += (character in "[{") - (character in "]}") if not quote else 0
        if character == "," and not depth and not quote:
            values.append("")
        else:
            values[-1] += character
    return [value.strip() for value in values if value.strip()]


def read_seeds(text: str) -> list[int]:
    """`1..30` or `1-30` (both ends included), `1,2,5`, `7`, or these joined by commas. Raises `InputError`."""
    seeds: list[int] = []
    for part in text.split(","):
        first, dots, last = part.strip().replace("-", "..", 1).partition("..")
        if not first.isdecimal() or (dots and not last.isdecimal()):
            raise InputError(f"--seeds {text}: {part.strip()!r} is no seed; write 1..30, or 1,2,3")
        until = int(last) if dots else int(first)
        if not int(first) <= until < int(first) + MOST:
            raise InputError(f"--seeds {text}: {part.strip()} is no range of 1 to {MOST:,} seeds; write 1..30")
        seeds.extend(range(int(first), until + 1))
    if len(set(seeds)) < len(seeds):
        raise InputError(f"--seeds {text}: names a seed twice; each is one run")
    return seeds


def checked_axes(grid: Grid) -> dict[str, list[Any]]:
    """A grid as lists. Raises `InputError` for a key without values, or with one value in place of a list."""
    if not isinstance(grid, Mapping):
        raise InputError(f"grid: {shown(grid)} is no dict of lists; write {{'chain.supply': [4, 16]}}")
    for key, values in grid.items():
        if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
            raise InputError(f"grid: {key}: {values!r} is no list of values; write [{values!r}]")
    axes = {key: [checked_value(key, value) for value in values] for key, values in grid.items()}
    if empty := [key for key, values in axes.items() if not values]:
        raise InputError(f"grid: {empty[0]}: the list is empty; give it a value, or leave the key out")
    return axes


def checked_value(key: str, value: Any) -> Any:
    """A value that a config can have. Raises `InputError` for a function or a class: a config names its file."""
    if callable(value):
        name = getattr(value, "__name__", "NAME")
        raise InputError(f"grid: {key}: {shown(value)} is code; write it to a file: 'my_file.py:{name}'")
    return without_numpy(value)


def checked_seeds(seeds: Iterable[int]) -> list[int]:
    """Seeds as whole numbers. Raises `InputError` for what is no seed, for none, and for a seed named twice."""
    numbers = listed_seeds(seeds)
    if not numbers:
        raise InputError("seeds: there are none; each is one run: name one at least")
    if len(set(numbers)) < len(numbers):
        raise InputError("seeds: a seed is named twice; each is one run")
    return numbers


def listed_seeds(seeds: Iterable[int]) -> list[int]:
    """The same, also where there are none. Raises `InputError` for what is no seed, or no list."""
    if isinstance(seeds, str) or not isinstance(seeds, Iterable):
        raise InputError(f"seeds: {seeds!r} is no list of seeds; write {seeds_meant_by(seeds)}")
    return [checked_seed(seed) for seed in seeds]


def seeds_meant_by(given: object) -> str:
    """How the seeds are written that were given as one number, or as a command has them: `range(1, 31)`."""
    if not isinstance(given, str):
        return f"[{given!r}], or range(1, 31)"
    try:
        meant = read_seeds(given)
    except InputError:
        return "range(1, 31)"
    span = range(meant[0], meant[-1] + 1)
    return repr(span if meant == list(span) and len(meant) > 1 else meant)


def checked_seed(seed: object) -> int:
    """One seed; it must fit the int64 column of the sweep's table."""
    if isinstance(seed, SupportsIndex) and 0 <= index(seed) < 2**63:
        return index(seed)
    raise InputError(f"seeds: {seed!r} is no seed; give whole numbers from 0 to 2**63 - 1")


def as_toml(value: Any) -> str:
    """A value as `--set` reads it back."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {as_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return str(value)
