"""How a solution looks on a terminal, a table and a plot of S(t), and in a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.lab.models.model.sale_and_exercise import SaleAndExercise
from experiments.lab.terminal.sheet import Cell, Sheet, SheetColumn, Shown, number
from experiments.lab.terminal.sheet_formats import as_printed
from experiments.lab.terminal.sheet_html import to_html

if TYPE_CHECKING:
    from experiments.lab.models.model.solution import Solution

ROWS = 17
WIDTH = 64
HEIGHT = 12

LINES = {
    "value": "value at the best policy, V_0",
    "standard_error": "  its standard error",
    "spot_value": "value of the spot auction",
    "equivalence_gap": "equivalence gap",
    "ticket_value": "value of a ticket to a buyer who keeps it",
}

LIVES = {
    "mean_block_tried": "mean block of the try",
    "found_a_buyer": "tries that find a buyer",
    "mean_block_sold": "mean block of the sale",
    "mean_block_exercised": "mean block of exercise",
    "mean_wait": "mean blocks between",
    "at_once": "exercised at once",
    "at_once_of_tries": "  of all tries",
    "never": "never exercised",
}
"""Of windows. But for the first two and the share of tries they are of the tickets that find a buyer."""

BY_BLOCK = {"sold_at": "sold here", "exercised_at": "exercised here", "waited": "wait of t"}
"""Shares of these tickets, by block, and by the blocks between sale and exercise."""

OF_BLOCKS = {
    "sale_value": "S(t), ETH",
    "entry_threshold": "enters up to θ",
    "entry_probability": "with chance",
    "sale_block_distribution": "tried here",
}
"""What a solution has for each block."""


def sheets(solution: Solution) -> list[Sheet]:
    """Key figures, and blocks where there are any; ETH in present value at block 0."""
    if solution.blocks and solution.sale_value:
        return [key_figures(solution), block_table(solution)]
    return [key_figures(solution)]


def solution_text(solution: Solution) -> str:
    """What `et-testbed solve` prints: its sheets, and S(t) where there are blocks."""
    has_curve = solution.blocks and solution.sale_value
    curve = [plot(solution.sale_value or [], solution.ties or [])] if has_curve else []
    return as_printed(sheets(solution), *curve)


def solution_html(solution: Solution) -> str:
    """Its sheets, and how one goes on."""
    blocks = ["result.by_block"] if solution.blocks else []
    ways = ["result.plot()", "result.figures", "result.metrics", *blocks]
    return to_html(["ETH, in present value at block 0"], sheets(solution), [f"next: {', '.join(ways)}"])


def named_figures(solution: Solution) -> Iterator[tuple[str, float, str]]:
    """The key figures that the model has, by the keys of the JSON, with their words."""
    for key, words in (*LINES.items(), ("optimal_block", "best block that is fixed at the start")):
        if (value := getattr(solution, key)) is not None:
            yield key, float(value), words.strip()
    for key, words in LIVES.items() if solution.sale_and_exercise else ():
        if (value := getattr(solution.sale_and_exercise, key)) is not None:
            yield key, float(value), words.strip()


def key_figures(solution: Solution) -> Sheet:
    """One line for each figure that the model has."""
    return Sheet((SheetColumn("figure"), number("value")), list(key_rows(solution)), name="figures")


def key_rows(solution: Solution) -> Iterator[tuple[Cell, Cell]]:
    """Its words, and what it is."""
    for key, label in LINES.items():
        if (value := getattr(solution, key)) is not None:
            yield label, six(value)
        if key == "equivalence_gap" and solution.optimal_block is not None:
            best = Shown(best_block(solution), {"": solution.optimal_block})
            yield "best block that is fixed at the start", best
    if solution.sale_and_exercise is not None:
        for name, value in lives(solution.sale_and_exercise):
            yield name, six(value)


def six(value: float | None) -> Shown:
    """A number with six digits behind the point."""
    return Shown(figure(value), {"": value})


def best_block(solution: Solution) -> str:
    """The best block, or all that are as good, and how near these are to each other."""
    within = f"within {solution.tie_within or 0.0:z.1g} ETH"
    if solution.blocks is None:
        if abs(solution.equivalence_gap or 0.0) <= (solution.tie_within or 0.0):
            return f"the mint or the draw: both {within}"
        return "the mint"
    ties = solution.ties or []
    if len(ties) == len(solution.blocks) > 1:
        return f"any block: all {within}"
    if len(ties) > 1:
        return f"{in_spans(ties)}: all {within}"
    return figure(solution.optimal_block)


def in_spans(blocks: Sequence[int]) -> str:
    """`0 … 3, 7`."""
    breaks = np.flatnonzero(np.diff(blocks) > 1) + 1
    parts = [part.tolist() for part in np.split(np.array(blocks), breaks)]
    return ", ".join(f"{part[0]}" if len(part) == 1 else f"{part[0]} … {part[-1]}" for part in parts)


def lives(found: SaleAndExercise) -> Iterator[tuple[str, float | None]]:
    """The figures of sale and exercise, with their words."""
    for key, words in LIVES.items():
        yield words, getattr(found, key)


def block_table(solution: Solution) -> Sheet:
    """Blocks as rows, some of them where there are many, the best among them."""
    assert solution.blocks is not None
    columns, cells = zip(*block_columns(solution), strict=True)
    blocks = chosen(len(solution.blocks), solution.optimal_block)
    return Sheet(columns, [[column[block] for column in cells] for block in blocks], name="blocks")


def block_columns(solution: Solution) -> Iterator[tuple[SheetColumn, Sequence[Cell]]]:
    """Each column that the solution has, with its cells."""
    assert solution.blocks is not None
    yield number("block"), solution.blocks
    for key, header in OF_BLOCKS.items():
        values = getattr(solution, key)
        if values is not None:
            yield number(key, header), list(map(six, values))
    if solution.sale_and_exercise is not None:
        yield from exercise_columns(solution.sale_and_exercise)
    if solution.sale_region is not None:
        regions = [row["intervals"] for row in solution.sale_region]
        yield (
            number("sale_region", "sell where R is in"),
            [Shown(intervals(bounds), {"": bounds}) for bounds in regions],
        )


def block_values(solution: Solution) -> dict[str, Sequence[object]]:
    """The columns of a table by block, as numbers."""
    whole = {key: getattr(solution, key) for key in OF_BLOCKS}
    lived = {key: getattr(solution.sale_and_exercise, key, None) for key in BY_BLOCK}
    regions = solution.sale_region and [row["intervals"] for row in solution.sale_region]
    return {key: own for key, own in (whole | lived | {"sale_region": regions}).items() if own is not None}


def exercise_columns(found: SaleAndExercise) -> Iterator[tuple[SheetColumn, Sequence[Cell]]]:
    """Of tickets that find a buyer."""
    for key, header in BY_BLOCK.items():
        values = getattr(found, key)
        if values is not None:
            yield number(key, header), list(map(six, values))


def intervals(bounds: Sequence[Sequence[float | None]]) -> str:
    """`[0, .12] ∪ [.3, ∞)`, or a dash."""
    return " ∪ ".join(interval(low, high) for low, high in bounds) or "–"


def interval(low: float | None, high: float | None) -> str:
    """One of them; None is no upper end."""
    if high is None:
        return f"[{low:z.4g}, ∞)"
    return f"[{low:z.4g}, {high:z.4g}]"


def chosen(blocks: int, best: int | None) -> list[int]:
    """At most `ROWS` blocks and the best one."""
    even = np.linspace(0, blocks - 1, min(blocks, ROWS)).round().astype(int)
    shown: set[int] = set(even.tolist())
    if best is not None:
        shown.add(best)
    return sorted(shown)


def figure(value: float | None) -> str:
    """A number as a person reads it; a dash where there is none."""
    if value is None:
        return "–"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:z.6f}"


def plot(values: Sequence[float], best: Sequence[int]) -> str:
    """S(t) against t in characters, an `O` at the best blocks."""
    width = min(WIDTH, len(values))
    column = np.arange(len(values)) * (width - 1) // max(len(values) - 1, 1)
    low = min(values)
    high = max(values)
    scale = 0.0
    if high - low > 1e-9 * abs(high):
        scale = (HEIGHT - 1) / (high - low)
    canvas = [[" "] * width for _ in range(HEIGHT)]
    for block, value in enumerate(values):
        row = round((high - value) * scale)
        if block in best or canvas[row][column[block]] == " ":
            canvas[row][column[block]] = "O" if block in best else "·"
    edges = {0: f"{high:z.6f}", HEIGHT - 1: f"{low:z.6f}" if scale else ""}
    lines = [f"{edges.get(row, ''):>10} │{''.join(cells)}" for row, cells in enumerate(canvas)]
    end = len(values) - 1
    axis = f"{'':>10} └{'─' * width}\n{'':>12}0{f'{end}  t, blocks':>{max(width - 1, 1)}}"
    return "\nS(t), ETH\n" + "\n".join(lines) + "\n" + axis
