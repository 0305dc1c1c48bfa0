"""What `solve` finds of a round, with exactly the keys of its JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from experiments.lab.report.plotted import Plotted
from experiments.lab.terminal.sheet import Sheet, SheetColumn, Shown, number
from experiments.lab.terminal.sheet_formats import as_printed
from experiments.lab.terminal.sheet_html import to_html

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.report.figure import Figure

WORDS = {
    "price": "price, what the protocol receives",
    "efficiency": "efficiency, made of what can be made",
    "buyer_surplus": "surplus of one buyer",
    "hub_surplus": "surplus of one hub",
    "entrants": "buyers that bid",
    "void_share": "rounds without a bid",
}


@dataclass(frozen=True)
class RoundSolution(Plotted):
    """ETH a round, expected. What a regime does not have is None.

    `price` counts a round without a bid as 0; surplus is after the costs of bidding. `price_range` are the lowest
    and the highest price that equilibria have where a hub is there and bidding is free, of which `price` is that
    of the undominated bids. `hub_entry` and `buyer_entry` are the chances with which each hub and each buyer bids.
    `paid_over_top` has `median`, `mean` and `ratio_of_sums` of price over highest bid. `standard_error` is that of
    the price where paths of rewards stand for their law.
    """

    price: float
    efficiency: float
    buyer_surplus: float
    hub_surplus: float
    entrants: float
    void_share: float
    price_range: tuple[float, float] | None = None
    buyer_entry: float | None = None
    hub_entry: float | None = None
    paid_over_top: dict[str, float] | None = None
    standard_error: float | None = None

    @property
    def metrics(self) -> pd.DataFrame:
        """Its figures, a row each: what it is in `words`, and its `value`."""
        import pandas as pd

        from experiments.lab.metrics.told_keys import ToldFrame

        rows = [(key, value, words) for key, words, value in self.named()]
        return ToldFrame(pd.DataFrame.from_records(rows, columns=["metric", "value", "words"], index="metric"))

    def named(self) -> Iterable[tuple[str, str, float]]:
        """Key, words and value of each figure that there is."""
        for key, words in WORDS.items():
            yield key, words, getattr(self, key)
        for place, end in enumerate(self.price_range or ()):
            yield f"price_range.{place}", f"{('lowest', 'highest')[place]} price of an equilibrium", end
        for key, words in (("buyer_entry", "chance that a buyer bids"), ("hub_entry", "chance that a hub bids")):
            if (chance := getattr(self, key)) is not None:
                yield key, words, chance
        for key, share in (self.paid_over_top or {}).items():
            yield f"paid_over_top.{key}", f"paid / top bid, {key.replace('_', ' ')}", share
        if self.standard_error is not None:
            yield "standard_error", "standard error of the price", self.standard_error

    def sheets(self) -> list[Sheet]:
        """One line for each figure."""
        rows = [(words, Shown(f"{value:z.6f}", {"": value})) for _, words, value in self.named()]
        return [Sheet((SheetColumn("figure"), number("value")), rows, "ETH a round", "figures")]

    def __str__(self) -> str:
        """What the command prints."""
        return as_printed(self.sheets())

    def _repr_html_(self) -> str:
        """In a notebook: its figures."""
        return to_html([], self.sheets(), ["next: result.metrics"])

    def drawings(self) -> Iterable[Figure]:
        """None: a round is figures alone."""
        return ()

    def to_json(self) -> str:
        """One object; numbers in full."""
        return json.dumps(self.as_dict(), allow_nan=False)

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)
