"""Progress bars on a terminal."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from experiments.lab.terminal.interruptible import Interruptible

EVERY_SECONDS = 0.1  # between two looks at the bar of a structure


class Bar:
    """What is shown on standard error, where that is a terminal, from entering to leaving it."""

    def __init__(
        self, title: str, *columns: ProgressColumn, visible: bool = True, transient: bool = False
    ) -> None:
        console = Console(stderr=True)
        self._progress = Progress(
            TextColumn(title),
            BarColumn(),
            MofNCompleteColumn(),
            *columns,
            TimeRemainingColumn(),
            console=console,
            disable=not (visible and console.is_terminal),
            transient=transient,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()


class RunBar(Bar):
    """Blocks, blocks a second, trades and time left, a line for each structure, on standard error.

    `blocks` is the length of a run; None where it is not known.
    """

    def __init__(self, interrupt: Interruptible, blocks: int | None) -> None:
        self._interrupt = interrupt
        self._blocks = blocks
        self._tasks: dict[str, TaskID] = {}
        self._due: dict[str, float] = {}
        rates = TextColumn("{task.fields[rate]:>6.0f} blocks/s  {task.fields[trades]:>7} trades")
        super().__init__("{task.description:>10}", rates)

    def __call__(self, structure: str, done: int, trades: int) -> bool:
        """Shows how far the run is; False once the user wants it to stop."""
        if done == self._blocks or time.monotonic() >= self._due.get(structure, 0.0):
            self._due[structure] = time.monotonic() + EVERY_SECONDS
            self._show(structure, done, trades)
        return not self._interrupt.stopped

    def _show(self, structure: str, done: int, trades: int) -> None:
        if structure not in self._tasks:
            self._tasks[structure] = self._progress.add_task(structure, total=self._blocks, rate=0.0, trades=0)
        task = self._tasks[structure]
        rate = self._progress.tasks[task].speed or 0.0
        self._progress.update(task, completed=done, trades=trades, rate=rate)


class CountBar(Bar):
    """How many of some things are done, a line for each label, and the time left, on standard error."""

    def __init__(self, noun: str, visible: bool) -> None:
        self._noun = noun
        self._tasks: dict[str, TaskID] = {}
        self._due = 0.0
        super().__init__("{task.description}", visible=visible, transient=True)

    def count(self, done: int, total: int) -> None:
        """Shows how many there are."""
        self(self._noun, done, total)

    def __call__(self, label: str, done: int, total: int) -> None:
        """The same of one of several lines."""
        if done == total or time.monotonic() >= self._due:
            self._due = time.monotonic() + EVERY_SECONDS
            if label not in self._tasks:
                self._tasks[label] = self._progress.add_task(label, total=total)
            self._progress.update(self._tasks[label], completed=done, total=total)

    def wait(self, label: str) -> None:
        """Shows that something goes on of which nothing is known."""
        self._tasks[label] = self._progress.add_task(label, total=None)


class SweepBar(Bar):
    """Runs done and time left, on standard error."""

    def __init__(self, interrupt: Interruptible) -> None:
        self._interrupt = interrupt
        super().__init__("runs")
        self._task: TaskID | None = None

    def __call__(self, done: int, total: int) -> bool:
        """Shows how far the sweep is; False once the user wants it to stop."""
        if self._task is None:
            self._task = self._progress.add_task("", total=total)
        self._progress.update(self._task, completed=done)
        return not self._interrupt.stopped
