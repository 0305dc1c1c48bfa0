"""What several test files share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings

from experiments.lab.cli.app import main
from tests.chromium import chromium
from tests.command_line import InProcess, OwnProcess
from tests.heeded_signals import heeded

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")  # the machine may be slow, or busy with something else


@pytest.fixture(scope="session", autouse=True)
def state_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The key of checkpoints is none of the user's."""
    with patch.dict(os.environ, {"ET_TESTBED_STATE": str(tmp_path_factory.mktemp("state"))}):
        yield


@pytest.fixture(scope="session", autouse=True)
def processes_that_are_compiled_once() -> Iterator[None]:
    """Hundreds of them are started, each of which would compile the testbed anew."""
    with patch.dict(os.environ):
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        yield


@pytest.fixture(scope="session", autouse=True)
def signals_that_processes_heed() -> Iterator[None]:
    """However the tests were begun."""
    with heeded():
        yield


@pytest.fixture(scope="session")
def et_testbed() -> InProcess:
    """The command line, in this process."""
    return InProcess(main)


@pytest.fixture(scope="session")
def et_testbed_process() -> OwnProcess:
    """The command line in a process of its own: for how it starts, ends and is stopped, and for its hash seed."""
    return OwnProcess("experiments.lab.cli")


@pytest.fixture(scope="session")
def population() -> list[dict[str, Any]]:
    """A few agents of each role, for small runs."""
    return [
        {"strategy": "at_once", "role": "seller", "parameters": {"capacity": 5}},
        {"strategy": "undercut", "role": "seller", "parameters": {"capacity": 5}},
        {"strategy": "at_maturity", "role": "seller", "parameters": {"capacity": 5}},
        {"strategy": "truthful", "role": ["buyer", "builder"], "count": 3},
        {"strategy": "speculator", "role": ["seller", "buyer"], "can_build": False},
    ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One for all tests of a file."""
    with chromium() as browser:
        yield browser
