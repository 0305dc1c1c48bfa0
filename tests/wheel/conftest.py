"""The wheel, built once; and for each Python an environment with it, which is taken away again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.wheel.away import Away, installed
from tests.wheel.built import Built, build_all
from tests.wheel.interpreters import VERSIONS, interpreter


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build_all(tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="session", params=VERSIONS)
def away(request: pytest.FixtureRequest, built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Away]:
    """The wheel and what it asks for, without any extra, on one Python after the other."""
    python = interpreter(request.param)
    if python is None:
        pytest.skip(f"there is no Python {request.param} here: the wheel is not tried on it")
    place = tmp_path_factory.mktemp("away")
    yield installed(request.param, python, built.wheel, place)
    shutil.rmtree(place)


@pytest.fixture(scope="session")
def run_folder(away: Away) -> str:
    """A run of a few blocks under three market structures."""
    away.says("et-testbed", "run", "--blocks", "30", "--out", "run")
    return "run"


@pytest.fixture(scope="session")
def equipped(away: Away, built: Built) -> Away:
    """With what draws figures, and pytest, for what `init` writes."""
    away.says("pip", "install", "--quiet", f"{built.wheel}[figures]", "pytest")
    return away
