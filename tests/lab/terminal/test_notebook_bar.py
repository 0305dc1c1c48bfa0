"""The bar of a notebook: what it shows, when, and that there is none elsewhere. The display is IPython's."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest

from experiments.lab.terminal import notebook_bar
from experiments.lab.terminal.notebook_bar import NotebookBar, count_bar, labelled_bar, run_bar


class Screen:
    """What IPython has to show."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def display(self, data, raw, display_id):
        assert raw
        assert display_id
        self.lines.append(data["text/plain"])
        place = len(self.lines) - 1

        def update(data, raw):
            assert raw
            self.lines[place] = data["text/plain"]

        return SimpleNamespace(update=update)


@pytest.fixture
def screen(monkeypatch) -> Screen:
    """A notebook."""
    shown = Screen()
    module, display = ModuleType("IPython"), ModuleType("IPython.display")
    module.get_ipython = lambda: SimpleNamespace(kernel=object())
    display.display = shown.display
    monkeypatch.setitem(sys.modules, "IPython", module)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    return shown


@pytest.fixture
def clock(monkeypatch) -> SimpleNamespace:
    """Seconds, as the bar reads them."""
    now = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(notebook_bar, "time", SimpleNamespace(monotonic=lambda: now.seconds))
    return now


def test_it_shows_a_line_for_each_label_once_a_second_has_passed(screen, clock):
    bar = NotebookBar("blocks")
    bar.show("et", 10, 2000)
    assert screen.lines == []
    clock.seconds = 1.5
    bar.show("et", 1000, 2000)
    bar.show("et", 1001, 2000)
    assert screen.lines == ["et 1,000 of 2,000 blocks, 2 s"]
    bar.show("et", 2000, 2000)
    clock.seconds = 3.0
    bar.show("pbs", 5, 2000)
    assert screen.lines == ["et 2,000 of 2,000 blocks, 2 s", "pbs 5 of 2,000 blocks, 3 s"]


@pytest.mark.usefixtures("clock")
def test_what_is_done_at_once_has_none(screen):
    assert run_bar(10)("et", 10, 0)
    assert count_bar("runs")(3, 3)
    assert screen.lines == []


def test_a_run_and_a_sweep_say_what_they_count(screen, clock):
    runs, blocks = count_bar("runs"), run_bar(10)
    clock.seconds = 1.0
    assert runs(1, 3)
    assert blocks("et", 4, 2)
    assert screen.lines == ["1 of 3 runs, 1 s", "et 4 of 10 blocks, 1 s"]


def test_an_audit_has_a_line_for_each_structure(screen, clock):
    audit = labelled_bar("blocks")
    clock.seconds = 1.0
    audit("pbs", 4, 10)
    clock.seconds = 2.0
    audit("et", 5, 10)
    assert screen.lines == ["pbs 4 of 10 blocks, 1 s", "et 5 of 10 blocks, 2 s"]


def test_there_is_none_without_a_kernel(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert run_bar(10) is None
    terminal = ModuleType("IPython")
    terminal.get_ipython = lambda: SimpleNamespace()
    monkeypatch.setitem(sys.modules, "IPython", terminal)
    assert run_bar(10) is None
    assert count_bar("runs")(1, 3)
    labelled_bar("blocks")("et", 1, 3)
