"""What a script or a notebook plots of a result: the figures of its page, by name; and its market pictures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from chain.near_names import near
from experiments.lab.config.errors import InputError
from experiments.lab.config.told_calls import refuse_attribute
from experiments.lab.metrics.old_names import WHERE_PROFITS_ARE, Figures

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from experiments.lab.report.figure import Figure
    from experiments.lab.report.market_picture import MarketPicture


class Plotted(ABC):
    """A result with figures: `plot()` draws the main one, `plot(name)` any other, `figures` names them. Asked for
    what it does not have it says in one line what comes near."""

    if not TYPE_CHECKING:  # a checker is to see a misspelt name
        __getattr__ = refuse_attribute

    @abstractmethod
    def drawings(self) -> Iterable[Figure]:
        """All figures as plain data, the main one first. Raises `InputError`."""

    @property
    def figures(self) -> dict[str, str]:
        """The names that `plot` takes, each with the title of its figure; the main one first."""
        return Figures((drawing.id, drawing.title) for drawing in self.drawings())

    def plot(self, name: str | None = None) -> go.Figure:
        """A figure as plotly draws it, the main one where no `name` is given. Raises `InputError` for a name of
        none, and where there is nothing to draw."""
        from experiments.lab.report.plotly_figure import as_plotly

        return as_plotly(self._drawing(name))

    def _drawing(self, name: str | None) -> Figure:
        found = {drawing.id: drawing for drawing in self.drawings()}
        if not found:
            raise InputError("there is nothing to plot: no figure has anything to show")
        if name is None:
            return next(iter(found.values()))
        if name not in found:
            beside = f"; {WHERE_PROFITS_ARE}" if "profit" in name else ""
            close = near(name, list(found)) or beside or f"; there are {', '.join(found)}"
            raise InputError(f"there is no figure {name!r}{close}")
        return found[name]


class Pictured:
    """The result of a run, with a picture of each of its market structures."""

    path: Path

    @property
    def pictures(self) -> dict[str, MarketPicture]:
        """Who sold what to whom, by structure: SVG that a notebook shows, and `save` writes. Raises `InputError`
        where no table was written."""
        from experiments.lab.report.market_picture import pictures_in

        return Figures(pictures_in(self.path))
