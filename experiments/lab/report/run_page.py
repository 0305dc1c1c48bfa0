"""The page about a run: its structures side by side."""

from __future__ import annotations

from pathlib import Path

from experiments.lab.report.agents_table import agents_table
from experiments.lab.report.answer_section import answer_section
from experiments.lab.report.comparison import comparison_table
from experiments.lab.report.intro import about, title, warnings
from experiments.lab.report.market_picture import pictures_section
from experiments.lab.report.page import Page, made_with, section
from experiments.lab.report.run_figures import answer_of, run_figures, with_fortunes
from experiments.lab.report.run_source import read_sources
from experiments.lab.report.violations_table import violations_section
from experiments.lab.runs.folder import read_manifest
from experiments.lab.runs.taking_part import idle_lines, own_first, read_participation


def run_page(folder: Path) -> Page:
    """The page about a run's folder. Raises `InputError`."""
    run = read_manifest(folder)
    sources = read_sources(folder)
    answer = answer_of(sources)
    sources = with_fortunes(sources, answer)
    played = [read_participation(source.folder, source.summary) for source in sources]
    return Page(
        title(sources),
        about(sources),
        [*warnings(run, sources), *idle_lines(played)],
        answer_section(answer)
        + comparison_table(sources)
        + violations_section(played)
        + pictures_section(sources)
        + "".join(map(section, run_figures(sources)))
        + agents_table(sources, own_first(played)),
        run["config"],
        [*made_with(run), f"digest {run.get('digest', 'none: unfinished')}"],
    )
