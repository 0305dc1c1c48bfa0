"""`et-testbed strategies`: what there is, with parameters and a line each."""

from __future__ import annotations

import re
from typing import NamedTuple

from experiments.lab.assembly.seats import parameters_of
from strategies.base import Strategy
from strategies.finding import SHELVES, own_strategies, plugins, strategy_class

SENTENCE_END = re.compile(r"(?<!et al)\. (?=[A-Z])")


class CatalogueEntry(NamedTuple):
    """A strategy as it is called in a config."""

    name: str
    roles: str
    parameters: str
    meaning: str


def catalogue() -> list[CatalogueEntry]:
    """The project's own strategies and those of installed plug-ins."""
    own = {(name, kind): None for role in SHELVES for name, kind in own_strategies(role).items()}
    brought = [(point.name, strategy_class(point.load(), point.name)) for point in plugins()]
    return [entry(name, kind) for name, kind in [*own, *brought]]


def entry(name: str, kind: type[Strategy]) -> CatalogueEntry:
    """One strategy's line."""
    parameters = ", ".join(f"{key}={field.default!r}" for key, field in parameters_of(kind).model_fields.items())
    meaning = first_sentence(" ".join((kind.__doc__ or "").split()))
    return CatalogueEntry(name, ", ".join(sorted(kind.roles)), parameters, meaning)


def first_sentence(text: str) -> str:
    """The first sentence, without its full stop; `et al. 2024` and `i.i.d. costs` end none."""
    return SENTENCE_END.split(text, maxsplit=1)[0].rstrip(".")
