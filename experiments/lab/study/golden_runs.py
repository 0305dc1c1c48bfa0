"""Golden runs: the manifests of an experiment's runs, without their tables.

A replay needs no more of them, but for the files that their configs name.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from experiments.lab.runs.folder import MANIFEST, SWEEP, read_manifest

Manifests = dict[str, dict[str, Any]]  # by the folder of the run, relative to that of all runs


def manifests(runs: Path) -> Manifests:
    """Of all runs in a folder, and of the structures in them. Of sweeps nothing: their answer is enough."""
    swept = {place for place in runs.glob("*") if read_manifest(place).get("kind") == SWEEP}
    folders = sorted(path.parent for path in runs.rglob(MANIFEST) if swept.isdisjoint(path.parents))
    return {folder.relative_to(runs).as_posix(): read_manifest(folder) for folder in folders}


def every_manifest(runs: Path) -> Manifests:
    """Of all that lies in a folder and has tables, runs of sweeps among them."""
    found = {path.parent.relative_to(runs).as_posix(): read_manifest(path.parent) for path in runs.rglob(MANIFEST)}
    return {name: found[name] for name in sorted(found) if "tables" in found[name]}


def whole_runs(golden: Mapping[str, Any]) -> list[str]:
    """Those that are no structure of another."""
    return [name for name in golden if not any(str(above) in golden for above in PurePosixPath(name).parents)]


def digests(runs: Manifests) -> dict[str, Any]:
    """What each run, or its tables, came to. Manifests also say which versions wrote them."""
    return {name: manifest.get("tables", manifest["digest"]) for name, manifest in runs.items()}
