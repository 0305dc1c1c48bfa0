"""The version of the project, and of all that it asks for: with these the golden digests were made."""

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


def test_the_project_the_citation_and_the_changelog_name_one_version():
    """What the CHANGELOG calls unreleased is a version under development."""
    version, unreleased = re.findall(r"^## (\S+)( \(unreleased\))?$", (ROOT / "CHANGELOG.md").read_text(), re.M)[0]
    version += ".dev0" if unreleased else ""
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == version
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text()
