"""How an outcome looks on a terminal: simulation beside theory."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group
from rich.table import Table

from experiments.lab.models.game.outcome import GameOutcome
from experiments.lab.models.model.solution_text import BY_BLOCK, LIVES, chosen
from experiments.lab.statistics import Statistics
from experiments.lab.statistics.statistics_text import INTERVALS, told

TINY = 1e-9


def render(outcome: GameOutcome) -> Group:
    """Figures; of windows also the shares of tickets by block."""
    by_block = []
    if outcome.sale_and_exercise is not None:
        by_block = [block_table(outcome, place) for place in range(len(outcome.mean))]
    return Group(figure_table(outcome), interval_table(outcome), *by_block)


def interval_table(outcome: GameOutcome) -> Table:
    """Prices and gaps with their intervals; below, why some have none."""
    why = "\n".join(reasons(outcome))
    table = Table(box=None, pad_edge=False, title=INTERVALS, caption=why, caption_justify="left")
    for header in ("sale", "", ""):
        table.add_column(header)
    for name, what, found in measured(outcome):
        table.add_row(name, what, ", ".join(told(found)))
    return table


def measured(outcome: GameOutcome) -> Iterator[tuple[str, str, Statistics]]:
    """What has an interval, and what it is called."""
    yield "spot", "price", outcome.spot
    for place, price in enumerate(outcome.price):
        yield way(outcome, place), "price", price
        yield "", "gap to spot", outcome.gap[place]


def reasons(outcome: GameOutcome) -> list[str]:
    """Why means have no interval, or a rough one; each reason once."""
    return list(dict.fromkeys(found["reason"] for _, _, found in measured(outcome) if found["reason"]))


def block_table(outcome: GameOutcome, place: int) -> Table:
    """When tickets that found a buyer were sold and exercised; simulated, and solved in brackets."""
    assert outcome.sale_and_exercise is not None
    assert outcome.theory.sale_and_exercise is not None
    played = outcome.sale_and_exercise[place]
    solved = outcome.theory.sale_and_exercise[place]
    table = Table(box=None, pad_edge=False, title=f"{way(outcome, place)}: shares of tickets that found a buyer")
    for header in ("block t", *BY_BLOCK.values()):
        table.add_column(header, justify="right")
    for block in chosen(len(played.tried_at), None):
        table.add_row(str(block), *(both(getattr(played, key), getattr(solved, key), block) for key in BY_BLOCK))
    return table


def both(played: list[float] | None, solved: list[float] | None, block: int) -> str:
    """`0.12 (0.1180)`, a dash where there are no such tickets."""
    return " ".join(
        shape.format("–" if shares is None else f"{shares[block]:z.4f}")
        for shape, shares in (("{}", played), ("({})", solved))
    )


def way(outcome: GameOutcome, place: int) -> str:
    """How the tickets were sold."""
    if outcome.sale_blocks is None:
        return "policy"
    return f"block {outcome.sale_blocks[place]}"


def figure_table(outcome: GameOutcome) -> Table:
    """One row for each figure: simulation ± standard error, theory, and how many errors lie between them."""
    table = Table(box=None, pad_edge=False, title=f"{outcome.tickets:,} tickets; ETH in present value at the mint")
    for header in ("sale", "", "simulation", "± se", "theory", "z"):
        is_text = header in ("sale", "")
        table.add_column(header, justify="left" if is_text else "right")
    for row in rows(outcome):
        table.add_row(*row)
    return table


def rows(outcome: GameOutcome) -> Iterator[tuple[str, ...]]:
    """The lines of the table."""
    theory = outcome.theory
    spot_error = known(outcome.spot, outcome.spot_se)
    yield line("spot", "price", outcome.spot_mean, spot_error, theory.spot_mean)
    for place, mean in enumerate(outcome.mean):
        error = known(outcome.price[place], outcome.se[place])
        gap_error = known(outcome.gap[place], outcome.gap_se[place])
        yield line(way(outcome, place), "price", mean, error, theory.mean[place])
        yield line("", "gap to spot", outcome.gap_mean[place], gap_error, theory.gap_mean[place])
        yield line("", "entrants", outcome.entrants[place], None, theory.entrants[place])
        yield line("", "efficiency", outcome.efficiency[place], None, theory.efficiency[place])
        if outcome.sale_and_exercise is not None:
            yield from life_rows(outcome, place)


def known(found: Statistics, error: float) -> float | None:
    """The standard error of a mean that has an interval."""
    if found["low"] is None:
        return None
    return error


def life_rows(outcome: GameOutcome, place: int) -> Iterator[tuple[str, ...]]:
    """Of windows: when tickets were sold and exercised."""
    assert outcome.sale_and_exercise is not None
    assert outcome.sale_and_exercise_se is not None
    assert outcome.theory.sale_and_exercise is not None
    expected = outcome.theory.sale_and_exercise[place]
    for key, words in LIVES.items():
        value = getattr(outcome.sale_and_exercise[place], key)
        error = outcome.sale_and_exercise_se[place][key]
        yield line("", words, value, error, getattr(expected, key))


def line(
    name: str, what: str, value: float | None, error: float | None, expected: float | None
) -> tuple[str, ...]:
    """One row; z only where there is an error that is more than rounding."""
    z = "–"
    if value is not None and expected is not None and error and error > TINY:
        z = f"{(value - expected) / error:+z.2f}"
    return (name, what, *map(figure, (value, error, expected)), z)


def figure(value: float | None) -> str:
    """A number as a person reads it; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:z.6f}"
