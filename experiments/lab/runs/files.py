"""The files of the user's own that lie with a run: where they are, and whether they are what they were."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from experiments.lab.assembly.box import FILES, digest_of


def changed_files(files: Path, digests: Mapping[str, str]) -> list[str]:
    """Those of a run's files that are not what they were, or are gone."""
    return [name for name, digest in digests.items() if not is_as_it_was(files / name, digest)]


def is_as_it_was(path: Path, digest: str) -> bool:
    """Whether a file is there and has this digest."""
    return path.is_file() and digest_of(path) == digest


def files_of(run: Path) -> Path:
    """Where the files of a run lie: with it, or with the comparison or the sweep that it is a part of."""
    places = (run / FILES, run.parent / FILES, run.parents[2] / FILES if len(run.parents) > 2 else run / FILES)
    return next((place for place in places if place.is_dir()), run / FILES)
