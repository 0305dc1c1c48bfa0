"""One self-contained HTML page about a run: `write_report(run)`."""

from __future__ import annotations

from experiments.lab.report.page import write_report

__all__ = ["write_report"]
