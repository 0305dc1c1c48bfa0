"""A figure of matplotlib, as notebooks want it. Needs the extra `figures`."""

from __future__ import annotations

from io import BytesIO

from matplotlib.figure import Figure


class CellFigure(Figure):
    """A figure that a notebook shows where it ends a cell, whether pyplot is there or not."""

    def _repr_png_(self) -> bytes:
        file = BytesIO()
        self.savefig(file, format="png")
        return file.getvalue()
