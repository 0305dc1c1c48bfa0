"""How an outcome looks on a terminal: simulation beside theory."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from experiments.lab.models.game.outcome import GameOutcome

TINY = 1e-9


def render(outcome: GameOutcome) -> Table:
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
    yield line("spot", "price", outcome.spot_mean, outcome.spot_se, theory.spot_mean)
    for place, mean in enumerate(outcome.mean):
        name = "policy"
        if outcome.sale_blocks is not None:
            name = f"block {outcome.sale_blocks[place]}"
        yield line(name, "price", mean, outcome.se[place], theory.mean[place])
        yield line("", "gap to spot", outcome.gap_mean[place], outcome.gap_se[place], theory.gap_mean[place])
        yield line("", "entrants", outcome.entrants[place], None, theory.entrants[place])
        yield line("", "efficiency", outcome.efficiency[place], None, theory.efficiency[place])


def line(
    name: str, what: str, value: float | None, error: float | None, expected: float | None
) -> tuple[str, ...]:
    """One row; z only where there is an error that is more than rounding."""
    z = "–"
    if value is not None and expected is not None and error and error > TINY:
        z = f"{(value - expected) / error:+.2f}"
    return (name, what, *map(figure, (value, error, expected)), z)


def figure(value: float | None) -> str:
    """A number as a person reads it; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:.6f}"
