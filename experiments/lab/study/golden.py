"""Writes what the tests hold experiments to: `experiments/expected/NAME.json`, and `tests/golden/NAME.json`.

`python -m experiments.lab.study.golden [NAME …]` does it again for some, or for all, from the settings in the
expected cases; look at the difference before you commit it. A golden run is the manifest of a run, without its
tables. A replay needs no more of it, but for files that the config names: those lie in `experiments/data`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

import experiments
from experiments.lab.config.errors import InputError
from experiments.lab.runs.files import FILES
from experiments.lab.runs.folder import MANIFEST, SWEEP, read_json, read_manifest, write_json
from experiments.lab.study.answer import Answer
from experiments.lab.study.experiment import Experiment, all_experiments, expected
from experiments.lab.study.settings import Settings

PACKAGE = Path(experiments.__path__[0])
DATA = PACKAGE / "data"
EXPECTED = PACKAGE / "expected"
GOLDEN = PACKAGE.parent / "tests" / "golden"

Manifests = dict[str, dict[str, Any]]  # by the folder of the run, relative to that of all runs


def answer_of(experiment: Experiment, case: dict[str, Any], out: Path | None) -> Answer:
    """What an experiment answers in one of its committed cases."""
    return experiment.answer(Settings(out=out, **case["settings"]), **case.get("options", {}))


def refresh(experiment: Experiment) -> None:
    """Compute every case again, and keep the runs of the first as golden ones."""
    cases = expected(experiment.name)
    for number, case in enumerate(cases):
        with TemporaryDirectory() as place:
            case["values"] = answer_of(experiment, case, Path(place)).values
            if number == 0:
                write_json(golden_file(experiment.name), manifests(Path(place) / "runs"))
    write_json(EXPECTED / f"{experiment.name}.json", cases)


def golden_file(name: str) -> Path:
    """Where the golden runs of an experiment stand."""
    return GOLDEN / f"{name}.json"


def golden_runs(name: str) -> Manifests:
    """The manifests of an experiment's golden runs; none where it only sweeps or solves.

    Raises `InputError` where the experiment has no such file.
    """
    file = golden_file(name)
    if not file.is_file():
        raise InputError(f"{file} is missing; write it with `python -m experiments.lab.study.golden {name}`")
    runs: Manifests = read_json(file)
    return runs


def manifests(runs: Path) -> Manifests:
    """Of all runs in a folder, and of the structures in them. Of sweeps nothing: their answer is enough."""
    swept = {place for place in runs.glob("*") if read_manifest(place).get("kind") == SWEEP}
    folders = sorted(path.parent for path in runs.rglob(MANIFEST) if swept.isdisjoint(path.parents))
    return {folder.relative_to(runs).as_posix(): read_manifest(folder) for folder in folders}


def whole_runs(golden: Mapping[str, Any]) -> list[str]:
    """Those that are no structure of another."""
    return [name for name in golden if not any(str(above) in golden for above in PurePosixPath(name).parents)]


def lay_out(golden: Manifests, place: Path) -> None:
    """Make folders of golden runs again, which `replay` takes."""
    for name, manifest in golden.items():
        folder = place / name
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / MANIFEST, manifest)
    for name in whole_runs(golden):
        (place / name / FILES).symlink_to(DATA)


if __name__ == "__main__":
    for one in all_experiments():
        if one.name in sys.argv[1:] or not sys.argv[1:]:
            refresh(one)
