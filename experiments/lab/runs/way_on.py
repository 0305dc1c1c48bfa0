"""Going on with a run: what is recorded must belong together, and be as it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from chain.records import DamagedPart
from experiments.lab.assembly.assembly import Engine
from experiments.lab.assembly.box import digest_of
from experiments.lab.config.errors import InputError
from experiments.lab.runs.description import describe
from experiments.lab.runs.files import changed_files, files_of
from experiments.lab.runs.folder import MANIFEST, TABLES, read_manifest, write_json
from experiments.lab.runs.parting import first_parting

Tell = Callable[[str], object]
"""Takes a line that the user should see."""

TERMS = ("seed", "config", "signatures", "files")
"""What the manifest on top of several structures says that theirs say too."""


class Way(NamedTuple):
    """How to go on with a run whose manifest says `about`: whether to `trust` a checkpoint of somebody else's, and
    whether to begin what is not finished again by `force`."""

    about: dict[str, Any]
    trust: bool
    force: bool


def check_unchanged(path: Path, about: Mapping[str, Any]) -> None:
    """Raises `InputError` unless the user's own files are what they were when the run began."""
    digests = about.get("files", {})
    if not isinstance(digests, dict):
        raise changed(path / MANIFEST, "files")
    for name in changed_files(files_of(path), digests):
        raise changed(files_of(path) / name)
    if about.get("seed") != seed_of(about):
        raise changed(path / MANIFEST, "seed")


def renew(path: Path, about: dict[str, Any]) -> None:
    """Take the files and the config as they are now."""
    files = files_of(path)
    there = (name for name in about.get("files", {}) if (files / name).is_file())
    about["files"] = {name: digest_of(files / name) for name in there}
    about["seed"] = seed_of(about)
    write_json(path / MANIFEST, about)


def seed_of(about: Mapping[str, Any]) -> object:
    """The seed in a manifest's config; a manifest says it a second time."""
    config = about["config"]
    return config.get("seed", about.get("seed")) if isinstance(config, dict) else about.get("seed")


def is_finished(path: Path, way: Way) -> bool:
    """Whether a structure is finished, and need not be run again. Raises `InputError` where it was run on other
    terms than the others are."""
    own = read_manifest(path)
    if not own.get("finished"):
        return False
    key = first_other(own, {key: way.about[key] for key in TERMS if key in way.about})
    if key is not None and not way.force:
        raise changed(path.parent / MANIFEST, key)
    return key is None


def check_belongs(path: Path, restored: Engine, about: Mapping[str, Any]) -> None:
    """Raises `InputError` unless manifests and tables are those of a checkpoint."""
    was = json.loads(json.dumps(describe(restored)))
    del was["finished"]
    own = read_manifest(path)
    if (key := first_other(own, was)) is not None:
        raise changed(path / MANIFEST, key)
    if (key := first_other(about, {key: was[key] for key in TERMS})) is not None:
        raise changed(path.parent / MANIFEST, key)
    try:
        restored.records.check(path / TABLES)
    except DamagedPart as part:
        raise changed(Path(str(part))) from None


def first_other(found: Mapping[str, Any], expected: Mapping[str, Any]) -> str | None:
    """The first key of those that are expected, with the keys in it, at which something is another."""
    parting = first_parting({key: found.get(key) for key in expected}, expected)
    return None if parting is None else parting.key


def changed(place: Path, key: str | None = None) -> InputError:
    """The refusal of what is not as it was."""
    what = "is gone, or not what it was" if key is None else f"{key} is not what it was"
    return InputError(
        f"{place}: {what} when the run was recorded; put it back, or begin again at block 0 by what is there now "
        "with --force"
    )
