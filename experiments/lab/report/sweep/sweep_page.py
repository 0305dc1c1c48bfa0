"""The page about a sweep."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from experiments.lab.report.intro import count, listed
from experiments.lab.report.page import Page, made_with, section
from experiments.lab.report.sweep.curves import curves
from experiments.lab.report.sweep.metrics import Described, metrics_of
from experiments.lab.report.sweep.sweep_source import SweepFolder, described, read_sweep
from experiments.lab.report.sweep.sweep_tables import differences_table, failures_table, grid_table, points_table
from experiments.lab.report.table import breakable


def sweep_page(folder: Path) -> Page:
    """The page about a sweep's folder. Raises `InputError`."""
    sweep = read_sweep(folder)
    metrics = metrics_of(sweep)
    figures = "".join(map(section, curves(sweep, metrics)))
    below = [points_table(sweep, metrics), failures_table(sweep)]
    return Page(
        title(sweep),
        about(sweep),
        warnings(sweep),
        "".join(
            [
                grid_table(sweep),
                selector(metrics),
                unseen(sweep, metrics),
                differences_table(sweep, metrics),
                figures,
                *below,
            ]
        ),
        sweep.manifest["config"],
        [*made_with(sweep.manifest), f"signatures {sweep.manifest.get('signatures', 'unknown')}"],
    )


def title(sweep: SweepFolder) -> str:
    """The page's title."""
    if sweep.grid:
        return f"Sweep over {listed([*sweep.grid])}"
    return "Sweep over seeds"


def about(sweep: SweepFolder) -> str:
    """How much was run."""
    blocks = sweep.manifest["config"].get("blocks")
    length = ""
    if isinstance(blocks, int):
        length = f" of {count(blocks, 'block')} unless swept"
    points = count(len(sweep.points), "point")
    seeds = count(len(sweep.seeds), "seed")
    same = ""
    if sweep.points[1:]:
        same = " Every point has the same seeds."
    return f"{points} with {seeds}: {count(sweep.done, 'run')}{length}.{same}"


def warnings(sweep: SweepFolder) -> list[str]:
    """What a reader must know of a sweep that is not whole."""
    failed = len(sweep.failures)
    missing = sweep.wanted - sweep.done
    empty = [described(point.parameters) for point in sweep.points if not point.runs]
    found = []
    if failed:
        found.append(f"{failed:,} of {count(sweep.done, 'run')} failed; their errors are at the end.")
    if missing > 0:
        found.append(f"Unfinished: {missing:,} of {count(sweep.wanted, 'run')} are missing.")
    if empty:
        more = ""
        if empty[5:]:
            more = " …"
        found.append(f"Without a finished run: {'; '.join(empty[:5])}{more}.")
    return found


def selector(metrics: Sequence[Described]) -> str:
    """A box to tick for each metric: the first in view, the others folded away."""
    first = "".join(choice(metric) for metric in metrics if metric.is_first)
    others = [choice(metric) for metric in metrics if not metric.is_first]
    more = ""
    if others:
        more = (
            f'<details><summary>{len(others)} more</summary><div class="choices">{"".join(others)}</div></details>'
        )
    return (
        '<fieldset id="metrics"><legend>Metrics shown</legend>'
        f'<div class="choices">{first}</div>{more}</fieldset>\n'
    )


def choice(metric: Described) -> str:
    """A box to tick."""
    ticked = ""
    if metric.is_first:
        ticked = " checked"
    return (
        f'<label title="{escape(metric.meaning)}"><input type="checkbox" value="{metric.id}"{ticked}>'
        f"<span>{breakable(metric.name)}</span></label>"
    )


def unseen(sweep: SweepFolder, metrics: Sequence[Described]) -> str:
    """The rules that hide the columns of metrics not chosen: wide tables are slow to lay out."""
    before = len(sweep.grid) + 1  # the parameters and the number of runs
    places = [before + at for at, metric in enumerate(metrics, 1) if not metric.is_first]
    rules = [
        f"#{table} tr > :nth-child({place}) {{ display: none; }}"
        for table in ("points", "differences")
        for place in places
    ]
    return f'<style id="unseen">{" ".join(rules)}</style>\n'
