"""The figures about a run: its structures side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from experiments.lab.report.blocks_in_a_row import rows
from experiments.lab.report.figure import Figure
from experiments.lab.report.holdings import concentration, holdings
from experiments.lab.report.money_split import profits, split
from experiments.lab.report.price_figure import prices
from experiments.lab.report.proposer_shares import proposals
from experiments.lab.report.protocol_income import capture
from experiments.lab.report.resale_timing import sale_blocks, sale_prices
from experiments.lab.report.run_source import Source, read_sources
from experiments.lab.runs.run_answer import RunAnswer, read_answer

FIGURES: tuple[Callable[[Sequence[Source]], Figure | None], ...] = (
    prices,
    capture,
    split,
    profits,
    sale_blocks,
    sale_prices,
    holdings,
    concentration,
    proposals,
    rows,
)
"""In the order of the page."""


def run_figures(sources: Sequence[Source]) -> Iterator[Figure]:
    """Those that have something to show."""
    for draw in FIGURES:
        figure = draw(sources)
        if figure is not None:
            yield figure


def figures_in(folder: Path) -> Iterator[Figure]:
    """The same of a run's folder. Raises `InputError`."""
    sources = read_sources(folder)
    yield from run_figures(with_fortunes(sources, answer_of(sources)))


def answer_of(sources: Sequence[Source]) -> RunAnswer:
    """What the structures say together."""
    return read_answer({source.structure: source.folder for source in sources})


def with_fortunes(sources: Sequence[Source], answer: RunAnswer) -> list[Source]:
    """The structures with what was expected of them."""
    return [replace(source, fortune=answer.fortunes.get(source.structure)) for source in sources]
