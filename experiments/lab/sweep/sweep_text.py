"""How a sweep looks on a terminal and in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.lab.metrics.old_names import check_name
from experiments.lab.metrics.registry import BY_NAME, screen_scale
from experiments.lab.statistics import Statistics, has_median_above, has_median_below, is_above, is_below
from experiments.lab.statistics.statistics_text import INTERVALS, reasons
from experiments.lab.sweep.alike import in_words, named
from experiments.lab.terminal.sheet import Cell, Sheet, SheetColumn, Shown, number, prose
from experiments.lab.terminal.sheet_formats import as_printed
from experiments.lab.terminal.sheet_html import to_html
from experiments.lab.terminal.statistics_cell import shown

if TYPE_CHECKING:
    from experiments.lab.sweep.result import Sweep

MAIN = ("capture", "capture_expected", "efficiency", "top_share", "hhi", "mean_price", "mean_secondary_price")

MARKS = "▲ and ▼: above and below 0, as its interval tells; where that is rough, as that of the median does too"
SAME_TRADES = "same trades as the first point"


def sheets(sweep: Sweep, metrics: Sequence[str] = ()) -> list[Sheet]:
    """The points, and how each differs from the first on the same seeds. `metrics`: which; left out: `MAIN`."""
    names = metrics or main_of(sweep)
    if len(sweep.points()) > 1:
        return [point_sheet(sweep, names), difference_sheet(sweep, names)]
    return [point_sheet(sweep, names)]


def main_of(sweep: Sweep) -> list[str]:
    """The metrics that are shown where none is named: of `MAIN` those that the sweep has, or else its first."""
    return [name for name in MAIN if name in sweep.metric_names] or sweep.metric_names[: len(MAIN)]


def sweep_text(sweep: Sweep) -> str:
    """What `et-testbed sweep` prints of its main metrics, and that runs failed, where some did."""
    return as_printed(sheets(sweep), *why(sweep), *failed_line(sweep))


def sweep_html(sweep: Sweep) -> str:
    """What it is, its sheets, what to know of them, and how one goes on."""
    named = "".join(map(repr, main_of(sweep)[:1]))
    ways = [*(f"{way}({named})" for way in ("plot", "table", "differences")), "figures", "metrics", "runs"]
    failed = failed_line(sweep)
    after = f"next: {', '.join(f'result.{way}' for way in ways)}"
    return to_html([repr(sweep), *failed], sheets(sweep), [*why(sweep), after])


def failed_line(sweep: Sweep) -> list[str]:
    """That runs failed, where some did."""
    count = len(sweep.failed)
    runs = "run" if count == 1 else "runs"
    return [f"{count} {runs} failed: result.failed has their errors"] if count else []


def point_sheet(sweep: Sweep, metrics: Sequence[str]) -> Sheet:
    """A row for each point: mean and median of some metrics with their intervals."""
    rows = [row_of(point, [shown_metric(point, name) for name in metrics]) for point in sweep.summary()]
    return Sheet(columns_of(sweep, metrics, unit_of), rows, INTERVALS, "points")


def difference_sheet(sweep: Sweep, metrics: Sequence[str]) -> Sheet:
    """A row for each other point: what it has more than the first, seed by seed; a mark where that is not 0."""
    columns = [*columns_of(sweep, metrics, unit_of_difference), prose("remark")]
    unchanged = sweep.same_trades()
    rows = [
        [
            *row_of(point, [shown_metric(point, name, mark_of(point["metrics"].get(name))) for name in metrics]),
            SAME_TRADES if changed_nothing else "",
        ]
        for point, changed_nothing in zip(sweep.difference_summary(), unchanged, strict=True)
    ]
    first = in_words(sweep.points()[sweep.first_finished].parameters)
    return Sheet(columns, rows, f"less the first point ({first}) on the same seeds; {MARKS}", "differences")


def columns_of(sweep: Sweep, metrics: Sequence[str], unit: Callable[[str], str]) -> list[SheetColumn]:
    """Parameters, the number of runs, metrics with their units."""
    keys = [SheetColumn(key) for key in sweep.grid]
    return [*keys, number("runs"), *(number(name, f"{name}\n{unit(name)}") for name in metrics)]


def row_of(point: Mapping[str, Any], cells: Sequence[Cell]) -> list[Cell]:
    """The parameters of a point, how many runs it has, and the cells of its metrics."""
    parameters = [Shown(str(value), {"": value}) for value in point["parameters"].values()]
    return [*parameters, point["runs"], *cells]


def shown_metric(point: Mapping[str, Any], name: str, mark: str = "") -> Shown:
    """One metric of a point, in the unit in which people see it."""
    return shown(point["metrics"].get(name), screen_scale(name), mark)


def mark_of(found: Statistics | None) -> str:
    """Whether a difference lies above or below 0 for sure. What is called rough beside it must not be all that
    says so."""
    if found is None:
        return ""
    if is_above(found) and (not found["rough"] or has_median_above(found)):
        return " ▲"
    if is_below(found) and (not found["rough"] or has_median_below(found)):
        return " ▼"
    return ""


def unit_of(name: str) -> str:
    """The unit in which a metric is shown; nothing for one of the user's own."""
    return BY_NAME[name].screen_unit if name in BY_NAME else ""


def unit_of_difference(name: str) -> str:
    """The unit of a difference: of shares points, which are no share of the first point's."""
    unit = unit_of(name)
    return "% points" if unit == "%" else unit


def read_metrics(given: Sequence[str]) -> list[str]:
    """The names of `--metrics`, each once. Raises `InputError` for one that no metric has."""
    names = [name.strip() for text in given for name in text.split(",")]
    for name in names:
        check_name(name, f"--metrics {name}")
    return list(dict.fromkeys(names))


def choice(sweep: Sweep, metrics: Sequence[str]) -> str:
    """Which metrics are shown of how many."""
    if metrics:
        return f"{len(metrics)} of {len(sweep.metric_names)} metrics, as --metrics says"
    count = len(sweep.metric_names)
    return f"the main of {count} metrics; --metrics NAME,… chooses, et-testbed metrics lists them"


def about_seeds(sweep: Sweep, asked: Collection[int]) -> Iterator[str]:
    """Which runs the tables have beside those that were asked for, and which they have not."""
    others = [seed for seed in sweep.seeds if seed not in asked]
    if others:
        yield f"the folder held {len(others):,} seeds more, whose runs are in the tables: {ranges(others)}"
    if left := sweep.unfinished:
        yield f"not finished, and not in the tables: seeds {ranges(left)}; --seeds {ranges(left)} plays them"


def ranges(seeds: Iterable[int]) -> str:
    """`1..4,7`, as --seeds takes it."""
    ordered = sorted(seeds)
    runs: list[list[int]] = []
    for seed in ordered:
        if runs and runs[-1][-1] == seed - 1:
            runs[-1].append(seed)
        else:
            runs.append([seed])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}..{run[-1]}" for run in runs)


def why(sweep: Sweep, metrics: Sequence[str] = ()) -> Iterator[str]:
    """Why means of the metrics that are shown have no interval, or a rough one."""
    names = metrics or main_of(sweep)
    points = [*sweep.summary(), *sweep.difference_summary()]
    yield from reasons({name: [point["metrics"].get(name, {}) for point in points] for name in names})


def failures(sweep: Sweep) -> Iterator[str]:
    """What failed: the points and the seeds of each error of its own, and the error."""
    for error, runs in sweep.failed.groupby("error", sort=False):
        by_seeds: dict[str, list[int]] = {}
        for point, its in runs.groupby("point"):
            by_seeds.setdefault(ranges(its["seed"]), []).append(point)
        for seeds, at in by_seeds.items():
            yield from (f"failed: {name}, seed {seeds}: {error.strip()}" for name in named(at, sweep.grid))
