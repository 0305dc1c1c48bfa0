"""What a run gives back: its summary, and its tables as dataframes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from chain.home import expanded
from chain.money import GWEI_PER_ETH
from chain.near_names import near, public_names
from chain.records import PARTS
from chain.wording import as_typed, shown
from experiments.lab.config.errors import InputError
from experiments.lab.config.told_calls import refuse_attribute, tells_arguments
from experiments.lab.metrics.old_names import Figures
from experiments.lab.report.plotted import Pictured, Plotted
from experiments.lab.runs.folder import MANIFEST, SWEEP, TABLES, read_manifest, warn_of_gone, way_on
from experiments.lab.runs.kept_folder import Kept, KeptFolder
from experiments.lab.runs.stored_summary import read_summary
from experiments.lab.runs.taking_part import PlayedFolder

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.report.figure import Figure
    from experiments.lab.runs.run_text import Epilogue

HAS_ENDED = "profit_eth"
"""A figure of every run that was not cut off."""
WAYS = "result.plot(), result.figures, result.pictures, result.metrics, result.profits"


class Result(Plotted, Pictured, Kept):
    """One run of one market structure. `result.trades` and its sisters are pandas dataframes, read when asked for.

    Tables: blocks, tickets, orders, trades, auctions, bids, transfers, payments, violations; `et-testbed schema`
    says what is in them.
    """

    blocks: pd.DataFrame
    tickets: pd.DataFrame
    orders: pd.DataFrame
    trades: pd.DataFrame
    auctions: pd.DataFrame
    bids: pd.DataFrame
    transfers: pd.DataFrame
    payments: pd.DataFrame
    violations: pd.DataFrame

    def __init__(
        self, path: Path, summary: dict[str, Any], finished: bool, keeper: KeptFolder | None = None
    ) -> None:
        self.path = path
        self.summary = Figures(summary)
        if HAS_ENDED not in summary:
            self.summary.why = f"the run was cut off; {way_on(path)}"
        self.finished = finished
        self._keeper = keeper

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or "path" not in self.__dict__:  # a result that is being unpickled has nothing yet
            raise AttributeError(name)
        files = table_files(self.path, name)
        if not files:
            figure = f", but a figure: summary[{name!r}]" if name in self.summary else ""
            several = f"; a run of several structures has {name}" if name in public_names(Comparison) else ""
            close = figure or several or near(name, [*dir(type(self)), *self.tables()])
            raise UnknownTable(f"a run has no table {name!r}{close}; there are {', '.join(self.tables())}")
        import pandas as pd

        from experiments.lab.metrics.told_keys import ToldFrame

        frame = ToldFrame(pd.read_parquet(files))
        setattr(self, name, frame)
        return frame

    def __getitem__(self, key: object) -> Any:
        """Raises `WrongKey`: what is by structure is a `Comparison`."""
        raise WrongKey(f"a run of one structure has names, no keys{self._way_to(key)}")

    def _way_to(self, key: object) -> str:
        """How what was asked for by a key is asked for."""
        if key in self.tables():
            return f"; write result.{key}"
        return f"; write result.summary[{key!r}]" if key in self.summary else f": there is no {shown(key)}"

    def __dir__(self) -> list[str]:
        """With the tables, for completion."""
        return [*super().__dir__(), *self.tables()]

    def __str__(self) -> str:
        """What the command tells at the end of a run."""
        return told(self)

    def _repr_html_(self) -> str:
        """The same in a notebook."""
        from experiments.lab.runs.run_text import run_html  # as below

        return run_html(summed_up(self), epilogue_of(self), f"{WAYS}, result.in_eth('trades')")

    def __repr__(self) -> str:
        return f"Result({self.summary['structure']}, {self.summary['blocks']} blocks, {self.path})"

    @property
    def metrics(self) -> pd.DataFrame:
        """Every metric, a row each: `value`, `unit`, `words`. Raises `InputError` where tables cannot be read."""
        from experiments.lab.metrics.told_keys import MetricFrame
        from experiments.lab.runs.run_metrics import described, metrics_of_run  # slow to import

        return MetricFrame(described(metrics_of_run(self.path).to_frame()))

    @property
    def profits(self) -> pd.Series:
        """Everyone's profit, ETH, by name."""
        from experiments.lab.metrics.told_keys import ProfitSeries

        return ProfitSeries(self.summary["profit_eth"], name="profit_eth", dtype=float)

    @property
    def expected_profits(self) -> pd.Series:
        """The same without luck, as it is told beside it; NaN where luck cannot be told. Raises `InputError`."""
        from experiments.lab.metrics.told_keys import ProfitSeries
        from experiments.lab.runs.expected_profits import expected_profits  # as above

        found = expected_profits({"own": self.path}, {"own": self.summary["profit_eth"]})["own"]
        return ProfitSeries(found, name="expected_profit_eth", dtype=float)

    def in_eth(self, name: str) -> pd.DataFrame:
        """The table `name` with a column in ETH beside each in Gwei. `AttributeError` for a name of none."""
        frame = getattr(self, name).copy()
        for column in [column for column in frame.columns if column.endswith("_gwei")]:
            place = frame.columns.get_loc(column) + 1
            frame.insert(place, f"{column.removesuffix('_gwei')}_eth", frame[column] / GWEI_PER_ETH)
        return frame

    def drawings(self) -> Iterable[Figure]:
        """The figures of the page about it. Raises `InputError` where no table was written."""
        from experiments.lab.report.run_figures import figures_in

        return figures_in(self.path)

    def tables(self) -> list[str]:
        """The names of the tables."""
        return sorted({file.name.partition(".")[0] for file in (self.path / TABLES).rglob("*.parquet")})


def table_files(run: Path, name: str) -> list[Path]:
    """The Parquet files of a table, in order: one; or the parts that a run has written which was cut off."""
    whole = run / TABLES / f"{name}.parquet"
    if whole.is_file():
        return [whole]
    return sorted((run / TABLES / PARTS).glob(f"{name}.*.parquet"))


class Comparison(Plotted, Pictured, Kept):
    """Several market structures on the same random draws: `comparison["et"]` is the result of one."""

    def __init__(
        self,
        path: Path,
        structures: dict[str, Result],
        summary: dict[str, Any],
        finished: bool,
        keeper: KeptFolder | None = None,
    ) -> None:
        self.path = path
        self.structures: dict[str, Result] = Figures(structures)
        self.summary = Figures(summary)
        self.summary.elsewhere = told_apart(structures)
        self.finished = finished
        self._keeper = keeper

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            several = self.__dict__.get("structures", {})
            for structure, result in several.items():
                if name in result.tables() or name in public_names(Result):
                    raise UnknownTable(f"each structure has {name} of its own: write result[{structure!r}].{name}")
            return refuse_attribute(self, name)

    def __getitem__(self, structure: str) -> Result:
        return self.structures[structure]

    def __str__(self) -> str:
        """What the command tells at the end of a run."""
        return told(self)

    def _repr_html_(self) -> str:
        """The same in a notebook."""
        from experiments.lab.runs.run_text import run_html  # as below

        return run_html(
            summed_up(self), epilogue_of(self), f"{WAYS}, result[{next(iter(self.structures), 'et')!r}]"
        )

    def __repr__(self) -> str:
        return f"Comparison({', '.join(self.structures)}, {self.path})"

    @property
    def table(self) -> pd.DataFrame:
        """The summaries side by side, a column for each structure."""
        import pandas as pd

        rows = {name: result.summary for name, result in self.structures.items()}
        return pd.DataFrame(rows).drop(index=["structure", "missing", "profit_eth", "digest"])

    @property
    def metrics(self) -> pd.DataFrame:
        """Every metric, a row each: a column for each structure, `unit`, `words`. Raises `InputError`."""
        import pandas as pd

        from experiments.lab.metrics.told_keys import MetricFrame
        from experiments.lab.runs.run_metrics import described, metrics_of_run  # as above

        columns = {name: metrics_of_run(result.path) for name, result in self.structures.items()}
        return MetricFrame(described(pd.DataFrame(columns)))

    def differences(self, baseline: str | None = None) -> pd.DataFrame:
        """What every other structure has more than `baseline`, the first where none is named: a row for each
        metric, a column for each structure, `unit`, `words`. It is one draw, so that there is no interval: that
        needs a `sweep` of seeds. Raises `InputError` for a structure that was not played."""
        base = next(iter(self.structures)) if baseline is None else baseline
        if base not in self.structures:
            raise InputError(f"{base!r} was not played; there are {', '.join(self.structures)}")
        metrics = self.metrics
        others = [name for name in self.structures if name != base]
        less = metrics[others].sub(metrics[base], axis=0)
        return less.add_suffix(f" - {base}").join(metrics.drop(columns=list(self.structures)))

    @property
    def profits(self) -> pd.DataFrame:
        """Everyone's profit, ETH, a column for each structure."""
        from experiments.lab.metrics.told_keys import ProfitFrame

        return ProfitFrame({name: result.profits for name, result in self.structures.items()})

    @property
    def expected_profits(self) -> pd.DataFrame:
        """The same without luck, as it is told beside it; NaN where luck cannot be told. Without tickets (`pbs`)
        it is by what was expected of the blocks when the others' tickets were sold. Raises `InputError`."""
        from experiments.lab.metrics.told_keys import ProfitFrame
        from experiments.lab.runs.expected_profits import expected_profits  # as above

        profits = {name: result.summary["profit_eth"] for name, result in self.structures.items()}
        folders = {name: result.path for name, result in self.structures.items()}
        return ProfitFrame(expected_profits(folders, profits), dtype=float)

    def drawings(self) -> Iterable[Figure]:
        """The figures of the page about it. Raises `InputError` where no table was written."""
        from experiments.lab.report.run_figures import figures_in

        return figures_in(self.path)


class UnknownTable(InputError, AttributeError):
    """A name that no table has, in the place of an attribute."""


class WrongKey(InputError, TypeError):
    """A key of what has none."""


def told_apart(structures: Mapping[str, Result]) -> dict[str, str]:
    """For each figure of a structure's own how it is asked for."""
    return {
        name: f"each structure has {name!r} of its own: write result[{structure!r}].summary[{name!r}]"
        for structure, result in reversed(list(structures.items()))
        for name in result.summary
    }


def told(result: Result | Comparison) -> str:
    """The text about a run, as who wrote a script needs it."""
    from experiments.lab.runs.run_text import run_text  # slow to import, and of no use to who asks for no text

    return run_text(summed_up(result), epilogue_of(result))


def summed_up(result: Result | Comparison) -> list[PlayedFolder]:
    """The structures of a run that have a summary: one that was cut off has none."""
    parts = [result] if isinstance(result, Result) else result.structures.values()
    return [PlayedFolder(part.path, part.summary) for part in parts if HAS_ENDED in part.summary]


def epilogue_of(result: Result | Comparison) -> Epilogue:
    """Where a script's run is kept, and how one goes on."""
    from experiments.lab.runs.run_text import Epilogue  # as above

    strict = "run(..., strict=True)  # stops at the first violation, with its traceback"
    if result.is_temporary:
        return Epilogue("kept as long as this result, in a temporary folder", "run(..., out=FOLDER)", strict)
    if not result.finished:
        return Epilogue(
            f"kept in {result.path}, cut off", f"et-testbed run --resume {as_typed(result.path)}", strict
        )
    return Epilogue(f"kept in {result.path}", f"et-testbed report {as_typed(result.path)}", strict)


@tells_arguments
def load(path: Path | str) -> Result | Comparison:
    """The result in a run's folder, also of a run that was cut off: what it has recorded. Raises `InputError`."""
    path = expanded(path)
    about = read_manifest(path)
    if about.get("kind") == SWEEP:
        raise InputError(
            f"{path}: holds a sweep, which load_sweep reads; a tournament's is read by load_tournament"
        )
    if "structures" not in about:
        return single(path)
    warn_of_gone(path, about)
    runs = {name: single(path / name) for name in about["structures"] if (path / name / MANIFEST).is_file()}
    finished = bool(about.get("finished"))
    structures = {name: result.summary for name, result in runs.items()}
    summary = {"structures": structures} | ({"digest": about["digest"]} if finished else {})
    return Comparison(path, runs, summary, finished)


def single(path: Path) -> Result:
    """The result of one structure. Raises `InputError`."""
    about = read_manifest(path)
    if "structure" not in about:
        raise InputError(f"{path / MANIFEST}: is not the manifest of a run")
    if "digest" not in about:  # it was cut off
        blocks = sum(pq.read_metadata(file).num_rows for file in table_files(path, "blocks"))
        return Result(path, {"structure": about["structure"], "blocks": blocks}, finished=False)
    return Result(path, read_summary(path, about), bool(about["finished"]))
