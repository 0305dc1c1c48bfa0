"""Writes what the tests hold experiments to: `experiments/expected/NAME.json`, and the golden run of each.

`python -m experiments.lab.study.golden [NAME …]` does it again for some, or for all, from the settings in those
files; look at the difference before you commit it. A golden run is a run's folder without its tables: manifest and
files, which are enough to replay it.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import experiments
from experiments.lab.runs.folder import MANIFEST, SWEEP, read_manifest, write_json
from experiments.lab.study.answer import Answer
from experiments.lab.study.experiment import Experiment, all_experiments, expected
from experiments.lab.study.settings import Settings

EXPECTED = Path(experiments.__path__[0]) / "expected"
GOLDEN = Path(experiments.__path__[0]).parent / "tests" / "golden"


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
                keep(Path(place) / "runs", GOLDEN / experiment.name)
    write_json(EXPECTED / f"{experiment.name}.json", cases)


def keep(runs: Path, golden: Path) -> None:
    """Copy manifests and files of runs, and nothing else of them. Of sweeps nothing: their answer is enough."""
    shutil.rmtree(golden, ignore_errors=True)
    swept = {place for place in runs.glob("*") if read_manifest(place).get("kind") == SWEEP}
    for manifest in sorted(runs.rglob(MANIFEST)):
        if not swept.isdisjoint(manifest.parents):
            continue
        place = golden / manifest.parent.relative_to(runs)
        place.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(manifest, place / MANIFEST)
        if (manifest.parent / "files").is_dir():
            shutil.copytree(manifest.parent / "files", place / "files")


if __name__ == "__main__":
    for one in all_experiments():
        if one.name in sys.argv[1:] or not sys.argv[1:]:
            refresh(one)
