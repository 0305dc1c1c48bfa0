"""What a shell offers when a word is completed; asked for by typer's own completion.

Names of strategies and of experiments are those of their files: none is loaded for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pkgutil import iter_modules

SHELVES = ("sellers", "buyers", "builders")
"""Rooms of `strategies` with one in each file."""


def keys_of_set(begun: str) -> Iterator[tuple[str, str]]:
    """Keys of a config, each with what it means."""
    from experiments.lab.config.config_keys import config_keys

    for key in config_keys():
        name = f"{key.name.replace('[]', '.0')}="
        if name.startswith(begun):
            yield name, key.meaning


def strategies(begun: str) -> Iterator[str]:
    """Names of strategies, alone or at the end of a list with commas."""
    shelves = [f"{place}/{shelf}" for place in places_of("strategies") for shelf in SHELVES]
    return last_of(begun, sorted({module.name for module in iter_modules(shelves)}))


def experiment_names() -> list[str]:
    """Names of the project's experiments."""
    return sorted(module.name for module in iter_modules(places_of("experiments")) if not module.ispkg)


def experiments(begun: str) -> list[str]:
    """Those that go on so."""
    return [name for name in experiment_names() if name.startswith(begun)]


def places_of(package: str) -> list[str]:
    """The folders of a package, which is not loaded for it."""
    spec = find_spec(package)
    return list(spec.submodule_search_locations or ()) if spec is not None else []


def last_of(begun: str, names: Iterable[str]) -> Iterator[str]:
    """The names with which a list with commas can go on."""
    before, comma, last = begun.rpartition(",")
    for name in names:
        if name.startswith(last):
            yield f"{before}{comma}{name}"
