"""A progress bar in a notebook: nothing anywhere else, nor for what is done within a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

PATIENCE = 1.0  # seconds before the first is shown
EVERY = 0.25  # seconds between two looks at it


class NotebookBar:
    """How much of `noun` is done, a line for each label, below the cell that waits for it."""

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._begun = time.monotonic()
        self._due = self._begun + PATIENCE
        self._lines: dict[str, Any] = {}

    def show(self, label: str, done: int, total: int) -> None:
        """Show it, unless that was done just now."""
        now = time.monotonic()
        is_end = done == total and label in self._lines
        if now < self._due and not is_end:
            return
        self._due = now + EVERY
        from html import escape

        words = f"{label} {done:,} of {total:,} {self._noun}, {now - self._begun:z.0f} s".lstrip()
        bar = f'<progress max="{total}" value="{done}" style="width: 20em"></progress>'
        self._draw(label, {"text/plain": words, "text/html": f"{bar} {escape(words)}"})

    def _draw(self, label: str, data: dict[str, str]) -> None:
        from IPython.display import display

        if label in self._lines:
            self._lines[label].update(data, raw=True)
        else:
            self._lines[label] = display(data, raw=True, display_id=True)


def is_notebook() -> bool:
    """Whether a cell of a notebook waits for what is done."""
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module is not None else None
    return getattr(shell, "kernel", None) is not None


def run_bar(blocks: int) -> Callable[[str, int, int], bool] | None:
    """Shows how far a run is, structure by structure; None outside of notebooks."""
    if not is_notebook():
        return None
    bar = NotebookBar("blocks")

    def shown(structure: str, done: int, _: int) -> bool:
        bar.show(structure, done, blocks)
        return True

    return shown


def count_bar(noun: str) -> Callable[[int, int], bool]:
    """Shows how many of some things are done; nothing outside of notebooks."""
    bar = NotebookBar(noun) if is_notebook() else None

    def shown(done: int, total: int) -> bool:
        if bar is not None:
            bar.show("", done, total)
        return True

    return shown


def labelled_bar(noun: str) -> Callable[[str, int, int], None]:
    """The same with a line for each label."""
    bar = NotebookBar(noun) if is_notebook() else None

    def shown(label: str, done: int, total: int) -> None:
        if bar is not None:
            bar.show(label, done, total)

    return shown
