"""The page: one HTML file that holds everything it needs and asks the network for nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from experiments.lab.errors import InputError
from experiments.lab.folder import read_manifest
from experiments.lab.report.figure import Figure
from experiments.lab.report.holdings import concentration, holdings
from experiments.lab.report.intro import about, title, warnings
from experiments.lab.report.money import profits, split
from experiments.lab.report.prices import prices
from experiments.lab.report.proposals import proposals
from experiments.lab.report.source import Source, read_sources
from experiments.lab.report.table import comparison_table
from experiments.lab.report.timing import sale_blocks, sale_prices

FIGURES: tuple[Callable[[Sequence[Source]], Figure | None], ...] = (
    prices,
    split,
    profits,
    sale_blocks,
    sale_prices,
    holdings,
    concentration,
    proposals,
)
"""In the order of the page."""


def write_report(run: Path, out: Path | None = None) -> Path:
    """Write the page about a run's folder, to `out` or to RUN/report.html; returns where it is.

    The same run gives the same bytes. Raises `InputError` where there is no run, or nowhere to write.
    """
    run = Path(run)
    page = render(read_manifest(run), read_sources(run))
    place = run / "report.html" if out is None else Path(out)
    if place.is_dir():
        raise InputError(f"{place}: is a folder; name a file for the page")
    partial = place.with_name(place.name + ".partial")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(page, encoding="utf-8")
        partial.replace(place)
    except OSError as error:
        raise InputError(f"{place}: cannot be written: {error.strerror}") from None
    return place


def render(run: Mapping[str, Any], sources: Sequence[Source]) -> str:
    """The whole page."""
    from plotly.offline import get_plotlyjs

    figures = [figure for draw in FIGURES if (figure := draw(sources)) is not None]
    template = Template(files(__package__).joinpath("page.tmpl").read_text(encoding="utf-8"))
    return template.substitute(
        title=escape(title(sources)),
        about=escape(about(sources)),
        warnings="".join(f'<p class="warning">{escape(line)}</p>' for line in warnings(run, sources)),
        table=comparison_table(sources),
        figures="".join(map(section, figures)),
        config=escape(json.dumps(run["config"], indent=2, ensure_ascii=False)),
        origin=escape(origin(run)),
        plotly=get_plotlyjs(),
    )


def section(figure: Figure) -> str:
    """One figure: its heading, its place, its data, its caption."""
    note = f' <span class="note">{escape(figure.note)}</span>' if figure.note else ""
    return (
        f'<figure id="{figure.id}"><h2>{escape(figure.title)}</h2>'
        f'<div class="plot" role="group" aria-label="{escape(figure.title)}"></div>'
        f'<script type="application/json">{embedded({"data": figure.traces, "layout": figure.layout})}</script>'
        f"<figcaption>{escape(figure.caption)}{note}</figcaption></figure>\n"
    )


def embedded(data: Any) -> str:
    """JSON that can stand in a page: nothing in it ends the script."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def origin(run: Mapping[str, Any]) -> str:
    """What the run was made with, and the digest of its tables."""
    made = [f"{name} {version}" for name, version in run["versions"].items()]
    return " · ".join([*made, f"digest {run.get('digest', 'none: unfinished')}"])
