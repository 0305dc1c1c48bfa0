"""The summary in a run's folder, and whether stored figures are in the words of an earlier version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from experiments.lab.config.errors import InputError
from experiments.lab.metrics.old_names import OLD_NAMES, Figures
from experiments.lab.runs.folder import SUMMARY, TABLES, read_json
from experiments.lab.runs.summary import summarise


def read_summary(run: Path, about: Mapping[str, Any]) -> Figures:
    """The summary of one structure, whose manifest is `about`. One in the words of an earlier version is made
    again from the tables. Raises `InputError`.
    """
    stored = read_json(run / SUMMARY)
    if isinstance(stored, dict) and not has_old_names(stored):
        return Figures(stored)
    agents = [account["name"] for account in about["accounts"][1:]]
    figures = summarise(run / TABLES, agents)
    return Figures({"structure": about["structure"], **figures, "digest": about["digest"]})


def has_old_names(names: Iterable[str]) -> bool:
    """Whether these are figures in the words of an earlier version."""
    given = set(names)
    return "capture_cash" not in given and not given.isdisjoint(OLD_NAMES)


def check_words(path: Path, columns: Iterable[str]) -> None:
    """Raises `InputError` where the metrics of a sweep's runs have the names of an earlier version."""
    if has_old_names(columns):
        raise InputError(
            f"{path}: the sweep is in the words of an earlier version (mev_capture is called capture_cash now, "
            "shares are fractions, no percentages); give its command again and its runs are measured anew"
        )
