"""What a run gives back: its summary, and its tables as dataframes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.errors import InputError
from experiments.lab.folder import SUMMARY, TABLES, read_json, read_manifest

if TYPE_CHECKING:
    import pandas as pd


class Result:
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

    def __init__(self, path: Path, summary: dict[str, Any], finished: bool, keeper: object = None) -> None:
        self.path = path
        self.summary = summary
        self.finished = finished
        self._keeper = keeper  # a temporary folder lives as long as its result

    def __getattr__(self, name: str) -> pd.DataFrame:
        file = self.__dict__["path"] / TABLES / f"{name}.parquet"
        if name.startswith("_") or not file.is_file():
            raise AttributeError(f"a run has no table {name!r}; there are {', '.join(self.tables())}")
        import pandas as pd

        frame = pd.read_parquet(file)
        setattr(self, name, frame)
        return frame

    def __repr__(self) -> str:
        return f"Result({self.summary['structure']}, {self.summary['blocks']} blocks, {self.path})"

    def tables(self) -> list[str]:
        """The names of the tables."""
        return sorted(file.stem for file in (self.path / TABLES).glob("*.parquet"))


class Comparison:
    """Several market structures on the same random draws: `comparison["et"]` is the result of one."""

    def __init__(self, path: Path, structures: dict[str, Result], summary: dict[str, Any], finished: bool) -> None:
        self.path = path
        self.structures = structures
        self.summary = summary
        self.finished = finished

    def __getitem__(self, structure: str) -> Result:
        return self.structures[structure]

    def __repr__(self) -> str:
        return f"Comparison({', '.join(self.structures)}, {self.path})"

    @property
    def table(self) -> pd.DataFrame:
        """The summaries side by side, a column for each structure."""
        import pandas as pd

        rows = {name: result.summary for name, result in self.structures.items()}
        return pd.DataFrame(rows).drop(index=["structure", "profit_eth", "digest"])


def load(path: Path | str) -> Result | Comparison:
    """The result in a run's folder. Raises `InputError`."""
    path = Path(path)
    about, summary = read_manifest(path), read_json(path / SUMMARY)
    finished = bool(about.get("finished"))
    if "structures" not in about:
        return Result(path, summary, finished)
    runs = {name: load(path / name) for name in summary["structures"]}
    if not all(isinstance(result, Result) for result in runs.values()):
        raise InputError(f"{path}: is not a run")
    return Comparison(path, {n: r for n, r in runs.items() if isinstance(r, Result)}, summary, finished)
