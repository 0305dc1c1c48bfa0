"""What `solve` finds, with exactly the keys of its JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.lab.models.model.sale_and_exercise import SaleAndExercise
from experiments.lab.report.plotted import Plotted
from strategies.theory.laws import Array

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.report.figure import Figure
    from experiments.lab.terminal.sheet import Sheet


@dataclass(frozen=True)
class Solution(Plotted):
    """ETH, in present value at block 0; what a model does not have is None.

    `sale_value` is S(t), a sale at a block that is fixed at the start, for each of `blocks` 0 … T, and
    `optimal_block` the best of them, the earliest among equals; `ties` are all that are as good, within
    `tie_within` ETH, which is as near as the solver knows them. `value` is V_0, with the best policy; for a
    process without a law it is a lower bound, an average over paths that the policy was not fitted to, with
    its `standard_error`. `entry_threshold` is the highest cost that enters, `entry_probability` the chance that a
    buyer on it enters (uninformed: that any does); None for a block that nobody enters. `sale_region` has a table
    {"block", "intervals"} for each block, of [low, high] in ETH of the reward, high None for no upper end.
    `sale_block_distribution` is the chance that the sale is tried at each block; of a window `sale_and_exercise`
    says when tickets find a buyer and when it exercises, with the best policy.
    """

    blocks: list[int] | None = None
    sale_value: list[float] | None = None
    entry_threshold: list[float | None] | None = None
    entry_probability: list[float | None] | None = None
    optimal_block: int | None = None
    ties: list[int] | None = None
    tie_within: float | None = None
    value: float | None = None
    spot_value: float | None = None
    equivalence_gap: float | None = None
    ticket_value: float | None = None
    sale_region: list[dict[str, Any]] | None = None
    sale_block_distribution: list[float] | None = None
    standard_error: float | None = None
    sale_and_exercise: SaleAndExercise | None = None

    @property
    def metrics(self) -> pd.DataFrame:
        """Its key figures, a row each: what it is in `words`, and its `value`."""
        import pandas as pd

        from experiments.lab.metrics.told_keys import ToldFrame
        from experiments.lab.models.model.solution_text import named_figures

        rows = list(named_figures(self))
        return ToldFrame(pd.DataFrame.from_records(rows, columns=["metric", "value", "words"], index="metric"))

    @property
    def by_block(self) -> pd.DataFrame:
        """All that the solution has for each block, a row each; empty where the model has no blocks."""
        import pandas as pd

        from experiments.lab.metrics.told_keys import ToldFrame
        from experiments.lab.models.model.solution_text import block_values

        return ToldFrame(pd.DataFrame(block_values(self)).rename_axis("block"))

    def sheets(self) -> list[Sheet]:
        """Its tables, as a command shows them."""
        from experiments.lab.models.model.solution_text import sheets

        return sheets(self)

    def __str__(self) -> str:
        """What the command prints."""
        from experiments.lab.models.model.solution_text import solution_text

        return solution_text(self)

    def _repr_html_(self) -> str:
        """In a notebook: its figures, and how one goes on."""
        from experiments.lab.models.model.solution_text import solution_html

        return solution_html(self)

    def drawings(self) -> Iterable[Figure]:
        """What a sale brings by block, who enters, when one sells: those that the model has."""
        from experiments.lab.models.model.solution_figures import figures_of_solution

        return figures_of_solution(self)

    def to_json(self) -> str:
        """One object; numbers in full."""
        return json.dumps(asdict(self), allow_nan=False)


def best_blocks(values: Array, slack: float) -> dict[str, Any]:
    """The blocks whose values are within `slack` ETH of the best, and the first of them, by their keys."""
    ties = np.flatnonzero(values >= values.max() - slack).tolist()
    return {"optimal_block": ties[0], "ties": ties, "tie_within": slack}


def numbers(values: Any) -> list[float | None]:
    """Floats of an array of one axis, None for what is not finite."""
    return [value if math.isfinite(value) else None for value in map(float, values)]
