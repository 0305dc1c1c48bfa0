"""The tables of a sweep's page: the grid, the points, their paired differences, the failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from experiments.lab.report.page import embedded
from experiments.lab.report.sweep.metrics import Described
from experiments.lab.report.sweep.shown_figures import both, both_marked
from experiments.lab.report.sweep.sweep_source import Failure, MeasuredPoint, SweepFolder, described, is_numeric
from experiments.lab.report.table import cell, head, number, plain, table
from experiments.lab.statistics.statistics_text import reasons

MOST_ROWS = 1000
MOST_FAILURES = 200

STATISTICS = {
    "mean": "mean, 95 % interval and median",
    "median": "median",
    "sd": "standard deviation",
    "se": "standard error of the mean",
}
WHY = "Why some means have no interval, or a rough one"
OTHERS = ("median", "sd", "se")  # in the page, to take the place of the means


def grid_table(sweep: SweepFolder) -> str:
    """The values of each key that was swept, and the seeds."""
    swept = {key: ", ".join(map(plain, values)) for key, values in sweep.grid.items()}
    rows = "".join(
        f'<tr><th scope="row">{escape(key)}</th><td class="text">{escape(values)}</td></tr>'
        for key, values in {**swept, "seed": seeds(sweep.seeds)}.items()
    )
    return f'<div class="wide"><table id="grid"><tbody>{rows}</tbody></table></div>\n'


def seeds(numbers: Sequence[int]) -> str:
    """Seeds; a row of neighbours as its first and last."""
    if len(numbers) > 2 and list(numbers) == list(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]} to {numbers[-1]}"
    return ", ".join(map(str, numbers))


def points_table(sweep: SweepFolder, metrics: Sequence[Described]) -> str:
    """A row for each point; which statistic is shown is chosen above it."""
    points = sweep.points[:MOST_ROWS]
    options = "".join(f'<option value="{key}">{escape(text)}</option>' for key, text in STATISTICS.items())
    choice = f'<p><label>Statistic <select id="statistic">{options}</select></label></p>'
    cells = {metric.id: {key: column(points, metric, key) for key in OTHERS} for metric in metrics}
    data = f'<script type="application/json" id="statistics">{embedded(cells)}</script>'
    whole = f"{cut(len(sweep.points))}{choice}{wide(points, metrics, sweep, 'Points')}{why(points, metrics)}{data}"
    return f'<section id="points"><h2>Points</h2>{whole}</section>\n'


def differences_table(sweep: SweepFolder, metrics: Sequence[Described]) -> str:
    """A row for each difference; nothing where there is none."""
    if not sweep.differences:
        return ""
    baseline = escape(described(sweep.differences[0].baseline or {}))
    how = (
        f"Each point less {baseline}, the runs of the same seed paired, so that what both share "
        "cancels out. In bold where the interval does not hold 0; each interval stands for itself: of many some "
        "miss 0 by chance."
    )
    whole = wide(sweep.differences[:MOST_ROWS], metrics, sweep, "Paired differences")
    text = f"<p>{how}</p>{cut(len(sweep.differences))}{whole}{why(sweep.differences, metrics)}"
    return f'<section id="differences"><h2>Paired differences</h2>{text}</section>\n'


def why(points: Sequence[MeasuredPoint], metrics: Sequence[Described]) -> str:
    """Why means have no interval, or a rough one; folded away."""
    found = {own.name: [point.found(own.name) for point in points] for own in metrics}
    told = "".join(f"<li>{escape(reason)}</li>" for reason in reasons(found))
    if not told:
        return ""
    return f'<details class="note"><summary>{WHY}</summary><ul>{told}</ul></details>'


def cut(count: int) -> str:
    """What the table leaves out."""
    if count <= MOST_ROWS:
        return ""
    return f'<p class="note">The first {MOST_ROWS:,} of {count:,} points; the files of the sweep have all.</p>'


def wide(points: Sequence[MeasuredPoint], metrics: Sequence[Described], sweep: SweepFolder, label: str) -> str:
    """Parameters, the number of runs, and means with intervals."""
    heads = [*parameter_heads(sweep), head("runs"), *(head(own.words, own.label, kind=own.id) for own in metrics)]
    return table(heads, [point_row(point, metrics, sweep) for point in points], label)


def parameter_heads(sweep: SweepFolder) -> list[str]:
    """The headings of the parameters; text stands on the left."""
    return [head(key, kind=side(values)) for key, values in sweep.grid.items()]


def parameter_cells(parameters: Mapping[str, Any], sweep: SweepFolder) -> str:
    """The parameters of a point."""
    return "".join(cell(plain(parameters.get(key)), side(values)) for key, values in sweep.grid.items())


def side(values: Sequence[Any]) -> str:
    """The class of a column: text stands on the left, numbers on the right."""
    if is_numeric(values):
        return ""
    return "text"


def point_row(point: MeasuredPoint, metrics: Sequence[Described], sweep: SweepFolder) -> str:
    """One point."""
    told = both
    if point.baseline is not None:
        told = both_marked
    values = "".join(f"<td>{told(point.found(metric.name))}</td>" for metric in metrics)
    return f"<tr>{parameter_cells(point.parameters, sweep)}<td>{point.runs:,}</td>{values}</tr>"


def column(points: Sequence[MeasuredPoint], metric: Described, statistic: str) -> list[str]:
    """A statistic of a metric, point by point."""
    return [number(point.value(metric.name, statistic)) for point in points]


def failures_table(sweep: SweepFolder) -> str:
    """The runs that failed, with their errors; nothing where none did."""
    if not sweep.failures:
        return ""
    few = sweep.failures[:MOST_FAILURES]
    heads = [*parameter_heads(sweep), head("seed"), head("error", kind="text")]
    whole = table(heads, [failure_row(failure, sweep) for failure in few], "Failed runs")
    left = ""
    if few != sweep.failures:
        left = f'<p class="note">The first {len(few)} of {len(sweep.failures):,}.</p>'
    return f'<section id="failures"><h2>Failed runs</h2>{left}{whole}</section>\n'


def failure_row(failure: Failure, sweep: SweepFolder) -> str:
    """One failed run: the last line of its error, and all of it behind."""
    lines = failure.error.strip().splitlines() or ["unknown"]
    last = escape(lines[-1])
    text = last
    if lines[1:]:
        text = f"<details><summary>{last}</summary><pre>{escape(failure.error)}</pre></details>"
    own = parameter_cells(failure.parameters, sweep)
    return f'<tr>{own}<td>{failure.seed}</td><td class="text error">{text}</td></tr>'
