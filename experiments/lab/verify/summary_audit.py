"""Summaries, computed again from the tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chain.account import PROTOCOL
from experiments.lab.runs.digest import run_digest
from experiments.lab.runs.folder import MANIFEST, SUMMARY, TABLES, read_json, read_manifest
from experiments.lab.runs.parting import first_parting
from experiments.lab.runs.stored_summary import has_old_names
from experiments.lab.runs.summary import summarise
from experiments.lab.verify.fault import Fault
from experiments.lab.verify.manifest import Manifest

OLD = "the summary is in the words of an earlier version, and is not compared; whatever reads it makes it again"


def check_summary(path: Path, about: Manifest, notices: list[str]) -> int:
    """Raises `Fault` unless the summary of one structure is that of its tables. Returns the number of figures, 0
    where it is of an earlier version, which goes into `notices`.
    """
    stored = read_json(path / SUMMARY)
    if isinstance(stored, dict) and has_old_names(stored):
        notices.append(OLD)
        return 0
    agents = [account.name for account in about.accounts[PROTOCOL + 1 :]]
    figures = summarise(path / TABLES, agents)
    expected = {"structure": about.structure, **figures, "digest": about.digest}
    agree(SUMMARY, stored, expected)
    return len(expected)


def check_top(path: Path, places: Mapping[str, Path]) -> None:
    """Raises `Fault` unless the manifest and the summary on top of several structures are those of its parts."""
    summaries = {name: read_json(place / SUMMARY) for name, place in places.items()}
    digest = run_digest({name: summary["digest"] for name, summary in summaries.items()})
    agree(SUMMARY, read_json(path / SUMMARY), {"structures": summaries, "digest": digest})
    about = read_manifest(path)
    for place in places.values():
        below = read_manifest(place)
        same = {key: below[key] for key in ("format", "versions", "seed", "config")}
        agree(MANIFEST, about, {**about, **same, "digest": digest})


def agree(file: str, found: object, expected: Mapping[str, Any]) -> None:
    """Raises `Fault` at the first key of a JSON file, with the keys in it, that is not as it should be."""
    there: Mapping[str, Any] = found if isinstance(found, dict) else {}
    for key in (*expected, *there):
        if (parting := first_parting(there.get(key), expected.get(key))) is not None:
            raise Fault(file, None, ".".join(filter(None, [key, parting.key])), parting.found, parting.expected)
        if (key in there) != (key in expected):
            raise Fault(file, None, key, there.get(key), expected.get(key))
