"""What `simulate` finds of a round, with exactly the keys of its JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.lab.config.errors import InputError
from experiments.lab.models.game.outcome_text import line
from experiments.lab.models.game.round_game import RoundsPlayed, play
from experiments.lab.models.model.round_solution import WORDS, RoundSolution
from experiments.lab.models.model.round_solve import solve_round
from experiments.lab.models.model.round_spec import RoundModel
from experiments.lab.report.plotted import Plotted
from experiments.lab.terminal.sheet import Sheet, SheetColumn, number
from experiments.lab.terminal.sheet_formats import as_printed
from experiments.lab.terminal.sheet_html import to_html
from strategies.theory.laws import Array

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.report.figure import Figure

MOST_VALUES = 10**9
"""Values of buyers and blocks that are drawn, at the most."""


class RoundFigure(NamedTuple):
    """A mean, a ratio or a median, and its standard error."""

    value: float
    se: float


@dataclass(frozen=True)
class RoundComparison(Plotted):
    """Means over `rounds` that were drawn, ETH a round, their standard errors `se` and what the `theory` says."""

    rounds: int
    price: float
    efficiency: float
    buyer_surplus: float
    hub_surplus: float
    entrants: float
    void_share: float
    paid_over_top: dict[str, float] | None
    se: dict[str, float]
    theory: RoundSolution

    @property
    def metrics(self) -> pd.DataFrame:
        """Simulation beside theory, a row for each figure: `simulation`, `se`, `theory`, `z`."""
        import pandas as pd

        from experiments.lab.metrics.told_keys import ToldFrame

        return ToldFrame(pd.DataFrame(self.sheets()[0].records()).set_index(["sale", "figure"]))

    def named(self) -> Iterator[tuple[str, str, float, float]]:
        """Key, words, what was played and what theory says."""
        for key, words in WORDS.items():
            yield key, words, getattr(self, key), getattr(self.theory, key)
        for key, share in (self.paid_over_top or {}).items():
            words = f"paid / top bid, {key.replace('_', ' ')}"
            yield f"paid_over_top.{key}", words, share, (self.theory.paid_over_top or {})[key]

    def sheets(self) -> list[Sheet]:
        """One row for each figure."""
        numbers = (number("simulation"), number("se", "± se"), number("theory"), number("z"))
        rows = [line("round", words, value, self.se[key], told) for key, words, value, told in self.named()]
        title = f"{self.rounds:,} rounds, drawn and cleared in memory; ETH a round"
        return [Sheet((SheetColumn("sale"), SheetColumn("figure"), *numbers), rows, title, "figures")]

    def __str__(self) -> str:
        """What the command prints."""
        return as_printed(self.sheets())

    def _repr_html_(self) -> str:
        """In a notebook: its table."""
        return to_html([], self.sheets(), ["next: result.metrics"])

    def drawings(self) -> Iterable[Figure]:
        """None: a round is figures alone."""
        return ()

    def to_json(self) -> str:
        """One object; numbers in full."""
        return json.dumps(asdict(self), allow_nan=False)


def simulate_round(model: RoundModel, rounds: int, seed: int) -> RoundComparison:
    """Play a model's round so many times. Raises `InputError` for more than is drawn in minutes."""
    if rounds * model.blocks * model.buyers > MOST_VALUES:
        most = MOST_VALUES // (model.blocks * model.buyers)
        raise InputError(
            f"--tickets is {rounds}; of rounds with so many blocks and buyers {most} are played at most"
        )
    played = play(model, rounds, np.random.default_rng(np.random.SeedSequence(seed)))
    found = dict(estimates(played))
    ratios = {key.split(".")[1]: one.value for key, one in found.items() if "." in key}
    return RoundComparison(
        rounds=rounds,
        **{key: found[key].value for key in WORDS},
        paid_over_top=ratios or None,
        se={key: one.se for key, one in found.items()},
        theory=solve_round(model),
    )


def estimates(played: RoundsPlayed) -> Iterator[tuple[str, RoundFigure]]:
    """Each figure by its key."""
    yield "price", mean_of(played.price)
    yield "efficiency", ratio_of(played.made, played.best)
    yield "buyer_surplus", mean_of(played.buyers)
    yield "hub_surplus", mean_of(played.hubs)
    yield "entrants", mean_of(played.entrants)
    yield "void_share", mean_of(played.void)
    if played.top is not None:
        ratio = played.price / played.top
        yield "paid_over_top.median", median_of(ratio)
        yield "paid_over_top.mean", mean_of(ratio)
        yield "paid_over_top.ratio_of_sums", ratio_of(played.price, played.top)


def mean_of(sample: Array) -> RoundFigure:
    """Of independent draws."""
    return RoundFigure(float(sample.mean()), float(sample.std(ddof=1) / np.sqrt(sample.size)))


def ratio_of(part: Array, whole: Array) -> RoundFigure:
    """Of two means, its error by the delta method."""
    if not whole.any():
        return RoundFigure(1.0, 0.0)
    ratio = float(part.mean() / whole.mean())
    return RoundFigure(ratio, mean_of(part - ratio * whole).se / float(whole.mean()))


def median_of(sample: Array) -> RoundFigure:
    """Its error from the ranks one standard deviation around the middle."""
    near = np.sqrt(sample.size) / 2
    middle = sample.size / 2
    ends = np.quantile(sample, np.clip([(middle - near) / sample.size, (middle + near) / sample.size], 0, 1))
    return RoundFigure(float(np.median(sample)), float(np.diff(ends)[0]) / 2)
