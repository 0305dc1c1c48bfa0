"""The figures about a solution: what a sale brings by block, who enters, when one sells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from experiments.lab.report.figure import Figure, Layout, Panel, Trace, stacked, titled, whole_numbers
from experiments.lab.report.palette import HOLDERS, OTHERS
from experiments.lab.report.table import rounded

if TYPE_CHECKING:
    from experiments.lab.models.model.sale_and_exercise import SaleAndExercise
    from experiments.lab.models.model.solution import Solution

HEIGHT = 260
BLOCK = "t, block of the ticket's life"

SALE = (
    "S(t) is what a sale at block t brings that is fixed at the start, in present value at block 0; rings are the "
    "blocks that are best, or as good. V_0 is the best policy; the spot auction sells the block just in time."
)
VALUES = (
    "In present value at block 0: V_0 with the best policy, the spot auction, a ticket to a buyer who keeps it."
)
ENTRY = (
    "Who has a cost up to the threshold enters at block t; the chance is that of one buyer, or that any enters."
)
TRIES = "The chance that the sale is tried at each block, with the best policy."
REGION = "The best policy sells at block t where the reward of the block lies in the band; ∞ is the upper edge."
LIVES = (
    "Of the tickets that find a buyer, with the best policy: the share sold and exercised at each block. What is "
    "missing from 100 % is never exercised."
)


def figures_of_solution(solution: Solution) -> Iterator[Figure]:
    """Those that the model has."""
    if solution.blocks and solution.sale_value:
        yield sale_value(solution, solution.blocks, solution.sale_value)
    if solution.blocks and solution.entry_probability:
        yield entry(solution, solution.blocks)
    if solution.blocks and solution.sale_block_distribution:
        yield shares("tries", "When the sale is tried", TRIES, {"tried": solution.sale_block_distribution})
    if any(row["intervals"] for row in solution.sale_region or ()):
        yield region(solution)
    if solution.sale_and_exercise is not None and solution.sale_and_exercise.sold_at is not None:
        yield lives(solution.sale_and_exercise)
    yield values(solution)


def sale_value(solution: Solution, blocks: Sequence[int], brought: Sequence[float]) -> Figure:
    """S(t), the best blocks, and beside it the best policy and the spot auction."""
    best = [block for block in solution.ties or () if block < len(brought)]
    ring = {"symbol": "circle-open", "size": 12, "color": HOLDERS[5], "line": {"width": 2}}
    at_best = {"x": best, "y": [rounded(brought[block]) for block in best]}
    traces = [
        line("S(t)", blocks, brought, HOLDERS[0]),
        {"type": "scatter", "mode": "markers", "name": "best", **at_best, "marker": ring},
        *level("V_0, the best policy", blocks, solution.value, HOLDERS[2], "dash"),
        *level("spot auction", blocks, solution.spot_value, OTHERS, "dot"),
    ]
    layout = by_block([Panel("ETH", {"tickformat": "~g"})], len(blocks))
    return Figure("sale_value", "What a sale brings, by its block", SALE, traces, layout)


def entry(solution: Solution, blocks: Sequence[int]) -> Figure:
    """The threshold of costs, where it has one, and the chance of entry."""
    chances = line("chance", blocks, solution.entry_probability or (), HOLDERS[0])
    panels, traces = [Panel("chance of entry", {"range": [-0.03, 1.03], "tickformat": ".0%"})], [chances]
    if solution.entry_threshold is not None:
        panels.append(Panel("highest cost that enters, ETH", {"tickformat": "~g"}))
        traces.append(
            line("threshold", blocks, solution.entry_threshold, HOLDERS[1]) | {"xaxis": "x2", "yaxis": "y2"}
        )
    return Figure("entry", "Who enters, by block", ENTRY, traces, by_block(panels, len(blocks)))


def lives(found: SaleAndExercise) -> Figure:
    """When tickets are sold and exercised."""
    own = {"sold": found.sold_at, "exercised": found.exercised_at}
    there = {name: values for name, values in own.items() if values is not None}
    return shares("lives", "When tickets are sold and exercised", LIVES, there)


def shares(id: str, title: str, caption: str, columns: dict[str, list[float]]) -> Figure:
    """Shares of tickets by block, in bars."""
    traces = [
        {
            "type": "bar",
            "name": name,
            "x": list(range(len(own))),
            "y": [rounded(share) for share in own],
            "marker": {"color": HOLDERS[number]},
            "hovertemplate": "block %{x}: %{y:.2%}",
        }
        for number, (name, own) in enumerate(columns.items())
    ]
    most = max(map(len, columns.values()))
    layout = by_block([Panel("share of tickets", {"tickformat": "~%", "rangemode": "tozero"})], most)
    return Figure(id, title, caption, traces, layout | {"barmode": "group", "showlegend": len(columns) > 1})


def region(solution: Solution) -> Figure:
    """For each block the rewards at which the best policy sells: a bar for each interval."""
    bands = [(row["block"], low, high) for row in solution.sale_region or () for low, high in row["intervals"]]
    known = [end for _, *ends in bands for end in ends if end is not None]
    top = 1.25 * max(known) or 1.0
    trace = {
        "type": "bar",
        "name": "sell",
        "x": [block for block, _, _ in bands],
        "base": [rounded(low) for _, low, _ in bands],
        "y": [rounded((top if high is None else high) - low) for _, low, high in bands],
        "customdata": [[f"{low:z.4g}", "∞" if high is None else f"{high:z.4g}"] for _, low, high in bands],
        "hovertemplate": "block %{x}: from %{customdata[0]} to %{customdata[1]} ETH<extra></extra>",
        "marker": {"color": HOLDERS[4]},
    }
    axis = {"range": [0, top], "tickformat": "~g"}
    layout = by_block([Panel("reward of the block, ETH", axis)], len(solution.sale_region or ()))
    whole = layout | {"barmode": "overlay", "bargap": 0.1, "showlegend": False}
    return Figure("sale_region", "Where one sells", REGION, [trace], whole)


def values(solution: Solution) -> Figure:
    """The key figures in ETH."""
    named = {
        "V_0, the best policy": solution.value,
        "spot auction": solution.spot_value,
        "ticket to who keeps it": solution.ticket_value,
    }
    there = {name: rounded(value) for name, value in named.items() if value is not None}
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": list(there.values()),
        "y": list(there),
        "marker": {"color": HOLDERS[0]},
        "width": 0.5,
        "hovertemplate": "%{y}: %{x:.6g} ETH<extra></extra>",
    }
    names = {"type": "category", "autorange": "reversed", "automargin": True}
    layout: Layout = {"height": 110 + 40 * len(there), "showlegend": False}
    layout |= {"xaxis": {**titled("ETH"), "showgrid": True}, "yaxis": names}
    return Figure("values", "What it is worth", VALUES, [trace], layout)


def line(name: str, x: Sequence[int], y: Sequence[float | None], colour: str) -> Trace:
    """A line with a mark at each block."""
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": list(x),
        "y": [None if value is None else rounded(value) for value in y],
        "line": {"color": colour, "width": 1.6},
        "marker": {"size": 5},
        "hovertemplate": "block %{x}: %{y:.6g}",
    }


def level(name: str, blocks: Sequence[int], value: float | None, colour: str, dash: str) -> list[Trace]:
    """A value that does not depend on the block; nothing where there is none."""
    if value is None:
        return []
    ends = {"x": [blocks[0], blocks[-1]], "y": [rounded(value)] * 2}
    look = {"color": colour, "width": 1.6, "dash": dash}
    return [{"type": "scatter", "mode": "lines", "name": name, **ends, "line": look}]


def by_block(panels: list[Panel], blocks: int) -> Layout:
    """Panels over the blocks of a ticket's life."""
    across: dict[str, Any] = {**whole_numbers(blocks), **titled(BLOCK), "zeroline": False}
    return stacked(panels, HEIGHT, across) | {"showlegend": len(panels) == 1}
