"""One self-contained HTML page about a run or a sweep: `write_report(folder)`."""

from __future__ import annotations

from experiments.lab.report.writing import write_report

__all__ = ["write_report"]
