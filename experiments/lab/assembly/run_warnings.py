"""What a run is warned of before it begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from experiments.lab.assembly.assembly import Engine
from experiments.lab.assembly.beyond_means import beyond_means
from experiments.lab.assembly.thin_bidding import thin_bidding
from experiments.lab.processes.told_once import warn_each
from market.price_remedy import law_in_eth


def warn_of(engines: Iterable[Engine]) -> None:
    """A `UserWarning` for each thing, however many of the structures of a run it is true of."""
    warn_each({line: line for engine in engines for line in run_warnings(engine)}, stacklevel=5)


def run_warnings(engine: Engine) -> Iterator[str]:
    """A line for each thing that is true of one structure of it."""
    thin = thin_bidding(engine)
    if thin is not None:
        yield thin
    yield from beyond_means(engine)
    if engine.own_mean is not None:
        yield from (f"{engine.config.reward.process}: {told}" for told in law_in_eth(engine.own_mean))
    yield from engine.unasked
