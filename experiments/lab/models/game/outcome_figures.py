"""The figures about what was simulated: prices and gaps beside theory, and when tickets were sold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from experiments.lab.models.game.outcome_text import way
from experiments.lab.models.model.solution_figures import shares
from experiments.lab.report.figure import Figure, Panel, Trace, stacked, titled
from experiments.lab.report.palette import HOLDERS, OTHERS
from experiments.lab.report.sweep.shown_figures import first_estimate
from experiments.lab.report.table import rounded
from experiments.lab.statistics import Statistics

if TYPE_CHECKING:
    from experiments.lab.models.game.outcome import GameOutcome

HEIGHT = 280

PRICES = (
    "Diamonds are the mean over the tickets with its 95 % interval (where the mean has none, the median), rings "
    "what theory says of the mean; ETH in present value at the mint."
)
GAPS = "What the sale brought above the spot auction of the same tickets, ticket by ticket; marks as in prices."
LIVES = "Of the tickets that found a buyer, {way}: the share sold and exercised at each block."


class Simulated(NamedTuple):
    """A figure of one way to sell, and what theory says of it."""

    name: str
    found: Statistics
    theory: float | None


def figures_of_outcome(outcome: GameOutcome) -> Iterator[Figure]:
    """Those that the model has."""
    theory, places = outcome.theory, range(len(outcome.price))
    spot = Simulated("spot", outcome.spot, theory.spot_mean)
    prices = [Simulated(way(outcome, place), outcome.price[place], theory.mean[place]) for place in places]
    gaps = [Simulated(way(outcome, place), outcome.gap[place], theory.gap_mean[place]) for place in places]
    yield beside_theory("prices", "What tickets were sold for", PRICES, [spot, *prices])
    yield beside_theory("gaps", "What a sale brings above the spot auction", GAPS, gaps)
    yield from lives(outcome)


def lives(outcome: GameOutcome) -> Iterator[Figure]:
    """Of windows: when tickets were sold and exercised, a figure for each way to sell."""
    found = outcome.sale_and_exercise or []
    for place, one in enumerate(found):
        if one.sold_at is None or one.exercised_at is None:
            continue
        name = way(outcome, place)
        id = "lives" if len(found) == 1 else f"lives_{name.replace(' ', '_')}"
        columns = {"sold": one.sold_at, "exercised": one.exercised_at}
        yield shares(id, f"When tickets are sold and exercised, {name}", LIVES.format(way=name), columns)


def beside_theory(id: str, title: str, caption: str, lines: Sequence[Simulated]) -> Figure:
    """A mark with its interval for each way to sell, and a ring for theory."""
    across = {"type": "category", **titled("when the ticket is sold")}
    layout = stacked([Panel("ETH", {"tickformat": "~g"})], HEIGHT, across)
    return Figure(id, title, caption, [simulated(lines), theoretical(lines)], layout)


def simulated(lines: Sequence[Simulated]) -> Trace:
    """What was played."""
    shown = [first_estimate(line.found) for line in lines]
    ends = [(one.low, one.value or 0.0, one.high) for one in shown]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "simulated",
        "x": [line.name for line in lines],
        "y": [rounded(value) for _, value, _ in ends],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [0 if high is None else rounded(high - value) for _, value, high in ends],
            "arrayminus": [0 if low is None else rounded(value - low) for low, value, _ in ends],
            "color": HOLDERS[0],
        },
        "marker": {"symbol": "diamond", "size": 9, "color": HOLDERS[0]},
        "hovertemplate": "%{x}: %{y:.6g} ETH",
    }


def theoretical(lines: Sequence[Simulated]) -> Trace:
    """What was solved."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "theory",
        "x": [line.name for line in lines],
        "y": [None if line.theory is None else rounded(line.theory) for line in lines],
        "marker": {"symbol": "circle-open", "size": 15, "color": OTHERS, "line": {"width": 2}},
        "hovertemplate": "%{x}: %{y:.6g} ETH",
    }
