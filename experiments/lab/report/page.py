"""The page: one HTML file that holds everything it needs and asks the network for nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from string import Template
from typing import Any, NamedTuple

from experiments.lab.report.figure import Figure


class Page(NamedTuple):
    """What a page says. `body` is HTML, everything else plain text; `origin` is what the data was made with."""

    title: str
    about: str
    warnings: Sequence[str]
    body: str
    config: Mapping[str, Any]
    origin: Sequence[str]


def render(page: Page) -> str:
    """The whole page, as HTML."""
    from plotly.offline import get_plotlyjs

    return Template(part("page.tmpl")).substitute(
        title=escape(page.title),
        about=escape(page.about),
        warnings="".join(f'<p class="warning">{escape(line)}</p>' for line in page.warnings),
        body=page.body,
        config=escape(json.dumps(page.config, indent=2, ensure_ascii=False)),
        origin=escape(" · ".join(page.origin)),
        style=part("page.css.tmpl"),
        plotly=get_plotlyjs(),
        script="".join(part(f"{name}.js.tmpl") for name in ("figures", "tables", "metrics")),
    )


def part(name: str) -> str:
    """A part of the page that is the same on every page."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def section(figure: Figure) -> str:
    """One figure: its heading, its place, its data, its caption."""
    note = ""
    if figure.note:
        note = f' <span class="note">{escape(figure.note)}</span>'
    return (
        f'<figure id="{figure.id}"><h2>{escape(figure.title)}</h2>'
        f'<div class="plot" role="group" aria-label="{escape(figure.title)}"></div>'
        f'<script type="application/json">{embedded({"data": figure.traces, "layout": figure.layout})}</script>'
        f"{numbers(figure)}<figcaption>{escape(figure.caption)}{note}</figcaption></figure>\n"
    )


def numbers(figure: Figure) -> str:
    """The figure's own numbers, where it has them to be saved."""
    if not figure.csv:
        return ""
    return f'<script type="application/json" class="csv">{embedded(figure.csv)}</script>'


def embedded(data: Any) -> str:
    """JSON that can stand in a page: nothing in it ends the script."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def made_with(manifest: Mapping[str, Any]) -> list[str]:
    """The programs and their versions."""
    return [f"{name} {version}" for name, version in manifest.get("versions", {}).items()]
