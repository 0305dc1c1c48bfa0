"""The folder of a run: what lies where in it, and the manifest that says how it came about.

    OUT/manifest.json   written before anything else; the digests are added at the end
    OUT/summary.json
    OUT/tables/*.parquet

With several market structures there is such a folder for each, OUT/STRUCTURE, and a manifest and a summary on top.
"""

from __future__ import annotations

import json
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from experiments.lab.errors import InputError

MANIFEST, SUMMARY, TABLES = "manifest.json", "summary.json", "tables"
FORMAT = 1  # of the folder


def prepare(out: Path, force: bool) -> None:
    """Make an empty folder. Raises `InputError` where there is something in it, unless it is a run to replace."""
    if out.exists() and not out.is_dir():
        raise InputError(f"{out}: there is a file of that name; name another folder with --out")
    if out.is_dir() and any(out.iterdir()):
        if not (out / MANIFEST).is_file():
            raise InputError(f"{out}: the folder is not empty and holds no run; name another one with --out")
        if not force:
            raise InputError(f"{out}: holds a run already; name another folder, or replace it with --force")
        shutil.rmtree(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out}: cannot be made: {error.strerror}") from None


def write_json(path: Path, data: Any) -> None:
    """Write a JSON file whole or not at all."""
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(data, indent=2, allow_nan=False) + "\n", encoding="utf-8")
    partial.rename(path)


def read_json(path: Path) -> Any:
    """Raises `InputError` where there is no such file, or no JSON in it."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path.parent}: no run lies there ({path.name} is missing)") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from None


def read_manifest(run: Path) -> dict[str, Any]:
    """The manifest of a run. Raises `InputError`."""
    manifest = read_json(run / MANIFEST)
    if not isinstance(manifest, dict) or "config" not in manifest:
        raise InputError(f"{run / MANIFEST}: is not the manifest of a run")
    return manifest


def run_folders(run: Path) -> dict[str, Path]:
    """The folders of single structures in a run: itself, or one for each structure."""
    structures = read_manifest(run).get("structures")
    return {name: run / name for name in structures} if structures else {read_manifest(run)["structure"]: run}


def versions() -> dict[str, str]:
    """What the run was made with."""
    return {
        "et-testbed": version("et-testbed"),
        "numpy": np.__version__,
        "pyarrow": pa.__version__,
        "simpy": version("simpy"),
        "coincurve": version("coincurve"),
    }
