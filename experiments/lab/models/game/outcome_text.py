"""How an outcome looks on a terminal and in a notebook: simulation beside theory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from experiments.lab.models.model.solution_text import BY_BLOCK, LIVES, chosen, figure
from experiments.lab.statistics import Statistics
from experiments.lab.statistics.statistics_text import INTERVALS
from experiments.lab.terminal.sheet import Cell, Sheet, SheetColumn, Shown, number, prose
from experiments.lab.terminal.sheet_html import to_html
from experiments.lab.terminal.statistics_cell import shown

if TYPE_CHECKING:
    from experiments.lab.models.game.outcome import GameOutcome

TINY = 1e-9


def sheets(outcome: GameOutcome) -> list[Sheet]:
    """Figures; of windows also the shares of tickets by block."""
    by_block = []
    if outcome.sale_and_exercise is not None:
        by_block = [block_table(outcome, place) for place in range(len(outcome.mean))]
    return [figure_table(outcome), interval_table(outcome), *by_block]


def outcome_html(outcome: GameOutcome) -> str:
    """Its sheets, and how one goes on."""
    return to_html([], sheets(outcome), ["next: result.plot(), result.figures, result.metrics"])


def interval_table(outcome: GameOutcome) -> Sheet:
    """Prices and gaps with their intervals, and why some have none."""
    columns = (
        SheetColumn("sale"),
        SheetColumn("figure"),
        number("interval", INTERVALS),
        prose("reason", "what to know of it"),
    )
    rows = [(name, what, shown(found), found["reason"] or "") for name, what, found in measured(outcome)]
    return Sheet(columns, rows, INTERVALS, "intervals")


def measured(outcome: GameOutcome) -> Iterator[tuple[str, str, Statistics]]:
    """What has an interval, and what it is called."""
    yield "spot", "price", outcome.spot
    for place, price in enumerate(outcome.price):
        yield way(outcome, place), "price", price
        yield way(outcome, place), "gap to spot", outcome.gap[place]


def block_table(outcome: GameOutcome, place: int) -> Sheet:
    """When tickets that found a buyer were sold and exercised; simulated, and solved in brackets."""
    assert outcome.sale_and_exercise is not None
    assert outcome.theory.sale_and_exercise is not None
    played = outcome.sale_and_exercise[place]
    solved = outcome.theory.sale_and_exercise[place]
    columns = [number("block", "block t"), *(number(key, words) for key, words in BY_BLOCK.items())]
    rows: list[list[Cell]] = [
        [block, *(both(getattr(played, key), getattr(solved, key), block) for key in BY_BLOCK)]
        for block in chosen(len(played.tried_at), None)
    ]
    name = way(outcome, place)
    return Sheet(columns, rows, f"{name}: shares of tickets that found a buyer", name)


def both(played: list[float] | None, solved: list[float] | None, block: int) -> Shown:
    """`0.12 (0.1180)`, a dash where there are no such tickets."""
    values = {"": of_block(played, block), "solved": of_block(solved, block)}
    simulated, expected = ("–" if value is None else f"{value:z.4f}" for value in values.values())
    return Shown(f"{simulated} ({expected})", values)


def of_block(shares: list[float] | None, block: int) -> float | None:
    """The share of one block, if there are any."""
    if shares is None:
        return None
    return shares[block]


def way(outcome: GameOutcome, place: int) -> str:
    """How the tickets were sold."""
    if outcome.sale_blocks is None:
        return "policy"
    return f"block {outcome.sale_blocks[place]}"


def figure_table(outcome: GameOutcome) -> Sheet:
    """One row for each figure: simulation ± standard error, theory, and how many errors lie between them."""
    numbers = (number("simulation"), number("se", "± se"), number("theory"), number("z"))
    title = f"{outcome.tickets:,} tickets; ETH in present value at the mint"
    return Sheet((SheetColumn("sale"), SheetColumn("figure"), *numbers), list(rows(outcome)), title, "figures")


def rows(outcome: GameOutcome) -> Iterator[tuple[Cell, ...]]:
    """The lines of the table."""
    theory = outcome.theory
    spot_error = known(outcome.spot, outcome.spot_se)
    yield line("spot", "price", outcome.spot_mean, spot_error, theory.spot_mean)
    for place, mean in enumerate(outcome.mean):
        sale = way(outcome, place)
        error = known(outcome.price[place], outcome.se[place])
        gap_error = known(outcome.gap[place], outcome.gap_se[place])
        yield line(sale, "price", mean, error, theory.mean[place])
        yield line(sale, "gap to spot", outcome.gap_mean[place], gap_error, theory.gap_mean[place])
        yield line(sale, "entrants", outcome.entrants[place], None, theory.entrants[place])
        yield line(sale, "efficiency", outcome.efficiency[place], None, theory.efficiency[place])
        if outcome.sale_and_exercise is not None:
            yield from life_rows(outcome, place)


def known(found: Statistics, error: float) -> float | None:
    """The standard error of a mean that has an interval."""
    if found["low"] is None:
        return None
    return error


def life_rows(outcome: GameOutcome, place: int) -> Iterator[tuple[Cell, ...]]:
    """Of windows: when tickets were sold and exercised."""
    assert outcome.sale_and_exercise is not None
    assert outcome.sale_and_exercise_se is not None
    assert outcome.theory.sale_and_exercise is not None
    expected = outcome.theory.sale_and_exercise[place]
    for key, words in LIVES.items():
        value = getattr(outcome.sale_and_exercise[place], key)
        error = outcome.sale_and_exercise_se[place][key]
        yield line(way(outcome, place), words, value, error, getattr(expected, key))


def line(
    name: str, what: str, value: float | None, error: float | None, expected: float | None
) -> tuple[Cell, ...]:
    """One row; z only where there is an error that is more than rounding."""
    z = None
    if value is not None and expected is not None and error and error > TINY:
        z = (value - expected) / error
    numbers = (Shown(figure(each), {"": each}) for each in (value, error, expected))
    return name, what, *numbers, Shown("–" if z is None else f"{z:+z.2f}", {"": z})
