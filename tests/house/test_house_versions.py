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


def rows(of: str) -> list[str]:
    """The names in the first column of a table of docs/install.md, whose heads begin with `of`."""
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    (table,) = re.findall(rf"^\| {of} \|.*\n\|[-|]+\n((?:\|.*\n)+)", page, re.MULTILINE)
    return sorted(re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE))


def test_the_page_on_installing_has_a_row_for_all_that_is_asked_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert rows("package") == sorted(re.split(r"[\[<>=]", wanted)[0] for wanted in project["dependencies"])
    assert rows("extra") == sorted(project["optional-dependencies"])


def test_the_test_extra_brings_nothing_that_learns_and_no_cluster_or_notebook():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    (own,) = [wanted for wanted in extras["test"] if wanted.startswith("et-testbed[")]
    assert own == "et-testbed[duckdb,evm,figures,games]"


def test_ci_installs_these_versions():
    script = (ROOT / ".ci" / "run").read_text()
    assert script.index('export PIP_CONSTRAINT="$PWD/constraints.txt"') < script.index("\nmake test\n")


def test_the_project_the_citation_and_the_changelog_name_one_version():
    """What the CHANGELOG calls unreleased is a version under development."""
    version, unreleased = re.findall(r"^## (\S+)( \(unreleased\))?$", (ROOT / "CHANGELOG.md").read_text(), re.M)[0]
    version += ".dev0" if unreleased else ""
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == version
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text()
