"""What `simulate` finds, with exactly the keys of its JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from experiments.lab.models.model.sale_and_exercise import SaleAndExercise
from experiments.lab.report.plotted import Plotted
from experiments.lab.statistics import Statistics

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.report.figure import Figure
    from experiments.lab.terminal.sheet import Sheet


@dataclass(frozen=True)
class Theory:
    """The solver's values of what is simulated; None for what it does not give."""

    mean: list[float | None]
    entrants: list[float | None]
    efficiency: list[float | None]
    spot_mean: float | None
    gap_mean: list[float | None]
    sale_and_exercise: list[SaleAndExercise] | None


@dataclass(frozen=True)
class GameOutcome(Plotted):
    """ETH in present value at a ticket's mint; lists have a number for each of `sale_blocks`, or one for the
    policy where that is None.

    `price` of a ticket, `spot` price and `gap`, what the sale brought above the spot auction, ticket by ticket:
    mean and median with their intervals (`Statistics`). As single figures the `mean` of the price and its standard
    error `se`; mean number of `entrants`; `efficiency`, the value made of the blocks over the best possible;
    `spot_mean` of the spot auctions of the same tickets; `gap_mean`, each with its standard error. Of windows
    `sale_and_exercise`, when tickets were sold and exercised, and the standard errors of these figures.
    """

    sale_blocks: list[int] | None
    tickets: int
    price: list[Statistics]
    spot: Statistics
    gap: list[Statistics]
    mean: list[float]
    se: list[float]
    entrants: list[float]
    efficiency: list[float | None]
    spot_mean: float
    spot_se: float
    gap_mean: list[float]
    gap_se: list[float]
    sale_and_exercise: list[SaleAndExercise] | None
    sale_and_exercise_se: list[dict[str, float | None]] | None
    theory: Theory

    @property
    def metrics(self) -> pd.DataFrame:
        """Simulation beside theory, a row for each way to sell and figure: `simulation`, `se`, `theory`, `z`."""
        import pandas as pd

        from experiments.lab.metrics.told_keys import ToldFrame
        from experiments.lab.models.game.outcome_text import figure_table

        return ToldFrame(pd.DataFrame(figure_table(self).records()).set_index(["sale", "figure"]))

    def sheets(self) -> list[Sheet]:
        """Its tables, as a command shows them."""
        from experiments.lab.models.game.outcome_text import sheets

        return sheets(self)

    def __str__(self) -> str:
        """What the command prints."""
        from experiments.lab.terminal.sheet_formats import as_printed

        return as_printed(self.sheets())

    def _repr_html_(self) -> str:
        """In a notebook: its tables, and how one goes on."""
        from experiments.lab.models.game.outcome_text import outcome_html

        return outcome_html(self)

    def drawings(self) -> Iterable[Figure]:
        """Prices and gaps beside theory; of windows when tickets were sold."""
        from experiments.lab.models.game.outcome_figures import figures_of_outcome

        return figures_of_outcome(self)

    def to_json(self) -> str:
        """One object; numbers in full."""
        return json.dumps(asdict(self), allow_nan=False)
