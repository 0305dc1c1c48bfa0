"""Writes what the tests hold experiments to: `experiments/expected/NAME.json`, and `tests/golden/NAME.json`.

`python -m experiments.lab.study.golden [NAME …]` does it again for some, or for all, from the settings in the
expected cases; look at the difference before you commit it. A golden run is the manifest of a run, without its
tables. A replay needs no more of it, but for files that the config names: those lie in `experiments/data`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import experiments
from experiments.lab.assembly.box import FILES
from experiments.lab.config.errors import InputError
from experiments.lab.runs.folder import MANIFEST, read_json, write_json
from experiments.lab.study.cases import answer_of
from experiments.lab.study.experiment import Experiment, all_experiments, expected
from experiments.lab.study.golden_runs import Manifests, manifests, whole_runs

PACKAGE = Path(experiments.__path__[0])
DATA = PACKAGE / "data"
EXPECTED = PACKAGE / "expected"
GOLDEN = PACKAGE.parent / "tests" / "golden"


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
