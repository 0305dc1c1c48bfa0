"""The figures of a sweep by the names of its metrics, as a script or a notebook plots them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from experiments.lab.report.figure import Figure
from experiments.lab.report.sweep.curves import curves
from experiments.lab.report.sweep.metrics import metrics_of
from experiments.lab.report.sweep.sweep_source import read_sweep


def figures_of_metrics(folder: Path) -> Iterator[Figure]:
    """One for each metric in a sweep's folder, the most wanted first. Raises `InputError`."""
    sweep = read_sweep(folder)
    metrics = metrics_of(sweep)
    for metric, drawing in zip(metrics, curves(sweep, metrics), strict=True):
        words = metric.words
        yield drawing._replace(id=metric.name, title=words[:1].upper() + words[1:])
