"""The page about a run: its structures side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from experiments.lab.report.agents_table import agents_table
from experiments.lab.report.answer_section import answer_section
from experiments.lab.report.blocks_in_a_row import rows
from experiments.lab.report.comparison import comparison_table
from experiments.lab.report.figure import Figure
from experiments.lab.report.holdings import concentration, holdings
from experiments.lab.report.intro import about, title, warnings
from experiments.lab.report.money_split import profits, split
from experiments.lab.report.page import Page, made_with, section
from experiments.lab.report.price_figure import prices
from experiments.lab.report.proposer_shares import proposals
from experiments.lab.report.protocol_income import capture
from experiments.lab.report.resale_timing import sale_blocks, sale_prices
from experiments.lab.report.run_source import Source, read_sources
from experiments.lab.report.violations_table import violations_section
from experiments.lab.runs.folder import read_manifest
from experiments.lab.runs.run_answer import read_answer
from experiments.lab.runs.taking_part import idle_lines, own_first, read_participation

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


def run_page(folder: Path) -> Page:
    """The page about a run's folder. Raises `InputError`."""
    run = read_manifest(folder)
    sources = read_sources(folder)
    answer = read_answer({source.structure: source.folder for source in sources})
    sources = [replace(source, fortune=answer.fortunes.get(source.structure)) for source in sources]
    played = [read_participation(source.folder, source.summary) for source in sources]
    figures = [figure for draw in FIGURES if (figure := draw(sources)) is not None]
    return Page(
        title(sources),
        about(sources),
        [*warnings(run, sources), *idle_lines(played)],
        answer_section(answer)
        + comparison_table(sources)
        + violations_section(played)
        + "".join(map(section, figures))
        + agents_table(sources, own_first(played)),
        run["config"],
        [*made_with(run), f"digest {run.get('digest', 'none: unfinished')}"],
    )
