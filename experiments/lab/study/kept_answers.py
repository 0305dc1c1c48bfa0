"""What is expected of an experiment of the user's own, and its golden runs, in a folder beside its file:

my_question.golden/expected.json            the cases, as those in `experiments/expected`
my_question.golden/runs/CASE/RUN/           manifests of the case's runs, and the files that their configs name
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chain.held_folder import HeldFolder
from experiments.lab.assembly.box import FILES
from experiments.lab.config.errors import InputError
from experiments.lab.played.expected_runs import EXPECTED
from experiments.lab.runs.folder import MANIFEST, make_folder, read_json, write_json
from experiments.lab.study.answer import Answer
from experiments.lab.study.cases import Answering, Case, answer_of, deviations, faults_written
from experiments.lab.study.golden_runs import digests, every_manifest
from experiments.lab.study.settings import Settings

TOLERANCE = {"relative": 1e-9, "why": "the same draws on every machine; only the last digits of sums may differ"}
LONGEST_NAME = 60


class KeptAnswers:
    """Those of the experiment in `file`."""

    def __init__(self, file: Path) -> None:
        self.folder = file.with_suffix(".golden")

    def cases(self) -> list[Case]:
        """What is expected; nothing where nothing was kept. Raises `InputError` where it cannot be read."""
        file = self.folder / EXPECTED
        if not file.is_file():
            return []
        cases = read_json(file)
        if not (isinstance(cases, list) and all(is_case(case) for case in cases)):
            raise InputError(f"{file}: holds no cases of an experiment; remove it, and keep the answer anew")
        if faults := [f"{file}: {case['name']}: {fault}" for case in cases for fault in faults_written(case)]:
            raise InputError(*faults)
        return cases

    def keep(self, settings: Settings, options: Mapping[str, Any], answer: Answer, out: Path) -> list[Path]:
        """Expect this answer of these settings from now on, within the tolerance that stands there. Returns what
        was written."""
        cases = self.cases()
        case = self._find(cases, settings, options)
        if case is None:
            case = new_case(settings, options, {case["name"] for case in cases})
            cases.append(case)
        case["values"] = answer.values
        runs = self._runs(case)
        shutil.rmtree(runs, ignore_errors=True)
        keep_runs(out / "runs", runs)
        case["runs"] = list(every_manifest(runs))  # by which a replay knows of one that is gone
        make_folder(self.folder)
        write_json(self.folder / EXPECTED, cases)
        return [self.folder / EXPECTED, *([runs] if runs.is_dir() else [])]

    def about(self, settings: Settings, options: Mapping[str, Any]) -> Case | None:
        """The case of these settings and options; None, where there is none."""
        return self._find(self.cases(), settings, options)

    def differences(self, case: Case, answer: Answer, out: Path) -> list[str]:
        """A line for each value that is not what is expected, and one for runs that came to something else."""
        return [*deviations(case, answer.values), *self._other_runs(case, out)]

    def answered_anew(self, experiment: Answering) -> Iterator[str]:
        """Each case once more; a line for each difference."""
        for case in self.cases():
            with HeldFolder() as place:
                answer = answer_of(experiment, case, place)
                for line in self.differences(case, answer, place):
                    yield f"{case['name']}: {line}"

    def _other_runs(self, case: Case, out: Path) -> list[str]:
        golden = digests(every_manifest(self._runs(case)))
        found = digests(every_manifest(out / "runs"))
        others = [name for name in {**golden, **found} if golden.get(name) != found.get(name)]
        if not others:
            return []
        first = how_it_differs(golden.get(others[0]), found.get(others[0]))
        return [f"{len(others)} of {len({**golden, **found})} runs, the first {others[0]}: {first}"]

    def _runs(self, case: Case) -> Path:
        name: str = case["name"]
        return self.folder / "runs" / name

    def _find(self, cases: list[Case], settings: Settings, options: Mapping[str, Any]) -> Case | None:
        wanted = {"settings": said(settings), "options": plain(options)}
        return next((case for case in cases if wanted == {key: case.get(key, {}) for key in wanted}), None)


def how_it_differs(golden: Mapping[str, str] | None, found: Mapping[str, str] | None) -> str:
    """What is another in a run, by the digests of its tables; None where there is no such run."""
    if golden is None:
        return "it is not expected"
    if found is None:
        return "it is there no more"
    names = (name for name in {**golden, **found} if golden.get(name) != found.get(name))
    return f"another digest of {', '.join(names)}"


def is_case(case: object) -> bool:
    """Whether it has what a case has."""
    kinds = {"name": str, "settings": dict, "tolerance": dict, "values": dict}
    return isinstance(case, dict) and all(isinstance(case.get(key), kind) for key, kind in kinds.items())


def said(settings: Settings) -> dict[str, Any]:
    """What of the settings decides an answer, as far as it is not left to the experiment."""
    given = {
        "blocks": settings.blocks,
        "seed": settings.seed,
        "overrides": list(settings.overrides) or None,
        "signatures": None if settings.signatures == "off" else settings.signatures,
        "strict": settings.strict or None,
    }
    return {key: value for key, value in given.items() if value is not None}


def plain(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as JSON has them."""
    found: dict[str, Any] = json.loads(json.dumps(dict(options), default=str))
    return found


def new_case(settings: Settings, options: Mapping[str, Any], taken: set[str]) -> Case:
    """A case of which nothing is expected yet, called by what is set."""
    given = said(settings) | plain(options)
    words = ",".join(f"{key}={value}" for key, value in given.items())
    name = re.sub(r"[^\w.,=-]+", "_", words)[:LONGEST_NAME].strip(".") or "default"
    names = (name, *(f"{name}_{number}" for number in range(2, len(taken) + 3)))
    return {
        "name": next(one for one in names if one not in taken),
        "settings": said(settings),
        "options": plain(options),
        "tolerance": TOLERANCE,
        "values": {},
    }


def keep_runs(runs: Path, kept: Path) -> None:
    """Of all runs and sweeps their manifests, and the files that their configs name."""
    for manifest in sorted(runs.rglob(MANIFEST)):
        place = kept / manifest.parent.relative_to(runs)
        place.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(manifest, place / MANIFEST)
        if (manifest.parent / FILES).is_dir():
            shutil.copytree(manifest.parent / FILES, place / FILES, symlinks=True)
