"""The versions with which the golden digests were made: a pin for all that the project asks for."""

from __future__ import annotations

import re
import tomllib

from tests.places import ROOT

NOT_ON_EVERY_MACHINE = {"ray"}


def asked_for() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    names = {re.split(r"[\[<>=]", wanted)[0] for group in (project["dependencies"], *extras) for wanted in group}
    return names - {project["name"]} - NOT_ON_EVERY_MACHINE


def test_all_that_the_project_asks_for_has_a_version():
    pins = re.findall(r"^([\w.-]+)==\S+$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    assert {name.lower() for name in asked_for()} - {name.lower() for name in pins} == set()


def test_ci_installs_these_versions():
    script = (ROOT / ".ci" / "run").read_text()
    assert script.index('export PIP_CONSTRAINT="$PWD/constraints.txt"') < script.index("\nmake test\n")
