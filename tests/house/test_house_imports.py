"""The house: no two modules import each other, however long the way, imports inside functions among them."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

PACKAGES = ("chain", "market", "strategies", "experiments")


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """What each module imports; imports for the type checker alone do not count."""
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def test_there_is_no_circle(imports):
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_a_circle_would_be_seen(imports):
    with pytest.raises(CycleError):
        TopologicalSorter(imports | {"chain.account": {"experiments.lab.cli.run"}}).prepare()
