"""What a shell offers when a word is completed; asked for by typer's own completion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def keys_of_set(begun: str) -> Iterator[tuple[str, str]]:
    """Keys of a config, each with what it means."""
    from experiments.lab.config.config_keys import config_keys

    for key in config_keys():
        name = f"{key.name.replace('[]', '.0')}="
        if name.startswith(begun):
            yield name, key.meaning


def strategies(begun: str) -> Iterator[str]:
    """Names of strategies, alone or at the end of a list with commas."""
    from strategies.finding import SHELVES, names_on

    return last_of(begun, sorted({name for shelf in SHELVES.values() for name in names_on(shelf)}))


def last_of(begun: str, names: Iterable[str]) -> Iterator[str]:
    """The names with which a list with commas can go on."""
    before, comma, last = begun.rpartition(",")
    for name in names:
        if name.startswith(last):
            yield f"{before}{comma}{name}"
